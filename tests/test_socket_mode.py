"""What only the Socket Mode door has: the connection, and envelopes that are left unacknowledged."""

import asyncio
import os
import random
from contextlib import AsyncExitStack
from unittest import mock

import aiohttp
import clock
import pytest
from doors import Door, answer_to, called, environment, read_once, socket_door, workspace
from reading import matcher_of
from slack_bolt.response import BoltResponse
from slow_line import slow_line

from slackbot import logs, settings
from slackbot.content.schema import Content
from slackbot.slack import api, socket_mode
from slackbot.slack.frames import Disconnect, Envelope, Frame, Hello, acknowledgement, read
from standin.slack import ApiError, CutConnection, Fault, Hang, HttpStatus, RateLimited, Says, Slack

CANARY = "Zaphod-Canary-4711"
QUESTION = "<@U0BOT> kawasaki"


async def stopped(slack: Slack) -> int:
    """Serve until it stops by itself; its status."""
    with mock.patch.dict(os.environ, environment(slack), clear=True):
        known = settings.load(settings.SOCKET_MODE)
    logs.set_up(known.log_level)
    return await socket_mode.run(known, matcher_of(read_once(known.data, known.contact)))


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

    clock.run(work())


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_refused_token_ends_it_with_status_1(method: str, capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.fail(method, ApiError("invalid_auth"))
            assert await stopped(slack) == 1

    clock.run(work())
    assert "Slack refuses (invalid_auth): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in capfd.readouterr().out


def test_a_token_that_was_taken_before_is_given_ten_minutes() -> None:
    async def work() -> None:
        async with workspace() as slack:
            serving = asyncio.create_task(stopped(slack))
            await slack.connected()
            slack.fail("apps.connections.open", ApiError("invalid_auth"), times=None)
            await slack.cut()
            await asyncio.sleep(100)
            slack.heal()
            assert await slack.post_socket(slack.command("kawasaki"), timeout=5)
            slack.fail("apps.connections.open", ApiError("invalid_auth"), times=None)
            await slack.cut()
            started = clock.now()
            assert await serving == 1
            assert 600 <= clock.now() - started <= 605

    clock.run(work())


def test_socket_mode_switched_off_ends_it_with_status_1(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack:
            serving = asyncio.create_task(stopped(slack))
            await slack.connected()
            await slack.disconnect("link_disabled")
            async with asyncio.timeout(2):
                assert await serving == 1

    clock.run(work())
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

    clock.run(work())
    assert "connections=2: another process may run this app too" in capfd.readouterr().out


def test_a_disconnect_envelope_costs_no_second(socketed: Door, content: Content) -> None:
    async def work() -> None:
        await socketed.slack.disconnect("refresh_requested")
        await called(socketed.slack, "apps.connections.open")
        ack = await socketed.slack.post_socket(socketed.slack.command("kawasaki"), timeout=1)
        assert ack is not None
        assert ack.payload == answer_to("kawasaki", content)

    socketed.run(work())


def test_what_is_under_way_is_acknowledged_after_a_disconnect(socketed: Door) -> None:
    socketed.slack.fail("chat.postMessage", RateLimited(1))

    async def work() -> None:
        asking = asyncio.create_task(socketed.slack.post_socket(socketed.slack.mention(QUESTION)))
        await called(socketed.slack, "chat.postMessage")
        await socketed.slack.disconnect("refresh_requested")
        assert await asking is not None

    socketed.run(work())


def opened(slack: Slack) -> int:
    return sum(call.method == "apps.connections.open" for call in slack.calls)


@pytest.mark.parametrize(("half_dead", "most"), [(False, 0.1), (True, 2.2)])
@pytest.mark.parametrize("after", [0.0, 3.0, 3.7])
def test_a_connection_that_dies_without_a_word_is_replaced(
    half_dead: bool, most: float, after: float, content: Content
) -> None:
    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            await asyncio.sleep(after)
            if half_dead:
                slack.freeze()
            else:
                await slack.cut()
            broken = clock.now()
            ack = await slack.post_socket(slack.command("kawasaki"), timeout=10)
            assert ack is not None
            assert ack.payload == answer_to("kawasaki", content)
            assert clock.now() - broken <= (most if after else 5.0)  # an unmeasured line is given more time
            await asyncio.sleep(30)
            assert slack.sockets_most == 2 if half_dead else 1

    clock.run(work())


# Slow lines.


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("one_way", [0.05, 0.55, 2.0])
def test_a_slow_line_that_lives_is_kept(one_way: float, jitter: float) -> None:
    dice = random.Random(4711)  # noqa: S311  # no secret

    async def work() -> None:
        async with (
            workspace() as slack,
            slow_line(slack, lambda: one_way * (1 - jitter * dice.random())),
            socket_door(slack, timeout=60),
        ):
            for _ in range(3):
                await asyncio.sleep(10)
                assert await slack.post_socket(slack.command("kawasaki"), timeout=6 * one_way)
            assert slack.sockets_opened == 1

    clock.run(work())


@pytest.mark.parametrize("late", [0.6, 1.3, 2.9])
def test_pongs_that_come_late_are_no_reason_to_part(late: float) -> None:
    """The line itself is quick: only what follows the handshake takes so long."""

    async def work() -> None:
        slow = [0.0]
        async with workspace() as slack, slow_line(slack, lambda: slow[0]), socket_door(slack):
            slow[0] = late / 2
            await asyncio.sleep(40)
            assert slack.sockets_opened <= 2, "at most once, before anything is measured"

    clock.run(work())


def test_a_line_that_becomes_slow_is_kept_when_its_pong_comes(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        slow = [0.02]
        async with workspace() as slack, slow_line(slack, lambda: slow[0]), socket_door(slack):
            await asyncio.sleep(20)
            slow[0] = 1.5
            await asyncio.sleep(30)
            assert slack.sockets_opened == 1

    clock.run(work())
    assert "connection outcome=down error=pong_overdue" in capfd.readouterr().out


@pytest.mark.parametrize("one_way", [0.0, 0.25, 0.5, 2.0])
def test_how_long_it_is_deaf_when_a_line_dies(one_way: float) -> None:
    trip = 2 * one_way

    async def work() -> None:
        async with workspace() as slack, slow_line(slack, lambda: one_way), socket_door(slack, timeout=60):
            for after in (12.0, 12.5):
                await asyncio.sleep(after)
                slack.freeze()
                broken = clock.now()
                assert await slack.post_socket(slack.command("kawasaki"), timeout=120)
                assert clock.now() - broken - trip <= (5.0 if trip <= 0.5 else 2.0 + 6 * trip)
            assert slack.sockets_most <= 2

    clock.run(work())


def test_a_socket_that_is_suspect_serves_until_the_next_says_hello() -> None:
    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            await asyncio.sleep(10)
            slack.freeze(new=True)
            await asyncio.sleep(20)
            assert slack.socket_count == 0
            slack.freeze(False)
            await asyncio.sleep(0.1)
            assert await slack.post_socket(slack.command("kawasaki"), timeout=1)
            assert slack.sockets_most <= 2

    clock.run(work())


# What Slack may say instead of an address.


@pytest.mark.parametrize(
    "said",
    [
        '{"ok": true}',
        '{"ok": true, "url": null}',
        '{"ok": true, "url": ""}',
        '{"ok": true, "url": "//"}',
        '{"ok": true, "url": "//127.0.0.1/link"}',
        '{"ok": true, "url": "http://127.0.0.1/link"}',
        '{"ok": true, "url": "ws://[::1"}',
        '{"ok": true, "url": "wss://xn--/"}',
        '{"ok": true, "url": 7}',
        '{"ok": true, "url": ["ws://127.0.0.1/"]}',
        "null",
        "[]",
        '{"ok": false, "error": "too_many_websockets"}',
        '{"ok": false, "error": "something_of_tomorrow"}',
        '{"ok": false}',
    ],
)
def test_an_odd_answer_is_asked_for_again(said: str) -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.fail("apps.connections.open", Says(said), times=3)
            async with socket_door(slack):
                assert await slack.post_socket(slack.command("kawasaki"))

    clock.run(work())


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("fault", [HttpStatus(503), CutConnection(), Hang(600)], ids=repr)
def test_it_answers_soon_after_slacks_return(method: str, fault: Fault) -> None:
    async def work() -> None:
        async with workspace() as slack, asyncio.timeout(120):
            slack.fail(method, fault, times=None)
            async with AsyncExitStack() as stack:
                opening = asyncio.create_task(stack.enter_async_context(socket_door(slack, timeout=100)))
                await asyncio.sleep(61)
                slack.heal()
                healed = clock.now()
                await opening
                assert await slack.post_socket(slack.command("kawasaki"))
                assert clock.now() - healed <= 5.0

    clock.run(work())


def test_a_routine_reconnect_names_no_other_process(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            for _ in range(3):
                await asyncio.sleep(20)
                await slack.disconnect("warning")
            await asyncio.sleep(20)
            assert (slack.sockets_opened, slack.sockets_most) == (4, 2)

    clock.run(work())
    assert "another process" not in capfd.readouterr().out


def test_too_many_websockets_are_no_reason_to_hurry(capfd: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack, socket_door(slack):
            for _ in range(20):
                await slack.disconnect("too_many_websockets")
                await asyncio.sleep(0.01)
            assert opened(slack) <= 2
            assert await slack.post_socket(slack.command("kawasaki"), timeout=1)

    clock.run(work())
    assert "Slack says too_many_websockets" in capfd.readouterr().out


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
