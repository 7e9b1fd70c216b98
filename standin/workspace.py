"""What a Slack workspace accepts from an app, and what it refuses by which name; without any network."""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from standin import payloads
from standin.block_kit import BLOCKS_TOO_LONG, TEXT_MOST, check_message, check_view
from standin.payloads import Installation, Payload

SCOPES = ("commands", "app_mentions:read", "chat:write", "im:history")
TRIGGER_LIVES = 3
TICKET_LIVES = 30
RESPONSE_URL_LIVES = 30 * 60
RESPONSE_URL_USES = 5
VIEW_BYTES_MOST = 250_000


@dataclass(frozen=True)
class Channel:
    """A channel, or a direct message with the bot (its id begins with D)."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    bot_is_member: bool = True
    archived: bool = False


@dataclass(frozen=True)
class Posted:
    """A message the stand-in accepted. `user` is who alone sees it; None: everybody in the channel."""

    ts: str
    channel: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    thread_ts: str | None = None
    user: str | None = None
    via: str = "chat.postMessage"

    @property
    def response_type(self) -> str:
        """`ephemeral` or `in_channel`."""
        return "in_channel" if self.user is None else "ephemeral"


class Refused(Exception):  # noqa: N818 - a refusal is an answer here, no error of ours
    """A call the workspace does not accept: Slack's word for it, its error lines, the HTTP status."""

    def __init__(self, error: str, details: Iterable[str] = (), status: int = 200, **more: Any) -> None:
        super().__init__(error)
        self.error, self.details, self.status, self.more = error, tuple(details), status, more


@dataclass(frozen=True)
class _Method:
    run: Callable[["Workspace", Payload], Payload]
    scope: str = ""
    required: tuple[str, ...] = ()


