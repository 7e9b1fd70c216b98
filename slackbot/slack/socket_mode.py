"""The Socket Mode door: a websocket to Slack, no public address.

slack_sdk's own client reconnects at once and for ever whatever Slack says, waits up to five minutes for a
handshake that is never answered, and closes the old websocket before it has the new one. So the connection
is held here; the Web API's client is slack_sdk's.
"""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
from msgspec import Struct
from slack_bolt.app.async_app import AsyncApp
from yarl import URL

from slackbot import logs
from slackbot.matching.match import Matcher
from slackbot.settings import Settings
from slackbot.slack.api import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    OPEN_CALL_SECONDS,
    PassingError,
    RefusedError,
    call,
    kept_connections,
    patiently,
    web_client,
)
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.frames import REASONS, Disconnect, Envelope, Hello, acknowledgement, read
from slackbot.slack.identity import GRACE_SECONDS, Identity, introduce, stay_known
from slackbot.slack.network import open_network
from slackbot.slack.network import reason as why
from slackbot.slack.round_trip import FIRST_WAIT, Pulse, RoundTrip
from slackbot.work.open_claims import open_claims
from slackbot.work.running import Running

PING_SECONDS = 1.0
HELLO_SECONDS = 3.0  # at least: on a slow line as long as four answers take
HELLO_SECONDS_MOST = 20.0
CLOSE_SECONDS = 1.0
LINGER_SECONDS = 10.0
STEADY_SECONDS = 2.0
LONGEST_PAUSE_WHEN_TOO_MANY = 30.0

_log = logging.getLogger("slackbot.socket_mode")


class Address(Struct, frozen=True):
    """Where a socket can be opened, and how long Slack took to say so."""

    url: str
    seconds: float


@dataclass(eq=False)
class Link:
    """One websocket to Slack, and what can be hoped of it."""

    socket: aiohttp.ClientWebSocketResponse
    pulse: Pulse
    hello: asyncio.Future[Hello] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ending: str | None = None
    """Why another is needed in its place: Slack has announced its end, or it is over."""
    late: bool = False
    """Whether a pong is overdue. It may still come."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    since: float = 0.0

    def end(self, reason: str) -> None:
        """Note why another is needed; the first reason counts."""
        self.ending = self.ending or reason
        if not self.hello.done():
            self.hello.set_exception(PassingError(self.ending))
            self.hello.exception()  # asyncio would print one that nobody asked for
        self.changed.set()

    def heard(self) -> None:
        """Note that anything came: it is alive."""
        self.pulse.heard(_now())
        if self.late:
            self.late = False
            self.changed.set()

    async def trouble(self) -> str:
        """Wait until another is needed in its place; returns why."""
        while not (self.ending or self.late):
            self.changed.clear()
            await self.changed.wait()
        return self.ending or "pong_overdue"

    async def recovery(self) -> None:
        """Wait until it is heard again; for ever, if it never is."""
        while self.ending or self.late:
            self.changed.clear()
            await self.changed.wait()

    async def beat(self) -> None:
        """Ping at a steady pace, and note when a pong is overdue; runs until it is cancelled."""
        next_ping = _now()
        with suppress(ConnectionError):  # which is told where it is read
            while True:
                if _now() >= next_ping:
                    next_ping = _now() + PING_SECONDS
                    with suppress(TimeoutError):  # what a dead line takes no more fills up here
                        async with asyncio.timeout(PING_SECONDS):
                            await self.socket.ping(self.pulse.ping(_now()))
                due = self.pulse.due()
                if due is not None and _now() >= due and not self.late:
                    self.late = True
                    self.changed.set()
                waits = [next_ping] if due is None or self.late else [next_ping, due]
                await asyncio.sleep(max(0.0, min(waits) - _now()))

    async def close(self) -> None:
        """Close it, and end what listens to it."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.socket.close()


