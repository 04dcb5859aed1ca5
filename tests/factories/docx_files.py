"""Small .docx files, made part by part, so that a test can break any one of them."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLE_NAMES = {
    "Title": "Title",
    "Subtitle": "Subtitle",
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "Quote": "Quote",
}


def styles_part():
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/></w:style>'
        for style_id, name in STYLE_NAMES.items()
    )
    return f'<?xml version="1.0"?><w:styles xmlns:w="{WORD}">{styles}</w:styles>'


def paragraph(text, style="", bold=False):
    setting = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    run = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p>{setting}<w:r>{run}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def document_part(*paragraphs):
    return f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{"".join(paragraphs)}</w:body></w:document>'


def docx_parts(*paragraphs):
    """The parts of a sound document by their names."""
    relations = RELATIONS.replace("rId1", "rId9").replace(
        'officeDocument" Target="word/document.xml', 'styles" Target="styles.xml'
    )
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": document_part(*paragraphs),
        "word/_rels/document.xml.rels": relations,
        "word/styles.xml": styles_part(),
    }


def packed(parts):
    """A .docx file of these parts (a mapping, or pairs where a name may come twice)."""
    pairs = parts.items() if hasattr(parts, "items") else parts
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(*paragraphs):
    return packed(docx_parts(*paragraphs))
