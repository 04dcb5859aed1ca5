"""Word documents: through mammoth to HTML, and on as a web page."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from questions.reading.archive import check_docx
from questions.reading.html_text import html_pieces
from questions.reading.pieces import Piece
from questions.reading.refusal import DocumentError

_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='title'] => h1.title:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='subtitle'] => p.standfirst:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""


def docx_pieces(data: bytes) -> list[Piece]:
    """The pieces of a Word document. They have no origin: such a file has no text to count characters in."""
    check_docx(data)
    import mammoth

    try:
        page = mammoth.convert_to_html(
            BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _image: {}),
            external_file_access=False,
        )
    except Exception as error:  # noqa: BLE001 -- mammoth raises whatever a part it did not expect makes it meet
        raise DocumentError(
            f"This .docx could not be read ({type(error).__name__}). Save it again in your word processor, "
            "as .docx, and give that file."
        ) from None
    pieces, _ = html_pieces(page.value)
    return [replace(piece, origin=None) for piece in pieces]
