"""What can be wrong with a data file beyond the shape of each part, and how every fault is said to an editor."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from slackbot.content.file import Document, Where
from slackbot.content.names import Name, entry_names, look_alike_names, topic_names
from slackbot.content.schema import (
    ENTRY_CHARACTERS,
    Entry,
    LabelledStatement,
    LookAlike,
    Model,
    Review,
    Source,
    Statement,
    Topic,
    Words,
    read_as,
)
from slackbot.words.tokens import MASKED, phrase


def check(document: Document, raw: Mapping[str, Any]) -> None:
    """Note every fault in how the parts of a data file fit together."""
    parts = _Parts.sound(raw)
    _check_sources(document, parts)
    _check_names(document, parts)
    _check_words(document, parts)
    _check_review(document, parts)


def place(loc: tuple[int | str, ...]) -> Where:
    return tuple(step for step in loc if step != "[key]")


def advice(error: Mapping[str, Any]) -> str:
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


M = TypeVar("M", bound=Model)


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


def _check_sources(document: Document, parts: _Parts) -> None:
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


def _check_statement(document: Document, parts: _Parts, where: Where, statement: Statement) -> None:
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


def _check_names(document: Document, parts: _Parts) -> None:
    """One name belongs to one entry, look-alike or topic."""
    ids: dict[str, Where] = {}
    named = [(where, entry.id) for where, entry in parts.entries]
    named += [(where, topic.id) for where, topic in parts.topics]
    for where, part_id in named:
        if ids.setdefault(part_id, where) != where:
            document.fault((*where, "id"), f"the id '{part_id}' stands twice; ids are unique")
    owners: dict[tuple[str, ...], str] = {}
    spelling = {**read_as(parts.words.same), **read_as(parts.words.misspellings)} if parts.words else {}
    for name in _all_names(parts):
        words = tuple(spelling.get(word, word) for word in phrase(name.written))
        if not words or MASKED in words:
            document.fault(
                name.where, f"'{name.written}' can't be found in a text; a name needs plain letters or digits"
            )
            continue
        first = owners.setdefault(words, name.belongs_to)
        if first != name.belongs_to:
            document.fault(
                name.where,
                f"'{name.written}' already belongs to {first}; a name means one thing, keep it in one place",
            )
    for where, other in parts.look_alikes:
        for entry_id in other.not_:
            if entry_id not in parts.entry_ids:
                document.fault((*where, "not"), f"no entry is called '{entry_id}'; check the id")


def _all_names(parts: _Parts) -> Iterator[Name]:
    for where, entry in parts.entries:
        yield from entry_names(entry, where)
    for where, other in parts.look_alikes:
        yield from look_alike_names(other, where)
    for where, topic in parts.topics:
        yield from topic_names(topic, where)


def _check_words(document: Document, parts: _Parts) -> None:
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


def _check_review(document: Document, parts: _Parts) -> None:
    review = parts.review
    if review and (review.reviewed_by is None) != (review.reviewed_on is None):
        document.fault(("review",), "reviewed_by and reviewed_on go together; fill in both, or neither")
