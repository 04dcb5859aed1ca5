"""A text that was uploaded or pasted, while a person looks at its cut: until it is a module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questions.reading.article import Article, BlockKind, Section
from questions.reading.documents import WORD_LIMIT, DocumentError, read_document, read_text
from webapp.models.module import ImportDraft
from webapp.repositories import import_drafts as rows
from webapp.services import clock, draft_cut, modules
from webapp.services.errors import NotFound, Refused
from webapp.services.languages import UNKNOWN, guess_language
from webapp.services.section_text import editable_text, known_kinds, read_section

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

MAX_FILENAME_LENGTH = 255
GENERATED_FROM = "en"
"""The language of the texts that questions can be generated from."""
NO_QUESTIONS = "Questions are generated from English sentences only; you can write your own."


@dataclass(frozen=True, slots=True)
class Cut:
    """The cut of a text as a person has it before them."""

    title: str
    standfirst: str
    sections: Sequence[Mapping[str, Any]]


def read_upload(data: bytes, filename: str) -> Article:
    """The article in an uploaded file. Raises Refused at "file", with the line that is wrong."""
    try:
        return read_document(data, filename)
    except DocumentError as error:
        raise Refused("file", _with_line(error)) from None


def read_pasted(text: str) -> Article:
    """The article in a pasted text. Raises Refused at "text", with the line that is wrong."""
    try:
        return read_text(text.replace("\r\n", "\n"))
    except DocumentError as error:
        raise Refused("text", _with_line(error)) from None


def start_draft(session: Session, article: Article, *, filename: str, by: int) -> ImportDraft:
    """Keep what was read, for its author to look at."""
    now = clock.now()
    kinds = known_kinds(article.sections)
    sections = [draft_cut.section(section.heading, editable_text(section)) for section in article.sections]
    draft = ImportDraft(
        account_id=by,
        filename=filename[-MAX_FILENAME_LENGTH:],
        title=article.title[: modules.MAX_TITLE_LENGTH],
        standfirst=article.standfirst,
        sections=_with_kinds(sections, kinds),
        notes=[*article.notes, *_what_questions_need(article)],
        created_at=now,
        updated_at=now,
    )
    return rows.add_draft(session, draft)


def get_draft(session: Session, draft_id: int, by: int) -> ImportDraft:
    """A draft of this person. Raises NotFound, also for somebody else's."""
    draft = rows.get_draft(session, by, draft_id)
    if draft is None:
        raise NotFound
    return draft


def list_drafts(session: Session, by: int) -> Sequence[ImportDraft]:
    """What this person has not finished, the latest first."""
    return rows.list_drafts(session, by)


def keep_cut(session: Session, draft: ImportDraft, cut: Cut) -> None:
    """Keep the cut as it stands in the browser."""
    draft.title = cut.title.strip()[: modules.MAX_TITLE_LENGTH]
    draft.standfirst = cut.standfirst.strip()
    draft.sections = _with_kinds(cut.sections, _kinds(draft))
    draft.updated_at = clock.now()
    session.flush()


def change_cut(session: Session, draft: ImportDraft, action: str, place: int, detail: int = 0) -> None:
    """Do one step ("join", "split", "up", "down", "remove", "restore", "add") and keep what comes of it."""
    kinds = _kinds(draft)
    draft.sections = _with_kinds(draft_cut.change(draft.sections, action, place, detail), kinds)
    draft.updated_at = clock.now()
    session.flush()


def save_draft(session: Session, draft: ImportDraft, *, course_id: int, by: int) -> Module:
    """Make a module of the draft. Raises Refused where there is nothing to read, or too much."""
    article = _article(draft)
    if not draft.title.strip():
        raise Refused("title", "Give the module a title.")
    module = modules.create_module(
        session, article, course_id=course_id, by=by, language=guess_language(_all_text(article))
    )
    rows.delete_draft(session, draft)
    return module


def discard_draft(session: Session, draft: ImportDraft) -> None:
    """Throw the draft away."""
    rows.delete_draft(session, draft)


def _article(draft: ImportDraft) -> Article:
    kinds = _kinds(draft)
    sections: list[Section] = []
    for place, raw in enumerate(draft.sections):
        if raw["removed"]:
            continue
        section = _read(place, raw, kinds)
        if section.text:
            sections.append(section)
        elif section.heading:
            raise Refused(
                f"sections-{place}-text",
                f"The heading “{section.heading}” has no text under it. Write some, or remove the section.",
            )
    article = Article(draft.title, draft.standfirst, tuple(sections))
    if not sections:
        raise Refused("sections", "A module needs at least one section with text.")
    if article.word_count > WORD_LIMIT:
        over = article.word_count - WORD_LIMIT
        raise Refused(
            "sections",
            f"The text has {article.word_count:,} words, {over:,} more than the limit of {WORD_LIMIT:,}. "
            "Remove sections, or split it into several modules.",
        )
    return article


def _read(place: int, raw: Mapping[str, Any], kinds: Mapping[str, BlockKind]) -> Section:
    try:
        return read_section(f"s{place + 1}", raw["heading"], raw["text"], kinds)
    except Refused as refusal:
        raise Refused(f"sections-{place}-{refusal.field}", refusal.message) from None


def _kinds(draft: ImportDraft) -> dict[str, BlockKind]:
    """What the reader of the file knew about paragraphs, whatever section they stand in by now."""
    kinds: dict[str, BlockKind] = {}
    for section in draft.sections:
        kinds |= section.get("kinds", {})
    return kinds


def _with_kinds(
    sections: Sequence[Mapping[str, Any]], kinds: Mapping[str, BlockKind]
) -> list[dict[str, Any]]:
    """The sections as they are kept; the kinds of all paragraphs travel with the first one."""
    kept = [
        draft_cut.section(one["heading"], one["text"], removed=bool(one["removed"])) for one in sections
    ] or [draft_cut.section("", "")]
    kept[0]["kinds"] = dict(kinds)
    return kept


def _with_line(error: DocumentError) -> str:
    message = str(error)
    return message if error.line is None or "line" in message else f"{message} (Line {error.line}.)"


def _what_questions_need(article: Article) -> list[str]:
    """What keeps the generator from making questions, said before somebody waits for them."""
    kinds = {block.kind for section in article.sections for block in section.blocks}
    if guess_language(_all_text(article)) not in {GENERATED_FROM, UNKNOWN}:
        return [f"This does not look like English. {NO_QUESTIONS}"]
    return [] if kinds & {"prose", "faq"} else [f"There are no whole sentences in this text. {NO_QUESTIONS}"]


def _all_text(article: Article) -> str:
    return "\n".join(section.text for section in article.sections)
