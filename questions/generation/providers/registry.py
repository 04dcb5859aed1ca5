"""The one list of providers, by the name they have on the command line."""

from __future__ import annotations

from collections.abc import Mapping

from questions.generation.providers.base import Provider
from questions.generation.providers.connection import (
    ConnectionSettingsError,
    connection_from_environment,
)
from questions.generation.providers.openai_compatible import OpenAiCompatible
from questions.generation.providers.rules import Rules

PROVIDERS = (Rules.name, OpenAiCompatible.name)


def provider_named(name: str, environ: Mapping[str, str] | None = None) -> Provider:
    """The provider of that name, as the environment sets it up. Raises ConnectionSettingsError, KeyError."""
    if name == Rules.name:
        return Rules()
    if name != OpenAiCompatible.name:
        raise KeyError(name)
    connection = connection_from_environment(environ)
    if connection is None:
        raise ConnectionSettingsError("set READCHECK_LLM_URL and READCHECK_LLM_MODEL, and READCHECK_LLM_KEY")
    return OpenAiCompatible(connection)
