"""What Slack may send: read strictly, before Bolt sees it; and what the listeners read from it.

Bolt parses before it checks anything and raises on what it does not expect. Its form parser also loses
every command whose text holds the word "payload", which is one more reason to hand it a finished dict.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from slackbot.slack.writing import Writing

Payload = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_WITH_CALLBACK = (
    "shortcut",
    "message_action",
    "dialog_submission",
    "dialog_cancellation",
    "dialog_suggestion",
)

# Subtypes of what people write; all others report something.
_WRITTEN = (None, "file_share", "thread_broadcast", "me_message")
_EDIT = "message_changed"
_PARTS = ("blocks", "attachments", "files")

FORM_FIELDS = 200  # so many a form may have


class PayloadError(ValueError):
    """Nothing Slack would send. `str()` says which part is wrong, never what was in it."""


def parse(body: bytes, content_type: str) -> object:
    """Read a request body; what comes out still needs `check`. Raises PayloadError.

    Forms carry a slash command's fields, or JSON in the field `payload`; everything else is JSON.
    """
    try:
        text = body.decode()
        if content_type.split(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            form = _form(text)
            return json.loads(form["payload"]) if "payload" in form else form
        return json.loads(text)
    except UnicodeDecodeError:
        raise PayloadError("not UTF-8") from None
    except RecursionError:
        raise PayloadError("nested too deeply") from None
    except ValueError:
        raise PayloadError("neither JSON nor a form") from None


def _form(text: str) -> dict[str, str]:
    """The fields of a form, of those of one name the last: as `parse_qsl` reads them, which takes twice as long.

    Raises ValueError when there are too many.
    """
    if text.count("&") >= FORM_FIELDS:
        raise ValueError
    fields = [field.partition("=") for field in text.split("&") if field]
    return {_unescaped(name): _unescaped(value) for name, _, value in fields}


def _unescaped(part: str) -> str:
    if "%" in part or "+" in part:
        return unquote_to_bytes(part.replace("+", " ")).decode(errors="replace")
    return part


def check(payload: object) -> Payload:  # noqa: C901, PLR0912  # a case for each kind of payload
    """Return the payload if it has the shape that Bolt and the listeners rely on. Raises PayloadError."""
    if not isinstance(payload, dict):
        raise PayloadError("not an object")
    kind = kind_of(payload)
    event = payload.get("event", {})
    _require(isinstance(event, dict), "event")
    match kind:
        case "command":
            _require(_is_text(payload["command"]) and _is_text(payload.get("text", "")), "command")
            _require("type" not in payload, "type")  # a mixture would be taken for both
        case "event_callback":
            _require(_is_id(payload.get("event_id")), "event_id")
            _require(_is_id(event.get("type")), "event.type")
            _require(_is_flag(payload.get("is_ext_shared_channel")), "is_ext_shared_channel")
            if event["type"] in ("app_mention", "message"):
                _check_message(event)
            elif event["type"] == "app_home_opened":
                _require(_is_user(event.get("user")), "event.user")
        case "block_actions":
            _check_actions(payload.get("actions"))
            _check_interaction(payload)
        case "interactive_message":
            _check_actions(payload.get("actions"))
        case "block_suggestion":
            _require(_is_text(payload.get("action_id")), "action_id")
            _require(_is_text(payload.get("value")), "value")
            _check_interaction(payload)
        case "view_submission" | "view_closed":
            _check_interaction(payload)
            _check_view(payload.get("view"))
        case "url_verification":  # the HTTP door has answered one that is as it should be
            _require(_is_text(payload.get("challenge")), "challenge")
        case _:
            _require(kind in _WITH_CALLBACK, "type")
            _require(_is_text(payload.get("callback_id")), "callback_id")
            if kind in ("shortcut", "message_action"):
                _check_interaction(payload)
            if kind == "message_action":
                _check_shortcut(payload.get("message"))
    return payload


def kind_of(payload: Mapping[str, Any]) -> str:
    """`command`, or Slack's `type` of the payload; empty when it has none."""
    if "command" in payload:
        return "command"
    kind = payload.get("type")
    return kind if isinstance(kind, str) and _ID.fullmatch(kind) else ""


