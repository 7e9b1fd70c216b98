"""Cards: what is said about a match, and what one may choose next. How a card is drawn is for the doors.

Everything said comes from the data file and from `wording`; nothing typed is repeated. A card can't be made
without the safety reminder, which is part of its type. Texts hold the data file's only mark, *bold*, and `code`.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from slackbot.cards import wording
from slackbot.cards.choice import Choice, View, refusable
from slackbot.content.schema import (
    Content,
    Entry,
    Form,
    LabelledStatement,
    LookAlike,
    Source,
    Statement,
    Topic,
    TopicKind,
)
from slackbot.content.schema import Reading as FormReading
from slackbot.matching.match import Match, Outcome, Reading
from slackbot.matching.rules import FORM_NOTE, Rule
from slackbot.words.tokens import phrase

SHORT_CARDS = 3  # entries shown one below the other; more are a list
SILENCES = 4  # gaps named on a card; the full card names all


class Heading(Struct, frozen=True):
    """What a card is about."""

    text: str


class Alarm(Struct, frozen=True):
    """What must be read before anything else: nothing on the card is larger."""

    text: str


class Paragraph(Struct, frozen=True):
    """Something said, in one line or several."""

    lines: tuple[str, ...]


class Fact(Struct, frozen=True):
    """Something said, under what it is about."""

    label: str
    text: str


class Notes(Struct, frozen=True):
    """What is said in small print."""

    lines: tuple[str, ...]


class Open(Struct, frozen=True):
    """A button that opens a card."""

    choice: Choice
    label: str
    read_out: str
    """What a screen reader says."""
    short_label: str | None = None
    """For where the label is too long."""


class Row(Struct, frozen=True):
    """An entry in a list, and the button that opens it."""

    text: str
    button: Open


class Listing(Struct, frozen=True):
    """A list of entries; `left_out` says how many more there are."""

    rows: tuple[Row, ...]
    left_out: int = 0


class Suggestions(Struct, frozen=True):
    """What may be meant: each can be opened."""

    buttons: tuple[Open, ...]


class Menu(Struct, frozen=True):
    """Entries to choose from; `left_out` says how many more there are."""

    buttons: tuple[Open, ...]
    left_out: int = 0


class Share(Struct, frozen=True):
    """A button that shows the card to everybody where it was asked for."""

    choice: Choice


class Reminder(Struct, frozen=True):
    """What the document says about safety, and that there is a boxed warning, which is not from the document."""

    statements: tuple[str, ...]
    boxed_warning: str
    """Its heading, in one line."""


class Search(Struct, frozen=True):
    """Where to type what to look up, with the names of the data file to choose from beside it."""


Part = Heading | Alarm | Paragraph | Fact | Notes | Listing | Suggestions | Menu | Search


class Card(Struct, frozen=True):
    """What is said, and what one may choose next, in the order to show it."""

    reminder: Reminder
    parts: tuple[Part, ...]
    """What was asked for, before the reminder; without any, the reminder is what was asked for."""
    details: tuple[Part, ...] = ()
    """What belongs behind the reminder."""
    standing: str = ""
    """Who stands for the content, and what it is not."""
    choices: tuple[Share | Open, ...] = ()
    shared_by: str | None = None
    """The id of who shared it with everybody."""
    brief: bool = False
    """Whether it is no more than a line, with the reminder in small print."""


class Line(Struct, frozen=True):
    """Something said that is no card: it holds nothing of the document."""

    text: str


class Audience(StrEnum):
    """Who sees a card, which decides what can be done with it."""

    CHANNEL = "channel"  # everybody in a channel, or in a thread
    ASKER = "asker"  # the asker alone, who may share it
    DIRECT = "direct"  # the asker, in the bot's direct messages


_SHARED = frozenset(
    {Outcome.EMERGENCY, Outcome.ANSWERED, Outcome.REFUSED, Outcome.TOPIC, Outcome.LIST, Outcome.ABOUT},
)


def is_open(match: Match) -> bool:
    """Whether nothing has been looked up yet: a miss, a question back or thanks may become a card by an edit."""
    return match.outcome in (Outcome.MISS, Outcome.SUGGESTED, Outcome.HELP, Outcome.THANKS)


def is_answer(match: Match) -> bool:
    """Whether the card answers what was asked; a miss, a refusal and a question back do not."""
    return match.outcome not in (Outcome.MISS, Outcome.REFUSED, Outcome.SUGGESTED)


class Standing(Struct, frozen=True):
    """Which content this is, and who stands for it."""

    version: str
    """The digits by which people tell one content from another; empty where nobody has reckoned them."""
    review: str


def unreviewed() -> Standing:
    """What may be said of a content whose review nobody has looked at."""
    return Standing("", wording.UNREVIEWED)


class Cards:
    """Makes the cards of one content.

    `review` tells who stands for it, on the day it is asked; `command` is what people type to ask.
    """

    def __init__(
        self, content: Content, review: Callable[[], Standing] = unreviewed, command: str = wording.COMMAND
    ) -> None:
        self._content = content
        self._review = review
        self._command = command

    # What one gets.

    def reply(self, match: Match, audience: Audience, thread: str | None = None) -> Card | Line:
        """What a command or a direct message gets. `thread` is where it would be shared into."""
        return Line(wording.THANKS) if match.outcome is Outcome.THANKS else self.card(match, audience, thread)

    def thread_reply(self, match: Match, thread: str | None = None) -> Card | Line:
        """What a mention gets in its thread: the card, or one short line when there is none to show."""
        match match.outcome:
            case Outcome.THANKS:
                return Line(wording.THANKS)
            case Outcome.MISS:
                return self._brief(wording.UNREAD if match.cut else wording.MISS_LINE)
            case Outcome.HELP:
                return self._brief(wording.HOW_TO_ASK_IN_THREAD)
            case Outcome.SUGGESTED if not match.topics:
                return self._brief(self._did_you_mean(match))
        return self.card(match, thread=thread)

    def choices(self, match: Match, thread: str | None = None) -> Card | None:
        """What goes with a thread's reply, to the asker alone: what can be chosen, when there is something."""
        if match.suggested:
            return self._brief(wording.CHOOSE_SUGGESTED, self._suggestions(match, thread))
        if match.outcome in (Outcome.MISS, Outcome.HELP):
            return self._brief(wording.CHOOSE, self._menu(thread))
        return None

    def chosen(self, choice: Choice | None, match: Match | None) -> Card:
        """What a button brings the one who pressed it, in a message. `match` is the choice's, None when it is gone."""
        if choice is None or match is None:
            return self.gone(choice.thread if choice else None)
        if choice.view is View.BOXED_WARNING:
            return self.boxed_warning()
        return self.full(match) if choice.view is View.FULL else self.card(match, Audience.ASKER, choice.thread)

    def chosen_in_detail(self, choice: Choice | None, match: Match | None) -> Card:
        """What a button brings in a place of its own, which has room for the whole."""
        if choice and match and choice.view is View.CARD:
            return self.full(match)
        return self.chosen(choice, match)

    def shared(self, match: Match, *, user: str, thread: str | None = None) -> Card:
        """The card for everybody; it says who shared it. `user` is an id, checked before: it goes live."""
        return replace(self.card(match, Audience.CHANNEL, thread), shared_by=user)

    def nothing_in_message(self, thread: str | None = None) -> Card:
        """What the shortcut gets for a message that asks about nothing the bot knows."""
        return self._brief(wording.MISS_IN_MESSAGE, self._menu(thread))

    def no_files(self, audience: Audience, thread: str | None = None) -> Card:
        """What a message of nothing but files gets. In a channel what can be chosen is for the asker alone."""
        return self._brief(wording.FILES, *([] if audience is Audience.CHANNEL else [self._menu(thread)]))

    def gone(self, thread: str | None = None) -> Card:
        """What a button gets whose entry has left the data file since."""
        return self._brief(wording.GONE, self._menu(thread))

    def search(self) -> Card:
        """Where one can type what to look up."""
        return Card(self._reminder, (Search(), Notes((wording.ONLY_YOU,))), brief=True)

    def result(self, match: Match) -> Card:
        """What a search brings, below another search. There is nowhere to share it."""
        card = self.card(match, Audience.DIRECT)
        return replace(card, parts=(Search(), *card.parts))

    def ask_back(self) -> Card:
        """What one gets who wants a private answer and has not said to what."""
        return self._brief(wording.ASK_BACK, self._menu(None))

    # The cards.

    def card(self, match: Match, audience: Audience = Audience.CHANNEL, thread: str | None = None) -> Card:
        """The card for what was asked, short enough for a glance. `thread` is where it would be shared into."""
        asker = None if audience is Audience.CHANNEL else self._suggestions(match, thread)
        return Card(
            self._reminder,
            tuple(self._parts(match, asker, thread)),
            tuple(self._details(match)),
            self._standing(self._missing() if match.outcome is Outcome.MISS else ""),
            tuple(self._choices(match, audience, thread)),
        )

    def full(self, match: Match) -> Card:
        """All that the document says about what was asked, with the boxed warning, the sources and the footer."""
        entries = self._entries(match.answered)
        if match.outcome is Outcome.LIST:
            parts: tuple[Part, ...] = (Heading(wording.ALL_ENTRIES), self._menu(None), self._listing(match))
        elif entries:
            parts = tuple(part for entry in entries for part in self._entry_in_full(entry, match))
            parts += tuple(self._beside(match, None))
        else:
            parts = tuple(self._parts(match, None, None))
        ids = (*match.answered, *match.lookalikes, *match.topics) or (str(match.outcome),)
        return Card(self._reminder, parts, (*self._details(match), *self._basis()), self._standing(self._wrong(*ids)))

    def boxed_warning(self) -> Card:
        """The boxed warning and the sources, with the footer."""
        heading = (Heading(wording.BOXED_WARNING),)
        return Card(self._reminder, heading, tuple(self._basis()), self._standing(self._wrong(str(View.BOXED_WARNING))))

    def home(self) -> Card:
        """The first page: a search, how to ask, and every entry."""
        how_to_ask = Paragraph((wording.how_to_ask_at_home(self._command),))
        parts = (Heading(wording.TITLE), Search(), how_to_ask, self._listing(None))
        buttons = (_boxed_button(), _about_button(None))
        return Card(self._reminder, parts, standing=self._standing(), choices=buttons)

    def everything(self) -> Iterator[tuple[str, Card]]:
        """Every card, refusal, note and topic of the content, each with a name that tells it from the others.

        What depends on the day and the place, the `standing`, is left out. Nothing depends on who asks.
        """
        for name, card in self.every_card():
            yield name, replace(card, standing="", choices=())

    def every_card(self) -> Iterator[tuple[str, Card]]:
        """The same cards as they are shown, with where they stand and what can be chosen."""
        for entry in self._content.entries:
            match = Match(answered=(entry.id,), outcome=Outcome.ANSWERED)
            yield f"entry {entry.id}", self.card(match)
            yield f"entry {entry.id} in full", self.full(match)
            for form in entry.forms:
                yield f"form {form.name} of {entry.id}", self.card(_match_of(form, entry))
        for other in self._content.look_alikes:
            refused = Match(lookalikes=(other.name,), outcome=Outcome.REFUSED)
            yield f"look-alike {other.name}", self.card(refused)
        for topic in self._content.topics:
            if not topic.kind.alone:
                emergency = topic.kind is TopicKind.EMERGENCY
                outcome = Outcome.EMERGENCY if emergency else Outcome.TOPIC
                yield f"topic {topic.id}", self.card(Match(topics=(topic.id,), outcome=outcome))
        for outcome in (Outcome.HELP, Outcome.LIST, Outcome.ABOUT, Outcome.MISS):
            yield str(outcome), self.card(Match(outcome=outcome))
        ids = tuple(entry.id for entry in self._content.entries)
        yield "the first two entries", self.card(Match(answered=ids[:2], outcome=Outcome.ANSWERED))
        yield "all entries", self.card(Match(answered=ids, outcome=Outcome.ANSWERED))
        yield "miss in a long text", self.card(Match(outcome=Outcome.MISS, cut=True))
        yield "boxed warning", self.boxed_warning()
        yield "home", self.home()
        yield "miss in a thread", self._brief(wording.MISS_LINE)
        yield "help in a thread", self._brief(wording.HOW_TO_ASK_IN_THREAD)
        yield "nothing in a message", self.nothing_in_message()
        yield "nothing but files", self.no_files(Audience.ASKER)
        yield "gone", self.gone()
        yield "which condition", self.ask_back()

    def _brief(self, text: str, *parts: Suggestions | Menu) -> Card:
        return Card(self._reminder, (Paragraph((text,)), *parts), standing=self._reviewed(), brief=True)

    # What is said.

    def _parts(self, match: Match, suggestions: Suggestions | None, thread: str | None) -> Iterator[Part]:
        """All that was asked, the weightiest first."""
        match match.outcome:
            case Outcome.HELP | Outcome.THANKS:
                yield Heading(wording.TITLE)
                yield self._menu(thread)
                yield Paragraph((wording.how_to_ask(self._command),))
            case Outcome.LIST:
                yield Heading(wording.ALL_ENTRIES)
                yield self._menu(thread)
                yield Listing(tuple(Row(entry.title, _entry_button(entry, thread)) for entry in self._content.entries))
            case Outcome.ABOUT:
                yield from self._about()
            case Outcome.MISS:
                yield Paragraph((wording.UNREAD if match.cut else wording.MISS,))
                yield self._menu(thread)
            case _:
                yield from self._answer(match, suggestions, thread)

    def _answer(self, match: Match, suggestions: Suggestions | None, thread: str | None) -> Iterator[Part]:
        """What an answer, a refusal, a question back or a topic has to say."""
        entries = self._entries(match.answered)
        if match.outcome is Outcome.EMERGENCY:
            yield Alarm(wording.EMERGENCY)
            yield Paragraph((wording.REACTION,))
        elif not (entries or match.lookalikes or match.suggested) and (heading := self._topic_heading(match)):
            yield Heading(heading)
        if len(entries) > SHORT_CARDS:
            if match.outcome is not Outcome.EMERGENCY:
                yield Heading(wording.SEVERAL_ENTRIES)
            yield Menu(tuple(_entry_button(entry, thread) for entry in entries))
            yield self._listing(match)
        elif len(entries) == 1 and match.outcome is not Outcome.EMERGENCY:
            yield from self._entry(entries[0], match)
        else:
            for entry in entries:
                yield from self._entry_beside_others(entry, match)
        yield from self._beside(match, suggestions)

    def _beside(self, match: Match, suggestions: Suggestions | None) -> Iterator[Part]:
        """What is said besides the entries."""
        if refusals := self._refusals(match):
            yield Paragraph(refusals)
        if match.suggested:
            yield Paragraph((self._did_you_mean(match),))
            if suggestions:
                yield suggestions
        if notes := self._topic_notes(match):
            yield Paragraph(notes)

    def _entry(self, entry: Entry, match: Match) -> Iterator[Part]:
        yield Heading(entry.title)
        yield from _how_read(entry, match)
        benefits = [self._labelled(each) for each in entry.statements if each.label.startswith(wording.BENEFIT)]
        yield Paragraph((self._status(entry, match), *benefits[:1]))
        yield Notes((wording.silence_in_short(entry.silent_about, SILENCES),))

    def _entry_beside_others(self, entry: Entry, match: Match) -> Iterator[Part]:
        yield Fact(entry.title, self._status(entry, match))
        yield from _how_read(entry, match)
        yield Notes((wording.silence_in_short(entry.silent_about, SILENCES),))

    def _entry_in_full(self, entry: Entry, match: Match) -> Iterator[Part]:
        yield Heading(entry.title)
        yield from _how_read(entry, match)
        yield Paragraph((self._status(entry, match), *(self._labelled(each) for each in entry.statements)))
        yield Notes((wording.silence(entry.silent_about),))

    def _status(self, entry: Entry, match: Match) -> str:
        """What the document says about using IVIG in it; of a form, first what it does not say."""
        status = self._cited(entry.status)
        notes = _form_notes(entry, match)
        return f"{' '.join(notes)} {wording.status_of(_inside(entry), status)}" if notes else status

    def _labelled(self, statement: LabelledStatement) -> str:
        return f"*{statement.label}:* {self._cited(statement)}"

    def _listing(self, match: Match | None) -> Listing:
        """The entries of the match, or else all, each with its status."""
        entries = self._entries(match.answered) if match and match.answered else self._content.entries
        rows = (
            Row(f"*{entry.title}*: {entry.status.text.replace('*', '')}", _entry_button(entry, None, wording.OPEN))
            for entry in entries
        )
        return Listing(tuple(rows))

    def _about(self) -> Iterator[Part]:
        content = self._content
        source = content.sources[content.document]
        yield Heading(wording.ABOUT_BOT)
        names = wording.conditions(entry.title for entry in content.entries)
        yield Paragraph((wording.document(source.title, source.about), names))
        yield Paragraph(tuple(f"• {self._cited(statement)}" for statement in content.general))
        labels = [topic.label for topic in content.topics if _is_not_covered(topic)]
        yield Notes((wording.not_covered_all(labels), wording.MONITORING))

    def _did_you_mean(self, match: Match) -> str:
        return wording.did_you_mean(entry.title for entry in self._entries(match.suggested))

    def _refusals(self, match: Match) -> tuple[str, ...]:
        names = refusable(self._content) if match.lookalikes else {}
        return tuple(self._refusal(name, names[name]) for name in match.lookalikes if name in names)

    def _refusal(self, name: str, refused: LookAlike | Form) -> str:
        if isinstance(refused, Form):
            return wording.form_refusal(name, refused.note)
        return wording.refusal(name, [entry.short or entry.name for entry in self._entries(refused.not_)])

    def _topics(self, match: Match) -> list[Topic]:
        if not match.topics:
            return []
        return [topic for topic in self._content.topics if topic.id in match.topics]

    def _topic_heading(self, match: Match) -> str | None:
        """What was asked about; None for safety itself, whose heading is the reminder's."""
        topics = self._topics(match)
        if all(topic.kind is TopicKind.SAFETY and not topic.note for topic in topics):
            return None
        return wording.capital(topics[0].label) if len(topics) == 1 else wording.NOT_COVERED

    def _topic_notes(self, match: Match) -> tuple[str, ...]:
        """What the document does not cover, and what the data file adds to it, each said once."""
        notes: list[str] = []
        for topic in self._topics(match):
            if topic.kind in (TopicKind.NOT_COVERED, TopicKind.BOXED_WARNING):
                notes.append(wording.not_covered(topic.label))
            if topic.note:
                notes.append(topic.note)
        said_behind = wording.SYMPTOM if self._tells_of_symptoms(match) else ""
        return tuple(dict.fromkeys(note for note in notes if note not in said_behind))

    def _tells_of_symptoms(self, match: Match) -> bool:
        return any(topic.kind is TopicKind.SAFETY and not topic.note for topic in self._topics(match))

    def _details(self, match: Match) -> Iterator[Part]:
        """What belongs behind the reminder, since it speaks of it."""
        if self._tells_of_symptoms(match):
            yield Paragraph((wording.SYMPTOM,))
        if any(topic.kind is TopicKind.BOXED_WARNING for topic in self._topics(match)):
            yield self._boxed_warning()

    def _entries(self, entry_ids: Iterable[str]) -> list[Entry]:
        """The entries with these ids, without those that have left the data file."""
        return [entry for entry_id in entry_ids if (entry := self._content.entry(entry_id))]

    # What every card says.

    @cached_property
    def _reminder(self) -> Reminder:
        safety = self._content.safety
        return Reminder(
            tuple(self._cited(statement) for statement in safety.reminder), self._cited(safety.boxed_warning[0])
        )

    def _boxed_warning(self) -> Paragraph:
        """What the boxed warning says, its heading apart, which the reminder holds."""
        return Paragraph(tuple(f"• {self._cited(each)}" for each in self._content.safety.boxed_warning[1:]))

    def _basis(self) -> Iterator[Part]:
        """What an answer stands on, in full."""
        yield self._boxed_warning()
        yield Notes((wording.sources(_source(source) for source in self._sources()),))
        yield Notes((" ".join(self._content.footer),))

    def _sources(self) -> list[Source]:
        """The document first, then the others by their marks: in whatever order the file has them."""
        sources = self._content.sources
        document = sources[self._content.document]
        return [
            document,
            *sorted((each for each in sources.values() if each is not document), key=lambda each: each.mark),
        ]

    def _reviewed(self) -> str:
        """Which content this is, and who stands for it."""
        standing = self._review()
        return wording.standing(standing.version, standing.review) if standing.version else standing.review

    def _standing(self, more: str = "") -> str:
        """Where the card stands, what it stands on and is not; `more` is whom to tell what."""
        content = self._content
        source = content.sources[content.document]
        lines = [
            self._reviewed(),
            wording.source_in_short(source.about, source.date is not None) if source.about else "",
            wording.STANDING,
            wording.contact(content.contact) if content.contact else "",
            more,
        ]
        return " ".join(line for line in lines if line)

    def _wrong(self, *ids: str) -> str:
        """Whom to tell that a card is wrong, by ids alone."""
        content, version = self._content, self._review().version
        if content.issues and not content.contact:
            return wording.wrong_card_form(content.issues, ids, version)
        return wording.wrong_card(content.contact or wording.OPERATOR, ids, version)

    def _missing(self) -> str:
        """Whom to tell that a condition is missing."""
        content = self._content
        if content.issues and not content.contact:
            return wording.missing_form(content.issues)
        return wording.missing(content.contact or wording.OPERATOR)

    def _cited(self, statement: Statement) -> str:
        """A statement with where it comes from: "… [S16]"."""
        mark = self._content.sources[statement.source].mark
        where = ", ".join(f"{mark}{number}" for number in statement.sentences) or mark
        cited = f"{statement.text} [{where}]"
        return f"{cited} {statement.silence}" if statement.silence else cited

    # What can be chosen.

    def _choices(self, match: Match, audience: Audience, thread: str | None) -> Iterator[Share | Open]:
        """The most wanted first."""
        if audience is Audience.ASKER and match.outcome in _SHARED:
            yield Share(Choice.of(match, thread))
        if 0 < len(match.answered) <= SHORT_CARDS:
            choice = replace(Choice.of(match), view=View.FULL)
            yield Open(choice, wording.MORE_BUTTON, wording.MORE_READ_OUT)
        yield _boxed_button()
        if match.outcome in (Outcome.HELP, Outcome.LIST, Outcome.MISS):
            yield _about_button(thread)
        else:
            yield Open(Choice(Outcome.LIST, thread=thread), wording.LIST_BUTTON, wording.LIST_READ_OUT)

    def _suggestions(self, match: Match, thread: str | None) -> Suggestions:
        return Suggestions(tuple(_entry_button(entry, thread) for entry in self._entries(match.suggested)))

    def _menu(self, thread: str | None) -> Menu:
        return Menu(tuple(_entry_button(entry, thread) for entry in self._content.entries))


