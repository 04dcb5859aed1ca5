"""From what a language model answered to a proposal: words that the text has, edits that can be replayed.

What a model says of its own item is not believed. Level and explanation follow from the quote; a distractor
is "elsewhere" only where the article says it; feedback that a model invents is not taken at all. The item is
then verified as "generated", as strictly as the rules' items. Its key is a derivation where it stands in the
evidence, and a wrong number is one where it takes the place of a right one: checks 2 and 6 replay them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from questions.generation.checks.quantities import is_quantity, number_in, place_in_order
from questions.generation.derive import Initial, derive
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.proposal import Derivation, Edit, Level, Proposal
from questions.generation.providers.answers import RawItem, RawOption
from questions.generation.providers.chat import BadAnswer
from questions.generation.providers.quotes import find_quote, places_of
from questions.generation.realise import quoted
from questions.generation.words import WORD, words
from questions.items.base import Evidence, Item, Option, Role
from questions.reading.article import Article, Span

MODEL_RECIPES: dict[Level, str] = {
    "retrieve": "model_detail",
    "infer": "model_inference",
    "integrate": "model_connection",
}
"""What a model's items are called where a recipe would be named: one name for each thing asked for."""
_ADDRESS = re.compile(r"https?:|www\.|@\w", re.IGNORECASE)


def proposal_of(raw: RawItem, facts: ArticleFacts, section: SectionFacts, stream: random.Random) -> Proposal:
    """The item with its evidence in the text. Raises BadAnswer where its words have no ground."""
    article = facts.article
    found = {
        sentence.index: sentence for quote in raw.quotes for sentence in find_quote(quote, section, article)
    }
    sentences = [found[index] for index in sorted(found)]
    stem = raw.question.strip()
    _refuse_addresses(stem, raw.options)
    _refuse_unknown_names(stem, section, article)
    options = _in_order(raw.options, stream)
    key = next(index for index, option in enumerate(options) if option.role == "key")
    stated = _where_stated(options[key].text.strip(), section, sentences)
    level: Level = "integrate" if len(sentences) > 1 else "retrieve" if stated else "infer"
    item = Item(
        type="multiple_choice",
        stem=stem,
        options=tuple(Option(option.text.strip(), _role(option, article)) for option in options),
        key=(key,),
        explanation=f"The section says: {' '.join(quoted(sentence.text) for sentence in sentences)}",
        evidence=tuple(
            Evidence(section.section.id, one.span.start, one.span.end, one.text) for one in sentences
        ),
    )
    return Proposal(
        section_id=section.section.id,
        recipe=MODEL_RECIPES[level],
        level=level,
        item=item,
        derivations=_derivations(item, key, stated, section),
    )


def _in_order(options: Sequence[RawOption], stream: random.Random) -> list[RawOption]:
    """Numbers and dates ascending, all else by the seed: where a model puts its key tells something."""
    shuffled = sorted(options, key=lambda option: option.text)
    stream.shuffle(shuffled)
    places = [place_in_order(option.text) for option in shuffled]
    known = [place for place in places if place is not None]
    if len(known) < len(places):
        return shuffled
    return [shuffled[number] for number in sorted(range(len(known)), key=lambda number: known[number])]


def _refuse_addresses(stem: str, options: Sequence[RawOption]) -> None:
    if any(_ADDRESS.search(text) for text in (stem, *(option.text for option in options))):
        raise BadAnswer("the question holds an address")


def _refuse_unknown_names(stem: str, section: SectionFacts, article: Article) -> None:
    """A question may suppose only what the text says: its names and numbers are the section's."""
    told = set(words(f"{article.title} {section.section.heading} {section.section.text}"))
    for match in list(WORD.finditer(stem))[1:]:
        is_name = match[0][:1].isupper() or match[0][:1].isdigit()
        if is_name and match[0] not in {"NOT", "I"} and not set(words(match[0])) <= told:
            raise BadAnswer("the question has a name or a number that the section does not have")


def _role(option: RawOption, article: Article) -> Role:
    """What a wrong option is: the article must say what is said to stand elsewhere in it."""
    roles: dict[str, Role] = {"key": "key", "misreading": "misreading", "elsewhere": "elsewhere"}
    role = roles.get(option.role, "unsupported")
    if role == "elsewhere" and not any(places_of(option.text, one.text) for one in article.sections):
        return "unsupported"
    return role


def _where_stated(text: str, section: SectionFacts, sentences: Sequence[Sentence]) -> Span | None:
    """The place of the key's very words in the evidence; the case of the first letter may differ."""
    for form in (text, text[:1].swapcase() + text[1:]):
        for place in places_of(form, section.section.text):
            is_proof = any(one.span.start <= place.start and place.end <= one.span.end for one in sentences)
            if is_proof and place.of(section.section.text) == form:
                return place
    return None


def _derivations(item: Item, key: int, stated: Span | None, section: SectionFacts) -> dict[str, Derivation]:
    """The edits that make words of the item from the text, where there are any that can be replayed."""
    if stated is None:
        return {}
    text = section.section.text
    right = item.options[key].text
    kept = stated.of(text) == right
    initial: Initial = "keep" if kept else "upper" if right[:1].isupper() else "lower"
    made, _ = derive(section.section, stated, initial=initial, stop="")
    found = {f"option-{key}": made}
    for index, option in enumerate(item.options):
        if index != key and kept and _is_other_number(right, option.text):
            edit = Edit(stated.start, stated.end, right, option.text)
            found[f"option-{index}"] = Derivation(section.section.id, stated, (edit,))
    return found


def _is_other_number(right: str, wrong: str) -> bool:
    """Whether both are numbers or dates, and not the same one of other things ("two ships", "two crews")."""
    return is_quantity(right) and is_quantity(wrong) and number_in(right) != number_in(wrong)
