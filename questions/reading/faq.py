"""Questions with their answers: found in four writings, and taken apart again.

"Why?Because", a question as a heading above its answer, "Q: ... A: ...", and a question and its answer in a
section that calls itself a FAQ. A faq block's text is the question, then the answer on the next lines, unless
the source ran the two together: then it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from questions.reading.article import Span
from questions.reading.marks import CLOSERS, OPENERS, QUESTION_MARKS
from questions.reading.pieces import Piece, ends_question, join_origins, paragraph_kind, tidy

ANSWER_WORDS = 120
QUESTION_LENGTH = 300
_NAMES = re.compile(
    r"\bFAQs?\b|\bQ ?(?:&|and) ?A\b|(?i:frequently asked|questions? (?:and|&) answers?"
    r"|foire aux questions|questions? (?:fréquentes|et réponses)|häufige? (?:gestellte )?fragen"
    r"|fragen und antworten|preguntas frecuentes)"
)
_QUESTION_LABEL = re.compile(r"(?:Q|Question|Frage|F|P|Pregunta)\s*\d*\s*[:.)]\s*(?=\S)")
_ANSWER_LABEL = re.compile(r"(?:A|Answer|R|Réponse|Antwort|Respuesta)\s*\d*\s*[:.)]\s*(?=\S)")
_ANSWER_INSIDE = re.compile(r"\s(?:A|Answer|R|Réponse|Antwort|Respuesta)\s*\d*\s*:\s*(?=\S)")
_ASKED = re.compile(f"[{QUESTION_MARKS}][{re.escape(CLOSERS)}]*")


def is_faq_name(heading: str) -> bool:
    """Whether a heading says that questions and answers follow."""
    return bool(_NAMES.search(heading))


def is_labelled_question(text: str) -> bool:
    """Whether a text begins with a label such as "Q:"."""
    return bool(_QUESTION_LABEL.match(text))


def faq_parts(text: str) -> tuple[Span, Span]:
    """Where question and answer stand in a faq block's text; the answer is empty where there is none."""
    label = _QUESTION_LABEL.match(text)
    start = label.end() if label else 0
    first_line = text.find("\n", start)
    inside = _ANSWER_INSIDE.search(text, start)
    asked = _ASKED.search(text, start, first_line if first_line >= 0 else len(text))
    if first_line >= 0:
        end = first_line
    elif label and inside:
        end = inside.start()
    else:
        end = asked.end() if asked else len(text)
    answer = end + len(text[end:]) - len(text[end:].lstrip())
    if answer_label := _ANSWER_LABEL.match(text, answer):
        answer = answer_label.end()
    return Span(start, start + len(text[start:end].rstrip())), Span(min(answer, len(text)), len(text))


def is_run_together(text: str) -> bool:
    """Whether a question mark is followed at once by a capital, a figure or a letter without case."""
    at = next((index for index, char in enumerate(text) if char in "?\u061f"), -1)
    if not 0 < at < min(QUESTION_LENGTH, len(text) - 1):
        return False
    question, after = text[:at], text[at + 1 :].lstrip(OPENERS)
    begins = bool(after) and not after[0].islower() and after[0].isalnum()
    return begins and len(question.split()) > 1 and not question[0].islower() and "://" not in question


