"""The content's names and words, made ready for matching: built once per content, read on every text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from slackbot.content.names import names as content_names
from slackbot.content.schema import Abbreviation, Content, Entry, Form, LookAlike, Reading, Topic, read_as
from slackbot.words.tokens import MASKED, Gap, Token, phrase, tokens


class Kind(StrEnum):
    """What sort of name it is."""

    NAME = "name"
    MISSPELLING = "misspelling"
    ABBREVIATION = "abbreviation"
    ASK = "ask"
    FORM = "form"
    LOOK_ALIKE = "look-alike"
    TOPIC = "topic"


class Context(NamedTuple):
    """Words that decide whether a name is meant, folded."""

    cues: frozenset[str] = frozenset()
    not_beside: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()


class Name(NamedTuple):
    """A name in the data file, and what it stands for."""

    written: str
    kind: Kind
    target: str  # the id of an entry or topic, or the name of a look-alike
    capitals: bool = False  # counts only in capitals, or typed alone
    what: Abbreviation | Form | Topic | None = None
    context: Context = Context()


class Span(NamedTuple):
    """Where a name was found: `words[start:end]`."""

    start: int
    end: int
    name: Name


class Effect(StrEnum):
    """What a word does that is no part of a name."""

    ASKING = "asking"
    LINKING = "linking"
    NEGATING = "negating"
    ORDINARY = "ordinary"
    NEUTRAL = "neutral"
    CHANGING = "changing"
    NUMBER = "number"
    MEASURE = "measure"
    MASKED = "masked"
    UNKNOWN = "unknown"


JOINING = frozenset({Effect.ASKING, Effect.LINKING, Effect.NEGATING})  # small words, and those of a question
_NUMBER = re.compile(r"\d+$")
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|yo|yr|y|mo|m|wk|w|d|h|hr|am|pm|min|kg|g|mg|mcg|ml|l|k|f|x)$|[dxq]\d{1,3}[dwh]?$"
)
MOST_SLIPS = 2
LONG = 6  # letters from which a word may be compared with names letter by letter


class Names:
    """Names by their words, so that all names in a text are found in one pass over it."""

    def __init__(self, names: Iterable[tuple[tuple[str, ...], Name]]) -> None:
        self._root: dict[str, Any] = {}
        for words, name in names:
            self._add(words, name)
            if len(words) > 1 and len("".join(words)) >= 2 * LONG:
                self._add(("".join(words),), name)

    def _add(self, words: tuple[str, ...], name: Name) -> None:
        node = self._root
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault("", name)

    def find(self, words: Sequence[Token]) -> list[Span]:
        """The names in the text, longest first where they overlap, in the order they stand."""
        root, size, hard = self._root, len(words), Gap.HARD
        spans: list[Span] = []
        for start, first in enumerate(words):
            if first.word not in root:
                continue
            node = root[first.word]
            end = start + 1
            while node is not None:
                name = node.get("")
                if name and (not name.capitals or _in_capitals(words, start)):
                    spans.append(Span(start, end, name))
                if end == size or words[end].gap is hard:
                    break
                node = node.get(words[end].word)
                end += 1
        return _without_overlap(spans) if len(spans) > 1 else spans


def _in_capitals(words: Sequence[Token], i: int) -> bool:
    """Whether a word is written in capitals in a text that is not, or is the whole text."""
    shouted = len(words) > 3 and not any(token.word.isalpha() and not token.upper for token in words)
    return (words[i].upper and not shouted) or len(words) == 1


def _without_overlap(spans: list[Span]) -> list[Span]:
    if spans[-1].start == spans[0].start:  # all begin at one word, and the last is the longest
        return spans[-1:]
    taken: set[int] = set()
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


class Lexicon:
    """What a content's names and words mean to the matcher."""

    def __init__(self, content: Content) -> None:
        words, changing = content.words, content.words.changing
        self._same = read_as(words.same)
        self._misspellings = read_as(words.misspellings)
        self._effects = {
            phrase(word)[0]: effect
            for effect, listed in (
                (Effect.ASKING, words.asking),
                (Effect.LINKING, words.linking),
                (Effect.NEGATING, words.negating),
                (Effect.ORDINARY, words.ordinary),
                (Effect.NEUTRAL, words.neutral),
                (Effect.CHANGING, changing.before + changing.after + changing.beside),
            )
            for word in listed
        }
        self._before = {phrase(word)[0] for word in changing.before + changing.beside}
        self._after = {phrase(word)[0] for word in changing.after + changing.beside}

        self._compounds: set[str] = set()
        listed = list(_names(content))
        ours = {word for name in listed if not _refused(name) for word in self._words(name)}
        self._own = {word for word in ours if len(word) >= LONG} - self._effects.keys()
        self._compounds = {word for word in ours | self._same.keys() if len(word) >= LONG + 2}
        self.all_names = names = [(self._words(name), name) for name in listed]
        self.names = Names(names)
        self.topics = Names((self._words(name), name) for name in _topics(content))

        foreign = {word for words, name in names if _refused(name) for word in words}
        changers = (self._before | self._after | foreign) - self._own
        changers = {word for word in changers if len(word) >= LONG - 1}
        self._changers = Spellings(sorted(changers))
        self._harmless = Spellings(
            sorted(
                word
                for word, effect in self._effects.items()
                if effect is not Effect.CHANGING and len(word) >= LONG - 2
            )
        )
        self._own_words: dict[str, tuple[str, ...]] = {word: (word,) for word in sorted(ours) if len(word) >= LONG}
        self._own_words |= {word: (right,) for word, right in self._same.items() if right in self._own}
        self._own_words |= {
            first + second: (first, second)
            for words, name in names
            if not _refused(name)
            for first, second in pairwise(words)
            if len(first) >= LONG and len(second) >= LONG
        }
        self._own_spellings = Spellings(self._own_words)
        self._own_ending_in_s = Spellings(word for word in self._own_words if word.endswith("s"))
        others = {phrase(word)[0] for word in words.other} | changers | self._effects.keys()
        self._other_spellings = Spellings(sorted(others - self._own_words.keys()))
        self._joined = {
            "".join(words): name
            for words, name in names
            if len("".join(words)) >= LONG + 2 and min(map(len, words)) >= LONG - 2
        }
        self._joined_spellings = Spellings(self._joined)

    def read(self, text: str) -> list[Token]:
        """The words of a text, well-known misspellings put right and split words joined."""
        found = self._joined_up(tokens(text))
        for i, token in enumerate(found):
            right = self._misspellings.get(token.word)
            word = right or token.word
            word = self._same.get(word, word)
            if word is not token.word:
                found[i] = token._replace(word=word, misspelt=right is not None)
        return found

    def _words(self, name: Name) -> tuple[str, ...]:
        return tuple(token.word for token in self.read(name.written))

    def effect(self, word: str) -> Effect:
        """What a word does that is no part of a name."""
        effect = self._effects.get(word)
        if effect:
            return effect
        if word == MASKED:
            return Effect.MASKED
        if not word[0].isdigit() and len(word) > 5:
            return Effect.UNKNOWN
        if _NUMBER.match(word):
            return Effect.NUMBER
        return Effect.MEASURE if _MEASURE.match(word) else Effect.UNKNOWN

    def changes_before(self, word: str) -> bool:
        """Whether the word makes a name that follows it another condition, or may do so for all we know."""
        return word in self._before or self._unheard_of(word)

    def changes_after(self, word: str) -> bool:
        """Whether the word makes a name that it follows another condition, or may do so for all we know."""
        return word in self._after or self._unheard_of(word)

    def changes_behind_comma(self, word: str) -> bool:
        """Whether the word, behind a name and a comma, is one that changes a name, or nearly spelt like one."""
        if self.effect(word) is Effect.CHANGING:
            return len(word) >= LONG - 1
        return len(word) >= LONG and self._near_changer(word, slips(word)) and self._unheard_of(word)

    def _unheard_of(self, word: str) -> bool:
        """Whether no word of a name or of ordinary speech is spelt like it, or nearly so."""
        if self.effect(word) is not Effect.UNKNOWN or word in self._own:
            return False
        heard = self._harmless.nearest(word, slips(word)) if len(word) >= LONG else None
        return heard is None or self._near_changer(word, heard[1])

    def _near_changer(self, word: str, slips: int) -> bool:
        return len(word) >= LONG - 1 and self._changers.nearest(word, slips) is not None

    def near_words(self, word: str) -> tuple[str, ...]:
        """The word of a name (or two that lost their space) a slip or two from `word`, if no other word is as near."""
        if len(word) < LONG or word in self._own:
            return ()
        # Folding takes a final s for a plural, so a misspelt one may have lost its own.
        for spelt, spellings in ((word, self._own_spellings), (word + "s", self._own_ending_in_s)):
            own = spellings.nearest(spelt, slips(word))
            if own and not self._other_spellings.nearest(spelt, own[1]):
                return self._own_words[own[0]]
        return ()

    def near_name(self, joined: str) -> Name | None:
        """The name that is a slip or two from `joined` (words without spaces), if no other is as near."""
        if len(joined) < LONG + 2:
            return None
        nearest = [self._joined[name] for name in self._joined_spellings.all_nearest(joined, slips(joined))]
        if not nearest or len({name.target for name in nearest}) > 1 or _refused(nearest[0]):
            return None
        return nearest[0]

    def _joined_up(self, found: list[Token]) -> list[Token]:
        """ "poly-neuropathy" and "poly radiculo neuropathy" are one word each."""
        out: list[Token] = []
        i = 0
        while i < len(found):
            size, word = self._compound(found, i)
            out.append(found[i]._replace(word=word) if size > 1 else found[i])
            i += size
        return out

    def _compound(self, found: list[Token], i: int) -> tuple[int, str]:
        """How many words from the one at `i` on are one word written apart, three at most; and that word."""
        size, word = 1, found[i].word
        joined = word
        for end in range(i + 1, min(i + 3, len(found))):
            if found[end].gap is not Gap.NONE:
                break
            joined += found[end].word
            if joined in self._compounds:
                size, word = end + 1 - i, joined
        return size, word


