"""Cards: what is said about a match, and what one may choose next. How a card is drawn is for the doors.

Everything said comes from the data file and from `wording`; nothing typed is repeated. A card can't be made
without the safety reminder, which is part of its type.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from slackbot.cards import wording
from slackbot.cards.choice import Choice
from slackbot.content.schema import Content, Entry, LookAlike, Review, Source, Statement, TopicKind
from slackbot.matching.match import Match, Outcome, Rule
from slackbot.words.tokens import phrase

LONG_CARDS = 1  # entries shown in full; two or three are shown in short, more as a list
SHORT_CARDS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """What a card is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """What must be read before anything else."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Something said, in one line or several."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the document says, under what it is about."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Several facts about one condition."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What is said in small print."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A button that opens a card."""

    choice: Choice
    label: str
    read_out: str
    """What a screen reader says."""
    short_label: str | None = None
    """For where the label is too long."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in a list, and the button that opens it."""

    text: str
    button: Open


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of entries; `left_out` says how many more there are."""

    rows: tuple[Row, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may be meant: each can be opened."""

    buttons: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """All entries, to choose from."""

    label: str
    buttons: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A button that shows the card to everybody where it was asked for."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the document says about safety: on every card."""

    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer stands on: the boxed warning, the sources, who reviewed it, what it is not."""

    boxed_warning: str
    sources: str
    standing: str
    footer: str


Part = Heading | Alarm | Paragraph | Fact | Facts | Notes | Listing


@dataclass(frozen=True, slots=True)
class Card:
    """What is said, and what one may choose next, in the order to show it."""

    reminder: Reminder
    parts: tuple[Part, ...]
    choices: tuple[Suggestions | Share | Open | Menu, ...] = ()
    basis: Basis | None = None
    """None on a short line, which is no answer."""
    shared_by: str | None = None
    """The id of who shared it with everybody."""


class Audience(StrEnum):
    """Who sees a card, which decides what can be done with it."""

    CHANNEL = "channel"  # everybody in a channel, or in a thread
    ASKER = "asker"  # the asker alone, who may share it
    DIRECT = "direct"  # the asker, in the bot's direct messages


_SHARED = frozenset(
    {Outcome.EMERGENCY, Outcome.ANSWERED, Outcome.REFUSED, Outcome.TOPIC, Outcome.LIST, Outcome.ABOUT},
)


def is_answer(match: Match) -> bool:
    """Whether the card answers what was asked; a miss, a refusal and a question back do not."""
    return match.outcome not in (Outcome.MISS, Outcome.REFUSED, Outcome.SUGGESTED)


def today() -> dt.date:
    """The date now, UTC."""
    return dt.datetime.now(dt.UTC).date()


class Cards:
    """Makes the cards of one content. `today` tells the date, by which a review may be overdue."""

    def __init__(self, content: Content, today: Callable[[], dt.date] = today) -> None:
        self._content = content
        self._today = today

    def card(self, match: Match, audience: Audience = Audience.CHANNEL, thread: str | None = None) -> Card:
        """The whole card for what was asked. `thread` is the thread that it would be shared into."""
        return Card(
            self._reminder(),
            tuple(self._parts(match)),
            tuple(self._choices(match, audience, thread)),
            self._basis(),
        )

    def shared(self, match: Match, *, user: str, thread: str | None = None) -> Card:
        """The card for everybody; it says who shared it. `user` is an id, checked before: it goes live."""
        return replace(self.card(match, Audience.CHANNEL, thread), shared_by=user)

    def thread_reply(self, match: Match, thread: str | None = None) -> Card:
        """What a mention gets in its thread: the card, or one short line when there is none to show."""
        match match.outcome:
            case Outcome.MISS:
                return self._line(wording.MISS_LINE)
            case Outcome.THANKS:
                return self._line(wording.THANKS)
            case Outcome.HELP:
                return self._line(wording.HOW_TO_ASK)
            case Outcome.SUGGESTED if not match.topics:
                titles = [entry.title for entry in self._entries(match.suggested)]
                return self._line(wording.did_you_mean_line(titles))
        return self.card(match, thread=thread)

    def choices(self, match: Match, thread: str | None = None) -> Card | None:
        """What goes with a thread's reply, to the asker alone: what can be chosen, when there is something."""
        if match.suggested:
            line = wording.did_you_mean(entry.title for entry in self._entries(match.suggested))
            return self._line(line, self._suggestions(match, thread))
        if match.outcome in (Outcome.MISS, Outcome.HELP):
            return self._line(wording.CHOOSE, self._menu(thread))
        return None

    def direct_reply(self, match: Match) -> Card:
        """What a direct message gets."""
        if match.outcome is Outcome.THANKS:
            return self._line(wording.THANKS)
        return self.card(match, Audience.DIRECT)

    def nothing_in_message(self, thread: str | None = None) -> Card:
        """What the shortcut gets for a message that asks about nothing the bot knows."""
        return self._line(wording.MISS_IN_MESSAGE, self._menu(thread))

    def gone(self, thread: str | None = None) -> Card:
        """What a button gets whose entry has left the data file since."""
        return self._line(wording.GONE, self._menu(thread))

    def home(self) -> Card:
        """The first page: how to ask, and every entry."""
        entries = self._content.entries
        parts = (Heading(wording.TITLE), Paragraph((wording.HOW_TO_ASK_AT_HOME,)), self._listing(entries))
        return Card(self._reminder(), parts, (_about_button(None),), self._basis())

    def _line(self, text: str, *choices: Suggestions | Menu) -> Card:
        return Card(self._reminder(), (Paragraph((text,)),), choices)

    # What is said.

    def _parts(self, match: Match) -> Iterator[Part]:
        """All that was asked, the weightiest first."""
        match match.outcome:
            case Outcome.HELP | Outcome.THANKS:
                yield Heading(wording.TITLE)
                yield Paragraph((wording.HOW_TO_ASK,))
                yield self._listing(self._content.entries)
            case Outcome.LIST:
                yield Heading(wording.ALL_ENTRIES)
                yield self._listing(self._content.entries)
            case Outcome.ABOUT:
                yield from self._about()
            case Outcome.MISS:
                yield Paragraph((wording.MISS,))
                yield self._listing(self._content.entries)
            case _:
                yield from self._answer(match)

    def _answer(self, match: Match) -> Iterator[Part]:
        """What an answer, a refusal, a question back or a topic has to say."""
        if match.outcome is Outcome.EMERGENCY:
            yield Alarm(wording.EMERGENCY)
        entries = self._entries(match.answered)
        if len(entries) == LONG_CARDS:
            yield from self._entry(entries[0], match)
        elif len(entries) <= SHORT_CARDS:
            for entry in entries:
                yield from self._entry_in_short(entry, match)
        else:
            yield Heading(wording.SEVERAL_ENTRIES)
            yield self._listing(entries)
        refusals = self._refusals(match)
        if refusals:
            yield Paragraph(refusals)
        if match.suggested:
            yield Paragraph((wording.did_you_mean(entry.title for entry in self._entries(match.suggested)),))
        if match.topics and not (entries or refusals or match.suggested):
            yield Heading(wording.SAFETY_MONITORING if self._is_safety(match) else wording.NOT_COVERED)
        if notes := self._topic_notes(match):
            yield Paragraph(notes)

    def _entry(self, entry: Entry, match: Match) -> Iterator[Part]:
        yield Heading(entry.title)
        yield Notes(_how_read(entry, match))
        yield Paragraph((self._cited(entry.status),))
        yield Facts(tuple(Fact(statement.label, self._cited(statement)) for statement in entry.statements))
        yield Notes((wording.silence(entry.silent_about),))

    def _entry_in_short(self, entry: Entry, match: Match) -> Iterator[Part]:
        yield Fact(entry.title, self._cited(entry.status))
        yield Notes((*_how_read(entry, match), wording.silence(entry.silent_about)))

    def _listing(self, entries: Iterable[Entry]) -> Listing:
        rows = (
            Row(f"*{entry.title}*: {entry.status.text.replace('*', '')}", _entry_button(entry, None, wording.OPEN))
            for entry in entries
        )
        return Listing(tuple(rows))

    def _about(self) -> Iterator[Part]:
        source = self._content.sources[self._content.document]
        yield Heading(wording.ABOUT_BOT)
        yield Paragraph((wording.document(source.title, source.about),))
        yield Paragraph(tuple(f"• {self._cited(statement)}" for statement in self._content.general))
        labels = [topic.label for topic in self._content.topics if topic.kind is TopicKind.NOT_COVERED]
        if labels:
            yield Notes((wording.not_covered_all(labels),))

    def _refusals(self, match: Match) -> tuple[str, ...]:
        others = {other.name: other for other in self._content.look_alikes}
        return tuple(
            self._refusal(others[name]) if name in others else wording.form_refusal(name) for name in match.lookalikes
        )

    def _refusal(self, other: LookAlike) -> str:
        return wording.refusal(other.name, [entry.short or entry.name for entry in self._entries(other.not_)])

    def _topic_notes(self, match: Match) -> tuple[str, ...]:
        lines = []
        for topic in self._content.topics:
            if topic.id not in match.topics:
                continue
            if topic.kind in (TopicKind.NOT_COVERED, TopicKind.BOXED_WARNING):
                lines.append(wording.not_covered(topic.label))
            if topic.note:
                lines.append(topic.note)
        return tuple(lines)

    def _is_safety(self, match: Match) -> bool:
        kinds = {topic.kind for topic in self._content.topics if topic.id in match.topics}
        return kinds <= {TopicKind.SAFETY, TopicKind.EMERGENCY}

    def _entries(self, entry_ids: Iterable[str]) -> list[Entry]:
        """The entries with these ids, without those that have left the data file."""
        return [entry for entry_id in entry_ids if (entry := self._content.entry(entry_id))]

    # What every card says.

    def _reminder(self) -> Reminder:
        return Reminder(tuple(self._cited(statement) for statement in self._content.safety.reminder))

    def _basis(self) -> Basis:
        content = self._content
        review = _review(content.review, self._today())
        return Basis(
            boxed_warning=" ".join(self._cited(statement) for statement in content.safety.boxed_warning),
            sources=wording.sources(_source(source) for source in content.sources.values()),
            standing=f"{review} · {wording.contact(content.contact)}" if content.contact else review,
            footer=" ".join(content.footer),
        )

    def _cited(self, statement: Statement) -> str:
        """A statement with where it comes from: "… [S16]"."""
        mark = self._content.sources[statement.source].mark
        where = ", ".join(f"{mark}{number}" for number in statement.sentences) or mark
        cited = f"{statement.text} [{where}]"
        return f"{cited} {statement.silence}" if statement.silence else cited

    # What can be chosen.

    def _choices(
        self, match: Match, audience: Audience, thread: str | None
    ) -> Iterator[Suggestions | Share | Open | Menu]:
        """The most wanted first."""
        if audience is not Audience.CHANNEL and match.suggested:
            yield self._suggestions(match, thread)
        if audience is Audience.ASKER and match.outcome in _SHARED:
            yield Share(Choice.of(match, thread))
        if match.outcome in (Outcome.HELP, Outcome.THANKS, Outcome.MISS):
            yield self._menu(thread)
        elif match.outcome is not Outcome.LIST:
            choice = Choice(Outcome.LIST, thread=thread)
            yield Open(choice, wording.LIST_BUTTON, wording.LIST_READ_OUT)
        if match.outcome is not Outcome.ABOUT:
            yield _about_button(thread)

    def _suggestions(self, match: Match, thread: str | None) -> Suggestions:
        return Suggestions(tuple(_entry_button(entry, thread) for entry in self._entries(match.suggested)))

    def _menu(self, thread: str | None) -> Menu:
        buttons = tuple(_entry_button(entry, thread) for entry in self._content.entries)
        return Menu(wording.CHOOSE_ENTRY, buttons)


