"""The Socket Mode door: one websocket to Slack, no public address."""

import asyncio
import json
import logging
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from aiohttp import WSMessage
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from slackbot.app import Identity, build_app, dispatch, introduce
from slackbot.catalog import Catalog
from slackbot.delivery import RefusedError, patiently
from slackbot.settings import Settings

PING_SECONDS = 2
DRAIN_SECONDS = 25.0
CLOSE_SECONDS = 3.0
STALE_URL_SECONDS = 10.0

_log = logging.getLogger("slackbot.socket_mode")


@dataclass
class Door:
    """What a running door holds."""

    app: AsyncApp
    identity: Identity
    stop: asyncio.Event
    running: set[asyncio.Task[None]] = field(default_factory=set)
    link_disabled: bool = False

    async def answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Answer one envelope. Not acknowledging it is what a 5xx is over HTTP: Slack delivers it again."""
        if self.stop.is_set() and request.type == "events_api":
            return  # the next process gets it; commands are never delivered again, so they are answered
        task = asyncio.current_task()
        if task is not None:
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        response = await dispatch(self.app, self.identity, request.payload)
        if response.status < 500:
            payload = json.loads(response.body) if response.status == 200 and response.body else None
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    async def notice(self, message: WSMessage) -> None:
        """Look at what Slack says about the connection itself."""
        with suppress(ValueError, RecursionError):
            said = json.loads(message.data)
            if not isinstance(said, dict):
                return
            if said.get("type") == "hello":
                self._notice_hello(said.get("num_connections"))
            elif said.get("type") == "disconnect":
                self._notice_disconnect(str(said.get("reason")))

    def _notice_hello(self, connections: object) -> None:
        if isinstance(connections, int) and connections > 1:
            _log.warning(
                "connections=%d: another process may run this app too, and gets some of its payloads",
                connections,
            )

    def _notice_disconnect(self, reason: str) -> None:
        if reason == "link_disabled":
            self.link_disabled = True
            self.stop.set()
            _log.error("Slack says link_disabled: switch Socket Mode on in the app's settings, then start anew")
        elif reason == "too_many_websockets":
            _log.warning("Slack says too_many_websockets: more than 10 connections for this app")


async def run(settings: Settings, catalog: Catalog, stop: asyncio.Event | None = None) -> int:
    """Serve until SIGTERM, SIGINT or `stop`, then finish what runs. Returns the exit status.

    It is 0 after a signal, 1 when Slack refuses the tokens or has Socket Mode switched off for the app.
    """
    identity = Identity()
    door = Door(build_app(settings, catalog, identity), identity, stop or asyncio.Event())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt
            loop.add_signal_handler(number, door.stop.set)
    client = SocketModeClient(
        app_token=settings.app_token,
        logger=logging.getLogger("slack_sdk.socket_mode"),
        web_client=AsyncWebClient(base_url=settings.api_url, timeout=10, retry_handlers=[]),
        ping_interval=PING_SECONDS,
        on_message_listeners=[door.notice],
    )
    client.socket_mode_request_listeners.append(door.answer)
    serving = asyncio.create_task(_serve(settings, door, client))
    stopping = asyncio.create_task(door.stop.wait())
    try:
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        await _drain(door)
    finally:
        for task in (serving, stopping):
            task.cancel()
        await asyncio.gather(serving, stopping, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(client.close(), CLOSE_SECONDS)  # type: ignore[no-untyped-call]
        await client.aiohttp_client_session.close()
    _log.info("stopped")
    return 1 if door.link_disabled or _was_refused(serving) else 0


async def _serve(settings: Settings, door: Door, client: SocketModeClient) -> None:
    """Introduce the bot, connect, and watch the connection for ever. Raises RefusedError."""
    await introduce(settings, door.identity)
    opened = await patiently(
        "apps.connections.open", partial(client.web_client.apps_connections_open, app_token=client.app_token)
    )
    client.wss_uri = opened["url"]
    await client.connect()  # type: ignore[no-untyped-call]
    connected, since = False, time.monotonic()
    while True:
        now = await client.is_connected()
        if now != connected:
            connected, since = now, time.monotonic()
            _log.log(logging.INFO if now else logging.WARNING, "connection=%s", "up" if now else "down")
        if not connected and time.monotonic() - since > STALE_URL_SECONDS:
            client.wss_uri = None  # the SDK tries one address for ever; Slack's expire within the minute
        await asyncio.sleep(1)


async def _drain(door: Door) -> None:
    """Wait for what runs, as long as platforms let a stopping process live."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while door.running and (left := deadline - time.monotonic()) > 0:
        await asyncio.wait(door.running, timeout=left)
    if door.running:
        _log.error("stopping with %d requests unfinished", len(door.running))


def _was_refused(serving: asyncio.Task[None]) -> bool:
    """True, and logged, when serving ended because Slack refused a token."""
    if serving.cancelled() or (failure := serving.exception()) is None:
        return False
    if not isinstance(failure, RefusedError):
        raise failure
    _log.error("Slack refuses (%s): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN", failure)
    return True
