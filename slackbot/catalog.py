"""The data file: what the bot knows, read once, checked strictly, and refused whole when anything is wrong."""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slackbot.normalize import MASKED, phrase

Where = tuple[int | str, ...]  # the way to a value: ("entries", 3, "name")
_Loader = Any  # a yaml.CSafeLoader, whose types say of no event what it holds

# Block Kit's limits (a header 150 characters, a field 2,000, a message's blocks about 13,000), less what a card adds.
Line = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
Text = Annotated[str, Field(min_length=1, max_length=600, pattern=r"\S")]
Name = Annotated[str, Field(min_length=1, max_length=150, pattern=r"\S")]
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"\S")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
ENTRY_CHARACTERS = 3_000  # all texts of one entry together


class CatalogError(Exception):
    """The data file has faults; `str()` lists every one as `file:line: what is wrong; what to do`."""

    def __init__(self, path: Path, faults: "list[Fault]") -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{path}:{fault.line}: {fault.message}" for fault in self.faults))


class Fault(NamedTuple):
    """One thing wrong with the data file."""

    line: int
    message: str


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Source(_Model):
    mark: Word
    """What stands in brackets behind a statement; the document's sentence numbers follow it: S16."""
    title: Line
    publisher: Line | None = None
    date: Line | None = None
    """As the source gives it."""
    about: Text | None = None
    """What a reader should know of it: no author, no date …"""
    sentences: int | None = Field(default=None, ge=1)
    """How many numbered sentences it has; given for the reference document."""


class Statement(_Model):
    """One thing a source says, in our own words. `*bold*` is the only mark-up."""

    text: Text
    source: Id
    sentences: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """The numbers of the document's sentences that say it."""


class LabelledStatement(Statement):
    label: Line
    """The small heading above the text: Condition, How it works, Benefit …"""


class InSentence(StrEnum):
    ANY = "any"  # counts in a sentence however it is written
    CAPITALS = "capitals"  # counts in a sentence only in capitals, or beside one of its cues
    NEVER = "never"  # counts only when nothing but joining words stand with it


class Abbreviation(_Model):
    short: Word
    also: Line
    """What else people mean by it; the reason for the settings below."""
    in_sentence: InSentence = Field(default=InSentence.ANY, strict=False)
    ask: bool = False
    """Most people read it as something else: it is never answered, only asked about."""
    unit: bool = False
    """Also a unit or a laboratory value: a number beside it takes it out."""
    cues: tuple[Word, ...] = ()
    """A word directly beside it that shows it is meant, however it is written."""
    not_beside: tuple[Word, ...] = ()
    """A word directly beside it that shows something else is meant."""
    not_with: tuple[Word, ...] = ()
    """Words anywhere in the text that show something else may be meant: then it is only asked."""


class Reading(StrEnum):
    ANSWER = "answer"  # the entry's card, with the note
    ASK = "ask"  # offered as "did you mean"
    REFUSE = "refuse"  # "a form the document does not mention"


class Form(_Model):
    """A form of an entry's own disease. The reading is the editors' decision; `why` records it."""

    name: Line
    """How the card names it, inside a sentence."""
    names: tuple[Name, ...] = Field(min_length=1)
    """How people write it."""
    capitals: tuple[Word, ...] = ()
    """Short forms that count only in capitals."""
    reading: Reading = Field(strict=False)
    note: Text | None = None
    """Shown in place of "The document does not discuss this form"."""
    why: Text


class Entry(_Model):
    id: Id
    name: Line
    short: Word | None = None
    """The common short form, shown in brackets after the name."""
    status: Statement
    """What the document says about using IVIG in it: the card's first line."""
    statements: tuple[LabelledStatement, ...] = Field(default=(), max_length=8)
    silent_about: tuple[Line, ...] = Field(min_length=1, max_length=12)
    """What a reader might look for and the document does not give."""
    names: tuple[Name, ...] = ()
    """Other names that mean exactly this, also inside a sentence."""
    misspellings: tuple[Name, ...] = ()
    """Well-known misspellings of a whole name; those of one word belong under words › misspellings."""
    not_with: tuple[Word, ...] = ()
    """Words anywhere in the text that show that a name may be meant otherwise: then it is only asked."""
    abbreviations: tuple[Abbreviation, ...] = ()
    ask: tuple[Name, ...] = ()
    """Names that may mean this or something else: offered, never answered."""
    forms: tuple[Form, ...] = ()

    @property
    def title(self) -> str:
        """The name with its short form, as the card's header shows it."""
        return f"{self.name} ({self.short})" if self.short else self.name


