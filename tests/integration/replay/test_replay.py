"""Every grade of many recorded attempts, worked out a second time by other code, and alike on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.integration.replay.journeys import DUE, STEPS, Journey
from tests.integration.replay.recorded_run import Run, record
from tests.integration.replay.second_calculator import credit, expect
from tests.servers import copied_database
from webapp.config import DATABASE_FILE, Settings
from webapp.database import WRITES, make_engine
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.services.graded_attempts import recompute

SEED = 20260302
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]


@pytest.fixture(scope="module")
def recorded(
    request: pytest.FixtureRequest, full: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Run]]:
    """`recorded("sqlite")`: the recording on that database, made once."""
    with ExitStack() as stack:

        @cache
        def make(name: str) -> Run:
            if name == "sqlite":
                data = tmp_path_factory.mktemp("replay")
                template: Path = request.getfixturevalue("template_database")
                copyfile(template, data / DATABASE_FILE)
                settings = Settings(data=data)
            else:
                server = request.getfixturevalue("postgres_server")
                copy = copied_database(server, request.getfixturevalue("postgres_template"))
                settings = Settings(database_url=stack.enter_context(copy))
            engine = make_engine(settings).execution_options(**{WRITES: True})
            if name == "sqlite":  # nobody pulls the plug here
                event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
            stack.callback(engine.dispose)
            session = stack.enter_context(Session(engine))
            return record(session, SEED, 10_000 if full else 1_500)

        yield make


@pytest.mark.parametrize("name", ENGINES)
def test_every_grade_is_what_a_second_calculation_gives(recorded, name):
    run = recorded(name)
    wrong: list[str] = []
    totals: Counter[str] = Counter(run.counts)
    for journey in run.journeys:
        attempt = journey.attempt()
        wrong += [f"{journey.scenario.name}: {problem}" for problem in recompute(run.session, attempt)]
        wrong += compare(run.session, journey, attempt, totals)
    print(f"\n{name}: " + ", ".join(f"{count:,} {what}" for what, count in sorted(totals.items())))
    assert not wrong, f"{len(wrong)} differences, of which the first: " + "\n".join(wrong[:20])
    assert totals["responses"] >= 1_500
    for seen in (
        "released",
        "graded",
        "expired",
        "dropped",
        "late",
        "negative",
        "partly",
        "closed by time",
        "similar",
    ):
        assert totals[seen] > 0, f"the recording has nothing {seen}"


@pytest.mark.needs("postgres")
def test_both_databases_give_the_same(recorded):
    assert recorded("sqlite").outcomes() == recorded("postgres").outcomes()


def compare(session: Session, journey: Journey, attempt: Attempt, totals: Counter[str]) -> list[str]:
    """What is stored against what should be."""
    who = f"{journey.scenario.name}, attempt {attempt.id}"
    slots = session.scalars(
        select(AttemptSlot).filter_by(attempt_id=attempt.id).execution_options(populate_existing=True)
    ).all()
    at = min(journey.handed_in_at or journey.at, journey.answered_at or journey.at)
    percent = credit(at, journey.scenario.quiz_values.get("due_at"), STEPS)
    expires = journey.is_closed_by_time and journey.scenario.rules.get("overdue") == "expire"
    expires = expires and journey.answered_at is None  # practice alone was going on
    percent = 100 if expires else percent
    graded = {slot.position for slot in slots if slot.checked_at is not None or not expires}
    expected = expect(session, attempt, percent, graded)
    state = "expired" if expires else "graded" if "release" in journey.scenario.rules else "released"
    pairs: list[tuple[str, object, object]] = [
        ("state", attempt.state, state),
        ("deadline", attempt.deadline_at, journey.deadline),
        ("handed in at", attempt.submitted_at, journey.handed_in_at),
    ]
    totals[attempt.state] += 1
    totals["attempts"] += 1
    totals["closed by time"] += journey.is_closed_by_time
    totals["late"] += percent < 100
    pairs += [
        ("credit", attempt.credit_percent, percent),
        ("points", attempt.points, expected.points),
        ("possible", attempt.points_possible, expected.possible),
        ("dropped", {slot.position for slot in slots if slot.status == "dropped"}, expected.dropped),
    ]
    own = [slot for slot in slots if slot.retry_of is None]
    pairs += [
        ("questions", attempt.slot_count, len(own)),
        ("answered", attempt.answered_count, sum(bool(slot.response) for slot in own)),
        ("checked", attempt.checked_count, sum(slot.checked_at is not None for slot in own)),
        ("asked once each", len({slot.item_version_id for slot in slots}), len(slots)),
    ]
    totals["similar"] += len(slots) - len(own)
    for slot in slots:
        is_scored = slot.position in graded and slot.position not in expected.dropped
        score = expected.scores[slot.position] if is_scored else None
        if slot.checked_at is not None or not expires:  # a first try may have a score while it is open
            pairs.append((f"score of {slot.position}", slot.score, score))
        pairs.append((f"tries at {slot.position}", slot.tries, expected.tries[slot.position]))
        totals["grades"] += slot.checked_at is not None
        totals["dropped"] += slot.status == "dropped"
        totals["negative"] += slot.score is not None and slot.score < 0
        totals["partly"] += slot.score is not None and 0 < slot.score < 1
    return [f"{who}: {what} is {is_}, not {be}" for what, is_, be in pairs if is_ != be]


def test_the_second_calculation_knows_the_due_moment_itself_and_each_last_moment():
    assert credit(DUE, DUE, STEPS) == 100
    assert credit(STEPS[0][0], DUE, STEPS) == 80
