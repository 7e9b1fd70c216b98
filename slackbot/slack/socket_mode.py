"""The Socket Mode door: one websocket to Slack, no public address.

slack_sdk's own client reconnects at once and for ever whatever Slack says, waits up to five minutes for a
handshake that is never answered, and closes the old websocket before it has the new one. So the connection
is held here; the Web API's client is slack_sdk's.
"""

import asyncio
import json
import logging
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from slack_sdk.web.async_client import AsyncWebClient

from slackbot.content.schema import Content
from slackbot.settings import Settings
from slackbot.slack.api import RefusedError, patiently
from slackbot.slack.app import Identity, build_app, dispatch, introduce
from slackbot.work.claims import open_claims
from slackbot.work.running import Running

PING_SECONDS = 2.0  # a pong is waited for half as long
CONNECT_SECONDS = 3.0
CLOSE_SECONDS = 1.0
LINGER_SECONDS = 10.0
STEADY_SECONDS = 2.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 3.0
LONGEST_PAUSE_WHEN_TOO_MANY = 30.0

_log = logging.getLogger("slackbot.socket_mode")


@dataclass(frozen=True)
class Hello:
    """The connection stands; so many of them does the app have."""

    connections: int


@dataclass(frozen=True)
class Disconnect:
    """Slack is about to close the connection; `reason` is one of its names for why, or nothing but "disconnect"."""

    reason: str


@dataclass(frozen=True)
class Envelope:
    """A payload, to be acknowledged by the envelope's id."""

    envelope_id: str
    kind: str
    payload: object


Frame = Hello | Disconnect | Envelope

_REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


