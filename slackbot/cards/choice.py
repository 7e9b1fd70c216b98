"""What a button or a menu's option carries: ids of the data file and a thread, and nothing that anyone typed."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus

from msgspec import Struct

from slackbot.content.names import refusable_names
from slackbot.content.schema import Content, Form, LookAlike
from slackbot.matching.match import Match, Matcher, Outcome, Reading
from slackbot.matching.rules import Rule


class View(StrEnum):
    """How much of a card a choice brings."""

    CARD = "card"
    FULL = "full"  # all that the document says
    BOXED_WARNING = "boxed"  # the boxed warning and the sources, whatever the entry


_THREAD = re.compile(r"[0-9]{1,12}\.[0-9]{1,12}")
_GENERAL = frozenset({Outcome.HELP, Outcome.LIST, Outcome.ABOUT})


class Choice(Struct, frozen=True):
    """What to look up, by its ids, so that the card can be made anew from the data file."""

    outcome: Outcome = Outcome.ANSWERED
    entries: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    """Names of forms of these entries, as the data file writes them: the card says something about each."""
    lookalikes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    thread: str | None = None
    """The thread that a share goes into."""
    view: View = View.CARD

    @property
    def in_detail(self) -> bool:
        """Whether it brings what is looked through rather than read at a glance: where there are modals, in one."""
        return self.view is not View.CARD or self.outcome in (Outcome.LIST, Outcome.ABOUT)

    @classmethod
    def of(cls, match: Match, thread: str | None = None) -> "Choice":
        """The choice that brings what `match` brought; what was only suggested is left out."""
        if match.outcome in _GENERAL:
            return cls(match.outcome, thread=thread)
        forms = dict.fromkeys(reading.words for reading in match.readings if _tells_of_form(reading))
        return cls(match.outcome, match.answered, tuple(forms), match.lookalikes, match.topics, thread)

    @classmethod
    def decode(cls, value: str) -> "Choice":
        """The choice that `encode` made `value` of. Raises ValueError for anything else."""
        held: dict[str, tuple[str, ...]] = {}
        for name, each in parse_qsl(value, strict_parsing=True, max_num_fields=200):
            held[name] = (*held.get(name, ()), each)
        choice = cls(
            Outcome(held.get("outcome", (Outcome.ANSWERED,))[0]),
            held.get("entry", ()),
            held.get("form", ()),
            held.get("not", ()),
            held.get("topic", ()),
            held.get("thread", (None,))[0],
            View(held.get("view", (View.CARD,))[0]),
        )
        general = choice.outcome in _GENERAL or choice.view is View.BOXED_WARNING
        specific = bool(choice.entries or choice.lookalikes or choice.topics)
        if choice.encode() != value or specific == general or not _is_thread(choice.thread):
            raise ValueError("not a choice")
        return choice

    def encode(self) -> str:
        """The choice as text, of any length."""
        pairs = [("outcome", str(self.outcome))] if self.outcome is not Outcome.ANSWERED else []
        for name, held in (
            ("entry", self.entries),
            ("form", self.forms),
            ("not", self.lookalikes),
            ("topic", self.topics),
            ("thread", (self.thread,) if self.thread else ()),
            ("view", (self.view,) if self.view is not View.CARD else ()),
        ):
            pairs += [(name, each) for each in held]
        return "&".join([f"{name}={quote_plus(value)}" for name, value in pairs])

    def match(self, matcher: Matcher) -> Match | None:
        """What to make the card of; None when anything it names has left the data file since."""
        content = matcher.content
        readings = tuple(
            reading
            for words in self.forms
            for reading in matcher.match(words).readings
            if _tells_of_form(reading) and reading.target in self.entries
        )
        whole = (
            {entry.id for entry in content.entries}.issuperset(self.entries)
            and len(readings) == len(self.forms)
            and refusable(content).keys() >= set(self.lookalikes)
            and {topic.id for topic in content.topics}.issuperset(self.topics)
        )
        if not whole:
            return None
        return Match(
            answered=self.entries,
            lookalikes=self.lookalikes,
            topics=self.topics,
            readings=readings,
            outcome=self.outcome,
        )


@lru_cache(maxsize=4)  # asked for every button and card with a refusal; a content never changes
def refusable(content: Content) -> Mapping[str, LookAlike | Form]:
    """Whatever may be refused by name, as the file writes it, and what it names. Walked together once a content."""
    return refusable_names(content)


def _tells_of_form(reading: Reading) -> bool:
    return reading.rule is Rule.FORM and reading.outcome is Outcome.ANSWERED


def _is_thread(thread: str | None) -> bool:
    return thread is None or bool(_THREAD.fullmatch(thread))