class LookAlike(_Model):
    """Another condition whose name resembles an entry's; refused by name."""

    name: Line
    """As the card names it, first word as inside a sentence."""
    not_: tuple[Id, ...] = Field(alias="not", min_length=1)
    """The entries it is taken for."""
    names: tuple[Name, ...] = ()
    """Other ways to write it."""
    capitals: tuple[Word, ...] = ()
    """Short forms that count only in capitals, since in small letters they are ordinary words."""


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


class Topic(_Model):
    id: Id
    label: Line
    """As the card names it, inside a sentence."""
    kind: TopicKind = Field(strict=False)
    note: Text | None = None
    """Said on the card whenever the topic is asked about."""
    phrases: tuple[Name, ...] = Field(min_length=1)


class Changing(_Model):
    """Words that, directly beside a name, make it another condition or no condition at all."""

    before: tuple[Word, ...] = ()
    after: tuple[Word, ...] = ()
    beside: tuple[Word, ...] = ()


class Words(_Model):
    asking: tuple[Word, ...]
    """Words of a question that never stand inside the name of a disease: is, should, ivig …"""
    linking: tuple[Word, ...]
    """Small words that do: of, in, with …"""
    negating: tuple[Word, ...]
    """Directly before a name they say it is not that: not, isn't …"""
    ordinary: tuple[Word, ...]
    """Words of ordinary English and of the ward that never stand inside the name of a disease either."""
    neutral: tuple[Word, ...]
    """Words that leave the condition beside them the same: severe, adult, refractory …"""
    changing: Changing
    other: tuple[Word, ...]
    """Words of other diseases that are spelt much like one of ours; they block a "did you mean"."""
    same: Mapping[Word, tuple[Word, ...]]
    """One word, and other words or spellings for the same thing: by the first of them names are read."""
    misspellings: Mapping[Word, tuple[Word, ...]]
    """The right spelling of one word, and its well-known misspellings."""


class Safety(_Model):
    reminder: tuple[Statement, ...] = Field(min_length=1, max_length=6)
    """From the document; on every card."""
    boxed_warning: tuple[Statement, ...] = Field(min_length=1, max_length=6)
    """Not from the document: what US labels carry in a box; shown wherever the reminder is."""


class Review(_Model):
    reviewed_by: Line | None = None
    reviewed_on: dt.date | None = None
    review_due: dt.date | None = None


class Catalog(_Model):
    """Everything the bot knows. Compared and hashed by identity: one is loaded at a time."""

    document: Id
    """Which of the sources is the reference document."""
    sources: Mapping[Id, Source] = Field(min_length=1)
    general: tuple[Statement, ...] = Field(min_length=1, max_length=10)
    """What the document says about IVIG in general: the about card."""
    safety: Safety
    footer: tuple[Text, ...] = Field(min_length=1, max_length=6)
    review: Review
    contact: Line | None = None
    """Whom to ask locally. The variable IVIG_CONTACT wins."""
    entries: tuple[Entry, ...] = Field(min_length=1)
    look_alikes: tuple[LookAlike, ...] = ()
    topics: tuple[Topic, ...] = ()
    words: Words

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<Catalog of {len(self.entries)} entries>"

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


def load_catalog(path: Path, contact: str | None = None) -> Catalog:
    """Read and check the data file at `path`; a `contact` given here wins over the file's.

    Raises CatalogError, with every fault and its line, when the file can't be read or anything is wrong with it.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CatalogError(path, [Fault(1, f"can't be read: {error.strerror}; check the path (IVIG_DATA)")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogError(path, [Fault(line, "not UTF-8; save the file with the encoding UTF-8")]) from None
    catalog, faults = parse(text)
    if catalog is None:
        raise CatalogError(path, faults)
    return catalog.model_copy(update={"contact": contact}) if contact else catalog


def parse(text: str) -> tuple[Catalog | None, list[Fault]]:
    """The catalog in a data file's text, or None and every fault found in it."""
    document = _Document()
    raw = document.read(text)
    if raw is None:
        return None, document.faults
    catalog = None
    try:
        catalog = Catalog.model_validate(raw)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            document.fault(_place(error["loc"]), _advice(error))
    parts = _Parts.sound(raw)
    _check_sources(document, parts)
    _check_names(document, parts)
    _check_words(document, parts)
    _check_review(document, parts)
    return (None if document.faults else catalog), document.faults