def read(text: str) -> Frame | None:
    """What a frame says; None when it is none of Slack's."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"envelope_id": str(envelope_id), "type": str(kind)}:
            return Envelope(envelope_id, kind, said.get("payload"))
        case {"type": "hello"}:
            connections = said.get("num_connections")
            return Hello(connections if isinstance(connections, int) else 1)
        case {"type": "disconnect"}:
            reason = said.get("reason")
            return Disconnect(reason if reason in _REASONS else "disconnect")
    return None


def acknowledgement(envelope: Envelope, response: BoltResponse) -> str | None:
    """What Slack is answered. None: nothing, which is what a 5xx is over HTTP: it delivers the envelope again."""
    if response.status >= 500:
        return None
    answer = f',"payload":{response.body}' if response.status == 200 and response.body else ""
    return f'{{"envelope_id":{json.dumps(envelope.envelope_id)}{answer}}}'


@dataclass
class Door:
    """What a running door holds."""

    app: AsyncApp
    identity: Identity
    stop: asyncio.Event
    running: Running
    link_disabled: bool = False
    listening: set[asyncio.Task[None]] = field(default_factory=set)

    async def connection(self, session: aiohttp.ClientSession, url: str) -> str:
        """Hold one connection until it breaks or Slack announces its end; returns why.

        After an announcement its websocket is listened to for a while, so that what is under way is answered.
        """
        try:
            socket = await session.ws_connect(
                url,
                heartbeat=PING_SECONDS,
                proxy=load_http_proxy_from_env(),
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a timeout is an OSError
            return type(error).__name__
        ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._listen(socket, ending))
        self.listening.add(task)
        task.add_done_callback(self.listening.discard)
        return await ending

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, ending: asyncio.Future[str]) -> None:
        broken = "lost"
        try:
            async with asyncio.timeout(None) as limit:
                async for frame in socket:
                    if frame.type is aiohttp.WSMsgType.TEXT:
                        self._take(socket, frame.data, ending)
                    elif frame.type is aiohttp.WSMsgType.ERROR:
                        broken = type(frame.data).__name__
                    if ending.done() and limit.when() is None:
                        limit.reschedule(asyncio.get_running_loop().time() + LINGER_SECONDS)
        except TimeoutError:
            pass
        finally:
            if not ending.done():
                ending.set_result(broken)
            await socket.close()

    def _take(self, socket: aiohttp.ClientWebSocketResponse, frame: str, ending: asyncio.Future[str]) -> None:
        """Look at what Slack says: about the connection itself, or a payload, which is answered beside it."""
        match read(frame):
            case Envelope() as envelope:
                self.running.start("envelope", self._answer(socket, envelope))
            case Hello(connections):
                _log.info("connection=up")
                self._notice_others(connections)
            case Disconnect(reason):
                self._notice_end(reason, ending)
            case None:
                _log.warning("frame outcome=rejected")

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, envelope: Envelope) -> None:
        """Answer one envelope."""
        if self.stop.is_set() and envelope.kind == "events_api":
            return  # the next process gets it; commands are never delivered again, so they are answered
        answer = acknowledgement(envelope, await dispatch(self.app, self.identity, envelope.payload))
        if answer is not None:
            try:
                await socket.send_str(answer)
            except ConnectionError:  # an event comes again, and is then found to be done
                _log.warning("acknowledgement outcome=lost")

    def _notice_others(self, connections: int) -> None:
        if connections > 1:
            _log.warning(
                "connections=%d: another process may run this app too, and gets some of its payloads",
                connections,
            )

    def _notice_end(self, reason: str, ending: asyncio.Future[str]) -> None:
        if reason == "link_disabled":
            _log.error("Slack says link_disabled: switch Socket Mode on in the app's settings, then start anew")
            self.link_disabled = True
            self.stop.set()
        elif reason == "too_many_websockets":
            _log.warning("Slack says too_many_websockets: more than 10 connections for this app")
        if not ending.done():
            ending.set_result(reason)


async def run(settings: Settings, content: Content, stop: asyncio.Event | None = None) -> int:
    """Serve until SIGTERM, SIGINT or `stop`, then finish what runs. Returns the exit status.

    It is 0 after a signal, 1 when Slack refuses the tokens or has Socket Mode switched off for the app.
    """
    identity, running, claims = Identity(), Running(), open_claims(settings.redis_url)
    app = build_app(settings, content, identity, claims, running)
    door = Door(app, identity, stop or asyncio.Event(), running)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt
            loop.add_signal_handler(number, door.stop.set)
    timeout = aiohttp.ClientTimeout(total=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        serving = asyncio.create_task(_serve(settings, door, session))
        stopping = asyncio.create_task(door.stop.wait())
        try:
            await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
            door.stop.set()
            await running.drain()
        finally:
            tasks = (serving, stopping, *door.listening)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await claims.close()
    _log.info("stopped")
    return 1 if door.link_disabled or _was_refused(serving) else 0


async def _serve(settings: Settings, door: Door, session: aiohttp.ClientSession) -> None:
    """Introduce the bot, then keep it connected until it is to stop. Raises RefusedError."""
    await introduce(settings, door.identity)
    client = AsyncWebClient(base_url=settings.api_url, timeout=int(CONNECT_SECONDS), retry_handlers=[])
    open_url = partial(client.apps_connections_open, app_token=settings.app_token)
    pause = 0.0
    while not door.stop.is_set():
        opened = await patiently("apps.connections.open", open_url, LONGEST_PAUSE)
        since = time.monotonic()
        reason = await door.connection(session, opened["url"])
        # The next is opened at once, unless this one was over as soon as it stood.
        steady = time.monotonic() - since > STEADY_SECONDS
        longest = LONGEST_PAUSE_WHEN_TOO_MANY if reason == "too_many_websockets" else LONGEST_PAUSE
        _log.warning("connection=down reason=%s", reason)
        pause = 0.0 if steady else min(2 * pause or FIRST_PAUSE, longest)
        await asyncio.sleep(pause)


def _was_refused(serving: asyncio.Task[None]) -> bool:
    """True, and logged, when serving ended because Slack refused a token."""
    if serving.cancelled() or (failure := serving.exception()) is None:
        return False
    if not isinstance(failure, RefusedError):
        raise failure
    _log.error("Slack refuses (%s): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN", failure.reason)
    return True
