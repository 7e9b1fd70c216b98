"""The playground's page and what it asks for: static files, a stream of news, and what a person does."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.pages import Page
from playground.scene import PEOPLE, NotDone, Scene
from slackbot.content.load import ContentError
from slackbot.signing import pack, records
from standin.payloads import Payload

STATIC = Path(__file__).resolve().parent / "static"
BODY_MOST = 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
REVIEW_POLICY = (  # the pack carries its own style, as it must when it is mailed
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(pack.STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def build_server(scene: Scene, port: int) -> ASGIApp:
    """The web application behind the page, for a server on this port of the loopback interface."""

    def doing(do: Callable[[Scene, Mapping[str, Any]], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await _body(request)
            try:
                answer = await do(scene, body)
            except NotDone as refusal:
                return JSONResponse({"problem": str(refusal)}, status_code=409)
            return JSONResponse({} if answer is None else answer)

        return endpoint

    async def news(request: Request) -> Response:
        page = Page(scene, _person(request.query_params.get("user")))
        return StreamingResponse(_news(scene, page), media_type="text/event-stream")

    async def index(_: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def review(_: Request) -> Response:
        try:
            page = await asyncio.to_thread(pack.page, scene.edition.path, None, None, records.today())
        except ContentError as faults:
            return PlainTextResponse(str(faults), status_code=409)
        return HTMLResponse(page, headers={"content-security-policy": REVIEW_POLICY})

    app = Starlette(
        routes=[
            Route("/", index),
            Route("/review", review),
            Route("/news", news),
            Route("/say", doing(_say), methods=["POST"]),
            Route("/press", doing(_press), methods=["POST"]),
            Route("/shortcut", doing(_shortcut), methods=["POST"]),
            Route("/submit", doing(_submit), methods=["POST"]),
            Route("/suggest", doing(_suggest), methods=["POST"]),
            Route("/home", doing(_home), methods=["POST"]),
            Route("/close", doing(_close), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )
    return Guard(app, frozenset(f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")))


@dataclass(frozen=True)
class Guard:
    """Lets in only who came to this page by its own address, and tells the browser to load nothing else.

    Any web site can make a browser send requests to this machine, and can point a name of its own at it:
    such a request carries the wrong Host, or the site's Origin.
    """

    app: ASGIApp
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the page's own application does, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self.app if self._is_let_in(scope["method"], Headers(scope=scope)) else _REFUSED
        await app(scope, receive, send_guarded)

    def _is_let_in(self, method: str, headers: Headers) -> bool:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return False
        origins = headers.getlist("origin")
        if method in ("GET", "HEAD"):
            return True
        return len(origins) == 1 and origins[0] in {f"http://{host}" for host in self.hosts}


_REFUSED = Response("The playground answers its own page only.\n", status_code=403, media_type="text/plain")


async def _news(scene: Scene, page: Page) -> AsyncIterator[str]:
    """Server-sent events, until the playground stops."""
    while not scene.over:
        if news := page.news():
            yield f"data: {json.dumps(news)}\n\n"
        else:
            await scene.slack.changed()
    yield "event: over\ndata:\n\n"


async def _say(scene: Scene, body: Mapping[str, Any]) -> None:
    channel = _text(body, "channel")
    if channel not in scene.slack.workspace.channels:
        raise HTTPException(400, "no such channel")
    await scene.say(_person(body.get("user")), channel, _text(body, "text"), _text(body, "thread_ts") or None)


async def _press(scene: Scene, body: Mapping[str, Any]) -> None:
    names = ("kind", "action_id", "block_id", "label", "value")
    action = {name: _text(body, name) for name in names if body.get(name) is not None}
    if missing := [name for name in names[:4] if name not in action]:
        raise HTTPException(400, f"missing: {', '.join(missing)}")
    await scene.press(_person(body.get("user")), _text(body, "source"), action)


async def _shortcut(scene: Scene, body: Mapping[str, Any]) -> None:
    user, source, callback_id = _person(body.get("user")), _text(body, "source"), _text(body, "callback_id")
    if source:
        await scene.take_shortcut(user, source, callback_id)
    else:
        await scene.take_global_shortcut(user, callback_id)


async def _submit(scene: Scene, body: Mapping[str, Any]) -> None:
    values = body.get("values")
    if not isinstance(values, dict):
        raise HTTPException(400, "values is no object")
    texts = {name: _text(values, name) for name in values}
    await scene.submit(_person(body.get("user")), _text(body, "source"), texts)


async def _suggest(scene: Scene, body: Mapping[str, Any]) -> list[Payload]:
    user = _person(body.get("user"))
    return await scene.suggest(user, _text(body, "source"), _text(body, "action_id"), _text(body, "value"))


async def _home(scene: Scene, body: Mapping[str, Any]) -> None:
    await scene.open_home(_person(body.get("user")))


async def _close(scene: Scene, body: Mapping[str, Any]) -> None:
    scene.close_modal(_person(body.get("user")))


async def _body(request: Request) -> Mapping[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_MOST:
            raise HTTPException(413)
    try:
        deed = json.loads(body)
    except (ValueError, RecursionError):
        deed = None
    if not isinstance(deed, dict):
        raise HTTPException(400, "not a JSON object")
    return deed


def _person(user: object) -> str:
    for person in PEOPLE:
        if person.id == user:
            return person.id
    raise HTTPException(400, "nobody of that id")


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str | None):
        raise HTTPException(400, f"{name} is no text")
    return value or ""
