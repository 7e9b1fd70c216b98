"""What can be wrong with a data file beyond the shape of each part."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from slackbot.content import prose
from slackbot.content.advice import did_you_mean
from slackbot.content.fault import Where
from slackbot.content.file import Document
from slackbot.content.names import Name, entry_names, look_alike_names, topic_names
from slackbot.content.schema import (
    ENTRY_CHARACTERS,
    Content,
    Entry,
    Form,
    LabelledStatement,
    LookAlike,
    Model,
    Review,
    Source,
    Spellings,
    Statement,
    Topic,
    read,
    read_as,
)
from slackbot.content.shape import keys
from slackbot.words.lists import load_language
from slackbot.words.phrases import Phrase
from slackbot.words.tokens import MASKED, phrase

# What the items of each list are called, for one that stands in another's place.
_ITEMS = {
    "entries": "an entry",
    "look_alikes": "a look-alike",
    "topics": "a topic",
    "ambiguous": "an ambiguous name",
    "forms": "a form",
    "statements": "a statement with a label",
    "general": "a statement",
}
LONGEST_YEARS = 2  # from one review to the next
_STEM = 5  # letters that a word shares with a name it belongs to
_UNTYPED = re.compile("[^\\w\\s\u0300-\u036f‐‑–'’´`\"“”(),/&+.:;?!*_#@-]")  # what no keyboard has, such as an emoji


def check_places(document: Document, raw: Mapping[str, Any]) -> None:
    """Note each item that stands in the wrong list, in place of the many faults its shape would bring."""
    for where, item in _items(raw, ()):
        own = set(_keys_of(where))
        unknown = set(item) - own
        if not unknown:
            continue
        home = max(_ITEMS, key=lambda key: len(set(item) & set(_keys_of((key, 0)))))
        there = set(item) & set(_keys_of((home, 0)))
        if len(there) > len(set(item) & own) + 1 or (len(there) == len(item) > 2):
            document.fault(where, f"looks like {_ITEMS[home]}; move it under '{home}'")
            document.mute(where)


def _items(value: object, where: Where) -> Iterator[tuple[Where, dict[str, Any]]]:
    """Every item with keys of every list that `_ITEMS` names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _ITEMS and isinstance(inner, tuple):
                yield from (((*where, key, i), item) for i, item in enumerate(inner) if isinstance(item, dict))
            yield from _items(inner, (*where, key))
    elif isinstance(value, tuple) and value and isinstance(value[0], dict):
        for i, inner in enumerate(value):
            yield from _items(inner, (*where, i))


def _keys_of(where: Where) -> list[str]:
    """The keys of an item, wherever in an entry its list stands."""
    *_, key, _number = where
    return keys(("entries", 0, key, 0)) if key in ("ambiguous", "forms", "statements") else keys((key, 0))


def check(document: Document, source: Content | Mapping[str, Any]) -> None:
    """Note every fault in how the parts of a data file fit together: of its content, or else of what was read."""
    parts = _Parts.sound(source)
    _check_sources(document, parts)
    _check_texts(document, parts)
    _check_ids(document, parts)
    _check_names(document, parts)
    for where, entry in parts.entries:
        _check_evidence(document, where, entry)
    _check_spellings(document, parts)
    _check_review(document, parts)


class _Parts(NamedTuple):
    """What of a data file is sound in itself, each part with its place: enough to check how they fit together."""

    document: str | None
    sources: Mapping[str, Source]
    source_ids: frozenset[str]
    statements: list[tuple[Where, Statement]]
    entries: list[tuple[Where, Entry]]
    entry_ids: set[str]
    look_alikes: list[tuple[Where, LookAlike]]
    topics: list[tuple[Where, Topic]]
    footer: tuple[str, ...]
    spellings: Spellings | None
    review: list[tuple[Where, Review]]

    @classmethod
    def sound(cls, source: Content | Mapping[str, Any]) -> "_Parts":
        """The sound parts of a data file; an unsound entry still lends its id and its sound statements."""
        entries = [(("entries", i), entry) for i, entry in enumerate(_listed(source, "entries"))]
        statements = _sound_items(Statement, source, "general", ())
        for part in ("reminder", "boxed_warning"):
            statements += _sound_items(Statement, _value(source, "safety"), part, ("safety",))
        for where, entry in entries:
            if status := _sound(Statement, _value(entry, "status")):
                statements.append(((*where, "status"), status))
            statements += _sound_items(LabelledStatement, entry, "statements", where)
        sources, document = _value(source, "sources"), _value(source, "document")
        return cls(
            document=document if isinstance(document, str) else None,
            sources={
                key: sound
                for key, value in (sources.items() if isinstance(sources, dict) else ())
                if (sound := _sound(Source, value))
            },
            source_ids=frozenset(sources if isinstance(sources, dict) else ()),
            statements=statements,
            entries=_sound_items(Entry, source, "entries", ()),
            entry_ids={str(entry_id) for _, entry in entries if (entry_id := _value(entry, "id")) is not None},
            look_alikes=_sound_items(LookAlike, source, "look_alikes", ()),
            topics=_sound_items(Topic, source, "topics", ()),
            footer=tuple(text for text in _listed(source, "footer") if isinstance(text, str)),
            spellings=_sound(Spellings, _value(source, "spellings")),
            review=_sound_items(Review, source, "review", ()),
        )


