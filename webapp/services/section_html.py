"""Section text as HTML, made once when a version is saved. The one audited module that builds markup.

Every word of a person goes through `escape`; tags, ids and offsets are ours. The text content of the result
is the section's text, code point for code point, so that offsets mean the same in both: a sentence is
`<span class="sentence" id="t<start>" data-end="<end>">` and holds nothing but escaped text, which is what
`mark_evidence` stands on.

Every block is a paragraph as readers count them, and its number is its id: `p3` is the third of prose,
lists, quotations, code, fragments and questions with their answers together. The number is a link that is
put in when the page is made, since its name is in the reader's language; it holds no text (the style sheet
draws it from `data-number`), so that it neither moves an offset nor is copied with the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import nh3
from markupsafe import Markup, escape

from questions.reading.article import Block, Section, Span
from questions.reading.faq import faq_parts
from questions.reading.passage import sentences

Html = Markup
"""Text that a template shows as it is. Only this module makes it."""
EvidenceMark = tuple[int, int, str]
"""Start, end (code points of the section's text) and the label: the number of the question it proves."""

TAGS = {"p", "ul", "li", "blockquote", "pre", "code", "div", "h3", "span"}
ATTRIBUTES = {"*": {"id", "class", "dir", "data-end"}}
"""All that a stored text may hold."""

_SENTENCE = re.compile(r'<span class="sentence" id="t(\d+)" data-end="(\d+)">([^<]*)</span>')
_PARAGRAPH = re.compile(r'<\w+ id="p(\d+)"[^>]*>(?:[^<]*<(?:li|p) dir="auto">)?')
"""The beginning of a block, and of its first line where it has lines: a list holds nothing but lines."""
KEPT_TEXTS = 256
"""A class reads the same few sections: some megabytes a process at most."""

_TAG = re.compile(r"<(/?\w+)")
_LIST_MARKER = re.compile(r"\s*(?:[-*+•‣◦–]|\d{1,3}[.)])\s")  # noqa: RUF001 (bullets are what we look for)


def render(section: Section) -> str:
    """The HTML of a section's text, without its heading."""
    parts: list[str] = []
    at = 0
    for number, block in enumerate(section.blocks, start=1):
        parts.append(_escape(section.text[at : block.span.start]))
        parts += _block(section.text, block, number)
        at = block.span.end
    parts.append(_escape(section.text[at:]))
    return _sanitized("".join(parts))


def _sanitized(html: str) -> str:
    """The same, unless something in it is not ours: then what nh3 leaves of it.

    Nothing of an author's markup gets this far, so it should never find anything; it is asked all the same.
    """
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES)
    return html if _TAG.findall(clean) == _TAG.findall(html) else clean


def mark_evidence(
    html: str,
    marks: Sequence[EvidenceMark],
    paragraph: str = "Paragraph %s",
    caption: str = "Evidence for question %s",
    back: str = "",
) -> Html:
    """HTML that `render` made, for a template to show: paragraphs numbered, and evidence marked.

    Every sentence that overlaps evidence is marked; `#evidence-<label>` is the first of that label. The
    words are translated, each with one `%s` for a number: `paragraph` names the link that is a paragraph's
    number, `caption` is for those who cannot see the mark, and `back`, where it is not empty, makes a link
    behind it to the question `#q<label>`, for readers without JavaScript.
    """
    return _marked_up(html, tuple(marks), paragraph, caption, back)


@lru_cache(KEPT_TEXTS)
def _marked_up(html: str, marks: tuple[EvidenceMark, ...], paragraph: str, caption: str, back: str) -> Html:
    name = _escape(paragraph)

    def number(found: re.Match[str]) -> str:
        at = found[1]
        label = name.replace("%s", at)
        return f'{found[0]}<a class="para" href="#p{at}" data-number="{at}" aria-label="{label}"></a>'

    numbered = _PARAGRAPH.sub(number, html)
    return Markup(_marked(numbered, marks, caption, back) if marks else numbered)  # noqa: S704 (render escaped it)


def _marked(html: str, marks: Sequence[EvidenceMark], caption: str, back: str) -> str:
    seen: set[str] = set()

    def mark(found: re.Match[str]) -> str:
        start, end, words = int(found[1]), int(found[2]), found[3]
        labels = list(dict.fromkeys(label for first, last, label in marks if first < end and start < last))
        if not labels:
            return found[0]
        new = [label for label in labels if label not in seen]
        seen.update(new)
        anchors = "".join(f'<span id="evidence-{_escape(label)}"></span>' for label in new)
        spoken = _escape(caption.replace("%s", ", ".join(labels)))
        return (
            f'{anchors}<span class="sentence" id="t{start}" data-end="{end}">'
            f'<mark class="evidence"><span class="visually-hidden">{spoken}: </span>{words}</mark></span>'
            + "".join(_way_back(label, back) for label in new if back)
        )

    return _SENTENCE.sub(mark, html)


def _way_back(label: str, back: str) -> str:
    words = _escape(back.replace("%s", label))
    return f' <a class="way-back" data-without-js href="#q{_escape(label)}">{words}</a>'


def _escape(text: str) -> str:
    return str(escape(text))


def _block(text: str, block: Block, number: int) -> Iterator[str]:
    name = f'id="p{number}" dir="auto"'
    span = block.span
    match block.kind:
        case "list":
            kind = ' class="marked"' if _LIST_MARKER.match(text, span.start) else ""
            yield f"<ul {name}{kind}>"
            yield from _lines(text, span, "li")
            yield "</ul>"
        case "quote":
            yield f"<blockquote {name}>"
            yield from _lines(text, span, "p")
            yield "</blockquote>"
        case "code":
            yield f"<pre {name}><code>"
            yield from _lines(text, span, "")
            yield "</code></pre>"
        case "faq":
            yield from _question_and_answer(text, span, name)
        case "fragment":
            yield f'<p {name} class="fragment">'
            yield from _lines(text, span, "")
            yield "</p>"
        case "prose":
            yield f"<p {name}>"
            yield from _sentences(text, span)
            yield "</p>"


def _question_and_answer(text: str, span: Span, name: str) -> Iterator[str]:
    question = Span(span.start, span.start + faq_parts(span.of(text))[0].end)
    yield f'<div {name} class="faq"><h3 dir="auto">'
    yield from _sentences(text, question)
    yield "</h3>"
    yield from _lines(text, Span(question.end, span.end), "p")
    yield "</div>"


def _lines(text: str, span: Span, tag: str) -> Iterator[str]:
    """Each line that has words, in a tag of its own; what stands between lines stays between the tags."""
    at = span.start
    for found in re.finditer(r"[^\n]*\S[^\n]*", span.of(text)):
        line = Span(span.start + found.start(), span.start + found.end())
        yield _escape(text[at : line.start])
        if tag:
            yield f'<{tag} dir="auto">'
        yield from _sentences(text, line)
        if tag:
            yield f"</{tag}>"
        at = line.end
    yield _escape(text[at : span.end])


def _sentences(text: str, span: Span) -> Iterator[str]:
    at = span.start
    for sentence in sentences(text, span.start, span.end):
        yield _escape(text[at : sentence.start])
        words = _escape(sentence.of(text))
        yield f'<span class="sentence" id="t{sentence.start}" data-end="{sentence.end}">{words}</span>'
        at = sentence.end
    yield _escape(text[at : span.end])
