"""An article of our own with good questions of every type: what a page looks like when it is well filled.

A question names the sentence that proves it; offsets are found in the text it is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from questions.items.base import Evidence, Item, Option

TITLE = "The harbour that was dug twice"
STANDFIRST = (
    "How a town on a cold coast dug a harbour, lost it to a storm and built it again, stone by stone."
)
TEXT: tuple[tuple[str, str], ...] = (
    (
        "",
        (
            "The harbour of Veltmar opened in 1911. Its first master was Anna Krol, who had built two lighthouses "
            "before she was thirty. Ships from nine countries called in the first year, and the town, which had "
            "lived from herring alone, learned to live from strangers.\n\n"
            "Nobody had expected it to last. The bay is shallow, the ground moves, and every winter the sand came "
            "back. Krol answered each autumn with the same order: dig again, and plant the dune."
        ),
    ),
    (
        "The storm",
        (
            "In March 1934 a storm broke the northern wall. By the next evening the basin was full of sand, and "
            "two fishing boats lay on the market square.\n\n"
            "Repairs took four years and cost 300,000 crowns. The town paid for them with a tax on salt. If the "
            "tax had failed, the council would have sold the harbour to a railway company, which had offered half "
            "of what the wall had cost.\n\n"
            "The sea wall that stands today follows the old line only in its first hundred metres. Beyond that "
            "point it bends inland, because the engineers had learned where the water wants to go. Visitors often "
            "take the bend for a mistake.\n\n"
            "The salt tax was lifted in 1951. By then, Krol remarked, the town had become so used to thin soup "
            "that the cooks went on as before."
        ),
    ),
    (
        "Questions that visitors ask",
        (
            "Why is the harbour closed in January? It is closed because the ice from the river reaches the basin "
            "then.\n\n"
            "Who looks after the dune? The pupils of the town school plant it every autumn."
        ),
    ),
)


@dataclass(frozen=True)
class Question:
    """A question about one section, the sentence that proves it, and an answer of each kind."""

    item: Item
    proof: str
    right: Mapping[str, Any]
    wrong: Mapping[str, Any]
    level: str = "retrieve"

    def about(self, section_id: int, text: str) -> Item:
        """The item as it is stored: with its evidence in that text."""
        start = text.index(self.proof)
        span = Evidence(str(section_id), start, start + len(self.proof), self.proof)
        return replace(self.item, evidence=(span,))


OPENING = (
    Question(
        Item(
            "multiple_choice",
            "What had Anna Krol built before she became harbour master?",
            (
                Option("Two lighthouses", "key", "The text names them in its second sentence."),
                Option("A harbour in another country", "unsupported", "No other harbour is mentioned."),
                Option("The dune", "elsewhere", "The dune is what she had planted later, as harbour master."),
            ),
            (0,),
            "She had built two lighthouses before she was thirty.",
        ),
        "Its first master was Anna Krol, who had built two lighthouses before she was thirty.",
        {"choice": 0},
        {"choice": 2},
    ),
    Question(
        Item(
            "gap_text",
            "The harbour of Veltmar opened in _____.",
            (),
            ("1911",),
            "The first sentence gives the year.",
        ),
        "The harbour of Veltmar opened in 1911.",
        {"text": "1911"},
        {"text": "1934"},
    ),
)
STORM = (
    Question(
        Item(
            "multiple_choice",
            "Why does the sea wall bend inland beyond its first hundred metres?",
            (
                Option(
                    "The engineers had learned where the water wants to go.",
                    "key",
                    "That is the reason the text gives.",
                ),
                Option(
                    "Its builders made a mistake.",
                    "misreading",
                    "Visitors take it for one, but the text gives a reason.",
                ),
                Option(
                    "A railway company owned the ground.",
                    "elsewhere",
                    "The company wanted to buy the harbour; the line of the wall had nothing to do with it.",
                ),
            ),
            (0,),
            "After the storm the engineers knew how the water moves, and built the wall along it.",
        ),
        "Beyond that point it bends inland, because the engineers had learned where the water wants to go.",
        {"choice": 0},
        {"choice": 1},
        "infer",
    ),
    Question(
        Item(
            "true_false",
            "The council sold the harbour to a railway company.",
            (
                Option("True", "", "It would have, if the tax had failed."),
                Option("False", "key", "It never came to that."),
            ),
            (1,),
            "The sale was only what would have happened without the tax.",
        ),
        (
            "If the tax had failed, the council would have sold the harbour to a railway company, "
            "which had offered half of what the wall had cost."
        ),
        {"choice": 1},
        {"choice": 0},
        "infer",
    ),
    Question(
        Item(
            "gap_text",
            "Repairs took four years and cost _____ crowns.",
            (),
            ("300,000",),
            "The text gives the sum as 300,000 crowns.",
        ),
        "Repairs took four years and cost 300,000 crowns.",
        {"text": "three hundred thousand"},
        {"text": "150,000"},
    ),
    Question(
        Item(
            "gap_list",
            "The town paid for the repairs with a tax on _____.",
            (Option("herring"), Option("salt", "key"), Option("timber")),
            (1,),
            "It was a tax on salt.",
        ),
        "The town paid for them with a tax on salt.",
        {"choice": 1},
        {"choice": 0},
    ),
    Question(
        Item(
            "ordering",
            "Put the events in the order in which they happened.",
            (
                Option("The salt tax was lifted."),
                Option("The northern wall broke."),
                Option("Two boats lay on the market square."),
            ),
            (1, 2, 0),
            "First the wall broke, by the next evening the boats lay in the square, and the tax ended in 1951.",
        ),
        "In March 1934 a storm broke the northern wall.",
        {"order": [1, 2, 0]},
        {"order": [0, 1, 2]},
        "integrate",
    ),
    Question(
        Item(
            "matching",
            "Match each beginning with how the text goes on.",
            (
                Option("The storm"),
                Option("The tax"),
                Option("The repairs"),
                Option("paid for the work."),
                Option("took four years."),
                Option("broke the northern wall."),
            ),
            ((0, 5), (1, 3), (2, 4)),
            "The storm broke the wall, the repairs took four years, and a tax paid for them.",
        ),
        "Repairs took four years and cost 300,000 crowns.",
        {"match": [5, 3, 4]},
        {"match": [3, 4, 5]},
        "integrate",
    ),
)
PROPOSED = (
    Question(
        Item(
            "multiple_choice",
            "What would the council have done if the tax on salt had failed?",
            (
                Option("Sold the harbour to a railway company", "key", "The sentence with “if” says so."),
                Option(
                    "Given the harbour up to the sand", "unsupported", "The text says nothing of the kind."
                ),
                Option(
                    "Asked the railway company for half of the cost",
                    "misreading",
                    "Half of the cost is what the company had offered for the harbour.",
                ),
            ),
            (0,),
            "Without the money from the tax, the harbour would have been sold.",
        ),
        (
            "If the tax had failed, the council would have sold the harbour to a railway company, "
            "which had offered half of what the wall had cost."
        ),
        {"choice": 0},
        {"choice": 1},
        "infer",
    ),
    Question(
        Item(
            "true_false",
            "The repairs took four years.",
            (
                Option("True", "key", "The text says so."),
                Option("False", "", "Look at the second paragraph."),
            ),
            (0,),
            "Repairs took four years and cost 300,000 crowns.",
        ),
        "Repairs took four years and cost 300,000 crowns.",
        {"choice": 0},
        {"choice": 1},
    ),
    Question(
        Item(
            "gap_list",
            "The salt tax was lifted in _____.",
            (Option("1938"), Option("1951", "key"), Option("1934")),
            (1,),
            "The last paragraph gives the year.",
        ),
        "The salt tax was lifted in 1951.",
        {"choice": 1},
        {"choice": 0},
    ),
)