def _how_read(entry: Entry, match: Match) -> tuple[str, ...]:
    """How the text was read, whenever it was not by the entry's plain name."""
    lines = []
    for reading in match.readings:
        if reading.target != entry.id or reading.outcome is not Outcome.ANSWERED:
            continue
        if reading.rule is Rule.MISSPELLING:
            lines.append(wording.misspelling_of(entry.name))
        elif not set(phrase(reading.words)) <= set(phrase(entry.name)):
            lines.append(wording.read_as(reading.words, entry.name))
        if reading.note:
            lines.append(reading.note)
    return tuple(dict.fromkeys(lines))


def _source(source: Source) -> str:
    details = [source.publisher, f"“{source.title}”", source.date, source.about]
    mark = f"[{source.mark}1–{source.mark}{source.sentences}]" if source.sentences else f"[{source.mark}]"
    return f"{mark} {', '.join(detail for detail in details if detail)}"


def _review(review: Review, today: dt.date) -> str:
    if review.reviewed_by is None or review.reviewed_on is None:
        return wording.UNREVIEWED
    line = wording.reviewed(review.reviewed_by, review.reviewed_on)
    if review.review_due and review.review_due < today:
        return f"{line} {wording.overdue(review.review_due)}"
    return line


def _entry_button(entry: Entry, thread: str | None, label: str | None = None) -> Open:
    choice = Choice(entries=(entry.id,), thread=thread)
    return Open(choice, label or entry.title, wording.open_entry(entry.title), entry.short or entry.name)


def _about_button(thread: str | None) -> Open:
    return Open(Choice(Outcome.ABOUT, thread=thread), wording.ABOUT_BUTTON, wording.ABOUT_READ_OUT)
