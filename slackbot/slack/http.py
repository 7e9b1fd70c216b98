"""The HTTP door: `uvicorn slackbot.slack.http:api` serves Slack's requests and a health check."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from slackbot import logs, settings
from slackbot.content.load import ContentError, load_content
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.identity import Identity, stay_known
from slackbot.slack.payloads import PayloadError, parse
from slackbot.work.claims import open_claims
from slackbot.work.running import Running

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_LIMIT = 1024 * 1024
BODY_SECONDS = 10.0

_ALLOWED = {"/healthz": ("GET", "HEAD"), "/slack/events": ("POST",)}


@dataclass(frozen=True)
class Door:
    """What a running door holds."""

    app: AsyncApp
    identity: Identity
    verifier: SignatureVerifier
    running: Running


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application. It starts and stops by the lifespan protocol, so the server must speak that."""
    if scope["type"] == "lifespan":
        await _live(scope, receive, send)
    elif scope["type"] == "http":
        answer = await _answer(scope["state"]["door"], scope, receive)
        if answer is not None:
            await _send(answer, send)


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()  # lifespan.startup
    try:
        known = settings.load(settings.HTTP)
        logs.set_up(known.log_level)
        content = load_content(known.data, known.contact)
    except (settings.SettingsError, ContentError) as error:
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    identity, running, claims = Identity(), Running(), open_claims(known.redis_url)
    app = build_app(known, content, identity, claims, running)
    scope["state"]["door"] = Door(app, identity, SignatureVerifier(known.signing_secret), running)
    introduction = asyncio.create_task(stay_known(known, identity))
    await send({"type": "lifespan.startup.complete"})
    await receive()  # lifespan.shutdown, which comes when the last request has been answered
    introduction.cancel()
    with suppress(asyncio.CancelledError):
        await introduction
    await running.drain()
    await claims.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(door: Door, scope: Scope, receive: Receive) -> BoltResponse | None:
    """The answer to one request; None when the sender has gone."""
    path, method = scope["path"], scope["method"]
    if path == "/slack/events" and method == "GET" and _is_ssl_check(scope["query_string"]):
        return BoltResponse(status=200)
    if path not in _ALLOWED:
        return BoltResponse(status=404)
    if method not in _ALLOWED[path]:
        return BoltResponse(status=405, headers={"allow": ", ".join(_ALLOWED[path])})
    if path == "/healthz":
        return _health(door)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(headers.get("content-length", ""), receive)
    except _GoneError:
        return None
    except _TooLongError:
        return _for_good(413)
    except TimeoutError:
        return BoltResponse(status=408, headers={"connection": "close"})
    if not _is_signed(door.verifier, headers, body):
        # Slack's check of the certificate is not signed, and gets nothing either.
        return BoltResponse(status=200 if _is_ssl_check(body) else 401)
    try:
        payload = parse(body, headers.get("content-type", ""))
    except PayloadError as bad:
        logs.event("payload", outcome="rejected", error=str(bad), level=logging.WARNING)
        return _for_good(400)
    answer = await dispatch(door.app, door.identity, payload)
    return _for_good(400) if answer.status == 400 else answer


class _GoneError(Exception):
    """The sender has closed the connection."""


class _TooLongError(Exception):
    """The body is larger than anything Slack sends."""


async def _read(announced: str, receive: Receive) -> bytes:
    """Read the body. Raises _TooLongError without reading on, and _GoneError."""
    if announced.isdecimal() and int(announced[:20]) > BODY_LIMIT:
        raise _TooLongError
    body = bytearray()
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _GoneError
        body += event.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise _TooLongError
        more = event.get("more_body", False)
    return bytes(body)


def _is_signed(verifier: SignatureVerifier, headers: dict[str, str], body: bytes) -> bool:
    try:
        return verifier.is_valid_request(body, headers)
    except (ValueError, TypeError):  # a timestamp that is no number, bytes that are no text
        return False


def _is_ssl_check(form: bytes) -> bool:
    return len(form) < 1000 and parse_qs(form.decode("latin-1")).get("ssl_check") == ["1"]


def _health(door: Door) -> BoltResponse:
    """Alive: it answers. Ready: the token is verified too; without its data it would not have started."""
    ready = door.identity.known is not None
    return BoltResponse(
        status=200 if ready else 503,
        body={"alive": True, "ready": ready, "status": "ready" if ready else "not ready"},
    )


def _for_good(status: int) -> BoltResponse:
    """A refusal that Slack is asked not to try again."""
    return BoltResponse(status=status, headers={"connection": "close", "x-slack-no-retry": "1"})


async def _send(answer: BoltResponse, send: Send) -> None:
    body = answer.body.encode()
    headers = [(name.encode(), value.encode()) for name, value in answer.first_headers().items()]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
