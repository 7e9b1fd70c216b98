"""What only the Socket Mode door has: the connection, and envelopes that are left unacknowledged."""

import asyncio

import aiohttp
import pytest
from conftest import Door, answer_to, called, environment, read_once, socket_door, workspace
from slack_bolt.response import BoltResponse

from slackbot import logs, settings
from slackbot.content.schema import Content
from slackbot.slack import api, socket_mode
from slackbot.slack.socket_mode import Disconnect, Envelope, Frame, Hello, acknowledgement, read
from standin.slack import ApiError, CutConnection, HttpStatus, RateLimited, Slack

CANARY = "Zaphod-Canary-4711"
QUESTION = "<@U0BOT> kawasaki"


async def serve(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> int:
    for name, value in environment(slack).items():
        monkeypatch.setenv(name, value)
    known = settings.load(settings.SOCKET_MODE)
    logs.set_up(known.log_level)
    return await socket_mode.run(known, read_once(known.data, known.contact))


def test_it_waits_for_a_slack_that_is_away(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "FIRST_PAUSE", 0.05)

    async def work() -> None:
        async with workspace() as slack:
            slack.fail("auth.test", HttpStatus(503))
            slack.fail("apps.connections.open", CutConnection())
            async with socket_door(slack):
                ack = await slack.post_socket(slack.command("kawasaki"))
                assert ack is not None
                assert ack.payload == answer_to("kawasaki", content)

    asyncio.run(work())


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_refused_token_ends_it_with_status_1(
    method: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.fail(method, ApiError("invalid_auth"))
            assert await serve(slack, monkeypatch) == 1

    asyncio.run(work())
    assert "Slack refuses (invalid_auth): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in capfd.readouterr().out


def test_socket_mode_switched_off_ends_it_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work() -> None:
        async with workspace() as slack:
            serving = asyncio.create_task(serve(slack, monkeypatch))
            await slack.connected()
            await slack.disconnect("link_disabled")
            async with asyncio.timeout(2):
                assert await serving == 1

    asyncio.run(work())
    assert "link_disabled: switch Socket Mode on" in capfd.readouterr().out


def test_a_second_process_on_the_app_is_noticed(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack, aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bearer {slack.app_token}"}
            async with session.post(f"{slack.api_url}apps.connections.open", headers=headers) as reply:
                other = (await reply.json())["url"]
            async with session.ws_connect(other), socket_door(slack):
                await slack.connected(2)
                await asyncio.sleep(0.05)

    asyncio.run(work())
    assert "connections=2: another process may run this app too" in capfd.readouterr().out


def test_a_disconnect_envelope_costs_no_second(socketed: Door, content: Content) -> None:
    async def work() -> None:
        await socketed.slack.disconnect("refresh_requested")
        await called(socketed.slack, "apps.connections.open")
        ack = await socketed.slack.post_socket(socketed.slack.command("kawasaki"), timeout=1)
        assert ack is not None
        assert ack.payload == answer_to("kawasaki", content)

    socketed.run(work())


def opened(slack: Slack) -> int:
    return sum(call.method == "apps.connections.open" for call in slack.calls)


@pytest.mark.parametrize("half_dead", [False, True])
def test_a_connection_that_dies_without_a_word_is_replaced(
    half_dead: bool, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.2)
    monkeypatch.setattr(socket_mode, "STEADY_SECONDS", 0.0)

    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            if half_dead:
                slack.freeze()
            else:
                await slack.cut()
            ack = await slack.post_socket(slack.command("kawasaki"), timeout=1)
            assert ack is not None
            assert ack.payload == answer_to("kawasaki", content)

    asyncio.run(work())


def test_too_many_websockets_are_no_reason_to_hurry(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            for _ in range(20):
                await slack.disconnect("too_many_websockets")
                await asyncio.sleep(0.01)
            assert opened(slack) <= 2
            assert await slack.post_socket(slack.command("kawasaki"), timeout=1)

    asyncio.run(work())
    assert "Slack says too_many_websockets" in capfd.readouterr().out


def test_what_is_under_way_is_acknowledged_after_a_disconnect(socketed: Door) -> None:
    socketed.slack.fail("chat.postMessage", RateLimited(1))

    async def work() -> None:
        asking = asyncio.create_task(socketed.slack.post_socket(socketed.slack.mention(QUESTION)))
        await called(socketed.slack, "chat.postMessage")
        await socketed.slack.disconnect("refresh_requested")
        assert await asking is not None

    socketed.run(work())


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ('{"type": "hello", "num_connections": 2}', Hello(2)),
        ('{"type": "hello", "num_connections": null}', Hello(1)),
        ('{"type": "disconnect", "reason": "warning"}', Disconnect("warning")),
        ('{"type": "disconnect", "reason": "link_disabled"}', Disconnect("link_disabled")),
        (f'{{"type": "disconnect", "reason": "{CANARY}"}}', Disconnect("disconnect")),
        ('{"type": "disconnect", "reason": ["warning"]}', Disconnect("disconnect")),
        ('{"type": "events_api", "envelope_id": "1", "payload": {}}', Envelope("1", "events_api", {})),
        ('{"type": "events_api", "envelope_id": "1"}', Envelope("1", "events_api", None)),
        ('{"type": "events_api", "envelope_id": 1}', None),
        ('{"type": "goodbye"}', None),
        ('["hello"]', None),
        ("hello", None),
        ("[" * 100_000, None),
    ],
)
def test_what_a_frame_says(sent: str, said: Frame | None) -> None:
    assert read(sent) == said


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, "", '{"envelope_id":"1\\""}'),
        (200, '{"text":"x"}', '{"envelope_id":"1\\"","payload":{"text":"x"}}'),
        (400, "bad", '{"envelope_id":"1\\""}'),
        (503, "", None),
    ],
)
def test_what_an_envelope_is_answered(status: int, body: str, answer: str | None) -> None:
    envelope = Envelope('1"', "events_api", {})
    assert acknowledgement(envelope, BoltResponse(status=status, body=body)) == answer


def test_rubbish_frames_change_nothing(socketed: Door, content: Content) -> None:
    async def work() -> None:
        for frame in (
            "",
            "rubbish",
            "{",
            "[]",
            '{"type": "hello"}',
            '{"type": "disconnect", "reason": 1}'[:-3],
        ):
            await socketed.slack.send_raw(frame)
        await socketed.slack.send_raw("[" * 100_000)
        await socketed.slack.send_raw(b"\xff\xfe")
        ack = await socketed.slack.post_socket(socketed.slack.command("kawasaki"), timeout=3)
        assert ack is not None
        assert ack.payload == answer_to("kawasaki", content)

    socketed.run(work())


def test_a_payload_that_can_not_be_read_is_acknowledged_and_gone(socketed: Door) -> None:
    mention = socketed.slack.mention(QUESTION)
    mention["event"]["ts"] = None
    assert socketed.deliver(mention) == [True]
    assert socketed.slack.messages == []