class Workspace:
    """One workspace with one app in it: its channels, messages and views, and the Web API on them."""

    def __init__(self, *, scopes: Iterable[str] = SCOPES, clock: Callable[[], float] = time.time) -> None:
        """A workspace whose app was granted `scopes`."""
        self.app = Installation()
        self.scopes = tuple(scopes)
        self.clock = clock
        self.address = ""
        self.bot_token = "xoxb-stand-in-bot"  # noqa: S105
        self.app_token = "xapp-stand-in-app"  # noqa: S105
        self.channels: dict[str, Channel] = {}
        self.messages: list[Posted] = []
        self.answers: list[Posted] = []
        self.views: dict[str, Payload] = {}
        self.homes: dict[str, Payload] = {}
        self._last_moment = 0
        self._response_url_uses: dict[str, int] = {}
        self._used_triggers: set[str] = set()
        self._tickets: dict[str, float] = {}

    def add_channel(
        self,
        id: str,  # noqa: A002 - Slack's name for it
        *,
        name: str | None = None,
        members: Iterable[str] = (),
        bot_is_member: bool = True,
        archived: bool = False,
    ) -> Channel:
        """Add a channel, or put another in its place."""
        channel = Channel(id, name or id.lower(), frozenset(members), bot_is_member, archived)
        self.channels[id] = channel
        return channel

    def forget(self) -> None:
        """Forget messages and answers, and which triggers and response URLs were used."""
        self.messages.clear()
        self.answers.clear()
        self._response_url_uses.clear()
        self._used_triggers.clear()

    def moment(self) -> int:
        """Now in microseconds, never the same twice."""
        self._last_moment = max(self._last_moment + 1, int(self.clock() * 1_000_000))
        return self._last_moment

    def ts(self) -> str:
        """Now as a message's timestamp, never the same twice."""
        return "{}.{:06d}".format(*divmod(self.moment(), 1_000_000))

    def call(self, method: str, token: str | None, arguments: Payload) -> Payload:
        """The body of the reply to a Web API call, or Refused."""
        spec = self.METHODS.get(method)
        if spec is None:
            raise Refused("unknown_method", req_method=method)
        self._check_token(method, token)
        if spec.scope and spec.scope not in self.scopes:
            raise Refused("missing_scope", needed=spec.scope, provided=",".join(self.scopes))
        lines = [
            f"[ERROR] missing required field: {name}" for name in spec.required if arguments.get(name) in (None, "")
        ]
        lines += [
            f"[ERROR] must provide a string [json-pointer:/{name}]"
            for name in _STRINGS
            if not isinstance(arguments.get(name), str | None)
        ]
        if lines:
            raise Refused("invalid_arguments", lines)
        return {"ok": True, **spec.run(self, arguments)}

    def _check_token(self, method: str, token: str | None) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        if (token == self.app_token) != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")

    def respond(self, url: Mapping[str, str], message_ts: str | None, arguments: Payload) -> None:
        """Accept what was sent to a response_url, or Refused."""
        moment = url["moment"]
        if not moment.isdecimal() or self.clock() - int(moment) / 1_000_000 > RESPONSE_URL_LIVES:
            raise Refused("expired_url", status=404)
        if self._response_url_uses.get(moment, 0) >= RESPONSE_URL_USES:
            raise Refused("used_url", status=404)
        if not arguments.get("delete_original"):
            self._check_content(arguments, status=400)
        self._response_url_uses[moment] = self._response_url_uses.get(moment, 0) + 1
        if message_ts and (arguments.get("delete_original") or arguments.get("replace_original")):
            for record in (self.messages, self.answers):
                record[:] = [each for each in record if each.ts != message_ts]
        if not arguments.get("delete_original"):
            private = arguments.get("response_type") != "in_channel"
            self._post(arguments, url["channel"], via="response_url", user=url["user"] if private else None)

    # What Slack hands out for a while: triggers, response URLs, tickets for a socket.

    def new_trigger(self, user: str) -> str:
        """A trigger_id: opens one view, within three seconds."""
        return f"{self.moment()}.{self.app.team_id}.{user}"

    def new_response_url(self, channel: str, user: str, message_ts: str = "") -> str:
        """A response_url: five uses in thirty minutes; `message_ts` is the message it may replace."""
        # All it takes to answer stands in the URL, so that a run of 200,000 commands keeps nothing here.
        query = f"?message={message_ts}" if message_ts else ""
        return f"http://{self.address}/hooks/{channel}/{user}/{self.moment()}{query}"

    def _use_trigger(self, trigger: str) -> None:
        moment = trigger.partition(".")[0]
        if not moment.isdecimal() or not trigger.startswith(f"{moment}.{self.app.team_id}."):
            raise Refused("invalid_trigger_id")
        if self.clock() - int(moment) / 1_000_000 > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        if trigger in self._used_triggers:
            raise Refused("exchanged_trigger_id")
        self._used_triggers.add(trigger)

    def use_ticket(self, ticket: str) -> bool:
        """Whether the ticket opens a socket: each does once, for a while."""
        return self._tickets.pop(ticket, 0.0) >= self.clock()

    # The methods.

    def _auth_test(self, _: Payload) -> Payload:
        return {
            "url": f"https://{self.app.domain}.slack.com/",
            "team": self.app.domain.title(),
            "user": self.app.bot_name,
            "team_id": self.app.team_id,
            "user_id": self.app.bot_user_id,
            "bot_id": self.app.bot_id,
            "is_enterprise_install": False,
        }

    def _connections_open(self, _: Payload) -> Payload:
        ticket = f"{self.moment():x}"
        self._tickets[ticket] = self.clock() + TICKET_LIVES
        return {"url": f"ws://{self.address}/link/?ticket={ticket}&app_id={self.app.app_id}"}

    def _post_message(self, arguments: Payload) -> Payload:
        channel = self._writable(arguments["channel"])
        self._check_content(arguments)
        message = self._post(arguments, channel.id, via="chat.postMessage")
        return {"channel": channel.id, "ts": message.ts, "message": self.as_message(message)}

    def _post_ephemeral(self, arguments: Payload) -> Payload:
        channel = self._writable(arguments["channel"])
        self._check_content(arguments)
        if arguments["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        message = self._post(arguments, channel.id, via="chat.postEphemeral", user=arguments["user"])
        return {"message_ts": message.ts}

    def _update(self, arguments: Payload) -> Payload:
        channel = self._writable(arguments["channel"])
        self._check_content(arguments)
        places = [
            place
            for place, each in enumerate(self.messages)
            if (each.ts, each.channel, each.user) == (arguments["ts"], channel.id, None)
        ]
        if not places:
            raise Refused("message_not_found")
        self.messages[places[0]] = replace(
            self.messages[places[0]], text=arguments.get("text") or "", blocks=arguments.get("blocks") or []
        )
        return {"channel": channel.id, "ts": arguments["ts"], "text": arguments.get("text") or ""}

    def _views_open(self, arguments: Payload) -> Payload:
        self._use_trigger(arguments["trigger_id"])
        return {"view": self._keep_view(arguments["view"], "modal", f"V{self.moment():X}")}

    def _views_publish(self, arguments: Payload) -> Payload:
        user = arguments["user_id"]
        _check_user(user)
        old = self.homes.get(user)
        view = self._keep_view(arguments["view"], "home", old["id"] if old else f"V{self.moment():X}")
        self.homes[user] = view
        return {"view": view}

    def _keep_view(self, view: Any, kind: str, view_id: str) -> Payload:
        if not isinstance(view, dict):
            raise Refused("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
        lines = check_view(view)
        if view.get("type") != kind:
            lines.append("[ERROR] must be a valid enum value [json-pointer:/view/type]")
        if lines:
            raise Refused("invalid_arguments", dict.fromkeys(lines))
        if len(json.dumps(view).encode()) > VIEW_BYTES_MOST:
            raise Refused("view_too_large")
        record = {
            **view,
            "id": view_id,
            "team_id": self.app.team_id,
            "app_id": self.app.app_id,
            "bot_id": self.app.bot_id,
            "app_installed_team_id": self.app.team_id,
            "root_view_id": view_id,
            "previous_view_id": None,
            "hash": self.ts(),
            "state": {"values": {}},
        }
        self.views[view_id] = record
        return record

    METHODS: ClassVar[Mapping[str, _Method]] = {
        "apps.connections.open": _Method(_connections_open),
        "auth.test": _Method(_auth_test),
        "chat.postEphemeral": _Method(_post_ephemeral, "chat:write", ("channel", "user")),
        "chat.postMessage": _Method(_post_message, "chat:write", ("channel",)),
        "chat.update": _Method(_update, "chat:write", ("channel", "ts")),
        "views.open": _Method(_views_open, "", ("trigger_id", "view")),
        "views.push": _Method(_views_open, "", ("trigger_id", "view")),
        "views.publish": _Method(_views_publish, "", ("user_id", "view")),
    }

    # What they stand on.

    def direct_channel(self, user: str) -> Channel:
        """The direct messages of a user with the bot."""
        _check_user(user)
        channel = self.channels.get(f"D{user[1:]}")
        return channel or self.add_channel(f"D{user[1:]}", name="directmessage", members={user})

    def _writable(self, name: str) -> Channel:
        if _USER.fullmatch(name):
            return self.direct_channel(name)
        channel = self.channels.get(name)
        if channel is None:
            raise Refused("channel_not_found")
        if not channel.bot_is_member:
            raise Refused("not_in_channel")
        if channel.archived:
            raise Refused("is_archived")
        return channel

    def _check_content(self, arguments: Payload, *, status: int = 200) -> None:
        text, blocks = arguments.get("text"), arguments.get("blocks")
        if not text and not blocks and not arguments.get("attachments"):
            raise Refused("no_text", status=status)
        if isinstance(text, str) and len(text) > TEXT_MOST:
            raise Refused("msg_too_long", status=status)
        if blocks is not None and not isinstance(blocks, list):
            raise Refused("invalid_blocks_format", status=status)
        lines = check_message(arguments)
        if lines == [BLOCKS_TOO_LONG]:
            raise Refused("msg_blocks_too_long", status=status)
        if lines:
            raise Refused("invalid_blocks", lines, status=status)

    def _post(self, arguments: Payload, channel: str, *, via: str, user: str | None = None) -> Posted:
        message = Posted(
            ts=self.ts(),
            channel=channel,
            text=arguments.get("text") or "",
            blocks=arguments.get("blocks") or [],
            thread_ts=arguments.get("thread_ts"),
            user=user,
            via=via,
        )
        self.messages.append(message)
        return message

    def as_message(self, message: Posted) -> Payload:
        """A posted message as Slack sends it back."""
        return payloads.bot_message(
            self.app,
            text=message.text,
            blocks=message.blocks,
            ts=message.ts,
            thread_ts=message.thread_ts,
        )


_USER = re.compile(r"[UW][A-Z0-9]+")
_STRINGS = ("channel", "user", "user_id", "text", "thread_ts", "trigger_id")


def _check_user(user: str) -> None:
    if not _USER.fullmatch(user):
        raise Refused("user_not_found")
