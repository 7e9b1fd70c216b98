"""What follows `/ivig`: who is to see the answer, and the answer. Without Slack, for the command line too."""

from dataclasses import dataclass

from slackbot import cards
from slackbot.cards import Audience, Message
from slackbot.catalog import Catalog
from slackbot.matching import Match, match


@dataclass(frozen=True, slots=True)
class Answer:
    """What `/ivig` is answered with."""

    found: Match
    message: Message
    public: bool

    @property
    def response_type(self) -> str:
        """Slack's word for who sees it. With in_channel everybody sees the typed command as well."""
        return "in_channel" if self.public else "ephemeral"


def answer(text: str, catalog: Catalog, *, private: bool = False) -> Answer:
    """The answer to `/ivig TEXT`. `private` is what holds unless the text begins with `me` or `here`.

    It is public only when known names account for the whole text, whatever was asked for.
    """
    words = text.split(maxsplit=1)
    if len(words) > 1 and words[0] in ("me", "Me", "here", "Here"):  # not "ME", which is a short form of something
        text, private = words[1], words[0] in ("me", "Me")
    found = match(text, catalog)
    public = found.public and not private
    audience = Audience.CHANNEL if public else Audience.ASKER
    return Answer(found, cards.card(found, catalog, audience=audience), public)
