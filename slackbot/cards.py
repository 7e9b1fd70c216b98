"""STUB: being written."""
from dataclasses import dataclass
from typing import Any

from slackbot.catalog import Catalog
from slackbot.matching import Match

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    text: str
    blocks: list[Block]


def card(found: Match, catalog: Catalog) -> Message:
    """The whole card: what /ivig answers, and a mention that found something."""
    t = f"{found.outcome} {' '.join(found.answered)} Safety monitoring"
    return Message(t, [{"type": "section", "text": {"type": "mrkdwn", "text": t}}])


def thread_reply(found: Match, catalog: Catalog) -> Message:
    """What a mention gets in its thread: the card, or one short line for a miss, thanks or did-you-mean."""
    return card(found, catalog)


def apology() -> Message:
    """What the asker gets when something failed on our side."""
    t = "Sorry, something went wrong on our side."
    return Message(t, [{"type": "section", "text": {"type": "mrkdwn", "text": t}}])