class Spellings:
    """Words that a misspelt one is compared with: for each length, those that its slips can reach."""

    def __init__(self, words: Iterable[str]) -> None:
        self._within_reach: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            for length in range(len(word) - MOST_SLIPS, len(word) + MOST_SLIPS + 1):
                self._within_reach[length].append(word)

    def nearest(self, word: str, slips: int) -> tuple[str, int] | None:
        """The word nearest to `word`, with its distance; None when it takes more slips."""
        within_reach = self._within_reach.get(len(word), ())
        found = process.extractOne(word, within_reach, scorer=OSA.distance, score_cutoff=slips)
        return (found[0], found[1]) if found else None

    def all_nearest(self, word: str, slips: int) -> list[str]:
        """The words nearest to `word`, four at most."""
        within_reach = self._within_reach.get(len(word), ())
        near = process.extract(word, within_reach, scorer=OSA.distance, score_cutoff=slips, limit=4)
        return [found for found, distance, _ in near if distance == near[0][1]]


def slips(word: str) -> int:
    """How many letters may be wrong in a word of this length for it still to be compared."""
    return 1 if len(word) < 8 else MOST_SLIPS


def _names(content: Content) -> Iterator[Name]:
    for listed in content_names(content):
        if isinstance(listed.owner, LookAlike):
            yield Name(listed.written, Kind.LOOK_ALIKE, listed.owner.name, capitals=listed.key == "capitals")
        elif isinstance(listed.owner, Entry):
            kind = Kind.FORM if isinstance(listed.part, Form) else _KINDS[listed.key]
            context = _context(listed.owner, kind, listed.part)
            capitals = listed.key == "capitals"
            yield Name(listed.written, kind, listed.owner.id, capitals=capitals, what=listed.part, context=context)


_KINDS = {
    "name": Kind.NAME,
    "names": Kind.NAME,
    "misspellings": Kind.MISSPELLING,
    "short": Kind.ABBREVIATION,
    "ask": Kind.ASK,
}


def _context(entry: Entry, kind: Kind, part: Abbreviation | Form | None) -> Context:
    if isinstance(part, Abbreviation):
        return Context(_folded(part.cues), _folded(part.not_beside), _folded(part.not_with))
    return Context(not_with=_folded(entry.not_with)) if kind in (Kind.NAME, Kind.MISSPELLING) else Context()


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for written in words for word in phrase(written))


def _topics(content: Content) -> Iterator[Name]:
    for listed in content_names(content):
        if isinstance(listed.owner, Topic):
            yield Name(listed.written, Kind.TOPIC, listed.owner.id, what=listed.owner)


def _refused(name: Name) -> bool:
    return name.kind is Kind.LOOK_ALIKE or (isinstance(name.what, Form) and name.what.reading is Reading.REFUSE)
