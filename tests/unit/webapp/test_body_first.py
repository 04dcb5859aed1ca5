"""Bodies are received before work begins, a few requests work at a time, and waiting never takes every thread."""

import io
import threading

import pytest

from webapp.app import MAX_REQUEST_BYTES
from webapp.cli import body_first
from webapp.cli.body_first import MOST_WAITING, WORKING_THREADS, BodyFirst


class Slow(io.RawIOBase):
    """A body that arrives when it is told to."""

    def __init__(self):
        self.may_arrive = threading.Event()
        self.asked_for = threading.Event()

    def read(self, size=-1):
        self.asked_for.set()
        self.may_arrive.wait(10)
        return b"answer=1"


def request(body=None, **environ):
    return {"wsgi.input": body or io.BytesIO(), "CONTENT_LENGTH": "8" if body else ""} | environ


def echo(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def answer(application, environ):
    said = []
    body = b"".join(application(environ, lambda status, headers: said.append(status)))
    return said[0], body


def test_the_application_reads_what_was_sent():
    assert answer(BodyFirst(echo), request(io.BytesIO(b"answer=1"))) == ("200 OK", b"answer=1")
    assert answer(BodyFirst(echo), request()) == ("200 OK", b"")


@pytest.mark.parametrize(
    "environ", [{"CONTENT_LENGTH": "8"}, {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}]
)
def test_slow_bodies_keep_nobody_waiting(environ):
    application = BodyFirst(echo)
    bodies = [Slow() for _ in range(MOST_WAITING)]
    threads = [
        threading.Thread(target=answer, args=(application, request(body, **environ))) for body in bodies
    ]
    for thread in threads:
        thread.start()
    for body in bodies:
        assert body.asked_for.wait(10)
    assert answer(application, request())[0] == "200 OK"
    status, said = answer(
        application, request(Slow(), **environ)
    )  # one more would take a thread from readers
    assert status == "503 Service Unavailable"
    assert said == body_first.BUSY
    for body in bodies:
        body.may_arrive.set()
    for thread in threads:
        thread.join()
    assert answer(application, request(io.BytesIO(b"x"), **environ))[0] == "200 OK"


def test_only_a_few_work_at_a_time():
    at_work, most, lock, go_on = 0, 0, threading.Lock(), threading.Event()
    begun = threading.Semaphore(0)

    def work(environ, start_response):
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        begun.release()
        go_on.wait(10)
        with lock:
            at_work -= 1
        start_response("200 OK", [])
        return []

    application = BodyFirst(work)
    threads = [threading.Thread(target=answer, args=(application, request())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(WORKING_THREADS):
        assert begun.acquire(timeout=10)
    assert not begun.acquire(timeout=0.1)
    go_on.set()
    for thread in threads:
        thread.join()
    assert most == WORKING_THREADS


def test_what_is_too_large_is_not_read_to_its_end():
    endless = io.BytesIO(b"x" * (MAX_REQUEST_BYTES + 1000))
    _, body = answer(BodyFirst(echo), request(endless, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"))
    assert len(body) == MAX_REQUEST_BYTES + 1
    announced = Slow()
    announced.may_arrive.set()
    answer(
        BodyFirst(lambda *_: _[1]("413 x", []) or []),
        request(announced, CONTENT_LENGTH=str(MAX_REQUEST_BYTES + 1)),
    )
    assert not announced.asked_for.is_set()


def test_a_broken_body_gives_its_place_back():
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError("the line was cut")

    application = BodyFirst(echo)
    for _ in range(MOST_WAITING + 1):
        with pytest.raises(OSError, match="cut"):
            answer(application, request(Broken()))
