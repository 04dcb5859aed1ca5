"""Multiple choice: a question and a list of choices, one of them right."""

from __future__ import annotations

from questions.items.base import Examples, Item, Option
from questions.items.single_choice import SingleChoice


class MultipleChoice(SingleChoice):
    """A question and a list of choices, one of them right."""

    name = "multiple_choice"
    label = "Multiple choice"

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem="What do bees carry from flower to flower?",
                options=(
                    Option("Pollen", "key", "The text names pollen."),
                    Option(
                        "Honey", "misreading", "Bees make honey in the hive; they do not carry it to flowers."
                    ),
                    Option("Wax", "elsewhere", "Wax is what the comb is made of."),
                ),
                key=(0,),
                explanation="Pollen sticks to the hairs of a bee and comes off at the next flower.",
            ),
            right={"choice": 0},
            wrong={"choice": 2},
            invalid={"choice": ["3"]},
        )
