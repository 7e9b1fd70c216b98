"""STUB: being written. The interface the doors use stays."""
from dataclasses import dataclass
from enum import StrEnum

from slackbot.catalog import Catalog


class Outcome(StrEnum):
    ANSWERED = "answered"
    SUGGESTED = "suggested"
    REFUSED = "refused"
    TOPIC = "topic"
    MISS = "miss"


@dataclass(frozen=True)
class Match:
    outcome: Outcome
    answered: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    public: bool = False  # known names and joining words account for the whole text


def match(text: str, catalog: Catalog) -> Match:
    if "kawasaki" in text.lower():
        return Match(Outcome.ANSWERED, ("kawasaki-disease",), public=text.lower().strip() == "kawasaki")
    return Match(Outcome.MISS)
