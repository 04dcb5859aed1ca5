"""Gap with a list: a sentence with a gap, and choices that might fill it."""

from __future__ import annotations

from questions.items.base import BLANK, Examples, Item, Option, Problem
from questions.items.single_choice import SingleChoice
from questions.items.wording import blank_problems


class GapList(SingleChoice):
    """A sentence with one gap; one of the listed choices fills it rightly."""

    name = "gap_list"
    label = "Gap with a list"

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        return super().problems(item) + blank_problems(item)

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem=f"The lighthouse was built in {BLANK}.",
                options=(Option("1811"), Option("1821", "key"), Option("1831")),
                key=(1,),
                explanation="The text dates the lighthouse to 1821.",
            ),
            right={"choice": 1},
            wrong={"choice": 0},
            invalid={"choice": ["1", "2"]},
        )