class Question(Struct, frozen=True):
    """A message to the bot, or a person's edit of one, as an event tells of it."""

    channel: str
    ts: str
    writing: Writing
    user: str | None
    by_person: bool
    """False for what bots and workflows bring: answering those can go round in circles."""
    parent_ts: str | None = None
    """The thread it was written in."""
    edited_ts: str | None = None
    """Since when it is what it is now; None: it was written so."""
    abroad: bool = False
    """Whether another organisation reads along."""

    @classmethod
    def read(cls, event: Mapping[str, Any], *, abroad: bool = False) -> Self:
        """Read an event `app_mention` or `message` that `check` has let through."""
        message = event["message"] if event.get("subtype") == _EDIT else event
        edited = message.get("edited") or {}
        return cls(
            channel=event["channel"],
            ts=message.get("ts") or event["ts"],
            writing=Writing.read(message),
            user=message.get("user"),
            by_person=_is_by_person(message) and (message is event or _is_reworded(event)),
            parent_ts=message.get("thread_ts"),
            edited_ts=edited.get("ts"),
            abroad=abroad or event.get("is_ext_shared_channel") is True,
        )

    @property
    def thread_ts(self) -> str | None:
        """The thread that an answer for everybody goes into: in a channel always one."""
        return self.parent_ts or (None if self.direct else self.ts)

    @property
    def direct(self) -> bool:
        """Whether it was written to the bot alone."""
        return _is_direct(self.channel)

    @property
    def key(self) -> str:
        """What it is known by: not the event's id, as one message can come as a mention and as a direct message."""
        return f"{self.channel}:{self.ts}"


class Asker(Struct, frozen=True):
    """Who did something with a message or a view, and how to answer them where they did."""

    user: str
    channel: str | None = None
    thread_ts: str | None = None
    """The thread they did it in."""
    response_url: str | None = None
    message_ts: str | None = None

    @classmethod
    def pressing(cls, payload: Mapping[str, Any]) -> Self:
        """Who pressed a button, chose from a menu or took a global shortcut; `check` has let the payload through."""
        container = payload.get("container") or {}
        return cls._at(payload, container, container.get("message_ts"))

    @classmethod
    def taking(cls, payload: Mapping[str, Any]) -> Self:
        """Who took the shortcut from a message's menu; `check` has let the payload through."""
        message = payload["message"]
        return cls._at(payload, message, message["ts"])

    @classmethod
    def _at(cls, payload: Mapping[str, Any], place: Mapping[str, Any], ts: str | None) -> Self:
        thread_ts = place.get("thread_ts")
        return cls(
            user=payload["user"]["id"],
            channel=(payload.get("channel") or {}).get("id"),
            thread_ts=None if thread_ts == ts else thread_ts,  # a thread's first message is seen in the channel
            response_url=payload.get("response_url"),
            message_ts=ts,
        )


def is_own(event: Mapping[str, Any], user: str | None, bot_id: str | None) -> bool:
    """Whether an event that `check` has let through tells of what the bot, known by these ids, has written itself."""
    if event["type"] not in ("app_mention", "message"):
        return False
    message = event["message"] if event.get("subtype") == _EDIT else event
    by_user = user is not None and message.get("user") == user
    return by_user or (bot_id is not None and message.get("bot_id") == bot_id)


def value_of(action: Mapping[str, Any]) -> str:
    """What a button or a menu's option carries; empty when it carries nothing."""
    return str((action.get("selected_option") or action).get("value") or "")


def typed_in(view: Mapping[str, Any], name: str) -> str:
    """What was typed into the field of a submitted view whose block and action have this name; empty when nothing."""
    values = view.get("state", {}).get("values", {})
    return str(values.get(name, {}).get(name, {}).get("value") or "")


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")


