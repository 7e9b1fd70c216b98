"""Connections that nobody can hold, fill or flood: how many, how long, how much all together.

A whole request goes to `answer`, and one response comes back; what a connection has not brought within its time
and its bytes is dropped. Why it is not left to a server of somebody else's: docs/attacks.md.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from email.utils import formatdate
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from typing import cast

from msgspec import Struct, field

from slackbot import logs
from slackbot.slack.requests import Request, RequestError, RequestReader
from slackbot.slack.seldom import Seldom
from slackbot.work.running import Running

READ_BYTES = 16 * 1024
KERNEL_BYTES = 64 * 1024


class Limits(Struct, frozen=True):
    """How much, and for how many seconds, the door bears with anybody."""

    connections: int = 400
    """Less than the files a process may open (1,024 on many a platform), by what else it needs."""
    bodies_bytes: int = 8 * 1024 * 1024
    """Of all bodies together."""
    first_byte_seconds: float = 20.0
    head_seconds: float = 10.0
    body_seconds: float = 10.0
    unread_seconds: float = 10.0
    """How long an answer may wait for whoever asked to read it."""
    idle_seconds: float = 95.0
    """More than the routers in front keep a connection, so that they close it and never meet a closed one."""
    farewell_seconds: float = 2.0
    """How long what is still sent after a refusal is thrown away, so that the refusal can be read."""
    stop_seconds: float = 1.0
    """How long a request that is just coming is waited for when the door closes."""
    arrived_seconds: float = 0.05
    """How long for what this machine has already received then."""
    look_seconds: float = 0.25
    """How often all these are looked at."""


class Response(Struct, frozen=True):
    """What is answered. After the last one the connection is closed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_last: bool = False
    is_trusted: bool = False
    """The request was signed: its connection is the last to be dropped for another's sake."""


Answer = Callable[[Request], Awaitable[Response]]


class State(Enum):
    """What a connection is at."""

    IDLE = auto()
    READING = auto()
    ANSWERING = auto()
    UNREAD = auto()
    LEAVING = auto()
    CLOSED = auto()


class Connections:
    """All connections of one door, which share a room."""

    def __init__(self, answer: Answer, running: Running, limits: Limits, no_retry: Mapping[str, str]) -> None:
        """`no_retry`: what tells the sender of a request that is wrong for good not to send it again."""
        self.answer = answer
        self.running = running
        self.limits = limits
        self.no_retry = no_retry
        self.stopping = False
        self.held = 0
        self._open: dict[Connection, None] = {}
        self._looking = asyncio.create_task(self._look())
        self._warnings = Seldom()

    def connection(self) -> "Connection":
        """The protocol for a new connection."""
        return Connection(self)

    def enter(self, connection: "Connection") -> None:
        """Take a connection in; beyond the limit another goes for it."""
        self._open[connection] = None
        if len(self._open) > self.limits.connections:
            others = [each for each in self._open if each.state is not State.ANSWERING and each is not connection]
            self._drop_longest(others or [connection])

    def leave(self, connection: "Connection") -> None:
        """Forget a connection."""
        self._open.pop(connection, None)

    def hold(self, size: int) -> None:
        """Count bytes of a body; beyond the limit those go whose bodies have not ended."""
        self.held += size
        while self.held > self.limits.bodies_bytes:
            coming = [each for each in self._those(State.READING) if each.held]
            if not coming:
                return
            self._drop_longest(coming)

    async def stop(self) -> None:
        """Close what is idle, let what has been asked be answered, and drop what is then left."""
        self.stopping = True
        await asyncio.sleep(self.limits.arrived_seconds)
        for connection in list(self._open):
            connection.retire()
        await self._until(lambda: not self._those(State.READING))
        for connection in self._those(State.READING):
            connection.drop()  # so that nothing begins any more
        await self.running.drain()
        await self._until(lambda: not self._those(State.UNREAD))
        self._looking.cancel()
        for connection in list(self._open):
            connection.drop()

    def _those(self, state: State) -> list["Connection"]:
        return [each for each in self._open if each.state is state]

    async def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + self.limits.stop_seconds
        while not condition() and time.monotonic() < end:  # noqa: ASYNC110  # once in a door's life
            await asyncio.sleep(0.01)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self.limits.look_seconds)
            now = time.monotonic()
            for connection in [each for each in self._open if each.deadline < now]:
                connection.expire()

    def _drop_longest(self, connections: Collection["Connection"]) -> None:
        """Drop what has been at the same longest, first of those that never brought a signed request."""
        min(connections, key=lambda each: (each.is_trusted, each.since)).drop()
        if self._warnings.is_due("too_many"):
            logs.event("connection", outcome="dropped", error="too_many", level=logging.WARNING)


