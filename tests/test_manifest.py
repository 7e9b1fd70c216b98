"""manifest.yml within Slack's limits, and no wider than what the code does."""

import json
import os
import re
from typing import Any
from unittest import mock

import clock
import pytest
import yaml
from doors import ROOT, Door, Json, environment, read_once, workspace
from reading import matcher_of

from slackbot.cards.card import Cards
from slackbot.cards.wording import COMMAND
from slackbot.content.schema import Content
from slackbot.settings import HTTP, load
from slackbot.slack import blocks
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.command import answer
from slackbot.slack.identity import Identity
from standin.slack import HttpStatus
from standin.workspace import SCOPES, Workspace

MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
CODE = "\n".join(path.read_text() for path in sorted((ROOT / "slackbot").rglob("*.py")))

FEATURES, SETTINGS = MANIFEST["features"], MANIFEST["settings"]
EVENTS: list[str] = SETTINGS["event_subscriptions"]["bot_events"]


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (MANIFEST["display_information"]["name"], 35),
        (MANIFEST["display_information"]["description"], 140),
        (FEATURES["bot_user"]["display_name"], 80),
        (FEATURES["slash_commands"][0]["command"], 32),
        (FEATURES["slash_commands"][0]["description"], 2000),
        (FEATURES["slash_commands"][0]["usage_hint"], 1000),
        *((shortcut["name"], 24) for shortcut in FEATURES["shortcuts"]),
        *((shortcut["callback_id"], 255) for shortcut in FEATURES["shortcuts"]),
        *((shortcut["description"], 150) for shortcut in FEATURES["shortcuts"]),
    ],
)
def test_it_fits(text: str, most: int) -> None:
    assert 0 < len(text) <= most


def test_every_entry_has_its_listener_and_every_listener_its_entry() -> None:
    def listeners(kind: str) -> list[str]:
        return sorted(re.findall(rf'\bapp\.{kind}\("(.+?)"\)', CODE))

    assert [each["command"] for each in FEATURES["slash_commands"]] == [COMMAND], "the one that is listened to"
    shortcuts = {f"{each['type']}_shortcut": each["callback_id"] for each in FEATURES["shortcuts"]}
    assert shortcuts == {kind: listeners(kind)[0] for kind in ("global_shortcut", "message_shortcut")}
    assert len(shortcuts) == len(FEATURES["shortcuts"])
    assert listeners("event") == sorted(event.split(".")[0] for event in EVENTS)
    others = set(re.findall(r"^    app\.(\w+)\(", CODE, re.MULTILINE)) - {"command", "event", *shortcuts}
    assert others == {"block_action", "error", "options", "view"}
    assert SETTINGS["interactivity"]["is_enabled"], "which shortcuts, block actions, options and views need"


def test_the_home_and_the_messages_tab_are_there_for_their_events() -> None:
    home = FEATURES["app_home"]
    assert home["home_tab_enabled"] is ("app_home_opened" in EVENTS)
    assert home["messages_tab_enabled"] is ("message.im" in EVENTS)
    assert home["messages_tab_read_only_enabled"] is False


def test_every_entry_says_why_it_is_there() -> None:
    lines = (ROOT / "manifest.yml").read_text().splitlines()
    granted = [*MANIFEST["oauth_config"]["scopes"]["bot"], *EVENTS]
    for entry in granted:
        assert [line for line in lines if re.fullmatch(rf" +- {re.escape(entry)} +# .+", line)], entry


# What Slack asks for, before it sends these: https://docs.slack.dev/reference/events
NEEDED_BY_EVENT = {"app_mention": "app_mentions:read", "message.im": "im:history", "app_home_opened": ""}


def test_the_scopes_are_what_it_does_and_no_more(door: Door) -> None:
    slack = door.slack
    slack.fail("response_url", HttpStatus(404))
    mention = slack.mention("<@U0BOT> qwzx")
    for payload in (
        slack.command("me kawasaki"),
        slack.action(
            "ask.entry.kawasaki-disease", "entry=kawasaki-disease"
        ),  # by response_url, then by chat.postEphemeral
        slack.shortcut("look_up_message", "kawasaki"),
        mention,
        slack.edited(mention, "<@U0BOT> kawasaki"),
        slack.direct_message("kawasaki"),
        slack.home_opened(),
    ):
        assert door.post(payload).taken
    assert door.post(slack.global_shortcut("look_up")).taken
    search = list(slack.views.values())[-1]
    assert door.post(slack.action("look_up.name", "entry=kawasaki-disease", view=search, kind="external_select")).taken
    assert door.post(slack.action("ask.list", "outcome=list", view=slack.homes["U1"])).taken
    opened = list(slack.views.values())[-1]
    assert door.post(slack.action("ask.menu", "entry=kawasaki-disease", view=opened)).taken
    # The answer to a button, one to the shortcut, a thread's line and its menu, and a direct message.
    assert len(door.shown(5)) == 5
    called = {call.method for call in slack.calls} - {"response_url"}
    assert called == {
        "chat.postMessage",
        "chat.update",
        "chat.postEphemeral",
        "views.publish",
        "views.open",
        "views.push",
        "views.update",
    }
    assert slack.refusals == []
    needed = (
        {Workspace.METHODS[method].scope for method in called}
        | {NEEDED_BY_EVENT[event] for event in EVENTS}
        | {"commands"}
    )
    assert sorted(needed - {""}) == sorted(MANIFEST["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)
    in_code = set(re.findall(r"client\.((?:chat|conversations|users|views|files|reactions|pins|im)_\w+)", CODE))
    assert in_code == {method.replace(".", "_") for method in called}


def test_socket_mode_is_on_and_names_stay_as_typed() -> None:
    assert SETTINGS["socket_mode_enabled"] is True
    assert [each["should_escape"] for each in FEATURES["slash_commands"]] == [False]


def test_an_organisation_can_have_it_in_all_its_workspaces() -> None:
    assert SETTINGS["org_deploy_enabled"] is True
    assert SETTINGS["token_rotation_enabled"] is False, "the bot renews no token"


@pytest.mark.parametrize(("command", "answered"), [("/ivig-test", True), ("/ivig", False)])
def test_the_command_that_is_set_is_the_one_that_is_answered(command: str, answered: bool) -> None:
    async def work() -> Json:
        async with workspace() as slack:
            with mock.patch.dict(os.environ, environment(slack, IVIG_COMMAND="/ivig-test"), clear=True):
                settings = load(HTTP)
            app = build_app(settings, matcher_of(read_once(settings.data, None)), Identity())
            payload: Json = json.loads(
                (await dispatch(app, Identity(), slack.command("kawasaki", command=command))).body
            )
            return payload

    assert ("Kawasaki disease" in clock.run(work())["text"]) is answered


@pytest.mark.parametrize("command", [COMMAND, "/ivig-test"])
def test_every_card_that_says_how_to_ask_names_the_command_that_is_set(command: str, content: Content) -> None:
    cards = Cards(content, command=command)
    said = json.dumps([blocks.message(card).blocks for _, card in cards.everything()])
    assert set(re.findall(r"`(/[\w-]+)", said)) == {command}
    help_card = answer("help", matcher_of(content), command=command)
    assert f"{command} me" in help_card.message.text
