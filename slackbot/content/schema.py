"""What a data file holds: its keys, and what each may be."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from slackbot.words.tokens import phrase

_END = r"(?![\s\S])"  # `$` would let the end of a line through

# Block Kit's limits (a header 150 characters, a field 2,000, a message's blocks about 13,000), less what a card adds.
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Text = Annotated[str, Meta(min_length=1, max_length=600, pattern=r"\S")]
Name = Annotated[str, Meta(min_length=1, max_length=150, pattern=r"\S")]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*" + _END, max_length=60)]
Number = Annotated[int, Meta(ge=1)]
ENTRY_CHARACTERS = 3_000  # all texts of one entry together


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a data file, as `read` makes it of what stands there; one made by hand is not checked."""


M = TypeVar("M", bound=Model)


def read(value: object, part: type[M]) -> M | None:
    """The part that these plain values of a data file make; None where anything is wrong with its shape."""
    try:
        return msgspec.convert(value, part, builtin_types=(dt.date,))  # a text is no date
    except msgspec.ValidationError:
        return None


class Source(Model, frozen=True):
    mark: Word
    """What stands in brackets behind a statement; the document's sentence numbers follow it: S16."""
    title: Line
    publisher: Line | None = None
    date: Line | None = None
    """As the source gives it."""
    revised: Line | None = None
    """The edition that was read, as the source gives it."""
    url: Annotated[str, Meta(pattern=r"^https://\S+" + _END, max_length=500)] | None = None
    """Where a reader finds it."""
    retrieved: dt.date | None = None
    """When it was read there."""
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}" + _END)] | None = None
    """The digest of the text that the sentences are counted in."""
    about: Text | None = None
    """What a reader should know of it: no author, no date …"""
    sentences: Number | None = None
    """How many numbered sentences it has; given for the reference document."""


class Statement(Model, frozen=True):
    """One thing a source says, in our own words. `*bold*` is the only mark-up."""

    text: Text
    source: Id
    sentences: tuple[Number, ...] = ()
    """The numbers of the document's sentences that say it."""
    silence: Text | None = None
    """What a reader must know beside it and the source does not say: shown behind the mark, without one of its own."""
    allowed_because: Text | None = None
    """Why its text may hold a number with a unit, or a word that sounds like a verdict. Not shown."""


class LabelledStatement(Statement, frozen=True, kw_only=True):
    label: Line
    """The small heading above the text: Condition, How it works, Benefit …"""


class Evidence(StrEnum):
    """What it takes for an ambiguous name to be meant, beside the alternatives of `also`."""

    OWN = "own"  # a word of this entry's own: another meaning is clinical too
    CLINICAL = "clinical"  # a sign that the text is clinical at all: no other meaning is
    LITTLE = "little"  # words that are all known: the other meanings are rare


class Ambiguous(Model, frozen=True):
    """A name that may mean something else: it answers only where the text gives evidence, else it is offered."""

    name: Name
    also: Line
    """What else people mean by it; the reason for the settings below."""
    evidence: Evidence
    ask: bool = False
    """Most people read it as something else: without a word of the entry's own it is only asked about."""
    capitals: bool = False
    """In small letters it needs a word of the entry's own."""
    exact: bool = False
    """In a sentence it counts only as it is written here."""
    unit: bool = False
    """Also a unit or a laboratory value: a number before it takes it out."""
    not_beside: tuple[Word, ...] = ()
    """A word directly beside it that shows something else is meant."""
    not_with: tuple[Word, ...] = ()
    """Words anywhere in the text that show something else may be meant: then it is only asked."""


class Reading(StrEnum):
    ANSWER = "answer"  # the entry's card, with the note
    ASK = "ask"  # offered as "did you mean"
    REFUSE = "refuse"  # "a form the document does not mention"


class Form(Model, frozen=True, kw_only=True):
    """A form of an entry's own disease. The reading is the editors' decision; `why` records it."""

    name: Line
    """How the card names it, inside a sentence."""
    names: tuple[Name, ...] = ()
    """How people write it."""
    short: tuple[Word, ...] = ()
    """Short forms: they count as written here and on evidence, or typed alone."""
    reading: Reading
    note: Text | None = None
    """Shown in place of "The document does not discuss this form"."""
    allowed_because: Text | None = None
    """Why the note may hold a number with a unit, or a word that sounds like a verdict. Not shown."""
    why: Text


class Entry(Model, frozen=True, kw_only=True):
    id: Id
    name: Line
    short: Word | None = None
    """The common short form, shown in brackets after the name."""
    status: Statement
    """What the document says about using IVIG in it: the card's first line."""
    statements: Annotated[tuple[LabelledStatement, ...], Meta(max_length=8)] = ()
    silent_about: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=12)]
    """What a reader might look for and the document does not give."""
    names: tuple[Name, ...] = ()
    """Other names that mean exactly this, also inside a sentence."""
    misspellings: tuple[Name, ...] = ()
    """Well-known misspellings of a whole name; those of one word belong under spellings › misspellings."""
    ambiguous: tuple[Ambiguous, ...] = ()
    """Names that may mean something else: they answer only on evidence."""
    evidence: Mapping[Line, tuple[Word, ...]] = msgspec.field(default_factory=dict)
    """Words that belong to this condition, in groups a clinician chooses: its signs, tests, treatments, specialties."""
    ask: tuple[Name, ...] = ()
    """Names that may mean this or something else: offered, never answered."""
    forms: tuple[Form, ...] = ()

    @property
    def title(self) -> str:
        """The name with its short form, as the card's header shows it."""
        return f"{self.name} ({self.short})" if self.short else self.name


