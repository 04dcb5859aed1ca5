"""Networks that drop, flap, cut messages in two, lose replies after the commit, and answer for somebody else."""

from __future__ import annotations

import time

import pytest

from tests.faults.proxy import Proxy
from tests.faults.school import School


@pytest.fixture
def through(bench, engine):
    """Rounds in which all learners go through a network that fails."""
    made = []

    def run(kind: str, fault) -> None:
        site = bench.site(engine, kind)
        proxy = Proxy(site.port)
        made.append(proxy)
        bench.run(kind, engine, lambda school: fault(school, proxy), site, port=proxy.port)

    yield run
    for proxy in made:
        proxy.close()


def drop(school: School, proxy: Proxy) -> None:
    proxy.go_down()
    time.sleep(school.chance.uniform(0.05, 0.4))
    proxy.come_back()


def flap(school: School, proxy: Proxy) -> None:
    for _ in range(school.chance.randint(3, 8)):
        proxy.go_down()
        time.sleep(school.chance.uniform(0.005, 0.06))
        proxy.come_back()
        time.sleep(school.chance.uniform(0.005, 0.06))


def meets(mode: str):
    def fault(school: School, proxy: Proxy) -> None:
        proxy.arm(mode, school.chance.randint(1, len(school.learners)))
        assert proxy.wait_until_met(), mode

    return fault


def test_the_network_goes_away(through):
    through("network drop", drop)


def test_the_network_flaps(through):
    through("network flapping", flap)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("cut mid-request", "cut request"),
        ("cut mid-response", "cut response"),
        ("response lost after commit", "lose response"),
        ("captive portal's 200", "portal"),
    ],
)
def test_messages_are_cut_lost_or_answered_by_others(through, kind, mode):
    through(kind, meets(mode))


def test_a_lost_response_was_a_commit(bench, engine):
    """What the kinds above rest on: the save behind a lost response is stored, and its repetition says the same."""
    site = bench.site(engine, "response lost after commit")
    proxy = Proxy(site.port)

    def once(school: School) -> None:
        page = school.page_beside(school.learners[0], "page-behind-the-proxy")
        page.browser.port = proxy.port
        fields = page.next_fields()
        proxy.arm("lose response", 1)
        assert page.deliver(fields) is None
        assert proxy.wait_until_met(1)
        again = page.deliver(fields)
        assert again is not None
        assert again.kind == "stored"
        page.take(again)
        page.browser.close()

    bench.run("repeated after a lost response", engine, once, site)
    proxy.close()
