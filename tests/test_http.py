"""What only the HTTP door has: signatures, bodies, routes and the health check."""

import asyncio
import io
import json
import re
import socket
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import clock
import pytest
from doors import Door, answer_to, called, environment, http_door, send, workspace
from reading import matcher_of

from slackbot import settings
from slackbot.content.schema import Content
from slackbot.slack import api
from slackbot.slack import http as web
from slackbot.slack.requests import BODY_BYTES
from slackbot.slack.seldom import Seldom
from standin.slack import (
    ApiError,
    Hang,
    HttpReply,
    HttpStatus,
    RateLimited,
)

EVENTS = "/slack/events"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def test_signatures(http: Door) -> None:
    body = b"command=%2Fivig&text=kawasaki"
    good = http.slack.signed(body, content_type=FORM)
    now = int(good["X-Slack-Request-Timestamp"])

    def signed(**wrong: Any) -> dict[str, str]:
        return http.slack.signed(body, content_type=FORM, **wrong)

    requests = {
        "none": (body, {"Content-Type": FORM}),
        "wrong secret": (body, signed(secret="other")),  # noqa: S106
        "other body": (body + b"!", good),
        "old": (body, signed(timestamp=now - 301)),
        "from the future": (body, signed(timestamp=now + 310)),
        "rubbish time": (body, good | {"X-Slack-Request-Timestamp": "now"}),
        "not ASCII": (body, good | {"X-Slack-Signature": "v0=é"}),
        "not UTF-8": (b"\xff", good),
    }
    answers = {name: http.send("POST", EVENTS, *request) for name, request in requests.items()}
    assert answers == dict.fromkeys(requests, (401, ""))
    assert http.send("POST", EVENTS, body, good)[0] == 200


MENTION = {"type": "app_mention", "channel": "C1", "ts": "1.2", "user": "U1", "text": "kawasaki"}
EVENT = {"type": "event_callback", "event_id": "Ev1", "event": MENTION}
PRESSED = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "actions": [{"action_id": "ask.list", "value": "outcome=list"}],
}
TAKEN = {
    "type": "message_action",
    "callback_id": "look_up_message",
    "user": {"id": "U1"},
    "message": {"ts": "1.2", "text": "kawasaki"},
}
WRONG_SHAPES: dict[str, Any] = {
    "null": None,
    "a list": [],
    "a number": 1,
    "nothing": {},
    "an unknown type": {"type": "surprise"},
    "a type that is no text": {"type": 1},
    "event null": {**EVENT, "event": None},
    "event a list": {**EVENT, "event": []},
    "event without a type": {**EVENT, "event": {}},
    "event type a number": {**EVENT, "event": {"type": 1}},
    "no event_id": {"type": "event_callback", "event": MENTION},
    "event_id a list": {**EVENT, "event_id": ["Ev1"]},
    "mention without channel": {**EVENT, "event": {**MENTION, "channel": None}},
    "mention without ts": {**EVENT, "event": {**MENTION, "ts": ""}},
    "mention with thread_ts a number": {**EVENT, "event": {**MENTION, "thread_ts": 1.5}},
    "mention with user an object": {**EVENT, "event": {**MENTION, "user": {}}},
    "mention with text a list": {**EVENT, "event": {**MENTION, "text": ["kawasaki"]}},
    "authorizations a number": {**EVENT, "authorizations": 1},
    "authorizations of null": {**EVENT, "authorizations": [None]},
    "team a number": {**EVENT, "team": 1},
    "actions empty": {"type": "block_actions", "actions": []},
    "actions null": {"type": "block_actions", "actions": None},
    "actions of null": {"type": "block_actions", "actions": [None]},
    "actions missing": {"type": "block_actions"},
    "an action without an id": {"type": "block_actions", "actions": [{}]},
    "view null": {"type": "view_submission", "view": None},
    "view without callback_id": {"type": "view_submission", "view": {"type": "modal"}},
    "view without a type": {"type": "view_submission", "view": {"callback_id": "x"}},
    "a command and actions at once": {"command": "/ivig", "type": "block_actions", "actions": []},
    "actions by nobody": {**PRESSED, "user": None},
    "actions by a user with a live id": {**PRESSED, "user": {"id": "<!here>"}},
    "actions by a list": {**PRESSED, "user": ["U1"]},
    "actions in a channel that is a text": {**PRESSED, "channel": "C1"},
    "actions in a channel of a list": {**PRESSED, "channel": {"id": ["C1"]}},
    "container a list": {**PRESSED, "container": ["1.2"]},
    "message_ts a number": {**PRESSED, "container": {"message_ts": 1.2}},
    "thread_ts an object": {**PRESSED, "container": {"thread_ts": {"a": 1}}},
    "response_url a list": {**PRESSED, "response_url": ["https://example.org"]},
    "trigger_id a number": {**PRESSED, "trigger_id": 1},
    "a value that is a list": {**PRESSED, "actions": [{"action_id": "ask.list", "value": ["outcome=list"]}]},
    "an option that is a text": {**PRESSED, "actions": [{"action_id": "ask.menu", "selected_option": "x"}]},
    "a shortcut by nobody": {**TAKEN, "user": {}},
    "a shortcut without a message": {**TAKEN, "message": None},
    "a shortcut on a list": {**TAKEN, "message": ["kawasaki"]},
    "a shortcut on a message without ts": {**TAKEN, "message": {"text": "kawasaki"}},
    "a shortcut on a text that is a list": {**TAKEN, "message": {"ts": "1.2", "text": ["kawasaki"]}},
    "a shortcut with thread_ts a number": {**TAKEN, "message": {"ts": "1.2", "thread_ts": 1}},
    "a direct message with text a number": {**EVENT, "event": {**MENTION, "type": "message", "text": 5}},
    "a Home opened by nobody": {**EVENT, "event": {"type": "app_home_opened", "tab": "home"}},
    "a Home opened by a list": {**EVENT, "event": {"type": "app_home_opened", "tab": "home", "user": ["U1"]}},
    "shortcut without callback_id": {"type": "shortcut"},
    "user a number": {"type": "shortcut", "callback_id": "x", "user": 1},
    "challenge missing": {"type": "url_verification"},
    "command a list": {"command": ["/ivig"]},
    "text a number": {"command": "/ivig", "text": 5},
}
RUBBISH = {
    "empty": (b"", JSON),
    "not JSON": (b"{", JSON),
    "deep": (b"[" * 500_000, JSON),
    "deep event": (b'{"type":"event_callback","event":' * 20_000 + b"1" + b"}" * 20_000, JSON),
    "neither content type": (b"command=%2Fivig", "text/plain"),
    "an empty form": (b"", FORM),
    "a form without a command": (b"text=kawasaki", FORM),
    "payload empty": (b"payload=", FORM),
    "payload a list": (b"payload=[]", FORM),
    "payload deep": (b"payload=" + b"[" * 500_000, FORM),
    "form with an event": (b"command=/ivig&event=x", FORM),
    "too many fields": (b"a=1&" * 1000, FORM),
    **{name: (json.dumps(shape).encode(), JSON) for name, shape in WRONG_SHAPES.items()},
}


