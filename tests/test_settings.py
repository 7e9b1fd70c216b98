"""What is asked of the environment, and what is said when it is not there."""

import os
from pathlib import Path

import pytest
from conftest import ROOT

from slackbot import settings
from slackbot.settings import HTTP, SOCKET_MODE, SettingsError, load

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_SIGNING_SECRET": "0123-secret",
}


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an empty environment."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        monkeypatch.delenv(name)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def faults(needed: tuple[str, ...]) -> str:
    with pytest.raises(SettingsError) as error:
        load(needed)
    return str(error.value)


def test_every_missing_variable_is_named_at_once_with_where_to_find_it() -> None:
    assert faults(SOCKET_MODE) == (
        "The bot can't start:\n"
        "  SLACK_BOT_TOKEN is missing. In Slack's settings of the app: "
        "OAuth & Permissions → Bot User OAuth Token (xoxb-…)\n"
        "  SLACK_APP_TOKEN is missing. In Slack's settings of the app: "
        "Basic Information → App-Level Tokens, scope connections:write (xapp-…)\n"
        "Slack's settings of the app are at https://api.slack.com/apps. "
        "Set the variables in the environment or in a file .env in this folder."
    )
    assert "SLACK_SIGNING_SECRET is missing" in faults(HTTP)
    assert "SLACK_APP_TOKEN" not in faults(HTTP)


def test_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **GOOD)
    known = load(HTTP)
    assert (known.api_url, known.port, known.log_level) == ("https://slack.com/api/", 3000, "INFO")
    assert (known.data, known.contact, known.private) == (ROOT / "data" / "ivig.yaml", None, False)


@pytest.mark.parametrize(("value", "private"), [("private", True), ("Private", True), ("public", False), ("", False)])
def test_who_sees_what_a_command_answers(monkeypatch: pytest.MonkeyPatch, value: str, private: bool) -> None:
    given(monkeypatch, IVIG_REPLY=value)
    assert load().private is private


def test_work_without_slack_needs_nothing() -> None:
    assert load().data.is_file()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-secret", "holds a xapp-… token, which belongs in SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xoxb-1-secret", "holds a xoxb-… token, which belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-secret", "SLACK_SIGNING_SECRET holds a xoxb-… token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-secret", "SLACK_BOT_TOKEN must start with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-1 secret", "SLACK_BOT_TOKEN holds a character that no such secret has"),
        ("SLACK_SIGNING_SECRET", "sécret", "SLACK_SIGNING_SECRET holds a character that no such secret has"),
        ("SLACK_BOT_TOKEN", "  ", "SLACK_BOT_TOKEN is missing"),
        ("SLACK_CLIENT_ID", "1.secret", "SLACK_CLIENT_ID is set. Unset it"),
        ("SLACK_CLIENT_SECRET", "secret", "SLACK_CLIENT_SECRET is set. Unset it"),
        ("SLACK_API_URL", "https://secret.example/", "must be an http(s) address that ends in /api/."),
        ("SLACK_API_URL", "slack.com/api/", "SLACK_API_URL must be"),
        ("SLACK_API_URL", "http://[secret/api/", "SLACK_API_URL must be"),
        ("PORT", "secret", "PORT must be a number from 1 to 65535."),
        ("PORT", "65536", "PORT must be"),
        ("PORT", "٣", "PORT must be"),
        ("IVIG_REPLY", "secret", "IVIG_REPLY must be one of public, private."),
        ("LOG_LEVEL", "secret", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
        ("REDIS_URL", "secret", "REDIS_URL must be an address like redis://host:6379/0, or rediss:// for TLS."),
        ("REDIS_URL", "redis://:secret@host:port/0", "REDIS_URL must be an address"),
        ("REDIS_URL", "redis://:secret@host/0?tls=true", "REDIS_URL holds an option (tls) that the Redis client does"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    given(monkeypatch, **GOOD | {name: value})
    message = faults((*HTTP, "SLACK_APP_TOKEN"))
    assert said in message
    assert "secret" not in message.replace("no such secret", "")


def test_what_is_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **GOOD, SLACK_API_URL="http://127.0.0.1:9/api", LOG_LEVEL="debug", IVIG_CONTACT=" x ")
    known = load(HTTP)
    assert (known.api_url, known.log_level, known.contact) == ("http://127.0.0.1:9/api/", "DEBUG", "x")


def test_the_environment_wins_over_a_file_and_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{name}={value}-from-file" for name, value in GOOD.items()]
    Path(".env").write_text("\n".join([*lines, "IVIG_CONTACT=ext. 12 $HOME", "IVIG_DATA=some.yaml"]))
    given(monkeypatch, SLACK_BOT_TOKEN="xoxb-1-real", IVIG_DATA="", REDIS_URL="rediss://:hunter2@host/0")  # noqa: S106
    known = load(SOCKET_MODE)
    assert (known.bot_token, known.app_token) == ("xoxb-1-real", "xapp-1-secret-from-file")
    assert (known.contact, known.data) == ("ext. 12 $HOME", ROOT / "data" / "ivig.yaml")
    assert known.redis_url == "rediss://:hunter2@host/0"
    assert "hunter2" not in repr(known)
    assert "xoxb" not in repr(known)
    assert "secret-from-file" not in repr(known)


def test_a_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    assert ".env can't be read as UTF-8 text" in faults(())


def test_an_installed_wheel_uses_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "site-packages" / "slackbot" / "settings.py"))
    assert load().data == tmp_path / "site-packages" / "slackbot" / "data" / "ivig.yaml"
