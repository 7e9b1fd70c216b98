"""The stand-in for Slack behaves as slack_sdk and slack_bolt expect, and refuses what Slack refuses."""

import asyncio
import functools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import clock
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from standin.block_kit import check_message, check_view
from standin.slack import (
    ApiError,
    CutConnection,
    Fault,
    Hang,
    HttpStatus,
    LostReply,
    RateLimited,
    Refusal,
    Slack,
)

PING_INTERVAL = 0.05


def asynchronous(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        clock.run(asyncio.wait_for(test(*args, **kwargs), 10))

    return run


def web_client(slack: Slack, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


async def error_of(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as failure:
        await call
    return str(failure.value.response["error"])


# Block Kit


def plain(text: Any, **more: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def header(text: Any = "h") -> dict[str, Any]:
    return {"type": "header", "text": plain(text)}


def section(text: Any = "s", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def fields(*texts: str) -> dict[str, Any]:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(*texts: str) -> dict[str, Any]:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(text: Any = "b", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), **more}


def option(text: str = "o", value: str = "v") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def menu(*options: Any, **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "m", "options": list(options), **more}


def table() -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]}


CONFIRM = {"title": plain("t"), "text": mrkdwn("t"), "confirm": plain("y"), "deny": plain("n")}
INPUT = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "a"}}

FITS = {
    "text alone": {"text": "hello"},
    "text as long as it may be": {"text": "x" * 40_000},
    "texts as long as they may be": {
        "blocks": [
            header("x" * 150),
            section("x" * 3000, block_id="x" * 255),
            fields("x" * 2000, *"abcdefghi"),
            context("x" * 2000, *"abcdefghi"),
        ]
    },
    "as many buttons as may be": {
        "blocks": [actions(*(button("x" * 75, action_id=str(number)) for number in range(25)))]
    },
    "as many options as may be": {"blocks": [actions(menu(*[option()] * 100, placeholder=plain("Choose")))]},
    "a long option": {"blocks": [section(accessory=menu(option("x" * 75, "v" * 150)))]},
    "fifty blocks": {"blocks": [{"type": "divider"}] * 50},
    "a button with everything": {
        "blocks": [
            actions(
                button(
                    action_id="x" * 255,
                    value="x" * 2000,
                    url="https://example.org",
                    style="danger",
                    confirm=CONFIRM,
                    accessibility_label="x" * 75,
                )
            )
        ]
    },
    "the same action_id in two blocks": {"blocks": [actions(button(action_id="a")), actions(button(action_id="a"))]},
    "an accessory": {"blocks": [section(accessory=menu(option()))]},
    "a kind that is known by name only": {"blocks": [table(), {"type": "rich_text", "elements": []}]},
}