M = TypeVar("M", bound=Model)


def _sound(model: type[M], value: object) -> M | None:
    return value if isinstance(value, model) else read(value, model)


def _sound_items(model: type[M], source: object, key: str, where: Where) -> list[tuple[Where, M]]:
    items = ((i, _sound(model, item)) for i, item in enumerate(_listed(source, key)))
    return [((*where, key, i), item) for i, item in items if item is not None]


def _listed(source: object, key: str) -> tuple[Any, ...]:
    items = _value(source, key)
    return items if isinstance(items, tuple) else ()


def _value(source: object, key: str) -> Any:
    """What stands under a key, of a model or of what the file has in place of one; None where nothing does."""
    if isinstance(source, Model):
        return getattr(source, key, None)
    return source.get(key) if isinstance(source, dict) else None


def _check_sources(document: Document, parts: _Parts) -> None:
    """Every statement has a source the file knows; the document's part and the boxed warning stay apart."""
    if not parts.source_ids:
        return
    if parts.document is not None and parts.document not in parts.source_ids:
        document.fault(("document",), _no_source(parts.document, parts.source_ids))
        return
    reference = parts.sources.get(parts.document or "")
    if reference and reference.sentences is None:
        document.fault(("sources", str(parts.document)), "'sentences' is missing; say how many the document has")
        return
    for where, statement in parts.statements:
        _check_source(document, parts, where, statement)


def _no_source(source_id: str, source_ids: frozenset[str]) -> str:
    question = did_you_mean(source_id, source_ids) or "add it under sources"
    return f"no source is called '{source_id}'; {question}"


def _check_source(document: Document, parts: _Parts, where: Where, statement: Statement) -> None:
    if statement.source not in parts.source_ids:
        document.fault((*where, "source"), _no_source(statement.source, parts.source_ids))
        return
    if parts.document is not None:
        _check_side(document, parts.document, where, statement)
    source = parts.sources.get(statement.source)
    if source is None:
        return
    for i, number in enumerate(statement.sentences):
        if source.sentences is None or number > source.sentences:
            last = f"; its last is {source.sentences}" if source.sentences else "; leave the numbers out"
            document.fault((*where, "sentences", i), f"'{statement.source}' has no sentence {number}{last}")


def _check_side(document: Document, reference: str, where: Where, statement: Statement) -> None:
    """What the reference document says, and what it does not, each stand in their own place."""
    boxed = "boxed_warning" in where
    if boxed == (statement.source == reference):
        document.fault(
            (*where, "source"),
            "the boxed warning is what the document does not say; name its own source"
            if boxed
            else f"only what the document says stands here; its source is '{reference}'",
        )
    elif statement.source == reference and not statement.sentences:
        document.fault(where, "'sentences' is missing; give the numbers of the sentences that say it")


def _check_texts(document: Document, parts: _Parts) -> None:
    """No dose, no verdict and no mark-up in what is shown; and it fits a card."""
    for where, text, reason in _shown(parts):
        for message in prose.faults(text, reason=reason):
            document.fault(where, message)
    for where, line in _lines(parts):
        for message in prose.faults(line, bold=False):
            document.fault(where, message)
    for where, entry in parts.entries:
        if not any("dose" in phrase(silence) for silence in entry.silent_about):
            document.fault((*where, "silent_about"), "'dose' is missing; the document gives none, so add it")
        statements = (entry.status, *entry.statements)
        texts = [*(s.text for s in statements), *(s.silence or "" for s in statements), *entry.silent_about]
        if sum(map(len, texts)) > ENTRY_CHARACTERS:
            document.fault(
                where,
                f"its texts are too long for a Slack card; shorten them to {ENTRY_CHARACTERS} characters in all",
            )


