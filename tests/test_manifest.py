"""manifest.yml within Slack's limits, and no wider than what the code does."""

import re
from typing import Any

import pytest
import yaml
from conftest import ROOT

MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
CODE = "\n".join(path.read_text() for path in sorted((ROOT / "slackbot").glob("*.py")))


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (MANIFEST["display_information"]["name"], 35),
        (MANIFEST["display_information"]["description"], 140),
        (MANIFEST["features"]["bot_user"]["display_name"], 80),
        (MANIFEST["features"]["slash_commands"][0]["command"], 32),
        (MANIFEST["features"]["slash_commands"][0]["description"], 2000),
        (MANIFEST["features"]["slash_commands"][0]["usage_hint"], 1000),
    ],
)
def test_it_fits(text: str, most: int) -> None:
    assert 0 < len(text) <= most


def test_every_command_and_event_has_its_listener_and_no_other_is_there() -> None:
    commands = [each["command"] for each in MANIFEST["features"]["slash_commands"]]
    assert commands == re.findall(r'@app\.command\("(.+?)"\)', CODE)
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == re.findall(r'@app\.event\("(.+?)"\)', CODE)


def test_the_scopes_are_what_the_code_calls_for() -> None:
    scopes = {
        "@app.command(": "commands",
        '@app.event("app_mention")': "app_mentions:read",
        "chat_post": "chat:write",
    }
    assert MANIFEST["oauth_config"]["scopes"]["bot"] == [scope for call, scope in scopes.items() if call in CODE]
    calls = set(re.findall(r"client\.((?:chat|conversations|users|views|files|reactions|pins|im)_\w+)", CODE))
    assert calls == {"chat_postMessage"}


def test_socket_mode_is_on_and_names_stay_as_typed() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert [each["should_escape"] for each in MANIFEST["features"]["slash_commands"]] == [False]
