"""Every numbered check: sound items pass, an item with the flaw planted is refused or warned about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import CHECKS, refusals, verify
from questions.generation.proposal import Derivation, Edit
from questions.items.base import Evidence, Item, Option
from questions.reading.article import Span
from tests.factories.articles import evidence_of, make_article, make_choice, make_judgement, make_section

ARTICLE = make_article()
HARBOUR, RAILWAY = ARTICLE.sections
REFERENCE = Reference(ARTICLE)
FROZE = "The harbour of Melk froze on 4 March 1963."
LENT = "Norway lent two icebreakers, and Sweden paid the crews."
KEPT = "The fishermen kept their boats on land because the ice was thick."
CLOSED = "Ivan Petrov, the harbour master, closed the gates for at least twelve days."


def cloze(*wrong, right="Norway", stem="_____ lent two icebreakers to the harbour of Melk.", quote=LENT):
    return make_choice(stem, right, *wrong, quote=quote, kind="gap_list")


def why(right, *wrong, stem="Why did the fishermen keep their boats on land?"):
    return make_choice(stem, right, *wrong, quote=KEPT)


def found(item, origin="generated", **derivations):
    named = {name.replace("_", "-"): value for name, value in derivations.items()}
    return verify(item, Context(REFERENCE, origin, named))


def hard_numbers(item, **derivations):
    return {finding.check for finding in refusals(found(item, **derivations))}


def warnings(item, **derivations):
    return {finding.check for finding in found(item, **derivations) if finding.severity == "warning"}


def matching(*ends, key=((0, 4), (1, 5), (2, 3))):
    starts = ("Norway", "The fishermen", "The harbour of Melk")
    ends = ends or ("froze on 4 March 1963", "lent two icebreakers", "kept their boats on land")
    return Item(
        "matching",
        "Match each beginning with how this section goes on.",
        tuple(Option(text) for text in (*starts, *ends)),
        key,
        "",
        tuple(evidence_of(HARBOUR, quote) for quote in (FROZE, LENT, KEPT)),
    )


SOUND = {
    "cloze": cloze("Finland", "Denmark", "Poland"),
    "judgement, true": make_judgement(FROZE, verdict=True, quote=FROZE),
    "judgement, false": make_judgement(
        "The harbour of Melk froze on 4 March 1964.", verdict=False, quote=FROZE
    ),
    "choice": why("The ice was thick.", "The crews were paid.", "The pier was new.", "The gates were shut."),
    "matching": matching(),
    "typed": Item(
        "gap_text",
        "The harbour of Melk froze on _____.",
        (),
        ("4 March 1963",),
        "",
        (evidence_of(HARBOUR, FROZE),),
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_items_pass(name):
    assert refusals(found(SOUND[name])) == ()


LONG_STEM = "Why did the fishermen of Melk " + "and of many other towns " * 8 + "keep their boats on land?"
FLAWED = {
    "1 no evidence": (1, replace(SOUND["cloze"], evidence=())),
    "1 evidence of an unknown section": (1, replace(SOUND["cloze"], evidence=(Evidence("s9", 0, 3, "The"),))),
    "1 evidence elsewhere": (1, replace(SOUND["cloze"], evidence=(Evidence("s1", 5, 8, "The"),))),
    "2 key not in the evidence": (2, cloze("Finland", "Denmark", right="Iceland")),
    "2 true statement of other words": (
        2,
        make_judgement("The railway bridge of Melk collapsed at dawn.", verdict=True, quote=FROZE),
    ),
    "3 equal options": (3, cloze("norway", "Denmark", "Poland")),
    "3 two names of one country": (
        3,
        cloze("the United States", "USA", right="Norway"),
    ),
    "3 two keys": (3, replace(SOUND["cloze"], key=(0, 1))),
    "3 no key": (3, replace(SOUND["cloze"], key=())),
    "3 part of the key": (
        3,
        cloze("Petrov", "Maria Olsen", right="Ivan Petrov", stem="_____ closed the harbour gates.", quote=CLOSED),
    ),
    "4 two right answers": (
        4,
        cloze("Sweden", "Denmark", stem="For the harbour, _____ paid the crews of icebreakers."),
    ),
    "4 a synonym of the key": (
        4,
        make_choice(
            "What did the harbour master close?", "the gates", "the crews", "the gate", quote=CLOSED
        ),
    ),
    "4 a statement that the text makes": (
        4,
        make_choice(
            "Which statement is supported by the section?",
            "Norway lent two icebreakers.",
            "Most fishermen feared a long winter.",
            "Sweden lent nine icebreakers.",
            quote=LENT,
        ),
    ),
    "5 false statement of the text": (5, make_judgement(FROZE, verdict=False, quote=FROZE)),
    "6 number still true after at least": (
        6,
        make_choice(
            "Ivan Petrov closed the gates for at least _____ days.",
            "twelve", "eleven", "twenty", quote=CLOSED, kind="gap_list",
        ),
    ),
    "7 too long": (7, why("The ice was thick.", "The crews were paid.", "The pier was new.", stem=LONG_STEM)),
    "7 too short": (7, why("The ice was thick.", "The crews were paid.", "The pier was new.", stem="Why boats?")),
    "7 no question mark": (
        7,
        why("The ice was thick.", "The crews were paid.", "The pier was new.", stem="The fishermen kept their boats"),
    ),
    "7 no full stop": (7, make_judgement("The harbour of Melk froze", verdict=True, quote=FROZE)),
    "8 dangling pronoun": (8, make_judgement("They kept boats on land.", verdict=True, quote=KEPT)),
    "8 dangling person": (8, cloze("Finland", "Poland", stem="For his harbour, the town got icebreakers from _____.")),
    "8 demonstrative": (8, cloze("Finland", "Poland", stem="_____ lent two icebreakers to this town.")),
    "8 deictic": (8, cloze("Finland", "Poland", stem="_____ lent two icebreakers to the latter.")),
    "9 reference": (9, cloze("Finland", "Poland", stem="_____ lent two icebreakers (see Figure 2).")),
    "9 bullet": (9, cloze("Finland", "Poland", stem="• _____ lent two icebreakers to Melk.")),
    "9 bracket": (9, cloze("Finland", "Poland", stem="_____ lent two (icebreakers to Melk.")),
    "9 quotation mark": (9, cloze("Finland", "Poland", stem="_____ lent “two icebreakers to Melk.")),
    "9 doubled space": (9, cloze("Finland", "Poland", stem="_____ lent two  icebreakers to Melk.")),
    "9 doubled word": (9, cloze("Finland", "Poland", stem="_____ lent two two icebreakers to Melk.")),
    "9 space before a stop": (9, cloze("Finland", "Poland", stem="_____ lent two icebreakers to Melk .")),
    "10 article": (10, cloze("Finland", "Poland", stem="_____ lent an tug to the harbour.")),
    "10 article before the gap": (
        10,
        cloze("apple", "oar", right="icebreaker", stem="The harbour of Melk got a _____ from Norway."),
    ),
    "11 key in the stem": (11, cloze("Finland", "Poland", stem="_____ lent Norway two icebreakers, says Melk.")),
    "14 two options": (14, cloze("Finland")),
    "14 six options": (14, cloze("Finland", "Poland", "Denmark", "Iceland", "Germany")),
    "15 full stop": (15, why("The ice was thick.", "The crews were paid.", "The pier was new")),
    "15 capital": (15, why("the ice was thick", "The crews were paid", "The pier was new")),
    "15 determiner": (
        15,
        make_choice("What did the harbour master close?", "the gates", "boats", "the crews", quote=CLOSED),
    ),
    "16 too long": (
        16,
        why("The ice on the water was thick in all places.", "The pier was new.", "The crews were ill."),
    ),
    "16 too short": (16, why("Thick ice.", "The icebreaker crews were all paid by Sweden.", "The new pier was ill-built that year.")),
    "17 all of the above": (17, why("The ice was thick.", "The crews were paid.", "All of the above.")),
    "18 who": (
        18,
        make_choice("Who closed the gates of the harbour?", "the master", "the crews", "the railway", quote=CLOSED),
    ),
    "18 who, according to the section": (
        18,
        make_choice(
            "According to the section, who closed the gates of the harbour?",
            "the master", "the crews", "the railway", quote=CLOSED,
        ),
    ),
    "18 dates of two shapes": (
        18,
        cloze("6 March", "7 May 1964", right="4 March 1963", stem="The harbour of Melk froze on _____.", quote=FROZE),
    ),
    "21 numbers out of order": (
        21,
        make_choice(
            "Norway lent exactly _____ icebreakers to Melk.", "two", "nine", "four", quote=LENT, kind="gap_list"
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FLAWED)
def test_a_planted_flaw_is_refused_by_its_check(name):
    number, item = FLAWED[name]
    assert number in hard_numbers(item)


WARNED = {
    "11 echo": (11, why("The ice on land was thick.", "The crews were paid.", "The pier was new.")),
    "12 negative": (12, why("The ice was thick.", "The crews were ill.", "The pier was new.", stem="Why did the fishermen not sail?")),
    "12 negative in capitals": (12, why("The ice was thick.", "The crews were ill.", "The pier was new.", stem="Why did the fishermen NOT sail?")),
    "13 hard to read": (
        13,
        why(
            "The ice was thick.", "The crews were ill.", "The pier was new.",
            stem="Considering meteorological irregularities, which circumstances necessitated immobilisation of vessels?",
        ),
    ),
    "16 rather long": (16, why("The ice was really thick.", "The crews were ill.", "The pier was new.")),
    "17 absolute": (17, why("The ice was thick.", "All the crews left.", "The pier was new.")),
    "19 outlier": (
        19,
        why("The ice was thick.", "The ice was heavy and the crews of the two boats were away.", "The pier was new."),
    ),
    "20 medoid": (
        20,
        why("Thick ice lay there.", "Thick ice broke up.", "Warm water lay there."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNED)
def test_a_weakness_is_warned_about(name):
    number, item = WARNED[name]
    assert number in warnings(item)


def test_every_check_has_its_planted_flaw():
    planted = {number for number, _ in [*FLAWED.values(), *WARNED.values()]}
    assert planted >= {check.number for check in CHECKS}


def span_of(quote):
    evidence = evidence_of(HARBOUR, quote)
    return Span(evidence.start, evidence.end)


def test_recorded_edits_must_give_the_words_of_the_item():
    span = span_of(FROZE)
    at = HARBOUR.text.index("1963")
    changed = Derivation("s1", span, (Edit(at, at + 4, "1963", "1964"),))
    item = SOUND["judgement, false"]
    assert 2 not in hard_numbers(item, stem=changed)
    assert 2 in hard_numbers(replace(item, stem="The harbour of Melk froze on 4 March 1965."), stem=changed)
    assert 2 in hard_numbers(item, stem=Derivation("s1", span, (Edit(at, at + 4, "1999", "1964"),)))
    assert 2 in hard_numbers(item, stem=Derivation("s9", span))
    assert 2 in hard_numbers(item, option_7=Derivation("s1", span))


def test_a_false_statement_must_be_changed_and_not_true_elsewhere():
    span = span_of("In 1970 the town built a new pier.")
    at = HARBOUR.text.index("1970")
    quote = HARBOUR.text[span.start : span.end]
    same = make_judgement("In 1970, the town built a new pier.", verdict=False, quote=quote)
    comma = Derivation("s1", span, (Edit(at + 4, at + 4, "", ","),))
    assert 5 in hard_numbers(same, stem=comma)
    far = make_section(("In 1971 the town built a new pier for the ferries.",), "Later", "s3")
    reference = Reference(make_article(HARBOUR, far))
    item = make_judgement("In 1971 the town built a new pier.", verdict=False, quote=quote)
    made = {"stem": Derivation("s1", span, (Edit(at, at + 4, "1970", "1971"),))}
    assert 5 in {f.check for f in verify(item, Context(reference, "generated", made)) if f.severity == "hard"}
    assert 5 not in hard_numbers(item, **made)


def test_an_edited_number_respects_the_bound_before_it():
    span = span_of(CLOSED)
    at = HARBOUR.text.index("twelve")

    def with_number(word):
        stem = CLOSED.replace("twelve", word)
        edit = Edit(at, at + len("twelve"), "twelve", word)
        return make_judgement(stem, verdict=False, quote=CLOSED), Derivation("s1", span, (edit,))

    smaller, made = with_number("nine")
    assert 6 in hard_numbers(smaller, stem=made)
    larger, made = with_number("thirty")
    assert 6 not in hard_numbers(larger, stem=made)


def test_a_person_may_word_an_item_freely():
    free = Item(
        "multiple_choice",
        "Why boats?",
        (
            Option("Thick ice kept everybody ashore that year.", "key"),
            Option("Fear"),
            Option("None of the above"),
        ),
        (0,),
    )
    findings = found(free, origin="written")
    assert refusals(findings) == ()
    assert {1, 14, 15, 16, 17} & {finding.check for finding in findings}


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"evidence": (Evidence("s1", 0, 5, "Wrong"),)}, 1),
        ({"options": (Option("Fear"), Option("fear"), Option("Ice"))}, 3),
        ({"key": ()}, 3),
        ({"stem": " "}, 0),
        ({"type": "riddle"}, 0),
    ],
)
def test_but_not_so_that_it_cannot_be_graded(change, number):
    item = replace(SOUND["choice"], **change)
    assert number in {finding.check for finding in refusals(found(item, origin="written"))}


def test_messages_are_sentences_and_name_their_field():
    for _, item in [*FLAWED.values(), *WARNED.values()]:
        for finding in found(item):
            assert finding.message[0].isupper() or finding.message[0] == "“"
            assert finding.message.endswith((".", "”"))
            assert finding.field in {
                "stem",
                "options",
                "key",
                "evidence",
                "type",
            } or finding.field.startswith("option-")


def test_an_answer_to_why_is_measured_without_its_because():
    sound = why(
        "Because the ice was thick.", "Because the crews were paid.", "Because the pier was new.",
        "Because the gates were shut.",
    )  # fmt: skip
    assert not hard_numbers(sound)
    assert 2 in hard_numbers(
        why("Because the ice was thin and old.", "Because the crews were paid.", "Because the pier was new.")
    )
    true_misreading = replace(
        sound.options[1], text="Because the fishermen kept their boats on land.", role="misreading"
    )
    assert 2 in hard_numbers(replace(sound, options=(sound.options[0], true_misreading, *sound.options[2:])))


def test_each_pair_of_a_matching_follows_from_one_piece_of_evidence():
    swapped = matching(key=((0, 5), (1, 4), (2, 3)))
    assert {finding.field for finding in found(swapped) if finding.check == 2} == {"option-0", "option-1"}
    cut = matching("froze on 4 March 1963", "lent two", "kept their boats on land")
    assert [finding.field for finding in refusals(found(cut)) if finding.check == 2] == ["option-0"]
    changed = matching("froze on 4 March 1964", "lent two icebreakers", "kept their boats on land")
    assert [finding.field for finding in refusals(found(changed)) if finding.check == 2] == ["option-2"]


def test_no_answer_of_a_matching_is_right_for_two_prompts():
    quotes = (
        "The ferry carries letters.",
        "The railway carries letters and timber.",
        "The bus carries milk.",
    )
    section = make_section([" ".join(quotes)])
    texts = (
        "The ferry",
        "The railway",
        "The bus",
        "carries letters and timber",
        "carries milk",
        "carries letters",
    )
    item = Item(
        "matching",
        "Match each beginning with how this section goes on.",
        tuple(Option(text) for text in texts),
        ((0, 5), (1, 3), (2, 4)),
        "",
        tuple(evidence_of(section, quote) for quote in quotes),
    )
    findings = verify(item, Context(Reference(make_article(section)), "generated"))
    assert [(one.check, one.field) for one in refusals(findings)] == [(2, "option-1")]