class _Document:
    """A YAML text as plain values, with the line on which each of them stands."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._lines: dict[Where, int] = {(): 1}
        self._raw: Any = None

    def read(self, text: str) -> dict[str, Any] | None:
        """The values; None, with a fault, when the text is no YAML mapping at all."""
        try:
            self._raw = self._only_document(yaml.CSafeLoader(text))
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.faults.append(Fault(line, "a character YAML does not allow; delete it and type it anew"))
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.faults.append(
                Fault(
                    mark.line + 1 if mark else 1,
                    f"not YAML: {error.problem}; check the indent and the quotes",
                )
            )
            return None
        except RecursionError:
            self.faults.append(Fault(1, "nested too deeply; check the brackets"))
            return None
        if not isinstance(self._raw, dict):
            what = "is empty" if self._raw is None else "holds no keys"
            self.faults.append(Fault(1, f"the file {what}; start from the data/ivig.yaml in the repository"))
            return None
        return self._raw

    def fault(self, where: Where, message: str) -> None:
        """Note what is wrong at `where`, naming an entry by its id rather than its number."""
        near = where
        while near not in self._lines:
            near = near[:-1]
        way = " › ".join(self._named(where))
        self.faults.append(Fault(self._lines[near], f"{way}: {message}" if way else message))

    def _named(self, where: Where) -> Iterator[str]:
        value = self._raw
        for step in where:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                value = None
            if isinstance(step, str):
                yield step
            else:
                named = value.get("id", value.get("name")) if isinstance(value, dict) else None
                yield str(named) if isinstance(named, str) else f"#{step + 1}"

    # Read event by event: a tree of the whole file would take several times the memory of what is kept.

    def _only_document(self, loader: _Loader) -> Any:
        loader.get_event()  # the stream's start
        if loader.check_event(yaml.StreamEndEvent):
            return None
        loader.get_event()  # the document's start
        value = self._value(loader, ())
        loader.get_event()  # the document's end
        if not loader.check_event(yaml.StreamEndEvent):
            line = loader.get_event().start_mark.line + 1
            self.faults.append(Fault(line, "a second document (---) begins here; one file holds one"))
        return value

    def _value(self, loader: _Loader, where: Where) -> Any:
        event = loader.get_event()
        line = event.start_mark.line + 1
        self._lines.setdefault(where, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(loader, where)
        if isinstance(event, yaml.SequenceStartEvent):
            values: list[Any] = []
            while not loader.check_event(yaml.SequenceEndEvent):
                values.append(self._value(loader, (*where, len(values))))
            loader.get_event()
            return tuple(values)
        if isinstance(event, yaml.AliasEvent):
            self.faults.append(Fault(line, "YAML references (*name) are not read here; write it out"))
            return None
        return _scalar(event.tag or loader.resolve(yaml.ScalarNode, event.value, event.implicit), event.value)

    def _mapping(self, loader: _Loader, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not loader.check_event(yaml.MappingEndEvent):
            line = loader.peek_event().start_mark.line + 1
            plain = loader.check_event(yaml.ScalarEvent)
            key = loader.get_event().value if plain else "?"
            if not plain:
                self._value(loader, (*where, key))
            if key in values:
                first = self._lines[(*where, key)]
                self.faults.append(Fault(line, f"'{key}' stands twice, first on line {first}; delete or join one"))
                self._value(loader, (*where, key))
                continue
            self._lines[(*where, key)] = line
            values[key] = self._value(loader, (*where, key))
        loader.get_event()
        return values


def _scalar(tag: str, text: str) -> object:
    """A scalar as YAML reads it; what it can't convert stays text, for the schema to refuse."""
    try:
        match tag.rpartition(":")[2]:
            case "null":
                return None
            case "bool":
                return text.lower() in ("yes", "true", "on")
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "timestamp":
                return dt.date.fromisoformat(text)
    except ValueError:
        pass
    return text


def _place(loc: tuple[int | str, ...]) -> Where:
    return tuple(step for step in loc if step != "[key]")


def _advice(error: Mapping[str, Any]) -> str:
    """What is wrong, and what to do, in an editor's words."""
    given, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "is no key known here; check its spelling, or remove it"
        case "string_type" if isinstance(given, bool):
            return "YAML reads this word as yes or no; put it in quotes"
        case "string_type" | "tuple_type" | "model_type" | "dict_type" | "mapping_type" if given is None:
            return "is empty; fill it in, or remove the key"
        case "string_type" if isinstance(given, int | float | dt.date):
            return "YAML reads this as a number or date; put it in quotes"
        case "string_type":
            return "must be a text"
        case "string_too_long":
            return f"is too long for a Slack card; shorten it to {context['max_length']} characters"
        case "string_too_short" | "string_pattern_mismatch" if not str(given).strip():
            return "is empty; fill it in"
        case "string_pattern_mismatch":
            return "must be small letters, digits and single hyphens"
        case "tuple_type":
            return "must be a list: lines that start with '- ', or [a, b]"
        case "model_type" | "dict_type" | "mapping_type":
            return "must be 'key: value' lines"
        case "too_short":
            return f"needs at least {context['min_length']}; add one"
        case "too_long":
            return f"has too many for a Slack card; keep {context['max_length']}"
        case "enum":
            return f"must be one of: {str(context['expected']).replace(' or ', ', ')}"
        case "date_type":
            return "must be a date, as 2026-12-31, without quotes"
        case "int_type":
            return "must be a whole number"
        case _:
            return str(error["msg"])