def _how_read(entry: Entry, match: Match) -> Iterator[Notes]:
    """How the text was read, where that is more than the entry's name or its initials."""
    lines = []
    for reading in match.readings:
        if reading.target != entry.id or reading.outcome is not Outcome.ANSWERED or reading.rule is Rule.FORM:
            continue
        if reading.rule is Rule.MISSPELLING:
            lines.append(wording.MISSPELLING)
        elif not set(phrase(reading.words)) <= {*phrase(entry.title), _initials(entry.name)}:
            lines.append(wording.read_as(reading.words, entry.name))
    if lines:
        yield Notes(tuple(dict.fromkeys(lines)))


def _form_notes(entry: Entry, match: Match) -> list[str]:
    """What the document does not say about the forms that were asked about."""
    readings = [
        reading
        for reading in match.readings
        if reading.target == entry.id and reading.rule is Rule.FORM and reading.outcome is Outcome.ANSWERED
    ]
    forms = list(dict.fromkeys(reading.words for reading in readings if reading.note == FORM_NOTE))
    notes = [wording.forms_not_discussed(forms)] if forms else []
    return [*notes, *dict.fromkeys(reading.note for reading in readings if reading.note not in (None, FORM_NOTE))]


def _match_of(form: Form, entry: Entry) -> Match:
    """What one gets who asks about a form."""
    if form.reading is FormReading.REFUSE:
        return Match(lookalikes=(form.name,), outcome=Outcome.REFUSED)
    if form.reading is FormReading.ASK:
        return Match(suggested=(entry.id,), outcome=Outcome.SUGGESTED)
    reading = Reading(form.name, Outcome.ANSWERED, entry.id, Rule.FORM, form.note or FORM_NOTE)
    return Match(answered=(entry.id,), readings=(reading,), outcome=Outcome.ANSWERED)


