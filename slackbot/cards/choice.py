"""What a button or a menu's option carries: ids of the data file and a thread, and nothing that anyone typed."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from slackbot.matching.match import Match, Matcher, Outcome, Reading
from slackbot.matching.rules import Rule

VALUE_MOST = 2_000  # characters that Slack takes in a button's value

_THREAD = re.compile(r"[0-9]{1,12}\.[0-9]{1,12}")
_GENERAL = frozenset({Outcome.HELP, Outcome.LIST, Outcome.ABOUT})


@dataclass(frozen=True, slots=True)
class Ask:
    """A question by its ids, so that the answer can be made anew from the data file."""

    outcome: Outcome = Outcome.ANSWERED
    entries: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    """Names of forms of these entries, as the data file writes them: the card says something about each."""
    lookalikes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    thread_ts: str | None = None
    """The thread that a share goes into."""

    @classmethod
    def of(cls, found: Match, thread_ts: str | None = None) -> "Ask":
        """The question that `found` answers; what was only suggested is left out."""
        if found.outcome in _GENERAL:
            return cls(found.outcome, thread_ts=thread_ts)
        forms = dict.fromkeys(reading.words for reading in found.readings if _tells_of_form(reading))
        return cls(found.outcome, found.answered, tuple(forms), found.lookalikes, found.topics, thread_ts)

    @classmethod
    def decode(cls, value: str) -> "Ask":
        """The ask that `encode` made `value` of. Raises ValueError for anything else."""
        pairs = parse_qsl(value, strict_parsing=True, max_num_fields=200)

        def given(key: str) -> tuple[str, ...]:
            return tuple(held for name, held in pairs if name == key)

        ask = cls(
            Outcome((*given("outcome"), Outcome.ANSWERED)[0]),
            given("entry"),
            given("form"),
            given("not"),
            given("topic"),
            (*given("thread"), None)[0],
        )
        specific = bool(ask.entries or ask.lookalikes or ask.topics)
        if ask.encode() != value or specific == (ask.outcome in _GENERAL) or not _is_thread(ask.thread_ts):
            raise ValueError("not an ask")
        return ask

    def encode(self) -> str:
        """The ask as text; it fits a button when it is no longer than VALUE_MOST."""
        pairs = [("outcome", str(self.outcome))] if self.outcome is not Outcome.ANSWERED else []
        for name, held in (
            ("entry", self.entries),
            ("form", self.forms),
            ("not", self.lookalikes),
            ("topic", self.topics),
            ("thread", (self.thread_ts,) if self.thread_ts else ()),
        ):
            pairs += [(name, each) for each in held]
        return urlencode(pairs)

    def found(self, matcher: Matcher) -> Match | None:
        """What `card` shows for it; None when anything it names has left the data file since."""
        content = matcher.content
        entries = [entry for entry_id in self.entries if (entry := content.entry(entry_id))]
        refused = {other.name for other in content.look_alikes}
        refused |= {form.name for entry in content.entries for form in entry.forms}
        readings = tuple(
            reading
            for words in self.forms
            for reading in matcher.match(words).readings
            if _tells_of_form(reading) and reading.target in self.entries
        )
        known = (
            len(entries) == len(self.entries)
            and len(readings) == len(self.forms)
            and refused.issuperset(self.lookalikes)
            and {topic.id for topic in content.topics}.issuperset(self.topics)
        )
        if not known:
            return None
        return Match(
            answered=self.entries,
            lookalikes=self.lookalikes,
            topics=self.topics,
            readings=readings,
            outcome=self.outcome,
        )


def _tells_of_form(reading: Reading) -> bool:
    return reading.rule is Rule.FORM and reading.outcome is Outcome.ANSWERED


def _is_thread(thread_ts: str | None) -> bool:
    return thread_ts is None or bool(_THREAD.fullmatch(thread_ts))
