"""What is asked of the environment, and what is said when it is not there."""

import os
from pathlib import Path

import pytest
import trustme
from doors import ROOT

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


def set_variables(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
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
    set_variables(monkeypatch, **GOOD)
    variables = load(HTTP)
    assert (variables.api_url, variables.port, variables.log_level) == ("https://slack.com/api/", 3000, "INFO")
    assert (variables.data, variables.contact, variables.private) == (ROOT / "data" / "ivig.yaml", None, False)


@pytest.mark.parametrize(("value", "private"), [("private", True), ("Private", True), ("public", False), ("", False)])
def test_who_sees_what_a_command_answers(monkeypatch: pytest.MonkeyPatch, value: str, private: bool) -> None:
    set_variables(monkeypatch, IVIG_REPLY=value)
    assert load().private is private


def test_work_without_slack_needs_nothing() -> None:
    assert load().data.is_file()


@pytest.mark.parametrize(
    ("name", "value", "text"),
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
        ("PORT", "tcp://secret:80", "PORT must be"),
        ("METRICS_PORT", "secret", "METRICS_PORT must be a number from 1 to 65535."),
        ("METRICS_TOKEN", "secret", "METRICS_TOKEN must be at least 16 characters without blanks"),
        ("METRICS_TOKEN", "secret with blanks in it", "METRICS_TOKEN must be at least 16"),
        ("IVIG_COMMAND", "/Secret", "IVIG_COMMAND must be a command like /ivig"),
        ("IVIG_COMMAND", "/ivig secret", "IVIG_COMMAND must be"),
        ("IVIG_COMMAND", "/secret" * 5, "IVIG_COMMAND must be"),
        ("HTTPS_PROXY", "socks5://secret:1080", "HTTPS_PROXY must be the address of an http(s) proxy"),
        ("HTTPS_PROXY", "http://secret:port", "HTTPS_PROXY must be"),
        ("https_proxy", "http://", "HTTPS_PROXY must be"),
        ("ALL_PROXY", "socks5h://secret:1080", "ALL_PROXY must be"),
        ("SSL_CERT_FILE", "secret.pem", "SSL_CERT_FILE must name a file of certificates (PEM) that can be read."),
        ("REQUESTS_CA_BUNDLE", "secret.pem", "REQUESTS_CA_BUNDLE must name a file"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-secret", "SLACK_BOT_TOKEN holds a token that rotates (xoxe…)"),
        ("SLACK_BOT_TOKEN", "xoxe-1-secret", "SLACK_BOT_TOKEN holds a token that rotates (xoxe…)"),
        ("IVIG_REPLY", "secret", "IVIG_REPLY must be one of public, private."),
        ("LOG_LEVEL", "secret", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
        ("REDIS_URL", "secret", "REDIS_URL must be an address like redis://host:6379/0, or rediss:// for TLS."),
        ("REDIS_URL", "redis://:secret@host:port/0", "REDIS_URL must be an address"),
        ("REDIS_URL", "redis://:secret@host/0?tls=true", "REDIS_URL holds an option (tls) that the Redis client does"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str
) -> None:
    set_variables(monkeypatch, **GOOD | {name: value})
    message = faults((*HTTP, "SLACK_APP_TOKEN"))
    assert text in message
    assert "secret" not in message.replace("no such secret", "")


def test_what_is_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, **GOOD, SLACK_API_URL="http://127.0.0.1:9/api", LOG_LEVEL="debug", IVIG_CONTACT=" x ")
    variables = load(HTTP)
    assert (variables.api_url, variables.log_level, variables.contact) == ("http://127.0.0.1:9/api/", "DEBUG", "x")


def test_the_environment_wins_over_a_file_and_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{name}={value}-from-file" for name, value in GOOD.items()]
    Path(".env").write_text("\n".join([*lines, "IVIG_CONTACT=ext. 12 $HOME", "IVIG_DATA=some.yaml"]))
    set_variables(
        monkeypatch,
        SLACK_BOT_TOKEN="xoxb-1-real",  # noqa: S106
        IVIG_DATA="other.yaml",
        REDIS_URL="rediss://:hunter2@host/0",
        HTTPS_PROXY="http://user:hunter2@proxy:8080",
        METRICS_TOKEN="hunter2-hunter2-hunter2",  # noqa: S106
    )
    variables = load(SOCKET_MODE)
    assert (variables.bot_token, variables.app_token) == ("xoxb-1-real", "xapp-1-secret-from-file")
    assert (variables.contact, variables.data) == ("ext. 12 $HOME", Path("other.yaml"))
    assert variables.redis_url == "rediss://:hunter2@host/0"
    assert variables.network.https_proxy == "http://user:hunter2@proxy:8080"
    for secret in ("hunter2", "xoxb", "secret-from-file"):
        assert secret not in repr(variables)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_variable_that_is_blank_is_none_and_hides_nothing(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    Path(".env").write_text("REDIS_URL=redis://host/0\nPORT=8080\nIVIG_COMMAND=/ivig-test\n")
    set_variables(monkeypatch, REDIS_URL=blank, PORT=blank, IVIG_COMMAND=blank, IVIG_CONTACT=blank)
    variables = load()
    assert (variables.redis_url, variables.port, variables.command) == ("redis://host/0", 8080, "/ivig-test")
    assert variables.contact is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SLACK_BOT_TOKEN: xoxb-hunter2", 1),
        ("SLACK_BOT_TOKEN:xoxb-hunter2", 1),
        ("A=1\n\n# a comment\nSLACK_BOT_TOKEN xoxb-hunter2\n", 4),
        ("A=1\r\n\r\nhunter2\r\n", 3),
        ("- A=hunter2", 1),
        ('A="hunter2', 1),
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_named_and_not_repeated(text: str, line: int) -> None:
    Path(".env").write_text(text)
    message = faults(())
    assert f"the file .env, line {line}: must be NAME=value, with = and no colon." in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "text", ["export A=1", "A = 1 # one", "\ufeffA=1", "A='x\ny'\nB=2", "", "\n\n", "# A: 1", "A=", "A=x=y: z"]
)
def test_other_ways_to_write_the_file_are_fine(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")
    assert load().port == 3000


def test_a_worker_needs_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, **GOOD, PORT="tcp://10.0.0.1:80")
    assert load(SOCKET_MODE).port == load().port == 3000
    assert "PORT must be a number from 1 to 65535." in faults(HTTP)


@pytest.mark.parametrize(
    ("variables", "https", "http"),
    [
        ({}, None, None),
        ({"HTTPS_PROXY": "http://a:1"}, "http://a:1", None),
        ({"https_proxy": "proxy.corp:8080"}, "http://proxy.corp:8080", None),
        ({"HTTPS_PROXY": "user:hunter2@proxy.corp:8080"}, "http://user:hunter2@proxy.corp:8080", None),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}, "http://b:1", None),
        ({"HTTP_PROXY": "http://a:1"}, "http://a:1", "http://a:1"),
        ({"ALL_PROXY": "http://a:1"}, "http://a:1", "http://a:1"),
        ({"all_proxy": "a", "HTTP_PROXY": "b"}, "http://a", "http://b"),
        ({"HTTPS_PROXY": "https://a:1", "ALL_PROXY": "socks5://b:1"}, "https://a:1", None),
    ],
)
def test_the_proxies_are_those_every_program_would_take(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], https: str | None, http: str | None
) -> None:
    set_variables(monkeypatch, **GOOD, **variables)
    network = load(HTTP).network
    assert (network.https_proxy, network.http_proxy) == (https, http)


