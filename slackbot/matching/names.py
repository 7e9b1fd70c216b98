"""The names of a content, and finding all of them in a text in one pass."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

from slackbot.content.names import names as listed_names
from slackbot.content.schema import Ambiguous, Content, Entry, Form, LookAlike, Reading, Topic
from slackbot.words.phrases import HERE, Phrase, Tree, put
from slackbot.words.tokens import Folded, Gap, Token, phrase

JOINED_FROM = 12  # letters from which a name is also found written as one word


class PlainName(NamedTuple):
    """A name that means an entry and nothing else."""

    written: str
    target: str
    misspelt: bool = False


class AmbiguousName(NamedTuple):
    """A name that means an entry where the text gives evidence."""

    written: str
    target: str
    settings: Ambiguous
    not_beside: frozenset[Folded]
    not_with: frozenset[Folded]


class AskedName(NamedTuple):
    """A name that may mean an entry: only ever offered."""

    written: str
    target: str


class FormName(NamedTuple):
    """A name of a form of an entry's disease."""

    written: str
    target: str
    form: Form
    short: bool = False


class LookAlikeName(NamedTuple):
    """A name of another condition; `target` is the name of its group."""

    written: str
    target: str
    look_alike: LookAlike
    short: bool = False


class Counts(StrEnum):
    """How a phrase of a topic counts."""

    NAME = "name"  # by itself
    EVENT = "event"  # where the text lays it to IVIG
    TREATMENT = "treatment"  # beside an entry, or compared with IVIG


class TopicName(NamedTuple):
    """A phrase of a topic."""

    written: str
    target: str
    topic: Topic
    counts: Counts = Counts.NAME


class TreatmentName(NamedTuple):
    """A name of IVIG itself."""

    written: str
    target: str = "ivig"


Name = PlainName | AmbiguousName | AskedName | FormName | LookAlikeName | TopicName | TreatmentName


class Span(Struct):
    """Where a name was found: `words[start:end]`."""

    start: int
    end: int
    name: Name


class Names:
    """Names by their words. Of two names with the same words the first holds."""

    def __init__(self, names: Iterable[tuple[Phrase, Name]]) -> None:
        self._root: Tree[Name] = {}
        for words, name in names:
            put(self._root, words, name)
            if len(words) > 1 and len("".join(words)) >= JOINED_FROM:
                put(self._root, (Folded("".join(words)),), name)

    def find(self, words: Sequence[Token]) -> list[Span]:
        """The names in the text, longest first where they overlap, in the order they stand.

        A name is read across a comma or the end of a line, not across the end of a sentence.
        """
        root, size, hard = self._root, len(words), Gap.HARD
        spans: list[Span] = []
        for start in [place for place, token in enumerate(words) if token.word in root]:
            node: Any = root[words[start].word]
            end = start + 1
            while type(node) is dict:
                if name := node.get(HERE):
                    spans.append(Span(start, end, name))
                goes_on = end < size and words[end].gap is not hard
                node = node.get(words[end].word) if goes_on else None
                end += 1
            if node:
                spans.append(Span(start, end, node))
        return _without_overlap(spans) if len(spans) > 1 else spans


def _without_overlap(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.start == kept[-1].start:
            kept[-1] = span  # of two that begin at one word the longer comes later
        elif span.end > kept[-1].end:
            return _longest_first(spans)
    return kept


def _longest_first(spans: list[Span]) -> list[Span]:
    taken: set[int] = set()
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def condition_names(content: Content) -> Iterator[Name]:
    """Every name of a condition in the content: of entries, their forms and the look-alikes; and of IVIG."""
    for listed in listed_names(content):
        owner, part, short = listed.owner, listed.part, listed.key == "short"
        if isinstance(owner, LookAlike):
            yield LookAlikeName(listed.written, owner.name, owner, short)
        elif isinstance(part, Form):
            yield FormName(listed.written, owner.id, part, short)
        elif isinstance(part, Ambiguous):
            yield AmbiguousName(listed.written, owner.id, part, folded(part.not_beside), folded(part.not_with))
        elif isinstance(owner, Entry):
            asked = listed.key == "ask"
            yield (
                AskedName(listed.written, owner.id)
                if asked
                else PlainName(listed.written, owner.id, listed.key == "misspellings")
            )
    yield from (TreatmentName(written) for written in content.ivig)


_COUNTS = {"phrases": Counts.NAME, "events": Counts.EVENT, "treatments": Counts.TREATMENT}


def topic_names(content: Content) -> Iterator[TopicName]:
    """Every phrase of a topic."""
    for listed in listed_names(content):
        if isinstance(listed.owner, Topic):
            yield TopicName(listed.written, listed.owner.id, listed.owner, _COUNTS[listed.key])


def refused(name: Name) -> bool:
    """Whether the name is one that is refused: another condition, or a form the document does not mention."""
    return isinstance(name, LookAlikeName) or (isinstance(name, FormName) and name.form.reading is Reading.REFUSE)


def is_misspelt(name: Name) -> bool:
    """Whether it is no name, but a well-known misspelling of one."""
    return isinstance(name, PlainName) and name.misspelt


def folded(words: Iterable[str]) -> frozenset[Folded]:
    """The folded words of these texts."""
    return frozenset(word for written in words for word in phrase(written))
