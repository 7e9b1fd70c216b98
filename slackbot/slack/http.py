"""The HTTP door: Slack's requests and a health check, each read, verified, parsed and dispatched."""

import asyncio
import errno
import hmac
import json
import logging
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from slackbot import logs
from slackbot.matching.match import Matcher
from slackbot.settings import Settings, SettingsError
from slackbot.signing.digests import digests, in_short
from slackbot.slack.api import kept_connections
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.connections import Connections, Limits, Response
from slackbot.slack.identity import Identity, stay_known
from slackbot.slack.payloads import PayloadError, parse
from slackbot.slack.requests import Request
from slackbot.slack.seldom import Seldom
from slackbot.work.open_claims import open_claims
from slackbot.work.running import Running

if TYPE_CHECKING:
    from slackbot.prometheus import Metrics

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

_HINDRANCES = {  # the loop's own words hold addresses
    errno.EADDRINUSE: "Address already in use",
    errno.EADDRNOTAVAIL: "Address not available",
    errno.EACCES: "Permission denied",
}
HEALTH, METRICS, EVENTS = "/healthz", "/metrics", "/slack/events"
SIGNED_SECONDS = 300
BACKLOG = 64  # asyncio opens so many at once before it lets anybody look at them

_METHODS = {HEALTH: ("GET", "HEAD"), EVENTS: ("POST",)}
_JSON = {"content-type": "application/json"}
_FOR_GOOD = {"x-slack-no-retry": "1"}  # Slack is asked not to try again

_log = logging.getLogger("slackbot.http")


@dataclass
class Door:
    """What a running door holds. `app` and `matcher` may be replaced by those of newer content."""

    app: AsyncApp
    identity: Identity
    verifier: SignatureVerifier
    running: Running
    matcher: Matcher
    prefix: str = ""
    """A path that a proxy in front puts before ours, and may or may not have taken off."""
    warnings: Seldom = field(default_factory=Seldom)
    metrics: "Metrics | None" = None


