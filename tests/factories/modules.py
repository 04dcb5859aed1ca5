"""Modules, sections and items, written straight into the tables. Everything is committed at once."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item, Option
from questions.items.content import item_to_json
from questions.reading import article
from tests.canaries import plant
from tests.factories.people import open_course
from webapp.models.course import Course
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion
from webapp.models.module import Module, Section, SectionVersion
from webapp.services import clock

_numbers = itertools.count(1)

SECTIONS: tuple[tuple[str, str], ...] = (
    (
        "",
        (
            "The harbour of Veltmar opened in 1911. Its first master was Anna Krol, who had built two lighthouses."
            "\n\nShips from nine countries called in the first year."
        ),
    ),
    (
        "The storm",
        (
            "In March 1934 a storm broke the northern wall. Repairs took four years and cost 300,000 crowns."
            "\n\nThe town paid for them with a tax on salt."
        ),
    ),
)
"""A small article of our own: two sections, the first without a heading."""


def make_module(
    session: Session,
    course: Course | None = None,
    sections: Sequence[tuple[str, str]] = SECTIONS,
    *,
    state: str = "published",
    title: str = "",
    **values: Any,
) -> Module:
    """A module with these (heading, text) sections; paragraphs stand between blank lines."""
    number, now = next(_numbers), clock.now()
    module = Module(
        course_id=(course or open_course(session)).id,
        slug=values.pop("slug", f"module-{number}"),
        title=title or f"Module {number}",
        state=state,
        published_at=now if state == "published" else None,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(module)
    session.flush()
    for heading, text in sections:
        add_section(session, module, heading, text)
    session.commit()
    return module


def add_section(session: Session, module: Module, heading: str, text: str) -> Section:
    """One more section at the end of the module."""
    position = session.query(Section).filter_by(module_id=module.id).count() + 1
    section = Section(module_id=module.id, position=position)
    session.add(section)
    session.flush()
    read = article.Section(id=str(section.id), heading=heading, text=text, blocks=_blocks(text))
    version = SectionVersion(
        section_id=section.id,
        number=1,
        heading=heading,
        text=text,
        blocks=article.section_to_json(read)["blocks"],
        html=_html(text),
        word_count=read.word_count,
        content_hash=read.content_hash,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    section.current_version_id = version.id
    session.commit()
    return section


def _blocks(text: str) -> tuple[article.Block, ...]:
    blocks, start = [], 0
    for paragraph in text.split("\n\n"):
        blocks.append(article.Block("prose", article.Span(start, start + len(paragraph))))
        start += len(paragraph) + 2
    return tuple(blocks)


def _html(text: str) -> str:
    """One sentence a span, as the application's own section_html makes it of such simple texts."""
    lines, start = [], 0
    for number, paragraph in enumerate(text.split("\n\n"), 1):
        spans, at = [], start
        for piece in paragraph.split(". "):
            sentence = piece if piece.endswith(".") else piece + "."
            spans.append(
                f'<span class="sentence" id="t{at}" data-end="{at + len(sentence)}">{html.escape(sentence)}</span>'
            )
            at += len(sentence) + 1
        lines.append(f'<p id="p{number}">{" ".join(spans)}</p>')
        start += len(paragraph) + 2
    return "\n".join(lines)


def choice_item(text: str, *, section: str = "", stem: str = "Which of these does the text say?") -> Item:
    """A sound multiple-choice item whose evidence is the first sentence of `text`."""
    quote = text.split(". ", maxsplit=1)[0].rstrip(".") + "."
    return Item(
        type="multiple_choice",
        stem=stem,
        options=(
            Option(quote, "key", f"The text says exactly this. {plant('graded')}"),
            Option(
                "Nobody ever came to the place.",
                "unsupported",
                f"The text says nothing of the kind. {plant('graded')}",
            ),
            Option(
                "The place was given up within a year.",
                "misreading",
                f"Read the first sentence again. {plant('graded')}",
            ),
        ),
        key=(0,),
        explanation=f"The first sentence says it. {plant('graded')}",
        evidence=(Evidence(section, 0, len(quote), quote),),
    )


def gap_item(text: str, word: str, *, section: str = "") -> Item:
    """A gap item that takes `word` out of the first sentence of `text`."""
    quote = text.split(". ", maxsplit=1)[0].rstrip(".") + "."
    return Item(
        type="gap_text",
        stem=quote.replace(word, "_____", 1),
        options=(),
        key=(word,),
        explanation=f"The first sentence says it. {plant('graded')}",
        evidence=(Evidence(section, 0, len(quote), quote),),
    )


def make_item(
    session: Session,
    section: Section,
    item: Item | None = None,
    *,
    state: str = "accepted",
    origin: str = "written",
    **values: Any,
) -> ItemRow:
    """An item of this section's current text; by default a multiple-choice one."""
    version = session.get_one(SectionVersion, section.current_version_id)
    content = item or choice_item(version.text, section=str(section.id))
    count = session.query(ItemRow).filter_by(section_id=section.id).count()
    row = ItemRow(
        module_id=section.module_id,
        section_id=section.id,
        position=count + 1,
        state=state,
        origin=origin,
        warnings=values.pop("warnings", []),
        created_at=clock.now(),
        **values,
    )
    session.add(row)
    session.flush()
    wording = ItemVersion(
        item_id=row.id,
        number=1,
        type=content.type,
        content=item_to_json(content),
        section_version_id=version.id,
        created_at=clock.now(),
    )
    session.add(wording)
    session.flush()
    row.current_version_id = wording.id
    session.commit()
    return row
