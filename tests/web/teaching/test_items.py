"""Writing items and the item bank, as an instructor's browser uses them."""

from __future__ import annotations

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account
from tests.web.teaching.desk import QUOTE, propose, written
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion
from webapp.models.module import Module


def new_item(module: Module, kind: str = "multiple_choice", section: int = 1) -> str:
    return f"/teach/modules/{module.id}/sections/{module.sections[section].id}/items/new?type={kind}"


def test_an_item_is_written_tried_reworded_deleted_and_brought_back(
    session: Session, teacher: Client, module: Module
) -> None:
    answer = teacher.csrf_post(new_item(module), written())
    assert answer.status_code == 303, answer.text
    (row,) = session.scalars(select(ItemRow)).all()
    assert (row.state, row.origin) == ("accepted", "written")
    content = row.current_version.content
    assert content["key"] == [1]
    assert [option["role"] for option in content["options"]] == ["", "key", ""]
    assert content["evidence"][0]["quote"] == QUOTE

    tried = teacher.csrf_post(answer.location, {"s1-choice": "0"})
    assert "Not quite" in tried.text
    assert "Ships were not taxed." in tried.text
    assert teacher.csrf_post(answer.location, {"s1-choice": "9"}).status_code == 422

    address = f"/teach/modules/{module.id}/items/{row.id}"
    page = teacher.get(address).text
    assert 'value="Salt"' in page
    changed = written(option_1="Salt, and nothing else", version=row.current_version_id)
    old = row.current_version_id
    assert teacher.csrf_post(address, changed).status_code == 303
    assert row.current_version.content["options"][1]["text"] == "Salt, and nothing else"
    late = teacher.csrf_post(address, written(option_1="Only salt", version=old))
    assert late.status_code == 409

    teacher.csrf_post(address + "/retire")
    assert row.state == "retired"
    assert teacher.csrf_post(address + "/retire").status_code == 409
    teacher.csrf_post(address + "/restore")
    assert row.state == "accepted"


def test_a_reworded_item_leaves_old_attempts_as_they_were(
    session: Session, teacher: Client, module: Module
) -> None:
    row = make_item(session, module.sections[1])
    attempt = make_finished_attempt(session, make_account(session), module.sections[1], [True])
    address = f"/teach/modules/{module.id}/items/{row.id}"
    assert "1 answer was given" in teacher.get(address).text
    old = row.current_version_id
    teacher.csrf_post(address, written(version=old))
    assert row.current_version_id != old
    assert session.get_one(ItemVersion, old).content["stem"] == "Which of these does the text say?"
    assert attempt.points == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("true_false", {"stem": "The town taxed salt.", "key": "0", "evidence": QUOTE}),
        ("gap_text", {"stem": "The town taxed _____.", "answers": "salt\nthe salt", "evidence": QUOTE}),
        (
            "gap_list",
            {
                "stem": "The town taxed _____.",
                "option_0": "salt",
                "option_1": "land",
                "option_2": "ships",
                "key": "0",
                "evidence": QUOTE,
            },
        ),
        (
            "ordering",
            {"stem": "Put in order.", "steps": "the storm\nthe repairs\nthe tax", "evidence": QUOTE},
        ),
        (
            "matching",
            {
                "stem": "Match.",
                "prompt_0": "the storm",
                "match_0": "broke the wall",
                "prompt_2": "the tax",
                "match_2": "paid for it",
                "evidence": QUOTE,
            },
        ),
    ],
)
def test_every_kind_can_be_written_and_opened_again(
    session: Session, teacher: Client, module: Module, kind: str, fields: dict[str, str]
) -> None:
    assert teacher.get(new_item(module, kind)).status_code == 200
    assert teacher.csrf_post(new_item(module, kind), fields).status_code == 303
    (row,) = session.scalars(select(ItemRow)).all()
    assert row.current_version.type == kind
    before = row.current_version_id
    page = teacher.get(f"/teach/modules/{module.id}/items/{row.id}").text
    assert QUOTE in page
    same = teacher.csrf_post(f"/teach/modules/{module.id}/items/{row.id}", fields | {"version": before})
    assert same.status_code == 303
    assert row.current_version_id == before, "the same wording again makes no new version"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stem": ""}, "Write the question."),
        ({"key": ""}, "Mark the right answer."),
        ({"key": "4"}, "Say which answer is right."),
        ({"option_0": "", "option_2": ""}, "choice"),
        ({"option_0": "Salt"}, "Salt"),
        ({"evidence": ""}, "Copy the sentence"),
        ({"evidence": "Whales paid."}, "do not stand in the section"),
    ],
)
def test_a_faulty_item_is_refused_and_what_was_typed_is_kept(
    session: Session, teacher: Client, module: Module, change: dict[str, str], words: str
) -> None:
    answer = teacher.csrf_post(new_item(module), written(**change))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ships were not taxed." in answer.text
    assert session.scalars(select(ItemRow)).all() == []


