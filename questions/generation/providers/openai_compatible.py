"""The provider that asks a language model, beside the rules: off unless the operator names a server.

A model's item must quote its evidence; its words must pass every check that the rules' items pass; then it is
solved with the text, where the key and nothing else must be found, and without it, where the key must not be
found in two orders of its options (one right guess in two is chance; how sure a model says it is, is not
asked). Rules go on proposing: a set of one form of question would break the rules of the set, and where the
model fails, theirs is the whole set. Learners are never spoken of: what is sent is the text, and questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Proposal
from questions.generation.providers import prompts
from questions.generation.providers.answers import MOST_ITEMS, read_choice, read_items, read_right
from questions.generation.providers.base import Run
from questions.generation.providers.chat import BadAnswer, Chat
from questions.generation.providers.connection import Connection
from questions.generation.providers.http_post import NoAnswer
from questions.generation.providers.quoted_items import MODEL_RECIPES, proposal_of
from questions.generation.providers.rules import RulesAtWork
from questions.items.base import Item
from questions.reading.article import Section

NAME = "language_model"
"""Under which what never became a proposal is rejected."""
SHARE_ASKED = 0.6
"""So much of the items that a section should have is asked for: the rest of its types only the rules make."""
FEWEST_ASKED, MOST_ASKED = 2, 8
MOST_BAD_IN_A_ROW = 3


class OpenAiCompatible:
    """Any server that speaks the chat-completions protocol."""

    name = "openai_compatible"

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def start(self, run: Run) -> ModelAtWork:
        """Begin with an article."""
        return ModelAtWork(run, self.connection)


class ModelAtWork:
    """One article: what was asked, what it cost, and whether there is still anybody to ask."""

    def __init__(self, run: Run, connection: Connection) -> None:
        self._run = run
        self._chat = Chat(connection, run.tick, run.seed)
        self._rules = RulesAtWork(run)
        self._sections: dict[str, Section] = {}
        self._lost = ""
        self._bad_in_a_row = 0
        self._proposed = 0
        self._passed = 0

    def proposals(self, facts: ArticleFacts, section: SectionFacts, wanted: int) -> Iterator[Proposal]:
        """The model's for a section of parsed English prose, then the rules'."""
        self._sections[section.section.id] = section.section
        if wanted and section.is_parsed and not self._lost:
            yield from self._asked(facts, section, min(round(wanted * SHARE_ASKED), MOST_ASKED))
        yield from self._rules.proposals(facts, section, wanted)

    def _asked(self, facts: ArticleFacts, section: SectionFacts, count: int) -> Iterator[Proposal]:
        own = section.section
        request = prompts.ask_for_items(
            facts.article.title, own.heading, _text(own), max(count, FEWEST_ASKED)
        )
        try:
            raw = read_items(self._chat.ask(prompts.WRITE, request))
        except BadAnswer as problem:
            self._bad_answer(own, problem)
            return
        except NoAnswer as failure:
            self._lose(str(failure))
            return
        self._bad_in_a_row = 0
        for number, one in enumerate(raw[:MOST_ITEMS]):
            self._proposed += 1
            try:
                if isinstance(one, BadAnswer):
                    raise one
                yield proposal_of(one, facts, section, self._run.stream(own, f"{NAME}|{number}"))
            except BadAnswer as problem:
                self._run.reject(NAME, own.id, str(problem))

    def _bad_answer(self, section: Section, problem: BadAnswer) -> None:
        self._run.reject(NAME, section.id, str(problem))
        self._bad_in_a_row += 1
        if self._bad_in_a_row == MOST_BAD_IN_A_ROW:
            self._lose("its answers could not be used")

    def _lose(self, reason: str) -> None:
        self._lost = self._lost or reason

    def objection(self, proposal: Proposal) -> str:
        """Why an item of the model's that passed the checks is not taken: what solving it showed."""
        if proposal.recipe not in MODEL_RECIPES.values():
            return ""
        if self._lost:
            return f"it could not be solved: {self._lost}"
        try:
            objection = self._unsolved(proposal)
        except BadAnswer as problem:
            return f"it could not be solved: {problem}"
        except NoAnswer as failure:
            self._lose(str(failure))
            return f"it could not be solved: {failure}"
        self._passed += not objection
        return objection

    def _unsolved(self, proposal: Proposal) -> str:
        item, section = proposal.item, self._sections[proposal.section_id]
        first, second = self._orders(item, section)
        shown = [item.options[number].text for number in first]
        right = read_right(
            self._chat.ask(prompts.SOLVE, prompts.ask_with_text(_text(section), item.stem, shown)), len(shown)
        )
        if {first[number - 1] for number in right} != set(item.key):
            return "solved with the text, " + (
                "it has several right answers" if len(right) > 1 else "it has another answer or none"
            )
        if all(self._guesses(item, order) for order in (first, second)):
            return "it was answered without the text, in two orders of its options"
        return ""

    def _guesses(self, item: Item, order: Sequence[int]) -> bool:
        """Whether somebody who does not see the text chooses the key."""
        shown = [item.options[number].text for number in order]
        words = self._chat.ask(prompts.GUESS, prompts.ask_without_text(item.stem, shown))
        return order[read_choice(words, len(shown)) - 1] in item.key

    def _orders(self, item: Item, section: Section) -> tuple[list[int], list[int]]:
        """Two orders of the options, by the seed, in which each stands at another place."""
        order = list(range(len(item.options)))
        self._run.stream(section, f"{NAME}|solve|{item.stem}").shuffle(order)
        return order, order[1:] + order[:1]

    @property
    def notes(self) -> tuple[str, ...]:
        """That the model was lost, and who made the items then."""
        if not self._lost:
            return ()
        made = "the rest was made by rules" if self._passed else "made by rules"
        return (f"The language model could not be reached ({self._lost}); {made}.",)

    @property
    def figures(self) -> dict[str, Any]:
        """Calls, tokens and cost, and what came of them."""
        bill, connection = self._chat.bill, self._chat.connection
        cost = bill.cost(connection)
        return {
            "name": OpenAiCompatible.name,
            "model": connection.model,
            "calls": bill.calls,
            "tokens_in": bill.tokens_in,
            "tokens_out": bill.tokens_out,
            "untold": bill.untold,
            "cost": None if cost is None else f"{cost:.4f}",
            "proposed": self._proposed,
            "passed": self._passed,
        }


def _text(section: Section) -> str:
    return prompts.readable([block.span.of(section.text) for block in section.blocks])
