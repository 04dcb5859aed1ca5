"""Ways that few requests take: rows that are gone, shuffled questions, hints without a text, other options."""

from __future__ import annotations

import pytest

from questions.items.content import item_from_json
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from webapp.repositories import attempts as rows
from webapp.services.attempt_views import Terms, explained_by, slot_view
from webapp.services.attempts import start_section_check
from webapp.services.errors import NotFound
from webapp.services.grading import regrade_attempt, release_attempt
from webapp.services.score_changes import score_changes

NOBODYS = 987_654


def test_an_attempt_that_is_gone_is_neither_regraded_nor_released(check):
    with pytest.raises(NotFound):
        regrade_attempt(check.session, NOBODYS)
    assert not release_attempt(check.session, NOBODYS)
    assert not release_attempt(check.session, check.attempt_id), "it is still open"


def test_shuffled_questions_are_the_same_questions(check):
    set_rules(check.session, check.module.sections[0], shuffles_questions=True)
    other = start_section_check(check.session, make_account(check.session).id, check.module, 1)
    mine, theirs = (
        [slot.item_id for slot in rows.list_slots(check.session, one)] for one in (check.attempt_id, other)
    )
    assert sorted(mine) == sorted(theirs)


def test_the_first_hint_without_a_text_beside_it_names_no_sentence(check):
    row = rows.list_slots(check.session, check.attempt_id)[0]
    view = slot_view(row._replace(tries=1), None, terms=Terms(tries=3))
    assert (view.hint, view.evidence, view.quotes, view.tries_left) == ("paragraph", (), (), 2)


def test_a_ruling_with_other_options_explains_without_theirs(check):
    row = rows.list_slots(check.session, check.attempt_id)[0]
    fewer = {**row.content, "options": row.content["options"][:2], "explanation": "The newer reason."}
    item = item_from_json(row.content)
    ruled, text_id = explained_by(item, row._replace(ruling="key", ruled_content=fewer))
    assert (ruled.options, ruled.explanation) == (item.options, "The newer reason.")
    assert text_id == row.section_version_id


def test_what_is_not_finished_changes_no_score(check):
    quiz = set_rules(check.session, check.module.sections[0])
    assert score_changes(check.session, [quiz], is_counted=True, counted="last") == []