def test_the_checklist_speaks_while_one_writes(session: Session, teacher: Client, module: Module) -> None:
    address = new_item(module).replace("/new?", "/check?")
    fields = written(option_1="A tax on salt that every household of the town had to pay for four years")
    fragment = teacher.csrf_post(address, fields, headers={"X-Requested-With": "fetch"}).text
    assert "<html" not in fragment
    assert "Worth another look" in fragment
    page = teacher.csrf_post(address, fields).text
    assert "<html" in page
    assert "As a learner sees it" in page
    assert session.scalars(select(ItemRow)).all() == []


def test_the_checklist_names_what_is_still_to_do_while_one_writes(teacher: Client, module: Module) -> None:
    address = new_item(module).replace("/new?", "/check?")
    fields = written(evidence="A sentence that stands nowhere.")
    fragment = teacher.csrf_post(address, fields, headers={"X-Requested-With": "fetch"}).text
    assert "Still to do" in fragment
    assert "Still to do" not in teacher.csrf_post(address, fields).text


def test_unknown_kinds_states_and_foreign_items_are_not_found(
    session: Session, teacher: Client, module: Module
) -> None:
    other = make_module(session)
    row = make_item(session, other.sections[0])
    assert teacher.get(new_item(module, "essay")).status_code == 404
    assert teacher.get(f"/teach/modules/{module.id}/items?state=lost").status_code == 404
    assert teacher.get(f"/teach/modules/{module.id}/items/{row.id}").status_code == 404
    (proposal,) = propose(session, other)
    accept = {"decision": "accept", "version": proposal.current_version_id}
    address = f"/teach/modules/{module.id}/review"
    assert teacher.csrf_post(f"{address}/{proposal.id}", accept).status_code == 404
    assert teacher.csrf_post(address, {"item": proposal.id}).status_code == 404
    assert teacher.get(f"{address}?edit={proposal.id}").status_code == 404


def test_the_bank_lists_items_by_state(session: Session, teacher: Client, module: Module) -> None:
    make_item(session, module.sections[0])
    propose(session, module, 2)
    address = f"/teach/modules/{module.id}/items"
    assert "In use (1)" in teacher.get(address).text
    assert teacher.get(address + "?state=proposed").text.count('class="card"') == 2
    assert "None here." in teacher.get(address + "?state=retired").text


def test_every_link_and_button_of_the_bank_has_a_name_of_its_own(
    session: Session, teacher: Client, module: Module
) -> None:
    for section in module.sections:
        make_item(session, section, choice_item(section.current_version.text, stem=f"Why {section.id}?"))
    page = html.fromstring(teacher.get(f"/teach/modules/{module.id}/items").text)
    found = page.xpath("//main//*[contains(@class, 'button')][self::a or self::button]")
    names = [" ".join(one.text_content().split()) for one in found]
    assert len(names) == len(set(names)) >= 8


def test_a_question_of_a_removed_section_is_shown_and_what_is_typed_waits_for_the_section(
    session: Session, teacher: Client, module: Module
) -> None:
    row = make_item(session, module.sections[1])
    address = f"/teach/modules/{module.id}/items/{row.id}"
    shown = f"/teach/modules/{module.id}/sections/{module.sections[1].id}"
    assert "has been removed" not in teacher.get(address).text
    assert teacher.csrf_post(f"{shown}/remove").status_code == 303
    for path in (address, f"{address}/preview"):
        page = teacher.get(path)
        assert page.status_code == 200
        assert "The section of this question has been removed" in page.text
        assert "Write another" not in page.text
    before = row.current_version_id
    for answer in (
        teacher.csrf_post(address, written(version=before)),
        teacher.csrf_post(f"{shown}/items/check?type=multiple_choice&item={row.id}", written()),
    ):
        assert "Put the section back first" in answer.text
        assert "Ships were not taxed." in answer.text
    assert row.current_version_id == before
    assert teacher.csrf_post(f"{shown}/restore").status_code == 303
    assert teacher.csrf_post(address, written(version=before)).status_code == 303
    assert row.current_version_id != before
    assert teacher.get(new_item(module)).status_code == 200