def join_plain_pairs(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with "Why?Because" and "Q: ... A: ..." made faq pieces; these need no heading to be seen."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        labelled = piece.kind in {"prose", "fragment"} and _QUESTION_LABEL.match(piece.text)
        if labelled and after is not None and _ANSWER_LABEL.match(after.text):
            out.append(_pair(piece, [after]))
            at += 2
            continue
        inside = labelled and _ANSWER_INSIDE.search(piece.text)
        together = piece.kind in {"prose", "fragment"} and is_run_together(piece.text)
        out.append(replace(piece, kind="faq") if inside or together else piece)
        at += 1
    return out


def join_definitions(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with each term of a definition list (or fold-out) joined to what is said of it.

    A term that asks makes a faq piece; another one a paragraph "term: definition".
    """
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        term, end = pieces[at], at + 1
        if term.role == "term":
            while (
                end < len(pieces)
                and pieces[end].role == "detail"
                and pieces[end].kind in {"prose", "fragment"}
            ):
                end += 1
        details = pieces[at + 1 : end]
        if details and ends_question(term.text):
            out.append(_pair(term, details))
        elif len(details) == 1:
            text = f"{term.text.rstrip(' :')}: {details[0].text}"
            origin = join_origins([term, details[0]])
            out.append(replace(term, kind=paragraph_kind(text), text=text, origin=origin, role=""))
        else:
            out += [
                replace(piece, role="" if piece.role in {"term", "detail"} else piece.role)
                for piece in pieces[at:end]
            ]
        at = end
    return out


def pair_questions(pieces: Sequence[Piece], title: str) -> list[Piece]:
    """The pieces with question headings and their answers made faq pieces, where they are a FAQ.

    They are one under a heading (or title) that says so, where all subheadings of a heading ask, or where two
    or more in a row are answered in one short paragraph each. Other question headings head sections.
    """
    out: list[Piece] = []
    above: Piece | None = None
    at = 0
    while at < len(pieces):
        entries, end = _entries(pieces, at)
        if entries and _is_faq(entries, above, title, pieces[end:]):
            out += [paired for entry in entries for paired in _paired(entry)]
            at = end
            continue
        if pieces[at].kind == "heading":
            above = pieces[at]
        out.append(pieces[at])
        at += 1
    return pairs_by_name(out, title)


def _entries(pieces: Sequence[Piece], at: int) -> tuple[list[Sequence[Piece]], int]:
    """Question headings in a row from here, each with what stands below it."""
    entries: list[Sequence[Piece]] = []
    while at < len(pieces) and _asks(pieces[at]):
        end = at + 1
        while end < len(pieces) and pieces[end].kind != "heading":
            end += 1
        if end == at + 1:
            break
        entries.append(pieces[at:end])
        at = end
    return entries, at


def _asks(piece: Piece) -> bool:
    return piece.kind == "heading" and ends_question(piece.text)


def _is_faq(
    entries: Sequence[Sequence[Piece]], above: Piece | None, title: str, rest: Sequence[Piece]
) -> bool:
    if is_faq_name(above.text if above else title):
        return True
    level = entries[0][0].level
    siblings_end = not rest or rest[0].level < level
    if above is not None and 0 < above.level < level and siblings_end:
        return True
    short = all(
        len(entry[1:]) == 1
        and entry[1].kind in {"prose", "fragment"}
        and len(entry[1].text.split()) <= ANSWER_WORDS
        for entry in entries
    )
    return len(entries) > 1 and short


def _paired(entry: Sequence[Piece]) -> list[Piece]:
    """A question with the paragraphs that answer it; lists and other kinds follow as blocks of their own."""
    answers = [piece for piece in entry[1:] if piece.kind in {"prose", "fragment"}]
    if not answers or entry[1] is not answers[0]:
        return [replace(entry[0], kind="prose", level=0), *entry[1:]]
    end = next(
        (at for at, piece in enumerate(entry) if at and piece.kind not in {"prose", "fragment"}), len(entry)
    )
    return [_pair(entry[0], entry[1:end]), *entry[end:]]


def _pair(question: Piece, answers: Sequence[Piece]) -> Piece:
    text = "\n".join([question.text, *(answer.text for answer in answers)])
    return replace(
        question,
        kind="faq",
        text=text,
        level=0,
        origin=join_origins([question, *answers]),
        line=False,
        role="",
    )


def pairs_by_name(pieces: Sequence[Piece], title: str) -> list[Piece]:
    """In a section called FAQ: a question alone with the paragraph after it, or both in one paragraph."""
    out: list[Piece] = []
    named = is_faq_name(title)
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.kind == "heading":
            named = is_faq_name(piece.text) or (named and piece.level > 1)
        elif named and piece.kind in {"prose", "fragment"}:
            if ends_question(piece.text) and after is not None and after.kind in {"prose", "fragment"}:
                piece = _pair(piece, [after])
                at += 1
            elif _has_answer(piece.text):
                piece = replace(piece, kind="faq")
        out.append(piece)
        at += 1
    return out


def _has_answer(text: str) -> bool:
    question, answer = faq_parts(text)
    asked = (
        ends_question(question.of(text))
        and question.end <= QUESTION_LENGTH
        and len(question.of(text).split()) > 1
    )
    return asked and bool(tidy(answer.of(text)))
