"""A stand-in for Slack: Web API, response_url, Events over HTTP, Socket Mode; refuses what Slack refuses.

`async with Slack.serve() as slack:` starts a real server on 127.0.0.1. Point a bot at `slack.api_url`, then
play the people of the workspace: build a payload (`slack.command(…)`, `slack.mention(…)`, …), deliver it
(`slack.post_http(…)`, `slack.post_socket(…)`), and look at `slack.messages`, `slack.calls`, `slack.refusals`.
"""

import asyncio
import hashlib
import hmac
import json
import socket
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from standin import payloads
from standin.block_kit import check_message, check_options
from standin.payloads import Payload, Place
from standin.workspace import SCOPES, Posted, Refused, Workspace

ACKNOWLEDGE_WITHIN = 3.0
REDELIVER_AFTER = (0.0, 60.0, 300.0)


# What the stand-in tells.


@dataclass(frozen=True)
class Call:
    """A Web API call, or a post to a response_url, that arrived."""

    method: str
    arguments: Payload


@dataclass(frozen=True)
class Refusal:
    """What the stand-in refused, by Slack's name for it; `details` are Slack's error lines."""

    method: str
    error: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class HttpReply:
    """What the bot answered over HTTP. If nothing came: status 0, and `failure` is Slack's retry reason."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: str | None = None

    @property
    def ok(self) -> bool:
        """Whether Slack takes it for an acknowledgement."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Ack:
    """An acknowledgement over Socket Mode."""

    envelope_id: str
    payload: Payload | None = None


# Faults on demand.


@dataclass(frozen=True)
class HttpStatus:
    """Answers with this status and an HTML page, as Slack's front does; to be looked for elsewhere, at `location`."""

    status: int
    location: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ApiError:
    """Answers 200 with {"ok": false, "error": …}."""

    error: str


@dataclass(frozen=True)
class RateLimited:
    """Answers 429 with Retry-After."""

    retry_after: int | str = 1