class _Parts(NamedTuple):
    """What of a data file is sound in itself, each part with its place: enough to check how they fit together."""

    document: str | None
    sources: Mapping[str, Source]
    statements: list[tuple[Where, Statement]]
    entries: list[tuple[Where, Entry]]
    entry_ids: set[str]
    look_alikes: list[tuple[Where, LookAlike]]
    topics: list[tuple[Where, Topic]]
    words: Words | None
    review: Review | None

    @classmethod
    def sound(cls, raw: Mapping[str, Any]) -> "_Parts":
        """The sound parts of a data file; an unsound entry still lends its id and its sound statements."""
        entries = [(("entries", i), entry) for i, entry in enumerate(_listed(raw, "entries"))]
        statements = _sound_items(Statement, raw, "general", ())
        for part in ("reminder", "boxed_warning"):
            statements += _sound_items(Statement, raw.get("safety"), part, ("safety",))
        for where, entry in entries:
            if isinstance(entry, dict) and (status := _sound(Statement, entry.get("status"))):
                statements.append(((*where, "status"), status))
            statements += _sound_items(LabelledStatement, entry, "statements", where)
        sources = raw.get("sources")
        return cls(
            document=raw["document"] if isinstance(raw.get("document"), str) else None,
            sources={
                key: source
                for key, value in (sources.items() if isinstance(sources, dict) else ())
                if (source := _sound(Source, value))
            },
            statements=statements,
            entries=_sound_items(Entry, raw, "entries", ()),
            entry_ids={str(entry["id"]) for _, entry in entries if isinstance(entry, dict) and "id" in entry},
            look_alikes=_sound_items(LookAlike, raw, "look_alikes", ()),
            topics=_sound_items(Topic, raw, "topics", ()),
            words=_sound(Words, raw.get("words")),
            review=_sound(Review, raw.get("review")),
        )


M = TypeVar("M", bound=_Model)


def _sound(model: type[M], value: object) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _sound_items(model: type[M], raw: object, key: str, where: Where) -> list[tuple[Where, M]]:
    found = ((i, _sound(model, item)) for i, item in enumerate(_listed(raw, key)))
    return [((*where, key, i), item) for i, item in found if item is not None]


def _listed(raw: object, key: str) -> tuple[Any, ...]:
    items = raw.get(key) if isinstance(raw, dict) else None
    return items if isinstance(items, tuple) else ()


def _check_sources(document: _Document, parts: _Parts) -> None:
    """Every statement has a source the file knows; the document's part and the boxed warning stay apart."""
    if parts.document is not None and parts.document not in parts.sources:
        document.fault(("document",), f"no source is called '{parts.document}'; add it under sources")
    else:
        for where, statement in parts.statements:
            _check_statement(document, parts, where, statement)
    for where, entry in parts.entries:
        texts = [entry.status.text, *(s.text for s in entry.statements), *entry.silent_about]
        if sum(map(len, texts)) > ENTRY_CHARACTERS:
            document.fault(
                where,
                f"its texts are too long for a Slack card; shorten them to {ENTRY_CHARACTERS} characters in all",
            )


def _check_statement(document: _Document, parts: _Parts, where: Where, statement: Statement) -> None:
    if statement.text.count("*") % 2:
        document.fault((*where, "text"), "has a single *; bold text needs one on both sides")
    source = parts.sources.get(statement.source)
    if source is None:
        document.fault((*where, "source"), f"no source is called '{statement.source}'; add it under sources")
        return
    boxed = "boxed_warning" in where
    if boxed == (statement.source == parts.document):
        document.fault(
            (*where, "source"),
            "the boxed warning is what the document does not say; name its own source"
            if boxed
            else f"only what the document says stands here; its source is '{parts.document}'",
        )
    if statement.source == parts.document and not statement.sentences:
        document.fault(where, "'sentences' is missing; give the numbers of the sentences that say it")
    for number in statement.sentences:
        if source.sentences is None or number > source.sentences:
            document.fault((*where, "sentences"), f"'{statement.source}' has no sentence {number}; check the number")