def _shown(parts: _Parts) -> Iterator[tuple[Where, str, str | None]]:
    """Each text of a card, where it stands, and the reason beside it for its words; None where none can stand."""
    for where, statement in parts.statements:
        reason = statement.allowed_because or ""
        yield (*where, "text"), statement.text, reason
        if statement.silence:
            yield (*where, "silence"), statement.silence, reason
    for where, entry in parts.entries:
        yield from (((*where, "silent_about", i), text, None) for i, text in enumerate(entry.silent_about))
        for i, form in enumerate(entry.forms):
            if form.note:
                yield (*where, "forms", i, "note"), form.note, form.allowed_because or ""
    for where, topic in parts.topics:
        if topic.note:
            yield (*where, "note"), topic.note, topic.allowed_because or ""
    yield from ((("footer", i), text, None) for i, text in enumerate(parts.footer))


def _lines(parts: _Parts) -> Iterator[tuple[Where, str]]:
    """Each name and label of a card."""
    for where, statement in parts.statements:
        if isinstance(statement, LabelledStatement):
            yield (*where, "label"), statement.label
    for where, entry in parts.entries:
        yield (*where, "name"), entry.name
        yield from (((*where, "forms", i, "name"), form.name) for i, form in enumerate(entry.forms))
    yield from (((*where, "name"), other.name) for where, other in parts.look_alikes)
    yield from (((*where, "label"), topic.label) for where, topic in parts.topics)


def _check_ids(document: Document, parts: _Parts) -> None:
    """An id belongs to one entry or topic, and a look-alike names entries that there are."""
    ids: dict[str, Where] = {}
    parts_with_id = [(where, entry.id) for where, entry in parts.entries]
    for where, part_id in [*parts_with_id, *((where, topic.id) for where, topic in parts.topics)]:
        first = ids.setdefault(part_id, where)
        if first != where:
            for here, there in ((first, where), (where, first)):
                line = document.line((*there, "id"))
                document.fault((*here, "id"), f"the id '{part_id}' stands on line {line} too; give one of them another")
    for where, other in parts.look_alikes:
        for i, entry_id in enumerate(other.not_):
            if entry_id not in parts.entry_ids:
                question = did_you_mean(entry_id, parts.entry_ids) or "check the id"
                document.fault((*where, "not", i), f"no entry is called '{entry_id}'; {question}")


def _check_names(document: Document, parts: _Parts) -> None:
    """A name can be typed, is no ordinary word, and belongs to one entry, look-alike or topic."""
    owners: dict[tuple[str, ...], Name] = {}
    spellings = parts.spellings
    spelling = {**read_as(spellings.same), **read_as(spellings.misspellings)} if spellings else {}
    ordinary = ordinary_words()
    for name in _all_names(parts):
        words = tuple(spelling.get(word, word) for word in phrase(name.written))
        message = _unfit(name, words, ordinary, document)
        if message:
            document.fault(name.where, f"'{name.written}' {message}")
            continue
        first = owners.setdefault(words, name)
        if first is not name and first.belongs_to != name.belongs_to:
            _note_clash(document, first, name)
            _note_clash(document, name, first)


def _note_clash(document: Document, name: Name, other: Name) -> None:
    line = document.line(other.where)
    document.fault(
        name.where,
        f"'{name.written}' stands on line {line} too, for {other.belongs_to}; a name means one thing, keep one of them",
    )


def ordinary_words() -> frozenset[str]:
    """The words of general English and of the ward, which name nothing by themselves."""
    effects = load_language().effects
    return frozenset().union(*(effects[name] for name in ("asking", "linking", "clinical", "ordinary", "neutral")))


def _unfit(name: Name, words: tuple[str, ...], ordinary: frozenset[str], document: Document) -> str:  # noqa: PLR0911  # one check after the other, the plainest first
    """What makes a name one that can't stand there; empty when nothing does."""
    if untyped := _UNTYPED.search(name.written):
        return f"holds {untyped[0]}, which nobody types; delete it"
    if not words or MASKED in words:
        return "can't be found in a text; a name needs plain letters or digits"
    if isinstance(name.owner, Topic):
        return ""
    if name.where in document.loose:
        return "holds a comma; give each name a line of its own, or put it in quotes if the comma belongs to it"
    if _is_short_form(name.written):
        return ""
    weighed = len(words) == 1 or name.part is None
    if isinstance(name.owner, Entry) and weighed and ordinary.issuperset(words):
        what = "an ordinary word" if len(words) == 1 else "made of ordinary words"
        return f"is {what} and would be read in texts about anything; write the whole name"
    if name.where in document.bare and _is_left_behind(name, words):
        return (
            f"stands alone behind a comma; if it belongs to the name before it, put both in quotes; "
            f'if it is a name by itself, write "{name.written}" in quotes'
        )
    return ""