class Connection(asyncio.BufferedProtocol):
    """One connection: it reads a request, has it answered, writes the answer, and begins again."""

    state = State.IDLE
    is_trusted = False
    held = 0
    transport: asyncio.Transport

    def __init__(self, others: Connections) -> None:
        self._others = others
        self._limits = others.limits
        self._buffer = bytearray(READ_BYTES)
        self._last = False
        self._paused = False
        self._ahead = b""
        self._reader = RequestReader()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.BufferedProtocol."""
        self.transport = cast(asyncio.Transport, transport)
        # What the kernel holds for a connection is memory too, and Linux lets that grow to megabytes.
        for side in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, side, KERNEL_BYTES)
        # So that `resume_writing` tells when all of an answer is taken.
        self.transport.set_write_buffer_limits(high=0)
        self._enter(State.IDLE, self._limits.first_byte_seconds)
        self._others.enter(self)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002  # asyncio's name
        """See asyncio.BufferedProtocol."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """See asyncio.BufferedProtocol."""
        match self.state:
            case State.IDLE | State.READING:
                self._take(bytes(self._buffer[:nbytes]))
            case State.ANSWERING | State.UNREAD:  # the next request: it can wait
                self._ahead += bytes(self._buffer[:nbytes])
                self._pause()

    def eof_received(self) -> bool:
        """See asyncio.BufferedProtocol: who asks nothing more may still wait for an answer."""
        self._last = True
        return self.state in (State.ANSWERING, State.UNREAD)

    def resume_writing(self) -> None:
        """See asyncio.BufferedProtocol: the answer has been taken."""
        if self.state is State.UNREAD:
            self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        """See asyncio.BufferedProtocol."""
        self._hold(0)
        self._enter(State.CLOSED)
        self._others.leave(self)

    # What the others tell.

    def retire(self) -> None:
        """Close when nothing has been asked, else after the answer."""
        self._last = True
        if self.state is State.IDLE:
            self.transport.close()

    def expire(self) -> None:
        """The time for what it is at is over."""
        if self.state is State.READING and self._reader.has_head:
            self._refuse(408)
        else:
            self.drop()

    def drop(self) -> None:
        """Close at once, whatever is under way."""
        self._hold(0)
        self._enter(State.CLOSED)
        self._others.leave(self)
        self.transport.abort()

    # A request, from its first byte to its answer.

    def _take(self, received: bytes) -> None:
        """Read on. What comes before a request's line is a byte of the request, though it be a stray line's end."""
        if self.state is State.IDLE:
            self._enter(State.READING, self._limits.head_seconds)
        had_head = self._reader.has_head
        try:
            self._reader.feed(received)
        except RequestError as error:
            self._refuse(error.status)
            return
        if self._reader.request is not None:
            self._ask(self._reader.request)
        else:
            if self._reader.has_head and not had_head:
                self._enter(State.READING, self._limits.body_seconds)
                if self._reader.is_awaited:
                    self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._resume()
            self._hold(self._reader.held)

    def _ask(self, request: Request) -> None:
        self._last = self._last or request.is_last
        self._enter(State.ANSWERING)
        self._hold(len(request.body))
        self._others.running.add(asyncio.create_task(self._answer(request)))

    async def _answer(self, request: Request) -> None:
        try:
            response = await self._others.answer(request)
        except Exception as failure:  # noqa: BLE001  # logged with its type and place
            logs.event("request", outcome="failed", level=logging.ERROR, failure=failure)
            response = Response(500)
        self._hold(0)
        if self.state is State.ANSWERING:  # and not closed meanwhile
            self.is_trusted = self.is_trusted or response.is_trusted
            self._write(response, with_body=request.method != "HEAD")

    def _write(self, response: Response, *, with_body: bool = True) -> None:
        self._last = self._last or self._others.stopping or response.is_last
        self.transport.write(_head(response, last=self._last) + (response.body if with_body else b""))
        if self.transport.get_write_buffer_size():
            self._enter(State.UNREAD, self._limits.unread_seconds)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Begin the next request, of which some may be there, or say farewell."""
        if self._last:
            self._say_farewell()
            return
        ahead, self._ahead = self._reader.rest + self._ahead, b""
        self._reader = RequestReader()
        self._enter(State.IDLE, self._limits.idle_seconds)
        if ahead:
            self._take(ahead)
        else:
            self._resume()

    def _refuse(self, status: int) -> None:
        """Answer what will not be read on."""
        self._hold(0)
        self._enter(State.ANSWERING)
        self._write(Response(status, {} if status == 408 else self._others.no_retry, is_last=True))

    def _say_farewell(self) -> None:
        """Close, but not before the answer can have been read: what is still sent would else destroy it."""
        self._enter(State.LEAVING, self._limits.farewell_seconds)
        with suppress(OSError):  # the other end has gone already
            self.transport.write_eof()
        self._resume()

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume_reading()

    def _hold(self, size: int) -> None:
        """Count what is held of a body, here and among all; that may drop this one."""
        more, self.held = size - self.held, size
        self._others.hold(more)

    def _enter(self, state: State, seconds: float | None = None) -> None:
        self.state = state
        self.since = time.monotonic()
        self.deadline = float("inf") if seconds is None else self.since + seconds


@lru_cache(maxsize=1)  # writing it takes longer than the rest of the head
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _head(response: Response, *, last: bool) -> bytes:
    fields = {**response.headers, "date": _date(int(time.time())), "content-length": str(len(response.body))}
    if last:
        fields["connection"] = "close"
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n{lines}\r\n".encode("latin-1")
