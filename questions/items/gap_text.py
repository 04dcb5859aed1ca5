"""Gap with a typed answer: a sentence with a gap, filled by typing, compared with tolerance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from questions.grading.outcome import Outcome
from questions.grading.text_match import comparable, texts_agree
from questions.items.base import BLANK, Examples, Item, Problem, Response, ResponseError
from questions.items.browser_fields import one_value, refuse_other_fields, refuse_unstorable
from questions.items.wording import OPTION_LIMIT, blank_problems, wording_problems

FIELD = "text"
ANSWER_LIMIT = 10_000


class GapText:
    """A sentence with one gap. The key lists the accepted answers; a response is `{"text": "..."}`."""

    name = "gap_text"
    label = "Gap with a typed answer"

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        found = wording_problems(item) + blank_problems(item)
        if item.options:
            found.append(Problem("options", "A gap with a typed answer has no choices: remove them."))
        if not item.key:
            found.append(Problem("key", "Give at least one accepted answer."))
        for number, part in enumerate(item.key, start=1):
            if not isinstance(part, str) or not comparable(part):
                found.append(Problem("key", f"Accepted answer {number} is empty: write it, or remove it."))
            elif len(part) > OPTION_LIMIT:
                found.append(
                    Problem("key", f"Accepted answer {number} is longer than {OPTION_LIMIT:,} characters.")
                )
        return found

    def read(self, item: Item, fields: Mapping[str, Sequence[str]]) -> Response:
        """The response in its stored form; `{}` when nothing was answered. Raises ResponseError."""
        refuse_other_fields(fields, {FIELD})
        text = one_value(fields, FIELD)
        if not text.strip():
            return {}
        response = {FIELD: text}
        self.check_response(item, response)
        return response

    def check_response(self, item: Item, response: Response) -> None:  # noqa: ARG002 -- the verb of every type
        """Refuse a stored-form response that does not fit the item. Raises ResponseError."""
        if not response:
            return
        text = response.get(FIELD)
        if set(response) != {FIELD} or not isinstance(text, str):
            raise ResponseError("This answer does not fit the question: it needs one typed text.")
        if len(text) > ANSWER_LIMIT:
            raise ResponseError(
                f"This answer has {len(text):,} characters; at most {ANSWER_LIMIT:,} are read. Shorten it."
            )
        refuse_unstorable(text)

    def grade(self, item: Item, response: Response) -> Outcome:
        """Full credit where the text agrees with an accepted answer but for how it is written."""
        self.check_response(item, response)
        if not response:
            return Outcome.unanswered()
        return Outcome.of(int(texts_agree(response[FIELD], map(str, item.key))))

    def guess(self, item: Item) -> Fraction:  # noqa: ARG002 -- the verb of every type
        """The expected score of a blind guesser: nobody types the right word by chance."""
        return Fraction(0)

    def key_text(self, item: Item) -> str:
        """The right answer in words: the first accepted answer."""
        return str(item.key[0])

    def response_text(self, item: Item, response: Response) -> str:
        """A response in words, for results and exports; empty when not answered."""
        self.check_response(item, response)
        return str(response[FIELD]) if response else ""

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem=f"The tunnel is {BLANK} metres long.",
                options=(),
                key=("1,200",),
                explanation="The text gives the length as 1,200 metres.",
            ),
            right={"text": "one thousand two hundred"},
            wrong={"text": "1,250"},
            invalid={"text": ["x" * (ANSWER_LIMIT + 1)]},
        )