def test_a_proxy_may_stand_in_the_file_and_the_environment_wins_in_either_spelling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("https_proxy=http://file:1\nno_proxy=a.example\n")
    set_variables(monkeypatch, **GOOD, HTTPS_PROXY="http://real:1")
    network = load(HTTP).network
    assert (network.https_proxy, network.no_proxy) == ("http://real:1", "a.example")


def test_certificates_are_those_of_the_first_variable_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    trustme.CA().cert_pem.write_to_path("ca.pem")
    set_variables(monkeypatch, **GOOD)
    assert load(HTTP).network.certificates is None
    set_variables(monkeypatch, REQUESTS_CA_BUNDLE="ca.pem")
    assert load(HTTP).network.certificates == Path("ca.pem")
    set_variables(monkeypatch, SSL_CERT_FILE="nowhere.pem")
    assert "SSL_CERT_FILE must name a file of certificates (PEM) that can be read." in faults(HTTP)
    assert load().network.certificates is None, "what never meets Slack needs none"


@pytest.mark.parametrize(
    ("value", "command"), [("/ivig-test", "/ivig-test"), ("ivig_2", "/ivig_2"), ("/" + "a" * 31, "/" + "a" * 31)]
)
def test_the_commands_name(monkeypatch: pytest.MonkeyPatch, value: str, command: str) -> None:
    set_variables(monkeypatch, IVIG_COMMAND=value)
    assert load().command == command


def test_metrics_are_off_and_local_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = load()
    assert (variables.metrics_host, variables.metrics_port, variables.metrics_token) == ("127.0.0.1", None, "")
    set_variables(monkeypatch, METRICS_HOST="0.0.0.0", METRICS_PORT="9100", METRICS_TOKEN="0123456789abcdef")  # noqa: S104, S106
    variables = load()
    assert (variables.metrics_host, variables.metrics_port) == ("0.0.0.0", 9100)  # noqa: S104
    assert variables.metrics_token == "0123456789abcdef"  # noqa: S105


@pytest.mark.parametrize(
    ("api_url", "page"),
    [
        ("https://slack.com/api/", "https://api.slack.com/apps"),
        ("https://slack-gov.com/api", "https://api.slack-gov.com/apps"),
        ("https://not-slack-gov.com/api", "https://api.slack.com/apps"),
    ],
)
def test_govslack_has_its_own_page_for_the_app(monkeypatch: pytest.MonkeyPatch, api_url: str, page: str) -> None:
    set_variables(monkeypatch, SLACK_API_URL=api_url)
    assert f"Slack's settings of the app are at {page}. " in faults(HTTP)


def test_a_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    assert ".env can't be read as UTF-8 text" in faults(())


def test_an_installed_wheel_uses_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "site-packages" / "slackbot" / "settings.py"))
    assert load().data == tmp_path / "site-packages" / "slackbot" / "data" / "ivig.yaml"
