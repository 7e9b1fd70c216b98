"""Every kind of payload Slack sends, and the same bent out of shape: for the fuzz."""

import copy
from collections.abc import Iterator
from typing import Any

from doors import Json
from hypothesis import strategies as st

from standin.slack import Slack

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_JUNK = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = ("type", "event", "actions", "command", "text", "user", "channel", "view", "payload", "ts", "authorizations")


def every_kind(slack: Slack, text: str = "kawasaki") -> list[Json]:
    """One payload of each kind, with this text wherever people can put one."""
    view = {"id": "V1", "type": "modal", "callback_id": text, "blocks": [], "state": {"values": {"b": {"a": text}}}}
    base = {"user": {"id": "U1"}, "team": {"id": slack.team_id}, "token": "x", "trigger_id": "1.2.3"}
    return [
        slack.command(text),
        slack.command(text, command="/other"),
        slack.mention(f"<@U0BOT> {text}"),
        slack.mention(text, thread_ts="1700000000.000100"),
        slack.direct_message(text),
        slack.edited(slack.mention("qwzx"), f"<@U0BOT> {text}"),
        slack.edited(slack.direct_message("qwzx"), text),
        slack.event({**slack.direct_message(text)["event"], **_parts(text)}),
        slack.shortcut("look_up_message", {**slack.direct_message(text)["event"], **_parts(text)}),
        slack.home_opened(),
        slack.event({"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1.2", "text": text}),
        slack.event({"type": "reaction_added", "user": "U1", "item": {"text": text}}),
        slack.action("ask:0", text),
        slack.action("share", text),
        slack.action(text, text, label=text),
        slack.action("ask:1", text, kind="static_select"),
        slack.action("ask:0", text, view=view),
        slack.shortcut("look_up_message", text),
        slack.shortcut(text, text),
        {**base, "type": "shortcut", "callback_id": text},
        {**base, "type": "view_submission", "view": view},
        {**base, "type": "view_closed", "view": view},
        {**base, "type": "block_suggestion", "action_id": "a", "block_id": "b", "value": text},
        {**base, "type": "interactive_message", "callback_id": text, "actions": [{"name": "a", "value": text}]},
        {**base, "type": "dialog_submission", "callback_id": text, "submission": {"a": text}},
        {**base, "type": text},
        {"type": "url_verification", "challenge": text},
    ]


def _parts(text: str) -> Json:
    """Where else a message's words may stand."""
    mrkdwn = {"type": "mrkdwn", "text": text}
    run = {"type": "text", "text": text, "style": {"code": True}}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [run]}]}
    section = {"type": "section", "text": mrkdwn, "fields": [mrkdwn]}
    table = {"type": "table", "rows": [[rich, {"type": "raw_text", "text": text}]]}
    shared = {"is_share": True, "text": text, "message_blocks": [{"message": {"blocks": [rich]}}]}
    attachment = {"pretext": text, "title": text, "fallback": text, "fields": [{"title": text, "value": text}]}
    return {
        "blocks": [rich, section, table, {"type": "context", "elements": [mrkdwn]}],
        "attachments": [shared, attachment],
        "files": [{"title": text, "name": text}],
    }


@st.composite
def bent(draw: st.DrawFn, payloads: list[Json]) -> Any:
    """One of the payloads with up to three of its parts replaced, removed or added to."""
    payload: Any = copy.deepcopy(draw(st.sampled_from(payloads)))
    for _ in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from([(None, None), *_places(payload)]))
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case _ if holder is None:
                payload = draw(_JUNK) if draw(st.integers(0, 9)) == 0 else payload
            case "replace":
                holder[key] = draw(_JUNK)
            case "remove":
                del holder[key]
            case _ if isinstance(holder, dict):
                holder[draw(st.sampled_from(_NAMES))] = draw(_JUNK)
    return payload


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    parts = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in parts:
        yield part, key
        yield from _places(value)