def test_rubbish_is_400(http: Door) -> None:
    answers = {
        name: http.send("POST", EVENTS, body, http.slack.signed(body, content_type=content_type))
        for name, (body, content_type) in RUBBISH.items()
    }
    assert answers == dict.fromkeys(RUBBISH, (400, ""))
    assert http.slack.messages == []


def test_a_body_above_1_mib_is_413_and_not_read_on(http: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 64 * 1024

    async def work() -> None:
        async with aiohttp.ClientSession() as session:

            async def post(body: Any, headers: dict[str, str]) -> tuple[int, str | None]:
                async with session.post(f"{http.url}{EVENTS}", data=body, headers=headers) as reply:
                    return reply.status, reply.headers.get("X-Slack-No-Retry")

            announced = b"x" * (BODY_BYTES + 1)
            assert await post(io.BytesIO(announced), http.slack.signed(announced)) == (413, "1")
            assert await post(endless(), {}) == (413, "1")
            fits = b"x" * BODY_BYTES
            assert await post(io.BytesIO(fits), http.slack.signed(fits)) == (400, "1")

    http.run(work())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/", 404),
        ("POST", "/healthz", 405),
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("GET", "/slack/events?ssl_check=1&token=x", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/healthz/", 200),
        ("GET", "/slack/events/?ssl_check=1&token=x", 200),
        ("GET", "/slack/eventsx", 404),
    ],
)
def test_routes(http: Door, method: str, path: str, status: int) -> None:
    assert http.send(method, path)[0] == status


def test_slacks_own_checks_of_the_address(http: Door) -> None:
    body = b"ssl_check=1&token=x"
    assert http.send("POST", EVENTS, body, {"Content-Type": FORM}) == (200, "")
    assert http.send("POST", EVENTS, body, http.slack.signed(body, content_type=FORM)) == (200, "")
    assert http.post({"type": "url_verification", "challenge": "abc"}).payload == {"challenge": "abc"}