class LookAlike(Model, frozen=True):
    """Another condition whose name resembles an entry's; refused by name."""

    name: Line
    """As the card names it, first word as inside a sentence."""
    not_: Annotated[tuple[Id, ...], Meta(min_length=1)] = msgspec.field(name="not")
    """The entries it is taken for."""
    names: tuple[Name, ...] = ()
    """Other ways to write it."""
    short: tuple[Word, ...] = ()
    """Short forms: they are refused as written here and on evidence, or typed alone."""


class TopicKind(StrEnum):
    NOT_COVERED = "not_covered"  # "the document does not cover this"
    SAFETY = "safety"  # the safety card
    EMERGENCY = "emergency"  # "not for emergencies" first, then the safety card
    BOXED_WARNING = "boxed_warning"  # not in the document, but in the boxed warning
    HELP = "help"
    LIST = "list"
    ABOUT = "about"
    THANKS = "thanks"

    @property
    def alone(self) -> bool:
        """Whether it counts only when it accounts for the whole text."""
        return self in (TopicKind.HELP, TopicKind.LIST, TopicKind.ABOUT, TopicKind.THANKS)


class Topic(Model, frozen=True):
    id: Id
    label: Line
    """As the card names it, inside a sentence."""
    kind: TopicKind
    note: Text | None = None
    """Said on the card whenever the topic is asked about."""
    allowed_because: Text | None = None
    """Why the note may hold a number with a unit, or a word that sounds like a verdict. Not shown."""
    phrases: tuple[Name, ...] = ()
    """Names of the topic itself. For an emergency: names of severe reactions."""
    events: tuple[Name, ...] = ()
    """What may befall somebody: it counts only where the text lays it to IVIG. For an emergency: signs of a body in
    trouble."""
    treatments: tuple[Name, ...] = ()
    """Other treatments: they count only beside an entry, or compared with IVIG."""


class Spellings(Model, frozen=True):
    """How the words of the names are spelt otherwise."""

    same: Mapping[Word, tuple[Word, ...]]
    """One word, and other words or spellings for the same thing: by the first of them names are read."""
    misspellings: Mapping[Word, tuple[Word, ...]]
    """The right spelling of one word, and its well-known misspellings that are more than a slip or two away."""


class Safety(Model, frozen=True):
    reminder: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=6)]
    """From the document; on every card."""
    boxed_warning: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=6)]
    """Not from the document: what US labels carry in a box; shown wherever the reminder is."""


class Signed(StrEnum):
    """What a review is of."""

    CARDS = "cards"  # everything that is shown
    READINGS = "readings"  # the names, and how texts are read


class Review(Model, frozen=True):
    """One record of a sign-off; `python -m slackbot sign` writes it."""

    of: Signed
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}" + _END)]
    """The digest of what was signed: once it differs from what the bot shows or does, every card says so."""
    by: Line
    """Name and role."""
    on: dt.date
    due: dt.date
    """When it is to be read again: at most 24 months after."""


class Content(Model, frozen=True, kw_only=True, eq=False):
    """Everything the bot knows. Compared and hashed by identity: one is loaded at a time."""

    format: Literal[2]
    """How this file is laid out. It was 1 as long as the English words stood in it too."""
    document: Id
    """Which of the sources is the reference document."""
    sources: Annotated[Mapping[Id, Source], Meta(min_length=1)]
    general: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=10)]
    """What the document says about IVIG in general: the about card."""
    safety: Safety
    footer: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=6)]
    review: tuple[Review, ...]
    """Who has signed what; empty until somebody has."""
    contact: Line | None = None
    """Whom to ask locally. The variable IVIG_CONTACT wins."""
    issues: Annotated[str, Meta(pattern=r"^https://\S+" + _END, max_length=200)] | None = None
    """Where a reader opens an issue, as https://github.com/you/your-copy/issues/new; a `contact` is named instead."""
    entries: Annotated[tuple[Entry, ...], Meta(min_length=1)]
    look_alikes: tuple[LookAlike, ...]
    topics: tuple[Topic, ...]
    ivig: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """What the treatment itself is called: its names and brands."""
    spellings: Spellings

    def __repr__(self) -> str:
        return f"<Content of {len(self.entries)} entries>"

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, or None when the file has none (any more)."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)


def read_as(listed: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Each of the other spellings in `same` or `misspellings`, folded, with the word it is read as."""
    return {
        folded: right_word
        for right, others in listed.items()
        for right_word in phrase(right)[:1]
        for other in others
        for folded in phrase(other)[:1]
    }