def _is_by_person(message: Mapping[str, Any]) -> bool:
    return message.get("subtype") in _WRITTEN and bool(message.get("user")) and not message.get("bot_id")


def _is_reworded(event: Mapping[str, Any]) -> bool:
    """Whether a change is a person's edit: Slack reports previews of links and new replies as changes too."""
    before = event.get("previous_message") or {}
    return bool(event["message"].get("edited")) and event["message"].get("text") != before.get("text")


def _check_message(event: Mapping[str, Any]) -> None:
    _require(_is_id(event.get("channel")), "event.channel")
    _require(_is_id(event.get("ts")), "event.ts")
    _require(_is_flag(event.get("is_ext_shared_channel")), "event.is_ext_shared_channel")
    _check_writing(event, "event")
    if event.get("subtype") == _EDIT:
        message, before = event.get("message"), event.get("previous_message")
        _require(isinstance(message, dict), "event.message")
        _check_writing(message, "event.message")
        _require(isinstance(before, dict | None), "event.previous_message")


def _check_writing(message: Any, place: str) -> None:
    """What is written, by whom and when."""
    _require(isinstance(message, dict), place)
    for name in ("ts", "thread_ts", "user"):
        _require(_is_id_or_none(message.get(name)), f"{place}.{name}")
    _require(_is_text(message.get("text") or ""), f"{place}.text")
    for name in _PARTS:
        _require(_is_list_of_objects(message.get(name) or []), f"{place}.{name}")
    edited = message.get("edited") or {}
    _require(isinstance(edited, dict) and _is_id_or_none(edited.get("ts")), f"{place}.edited")


def _check_interaction(payload: Mapping[str, Any]) -> None:
    """Who did something, and where: in a message of a channel, or in a view."""
    user, channel, container, view = (payload.get(name) or {} for name in ("user", "channel", "container", "view"))
    _require(isinstance(user, dict) and _is_user(user.get("id")), "user")
    _require(isinstance(channel, dict) and _is_id_or_none(channel.get("id")), "channel")
    _require(isinstance(container, dict), "container")
    _require(isinstance(view, dict) and _is_id_or_none(view.get("id")), "view")
    for name in ("message_ts", "thread_ts"):
        _require(_is_id_or_none(container.get(name)), f"container.{name}")
    _require(_is_text(payload.get("response_url") or ""), "response_url")
    _require(_is_text(payload.get("trigger_id") or ""), "trigger_id")


def _check_view(view: object) -> None:
    """A view that is submitted or closed, with what was typed into its fields."""
    if not isinstance(view, dict):
        raise PayloadError("view is missing or wrong")
    _require(_is_text(view.get("callback_id")) and _is_text(view.get("type")), "view")
    state = view.get("state", {})
    _require(isinstance(state, dict) and isinstance(state.get("values", {}), dict), "view.state")
    for fields in state.get("values", {}).values():
        _require(isinstance(fields, dict), "view.state")
        for field in fields.values():
            _require(isinstance(field, dict) and _is_text(field.get("value") or ""), "view.state")


def _check_shortcut(message: object) -> None:
    _check_writing(message, "message")
    _require(isinstance(message, dict) and _is_id(message.get("ts")), "message.ts")


def _check_actions(actions: object) -> None:
    if not isinstance(actions, list) or not actions:
        raise PayloadError("actions is missing or wrong")
    for action in actions:
        _require(isinstance(action, dict) and _is_text(action.get("action_id", action.get("name"))), "actions")
        option = action.get("selected_option") or action
        _require(isinstance(option, dict) and _is_text(option.get("value") or ""), "actions")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _is_id_or_none(value: object) -> bool:
    return value is None or _is_id(value)


def _is_user(value: object) -> bool:
    return isinstance(value, str) and bool(_USER.fullmatch(value))


def _require(right: bool, part: str) -> None:
    if not right:
        raise PayloadError(f"{part} is missing or wrong")
