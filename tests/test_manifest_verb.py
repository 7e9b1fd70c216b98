"""`manifest`: the one manifest.yml as Slack wants it for either door."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from doors import ROOT

from slackbot import manifest, settings
from slackbot.__main__ import main

URL = "https://ivig.example.org/slack/events"


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["manifest", *arguments]) == 0
    return capsys.readouterr().out


def test_for_socket_mode_it_is_the_file_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    written = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert shown(capsys) == written
    assert json.loads(shown(capsys, "--json")) == yaml.safe_load(written)


def test_for_http_every_place_has_its_address_and_nothing_else_changes(capsys: pytest.CaptureFixture[str]) -> None:
    http: dict[str, Any] = yaml.safe_load(shown(capsys, "--url", "https://ivig.example.org"))
    assert json.loads(shown(capsys, "--url", "https://ivig.example.org", "--json")) == http
    settings = http["settings"]
    assert settings["socket_mode_enabled"] is False
    assert [command.pop("url") for command in http["features"]["slash_commands"]] == [URL]
    assert settings["event_subscriptions"].pop("request_url") == URL
    assert settings["interactivity"].pop("request_url") == URL
    assert settings["interactivity"].pop("message_menu_options_url") == URL
    settings["socket_mode_enabled"] = True
    assert http == manifest.read()


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--url", "https://ivig.example.org"]])
def test_the_commands_name_is_the_one_that_is_set(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVIG_COMMAND", "/ivig-test")
    written = yaml.safe_load(shown(capsys, *arguments))
    assert [command["command"] for command in written["features"]["slash_commands"]] == ["/ivig-test"]


def test_without_interactivity_there_is_no_address_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without = manifest.read()
    without["settings"]["interactivity"] = {"is_enabled": False}
    monkeypatch.setattr(manifest, "read", lambda _: without)
    assert json.loads(manifest.show(URL, as_json=True))["settings"]["interactivity"] == {"is_enabled": False}


@pytest.mark.parametrize("url", ["https://ivig.example.org/", URL, f"{URL}/"])
def test_the_address_may_be_given_with_its_path_or_without(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"request_url: {URL}\n" in shown(capsys, "--url", url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://ivig.example.org", "must begin with https://"),
        ("ivig.example.org", "must be the bot's public address"),
        ("", "must be the bot's public address"),
        ("https://", "must be the bot's public address"),
        ("https://[", "must be the bot's public address"),
        ("https://a b", "must be the bot's public address"),
        ("https://a\nb", "must be the bot's public address"),
        ("https://a.org:99999", "must be the bot's public address"),
        ("https://ivig.example.org?x", "must be a plain address"),
        ("https://ivig.example.org#x", "must be a plain address"),
        ("https://u:p@ivig.example.org", "must be a plain address"),
    ],
)
def test_an_address_that_slack_would_not_call_is_status_2(
    url: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manifest", "--url", url]) == 2
    output = capsys.readouterr()
    assert (output.out, says in output.err) == ("", True)


def test_an_installed_wheel_uses_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "slackbot"
    package.mkdir(parents=True)
    (package / "manifest.yml").write_text("the: copy\n", encoding="utf-8")
    monkeypatch.setattr(settings, "__file__", str(package / "settings.py"))
    assert manifest.read() == {"the": "copy"}
