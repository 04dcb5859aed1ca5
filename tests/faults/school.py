"""A class at work on a running site: learners who save all the time, an instructor, and the judge at the end."""

from __future__ import annotations

import bisect
import os
import random
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import make_account
from tests.faults.learners import Browser, Learner
from tests.faults.verdict import Record, Verdict, judge_site
from tests.live import Site
from webapp.app import create_app
from webapp.identity import LOGIN_KEY
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import AttemptSlot
from webapp.models.item import Item
from webapp.services import clock

QUESTIONS = 3
WITHIN_S = 60
"""So long may it take until saves are acknowledged again; the totals tell how long it took."""
TEXTS = [
    ("", " ".join(f"The town of N{number} was built in 19{number:02}." for number in range(1, 10))),
    (
        "The river",
        " ".join(f"The bridge of R{number} was built in 18{number:02}." for number in range(1, 10)),
    ),
]


@dataclass
class School:
    """Learners, each with an attempt of their own at the same section."""

    site: Site
    engine: str
    learners: list[Learner]
    instructor: Browser
    module_id: int
    slug: str
    section_ids: list[int]
    item_ids: list[int]
    wordings: dict[tuple[int, int], int]
    chance: random.Random
    further: list[Record] = field(default_factory=list)
    """Records of pages beside the learners' own."""
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Let everybody open the page and work."""
        self.stop.clear()
        for learner in self.learners:
            assert learner.browser.open_page(), self.site.log[-2000:]
        self.threads = [
            threading.Thread(target=learner.work, args=(self.stop,), daemon=True) for learner in self.learners
        ]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let everybody stop; a save in flight stays unacknowledged."""
        self.stop.set()
        for thread in self.threads:
            thread.join(WITHIN_S)
            assert not thread.is_alive(), "a learner does not stop"

    @property
    def count(self) -> int:
        return sum(len(learner.record.acknowledged) for learner in self.learners)

    def wait_for_more(self, more: int) -> None:
        """Until so many further saves are acknowledged."""
        goal, until = self.count + more, time.monotonic() + WITHIN_S
        while self.count < goal:
            self._may_wait(until)

    def wait_for_all(self, moment: float) -> tuple[float, float]:
        """Seconds from the moment until somebody's save, and until everybody's, is acknowledged."""
        until = time.monotonic() + WITHIN_S
        while True:
            firsts = [self._first_after(learner, moment) for learner in self.learners]
            times = [first for first in firsts if first is not None]
            if len(times) == len(firsts):
                return min(times) - moment, max(times) - moment
            self._may_wait(until)

    def _may_wait(self, until: float) -> None:
        assert time.monotonic() < until, f"nothing is acknowledged any more\n{self.site.log[-3000:]}"
        assert any(thread.is_alive() for thread in self.threads), "the learners have ended"
        time.sleep(0.01)

    @staticmethod
    def _first_after(learner: Learner, moment: float) -> float | None:
        place = bisect.bisect_right(learner.times, moment)
        return learner.times[place] if place < len(learner.times) else None

    @property
    def records(self) -> list[Record]:
        return [*(learner.record for learner in self.learners), *self.further]

    def page_beside(self, learner: Learner, client_id: str) -> Learner:
        """Another page of the same attempt, such as a second tab."""
        record = Record(learner.record.attempt_id, client_id)
        self.further.append(record)
        browser = Browser(learner.browser.port, learner.browser.cookie, learner.browser.page)
        assert browser.open_page()
        return Learner(browser, record, learner.questions, self.chance, learner.pause_s)

    def judge_in_flight(self, *, is_whole: bool = True) -> Verdict:
        """The judgement while the site is down and everybody still tries: nothing can be acknowledged meanwhile.

        What is not of today's schema (`is_whole`) can be compared, but not examined.
        """
        time.sleep(0.01)  # a learner may be between reading a reply and noting it
        return judge_site(self.site.settings, self.records, self.wordings, is_whole=is_whole)

    def judge(self) -> Verdict:
        """Compare what is stored with what everybody was told. To be asked when nobody works."""
        verdict = judge_site(self.site.settings, self.records, self.wordings)
        for learner in self.learners:
            if not learner.gives_up and learner.record.refused:
                statuses = sorted(set(learner.record.refused.values()))
                verdict.torn.append(f"{learner.record.client_id} was refused with {statuses}")
        return verdict


def open_school(
    site: Site, engine: str, clients: int, chance: random.Random, *, pause_s: float, gives_up: bool = False
) -> School:
    """A module with questions, and people who have begun to answer them."""
    with site.session() as session:
        module = make_module(session, sections=TEXTS, slug=f"bench-{chance.getrandbits(48):x}")
        section = module.sections[0]
        text = section.current_version.text
        items = [make_item(session, section, gap_item(text, "built")) for _ in range(QUESTIONS)]
        teacher = make_account(session, "instructor", username=f"teacher-{chance.getrandbits(48):x}")
        accounts = [
            make_account(session, username=f"learner-{chance.getrandbits(48):x}") for _ in range(clients)
        ]
        attempts = [make_attempt(session, account, section).id for account in accounts]
        cookies = cookies_for(site, session, [teacher, *accounts])
        wordings = _wordings(session, attempts)
        page, teacher_page = f"/m/{module.slug}/1", f"/teach/modules/{module.id}/items"
        learners = [
            Learner(
                Browser(site.port, cookie, page),
                Record(attempt, f"learner-{number:02}"),
                QUESTIONS,
                random.Random(chance.random()),
                pause_s,
                gives_up,
            )
            for number, (attempt, cookie) in enumerate(zip(attempts, cookies[1:], strict=True))
        ]
        return School(
            site,
            engine,
            learners,
            Browser(site.port, cookies[0], teacher_page),
            module.id,
            module.slug,
            [one.id for one in module.sections],
            [item.id for item in items],
            wordings,
            chance,
        )


def cookies_for(site: Site, session: Session, accounts: list[Account]) -> list[str]:
    """The cookies of browsers in which these are signed in."""
    app = create_app(site.settings)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    made = []
    for account in accounts:
        token = os.urandom(24).hex()
        session.add(
            LoginSession(token=token, account_id=account.id, created_at=clock.now(), user_agent="test")
        )
        content = {LOGIN_KEY: token, "fs_paa": time.time(), "_permanent": True}
        made.append(f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)}")
    session.commit()
    return made


def _wordings(session: Session, attempts: list[int]) -> dict[tuple[int, int], int]:
    columns = (AttemptSlot.attempt_id, AttemptSlot.position, AttemptSlot.item_version_id)
    rows = session.execute(select(*columns).where(AttemptSlot.attempt_id.in_(attempts)))
    return {(row[0], row[1]): row[2] for row in rows}


def count_items(site: Site) -> int:
    """How many questions there are on the whole site."""
    with site.session() as session:
        return session.query(Item).count()
