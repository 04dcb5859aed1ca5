"""A language model's server for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.factories.chat_server import chat_server


@pytest.fixture
def server():
    with chat_server() as running:
        yield running
