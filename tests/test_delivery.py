"""The lease on an event, and what errors mean, without a door around them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from unittest import mock

import clock
import pytest
from doors import http_door, socket_door, workspace
from slack_sdk.web.async_client import AsyncWebClient
from slow_line import slow_line

from slackbot import logs
from slackbot.settings import NetworkSettings
from slackbot.slack.api import PassingError, RefusedError, call, kept_connections
from slackbot.slack.blocks import Message
from slackbot.slack.delivery import Delivery, post
from slackbot.slack.network import Network
from slackbot.work.claims import Claim, MemoryClaims, PendingError, lease
from standin.slack import (
    ApiError,
    CutConnection,
    Fault,
    HttpStatus,
    LostReply,
    RateLimited,
    Slack,
)

CARD = Message("text", [{"type": "section", "text": {"type": "plain_text", "text": "text"}}])


# The lease.


@pytest.mark.parametrize(
    ("then", "seconds", "claim"),
    [
        (None, 44.9, Claim.PENDING),
        (None, 45.1, Claim.TAKEN),  # whoever had it has died
        ("done", 3599.0, Claim.DONE),
        ("done", 3601.0, Claim.TAKEN),
        ("release", 0.0, Claim.TAKEN),
    ],
)
def test_what_the_next_delivery_finds(then: str | None, seconds: float, claim: Claim) -> None:
    async def work() -> None:
        claims = MemoryClaims()
        assert await claims.claim("Ev1") is Claim.TAKEN
        if then:
            await getattr(claims, then)("Ev1")
        await asyncio.sleep(seconds)
        assert await claims.claim("Ev1") is claim
        assert await claims.claim("Ev2") is Claim.TAKEN

    clock.run(work())


def test_the_oldest_events_are_forgotten_first() -> None:
    async def work() -> None:
        claims = MemoryClaims(limit=3)
        for number in range(5):
            await claims.claim(f"Ev{number}")
            await claims.done(f"Ev{number}")
        found = [await claims.claim(f"Ev{number}") for number in (4, 3, 2, 0)]
        assert found == [Claim.DONE, Claim.DONE, Claim.DONE, Claim.TAKEN]

    clock.run(work())


@pytest.mark.parametrize("failure", [PassingError("x"), ZeroDivisionError(), asyncio.CancelledError()])
def test_a_block_that_fails_gives_the_event_back(failure: BaseException) -> None:
    async def work() -> None:
        claims = MemoryClaims()

        async def fail() -> None:
            async with lease(claims, "Ev1"):
                raise failure

        with pytest.raises(type(failure)):
            await fail()
        async with lease(claims, "Ev1") as again:
            assert again

    clock.run(work())


def test_only_one_delivery_works_on_an_event() -> None:
    async def work() -> None:
        claims = MemoryClaims()
        async with lease(claims, "Ev1") as first:
            assert first
            with pytest.raises(PendingError):
                async with lease(claims, "Ev1"):
                    pytest.fail("two at once")
        async with lease(claims, "Ev1") as again:
            assert not again

    clock.run(work())


# Errors.


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        (HttpStatus(500), PassingError, "http_500"),
        (HttpStatus(404), PassingError, "http_404"),
        (HttpStatus(200), PassingError, "http_200"),
        (CutConnection(), PassingError, "ServerDisconnectedError"),
        (LostReply(), PassingError, "ServerDisconnectedError"),
        (RateLimited(7), PassingError, "ratelimited"),
        (ApiError("ratelimited"), PassingError, "ratelimited"),
        (ApiError("internal_error"), PassingError, "internal_error"),
        (ApiError("message_limit_exceeded"), PassingError, "message_limit_exceeded"),
        (ApiError("some_error_of_tomorrow"), PassingError, "some_error_of_tomorrow"),
        (ApiError("What <b>is</b> this?"), PassingError, "unknown_error"),
        (ApiError("is_archived"), RefusedError, "is_archived"),
        (ApiError("invalid_auth"), RefusedError, "invalid_auth"),
    ],
    ids=repr,
)
def test_what_an_error_means(fault: Fault, verdict: type[Exception], said: str) -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.fail("auth.test", fault)
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
            with pytest.raises(verdict) as error:
                await call(client.auth_test)
            assert getattr(error.value, "reason", None) == said
            assert getattr(error.value, "retry_after", None) == (7 if isinstance(fault, RateLimited) else None)
            assert error.value.__cause__ is None

    clock.run(work())


def test_what_is_wrong_with_blocks_is_logged_by_slacks_words(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with workspace() as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
            broken = Message("text", [{"type": "nonsense"}])
            assert (await post(client, broken, channel="C1", thread_ts=None, asker="U1")).outcome == "posted_as_text"
            assert [message.text for message in slack.messages] == ["text"]

    logs.set_up("INFO")
    clock.run(work())
    assert "post outcome=refused error=invalid_blocks; /blocks/0" in capsys.readouterr().out


def test_nobody_to_tell() -> None:
    async def work() -> None:
        async with workspace() as slack:
            slack.add_channel("C9", archived=True)
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
            assert await post(client, CARD, channel="C9", thread_ts=None, asker=None) == Delivery("refused")

    clock.run(work())


# Connections.


def _client(url: str, token: str | None = None) -> AsyncWebClient:
    return Network(NetworkSettings()).web_client(url, token, timeout=60)


async def _post(client: AsyncWebClient) -> Delivery:
    return await post(client, CARD, channel="C1", thread_ts=None, asker=None)


@pytest.mark.parametrize(("kept", "connections"), [(4.0, 1), (0.02, 2)])
def test_posts_that_follow_each_other_soon_share_a_connection(kept: float, connections: int) -> None:
    async def work() -> None:
        async with workspace() as slack, slow_line(slack, lambda: 0.0) as opened:
            client = _client(slack.api_url, slack.bot_token)
            async with kept_connections(client):
                await _post(client)
                await asyncio.sleep(0.1)
                await _post(client)
            assert (len(opened), len(slack.messages)) == (connections, 2)

    with mock.patch("slackbot.slack.api.KEPT_SECONDS", kept):
        asyncio.run(work())  # aiohttp has a clock of its own, which no test can hold


@pytest.mark.parametrize("opening", [http_door, socket_door])
def test_a_door_keeps_its_connection_from_one_answer_to_the_next(
    opening: Callable[[Slack], AbstractAsyncContextManager[str]],
) -> None:
    async def work() -> None:
        async with workspace() as slack, slow_line(slack, lambda: 0.0) as opened, opening(slack) as url:
            connections = []
            for _ in range(2):
                event = slack.mention("<@U0BOT> kawasaki")
                await (slack.deliver_event_http(f"{url}/slack/events", event) if url else slack.post_socket(event))
                connections.append(len(opened))
            assert len(slack.messages) == 2
            assert connections[0] == connections[1]

    asyncio.run(work())


def test_posts_at_once_wait_for_no_connection_of_each_others() -> None:
    async def work() -> None:
        opened: list[asyncio.StreamWriter] = []
        silent = await asyncio.start_server(lambda _, writer: opened.append(writer), "127.0.0.1", 0)
        client = _client(f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/")
        async with kept_connections(client):
            posts = [asyncio.create_task(_post(client)) for _ in range(101)]
            for _ in range(500):
                if len(opened) == len(posts):
                    break
                await asyncio.sleep(0.01)
            for each in posts:
                each.cancel()
            await asyncio.gather(*posts, return_exceptions=True)
        for writer in opened:
            writer.close()
            await writer.wait_closed()
        silent.close()
        assert len(opened) == len(posts)

    asyncio.run(work())


def test_a_connection_that_is_known_to_be_closed_is_not_used_again() -> None:
    async def work() -> None:
        async with workspace() as slack, slow_line(slack, lambda: 0.0) as opened:
            client = _client(slack.api_url, slack.bot_token)
            async with kept_connections(client):
                await _post(client)
                opened[0].close()
                await asyncio.sleep(0.02)
                await _post(client)
            assert (len(opened), len(slack.messages)) == (2, 2)

    asyncio.run(work())


def test_a_post_whose_kept_connection_is_cut_as_it_is_sent_is_left_to_redelivery() -> None:
    async def work() -> None:
        async with workspace() as slack:
            client = _client(slack.api_url, slack.bot_token)
            async with kept_connections(client):
                await _post(client)
                slack.fail("chat.postMessage", CutConnection())
                with pytest.raises(PassingError):
                    await _post(client)
                await _post(client)
            assert len(slack.messages) == 2

    asyncio.run(work())


def test_no_cookie_of_one_call_goes_with_the_next() -> None:
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            heads.append(head.lower())
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
            writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: b=1; Path=/\r\nContent-Type: application/json\r\n")
            writer.write(b'Content-Length: 11\r\n\r\n{"ok":true}')

    async def work() -> None:
        server = await asyncio.start_server(answer, "localhost", 0)
        client = _client(f"http://localhost:{server.sockets[0].getsockname()[1]}/")
        async with kept_connections(client):
            for _ in range(2):
                await _post(client)
        server.close()

    asyncio.run(work())
    assert len(heads) == 2
    assert not any(b"cookie:" in head for head in heads)