@dataclass
class Door:
    """What a running door holds."""

    app: AsyncApp
    identity: Identity
    stop: asyncio.Event
    running: Running
    settings: Settings
    link_disabled: bool = False
    links: list[Link] = field(default_factory=list)
    """The open sockets, the newest last."""
    line: RoundTrip = field(default_factory=RoundTrip)
    refused_since: float | None = None

    async def serve(self, session: aiohttp.ClientSession) -> None:
        """Stay connected until it is to stop. Raises RefusedError when only an operator can help."""
        link: Link | None = None
        pause = 0.0
        while not self.stop.is_set():
            link = await self._stand_by(session, link)
            reason = await link.trouble()
            logs.event("connection", outcome="down", error=reason, level=logging.WARNING)
            # The next is opened at once, unless this one was over as soon as it stood.
            steady = link.late or _now() - link.since > STEADY_SECONDS
            pause = 0.0 if steady else min(2 * pause or FIRST_PAUSE, _longest_pause(reason))
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Close what is open."""
        await asyncio.gather(*(link.close() for link in self.links), return_exceptions=True)

    async def _stand_by(self, session: aiohttp.ClientSession, link: Link | None) -> Link:
        """A link that stands: another one in place of `link`, or that itself where it is heard again meanwhile.

        Raises RefusedError.
        """
        pause = FIRST_PAUSE
        while True:
            address = await self._address_unless_heard(link)
            if isinstance(address, Link):
                logs.event("connection", outcome="up")
                return address
            # From here on Slack may send something down the next socket, so it is not given up.
            for spare in [each for each in self.links if each is not link]:
                self._drop(spare)  # so that with the next there are two at most
            try:
                opened = await self._greeted(session, address, link)
            except PassingError as error:
                logs.event("connection", outcome="failed", error=error.reason, level=logging.WARNING)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _longest_pause(error.reason))
            else:
                if link:  # what is under way on it is still answered
                    link.tasks.append(asyncio.create_task(self._linger(link)))
                return opened

    async def _address_unless_heard(self, link: Link | None) -> Address | Link:
        """Where the next socket can be opened; `link` when it is heard again before that. Raises RefusedError."""
        asking = asyncio.create_task(patiently("apps.connections.open", self._address))
        tasks: set[asyncio.Task[Any]] = {asking}
        if link:
            tasks.add(asyncio.create_task(link.recovery()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return link if link and not asking.done() else asking.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _address(self) -> Address:
        """Ask Slack where to connect. Raises as `call` does, and PassingError for what is no address."""
        client = web_client(self.settings)
        started = _now()
        method = partial(client.apps_connections_open, app_token=self.settings.app_token)
        try:
            opened = await call(method, OPEN_CALL_SECONDS)
        except RefusedError as refused:
            self.refused_since = self.refused_since or _now()
            # A token that was taken before may be refused by a trouble of Slack's.
            if self.links and refused.concerns_token and _now() - self.refused_since < GRACE_SECONDS:
                raise PassingError(refused.reason) from None
            raise
        self.refused_since = None
        url = opened.get("url")
        if not isinstance(url, str) or not _is_websocket(url):
            raise PassingError("odd_url")
        return Address(url, _now() - started)

    async def _greeted(self, session: aiohttp.ClientSession, address: Address, old: Link | None) -> Link:
        """Open a socket that has said hello. Raises PassingError."""
        link: Link | None = None
        started = _now()
        try:
            async with asyncio.timeout(min(max(HELLO_SECONDS, 4 * address.seconds), HELLO_SECONDS_MOST)):
                socket = await session.ws_connect(
                    address.url,
                    autoping=False,  # pongs are timed here
                    **open_network(self.settings.network).options(address.url),
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                )
                link = Link(socket, Pulse(self.line, max(FIRST_WAIT, 3 * (_now() - started))), since=_now())
                self.links.append(link)
                link.tasks.append(asyncio.create_task(self._listen(link)))
                hello = await link.hello
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a timeout is an OSError
            self._drop(link)
            raise PassingError(why(error)) from None
        except (PassingError, asyncio.CancelledError):
            self._drop(link)
            raise
        link.tasks.append(asyncio.create_task(link.beat()))
        logs.event("connection", outcome="up")
        if hello.connections > len(self.links) and (old is None or old.ending in REASONS):
            _log.warning(
                "connections=%d: another process may run this app too, and gets some of its payloads",
                hello.connections,
            )
        return link

    async def _linger(self, link: Link) -> None:
        await asyncio.sleep(LINGER_SECONDS)
        self._drop(link)

    def _drop(self, link: Link | None) -> None:
        """Close a link in the background: one that is dead takes a second."""
        if link in self.links:
            self.links.remove(link)
            self.running.start("socket", link.close())

    async def _listen(self, link: Link) -> None:
        """Take what comes on a link, until it is over."""
        broken = "lost"
        try:
            async for frame in link.socket:
                link.heard()
                match frame.type:
                    case aiohttp.WSMsgType.TEXT:
                        self._take(link, frame.data)
                    case aiohttp.WSMsgType.PING:
                        await link.socket.pong(frame.data)
                    case aiohttp.WSMsgType.PONG:
                        link.pulse.pong(bytes(frame.data), _now())
                    case aiohttp.WSMsgType.ERROR:
                        broken = type(frame.data).__name__
        except ConnectionError as error:
            broken = type(error).__name__
        finally:
            link.end(broken)

    def _take(self, link: Link, text: str) -> None:
        """Look at what Slack says: about the connection itself, or a payload, which is answered beside it."""
        match read(text):
            case Envelope() as envelope:
                self.running.start("envelope", self._answer(link, envelope))
            case Hello() as hello:
                if not link.hello.done():
                    link.hello.set_result(hello)
            case Disconnect(reason):
                self._notice_end(reason)
                link.end(reason)
            case None:
                _log.warning("frame outcome=rejected")

    async def _answer(self, link: Link, envelope: Envelope) -> None:
        """Answer one envelope."""
        if self.stop.is_set() and envelope.kind == "events_api":
            return  # the next process gets it; commands are never delivered again, so they are answered
        if envelope.redelivery:
            logs.redelivery(envelope.redelivery)
        answer = acknowledgement(envelope, await dispatch(self.app, self.identity, envelope.payload))
        if answer is not None:
            try:
                await link.socket.send_str(answer)
            except ConnectionError:  # an event comes again, and is then found to be done
                _log.warning("acknowledgement outcome=lost")

    def _notice_end(self, reason: str) -> None:
        if reason == "link_disabled":
            _log.error("Slack says link_disabled: switch Socket Mode on in the app's settings, then start anew")
            self.link_disabled = True
            self.stop.set()
        elif reason == "too_many_websockets":
            _log.warning("Slack says too_many_websockets: more than 10 connections for this app")


async def run(settings: Settings, matcher: Matcher, stop: asyncio.Event | None = None) -> int:
    """Serve until SIGTERM, SIGINT or `stop`, then finish what runs. Returns the exit status.

    It is 0 after a signal, 1 when Slack refuses the tokens or has Socket Mode switched off for the app.
    """
    identity, running, claims = Identity(), Running(), open_claims(settings.redis_url)
    app = build_app(settings, matcher, identity, claims, running)
    door = Door(app, identity, stop or asyncio.Event(), running, settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt
            loop.add_signal_handler(number, door.stop.set)
    async with aiohttp.ClientSession() as session, kept_connections(app.client):
        serving = asyncio.create_task(_serve(door, session))
        stopping = asyncio.create_task(door.stop.wait())
        try:
            await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
            door.stop.set()
            await running.drain()
        finally:
            for task in (serving, stopping):
                task.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)
            await door.close()
            await claims.close()
    _log.info("stopped")
    return 1 if door.link_disabled or _was_refused(serving) else 0


async def _serve(door: Door, session: aiohttp.ClientSession) -> None:
    """Introduce the bot, then keep it connected until it is cancelled. Raises RefusedError."""
    await introduce(door.settings, door.identity)
    knowing = asyncio.create_task(stay_known(door.settings, door.identity))
    try:
        await door.serve(session)
    finally:
        knowing.cancel()


def _was_refused(serving: asyncio.Task[None]) -> bool:
    """True, and logged, when serving ended because Slack refused a token."""
    if serving.cancelled() or (failure := serving.exception()) is None:
        return False
    if not isinstance(failure, RefusedError):
        raise failure
    _log.error("Slack refuses (%s): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN", failure.reason)
    return True


def _longest_pause(reason: str) -> float:
    return LONGEST_PAUSE_WHEN_TOO_MANY if reason == "too_many_websockets" else LONGEST_PAUSE


def _is_websocket(url: str) -> bool:
    """Whether this is an address that a socket can be opened at."""
    try:
        parts = URL(url)
        return parts.scheme in ("ws", "wss") and bool(parts.host)
    except ValueError:
        return False


def _now() -> float:
    return asyncio.get_running_loop().time()
