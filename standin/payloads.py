"""What Slack sends to an app, field for field, as pure functions: who, where and what in, payload out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True)
class Installation:
    """The app in the workspace it is installed in: the ids of both."""

    team_id: str = "T0CLINIC"
    domain: str = "clinic"
    app_id: str = "A0IVIG"
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    bot_name: str = "ivig"
    verification_token: str = "not-used-any-more"  # noqa: S105


@dataclass(frozen=True)
class Place:
    """Who did something, and in which channel."""

    user: str
    channel: str
    channel_name: str


def slash_command(
    app: Installation, place: Place, *, command: str, text: str, response_url: str, trigger_id: str
) -> Payload:
    """The form fields of a slash command."""
    return {
        "token": app.verification_token,
        "team_id": app.team_id,
        "team_domain": app.domain,
        "channel_id": place.channel,
        "channel_name": place.channel_name,
        "user_id": place.user,
        "user_name": place.user.lower(),
        "command": command,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def event_callback(app: Installation, event: Payload, *, event_id: str, event_time: int) -> Payload:
    """The envelope around any Events API event."""
    return {
        "token": app.verification_token,
        "team_id": app.team_id,
        "context_team_id": app.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": app.team_id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def app_mention(app: Installation, place: Place, *, text: str, ts: str, thread_ts: str | None = None) -> Payload:
    """The event for a message that mentions the bot; `text` as Slack sends it (&, < and > escaped)."""
    event = {**human_message(app, place.user, text, ts), "type": "app_mention"}
    if thread_ts is not None:
        event |= {"thread_ts": thread_ts, "parent_user_id": place.user}
    return {**event, "channel": place.channel, "event_ts": ts}


def direct_message(app: Installation, place: Place, *, text: str, ts: str, thread_ts: str | None = None) -> Payload:
    """The event for a message in the bot's direct messages."""
    event = human_message(app, place.user, text, ts)
    if thread_ts is not None:
        event |= {"thread_ts": thread_ts, "parent_user_id": place.user}
    return {**event, "channel": place.channel, "event_ts": ts, "channel_type": "im"}


def edited(event: Payload, *, text: str, ts: str) -> Payload:
    """The event for a person's edit of a message, whose event is given: mentions come again as what they are now."""
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    now = {
        **event,
        "text": text,
        "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [line]}],
        "edited": {"user": event["user"], "ts": ts},
    }
    if event["type"] == "app_mention":
        return {**now, "event_ts": ts}
    envelope = ("channel", "event_ts", "channel_type")
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {name: value for name, value in now.items() if name not in envelope},
        "previous_message": {name: value for name, value in event.items() if name not in envelope},
        "channel": event["channel"],
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": event["channel_type"],
    }


def app_home_opened(place: Place, *, ts: str, view: Payload | None = None) -> Payload:
    """The event for somebody opening the app's Home; `view` is what was published there before."""
    event = {
        "type": "app_home_opened",
        "user": place.user,
        "channel": place.channel,
        "tab": "home",
        "event_ts": ts,
    }
    return event if view is None else {**event, "view": view}


def block_actions(app: Installation, place: Place, *, action: Payload, source: Payload, trigger_id: str) -> Payload:
    """The payload for a button pressed or a menu used; `source`: see `from_message`, `from_view`."""
    return {
        "type": "block_actions",
        "user": _person(app, place.user),
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "trigger_id": trigger_id,
        "team": {"id": app.team_id, "domain": app.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "actions": [action],
        **source,
    }


def from_message(
    place: Place, message: Payload, *, response_url: str, ephemeral: bool, thread_ts: str | None
) -> Payload:
    """Where an action came from: a message. Slack does not send an ephemeral message's content back."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": place.channel,
        "is_ephemeral": ephemeral,
    }
    source: Payload = {
        "container": container if thread_ts is None else {**container, "thread_ts": thread_ts},
        "channel": {"id": place.channel, "name": place.channel_name},
        "state": {"values": {}},
        "response_url": response_url,
    }
    return source if ephemeral else {**source, "message": message}


def from_view(view: Payload) -> Payload:
    """Where an action came from: a modal or Home. There is no response_url then."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def action(kind: str, *, action_id: str, block_id: str, value: str | None, label: str, ts: str) -> Payload:
    """What was done: a "button" pressed, or an option taken from a "static_select", "overflow" and so on."""
    text = {"type": "plain_text", "text": label, "emoji": True}
    deed = {"type": kind, "action_id": action_id, "block_id": block_id, "action_ts": ts}
    if kind != "button":
        return {**deed, "selected_option": {"text": text, "value": value}}
    return {**deed, "text": text} if value is None else {**deed, "text": text, "value": value}


def message_action(
    app: Installation,
    place: Place,
    *,
    callback_id: str,
    message: Payload,
    response_url: str,
    trigger_id: str,
    ts: str,
) -> Payload:
    """The payload for a shortcut taken from a message's menu."""
    return {
        "type": "message_action",
        "token": app.verification_token,
        "action_ts": ts,
        "team": {"id": app.team_id, "domain": app.domain},
        "user": _person(app, place.user),
        "channel": {"id": place.channel, "name": place.channel_name},
        "is_enterprise_install": False,
        "enterprise": None,
        "api_app_id": app.app_id,
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message["ts"],
        "message": message,
    }


def human_message(app: Installation, user: str, text: str, ts: str) -> Payload:
    """A message somebody typed, as it appears in events and shortcuts."""
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {
        "user": user,
        "type": "message",
        "ts": ts,
        "client_msg_id": f"00000000-0000-4000-8000-{ts.replace('.', '')[-12:]}",
        "text": text,
        "team": app.team_id,
        "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [line]}],
    }


def bot_message(app: Installation, *, text: str, blocks: list[Payload], ts: str, thread_ts: str | None) -> Payload:
    """A message the bot posted, as it appears in replies of the Web API and in actions."""
    message: Payload = {
        "user": app.bot_user_id,
        "type": "message",
        "ts": ts,
        "bot_id": app.bot_id,
        "app_id": app.app_id,
        "text": text,
        "team": app.team_id,
        "bot_profile": _bot_profile(app),
        "blocks": blocks,
    }
    return message if thread_ts is None else {**message, "thread_ts": thread_ts}


def _bot_profile(app: Installation) -> Payload:
    return {
        "id": app.bot_id,
        "app_id": app.app_id,
        "user_id": app.bot_user_id,
        "name": app.bot_name,
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": app.team_id,
        "icons": {},
    }


def envelope(
    payload: Mapping[str, Any], *, kind: str, envelope_id: str, retry_attempt: int = 0, retry_reason: str = ""
) -> Payload:
    """The Socket Mode frame around a payload."""
    frame = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
    }
    if kind != "events_api":
        return frame
    return {**frame, "retry_attempt": retry_attempt, "retry_reason": retry_reason}


def hello(app: Installation, num_connections: int) -> Payload:
    """The first frame on a new socket."""
    return {
        "type": "hello",
        "num_connections": num_connections,
        "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": app.app_id},
    }


def disconnect(reason: str) -> Payload:
    """The frame that announces the end of a socket."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}


def _person(app: Installation, user: str) -> Payload:
    name = user.lower()
    return {"id": user, "username": name, "name": name, "team_id": app.team_id}