def _inside(entry: Entry) -> str:
    """The entry's name as inside a sentence: its first letter is small where its other names write it so."""
    first, *_ = entry.name.split()
    names = (*entry.names, *(name for form in entry.forms for name in form.names))
    words = {word for name in names for word in name.split()}
    small = first[:1].lower() + first[1:]
    return small + entry.name[len(first) :] if small in words and first not in words else entry.name


def _initials(name: str) -> str:
    return "".join(word[0] for word in phrase(name))


def _is_not_covered(topic: Topic) -> bool:
    """Whether the document says nothing about it; of a topic of safety, its note says so."""
    return topic.kind in (TopicKind.NOT_COVERED, TopicKind.BOXED_WARNING) or (
        topic.kind is TopicKind.SAFETY and topic.note is not None
    )


def _source(source: Source) -> str:
    details = [source.publisher, f"“{source.title}”", source.date, source.revised, source.about, source.url]
    mark = f"[{source.mark}1–{source.mark}{source.sentences}]" if source.sentences else f"[{source.mark}]"
    return f"{mark} {', '.join(detail for detail in details if detail)}"


def _entry_button(entry: Entry, thread: str | None, label: str | None = None) -> Open:
    choice = Choice(entries=(entry.id,), thread=thread)
    return Open(choice, label or entry.title, wording.open_entry(entry.title), entry.short or entry.name)


def _boxed_button() -> Open:
    return Open(Choice(Outcome.TOPIC, view=View.BOXED_WARNING), wording.BOXED_BUTTON, wording.BOXED_BUTTON)


def _about_button(thread: str | None) -> Open:
    return Open(Choice(Outcome.ABOUT, thread=thread), wording.ABOUT_BUTTON, wording.ABOUT_READ_OUT)
