"""What a connection to the HTTP door may do, how long and how much: limits shortened, and a door that echoes.

Whole attacks, with the bot as a process and limits as they are, run in `tests/attacks.py`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest import mock

import clock
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from slackbot.slack.connections import Connections, Limits, Response
from slackbot.slack.requests import Request, RequestError, RequestReader
from slackbot.work.running import Running

QUICK = Limits(
    first_byte_seconds=0.1,
    head_seconds=0.1,
    body_seconds=0.1,
    unread_seconds=0.1,
    idle_seconds=0.1,
    farewell_seconds=0.1,
    stop_seconds=0.1,
    arrived_seconds=0.0,
    look_seconds=0.02,
)
PATIENT = Limits(stop_seconds=0.05, arrived_seconds=0.0)
GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class Echo:
    """Answers with the body it was sent, `/slow` not before it is let."""

    port: int = 0
    peers: list["Peer"] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    free: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: Request) -> Response:
        self.requests.append(request)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        if request.path == "/slow":
            await self.free.wait()
        self.under_way -= 1
        if request.path == "/large":
            return Response(200, body=b"x" * 16_000_000)
        if request.path == "/broken":
            raise RuntimeError("canary")
        return Response(200, {"x-path": request.path}, request.body, is_trusted=request.path == "/signed")


@dataclass
class Peer:
    """The other end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def status(self) -> int:
        """The status of the next answer, which is read whole."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.splitlines() if line.lower().startswith(b"content-length:"))
        await self.reader.readexactly(int(length.split(b":")[1]))
        return int(head.split()[1])

    async def rest(self) -> bytes:
        """All that comes until the other end closes, which it must."""
        received = b""
        with suppress(ConnectionError):
            while chunk := await self.reader.read(1 << 16):
                received += chunk
        return received


@asynccontextmanager
async def echo(limits: Limits) -> AsyncIterator[tuple[Echo, Connections]]:
    door = Echo()
    connections = Connections(door.answer, Running(), limits, {"x-no-retry": "1"})
    server = await asyncio.get_running_loop().create_server(connections.connection, "127.0.0.1", 0)
    door.port = server.sockets[0].getsockname()[1]
    try:
        yield door, connections
    finally:
        door.free.set()
        server.close()
        await connections.stop()
        for each in door.peers:
            each.writer.transport.abort()
        await asyncio.sleep(0)


async def peer(door: Echo, opening: bytes = b"") -> Peer:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(opening)
    door.peers.append(Peer(reader, writer))
    return door.peers[-1]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # the door tells no event
        await asyncio.sleep(0.01)


async def which_are_closed(peers: list[Peer]) -> list[bool]:
    """Whether the other end has closed each of them, or does so in a moment."""
    waiting = [asyncio.create_task(each.rest()) for each in peers]
    await asyncio.wait(waiting, timeout=0.2)
    closed = [each.done() for each in waiting]
    for each in waiting:
        each.cancel()
    return closed


def run(work: Callable[[Echo, Connections], Awaitable[None]], limits: Limits = PATIENT) -> None:
    async def limited() -> None:
        async with asyncio.timeout(5), echo(limits) as (door, connections):
            await work(door, connections)

    with mock.patch("slackbot.slack.connections.time", SimpleNamespace(monotonic=clock.now, time=time.time)):
        clock.run(limited())


# Requests that are fine, however they come.

BODY = b"kawasaki" * 9000
FINE: dict[str, tuple[bytes, list[tuple[str, bytes]]]] = {
    "plain": (GET, [("/a", b"")]),
    "with a body": (POST + b"Content-Length: 3\r\n\r\nabc", [("/a", b"abc")]),
    "in chunks, with an extension and a trailer": (
        CHUNKED + b"2;x=y\r\nab\r\n1\r\nc\r\n0\r\nX-A: b\r\n\r\n",
        [("/a", b"abc")],
    ),
    "70 kB, and the next one behind": (
        POST + b"Content-Length: 72000\r\n\r\n" + BODY + GET,
        [("/a", BODY), ("/a", b"")],
    ),
    "70 kB, and a byte of the next one": (POST + b"Content-Length: 72000\r\n\r\n" + BODY + b"G", [("/a", BODY)]),
    "four in one": (GET * 4, [("/a", b"")] * 4),
    "line ends before and between": (b"\r\n\r\n" + GET + b"\r\n" + GET, [("/a", b"")] * 2),
    "another protocol offered": (
        POST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc" + GET,
        [("/a", b"abc"), ("/a", b"")],
    ),
    "a whole address": (b"GET http://x/a?b HTTP/1.1\r\nHost: x\r\n\r\n", [("/a", b"")]),
    "an escaped path": (b"GET /%61 HTTP/1.1\r\nHost: x\r\n\r\n", [("/a", b"")]),
    "HTTP/1.0": (b"GET /a HTTP/1.0\r\n\r\n", [("/a", b"")]),
}


@pytest.mark.parametrize("piece", [1 << 20, 1000, 7])
@pytest.mark.parametrize("name", FINE)
def test_a_request_is_read_whole_however_it_comes(name: str, piece: int) -> None:
    sent, wanted = FINE[name]

    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door)
        for start in range(0, min(len(sent), 200 * piece), piece):
            client.send(sent[start : start + piece])
            await asyncio.sleep(0)
        client.send(sent[200 * piece :])
        assert [await client.status() for _ in wanted] == [200] * len(wanted)
        assert [(request.path, request.body) for request in door.requests] == wanted

    run(work)


def test_who_asks_and_closes_its_side_is_still_answered() -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, POST.replace(b"/a", b"/slow") + b"Content-Length: 2\r\n\r\nab")
        client.writer.write_eof()
        await asyncio.sleep(0.02)
        door.free.set()
        assert (await client.rest()).endswith(b"\r\n\r\nab")

    run(work)


def test_a_body_is_asked_for_when_its_sender_waits_for_that() -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert (await client.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        client.send(b"ab")
        assert await client.status() == 200

    run(work)


def test_head_is_answered_without_a_body() -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, POST.replace(b"POST", b"HEAD") + b"Content-Length: 2\r\n\r\nab" + GET)
        first = await client.reader.readuntil(b"\r\n\r\n")
        assert b"content-length: 2\r\n" in first
        assert (await client.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")

    run(work)


def test_a_failure_of_ours_is_500_and_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, GET.replace(b"/a", b"/broken") + GET)
        assert [await client.status(), await client.status()] == [500, 200]

    run(work)
    assert "canary" not in "".join(capsys.readouterr())


FRAGMENTS = st.sampled_from(
    [
        b"GET /a HTTP/1.1\r\n", b"POST http://x/a HTTP/1.0\r\n", b"CONNECT x:1 HTTP/1.1\r\n", b"OPTIONS * HTTP/1.1\r\n",
        b"\r\n", b"\n", b" ", b"\x00", b"\xff", b"%ff", b"5", b"-1", b"0\r\n\r\n", b"2\r\nab\r\n", b"Host: x\r\n",
        b"Content-Length: 3\r\n", b"Content-Length: ", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: a\r\n",
        b"Connection: Upgrade\r\n", b"Upgrade: h2c\r\n", b"Connection: close\r\n", b"Expect: 100-continue\r\n",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None, database=None)
@given(fragments=st.lists(FRAGMENTS, max_size=12), cut=st.integers(1, 60))
def test_whatever_comes_is_a_request_or_none_however_it_is_cut(fragments: list[bytes], cut: int) -> None:
    def read(pieces: list[bytes]) -> Request | int | None:
        reader = RequestReader()
        try:
            for piece in pieces:
                if reader.request is None:
                    reader.feed(piece)
        except RequestError as error:
            return error.status
        return reader.request

    whole = b"".join(fragments)
    assert read([whole]) == read([whole[start : start + cut] for start in range(0, len(whole), cut)])


# Requests that never end.

HELD: dict[str, tuple[bytes, bytes, bytes]] = {  # what is sent, what then every few moments, what comes
    "silent": (b"", b"", b""),
    "a stray line end": (b"\r\n", b"", b""),
    "stray line ends": (b"\r\n", b"\r\n", b""),
    "a head that dribbles": (b"GET /a HTTP/1.1\r\nX-A: ", b"b", b""),
    "a body that dribbles": (POST + b"Content-Length: 900\r\n\r\n", b"b", b"HTTP/1.1 408 "),
    "chunks that dribble": (CHUNKED, b"1\r\nx\r\n", b"HTTP/1.1 408 "),
    "trailers that dribble": (CHUNKED + b"0\r\n", b"X: b\r\n", b"HTTP/1.1 408 "),
    "answered, then nothing": (GET, b"", b"HTTP/1.1 200 "),
    "answered, then a stray line end": (GET + b"\r\n", b"", b"HTTP/1.1 200 "),
    "answered, then stray line ends": (GET, b"\r\n", b"HTTP/1.1 200 "),
    "answered, then a byte of the next": (GET + b"G", b"", b"HTTP/1.1 200 "),
    "answered, then a head that dribbles": (GET + b"GET /a HTTP/1.1\r\nX-A: ", b"b", b"HTTP/1.1 200 "),
    "refused, then more": (b"\x16\x03\x01\r\n\r\n", b"x", b"HTTP/1.1 400 "),
}


def test_no_connection_is_held_for_ever() -> None:
    async def held(door: Echo, opening: bytes, refrain: bytes) -> bytes:
        client = await peer(door, opening)
        closed = asyncio.create_task(client.rest())
        while not closed.done():
            client.send(refrain)
            await asyncio.sleep(0.01)
        return await closed

    async def work(door: Echo, _: Connections) -> None:
        answers = await asyncio.gather(*(held(door, opening, refrain) for opening, refrain, _ in HELD.values()))
        assert {name: answer[:13] for name, answer in zip(HELD, answers, strict=True)} == {
            name: answer for name, (_, _, answer) in HELD.items()
        }

    run(work, QUICK)


def test_an_idle_connection_is_kept_for_its_time() -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, GET)
        assert await client.status() == 200
        await asyncio.sleep(0.3)  # all other waits are over long before
        client.send(GET)
        assert await client.status() == 200

    run(work, replace(QUICK, idle_seconds=9.0))


@pytest.mark.parametrize("requests", [1, 1000])
def test_who_never_reads_is_dropped(requests: int) -> None:
    async def work(door: Echo, connections: Connections) -> None:
        await peer(door, GET.replace(b"/a", b"/large") * requests)
        await until(lambda: bool(door.requests))
        started = asyncio.get_running_loop().time()
        await asyncio.sleep(0.2)
        await connections.stop()
        assert asyncio.get_running_loop().time() - started < 0.5
        assert len(door.requests) == 1

    run(work, QUICK)


# Requests that are too much.

TOO_MUCH: dict[str, tuple[bytes, bytes, int]] = {
    "a field without end": (POST + b"X-A: ", b"a" * 1000, 431),
    "fields without end": (POST, b"X-A: a\r\n" * 100, 431),
    "101 fields": (POST + b"a:\r\n" * 100 + b"\r\n", b"", 431),
    "an address without end": (b"GET /", b"a" * 1000, 431),
    "trailers without end": (CHUNKED + b"0\r\n", b"X-A: a\r\n" * 100, 413),
    "a trailer without end": (CHUNKED + b"0\r\nX-A: ", b"a" * 1000, 413),
    "a chunk's extension without end": (CHUNKED + b"1;a=", b"a" * 1000, 413),
    "a chunk's size without end": (CHUNKED, b"0" * 1000, 413),
    "chunks of a byte without end": (CHUNKED, b"1\r\nx\r\n" * 100, 413),
    "chunks without end": (CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n", 413),
    "a length that is too much": (POST + b"Content-Length: 1048577\r\n\r\n", b"x" * 1000, 413),
    "a length beyond numbers": (POST + b"Content-Length: 99999999999999999999\r\n\r\n", b"x", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"x", 400),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00", b"\r\n", 400),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_refused_for_good_and_not_kept(name: str) -> None:
    opening, refrain, status = TOO_MUCH[name]

    async def work(door: Echo, connections: Connections) -> None:
        client = await peer(door, opening)
        answer = asyncio.create_task(client.rest())
        sent = 0
        while not answer.done():
            client.send(refrain)
            sent += len(refrain)
            await client.writer.drain() if sent % 64_000 < 1000 and not client.writer.is_closing() else None
            await asyncio.sleep(0)
        head = (await answer).decode().splitlines()
        assert (head[0].split()[1], "x-no-retry: 1" in head, "connection: close" in head) == (str(status), True, True)
        assert connections.held == 0
        assert door.requests == []

    run(work, replace(PATIENT, farewell_seconds=0.05, look_seconds=0.02))


def test_all_bodies_together_are_held_within_a_limit_and_a_small_one_is_answered() -> None:
    async def work(door: Echo, connections: Connections) -> None:
        large = [await peer(door, POST + b"Content-Length: 1000\r\n\r\n" + b"x" * 900) for _ in range(10)]
        await until(lambda: connections.held >= 4500)
        await asyncio.sleep(0.02)
        assert connections.held <= 5000
        small = await peer(door, POST + b"Content-Length: 90\r\n\r\n" + b"x" * 90)
        assert await small.status() == 200
        assert (await which_are_closed(large)).count(True) == 5

    run(work, replace(PATIENT, bodies_bytes=5000))


def test_beyond_the_limit_the_longest_unused_goes_and_who_has_signed_stays() -> None:
    async def work(door: Echo, _: Connections) -> None:
        signed = await peer(door, GET.replace(b"/a", b"/signed"))
        asking = await peer(door, GET.replace(b"/a", b"/slow"))
        assert await signed.status() == 200
        silent = [await peer(door, opening) for opening in (b"", b"GET /", b"\r\n", b"")]
        for opening in (b"", b"GET"):
            silent.append(await peer(door, opening))
            await asyncio.sleep(0.01)
        assert await which_are_closed(silent) == [True, True, False, False, False, False]
        door.free.set()
        signed.send(GET)
        assert [await signed.status(), await asking.status()] == [200, 200]

    run(work, replace(PATIENT, connections=6))


def test_one_connection_is_answered_one_request_at_a_time() -> None:
    async def work(door: Echo, _: Connections) -> None:
        client = await peer(door, GET.replace(b"/a", b"/slow") + GET * 400_000)
        await asyncio.sleep(0.1)
        assert len(door.requests) == 1
        assert client.writer.transport.get_write_buffer_size() > 0  # and no more is read than fits
        door.free.set()
        assert [await client.status() for _ in range(100)] == [200] * 100
        assert door.most_under_way == 1

    run(work)


# The end.


def test_at_the_end_idle_ones_are_closed_and_what_has_been_asked_is_answered() -> None:
    async def work(door: Echo, connections: Connections) -> None:
        idle, silent, asking = await peer(door, GET), await peer(door), await peer(door)
        coming = await peer(door, POST + b"Content-Length: 3\r\n\r\na")
        dribbling = await peer(door, POST + b"Content-Length: 3\r\n\r\na")
        asking.send(GET.replace(b"/a", b"/slow"))
        assert await idle.status() == 200
        stopping = asyncio.create_task(connections.stop())
        assert await which_are_closed([idle, silent]) == [True, True]
        coming.send(b"bc")
        assert (await coming.rest()).endswith(b"connection: close\r\n\r\nabc")
        assert await dribbling.rest() == b""  # nothing begins any more while the rest is waited for
        door.free.set()
        assert b"connection: close\r\n" in await asking.rest()
        await stopping

    run(work, replace(PATIENT, stop_seconds=0.4, arrived_seconds=0.05))