def _check_names(document: _Document, parts: _Parts) -> None:
    """One name belongs to one entry, look-alike or topic."""
    ids: dict[str, Where] = {}
    named = [(where, entry.id) for where, entry in parts.entries]
    named += [(where, topic.id) for where, topic in parts.topics]
    for where, part_id in named:
        if ids.setdefault(part_id, where) != where:
            document.fault((*where, "id"), f"the id '{part_id}' stands twice; ids are unique")
    owners: dict[tuple[str, ...], str] = {}
    spelling = {**read_as(parts.words.same), **read_as(parts.words.misspellings)} if parts.words else {}
    for owner, where, name in _all_names(parts):
        words = tuple(spelling.get(word, word) for word in phrase(name))
        if not words or MASKED in words:
            document.fault(where, f"'{name}' can't be found in a text; a name needs plain letters or digits")
            continue
        first = owners.setdefault(words, owner)
        if first != owner:
            document.fault(where, f"'{name}' already belongs to {first}; a name means one thing, keep it in one place")
    for where, other in parts.look_alikes:
        for entry_id in other.not_:
            if entry_id not in parts.entry_ids:
                document.fault((*where, "not"), f"no entry is called '{entry_id}'; check the id")


def _all_names(parts: _Parts) -> Iterator[tuple[str, Where, str]]:
    """Every name of the file that may be found in a text: whose it is, where it stands, and the name."""
    for where, entry in parts.entries:
        yield entry.id, (*where, "name"), entry.name
        for key in ("names", "misspellings", "ask"):
            yield from ((entry.id, (*where, key, i), name) for i, name in enumerate(getattr(entry, key)))
        for i, abbreviation in enumerate(entry.abbreviations):
            yield entry.id, (*where, "abbreviations", i, "short"), abbreviation.short
        for i, form in enumerate(entry.forms):
            owner = f"the form '{form.name}' of {entry.id}"
            for key in ("names", "capitals"):
                yield from ((owner, (*where, "forms", i, key, j), n) for j, n in enumerate(getattr(form, key)))
    for where, other in parts.look_alikes:
        owner = f"the look-alike '{other.name}'"
        yield owner, (*where, "name"), other.name
        for key in ("names", "capitals"):
            yield from ((owner, (*where, key, i), name) for i, name in enumerate(getattr(other, key)))
    for where, topic in parts.topics:
        owner = f"the topic '{topic.id}'"
        yield from ((owner, (*where, "phrases", i), name) for i, name in enumerate(topic.phrases))


def _check_words(document: _Document, parts: _Parts) -> None:
    """A word has one effect; a misspelling is nobody's right spelling."""
    if parts.words is None:
        return
    effects: dict[str, str] = {}
    for where, effect, word in _all_words(parts.words):
        folded = phrase(word)
        if len(folded) != 1 or folded[0] == MASKED:
            document.fault(where, f"'{word}' is not one word; give each word by itself")
        elif effects.setdefault(folded[0], effect) != effect:
            document.fault(where, f"'{word}' stands under {effects[folded[0]]} too; a word has one effect")
    right: dict[str, str] = {}
    for key, listed in (("same", parts.words.same), ("misspellings", parts.words.misspellings)):
        for word, others in listed.items():
            for i, other in enumerate(others):
                where, folded = ("words", key, word, i), phrase(other)
                if len(folded) != 1:
                    document.fault(where, f"'{other}' is not one word; give it among an entry's names")
                elif folded[0] in effects:
                    document.fault(where, f"'{other}' stands under {effects[folded[0]]} too; a word has one effect")
                elif right.setdefault(folded[0], word) != word:
                    document.fault(where, f"'{other}' is already read as '{right[folded[0]]}'; keep one")


def _all_words(words: Words) -> Iterator[tuple[Where, str, str]]:
    changing = words.changing
    for key, listed in (
        ("asking", words.asking),
        ("linking", words.linking),
        ("ordinary", words.ordinary),
        ("neutral", words.neutral),
        ("other", words.other),
    ):
        yield from ((("words", key, i), key, word) for i, word in enumerate(listed))
    for key, listed in (("before", changing.before), ("after", changing.after), ("beside", changing.beside)):
        yield from ((("words", "changing", key, i), "changing", word) for i, word in enumerate(listed))


def _check_review(document: _Document, parts: _Parts) -> None:
    review = parts.review
    if review and (review.reviewed_by is None) != (review.reviewed_on is None):
        document.fault(("review",), "reviewed_by and reviewed_on go together; fill in both, or neither")