async def run(
    settings: Settings,
    matcher: Matcher,
    metrics: "Metrics | None" = None,
    *,
    stop: asyncio.Event | None = None,
    prefix: str = "",
) -> int:
    """Serve on the settings' port until SIGTERM, SIGINT or `stop`, then finish what runs. Returns the exit status.

    Raises SettingsError when the port can't be had.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
    async with opened(settings, matcher, prefix=prefix, metrics=metrics):
        _log.info("listening port=%d", settings.port)
        await stop.wait()
    _log.info("stopped")
    return 0


@asynccontextmanager
async def opened(
    settings: Settings,
    matcher: Matcher,
    listening: socket.socket | None = None,
    prefix: str = "",
    metrics: "Metrics | None" = None,
) -> AsyncIterator[Door]:
    """The door, open on a socket or else on the settings' port; afterwards what runs is finished.

    Raises SettingsError when the port can't be had.
    """
    identity, running, claims = Identity(), Running(), open_claims(settings.redis_url)
    door = Door(
        build_app(settings, matcher, identity, claims, running),
        identity,
        SignatureVerifier(settings.signing_secret),
        running,
        matcher,
        f"/{prefix.strip('/')}".rstrip("/"),
        metrics=metrics,
    )
    connections = Connections(partial(answer, door), running, Limits(connections=_room()), _FOR_GOOD)
    async with kept_connections(door.app.client):
        try:
            with closing(await _listen(connections, listening, settings.port)):
                introduction = asyncio.create_task(stay_known(settings, identity))  # commands need not wait for it
                try:
                    yield door
                finally:
                    introduction.cancel()
                    await asyncio.gather(introduction, return_exceptions=True)
        finally:
            await connections.stop()
            await claims.close()


async def _listen(connections: Connections, listening: socket.socket | None, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    if listening is not None:
        return await loop.create_server(connections.connection, sock=listening, backlog=BACKLOG)
    try:
        return await loop.create_server(connections.connection, None, port, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(
            f"PORT: {port} can't be listened on: {_HINDRANCES.get(error.errno or 0, 'no reason given')}."
        ) from None


def _room() -> int:
    """How many connections fit among the files that this process may open."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else 1024
    most = Limits().connections
    return min(most, files // 2) if files > 0 else most


async def answer(door: Door, request: Request) -> Response:
    """The answer to a request: to its address, then to its signature, then to what it says."""
    path = _path(request.path, door.prefix)
    if path == METRICS and door.metrics and (page := door.metrics.shown_to(request.headers.get("authorization", ""))):
        return Response(200, {"content-type": "text/plain; version=0.0.4; charset=utf-8"}, page)
    if path not in _METHODS:
        return _not_here(door, request)
    if path == EVENTS and request.method == "GET" and _is_ssl_check(request.query):
        return Response(200)
    if request.method not in _METHODS[path]:
        return Response(405, {"allow": ", ".join(_METHODS[path])})
    return _health(door) if path == HEALTH else await _answer_slack(door, request)


async def _answer_slack(door: Door, request: Request) -> Response:
    fault = _fault_of_signature(door.verifier, request)
    if fault is not None:
        if _is_ssl_check(request.body):  # Slack's check of the certificate is not signed, and gets nothing either
            return Response(200)
        _warn(door, fault)
        return Response(401)
    return await _answer_signed(door, request)


async def _answer_signed(door: Door, request: Request) -> Response:
    if "x-slack-retry-num" in request.headers:
        logs.redelivery(request.headers.get("x-slack-retry-reason"))
    try:
        payload = parse(request.body, request.headers.get("content-type", ""))
    except PayloadError as bad:
        logs.event("payload", outcome="rejected", error=str(bad), level=logging.WARNING)
        return Response(400, _FOR_GOOD, is_last=True)
    match payload:
        case {"ssl_check": "1"}:
            return Response(200, is_trusted=True)
        case {"type": "url_verification", "challenge": str(challenge)}:
            return Response(200, _JSON, json.dumps({"challenge": challenge}).encode(), is_trusted=True)
        case {"type": "app_rate_limited"}:
            error = "Slack withholds events, since more came than it delivers to one app"
            logs.event("app_rate_limited", error=error, level=logging.ERROR)
            return Response(200, is_trusted=True)
        case _:
            return _response(await dispatch(door.app, door.identity, payload))


def _path(path: str, prefix: str) -> str:
    """A path as ours are written: without a proxy's prefix, and without a slash at its end."""
    if prefix and path.startswith(f"{prefix}/"):
        path = path.removeprefix(prefix)
    return path.rstrip("/")


def _not_here(door: Door, request: Request) -> Response:
    if "x-slack-signature" in request.headers:  # nobody else's wrong addresses are of interest
        _warn(door, f"path: Slack's requests belong to {door.prefix}{EVENTS}")
    return Response(404)


def _fault_of_signature(verifier: SignatureVerifier, request: Request) -> str | None:
    """Why a request can't be Slack's, as the log says it; None when it is."""
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not signature:
        return "signature: missing, as in requests of anybody but Slack"
    try:
        expected = verifier.generate_signature(timestamp=timestamp, body=request.body) or ""
        is_made_with_our_secret = hmac.compare_digest(expected, signature)
        age = int(time.time()) - int(timestamp)
    except (ValueError, TypeError):  # a timestamp that is no number, bytes that are no text
        return "signature: malformed"
    if not is_made_with_our_secret:
        return "signature: not made with SLACK_SIGNING_SECRET"
    if abs(age) > SIGNED_SECONDS:
        return f"timestamp: {abs(age)} s {'behind' if age > 0 else 'ahead of'} this machine's clock"
    return None


def _warn(door: Door, fault: str) -> None:
    if door.warnings.is_due(fault.partition(":")[0]):
        logs.event("request", outcome="refused", error=fault, level=logging.WARNING)


def _is_ssl_check(form: bytes) -> bool:
    return len(form) < 1000 and parse_qs(form.decode("latin-1")).get("ssl_check") == ["1"]


def _health(door: Door) -> Response:
    """Alive: it answers. Ready: the token is verified too; without its data it would not have started."""
    ready = door.identity.known is not None
    body = {
        "alive": True,
        "ready": ready,
        "status": "ready" if ready else "not ready",
        "content": digests(door.matcher).version,
        "readings": in_short(digests(door.matcher).readings),
    }
    return Response(200 if ready else 503, _JSON, json.dumps(body).encode())


def _response(answered: BoltResponse) -> Response:
    """What the app has answered to a signed request."""
    headers, wrong = answered.first_headers(), answered.status == 400
    return Response(
        answered.status,
        {**headers, **_FOR_GOOD} if wrong else headers,
        answered.body.encode(),
        is_last=wrong,
        is_trusted=True,
    )
