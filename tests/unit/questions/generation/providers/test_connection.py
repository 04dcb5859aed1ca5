"""Where the language model is: off by default, named where wrong, never a secret in a message."""

from __future__ import annotations

from decimal import Decimal

import pytest

from questions.generation.providers.connection import (
    Connection,
    ConnectionSettingsError,
    connection_from_environment,
    read_connection,
)
from questions.generation.providers.openai_compatible import OpenAiCompatible
from questions.generation.providers.registry import PROVIDERS, provider_named
from questions.generation.providers.rules import Rules

WHOLE = {"LLM_URL": "https://api.example.org/v1/", "LLM_MODEL": "small", "LLM_KEY": "sk-1"}


def test_it_is_off_by_default():
    assert read_connection({}) == (None, [])
    assert connection_from_environment({"PATH": "/bin", "READCHECK_URL": "https://read.example.org"}) is None


def test_what_is_set_is_read():
    more = {"LLM_PRICE_IN": "0.5", "LLM_PRICE_OUT": "2", "LLM_TIMEOUT": "30", "LLM_ARTICLE_TIMEOUT": "600"}
    found, wrong = read_connection(WHOLE | more)
    assert wrong == []
    assert found == Connection(
        "https://api.example.org/v1/chat/completions",
        "small",
        "sk-1",
        Decimal("0.5"),
        Decimal(2),
        answer_s=30.0,
        article_s=600.0,
    )


def test_the_whole_address_may_be_given_too():
    found, _ = read_connection(WHOLE | {"LLM_URL": "https://api.example.org/v1/chat/completions"})
    assert found is not None
    assert found.url == "https://api.example.org/v1/chat/completions"


@pytest.mark.parametrize(
    "address", ["http://localhost:11434/v1", "http://127.0.0.1:8080", "http://[::1]:8080/v1"]
)
def test_plain_http_goes_to_this_machine(address):
    found, wrong = read_connection(WHOLE | {"LLM_URL": address})
    assert found is not None, wrong


@pytest.mark.parametrize(
    "address", ["http://10.0.0.7:8080/v1", "http://localhost.example.org/v1", "http://127.0.0.1.example.org"]
)
def test_and_nowhere_else_unless_somebody_says_so(address):
    found, [line] = read_connection(WHOLE | {"LLM_URL": address})
    assert found is None
    assert "READCHECK_LLM_ALLOW_HTTP=1" in line
    found, wrong = read_connection(WHOLE | {"LLM_URL": address, "LLM_ALLOW_HTTP": "1"})
    assert found is not None, wrong


@pytest.mark.parametrize(
    "address",
    [
        "api.example.org",
        "ftp://api.example.org",
        "https://",
        "https://me:hunter2@api.example.org/v1",
        "https://api.example.org/v1?key=hunter2",
        "https://api.example.org/v1#hunter2",
        "https://api.example.org:hunter2/v1",
        "https://api.example.org:0/v1",
        "https://api.example.org/hunter2 v1",
        "file:///etc/passwd",
        "https://[hunter2]/v1",
        "https://me:hunter2@ex\u2100mple.org",
        "https://ex\u00e4mple.org",
    ],
)
def test_other_addresses_are_refused_and_not_repeated(address):
    found, wrong = read_connection(WHOLE | {"LLM_URL": address})
    assert found is None
    assert wrong
    assert "hunter2" not in "".join(wrong)


@pytest.mark.parametrize("key", ["hunter2 x", "hunter2\r\nX-Evil: 1", "hunter2\u00e9"])
def test_a_key_that_would_break_a_header_is_refused_and_not_repeated(key):
    found, [line] = read_connection(WHOLE | {"LLM_KEY": key})
    assert found is None
    assert line.startswith("READCHECK_LLM_KEY: ")
    assert "hunter2" not in line


def test_every_wrong_one_is_named():
    raw = WHOLE | {
        "LLM_MODEL": "",
        "LLM_PRICE_IN": "free",
        "LLM_PRICE_OUT": "-1",
        "LLM_TIMEOUT": "0",
        "LLM_ARTICLE_TIMEOUT": "nan",
        "LLM_ALLOW_HTTP": "perhaps",
    }
    _, wrong = read_connection(raw)
    assert sorted(line.partition(":")[0] for line in wrong) == [
        "READCHECK_LLM_ALLOW_HTTP",
        "READCHECK_LLM_ARTICLE_TIMEOUT",
        "READCHECK_LLM_MODEL",
        "READCHECK_LLM_PRICE_IN",
        "READCHECK_LLM_PRICE_OUT",
        "READCHECK_LLM_TIMEOUT",
    ]


def test_a_key_without_an_address_is_a_mistake():
    found, [line] = read_connection({"LLM_KEY": "sk-1"})
    assert found is None
    assert "READCHECK_LLM_URL is not" in line


class TestProvidersByName:
    def test_rules_need_nothing(self):
        assert isinstance(provider_named("rules", {}), Rules)

    def test_the_other_needs_its_settings(self):
        environ = {f"READCHECK_{name}": value for name, value in WHOLE.items()}
        provider = provider_named("openai_compatible", environ)
        assert isinstance(provider, OpenAiCompatible)
        assert provider.connection.model == "small"
        with pytest.raises(ConnectionSettingsError, match="READCHECK_LLM_URL"):
            provider_named("openai_compatible", {})
        with pytest.raises(ConnectionSettingsError, match="READCHECK_LLM_MODEL"):
            provider_named("openai_compatible", environ | {"READCHECK_LLM_MODEL": ""})

    def test_there_are_no_others(self):
        assert {provider_named("rules").name, OpenAiCompatible.name} == set(PROVIDERS)
        with pytest.raises(KeyError):
            provider_named("oracle")
