"""What a text itself says that letters in it stand for: "Krabbe disease (KD)" is no Kawasaki disease.

A short form in brackets behind words, or before words in brackets, or beside "=", "aka" or "means", has the sense the
text gives it, and has it everywhere in that text. Words and letters are compared after Schwartz and Hearst, "A simple
algorithm for identifying abbreviation definitions in biomedical text", 2003.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from slackbot.matching.effects import Effect
from slackbot.matching.names import Span, refused
from slackbot.words.tokens import Folded, Gap, Token, fold

LONGEST_SHORT_FORM = 6  # letters of a short form
FARTHEST_EQUALS = 6  # words behind the letters among which an "=" may stand that is theirs
MOST_PLACES = 40  # at which the same letters are looked at
_EQUALS = frozenset({"=", "==", ":=", "≡"})
_DEFINING = frozenset({"aka", "ie", "meaning", "meant", "mean", "stand", "denote", "abbreviate", "defined"})
_DEFINE = frozenset(
    {"define", "defined", "abbreviate", "abbreviated", "use", "write", "call", "denote"}
)  # folded, as all words here
_INTRODUCING = frozenset({"here", "is", "by", "which", "that", "i", "we"})  # "KD, by which I mean …"
LONGEST_INTRODUCTION = 3  # words of these before the verb
_SHORT_FOR = frozenset(
    {"for", "short", "here", "by", "i", "we", "as", "in", "an", "a", "the", "abbreviation", "acronym", "of"}
)
_NO_DEFINITION = frozenset({"not", "no", "vs", "versus", "or", "and", "with", "query", "likely", "possible"})
_DESCRIBING = frozenset({Effect.LINKING, Effect.NEUTRAL})
_HARMLESS = frozenset(Effect) - {Effect.UNKNOWN, Effect.CHANGING}


class _Side(NamedTuple):
    """Words beside a short form that may spell it out, and whether the text says outright that they do."""

    start: int
    end: int
    outright: bool
    bracketed: bool


class Definitions:
    """The words of a text, what each does, and the names at their places."""

    def __init__(self, words: Sequence[Token], effects: Sequence[Effect], spans: Mapping[int, Span]) -> None:
        self._words = words
        self._effects = effects
        self._spans = spans
        self._places: dict[str, list[int]] = {}
        for place in spans:
            self._places.setdefault(words[place].written.removesuffix("'s"), []).append(place)
        self._has_unknown = Effect.UNKNOWN in effects
        self._verdicts: dict[tuple[str, str], bool] = {}

    @cached_property
    def _initials(self) -> str:
        return "".join([token.word[0] for token in self._words])

    def give_another(self, letters: str, target: str) -> bool:
        """Whether the text says that these letters, as written, stand for something else than the entry `target`."""
        key = (letters, target)
        if key not in self._verdicts:
            self._verdicts[key] = self._give_another(letters, fold(letters), target)
        return self._verdicts[key]

    def _give_another(self, letters: str, folded: Folded, target: str) -> bool:
        for place in self._places.get(letters, [])[:MOST_PLACES]:
            for side in self._sides(place):
                if self._spells_another(side, folded, target):
                    return True
        return self._has_unknown and self._spelt_out_somewhere(folded, target)

    def _sides(self, place: int) -> Iterator[_Side]:  # noqa: C901, PLR0912  # each way to write a definition, in turn
        words, before, after = self._words, place - 1, place + 1
        token, last = words[place], len(words)
        mark_after = words[after].mark if after < last else ""
        if "(" in token.mark or "[" in token.mark:
            yield _Side(self._phrase_start(place), place, outright=False, bracketed=True)
        if mark_after.startswith(("(", "[")):
            yield _Side(after, self._bracket_end(after), outright=False, bracketed=True)
        if self._has_unknown and token.gap is Gap.NONE:
            apposed = range(place - len(token.word), place)  # "Kienböck's disease KD"
            if apposed.start >= 0 and self._is_one_phrase(apposed):
                yield _Side(apposed.start, place, outright=False, bracketed=False)
        if token.mark in _EQUALS:
            yield _Side(self._phrase_start(place), place, outright=True, bracketed=False)
        for later in range(after + 1, min(after + FARTHEST_EQUALS, last)):  # "CIDP in this trial = …"
            if words[later].mark in _EQUALS:
                yield _Side(later, self._phrase_end(later), outright=False, bracketed=False)
        if mark_after in _EQUALS or mark_after == ":":
            yield _Side(after, self._phrase_end(after), outright=mark_after != ":", bracketed=False)
        if place and words[before].word in ("aka", "ie") and token.gap is Gap.NONE:
            yield _Side(self._phrase_start(before), before, outright=True, bracketed=False)
        if mark_after == ",":  # "KD, key driver"
            behind = range(after, self._phrase_end(after))
            if self._begin_with(behind, token.word):
                yield _Side(behind.start, behind.stop, outright=True, bracketed=False)
        if after == last:
            return
        if place and words[before].word in _DEFINE and words[after].word == "as":
            yield _Side(after + 1, self._phrase_end(after + 1), outright=True, bracketed=False)
        verb = after
        while verb < min(after + LONGEST_INTRODUCTION, last) and self._introduces(verb):
            verb += 1
        if verb < last and self._defines(verb) and words[verb].gap < Gap.HARD:
            first = verb + 1
            while first < last and words[first].word in _SHORT_FOR:
                first += 1
            if first < last and words[first].gap < Gap.HARD:  # not "CIDP stands. Standard induction?"
                yield _Side(first, self._phrase_end(first), outright=True, bracketed=False)

    def _introduces(self, place: int) -> bool:
        """Whether a word stands there that leads to a verb that defines, in the sentence of the word before it."""
        return self._words[place].word in _INTRODUCING and self._words[place].gap < Gap.HARD

    def _defines(self, place: int) -> bool:
        """Whether a word stands there that says what the word before it means: "means", "short for"."""
        word = self._words[place].word
        if word == "short":
            return [token.word for token in self._words[place + 1 : place + 2]] == ["for"]
        return word in _DEFINING

    def _phrase_start(self, end: int) -> int:
        """Where the words that end before `end` begin: at a bracket, comma or small word of a sentence."""
        place = end - 1
        while place > 0 and end - place < 2 * LONGEST_SHORT_FORM and self._words[place].gap is Gap.NONE:
            place -= 1
        return max(place, 0)

    def _phrase_end(self, start: int) -> int:
        place = start + 1
        while (
            place < len(self._words) and place - start < 2 * LONGEST_SHORT_FORM and self._words[place].gap is Gap.NONE
        ):
            place += 1
        return place

    def _bracket_end(self, start: int) -> int:
        place = start + 1
        while place < len(self._words) and place - start < 3 * LONGEST_SHORT_FORM:
            if ")" in self._words[place].mark or "]" in self._words[place].mark:
                break
            place += 1
        return place

    def _spells_another(self, side: _Side, letters: Folded, target: str) -> bool:
        if side.start >= min(side.end, len(self._words)) or self._words[side.start].word in _NO_DEFINITION:
            return False
        spans = [self._spans[place] for place in range(side.start, side.end) if place in self._spans]
        if any(span.name.target == target and not refused(span.name) for span in spans):
            return False
        if any(self._is_another(span, target) and self._is_beside(span, side) for span in spans):
            return True
        if len(letters) > LONGEST_SHORT_FORM:  # "fever + peeling = Kawasaki" tells what it is a sign of
            return False
        if side.outright and any(self._effects[place] not in _HARMLESS for place in range(side.start, side.end)):
            return True
        return self._spelt_by(side, letters)

    def _is_beside(self, span: Span, side: _Side) -> bool:
        """Whether the name stands right before the bracket, or is all behind it: not "CIDP (GBS excluded)"."""
        rest = range(span.end, side.end)
        return span.end == side.end or (
            span.start == side.start and all(self._effects[place] in _DESCRIBING for place in rest)
        )

    def _is_another(self, span: Span, target: str) -> bool:
        return refused(span.name) or span.name.target != target

    def _spelt_by(self, side: _Side, letters: Folded) -> bool:
        """Whether words of this side hold the letters in order, the first of them as a first letter."""
        places = range(side.start, side.end)
        if all(self._effects[place] in _HARMLESS for place in places):
            return self._begin_with(places, letters)
        if not side.bracketed:
            return self._begin_with(places, letters)
        starts = (place for place in places if self._words[place].word[0] == letters[0])
        return any(
            _in_order(letters, "".join(self._words[place].word for place in range(first, side.end)))
            for first in starts
            if side.end - first <= len(letters) + 3
        )

    def _begin_with(self, places: Sequence[int], letters: Folded) -> bool:
        """Whether the words, small ones left out, begin with just these letters."""
        full = [place for place in places if self._effects[place] is not Effect.LINKING]
        return any(
            "".join(self._words[place].word[0] for place in some[-len(letters) :]) == letters
            for some in (full, list(places))
        )

    def _spelt_out_somewhere(self, letters: Folded, target: str) -> bool:
        """Whether words that stand together begin with these letters, one of them unheard of."""
        size = len(letters)
        if not 3 <= size <= LONGEST_SHORT_FORM:
            return False
        first = self._initials.find(letters)
        tries = 0
        while first != -1 and tries < LONGEST_SHORT_FORM:
            places = range(first, first + size)
            if self._is_one_phrase(places) and not any(
                place in self._spans and self._spans[place].name.target == target for place in places
            ):
                return True
            first = self._initials.find(letters, first + 1)
            tries += 1
        return False

    def _is_one_phrase(self, places: range) -> bool:
        effects = [self._effects[place] for place in places]
        return (
            Effect.LINKING not in effects
            and Effect.CONDITION not in effects  # "isolated thrombocytopenia, plt 8, ITP"
            and Effect.UNKNOWN in effects
            and all(self._words[place].gap is Gap.NONE for place in places[1:])
        )


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