@dataclass(frozen=True)
class Hang:
    """Says nothing for so long, then cuts the connection; nothing is accepted."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Slow:
    """Accepts after so long, whether or not anybody waits for the reply."""

    seconds: float


@dataclass(frozen=True)
class Says:
    """Answers 200 with this JSON, and accepts nothing."""

    json: str


@dataclass(frozen=True)
class CutConnection:
    """Cuts the connection before accepting anything."""


@dataclass(frozen=True)
class LostReply:
    """Accepts, then cuts the connection instead of replying."""


Fault = HttpStatus | ApiError | RateLimited | Hang | Slow | Says | CutConnection | LostReply


@dataclass(eq=False)
class _Socket:
    response: web.WebSocketResponse
    transport: asyncio.Transport | None
    thawed: asyncio.Event
    waiting: dict[str, asyncio.Future[Ack | None]] = field(default_factory=dict)

    @property
    def healthy(self) -> bool:
        return self.thawed.is_set() and not self.response.closed


class Slack:
    """One workspace with one app in it, reached over the network. Made by `Slack.serve()`."""

    _runner: web.AppRunner
    _site: web.SockSite
    _session: aiohttp.ClientSession

    def __init__(self, *, scopes: Iterable[str] = SCOPES, clock: Callable[[], float] = time.time) -> None:
        """A workspace whose app was granted `scopes`; `clock` lets a test play with expiry."""
        self.workspace = Workspace(scopes=scopes, clock=clock)
        self.add_channel = self.workspace.add_channel
        self.messages = self.workspace.messages
        self.answers = self.workspace.answers
        self.views = self.workspace.views
        self.homes = self.workspace.homes
        self.bot_token = self.workspace.bot_token
        self.app_token = self.workspace.app_token
        self.bot_user_id = self.workspace.app.bot_user_id
        self.bot_id = self.workspace.app.bot_id
        self.team_id = self.workspace.app.team_id
        self.signing_secret = "stand-in-signing-secret"  # noqa: S105
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self._changed = asyncio.Event()
        self._faults: defaultdict[str, deque[tuple[Fault, int | None]]] = defaultdict(deque)
        self._sockets: list[_Socket] = []
        self.sockets_opened = 0
        self.sockets_most = 0
        self._accepting: set[asyncio.Task[web.Response]] = set()
        self._turn = 0
        self._freeze_new = False
        self._port = 0

    # Starting and stopping.

    @classmethod
    @asynccontextmanager
    async def serve(
        cls, port: int = 0, *, scopes: Iterable[str] = SCOPES, clock: Callable[[], float] = time.time
    ) -> AsyncIterator[Self]:
        """Serve a fresh workspace on 127.0.0.1, on a free port unless one is given, until the block ends."""
        slack = cls(scopes=scopes, clock=clock)
        app = web.Application(client_max_size=8 * 1024**2)
        app.router.add_route("*", "/api/{method}", slack._web_api)
        app.router.add_post("/hooks/{channel}/{user}/{moment}", slack._response_url)
        app.router.add_get("/link/", slack._link)
        # Cancelled handlers: a client that gave up on a hanging call must not keep the server from stopping.
        slack._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await slack._runner.setup()
        await slack._listen(port)
        try:
            async with aiohttp.ClientSession(headers={"User-Agent": "Slackbot 1.0 (stand-in)"}) as session:
                slack._session = session
                yield slack
        finally:
            await slack.cut()
            await slack._runner.cleanup()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Slack is down for the length of the block: sockets cut, connections refused. Then it is back."""
        await self._site.stop()
        if self._runner.server is not None:
            for connection in self._runner.server.connections:  # kept alive, they would still be served
                connection.force_close()
        await self.cut()
        try:
            yield
        finally:
            await self._listen(self._port)

    async def _listen(self, port: int) -> None:
        sock = socket.create_server(("127.0.0.1", port))
        self._port = sock.getsockname()[1]
        self.workspace.address = f"127.0.0.1:{self._port}"
        self._site = web.SockSite(self._runner, sock)
        await self._site.start()

    @property
    def api_url(self) -> str:
        """What goes into SLACK_API_URL."""
        return f"http://{self.workspace.address}/api/"

    # Setting the scene.

    def fail(self, method: str, fault: Fault, times: int | None = 1) -> None:
        """Let the next `times` calls of a method fail (None: until `heal`); "response_url" is one too."""
        self._faults[method].append((fault, times))

    def heal(self) -> None:
        """Take back all faults."""
        self._faults.clear()

    def forget(self) -> None:
        """Empty the records (messages, answers, calls, refusals), so that a long run does not grow."""
        self.workspace.forget()
        for record in (self.calls, self.refusals):
            record.clear()

    async def until(self, condition: Callable[[], bool], timeout: float = 30.0) -> None:  # noqa: ASYNC109
        """Wait until something in the stand-in is so; TimeoutError when it does not come to be."""
        async with asyncio.timeout(timeout):
            while not condition():
                await self._changed.wait()

    async def changed(self) -> None:
        """Wait until something changes."""
        await self._changed.wait()

    def note_change(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()
        self._changed.clear()

    # Payloads, as Slack sends them.

    def command(self, text: str = "", *, user: str = "U1", channel: str = "C1", command: str = "/ivig") -> Payload:
        """Somebody types `/ivig text`."""
        return payloads.slash_command(
            self.workspace.app,
            self._place(user, channel),
            command=command,
            text=text,
            response_url=self.workspace.new_response_url(channel, user),
            trigger_id=self.workspace.new_trigger(user),
        )

    def mention(self, text: str, *, user: str = "U1", channel: str = "C1", thread_ts: str | None = None) -> Payload:
        """Somebody writes a message with <@…> of the bot in it; `text` as Slack sends it, escaped."""
        event = payloads.app_mention(
            self.workspace.app,
            self._place(user, channel),
            text=text,
            ts=self.workspace.ts(),
            thread_ts=thread_ts,
        )
        return self.event(event)

    def direct_message(self, text: str, *, user: str = "U1", thread_ts: str | None = None) -> Payload:
        """Somebody writes to the bot alone."""
        place = self._place(user, self.workspace.direct_channel(user).id)
        event = payloads.direct_message(
            self.workspace.app, place, text=text, ts=self.workspace.ts(), thread_ts=thread_ts
        )
        return self.event(event)

    def edited(self, written: Payload, text: str) -> Payload:
        """Somebody edits the message of a mention or a direct message, until it says `text`."""
        return self.event(payloads.edited(written["event"], text=text, ts=self.workspace.ts()))

    def home_opened(self, *, user: str = "U1") -> Payload:
        """Somebody opens the app's Home."""
        place = self._place(user, self.workspace.direct_channel(user).id)
        return self.event(payloads.app_home_opened(place, ts=self.workspace.ts(), view=self.homes.get(user)))

    def event(self, event: Payload) -> Payload:
        """Any event, in the envelope of the Events API, with an id of its own."""
        moment = self.workspace.moment()
        return payloads.event_callback(
            self.workspace.app, event, event_id=f"Ev{moment:X}", event_time=moment // 1_000_000
        )

    def action(
        self,
        action_id: str,
        value: str | None = None,
        *,
        user: str = "U1",
        channel: str = "C1",
        message: Posted | None = None,
        view: Payload | None = None,
        kind: str = "button",
        label: str = "Button",
        block_id: str = "b1",
    ) -> Payload:
        """Somebody presses a button, or uses another `kind` of element, in a message (else a private one)."""
        place = self._place(user, message.channel if message else channel)
        action = payloads.action(
            kind, action_id=action_id, block_id=block_id, value=value, label=label, ts=self.workspace.ts()
        )
        if view is not None:
            source = payloads.from_view(view)
        else:
            origin = message or Posted(self.workspace.ts(), channel, "", user=user)
            source = payloads.from_message(
                place,
                self.workspace.as_message(origin),
                response_url=self.workspace.new_response_url(place.channel, user, origin.ts),
                ephemeral=origin.user is not None,
                thread_ts=origin.thread_ts,
            )
        return payloads.block_actions(
            self.workspace.app,
            place,
            action=action,
            source=source,
            trigger_id=self.workspace.new_trigger(user),
        )

    def shortcut(
        self, callback_id: str, message: str | Posted | Payload, *, user: str = "U1", channel: str = "C1"
    ) -> Payload:
        """Somebody takes the app's shortcut from the menu of a message: the bot's, a person's, or a new one."""
        place = self._place(user, message.channel if isinstance(message, Posted) else channel)
        match message:
            case Posted():
                content = self.workspace.as_message(message)
            case str():
                content = payloads.human_message(self.workspace.app, user, message, self.workspace.ts())
            case _:
                content = message
        return payloads.message_action(
            self.workspace.app,
            place,
            callback_id=callback_id,
            message=content,
            response_url=self.workspace.new_response_url(place.channel, user),
            trigger_id=self.workspace.new_trigger(user),
            ts=self.workspace.ts(),
        )

    def global_shortcut(self, callback_id: str, *, user: str = "U1") -> Payload:
        """Somebody takes the app's shortcut from anywhere."""
        workspace = self.workspace
        return payloads.global_shortcut(
            workspace.app, user, callback_id=callback_id, trigger_id=workspace.new_trigger(user), ts=workspace.ts()
        )

    def submission(self, view: Payload, values: Mapping[str, str | None], *, user: str = "U1") -> Payload:
        """Somebody fills in the fields of a modal, `values` by their action_ids, and sends it off."""
        workspace = self.workspace
        return payloads.view_submission(
            workspace.app, user, view=view, values=values, trigger_id=workspace.new_trigger(user)
        )

    def suggestion(self, action_id: str, value: str, *, view: Payload, user: str = "U1") -> Payload:
        """Somebody types into a list of names that asks the app for them."""
        return payloads.block_suggestion(
            self.workspace.app, user, action_id=action_id, block_id=action_id, value=value, view=view
        )

    def _place(self, user: str, channel: str) -> Place:
        place = self.workspace.channels.get(channel)
        return Place(user, channel, place.name if place else channel.lower())

    # Delivery over HTTP.

    def signed(
        self,
        body: bytes,
        *,
        timestamp: int | None = None,
        secret: str | None = None,
        content_type: str = "application/json",
    ) -> dict[str, str]:
        """The headers Slack would send with this body."""
        at = int(self.workspace.clock()) if timestamp is None else timestamp
        base = b"v0:%d:%s" % (at, body)
        digest = hmac.new((secret or self.signing_secret).encode(), base, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": str(at),
            "X-Slack-Signature": f"v0={digest}",
        }

    async def post_http(
        self,
        url: str,
        payload: Payload,
        *,
        retry: tuple[int, str] | None = None,
        timestamp: int | None = None,
        secret: str | None = None,
        timeout: float = ACKNOWLEDGE_WITHIN,  # noqa: ASYNC109 - Slack's own deadline
    ) -> HttpReply:
        """Sign a payload, post it to the bot, and return what it answered in time."""
        body, content_type = _encode(payload)
        headers = self.signed(body, timestamp=timestamp, secret=secret, content_type=content_type)
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        limit = aiohttp.ClientTimeout(total=timeout)
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=limit) as reply:
                answer = HttpReply(reply.status, reply.headers, await reply.read())
        except TimeoutError:
            return HttpReply(0, failure="http_timeout")
        except aiohttp.ClientError:
            return HttpReply(0, failure="connection_failed")
        if answer.ok and answer.body:
            self._take_answer(payload, _message_in(answer))
        return answer

    async def deliver_event_http(
        self,
        url: str,
        payload: Payload,
        *,
        pace: float = 0.0,
        timeout: float = ACKNOWLEDGE_WITHIN,  # noqa: ASYNC109
    ) -> list[HttpReply]:
        """Post an event, then again at once, after 1 and 5 minutes (times `pace`), until it is taken."""
        replies = [await self.post_http(url, payload, timeout=timeout)]
        for number, delay in enumerate(REDELIVER_AFTER, start=1):
            last = replies[-1]
            if last.ok or last.headers.get("X-Slack-No-Retry") == "1":
                break
            await asyncio.sleep(delay * pace)
            reason = last.failure or "http_error"
            replies.append(await self.post_http(url, payload, retry=(number, reason), timeout=timeout))
        return replies

    def _take_answer(self, payload: Payload, answer: Any) -> None:
        """What an acknowledgement carries, where it may carry something."""
        if "command" in payload:
            self._take_message(payload, answer)
        elif payload.get("type") == "view_submission":
            self._take_view(payload["view"]["id"], answer)
        elif payload.get("type") == "block_suggestion" and (lines := check_options(answer)):
            self._refuse("acknowledgement", Refused("invalid_options", lines))

    def _take_view(self, view_id: str, answer: Any) -> None:
        """The acknowledgement of a modal that was sent off may put another into its place."""
        if isinstance(answer, dict) and answer.get("response_action") == "update":
            try:
                self.workspace.update_view(view_id, answer.get("view"))
            except Refused as refused:
                self._refuse("acknowledgement", refused)
            self.note_change()

    def _take_message(self, command: Payload, answer: Any) -> None:
        """An acknowledgement of a command may carry a message."""
        lines = check_message(answer) if isinstance(answer, dict) else ["[ERROR] must provide an object"]
        if lines:
            self._refuse("acknowledgement", Refused("invalid_command_response", lines))
            return
        private = answer.get("response_type") != "in_channel"
        self.answers.append(
            Posted(
                ts=self.workspace.ts(),
                channel=str(command.get("channel_id")),
                text=answer.get("text") or "",
                blocks=answer.get("blocks") or [],
                user=str(command.get("user_id")) if private else None,
                via="acknowledgement",
            )
        )
        self.note_change()

    # Delivery over Socket Mode.

    @property
    def socket_count(self) -> int:
        """How many sockets would carry a payload now: open, and not frozen."""
        return sum(each.healthy for each in self._sockets)

    async def connected(self, count: int = 1, timeout: float = 30.0) -> None:  # noqa: ASYNC109
        """Wait until at least so many sockets are open."""
        await self.until(lambda: self.socket_count >= count, timeout)

    async def post_socket(
        self,
        payload: Payload,
        kind: str | None = None,
        *,
        retry_attempt: int = 0,
        retry_reason: str = "",
        timeout: float = ACKNOWLEDGE_WITHIN,  # noqa: ASYNC109
    ) -> Ack | None:
        """Send a payload down one of the sockets. None: not acknowledged in time, or the socket broke.

        `kind` (slash_commands, events_api, interactive) is read off the payload when not given. With no
        socket open it waits for one, within the same timeout.
        """
        envelope_id = f"{self.workspace.moment():x}"
        frame = payloads.envelope(
            payload,
            kind=kind or _socket_kind(payload),
            envelope_id=envelope_id,
            retry_attempt=retry_attempt,
            retry_reason=retry_reason,
        )
        carrier: _Socket | None = None
        try:
            async with asyncio.timeout(timeout):
                await self.connected(timeout=timeout)
                carrier = self._next_socket()
                answer: asyncio.Future[Ack | None] = asyncio.get_running_loop().create_future()
                carrier.waiting[envelope_id] = answer
                await carrier.response.send_json(frame)
                ack = await answer
        except (TimeoutError, ConnectionError):
            return None
        finally:
            if carrier is not None:
                carrier.waiting.pop(envelope_id, None)
        if ack is not None and ack.payload:
            self._take_answer(payload, ack.payload)
        return ack

    async def deliver_event_socket(
        self,
        payload: Payload,
        *,
        pace: float = 0.0,
        timeout: float = ACKNOWLEDGE_WITHIN,  # noqa: ASYNC109
    ) -> list[Ack | None]:
        """Send an event, then again at once, after 1 and 5 minutes (times `pace`), until acknowledged."""
        acks = [await self.post_socket(payload, "events_api", timeout=timeout)]
        for number, delay in enumerate(REDELIVER_AFTER, start=1):
            if acks[-1] is not None:
                break
            await asyncio.sleep(delay * pace)
            acks.append(
                await self.post_socket(
                    payload, "events_api", retry_attempt=number, retry_reason="timeout", timeout=timeout
                )
            )
        return acks

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce every socket's end: refresh_requested, warning, link_disabled or too_many_websockets."""
        await self.send_raw(json.dumps(payloads.disconnect(reason)))

    async def send_raw(self, frame: str | bytes) -> None:
        """Send a frame as it is, rubbish or not, down every socket."""
        for each in list(self._sockets):
            with suppress(ConnectionError):
                if each.healthy and isinstance(frame, str):
                    await each.response.send_str(frame)
                elif each.healthy and isinstance(frame, bytes):
                    await each.response.send_bytes(frame)

    def send_broken(self, garbage: bytes) -> None:
        """Write bytes that are no frame down every socket."""
        for each in self._sockets:
            if each.transport is not None:
                each.transport.write(garbage)

    async def cut(self) -> None:
        """Drop every socket's TCP connection, without a word."""
        for each in self._sockets:
            each.thawed.set()
            if each.transport is not None:
                each.transport.abort()
        await self.until(lambda: not self._sockets)

    def freeze(self, frozen: bool = True, *, new: bool = False) -> None:
        """Make the open sockets half-dead: open, but nothing answered, pings included, and nothing sent.

        With `new`, those opened from now on too. False thaws them all.
        """
        self._freeze_new = frozen and new
        for each in self._sockets:
            if frozen:
                each.thawed.clear()
            else:
                each.thawed.set()
        self.note_change()

    def _next_socket(self) -> _Socket:
        healthy = [each for each in self._sockets if each.healthy]
        self._turn += 1
        return healthy[self._turn % len(healthy)]

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if not self.workspace.use_ticket(request.query.get("ticket", "")):
            return web.Response(status=408)
        response = web.WebSocketResponse(autoping=False)
        await response.prepare(request)
        link = _Socket(response, request.transport, asyncio.Event())
        if not self._freeze_new:
            link.thawed.set()
            await response.send_json(payloads.hello(self.workspace.app, len(self._sockets) + 1))
        self._sockets.append(link)
        self.sockets_opened += 1
        self.sockets_most = max(self.sockets_most, len(self._sockets))
        self.note_change()
        try:
            async for frame in response:
                await link.thawed.wait()
                if frame.type is aiohttp.WSMsgType.PING:
                    await response.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT:
                    _acknowledge(link, frame.data)
        except ConnectionError:
            pass
        finally:
            self._sockets.remove(link)
            for answer in link.waiting.values():
                if not answer.done():
                    answer.set_result(None)
            self.note_change()
        return response

    # The Web API and response_url.

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            token, arguments = await _read_arguments(request)
        except Refused as refused:
            return self._refuse(method, refused)
        self.calls.append(Call(method, arguments))

        def accept() -> web.Response:
            body = self.workspace.call(method, token, arguments)
            return web.json_response(body, headers={"x-oauth-scopes": ",".join(self.workspace.scopes)})

        return await self._answer(request, method, accept)

    async def _answer(  # noqa: PLR0911  # a case for each fault
        self, request: web.Request, method: str, accept: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """What `accept` makes of a call, unless a fault is due."""
        fault = self.next_fault(method)
        self.note_change()
        match fault:
            case HttpStatus(status, location):
                page = f"<html><body>{status}</body></html>"
                headers = {"Location": location} if location else None
                return web.Response(status=status, text=page, content_type="text/html", headers=headers)
            case ApiError(error):
                return web.json_response({"ok": False, "error": error})
            case RateLimited(seconds):
                headers = {"Retry-After": str(seconds)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case Hang(seconds):
                await asyncio.sleep(seconds)
                return _hang_up(request)
            case Slow(seconds):
                accepting = asyncio.create_task(self._accept(method, accept, seconds))
                self._accepting.add(accepting)
                accepting.add_done_callback(self._accepting.discard)
                return await asyncio.shield(accepting)
            case Says(said):
                return web.json_response(text=said)
            case CutConnection():
                return _hang_up(request)
        reply = await self._accept(method, accept)
        return _hang_up(request) if isinstance(fault, LostReply) else reply

    async def _accept(self, method: str, accept: Callable[[], web.Response], after: float = 0.0) -> web.Response:
        await asyncio.sleep(after)
        try:
            reply = accept()
            self.note_change()
        except Refused as refused:
            reply = self._refuse(method, refused)
        return reply

    def next_fault(self, method: str) -> Fault | None:
        """What the next call of a method meets, as `fail` has said; a run may decide otherwise."""
        queue = self._faults.get(method)
        if not queue:
            return None
        fault, left = queue[0]
        if left is None:
            return fault
        if left > 1:
            queue[0] = (fault, left - 1)
        else:
            queue.popleft()
        return fault

    def _refuse(self, method: str, refused: Refused) -> web.Response:
        self.refusals.append(Refusal(method, refused.error, refused.details))
        self.note_change()
        body: Payload = {"ok": False, "error": refused.error, **refused.more}
        if refused.details:
            body["errors"] = [line.removeprefix("[ERROR] ") for line in refused.details]
            body["response_metadata"] = {"messages": list(refused.details)}
        return web.json_response(body, status=refused.status)

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        try:
            _, arguments = await _read_arguments(request)
        except Refused:
            return self._refuse("response_url", Refused("invalid_payload", status=400))
        message_ts = arguments.pop("message", None)
        self.calls.append(Call("response_url", arguments))

        def accept() -> web.Response:
            self.workspace.respond(request.match_info, message_ts, arguments)
            return web.Response(text="ok")

        return await self._answer(request, "response_url", accept)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _acknowledge(link: _Socket, frame: str) -> None:
    try:
        ack = json.loads(frame)
    except ValueError:
        return
    answer = link.waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
    if answer is not None and not answer.done():
        answer.set_result(Ack(ack["envelope_id"], ack.get("payload")))


async def _read_arguments(request: web.Request) -> tuple[str | None, Payload]:
    """The token and the arguments of a call, from the query and a form or JSON body alike."""
    arguments: Payload = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except (ValueError, RecursionError):
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        arguments |= body
    else:
        arguments |= await request.post()
        for name in ("blocks", "message", "view", "attachments", "metadata"):
            if isinstance(arguments.get(name), str):
                with suppress(ValueError, RecursionError):
                    arguments[name] = json.loads(arguments[name])
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = arguments.pop("token", None)
    return (bearer.strip() if scheme == "Bearer" else token), arguments


def _message_in(reply: HttpReply) -> Any:
    """The message in the acknowledgement of a command: JSON, or plain text."""
    text = reply.body.decode(errors="replace")
    if not reply.headers.get("Content-Type", "").startswith("application/json"):
        return {"text": text}
    try:
        return json.loads(text)
    except ValueError:
        return None


def _encode(payload: Payload) -> tuple[bytes, str]:
    """A payload as it goes over the wire: events as JSON, commands as a form, the rest as payload=JSON."""
    if "event" in payload or payload.get("type") == "url_verification":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if "command" in payload else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _socket_kind(payload: Payload) -> str:
    if "command" in payload:
        return "slash_commands"
    return "events_api" if "event" in payload else "interactive"