REFUSED = [
    # what is sent, Slack's line for it without "[ERROR] " and "/blocks"
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:]"),
    (["divider"], "must provide an object [json-pointer:/0]"),
    ([{}], "missing required field: type [json-pointer:/0]"),
    ([{"type": "banner"}], "unsupported type: banner [json-pointer:/0/type]"),
    ([{"type": ["header"]}], "unsupported type: ['header'] [json-pointer:/0/type]"),
    ([{"type": "divider", "colour": "red"}], "invalid additional property: colour [json-pointer:/0]"),
    ([{"type": "alert", "text": plain("!")}], "unsupported type: alert [json-pointer:/0/type]"),
    ([header("")], "must be more than 0 characters [json-pointer:/0/text/text]"),
    ([header("x" * 151)], "must be less than 151 characters [json-pointer:/0/text/text]"),
    ([header(5)], "must provide a string [json-pointer:/0/text/text]"),
    ([{"type": "header"}], "missing required field: text [json-pointer:/0]"),
    ([{"type": "header", "text": "h"}], "must provide an object [json-pointer:/0/text]"),
    ([{"type": "header", "text": mrkdwn("h")}], "must be a valid enum value [json-pointer:/0/text/type]"),
    ([{"type": "header", "text": {"text": "h"}}], "missing required field: type [json-pointer:/0/text]"),
    (
        [{"type": "header", "text": plain("h", emoji=1)}],
        "must provide a boolean [json-pointer:/0/text/emoji]",
    ),
    (
        [{"type": "header", "text": plain("h", verbatim=True)}],
        "invalid additional property: verbatim [json-pointer:/0/text]",
    ),
    ([{"type": "section"}], "missing required field: text [json-pointer:/0]"),
    ([section("")], "failed to match all allowed schemas [json-pointer:/0/text]"),
    ([section("")], "must be more than 0 characters [json-pointer:/0/text/text]"),
    ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/0/text/text]"),
    ([fields()], "must provide at least 1 items [json-pointer:/0/fields]"),
    ([fields(*["x"] * 11)], "no more than 10 items allowed [json-pointer:/0/fields]"),
    ([fields("x" * 2001)], "must be less than 2001 characters [json-pointer:/0/fields/0/text]"),
    ([section(accessory=header())], "unsupported type: header [json-pointer:/0/accessory/type]"),
    ([section(block_id="")], "must be more than 0 characters [json-pointer:/0/block_id]"),
    ([section(block_id="x" * 256)], "must be less than 256 characters [json-pointer:/0/block_id]"),
    (
        [section(block_id="b"), section(block_id="b")],
        '`block_id` "b" already exists [json-pointer:/1/block_id]',
    ),
    ([context()], "must provide at least 1 items [json-pointer:/0/elements]"),
    ([context(*["x"] * 11)], "no more than 10 items allowed [json-pointer:/0/elements]"),
    (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/0/elements/0/type]",
    ),
    ([actions()], "must provide at least 1 items [json-pointer:/0/elements]"),
    ([{"type": "actions", "elements": {}}], "must provide an array [json-pointer:/0/elements]"),
    ([actions(*[button()] * 26)], "no more than 25 items allowed [json-pointer:/0/elements]"),
    ([actions({"type": "slider"})], "unsupported type: slider [json-pointer:/0/elements/0/type]"),
    ([actions({"type": "button"})], "missing required field: text [json-pointer:/0/elements/0]"),
    ([actions(button("x" * 76))], "must be less than 76 characters [json-pointer:/0/elements/0/text/text]"),
    (
        [actions({"type": "button", "text": mrkdwn("b")})],
        "must be a valid enum value [json-pointer:/0/elements/0/text/type]",
    ),
    (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/0/elements/0/value]",
    ),
    ([actions(button(style="green"))], "must be a valid enum value [json-pointer:/0/elements/0/style]"),
    (
        [actions(button(url="x" * 3001))],
        "must be less than 3001 characters [json-pointer:/0/elements/0/url]",
    ),
    (
        [actions(button(accessibility_label="x" * 76))],
        "must be less than 76 characters [json-pointer:/0/elements/0/accessibility_label]",
    ),
    (
        [actions(button(action_id="x" * 256))],
        "must be less than 256 characters [json-pointer:/0/elements/0/action_id]",
    ),
    (
        [actions(button(action_id="a"), button(action_id="a"))],
        '`action_id` "a" already exists [json-pointer:/0/elements/1/action_id]',
    ),
    (
        [actions(button(block_id="b"))],
        "invalid additional property: block_id [json-pointer:/0/elements/0]",
    ),
    ([actions(menu())], "must provide at least 1 items [json-pointer:/0/elements/0/options]"),
    (
        [actions(menu(*[option()] * 101))],
        "no more than 100 items allowed [json-pointer:/0/elements/0/options]",
    ),
    (
        [actions(menu(option("x" * 76)))],
        "must be less than 76 characters [json-pointer:/0/elements/0/options/0/text/text]",
    ),
    (
        [actions({"type": "static_select", "action_id": "m"})],
        "missing required field: options [json-pointer:/0/elements/0]",
    ),
    ([section("x" * 2700)] * 5, "blocks exceed 13000 characters together [json-pointer:]"),
    ({"type": "divider"}, "must provide an array [json-pointer:]"),
]

MODAL = {"type": "modal", "title": plain("Title"), "blocks": [section()]}
HOME = {"type": "home", "blocks": [section()]}
ALERT = {"type": "alert", "text": plain("!")}

