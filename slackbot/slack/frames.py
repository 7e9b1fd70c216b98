"""What Slack says over a websocket, frame by frame, and what it is answered."""

import json

from msgspec import Struct
from slack_bolt.response import BoltResponse

REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


class Hello(Struct, frozen=True):
    """The connection stands; so many of them does the app have."""

    connections: int


class Disconnect(Struct, frozen=True):
    """Slack is about to close the connection; `reason` is one of its names for why, or nothing but "disconnect"."""

    reason: str


class Envelope(Struct, frozen=True):
    """A payload, to be acknowledged by the envelope's id."""

    envelope_id: str
    kind: str
    payload: object
    redelivery: str | None = None
    """Slack's reason for delivering it again."""


Frame = Hello | Disconnect | Envelope


def read(text: str) -> Frame | None:
    """What a frame says; None when it is none of Slack's."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match frame:
        case {"envelope_id": str(envelope_id), "type": str(kind)}:
            again = str(frame.get("retry_reason")) if frame.get("retry_attempt") else None
            return Envelope(envelope_id, kind, frame.get("payload"), again)
        case {"type": "hello"}:
            connections = frame.get("num_connections")
            return Hello(connections if isinstance(connections, int) else 1)
        case {"type": "disconnect"}:
            reason = frame.get("reason")
            return Disconnect(reason if reason in REASONS else "disconnect")
    return None


def acknowledgement(envelope: Envelope, response: BoltResponse) -> str | None:
    """What Slack is answered. None: nothing, which is what a 5xx is over HTTP: it delivers the envelope again."""
    if response.status >= 500:
        return None
    answer = f',"payload":{response.body}' if response.status == 200 and response.body else ""
    return f'{{"envelope_id":{json.dumps(envelope.envelope_id)}{answer}}}'
