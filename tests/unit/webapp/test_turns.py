"""One request at a time, in order; a slow one lets another by, and only then."""

import threading
import time

import pytest

from webapp import turns
from webapp.turns import Turns, aside

WAIT_S = 10


class Worker:
    """A thread that asks for a turn and keeps it until it is told to end."""

    def __init__(self, gate, began=None):
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self._gate, self._began = gate, began
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self):
        with self._gate.turn():
            if self._began is not None:
                self._began.append(self)
            self.has_begun.set()
            self.may_end.wait(WAIT_S)

    def end(self):
        self.may_end.set()
        self.thread.join()


@pytest.fixture
def patient(monkeypatch):
    """Nobody is slow."""
    monkeypatch.setattr(turns, "PATIENCE_S", WAIT_S)


def wait_until(is_so):
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


def wait_for_queue(gate, length):
    wait_until(lambda: len(gate._waiting) >= length)


def line_up(gate, began, count):
    """So many who come one after the other while somebody is at work."""
    workers = []
    for number in range(1, count + 1):
        workers.append(Worker(gate, began))
        wait_for_queue(gate, number)
    return workers


def end_one_by_one(workers, began, already=0):
    """Each begins when the one before has ended, and no other does; `already` others began earlier."""
    for number, worker in enumerate(workers, start=already + 1):
        assert worker.has_begun.wait(WAIT_S)
        assert len(began) == number
        worker.end()
    assert began[already:] == workers


def test_one_at_a_time_in_the_order_of_coming(patient):
    gate, began = Turns(2), []
    first = Worker(gate, began)
    assert first.has_begun.wait(WAIT_S)
    end_one_by_one([first, *line_up(gate, began, 4)], began)


def test_a_slow_one_lets_one_by_after_the_other(patient):
    gate, began = Turns(2), []
    slow = Worker(gate, began)
    assert slow.has_begun.wait(WAIT_S)
    waiting = line_up(gate, began, 3)
    gate._at_work[0].since -= 2 * WAIT_S
    end_one_by_one([*waiting, Worker(gate, began)], began, already=1)
    slow.end()


def test_no_more_than_so_many_work_at_once_however_slow():
    gate = Turns(2)
    workers = [Worker(gate)]
    workers[0].has_begun.wait(WAIT_S)
    workers += [Worker(gate)]
    assert workers[1].has_begun.wait(WAIT_S)
    third = Worker(gate)
    assert not third.has_begun.wait(3 * turns.PATIENCE_S)
    workers[0].end()
    assert third.has_begun.wait(WAIT_S)
    for worker in (workers[1], third):
        worker.end()


def test_a_failure_ends_the_turn(patient):
    gate = Turns(1)
    with pytest.raises(ZeroDivisionError), gate.turn():
        raise ZeroDivisionError
    next_one = Worker(gate)
    assert next_one.has_begun.wait(WAIT_S)
    next_one.end()


def test_many_threads_and_nobody_is_forgotten():
    gate, lock, done = Turns(2), threading.Lock(), []
    at_work, most = 0, 0

    def work(number):
        nonlocal at_work, most
        for turn in range(30):
            with gate.turn():
                with lock:
                    at_work += 1
                    most = max(most, at_work)
                time.sleep(0.07 if number == 0 and turn % 10 == 0 else 0)
                with lock:
                    at_work -= 1
        done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert sorted(done) == list(range(12))
    assert most <= 2


def test_who_steps_aside_lets_others_work_and_goes_on_before_those_who_have_not_begun(patient):
    gate, steps = Turns(1), []
    is_aside, may_return, other_may_end = (threading.Event() for _ in range(3))

    def hashes():
        with gate.turn():
            steps.append("begins")
            with aside():
                is_aside.set()
                may_return.wait(WAIT_S)
            steps.append("goes on")

    def works(name):
        with gate.turn():
            steps.append(name)
            other_may_end.wait(WAIT_S)

    threads = [threading.Thread(target=hashes)]
    threads[0].start()
    assert is_aside.wait(WAIT_S)
    for name in ("other", "third"):
        threads.append(threading.Thread(target=works, args=(name,)))
        threads[-1].start()
        wait_until(lambda: "other" in steps)
    wait_for_queue(gate, 1)
    may_return.set()
    wait_for_queue(gate, 2)
    other_may_end.set()
    for thread in threads:
        thread.join(WAIT_S)
    assert steps == ["begins", "other", "goes on", "third"]


def test_who_holds_what_the_others_want_comes_back_all_the_same():
    gate, wanted, held = Turns(2), threading.Lock(), threading.Event()

    def holds_it_aside():
        with gate.turn(), wanted, aside():
            held.set()
            wait_until(lambda: len(gate._at_work) == 2)

    def wants_it():
        with gate.turn(), wanted:
            pass

    threads = [threading.Thread(target=holds_it_aside)]
    threads[0].start()
    assert held.wait(WAIT_S)
    threads += [threading.Thread(target=wants_it) for _ in range(4)]
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_a_failure_aside_comes_back_first(patient):
    gate = Turns(1)
    with pytest.raises(ZeroDivisionError), gate.turn(), aside():
        raise ZeroDivisionError
    assert gate._at_work == []
    with gate.turn():
        assert len(gate._at_work) == 1


def test_outside_a_turn_nobody_steps_aside():
    with aside():
        pass
    gate = Turns(1)
    with gate.turn():
        pass
    with aside():
        assert gate._at_work == []
