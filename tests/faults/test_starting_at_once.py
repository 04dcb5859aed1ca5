"""A whole school presses "Start" in the same second: everybody gets one attempt, and answers in it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tests.factories.people import make_account
from tests.faults.learners import Browser, Learner, Reply
from tests.faults.school import School, cookies_for
from tests.faults.verdict import Record
from webapp.models.attempt import Attempt

CLASS, WHOLE_SCHOOL = 60, 300
TWICE = 0.1
"""So many press twice, or have a second window that does the same."""
WITHIN_S = 60


@dataclass
class Starter:
    """One person's windows before the start."""

    account_id: int
    windows: list[Browser]


def gather(school: School, count: int) -> list[Starter]:
    """People who have the section open and have not begun."""
    with school.site.session() as session:
        names = [f"starter-{school.chance.getrandbits(48):x}" for _ in range(count)]
        accounts = [make_account(session, username=name) for name in names]
        cookies = cookies_for(school.site, session, accounts)
        found = [
            Starter(account.id, [new_window(school, cookie)])
            for account, cookie in zip(accounts, cookies, strict=True)
        ]
    for starter in found:
        if school.chance.random() < TWICE:
            starter.windows.append(new_window(school, starter.windows[0].cookie))
    return found


def new_window(school: School, cookie: str) -> Browser:
    return Browser(school.site.port, cookie, f"/m/{school.slug}/1")


def all_at_once(actions: Sequence[Callable[[], None]]) -> float:
    """Everybody does it at the same moment; seconds until the last has begun."""
    gate, begun = threading.Barrier(len(actions) + 1), []

    def act(one: Callable[[], None]) -> None:
        gate.wait(WITHIN_S)
        begun.append(time.monotonic())
        one()

    threads = [threading.Thread(target=act, args=(one,), daemon=True) for one in actions]
    for thread in threads:
        thread.start()
    gate.wait(WITHIN_S)
    moment = time.monotonic()
    for thread in threads:
        thread.join(WITHIN_S)
        assert not thread.is_alive(), "somebody was never answered"
    assert len(begun) == len(actions)
    return max(begun) - moment


def start_all(school: School, starters: Sequence[Starter]) -> float:
    """Open the page in every window, and press "Start" in all of them in the same second; the moment of it."""
    windows = [window for starter in starters for window in starter.windows]
    for window in windows:
        assert window.open_page(), school.site.log[-2000:]
        window.close()  # as a browser's that was left alone for a while
    replies: list[Reply] = []

    def press(window: Browser) -> None:
        replies.append(window.post(f"/m/{school.slug}/1/check", {}, as_json=False))

    moment = time.monotonic()
    assert all_at_once([lambda window=window: press(window) for window in windows]) < 1
    assert Counter(reply.status for reply in replies) == {303: len(windows)}, school.site.log[-2000:]
    return moment


def test_a_whole_school_starts_at_once(bench, engine):
    """Others are at work meanwhile, and lose nothing either."""
    count = WHOLE_SCHOOL if bench.is_long else CLASS

    def fault(school: School) -> float:
        starters = gather(school, count)
        moment = start_all(school, starters)
        begun = attempts_of(school, starters)
        assert {account: len(own) for account, own in begun.items()} == dict.fromkeys(begun, 1)
        assert len(begun) == count
        pages = [page_of(school, starter, begun[starter.account_id][0]) for starter in starters]
        all_at_once([lambda page=page: page.save_next(threading.Event()) for page in pages])
        assert {len(page.record.acknowledged) for page in pages} == {1}
        for starter in starters:
            for window in starter.windows:
                window.close()
        return moment

    bench.run("whole school starts at once", engine, fault)


def attempts_of(school: School, starters: Sequence[Starter]) -> dict[int, list[int]]:
    """Every attempt that each of them has."""
    own = [starter.account_id for starter in starters]
    found: dict[int, list[int]] = {}
    with school.site.session() as session:
        rows = select(Attempt.account_id, Attempt.id).where(Attempt.account_id.in_(own))
        for account_id, attempt_id in session.execute(rows):
            found.setdefault(account_id, []).append(attempt_id)
    return found


def page_of(school: School, starter: Starter, attempt_id: int) -> Learner:
    """The page of the attempt that was started, for the judge to look at."""
    record = Record(attempt_id, f"starter-{starter.account_id}")
    school.further.append(record)
    return Learner(starter.windows[0], record, len(school.item_ids), school.chance, 0)
