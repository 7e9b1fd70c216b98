"""What the words around a name say of it: that it is denied, somebody else's, or what was thought before.

After NegEx (Chapman and others, 2001) and ConText (Harkema and others, 2009): trigger words and the words they reach
over are data in `words/en/`; a trigger reaches a name only over those, so that nothing else ends a scope.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from slackbot.words.lists import Language
from slackbot.words.tokens import Gap, Token

FARTHEST = 12  # words that a trigger reaches over at most
NEAR = 5  # words behind an arrow that it points at
LATER = 40  # words in which what was thought before may still be replaced


_NO = frozenset({"no", "nope", "nah", "nil", "not", "excluded", "negative", "neg", "n"})
_COMPARING = frozenset({"or", "vs", "versus"})
_ARTICLES = frozenset({"a", "an", "the", "any", "his", "her", "true", "real"})
_BE = frozenset({"is", "was", "be", "to", "as", "it"})
_OBJECT = frozenset(
    {
        "of",
        "for",
        "from",
        "having",
        "suggest",
        "suggesting",
        "supporting",
        "support",
        "indicate",
        "indicating",
        "find",
        "in",
    }
)
_JOINING_CLAUSE = frozenset({"or", "and", "nor", "who", "whose", "which", "has", "had", "with"})
_ARROWS = ("→", "->", "=>", "»")


class Trigger(StrEnum):
    """A list of trigger words, by its file in `words/en/`."""

    DENYING_BEFORE = "denying-before"
    DENYING_AFTER = "denying-after"
    DENYING_REACH = "denying-reach"
    DENYING_REACH_AFTER = "denying-reach-after"
    DOUBTING = "doubting"
    RELATIVES = "relatives"
    HAVING = "having"
    PAST = "past"
    WRONG = "wrong"
    REPLACING = "replacing"
    REPLACED_AFTER = "replaced-after"
    RETRACTING = "retracting"
    EXPECTING = "expecting"
    CLOSING = "closing"
    ADDRESSING = "addressing"
    TITLES = "titles"
    OVERTURNED = "overturned"
    PAST_AFTER = "past-after"
    HEADINGS = "headings"
    SWITCHING = "switching"
    ELSEWHERE = "elsewhere"
    BECOMING = "becoming"
    TURNING = "turning"
    PAST_CUES = "past-cues"
    DENYING_STOP = "denying-stop"


class Triggers:
    """The trigger phrases of a language, found in one pass over a text."""

    def __init__(self, language: Language) -> None:
        self._root: dict[str, Any] = {}
        for trigger in Trigger:
            for words in language.contexts[trigger]:
                node = self._root
                for word in words:
                    node = node.setdefault(word, {})
                node.setdefault("", set()).add(trigger)
        self.acting = frozenset(words[0] for words in language.contexts["acting"])

    def find(self, words: Sequence[Token]) -> "Context":
        """Where the triggers stand in a text."""
        begins: dict[Trigger, dict[int, int]] = {}
        ends: dict[Trigger, dict[int, int]] = {}
        root, size = self._root, len(words)
        for start, first in enumerate(words):
            node = root.get(first.word)
            end = start + 1
            while node is not None:
                for trigger in node.get("", ()):
                    begins.setdefault(trigger, {})[start] = end
                    ends.setdefault(trigger, {}).setdefault(end, start)
                if end == size or words[end].gap >= Gap.SOFT:
                    break
                node = node.get(words[end].word)
                end += 1
        return Context(words, begins, ends)


_DENIALS = frozenset({Trigger.DENYING_BEFORE, Trigger.DENYING_AFTER, Trigger.HEADINGS})
_OTHERS = frozenset({Trigger.RELATIVES, Trigger.ELSEWHERE})
_REPLACEMENTS = frozenset(
    {
        Trigger.WRONG,
        Trigger.REPLACED_AFTER,
        Trigger.OVERTURNED,
        Trigger.RETRACTING,
        Trigger.PAST,
        Trigger.PAST_AFTER,
    }
)
_NOWHERE: Mapping[int, int] = {}


class Context:
    """The triggers of one text. Places are indices of its words; `named` maps each place to the bounds of its name."""

    def __init__(
        self,
        words: Sequence[Token],
        begins: Mapping[Trigger, Mapping[int, int]],
        ends: Mapping[Trigger, Mapping[int, int]],
    ) -> None:
        self._words = words
        self._begins = begins
        self._ends = ends

    @property
    def denies(self) -> bool:
        """Whether a word of denial stands anywhere in the text; without one `denied` need not look."""
        return not self._begins.keys().isdisjoint(_DENIALS)

    @property
    def has_others(self) -> bool:
        """Whether somebody else is spoken of anywhere in the text."""
        return not self._begins.keys().isdisjoint(_OTHERS)

    @property
    def replaces(self) -> bool:
        """Whether a word of what was thought before, or an arrow, stands anywhere in the text."""
        return not self._begins.keys().isdisjoint(_REPLACEMENTS) or any(
            arrow in token.mark for token in self._words if token.mark for arrow in _ARROWS
        )

    def denied(self, start: int, end: int, named: Mapping[int, tuple[int, int]], passing: Iterable[int]) -> bool:
        """Whether words before or behind the name at `start:end` say that it is not that."""
        if self.headed(start, named):
            return True
        at = self._reach_back(start, named, passing, Trigger.DENYING_BEFORE, Trigger.DENYING_REACH)
        if at is None:
            at = self._loosely_denied(start)
        if at is not None and not self._doubted_before(at):
            return True
        answered = end < len(self._words) and ("?" in self._words[end].mark or ":" in self._words[end].mark)
        if answered and self._words[end].word in _NO:
            return end + 1 == len(self._words) or self._words[end + 1].gap is not Gap.NONE
        after = self._reach_on(end, named, passing, Trigger.DENYING_AFTER, Trigger.DENYING_REACH_AFTER)
        return after is not None and not self._doubted_between(end, after)

    def _loosely_denied(self, start: int) -> int | None:
        """Where a denial begins whose object the name is, whatever stands between: "no clinical support for"."""
        place = start
        while place > 0 and self._words[place].gap is Gap.NONE and self._words[place - 1].word in _ARTICLES:
            place -= 1
        if place == 0 or self._words[place].gap is not Gap.NONE or self._words[place - 1].word not in _OBJECT:
            return None
        for at in range(place - 1, max(place - FARTHEST, 0), -1):
            if at in self._begins.get(Trigger.DENYING_STOP, _NOWHERE) or self._words[at].gap >= Gap.LINE:
                return None
            if (begin := self._ends.get(Trigger.DENYING_BEFORE, _NOWHERE).get(at)) is not None:
                return begin
        return None

    def of_somebody_else(
        self, start: int, end: int, named: Mapping[int, tuple[int, int]], passing: Iterable[int]
    ) -> bool:
        """Whether somebody else has what stands at `start:end`."""
        person = self._reach_back(start, named, passing, Trigger.RELATIVES, Trigger.HAVING, over=":-–(")
        if person is not None:
            return person not in self._ends.get(Trigger.EXPECTING, _NOWHERE)
        if self._in_sentence(start, end, Trigger.ELSEWHERE):
            return True
        first = end
        while first < len(self._words) and first in named and self._words[first].gap <= Gap.SOFT:
            first = named[first][1]
        if first >= len(self._words) or self._words[first].gap > Gap.SOFT:
            return False
        aside = "(" in self._words[first].mark or "-" in self._words[first].mark
        if self._words[first].word in ("in", "on") or aside:
            i = first + (not aside)
            for place in range(i, min(i + 3, len(self._words))):
                if place in self._begins.get(Trigger.RELATIVES, _NOWHERE):
                    return self._words[place].gap < Gap.HARD
        return False

    def replaced(self, start: int, end: int, named: Mapping[int, tuple[int, int]], passing: Iterable[int]) -> bool:
        """Whether the name at `start:end` says what was thought before, and not what is thought now."""
        if self._reach_back(start, named, passing, Trigger.WRONG, Trigger.DENYING_REACH) is not None:
            return True
        if self._reach_on(end, named, passing, Trigger.REPLACED_AFTER, Trigger.DENYING_REACH_AFTER) is not None:
            return True
        if (
            self._points_on(end, named)
            or self._overturned(end, named)
            or any(place >= end for place in self._begins.get(Trigger.RETRACTING, _NOWHERE))
        ):
            return True
        past = (
            self._reach_back(start, named, passing, Trigger.PAST, Trigger.DENYING_REACH, over=":") is not None
            or self._reach_on(end, named, passing, Trigger.PAST_AFTER, Trigger.DENYING_REACH_AFTER) is not None
        )
        return past and (self.turns_after(end) or self._replaced_later(end, named))

    def headed(self, start: int, named: Mapping[int, tuple[int, int]]) -> bool:
        """Whether it stands in a list under a heading of what no longer holds: "Ruled out: GBS, botulism"."""
        place = start
        while place > 0 and place - 1 in named and _is_of_a_list(self._words[place]):
            place = named[place - 1][0]
        headed = place > 0 and any(mark in self._words[place].mark for mark in ":–-")
        return headed and place in self._ends.get(Trigger.HEADINGS, _NOWHERE)

    def _in_sentence(self, start: int, end: int, trigger: Trigger) -> bool:
        """Whether a phrase of the list stands in the sentence of the name at `start:end`."""
        begins = self._begins.get(trigger, _NOWHERE)
        if not begins:
            return False
        first, last = start, end
        while first > 0 and self._words[first].gap is not Gap.HARD:
            first -= 1
        while last < len(self._words) and self._words[last].gap is not Gap.HARD:
            last += 1
        return any(first <= place < last for place in begins)

    def ends_before(self, place: int, trigger: Trigger) -> bool:
        """Whether a phrase of this list ends right before the word at `place`."""
        return place in self._ends.get(trigger, _NOWHERE)

    def _points_on(self, end: int, named: Mapping[int, tuple[int, int]]) -> bool:
        """Whether an arrow leads from the name to another: "GBS → CIDP", "GBS -> discharge dx porphyria"."""
        mark = self._words[end].mark if end < len(self._words) else ""
        if not any(arrow in mark for arrow in _ARROWS):
            return False
        near = range(end, min(end + NEAR, len(self._words)))
        return any(place in named or place in self._begins.get(Trigger.REPLACING, _NOWHERE) for place in near)

    def _overturned(self, end: int, named: Mapping[int, tuple[int, int]]) -> bool:
        """Whether the rest of the sentence, up to the next name, takes the name back."""
        for place in range(end, min(end + FARTHEST, len(self._words))):
            if place in named:
                return False
            overturns = place in self._begins.get(Trigger.OVERTURNED, _NOWHERE)
            if self._words[place].gap is Gap.HARD and ";" not in self._words[place].mark:
                return overturns and "?" not in self._words[place].mark
            if overturns:
                return not self._doubted_between(end, place)
        return False

    def turns_after(self, place: int) -> bool:
        """Whether a word with which a story turns stands behind this place."""
        return any(at >= place for at in self._begins.get(Trigger.TURNING, _NOWHERE))

    def turns_between(self, start: int, end: int) -> bool:
        """Whether the story turns between these places, and neither compares what stands at both."""
        if any(self._words[place].word in _COMPARING for place in range(start, end)):
            return False
        turning = self._begins.get(Trigger.TURNING, _NOWHERE)
        return any(place in turning for place in range(start, end))

    def was_before(self, start: int, named: Mapping[int, tuple[int, int]], passing: Iterable[int]) -> bool:
        """Whether words right before the name at `start` say what was thought first: "admitted as GBS"."""
        return self._reach_back(start, named, passing, Trigger.PAST, Trigger.DENYING_REACH, over=":") is not None

    def tells_of_before(self, start: int, end: int) -> bool:
        """Whether words near the name at `start:end` tell of what was thought or said before."""
        cues = self._begins.get(Trigger.PAST_CUES, _NOWHERE)
        return any(place in cues for place in range(max(start - NEAR - 1, 0), min(end + NEAR, len(self._words))))

    def becomings(self) -> list[int]:
        """The places right behind words that say what a diagnosis became: "… changed to CIDP"."""
        ends = []
        for end in self._begins.get(Trigger.BECOMING, _NOWHERE).values():
            place = end
            while place < len(self._words) and (self._words[place].word in _ARTICLES or self._words[place].word in _BE):
                place += 1
            ends.append(place)
        return ends

    def _replaced_later(self, end: int, named: Mapping[int, tuple[int, int]]) -> bool:
        for place in range(end, min(end + LATER, len(self._words))):
            if place in self._begins.get(Trigger.REPLACING, _NOWHERE):
                return True
            if self._words[place].word == "now" and any(near in named for near in range(place, place + 4)):
                return True
        return False

    def _reach_back(
        self,
        start: int,
        named: Mapping[int, tuple[int, int]],
        passing: Iterable[int],
        trigger: Trigger,
        reach: Trigger,
        over: str = "",
    ) -> int | None:
        """Where the trigger begins that reaches the name at `start` from before; None when none does."""
        place = start
        for _ in range(FARTHEST):
            if place == 0 or not self._may_cross(place, named, over):
                return None
            if (begin := self._ends.get(trigger, _NOWHERE).get(place)) is not None:
                return begin
            if place - 1 in named:
                place = named[place - 1][0]
            elif (begin := self._ends.get(reach, _NOWHERE).get(place)) is not None:
                place = begin
            elif place - 1 in passing:
                place -= 1
            elif trigger is Trigger.RELATIVES and not self._turns_away(place):
                place -= 1  # whatever else is said of that person
            else:
                return None
        return None

    def _turns_away(self, place: int) -> bool:
        """Whether the word before `place` turns to somebody else: not "patient" in "the mother of my patient"."""
        of = any(self._words[at].word == "of" for at in range(max(place - 4, 0), place - 1))
        return place in self._ends.get(Trigger.SWITCHING, _NOWHERE) and not of

    def _may_cross(self, place: int, named: Mapping[int, tuple[int, int]], over: str) -> bool:
        """Whether a scope goes on across what stands before the word at `place`."""
        token = self._words[place]
        if token.gap is Gap.NONE or (token.mark == "?" and place in named):  # "came in as ?KD"
            return True
        if over and token.mark and token.mark[-1] in over and self._words[place - 1].word not in ("?",):
            return True
        coordinated = place in named and place - 1 in named
        return token.gap is Gap.SOFT and (coordinated or token.word in _JOINING_CLAUSE)

    def _reach_on(
        self,
        end: int,
        named: Mapping[int, tuple[int, int]],
        passing: Iterable[int],
        trigger: Trigger,
        reach: Trigger,
    ) -> int | None:
        """Where the trigger begins that reaches the name ending at `end` from behind; None when none does."""
        place = end
        for _ in range(FARTHEST):
            if place >= len(self._words):
                return None
            token = self._words[place]
            colon = place == end and token.gap is Gap.HARD and token.mark in (":", "-", "–", "=")
            if token.gap > Gap.SOFT and not colon:
                return None
            if token.gap is Gap.SOFT and place != end and place not in named and token.word not in ("or", "and"):
                return None
            if place in self._begins.get(trigger, _NOWHERE):
                return place
            if place in named:
                place = named[place][1]
            elif place in self._begins.get(reach, _NOWHERE):
                place = self._begins.get(reach, _NOWHERE)[place]
            elif place in passing:
                place += 1
            else:
                return None
        return None

    def _doubted_before(self, place: int) -> bool:
        """Whether the denial at `place` is itself in question: "can't be excluded", "no doubt"."""
        return place > 0 and place in self._ends.get(Trigger.DOUBTING, _NOWHERE) and self._words[place].gap is Gap.NONE

    def _doubted_between(self, end: int, place: int) -> bool:
        """Whether a word between a name and its denial puts that in question: "GBS not yet excluded"."""
        between = any(at in self._begins.get(Trigger.DOUBTING, _NOWHERE) for at in range(end, place))
        return between or self._doubted_before(place)


def _is_of_a_list(token: Token) -> bool:
    return token.gap <= Gap.SOFT or token.mark == ";"
