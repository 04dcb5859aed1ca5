"""True or false: a statement that the text supports or contradicts."""

from __future__ import annotations

from questions.items.base import Examples, Item, Option, Problem
from questions.items.single_choice import SingleChoice

TRUE, FALSE = "True", "False"


class TrueFalse(SingleChoice):
    """A statement; the options are always "True" and "False", in this order."""

    name = "true_false"
    label = "True or false"

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        found = super().problems(item)
        if [option.text for option in item.options] != [TRUE, FALSE]:
            found.append(Problem("options", f"The choices must be “{TRUE}” and “{FALSE}”, in this order."))
        return found

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem="The harbour froze in 1962.",
                options=(Option(TRUE), Option(FALSE, "key", "The text says 1963, the statement says 1962.")),
                key=(1,),
                explanation="The harbour froze in 1963.",
            ),
            right={"choice": 1},
            wrong={"choice": 0},
            invalid={"choice": ["true"]},
        )
