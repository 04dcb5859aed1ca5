"""Settings: defaults that are right, wrong ones named all at once."""

from pathlib import Path

import pytest

from webapp.config import Settings, SettingsError


def test_nothing_set_is_right():
    settings = Settings.from_environment({})
    assert settings.data == Path("instance")
    assert settings.is_sqlite
    assert settings.database_file == Path("instance/readcheck.sqlite3").absolute()
    assert not settings.uses_tls


def test_every_wrong_setting_is_named_with_what_would_be_right():
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(
            {
                "READCHECK_URL": "read.example.org",
                "READCHECK_DATABASE_URL": "mysql://x",
                "READCHECK_TRUSTED_PROXIES": "10.0.0.0/99",
                "READCHECK_ALLOW_HTTP": "perhaps",
                "READCHECK_SECRET": "short",
                "READCHECK_REDIS_URL": "localhost",
                "READCHECK_COLOUR": "blue",
                "PATH": "/bin",
            }
        )
    lines = str(caught.value).splitlines()
    assert len(lines) == 7
    for name in ("URL", "DATABASE_URL", "TRUSTED_PROXIES", "ALLOW_HTTP", "SECRET", "REDIS_URL", "COLOUR"):
        assert any(f"READCHECK_{name}" in line.split("there are")[0] for line in lines), name
    assert "https://read.example.org" in str(caught.value)


def test_a_wrong_secret_is_not_repeated():
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"READCHECK_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_what_is_set_is_read():
    settings = Settings.from_environment(
        {
            "READCHECK_DATA": "/srv/read",
            "READCHECK_DATABASE_URL": "postgresql://me:pw@db/read",
            "READCHECK_URL": "https://read.example.org/",
            "READCHECK_TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16",
            "READCHECK_ALLOW_HTTP": "yes",
            "READCHECK_REQUIRE": "browser",
        }
    )
    assert settings.effective_database_url == "postgresql+psycopg://me:pw@db/read"
    assert settings.database_file is None
    assert settings.url == "https://read.example.org"
    assert settings.uses_tls
    assert settings.trusted_proxies == ("10.0.0.1/32", "192.168.0.0/16")
    assert settings.allow_http


def test_a_language_model_is_off_unless_it_is_set_up_whole():
    assert Settings.from_environment({}).language_model is None
    whole = {"READCHECK_LLM_URL": "https://api.example.org/v1", "READCHECK_LLM_MODEL": "small"}
    model = Settings.from_environment(whole | {"READCHECK_LLM_KEY": "sk-hunter2"}).language_model
    assert model is not None
    assert (model.model, model.key) == ("small", "sk-hunter2")
    assert "hunter2" not in repr(model)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(
            {
                "READCHECK_LLM_URL": "http://10.0.0.7/v1",
                "READCHECK_LLM_KEY": "sk hunter2",
                "READCHECK_LLM_COLOUR": "1",
            }
        )
    message = str(caught.value)
    assert "hunter2" not in message
    for name in ("LLM_URL", "LLM_KEY", "LLM_MODEL", "LLM_COLOUR"):
        assert any(line.startswith(f"READCHECK_{name}") for line in message.splitlines()), name


def test_a_missing_driver_is_named_with_how_to_get_it(monkeypatch):
    monkeypatch.setattr("webapp.config.find_spec", lambda name: None)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(
            {"READCHECK_DATABASE_URL": "postgresql://db/read", "READCHECK_REDIS_URL": "redis://cache"}
        )
    assert "readcheck[postgres]" in str(caught.value)
    assert "readcheck[redis]" in str(caught.value)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = Settings(data=tmp_path / "new")
    secret = settings.secret_key()
    assert len(secret) >= 32
    assert settings.secret_key() == secret
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600