VIEWS_REFUSED = [
    ({}, "must be a valid enum value [json-pointer:/view/type]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
    ({**HOME, "title": plain("t")}, "invalid additional property: title [json-pointer:/view]"),
    ({**HOME, "blocks": [section()] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ({**HOME, "blocks": [ALERT]}, "unsupported type: alert [json-pointer:/view/blocks/0/type]"),
    ({**MODAL, "blocks": [table()]}, "unsupported type: table [json-pointer:/view/blocks/0/type]"),
    ({**MODAL, "title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
    ({**MODAL, "submit": mrkdwn("s")}, "must be a valid enum value [json-pointer:/view/submit/type]"),
    (
        {**MODAL, "private_metadata": "x" * 3001},
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
]


@pytest.mark.parametrize("payload", FITS.values(), ids=FITS.keys())
def test_a_message_that_fits(payload: dict[str, Any]) -> None:
    assert check_message(payload) == []


@pytest.mark.parametrize(("blocks", "line"), REFUSED, ids=[line for _, line in REFUSED])
def test_a_message_that_does_not_fit(blocks: Any, line: str) -> None:
    expected = "[ERROR] " + line.replace("[json-pointer:", "[json-pointer:/blocks")
    assert expected in check_message({"text": "t", "blocks": blocks})


def test_a_message_needs_content() -> None:
    assert check_message({}) == ["[ERROR] no_text"]
    assert check_message({"text": "", "blocks": []}) == ["[ERROR] no_text"]
    assert check_message({"text": 5}) == ["[ERROR] must provide a string [json-pointer:/text]"]
    too_long = check_message({"text": "x" * 40_001})
    assert too_long == ["[ERROR] must be less than 40001 characters [json-pointer:/text]"]


@pytest.mark.parametrize(
    "view", [MODAL, HOME, {**MODAL, "blocks": [ALERT, INPUT], "submit": plain("Go")}, {**HOME, "blocks": []}]
)
def test_a_view_that_fits(view: dict[str, Any]) -> None:
    assert check_view(view) == []


@pytest.mark.parametrize(("view", "line"), VIEWS_REFUSED, ids=[line for _, line in VIEWS_REFUSED])
def test_a_view_that_does_not_fit(view: dict[str, Any], line: str) -> None:
    assert check_view(view) == [f"[ERROR] {line}"]


KEYS = (
    "type",
    "text",
    "elements",
    "fields",
    "accessory",
    "options",
    "blocks",
    "block_id",
    "action_id",
    "title",
)
KINDS = (
    "section",
    "header",
    "context",
    "actions",
    "button",
    "static_select",
    "mrkdwn",
    "plain_text",
    "modal",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(KINDS),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(KEYS), part, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, ANYTHING)
def test_whatever_is_sent_is_judged(text: Any, blocks: Any) -> None:
    assert all(line.startswith("[ERROR] ") for line in check_message({"text": text, "blocks": blocks}))
    for kind in ("modal", "home"):
        assert all(line.startswith("[ERROR] ") for line in check_view({"type": kind, "blocks": blocks}))


# The Web API


@asynchronous
async def test_auth_test_tells_who_and_what_may_be_done() -> None:
    async with Slack.serve(scopes=["commands", "chat:write"]) as slack:
        reply = await web_client(slack).auth_test()
    assert (reply["user_id"], reply["bot_id"], reply["team_id"]) == (
        slack.bot_user_id,
        slack.bot_id,
        slack.team_id,
    )
    assert reply.headers["x-oauth-scopes"] == "commands,chat:write"


@asynchronous
async def test_messages_are_posted() -> None:
    async with Slack.serve() as slack:
        slack.add_channel("C1", members={"U1"})
        client = web_client(slack)
        first = await client.chat_postMessage(channel="C1", text="one", blocks=[section()], thread_ts="1.000001")
        await client.chat_postEphemeral(channel="C1", user="U1", text="two")
        direct = await client.chat_postMessage(channel="U1", text="three")
        assert first["message"]["blocks"] == [section()]
        assert direct["channel"] == "D1"
        seen = [(m.channel, m.text, m.thread_ts, m.user, m.response_type) for m in slack.messages]
        assert seen == [
            ("C1", "one", "1.000001", None, "in_channel"),
            ("C1", "two", None, "U1", "ephemeral"),
            ("D1", "three", None, None, "in_channel"),
        ]
        assert len({message.ts for message in slack.messages}) == 3

        assert slack.calls[0].method == "chat.postMessage"
        assert slack.calls[0].arguments["thread_ts"] == "1.000001"

        slack.forget()
        assert not any([slack.messages, slack.answers, slack.calls, slack.refusals])


API_REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"text": "t"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C404", "text": "t"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "CAWAY", "text": "t"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "COLD", "text": "t"}, "is_archived"),
    ("chat.postMessage", {"channel": "C1"}, "no_text"),
    ("chat.postMessage", {"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "C1", "blocks": "section"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C1", "blocks": [header("")]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "C1", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
    ("chat.postEphemeral", {"channel": "C1", "text": "t"}, "invalid_arguments"),
    ("chat.postEphemeral", {"channel": "C1", "user": "U404", "text": "t"}, "user_not_in_channel"),
    ("views.open", {"trigger_id": "rubbish", "view": MODAL}, "invalid_trigger_id"),
    ("views.open", {"view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": "U1", "view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": "U1", "view": {**HOME, "blocks": [{}]}}, "invalid_arguments"),
    ("views.publish", {"user_id": "nobody", "view": HOME}, "user_not_found"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("chat.teleport", {}, "unknown_method"),
]


@pytest.mark.parametrize(("method", "arguments", "error"), API_REFUSED, ids=[f"{m} {e}" for m, _, e in API_REFUSED])
@pytest.mark.parametrize("encoding", ["json", "data"])
@asynchronous
async def test_a_call_that_is_refused(method: str, arguments: dict[str, Any], error: str, encoding: str) -> None:
    if encoding == "data":  # a form: Slack takes structures as JSON text there
        arguments = {k: v if isinstance(v, str) else json.dumps(v) for k, v in arguments.items()}
    async with Slack.serve() as slack:
        slack.add_channel("C1", members={"U1"})
        slack.add_channel("CAWAY", bot_is_member=False)
        slack.add_channel("COLD", archived=True)
        body: dict[str, Any] = {encoding: arguments}
        call = web_client(slack).api_call(method, **body)
        assert await error_of(call) == error
        assert [(each.method, each.error) for each in slack.refusals] == [(method, error)]
        assert not slack.messages
        assert not slack.homes


@asynchronous
async def test_arguments_of_the_wrong_type_are_refused() -> None:
    async with Slack.serve() as slack:
        slack.add_channel("C1")
        for wrong in ({"channel": ["C1"], "text": "t"}, {"channel": "C1", "text": 5}):
            call = web_client(slack).api_call("chat.postMessage", json=wrong)
            assert await error_of(call) == "invalid_arguments"


@asynchronous
async def test_refused_blocks_are_named_as_slack_names_them() -> None:
    async with Slack.serve() as slack:
        slack.add_channel("C1")
        with pytest.raises(SlackApiError) as failure:
            await web_client(slack).chat_postMessage(channel="C1", text="t", blocks=[section("x" * 3001)])
    at = "[json-pointer:/blocks/0/text"
    expected = (
        f"[ERROR] failed to match all allowed schemas {at}]",
        f"[ERROR] must be less than 3001 characters {at}/text]",
    )
    assert failure.value.response["response_metadata"] == {"messages": list(expected)}
    assert slack.refusals == [Refusal("chat.postMessage", "invalid_blocks", expected)]


@asynchronous
async def test_tokens_are_checked() -> None:
    async with Slack.serve() as slack:
        assert await error_of(web_client(slack, "xoxb-other").auth_test()) == "invalid_auth"
        assert await error_of(web_client(slack, slack.app_token).auth_test()) == "not_allowed_token_type"
        nobody = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
        assert await error_of(nobody.auth_test()) == "not_authed"
        assert (await nobody.auth_test(token=slack.bot_token))["ok"]
        async with aiohttp.ClientSession() as session:
            for body, error in (
                (b"{", "invalid_json"),
                (b"[" * 100_000, "invalid_json"),
                (b"[]", "json_not_object"),
            ):
                headers = {"Content-Type": "application/json"}
                async with session.post(slack.api_url + "auth.test", data=body, headers=headers) as reply:
                    assert (await reply.json())["error"] == error


@asynchronous
async def test_views_are_kept() -> None:
    now = time.time()
    async with Slack.serve(clock=lambda: now) as slack:
        client = web_client(slack)
        trigger = slack.command("about")["trigger_id"]
        view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
        assert slack.views[view["id"]]["blocks"] == MODAL["blocks"]
        again = client.views_open(trigger_id=trigger, view=MODAL)
        assert await error_of(again) == "exchanged_trigger_id"

        await client.views_publish(user_id="U1", view=HOME)
        assert slack.homes["U1"]["blocks"] == HOME["blocks"]
        assert slack.home_opened(user="U1")["event"]["view"]["id"] == slack.homes["U1"]["id"]

        old = slack.command("about")["trigger_id"]
        now += 4
        assert await error_of(client.views_open(trigger_id=old, view=MODAL)) == "expired_trigger_id"


@asynchronous
async def test_a_scope_that_was_not_granted() -> None:
    async with Slack.serve(scopes=["commands"]) as slack:
        assert await error_of(web_client(slack).chat_postMessage(channel="C1", text="t")) == "missing_scope"


# Faults


@pytest.mark.parametrize(
    ("fault", "outcome", "accepted"),
    [
        (HttpStatus(503), 503, 0),
        (ApiError("internal_error"), "internal_error", 0),
        (RateLimited(retry_after=7), 429, 0),
        (Hang(), TimeoutError, 0),
        (CutConnection(), aiohttp.ClientError, 0),
        (LostReply(), aiohttp.ClientError, 1),
    ],
    ids=repr,
)
@asynchronous
async def test_a_fault_befalls_a_call_once(fault: Fault, outcome: Any, accepted: int) -> None:
    async with Slack.serve() as slack:
        slack.add_channel("C1")
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        client.timeout = 0.1  # type: ignore[assignment]
        slack.fail("chat.postMessage", fault)
        with pytest.raises((SlackApiError, aiohttp.ClientError, TimeoutError)) as failure:
            await client.chat_postMessage(channel="C1", text="first")
        if isinstance(failure.value, SlackApiError):
            response = failure.value.response
            assert outcome in (response.status_code, response["error"])
            assert outcome != 429 or response.headers["Retry-After"] == "7"
        else:
            assert isinstance(failure.value, outcome)
        assert len(slack.messages) == accepted
        await client.chat_postMessage(channel="C1", text="second")
        assert len(slack.messages) == accepted + 1
        assert len(slack.calls) == 2


@asynchronous
async def test_faults_queue_up_and_are_healed() -> None:
    async with Slack.serve() as slack:
        client = web_client(slack)
        slack.fail("auth.test", ApiError("fatal_error"), times=2)
        slack.fail("auth.test", ApiError("internal_error"), times=None)
        outcomes = [await error_of(client.auth_test()) for _ in range(4)]
        assert outcomes == ["fatal_error", "fatal_error", "internal_error", "internal_error"]
        slack.heal()
        assert (await client.auth_test())["ok"]


@asynchronous
async def test_away_and_back() -> None:
    async with Slack.serve() as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        await client.auth_test()
        async with slack.away():
            with pytest.raises(aiohttp.ClientError):
                await client.auth_test()
        assert (await client.auth_test())["ok"]


# response_url


@asynchronous
async def test_a_response_url_serves_five_times() -> None:
    async with Slack.serve() as slack:  # no channel: a response_url works where the bot is no member
        hook = AsyncWebhookClient(slack.command("kawasaki", user="U7", channel="C9")["response_url"])
        first = await hook.send(text="private", blocks=[section()])
        assert (first.status_code, first.body) == (200, "ok")
        await hook.send_dict({"text": "public", "response_type": "in_channel", "thread_ts": "1.000001"})
        refusal = await hook.send(text="t", blocks=[header("")])
        assert refusal.status_code == 400
        assert json.loads(refusal.body)["error"] == "invalid_blocks"
        for _ in range(3):
            await hook.send(text="more")
        last = await hook.send(text="one too many")
        assert (last.status_code, json.loads(last.body)["error"]) == (404, "used_url")
        assert [(m.channel, m.text, m.user, m.thread_ts) for m in slack.messages[:2]] == [
            ("C9", "private", "U7", None),
            ("C9", "public", None, "1.000001"),
        ]
        assert len(slack.messages) == 5
        assert slack.calls[0].method == "response_url"


@asynchronous
async def test_a_response_url_expires() -> None:
    now = time.time()
    async with Slack.serve(clock=lambda: now) as slack:
        hook = AsyncWebhookClient(slack.command("kawasaki")["response_url"])
        now += 29 * 60
        assert (await hook.send(text="in time")).status_code == 200
        now += 2 * 60
        late = await hook.send(text="too late")
        assert (late.status_code, json.loads(late.body)["error"]) == (404, "expired_url")


@asynchronous
async def test_a_response_url_replaces_and_deletes_its_message() -> None:
    async with Slack.serve() as slack:
        await AsyncWebhookClient(slack.command("kawasaki")["response_url"]).send(text="old")
        press = slack.action("share", message=slack.messages[0])
        await AsyncWebhookClient(press["response_url"]).send(text="new", replace_original=True)
        assert [message.text for message in slack.messages] == ["new"]
        press = slack.action("share", message=slack.messages[0])
        await AsyncWebhookClient(press["response_url"]).send(delete_original=True)
        assert slack.messages == []


@asynchronous
async def test_faults_befall_a_response_url() -> None:
    async with Slack.serve() as slack:
        hook = AsyncWebhookClient(slack.command("kawasaki")["response_url"], retry_handlers=[])
        slack.fail("response_url", HttpStatus(500))
        slack.fail("response_url", CutConnection())
        assert (await hook.send(text="t")).status_code == 500
        with pytest.raises(aiohttp.ClientError):
            await hook.send(text="t")
        assert (await hook.send(text="t")).status_code == 200
        assert len(slack.messages) == 1


# Delivery over HTTP


@asynccontextmanager
async def listening(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/slack/events"
    finally:
        await runner.cleanup()


@asynchronous
async def test_what_is_posted_is_signed_and_encoded_as_slack_does() -> None:
    bodies: list[tuple[str, bytes]] = []

    async def bot(request: web.Request) -> web.Response:
        body = await request.read()
        bodies.append((request.content_type, body))
        good = SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(request.headers))
        return web.Response(status=200 if good else 401)

    async with Slack.serve() as slack, listening(bot) as url:
        assert (await slack.post_http(url, slack.command("IgG & é"))).status == 200
        assert (await slack.post_http(url, slack.mention("<@U0BOT> é"))).status == 200
        assert (await slack.post_http(url, slack.action("list", "v"))).status == 200
        assert (await slack.post_http(url, slack.command(), secret="wrong")).status == 401  # noqa: S106
        assert (await slack.post_http(url, slack.command(), timestamp=int(time.time()) - 301)).status == 401
    (form, command), (as_json, mention), (also_form, action), *_ = bodies
    assert form == also_form == "application/x-www-form-urlencoded"
    assert as_json == "application/json"
    assert parse_qs(command.decode())["text"] == ["IgG & é"]
    assert json.loads(mention)["event"]["text"] == "<@U0BOT> é"
    assert json.loads(parse_qs(action.decode())["payload"][0])["actions"][0]["value"] == "v"


@asynchronous
async def test_an_event_is_posted_again_until_it_is_taken() -> None:
    statuses = iter([500, 503, 200])
    retries: list[tuple[str | None, str | None]] = []

    async def bot(request: web.Request) -> web.Response:
        retries.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=next(statuses))

    async with Slack.serve() as slack, listening(bot) as url:
        replies = await slack.deliver_event_http(url, slack.mention("<@U0BOT> itp"))
    assert [reply.status for reply in replies] == [500, 503, 200]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]


@asynchronous
async def test_slack_gives_up_after_three_more_tries_or_when_told() -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    async def unwilling(_: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with Slack.serve() as slack:
        async with listening(slow) as url:
            replies = await slack.deliver_event_http(url, slack.mention("<@U0BOT>"), timeout=0.05)
            assert [reply.failure for reply in replies] == ["http_timeout"] * 4
        async with listening(unwilling) as url:
            assert len(await slack.deliver_event_http(url, slack.mention("<@U0BOT>"))) == 1
        assert (await slack.post_http(url, slack.command())).failure == "connection_failed"


@asynchronous
async def test_an_answer_in_the_acknowledgement_is_checked_and_kept() -> None:
    answers = iter(
        [
            web.json_response({"text": "one", "response_type": "in_channel", "blocks": [section()]}),
            web.Response(text="two"),
            web.Response(),
            web.json_response({"text": "three", "blocks": [header("")]}),
        ]
    )

    async def bot(_: web.Request) -> web.Response:
        return next(answers)

    async with Slack.serve() as slack, listening(bot) as url:
        for _ in range(4):
            assert (await slack.post_http(url, slack.command(user="U7"))).ok
    assert [(m.text, m.blocks, m.user) for m in slack.answers] == [
        ("one", [section()], None),
        ("two", [], "U7"),
    ]
    assert [(each.method, each.error) for each in slack.refusals] == [("acknowledgement", "invalid_command_response")]
    assert slack.messages == []


# Socket Mode


@asynccontextmanager
async def bot_on_a_socket(slack: Slack) -> AsyncIterator[AsyncApp]:
    """A bot with slack_bolt's own Socket Mode handler, connected."""
    app = AsyncApp(client=web_client(slack), process_before_response=True)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=PING_INTERVAL)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.connected()
    try:
        yield app
    finally:
        handler.client.auto_reconnect_enabled = False
        await handler.close_async()  # type: ignore[no-untyped-call]


async def reconnected(slack: Slack) -> float:
    """Seconds until a new socket is there."""
    began = time.monotonic()
    await slack.until(lambda: slack.socket_count == 0)
    await slack.connected()
    return time.monotonic() - began


@asynchronous
async def test_every_payload_reaches_its_listener() -> None:
    lines: list[str] = []
    async with Slack.serve() as slack, bot_on_a_socket(slack) as app:

        @app.command("/ivig")
        async def _command(ack: Any, command: Any) -> None:
            lines.append(f"command {command['text']}")
            await ack(text="answer", blocks=[section()])

        @app.event("app_mention")
        async def _mention(event: Any, say: Any) -> None:
            lines.append(f"mention {event['text']}")
            await say("reply", thread_ts=event.get("thread_ts") or event["ts"])

        @app.event("message")
        async def _message(event: Any) -> None:
            lines.append(f"message {event['channel_type']} {event['text']}")

        @app.event("app_home_opened")
        async def _home(event: Any) -> None:
            lines.append(f"home {event['user']}")

        @app.action("share")
        async def _share(ack: Any, action: Any, respond: Any) -> None:
            lines.append(f"share {action['value']}")
            await ack()
            await respond("shared", response_type="in_channel", replace_original=False)

        @app.action("choose")
        async def _choose(ack: Any, action: Any) -> None:
            lines.append(f"choose {action['selected_option']['value']}")
            await ack()

        @app.shortcut("look-up")
        async def _shortcut(ack: Any, shortcut: Any, client: Any) -> None:
            lines.append(f"shortcut {shortcut['message']['text']}")
            await ack()
            await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

        slack.add_channel("C1", members={"U1"})
        answer = await slack.post_socket(slack.command("itp"))
        assert answer is not None
        assert answer.payload == {"text": "answer", "blocks": [section()]}
        mention = slack.mention("<@U0BOT> cidp", thread_ts="5.000001")
        ack = await slack.post_socket(mention)
        assert ack is not None
        assert ack.payload is None
        for payload in (
            slack.direct_message("gbs"),
            slack.home_opened(user="U1"),
            slack.action("share", "kawasaki-disease"),
            slack.action("choose", "cidp", kind="static_select"),
            slack.shortcut("look-up", "what about mg?"),
        ):
            assert await slack.post_socket(payload) is not None
    assert lines == [
        "command itp",
        "mention <@U0BOT> cidp",
        "message im gbs",
        "home U1",
        "share kawasaki-disease",
        "choose cidp",
        "shortcut what about mg?",
    ]
    assert [(m.text, m.thread_ts, m.via) for m in slack.messages] == [
        ("reply", "5.000001", "chat.postMessage"),
        ("shared", None, "response_url"),
    ]
    assert [message.text for message in slack.answers] == ["answer"]
    assert len(slack.views) == 1


@asynchronous
async def test_an_action_in_a_view_comes_without_a_response_url() -> None:
    async with Slack.serve() as slack:
        await web_client(slack).views_publish(user_id="U1", view=HOME)
        payload = slack.action("list", view=slack.homes["U1"])
    assert payload["container"] == {"type": "view", "view_id": slack.homes["U1"]["id"]}
    assert "response_url" not in payload
    assert "message" not in slack.action("share")


@asynchronous
async def test_an_event_is_sent_again_until_it_is_acknowledged() -> None:
    attempts: list[Any] = []
    async with Slack.serve() as slack:
        url = (await web_client(slack, slack.app_token).apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            hello = await link.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)

            async def deaf_twice() -> None:
                for attempt in range(3):
                    frame = await link.receive_json()
                    attempts.append((frame["retry_attempt"], frame["retry_reason"], frame["payload"]["event_id"]))
                    if attempt == 2:
                        await link.send_str("rubbish")
                        await link.send_json({"envelope_id": frame["envelope_id"]})

            mention = slack.mention("<@U0BOT> itp")
            acks, _ = await asyncio.gather(slack.deliver_event_socket(mention, timeout=0.05), deaf_twice())
            assert acks[:2] == [None, None]
            assert acks[2] is not None
            event_id = mention["event_id"]
            assert attempts == [(0, "", event_id), (1, "timeout", event_id), (2, "timeout", event_id)]
            assert await slack.deliver_event_socket(mention, timeout=0.01) == [None] * 4

        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError):  # a ticket serves once
                await session.ws_connect(url)


def _listens(name: str, lines: list[str]) -> Callable[..., Awaitable[None]]:
    async def listener(ack: Any) -> None:
        lines.append(name)
        await ack()

    return listener


@asynchronous
async def test_payloads_go_round_the_open_sockets() -> None:
    async with Slack.serve() as slack, bot_on_a_socket(slack) as one, bot_on_a_socket(slack) as other:
        lines: list[str] = []
        one.command("/ivig")(_listens("one", lines))
        other.command("/ivig")(_listens("other", lines))
        await slack.connected(2)
        for _ in range(4):
            assert await slack.post_socket(slack.command()) is not None
    assert sorted(lines) == ["one", "one", "other", "other"]


@asynchronous
async def test_a_bot_comes_back_after_each_way_to_lose_a_socket() -> None:
    async with Slack.serve() as slack, bot_on_a_socket(slack):
        await slack.disconnect("refresh_requested")
        assert await reconnected(slack) < 1
        await slack.cut()
        assert await reconnected(slack) < 3
        slack.freeze()
        assert await reconnected(slack) < 4
        async with slack.away():
            await asyncio.sleep(2 * PING_INTERVAL)
        await slack.connected()


@asynchronous
async def test_a_frozen_socket_carries_nothing_until_it_thaws() -> None:
    async with Slack.serve() as slack:
        url = (await web_client(slack).apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as link:
            await link.receive_json()
            slack.freeze()
            await link.ping(b"still there?")
            assert await slack.post_socket(slack.command(), timeout=0.05) is None
            with pytest.raises(TimeoutError):
                await link.receive(timeout=0.05)
            slack.freeze(False)
            assert (await link.receive(timeout=1)).data == b"still there?"


@asynchronous
async def test_sockets_opened_while_frozen_are_mute() -> None:
    async with Slack.serve() as slack:
        slack.freeze(new=True)
        url = (await web_client(slack).apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            with pytest.raises(TimeoutError):
                await link.receive(timeout=0.05)
            assert slack.socket_count == 0


@asynchronous
async def test_rubbish_reaches_the_client_as_it_is() -> None:
    async with Slack.serve() as slack:
        url = (await web_client(slack).apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            await link.receive_json()
            await slack.send_raw("{")
            await slack.send_raw(b"\xff")
            assert [(await link.receive()).data for _ in range(2)] == ["{", b"\xff"]


@asynchronous
async def test_a_socket_that_breaks_leaves_its_payload_unacknowledged() -> None:
    async with Slack.serve() as slack:
        url = (await web_client(slack).apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            await link.receive_json()
            post = asyncio.create_task(slack.post_socket(slack.mention("<@U0BOT>")))
            await link.receive_json()
            await slack.cut()
            assert await post is None
            assert slack.socket_count == 0


@pytest.mark.parametrize("fault", [HttpStatus(503), ApiError("internal_error")], ids=repr)
@asynchronous
async def test_faults_befall_the_opening_of_a_socket(fault: Fault) -> None:
    async with Slack.serve() as slack, bot_on_a_socket(slack):
        slack.fail("apps.connections.open", fault)
        await slack.cut()
        assert await reconnected(slack) < 3
        assert [call.method for call in slack.calls].count("apps.connections.open") == 3
