"""A section of four sentences with questions of which some are similar, and a check for practice that asks three."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item, Option
from tests.factories.attempts import make_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.rules import set_rules
from webapp.models.account import Account
from webapp.models.attempt import Attempt
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module, SectionVersion

SENTENCES = (
    "The bridge of Veltmar opened in 1911.",
    "Anna Krol built it of granite.",
    "A storm broke its northern pier in 1934.",
    "Pilot boats still pass under it.",
)
PRACTICE = {"mode": "practice", "behaviour": "immediate", "offers_similar": True, "is_counted": False}
Row = tuple[int, str, str, tuple[str, ...], str | None, str | None]
QUESTIONS: dict[str, Row] = {
    "builder": (1, "Who built the bridge?", "Anna Krol", ("Pilot boats", "A storm"), "who", "retrieve"),
    "opening": (0, "When did the bridge open?", "1911", ("1934", "1901"), "cloze_date", "infer"),
    "boats": (3, "What passes under it?", "Pilot boats", ("A storm", "Granite"), None, None),
    "stone": (1, "What is the bridge made of?", "Granite", ("Salt", "Boats"), "cloze_term", "infer"),
    "storm": (2, "When did a storm break a pier?", "1934", ("1911", "1901"), "cloze_date", "evaluate"),
}
"""Name -> sentence, stem, key, distractors, recipe, level. The first three are asked; "stone" is about the same
words as "builder", "storm" of the recipe of "opening", and nothing is like "boats"."""
ASKED = ("builder", "opening", "boats")


class Bridge(NamedTuple):
    """The module, and its questions by name."""

    module: Module
    items: dict[str, ItemRow]

    def start(self, session: Session, account: Account, *names: str, **values: Any) -> Attempt:
        """An open check of the section that asks these questions: by default the first three."""
        asked = [self.items[name] for name in names or ASKED]
        return make_attempt(session, account, self.module.sections[0], items=asked, **values)


def make_bridge(session: Session, *names: str, slug: str = "", **rules: Any) -> Bridge:
    """The module with these questions (all of them), for practice unless rules say otherwise."""
    given = {"slug": slug} if slug else {}
    module = make_module(session, sections=[("The bridge", " ".join(SENTENCES))], title="Bridges", **given)
    section = module.sections[0]
    set_rules(session, section, **(PRACTICE | rules))
    return Bridge(module, {name: add_question(session, module, name) for name in names or QUESTIONS})


def add_question(session: Session, module: Module, name: str) -> ItemRow:
    """One of the questions, accepted."""
    section = module.sections[0]
    place, stem, key, distractors, recipe, level = QUESTIONS[name]
    text = session.get_one(SectionVersion, section.current_version_id).text
    start, quote = text.index(SENTENCES[place]), SENTENCES[place]
    item = Item(
        type="multiple_choice",
        stem=stem,
        options=(Option(key, "key", ""), *(Option(word, "misreading", "") for word in distractors)),
        key=(0,),
        explanation=f"The text says: {quote}",
        evidence=(Evidence(str(section.id), start, start + len(quote), quote),),
    )
    return make_item(session, section, item, recipe=recipe, level=level)