def test_being_rate_limited_is_taken_and_told(http: Door, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.dumps({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}).encode()
    assert http.send("POST", EVENTS, body, http.slack.signed(body, content_type=JSON)) == (200, "")
    (line,) = "".join(capsys.readouterr()).splitlines()
    assert line.split()[1:3] == ["ERROR", "app_rate_limited"]


UPGRADES = {
    "Java's HttpClient": {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAA"},
    "a gateway": {"Connection": "Upgrade", "Upgrade": "h2c"},
    "TLS within": {"Connection": "keep-alive, Upgrade", "Upgrade": "TLS/1.0"},
    "a websocket": {"Connection": "Upgrade", "Upgrade": "websocket"},
}


@pytest.mark.parametrize("headers", UPGRADES.values(), ids=UPGRADES.keys())
def test_who_offers_another_protocol_is_answered_in_this_one(
    http: Door, content: Content, headers: dict[str, str]
) -> None:
    body = urlencode(http.slack.command("kawasaki")).encode()
    status, answered = http.send("POST", EVENTS, body, headers | http.slack.signed(body, content_type=FORM))
    assert (status, json.loads(answered)) == (200, answer_to("kawasaki", content))


PATHS = ["/slack/events", "/slack/events/", "/bots/ivig/slack/events", "/bots/ivig/slack/events/"]


@pytest.mark.parametrize("prefix", ["/bots/ivig", "bots/ivig/"])
def test_a_prefix_of_a_proxys_may_be_there_or_taken_off(prefix: str) -> None:
    async def work() -> None:
        async with workspace() as slack, http_door(slack, prefix) as door:
            for path in PATHS:
                assert (await slack.post_http(f"{door}{path}", slack.command("kawasaki"))).status == 200, path
            assert (await send("GET", f"{door}/bots/ivig/healthz", b"", {}))[0] == 200
            for path in ("/bots/ivig", "/bots/ivigslack/events", "/ivig/slack/events"):
                assert (await send("GET", f"{door}{path}", b"", {}))[0] == 404, path

    clock.run(work())


def test_what_is_wrong_with_requests_is_told_once_a_minute_and_nothing_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def work() -> None:
        async with workspace() as slack, http_door(slack) as door:
            now = int(time.time())

            async def post(path: str, **wrong: Any) -> None:
                for _ in range(3):
                    await slack.post_http(f"{door}{path}", slack.command("canary"), **wrong)

            await post(EVENTS, secret="canary")  # noqa: S106
            await post(EVENTS, timestamp=now - 4000)
            await post("/canary")
            await post("/slack/events/canary", timestamp=now + 4000)
            await send("POST", f"{door}/canary", b"", {})  # nobody's: of no interest

    clock.run(work())
    printed = [line.partition(" ")[2] for line in capsys.readouterr().out.splitlines() if "outcome=refused" in line]
    signature, timestamp, path = printed
    assert signature == "WARNING request outcome=refused error=signature: not made with SLACK_SIGNING_SECRET"
    assert re.match(r"WARNING request outcome=refused error=timestamp: 400\d s behind", timestamp)
    assert path == "WARNING request outcome=refused error=path: Slack's requests belong to /slack/events"


def test_a_warning_is_due_again_after_a_minute() -> None:
    now = 0.0
    warnings = Seldom(lambda: now)
    assert [warnings.is_due("a"), warnings.is_due("b"), warnings.is_due("a")] == [True, True, False]
    now = 59.0
    assert not warnings.is_due("a")
    now = 60.0
    assert [warnings.is_due("a"), warnings.is_due("a")] == [True, False]


def test_a_slow_slack_is_waited_for_as_long_as_its_own_patience_lasts(http: Door) -> None:
    http.slack.fail("chat.postMessage", Hang(3.5))
    http.slack.fail("chat.postMessage", RateLimited(1))

    async def work() -> list[HttpReply]:
        mentions = (http.slack.mention("<@U0BOT> kawasaki") for _ in range(2))
        return await asyncio.gather(*(http.slack.post_http(f"{http.url}{EVENTS}", mention) for mention in mentions))

    # 503 is ours, after 2.5 s; Slack itself gives up after 3 s, which would be 0 here.
    assert sorted(reply.status for reply in http.run(work())) == [200, 503]
    assert len(http.slack.messages) == 1


# Being ready.


async def health(door: str) -> tuple[int, str]:
    status, body = await send("GET", f"{door}/healthz", b"", {})
    said = json.loads(body)
    assert said["alive"] is True
    assert said["ready"] is (status == 200)
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", said["content"])
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", said["readings"])
    return status, said["status"]


def test_events_wait_until_auth_test_has_succeeded_and_commands_do_not(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "FIRST_PAUSE", 0.2)

    async def work() -> None:
        async with workspace() as slack:
            slack.fail("auth.test", HttpStatus(503))
            async with http_door(slack) as door:
                mention = slack.mention("<@U0BOT> kawasaki")
                assert await health(door) == (503, "not ready")
                assert (await slack.post_http(f"{door}{EVENTS}", mention)).status == 503
                command = await slack.post_http(f"{door}{EVENTS}", slack.command("kawasaki"))
                assert command.json() == answer_to("kawasaki", content)
                await called(slack, "auth.test", 2)
                assert await health(door) == (200, "ready")
                assert (await slack.post_http(f"{door}{EVENTS}", mention)).status == 200
                assert len(slack.messages) == 1

    clock.run(work())


def test_with_a_token_that_is_refused_it_stays_up_and_not_ready() -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.fail("auth.test", ApiError("invalid_auth"))
            async with http_door(slack) as door:
                assert await health(door) == (503, "not ready")

    clock.run(work())


def test_a_port_that_is_taken_is_named(monkeypatch: pytest.MonkeyPatch, content: Content) -> None:
    async def work(port: int) -> None:
        async with workspace() as slack:
            for name, value in environment(slack, PORT=str(port)).items():
                monkeypatch.setenv(name, value)
            await web.run(settings.load(settings.HTTP), matcher_of(content))

    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        told = f"^PORT: {port} can't be listened on: Address already in use.$"
        with pytest.raises(settings.SettingsError, match=told):
            clock.run(work(port))
