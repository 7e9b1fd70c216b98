"""What Slack may send: read strictly, before Bolt sees it.

Bolt parses before it checks anything and raises on what it does not expect. Its form parser also loses
every command whose text holds the word "payload", which is one more reason to hand it a finished dict.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

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


class PayloadError(ValueError):
    """Nothing Slack would send. `str()` says which part is wrong, never what was in it."""


def parse(body: bytes, content_type: str) -> object:
    """Read a request body; what comes out still needs `check`. Raises PayloadError.

    Forms carry a slash command's fields, or JSON in the field `payload`; everything else is JSON.
    """
    try:
        text = body.decode()
        if content_type.split(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
            return json.loads(form["payload"]) if "payload" in form else form
        return json.loads(text)
    except UnicodeDecodeError:
        raise PayloadError("not UTF-8") from None
    except RecursionError:
        raise PayloadError("nested too deeply") from None
    except ValueError:
        raise PayloadError("neither JSON nor a form") from None


def check(payload: object) -> Payload:
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
        case "view_submission" | "view_closed":
            view = payload.get("view")
            known = isinstance(view, dict) and _is_text(view.get("callback_id")) and _is_text(view.get("type"))
            _require(known, "view")
        case "url_verification":
            _require(_is_text(payload.get("challenge")), "challenge")
        case _:
            _require(kind in _WITH_CALLBACK, "type")
            _require(_is_text(payload.get("callback_id")), "callback_id")
            if kind == "message_action":
                _check_interaction(payload)
                _check_shortcut(payload.get("message"))
    return payload


def kind_of(payload: Mapping[str, Any]) -> str:
    """`command`, or Slack's `type` of the payload; empty when it has none."""
    if "command" in payload:
        return "command"
    kind = payload.get("type")
    return kind if isinstance(kind, str) and _ID.fullmatch(kind) else ""


def _check_message(event: Mapping[str, Any]) -> None:
    _require(_is_id(event.get("channel")), "event.channel")
    _require(_is_id(event.get("ts")), "event.ts")
    for name in ("thread_ts", "user"):
        _require(_is_id_or_none(event.get(name)), f"event.{name}")
    _require(_is_text(event.get("text") or ""), "event.text")


def _check_interaction(payload: Mapping[str, Any]) -> None:
    """Who did something, and where: in a message of a channel, or in a view."""
    user, channel, container = (payload.get(name) or {} for name in ("user", "channel", "container"))
    _require(isinstance(user, dict) and _is_user(user.get("id")), "user")
    _require(isinstance(channel, dict) and _is_id_or_none(channel.get("id")), "channel")
    _require(isinstance(container, dict), "container")
    for name in ("message_ts", "thread_ts"):
        _require(_is_id_or_none(container.get(name)), f"container.{name}")
    _require(_is_text(payload.get("response_url") or ""), "response_url")
    _require(_is_text(payload.get("trigger_id") or ""), "trigger_id")


def _check_shortcut(message: object) -> None:
    if not isinstance(message, dict):
        raise PayloadError("message is missing or wrong")
    _require(_is_id(message.get("ts")), "message.ts")
    _require(_is_id_or_none(message.get("thread_ts")), "message.thread_ts")
    _require(_is_text(message.get("text") or ""), "message.text")


def _check_actions(actions: object) -> None:
    if not isinstance(actions, list) or not actions:
        raise PayloadError("actions is missing or wrong")
    for action in actions:
        _require(isinstance(action, dict) and _is_text(action.get("action_id", action.get("name"))), "actions")
        chosen = action.get("selected_option") or action
        _require(isinstance(chosen, dict) and _is_text(chosen.get("value") or ""), "actions")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _is_id_or_none(value: object) -> bool:
    return value is None or _is_id(value)


def _is_user(value: object) -> bool:
    return isinstance(value, str) and bool(_USER.fullmatch(value))


def _require(right: bool, part: str) -> None:
    if not right:
        raise PayloadError(f"{part} is missing or wrong")
