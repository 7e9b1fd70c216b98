"""What follows `/ivig`: who is to see the answer, and the answer."""

import datetime as dt
import json
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from slackbot.cards import wording
from slackbot.cards.card import Audience, Card, Line
from slackbot.matching.match import Match, Matcher, Outcome
from slackbot.signing.records import signed_cards, today
from slackbot.slack import blocks
from slackbot.slack.blocks import Message
from slackbot.slack.wish import Wish


class Answer(Struct, frozen=True, dict=True):
    """What `/ivig` is answered with."""

    match: Match
    card: Card | Line
    message: Message
    public: bool

    @property
    def response_type(self) -> str:
        """Slack's word for who sees it. With in_channel everybody sees the typed command as well."""
        return "in_channel" if self.public else "ephemeral"

    @property
    def payload(self) -> dict[str, Any]:
        """What Slack is sent."""
        text = {"response_type": self.response_type, "text": self.message.text}
        return {**text, "blocks": self.message.blocks} if self.message.blocks else text

    @cached_property
    def as_json(self) -> str:
        """The payload as it goes over the wire."""
        return json.dumps(self.payload)


def answer(text: str, matcher: Matcher, *, private: bool = False, command: str = wording.COMMAND) -> Answer:
    """The answer to `/ivig TEXT`. `private` is what holds unless the text says who is to see it.

    `command` is what people type in place of `/ivig`.

    It is public only when known names account for the whole text, whatever was asked for.
    """
    wish = Wish.read(text)
    if wish.alone:
        return _ask_back(matcher, today())
    private = private if wish.private is None else wish.private
    return _answer(wish.match(matcher), matcher, private, today(), command)


@lru_cache(maxsize=64)  # by what was matched, never by what was typed; and by the day, since reviews fall due
def _answer(match: Match, matcher: Matcher, private: bool, day: dt.date, command: str) -> Answer:
    public = match.public and not private
    cards = signed_cards(matcher, day, command=command)
    card = cards.reply(match, Audience.CHANNEL if public else Audience.ASKER)
    return Answer(match, card, blocks.message(card), public)


@lru_cache(maxsize=1)
def _ask_back(matcher: Matcher, day: dt.date) -> Answer:
    card = signed_cards(matcher, day).ask_back()
    return Answer(Match(outcome=Outcome.HELP), card, blocks.message(card), public=False)
