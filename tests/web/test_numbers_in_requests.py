"""Numbers that no row can have, in queries and forms: an answer in words, never a failure."""

from __future__ import annotations

import pytest

from tests.factories.modules import make_module
from tests.factories.people import make_account
from webapp.models.module import ImportDraft
from webapp.services import clock

HUGE = pytest.mark.parametrize("huge", ["9223372036854775808", "9" * 5000, "-9223372036854775809", "x"])


@pytest.fixture
def teacher(session):
    return make_account(session, "administrator")


@pytest.fixture
def desk(client_for, teacher):
    return client_for(teacher)


@pytest.fixture
def module(session):
    return make_module(session)


@HUGE
@pytest.mark.parametrize(
    "address",
    [
        "/?page={huge}",
        "/progress?page={huge}",
        "/m/{slug}/1?mark={huge}-{huge}&question={huge}",
        "/admin/accounts?page={huge}",
        "/teach?deleted={huge}",
        "/teach/modules/{module}/review?section={huge}&edit={huge}",
        "/teach/modules/{module}/sections/new?after={huge}",
        "/teach/modules/{module}/sections/{section}?version={huge}",
    ],
)
def test_in_an_address(desk, module, address, huge):
    path = address.format(slug=module.slug, module=module.id, section=module.sections[0].id, huge=huge)
    assert desk.get(path).status_code in {200, 303}, "not a page of ours"


@HUGE
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/teach/modules/{module}/review", "section"),
        ("/teach/modules/{module}/review", "item"),
        ("/teach/modules/{module}/generate", "section_id"),
        (
            "/teach/modules/{module}/sections/{section}/items/check?type=multiple_choice&item={huge}",
            "version",
        ),
        ("/teach/modules/{module}/sections/{section}/items/new?type=multiple_choice", "version"),
        ("/m/{slug}/1/open", "left"),
        ("/m/{slug}/1/open", "slot"),
    ],
)
def test_in_a_form(desk, module, address, field, huge):
    path = address.format(slug=module.slug, module=module.id, section=module.sections[0].id, huge=huge)
    assert desk.csrf_post(path, {field: huge}).status_code in {200, 303, 409, 422}, "not a page of ours"


@HUGE
def test_in_a_step_of_cutting_a_text(desk, session, teacher, huge):
    now = clock.now()
    sections = [{"heading": "One", "text": "It is here.", "removed": False}]
    draft = ImportDraft(
        account_id=teacher.id,
        filename="a.txt",
        title="A",
        standfirst="",
        sections=sections,
        notes=[],
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.commit()
    fields = {"title": "A", "standfirst": "", "action": f"split-{huge}", f"split-{huge}": huge}
    assert desk.csrf_post(f"/teach/import/{draft.id}", fields).status_code in {303, 422}
