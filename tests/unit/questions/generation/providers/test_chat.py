"""One question, one answer: retries, time-outs, sizes, redirects, tokens. Over a real socket."""

from __future__ import annotations

import json
import socket
import time
from decimal import Decimal

import pytest

from questions.generation.providers import http_post
from questions.generation.providers.chat import MOST_ATTEMPTS, BadAnswer, Chat
from questions.generation.providers.http_post import NoAnswer
from tests.factories.chat_server import KEY, Answer, drip, flood, said, slow

HELLO = said("hello")


def chat(server, tick=lambda: None, **values) -> Chat:
    return Chat(server.connection(**values), tick, seed=7)


def script(server, *answers):
    """These answers, one after the other; the last for ever."""
    queue = list(answers)
    server.answers = lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


def test_a_question_is_sent_as_the_protocol_has_it(server):
    script(server, HELLO)
    assert chat(server).ask("Be brief.", "Hello?") == "hello"
    [call] = server.calls
    assert call.path == "/v1/chat/completions"
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert call.content == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}],
        "temperature": 0,
        "seed": 7,
        "response_format": {"type": "json_object"},
    }


def test_without_a_key_none_is_sent(server):
    script(server, HELLO)
    keyless = http_post.Connection(f"{server.address}/chat/completions", "tiny")
    Chat(keyless, lambda: None, 0).ask("", "")
    assert "Authorization" not in server.calls[0].headers


def test_a_server_of_the_bare_protocol_is_asked_again_without_options(server):
    server.answers = lambda call: Answer(status=400) if "seed" in call.content else HELLO
    one = chat(server)
    assert one.ask("", "") == one.ask("", "") == "hello"
    assert [set(call.content) > {"model", "messages"} for call in server.calls] == [True, False, False]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_tried_again(server, status):
    script(server, Answer(status=status), Answer(status=status), HELLO)
    assert chat(server).ask("", "") == "hello"
    assert len(server.calls) == MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("status", "calls"), [(429, MOST_ATTEMPTS), (500, MOST_ATTEMPTS), (401, 1), (404, 1)]
)
def test_what_does_not_pass_is_told_with_its_status(server, status, calls):
    script(server, Answer(b"no: " + KEY.encode(), status))
    with pytest.raises(NoAnswer, match=str(status)) as caught:
        chat(server).ask("", "")
    assert len(server.calls) == calls
    assert KEY not in str(caught.value)


def test_the_server_says_how_long_to_wait_and_gets_no_more_than_the_time_left(server):
    script(server, Answer(status=429, headers={"Retry-After": "3600"}), HELLO)
    start = time.monotonic()
    with pytest.raises(NoAnswer, match="time for one text"):
        chat(server, article_s=0.3).ask("", "")
    assert 0.2 < time.monotonic() - start < 3


def test_nobody_there(server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        nobody = http_post.Connection(f"http://127.0.0.1:{port}/v1", "tiny", KEY, backoff_s=0.01)
        with pytest.raises(NoAnswer, match="no connection"):
            Chat(nobody, lambda: None, 0).ask("", "")


def test_an_answer_that_breaks_off(server):
    script(server, Answer(headers={"Content-Length": "500"}, write=lambda _, out: out.write(b"{")))
    with pytest.raises(NoAnswer, match="broke off"):
        chat(server).ask("", "")
    assert len(server.calls) == MOST_ATTEMPTS


@pytest.mark.parametrize("write", [slow, drip])
def test_a_whole_answer_has_its_time_however_it_is_spun_out(server, write):
    script(server, Answer(write=write))
    start = time.monotonic()
    with pytest.raises(NoAnswer, match="too long"):
        chat(server, answer_s=0.3).ask("", "")
    assert time.monotonic() - start < 3
    assert len(server.calls) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_never_says_a_word_has_its_time_too(scheme):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/"
        connection = http_post.Connection(address, "tiny", answer_s=0.2)
        with pytest.raises(NoAnswer, match="too long"):
            Chat(connection, lambda: None, 0).ask("", "")


def test_tls_that_is_none_is_refused_and_not_retried(server):
    connection = http_post.Connection(server.address.replace("http:", "https:"), "tiny", KEY, backoff_s=0.01)
    with pytest.raises(NoAnswer):
        Chat(connection, lambda: None, 0).ask("", "")
    assert server.calls == []


@pytest.mark.parametrize("answer", [Answer(write=flood), Answer(b" " * (http_post.LARGEST_ANSWER + 1))])
def test_a_huge_answer_is_not_read_to_its_end(server, answer):
    script(server, answer)
    one = chat(server)
    with pytest.raises(BadAnswer, match="too large"):
        one.ask("", "")
    assert one.bill.untold == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server, status):
    script(server, Answer(status=status, headers={"Location": f"{server.address}/elsewhere"}))
    with pytest.raises(NoAnswer, match="another address"):
        chat(server).ask("", "")
    assert [call.path for call in server.calls] == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": [1]}}]}',
        b'{"choices": {"0": 1}}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"9" * 5_000,
    ],
)
def test_what_is_not_of_the_protocol(server, body):
    script(server, Answer(body))
    with pytest.raises(BadAnswer):
        chat(server).ask("", "")


def test_an_answer_that_was_cut_off_by_the_model(server):
    script(server, said("{", finish_reason="length"))
    with pytest.raises(BadAnswer, match="cut off"):
        chat(server).ask("", "")


class TestTheBill:
    def test_tokens_and_cost_are_summed(self, server):
        script(server, HELLO)
        one = chat(server, price_in=Decimal("0.5"), price_out=Decimal(2))
        one.ask("", "")
        one.ask("", "")
        assert (one.bill.calls, one.bill.tokens_in, one.bill.tokens_out, one.bill.untold) == (2, 200, 40, 0)
        assert one.bill.cost(one.connection) == Decimal("0.18")

    def test_without_prices_there_is_no_cost(self, server):
        one = chat(server)
        assert one.bill.cost(one.connection) is None

    @pytest.mark.parametrize(
        "usage", [None, [], {}, {"prompt_tokens": -1, "completion_tokens": 1e9}, {"prompt_tokens": True}]
    )
    def test_what_the_server_does_not_tell_is_counted_as_untold(self, server, usage):
        script(server, said("hello", usage=usage))
        one = chat(server)
        one.ask("", "")
        assert (one.bill.tokens_in, one.bill.tokens_out, one.bill.untold) == (0, 0, 1)

    def test_failed_calls_are_calls(self, server):
        script(server, Answer(status=500))
        one = chat(server)
        with pytest.raises(NoAnswer):
            one.ask("", "")
        assert one.bill.calls == MOST_ATTEMPTS


def test_whoever_cancels_is_heard_before_every_call(server):
    script(server, Answer(status=500))
    ticks = []

    def tick():
        ticks.append(len(server.calls))
        if len(ticks) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        chat(server, tick).ask("", "")
    assert ticks == [0, 1]


def test_the_key_is_in_no_words_of_ours(server):
    connection = server.connection()
    assert KEY not in repr(connection)
    assert KEY not in str(connection)
    assert json.dumps(KEY) not in repr(chat(server).__dict__)
