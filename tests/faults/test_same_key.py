"""One idempotency key sent twice: at the same moment (a double click), and with another answer (409)."""

from __future__ import annotations

import threading

from tests.faults.learners import Browser, Reply
from tests.faults.school import School

TOGETHER = 4


def send_together(school: School) -> None:
    """The same save over several connections at once: every reply says the same."""
    learner = school.chance.choice(school.learners)
    page = school.page_beside(learner, f"double-{len(school.further):06}")
    fields = page.next_fields()
    replies: list[Reply] = []
    gate = threading.Barrier(TOGETHER)

    def send() -> None:
        browser = Browser(page.browser.port, page.browser.cookie, page.browser.page, page.browser.token)
        gate.wait()
        replies.append(browser.post(page.path, fields))
        browser.close()

    threads = [threading.Thread(target=send) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status for reply in replies} == {200}, replies
    assert len({reply.facts["sequence"] for reply in replies}) == 1, replies
    assert len(replies) == TOGETHER
    page.take(replies[0])
    page.browser.close()


def send_another_body(school: School) -> None:
    """A key that was used, with another answer: refused, and the first one stays."""
    learner = school.chance.choice(school.learners)
    page = school.page_beside(learner, f"reused-{len(school.further):06}")
    fields = page.next_fields()
    first = page.deliver(fields)
    assert first is not None
    page.take(first)
    position, text = page.record.sent[page.sequence]
    for other in (f"{text} and more", "something else"):
        refused = page.deliver(page.fields(page.sequence, position, other))
        assert refused is not None
        assert (refused.status, refused.kind) == (409, "refused"), refused
    elsewhere = page.deliver(page.fields(page.sequence, position % learner.questions + 1, text))
    assert elsewhere is not None
    assert elsewhere.status == 409, elsewhere
    again = page.deliver(fields)
    assert again is not None
    assert again.facts["sequence"] == first.facts["sequence"]
    page.browser.close()


def two_tabs(school: School) -> None:
    """A second page of the same attempt saves among the first one's saves."""
    learner = school.chance.choice(school.learners)
    page = school.page_beside(learner, f"second-tab-{len(school.further):06}")
    for _ in range(5):
        page.save_next(threading.Event())
    assert len(page.record.acknowledged) == 5
    page.browser.close()


def test_a_double_click(bench, engine):
    bench.run("same key in parallel", engine, send_together)


def test_a_key_with_another_answer(bench, engine):
    bench.run("same key, another body", engine, send_another_body)


def test_two_tabs(bench, engine):
    bench.run("two tabs", engine, two_tabs)