def _is_short_form(written: str) -> bool:
    return sum(map(str.isupper, written)) > 1


def _is_left_behind(name: Name, words: tuple[str, ...]) -> bool:
    """Whether a name is one small word that shares nothing with the name of what it belongs to."""
    if len(words) > 1 or name.written[0].isupper() or not isinstance(name.owner, Entry):
        return False
    own = [name.owner.name, *(ambiguous.name for ambiguous in name.owner.ambiguous)]
    if isinstance(name.part, Form):
        own += [name.part.name, *name.part.short, *name.part.names[:1]]
    return not any(_share_a_stem(words[0], other) for text in own for other in phrase(text))


def _share_a_stem(word: str, other: str) -> bool:
    return any(word[i : i + _STEM] in other for i in range(max(1, len(word) - _STEM + 1)))


def _all_names(parts: _Parts) -> Iterator[Name]:
    for where, entry in parts.entries:
        yield from entry_names(entry, where)
    for where, other in parts.look_alikes:
        yield from look_alike_names(other, where)
    for where, topic in parts.topics:
        yield from topic_names(topic, where)


def _check_evidence(document: Document, where: Where, entry: Entry) -> None:
    """A word of the evidence is one word, stands once, and speaks neither for itself nor against the entry too."""
    names = {phrase(ambiguous.name): (*where, "ambiguous", i, "name") for i, ambiguous in enumerate(entry.ambiguous)}
    evidence: dict[Phrase, Where] = {}
    for group, listed in entry.evidence.items():
        for here, written, words in _single_words(document, (*where, "evidence", group), listed):
            first = evidence.setdefault(words, here)
            if first != here:
                document.fault(here, f"'{written}' stands on line {document.line(first)} already; keep it once")
            elif name := names.get(words):
                line = document.line(name)
                document.fault(here, f"'{written}' is what the evidence is to be for (line {line}); delete it")
    for i, ambiguous in enumerate(entry.ambiguous):
        at = (*where, "ambiguous", i)
        _single_words(document, (*at, "not_beside"), ambiguous.not_beside)
        for here, written, words in _single_words(document, (*at, "not_with"), ambiguous.not_with):
            if place := evidence.get(words):
                document.fault(
                    here,
                    f"'{written}' stands on line {document.line(place)} too, as evidence; "
                    "it can't speak for the entry and against it, keep one",
                )


def _single_words(document: Document, where: Where, listed: tuple[str, ...]) -> list[tuple[Where, str, Phrase]]:
    """Each with its place and as it is read; a fault for one that would be cut up, or never be found."""
    single: list[tuple[Where, str, Phrase]] = []
    for i, written in enumerate(listed):
        words = phrase(written)
        if len(words) == 1 and MASKED not in words:
            single.append(((*where, i), written, words))
        else:
            document.fault((*where, i), f"'{written}' is not one word; give single words of plain letters")
    return single


def _check_spellings(document: Document, parts: _Parts) -> None:
    """A misspelling is nobody's right spelling."""
    if parts.spellings is None:
        return
    right: dict[str, str] = {}
    for key, listed in (("same", parts.spellings.same), ("misspellings", parts.spellings.misspellings)):
        for word, others in listed.items():
            for i, other in enumerate(others):
                where, folded = ("spellings", key, word, i), phrase(other)
                if len(folded) != 1:
                    document.fault(where, f"'{other}' is not one word; give it among an entry's names")
                elif right.setdefault(folded[0], word) != word:
                    document.fault(where, f"'{other}' is already read as '{right[folded[0]]}'; keep one")


def _check_review(document: Document, parts: _Parts) -> None:
    """A review has been, and is due again within two years."""
    for where, review in parts.review:
        if review.on > _latest_today():
            document.fault((*where, "on"), "is still to come; give the day it was signed")
        elif review.due < review.on:
            document.fault((*where, "due"), "is before 'on'; give the day it is to be read again")
        elif (review.due.year - LONGEST_YEARS, review.due.month, review.due.day) > review.on.timetuple()[:3]:
            document.fault((*where, "due"), "is more than 24 months after 'on'; give an earlier day")


def _latest_today() -> dt.date:
    """The date where the day begins first."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date()
