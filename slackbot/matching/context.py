"""What the words around a name say of it: that it is denied, somebody else's, or what was thought before.

After NegEx (Chapman and others, 2001) and ConText (Harkema and others, 2009): trigger words and the words they reach
over are data in `words/en/`; a trigger reaches a name only over those, so that nothing else ends a scope.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from slackbot.matching.effects import JOINING, PASSED_OVER, Effect
from slackbot.matching.names import Span, refused
from slackbot.words.lists import Language
from slackbot.words.phrases import HERE, Phrase, Tree, put
from slackbot.words.tokens import Gap, Token

FARTHEST = 12  # words that a trigger reaches over at most
NEAR = 5  # words behind an arrow that it points at
LATER = 40  # words in which what was thought before may still be replaced


_NOPE = frozenset({"nope", "nah"})  # which answer whatever follows them: "ITP? nope plt clumps"
_UNLIKELY = frozenset({"unlikely", "doubtful", "improbable", "implausible"})
_REASONS = frozenset(
    {"given", "as", "because", "since", "now"}
)  # "GBS? unlikely given reflexes"; not "doubtful benefit"
_NO = _NOPE | _UNLIKELY | {"no", "nil", "not", "excluded", "negative", "neg", "n"}
_SUBJECTS = frozenset({"it", "its", "this", "that", "he", "she", "they", "we", "i"})  # "GBS? no it is CIDP"
_COMPARING = frozenset({"or", "vs", "versus"})
_ARTICLES = frozenset({"a", "an", "the", "any", "his", "her", "true", "real"})
_BE = frozenset({"is", "was", "be", "to", "as", "it"})
_BECOMING = frozenset({"as", "to", "into"})
_OF = frozenset({"of", "for"})
_OBJECT = frozenset(
    {
        "having",
        "suggest",
        "suggesting",
        "supporting",
        "support",
        "indicate",
        "indicating",
        "find",
        "including",
        "incl",
        "eg",
    }
)
_OF_TESTS = frozenset({"negative", "neg"})  # behind a word of its own it is that which is negative
_JOINING_NAMES = frozenset({"and", "or"})
_JOINING_CLAUSE = frozenset({"or", "and", "nor", "who", "whose", "which", "has", "had", "with"})
_ANSWERED = ("?", ":", "-", "–", "—", "=")  # "GBS? No.", "GBS - no."


class Trigger(StrEnum):
    """A list of trigger words, by its file in `words/en/`."""

    DENYING_BEFORE = "denying-before"
    DENYING_AFTER = "denying-after"
    DENYING_REACH = "denying-reach"
    DENYING_REACH_AFTER = "denying-reach-after"
    DOUBTING = "doubting"
    RELATIVES = "relatives"
    ANIMALS = "animals"
    HAVING = "having"
    PAST = "past"
    WRONG = "wrong"
    RENAMING = "renaming"
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
    DENYING_OBJECT = "denying-object"


_REACHING = frozenset(
    {
        Trigger.DENYING_REACH,
        Trigger.DENYING_REACH_AFTER,
        Trigger.DENYING_STOP,
        Trigger.DENYING_OBJECT,
        Trigger.DOUBTING,
        Trigger.HAVING,
        Trigger.REPLACING,
        Trigger.EXPECTING,
        Trigger.SWITCHING,
        Trigger.PAST_CUES,
    }
)  # says something only of another trigger: not looked for in a text that has no other


class Places(NamedTuple):
    """Where the phrases of each list stand: the end of each by its begin, in order, and the begin by its end."""

    begins: Mapping[Trigger, dict[int, int]]
    ends: Mapping[Trigger, Mapping[int, int]]


class Triggers:
    """The trigger phrases of a language, found in one pass over a text."""

    def __init__(self, language: Language) -> None:
        self._deciding = _tree(language, [trigger for trigger in Trigger if trigger not in _REACHING])
        self._reaching = _tree(language, _REACHING)
        self.acting = frozenset(words[0] for words in language.contexts["acting"])

    def deciding(self, words: Sequence[Token], named: Container[int]) -> Places:
        """Where triggers stand that say something of a name; none begins at a place that is `named` itself."""
        return _find(self._deciding, words, named)

    def reaching(self, words: Sequence[Token]) -> Places:
        """Where the words stand that carry a trigger on, end its reach or put it in question."""
        return _find(self._reaching, words, _NOWHERE)


def _tree(language: Language, triggers: Iterable[Trigger]) -> Tree[tuple[Trigger, ...]]:
    lists: defaultdict[Phrase, tuple[Trigger, ...]] = defaultdict(tuple)
    for trigger in triggers:
        for words in language.phrases(trigger):
            lists[words] += (trigger,)
    root: Tree[tuple[Trigger, ...]] = {}
    for words, of_phrase in lists.items():
        put(root, words, of_phrase)
    return root


def _find(root: Tree[tuple[Trigger, ...]], words: Sequence[Token], named: Container[int]) -> Places:
    begins: defaultdict[Trigger, dict[int, int]] = defaultdict(dict)
    ends: defaultdict[Trigger, dict[int, int]] = defaultdict(dict)
    size = len(words)
    for start in [place for place, token in enumerate(words) if token.word in root and place not in named]:
        node: Tree[tuple[Trigger, ...]] | tuple[Trigger, ...] | None = root[words[start].word]
        end = start + 1
        while node is not None:
            here = node.get(HERE) if isinstance(node, dict) else node
            for trigger in here if isinstance(here, tuple) else ():
                begins[trigger][start] = end
                ends[trigger].setdefault(end, start)
            if not isinstance(node, dict) or end == size or words[end].gap >= Gap.SOFT:
                break
            node = node.get(words[end].word)
            end += 1
    return Places(begins, ends)


_DENIALS = frozenset({Trigger.DENYING_BEFORE, Trigger.DENYING_AFTER, Trigger.HEADINGS})
_OTHERS = frozenset({Trigger.RELATIVES, Trigger.ANIMALS, Trigger.ELSEWHERE})
_REPLACEMENTS = frozenset(
    {
        Trigger.WRONG,
        Trigger.RENAMING,
        Trigger.REPLACED_AFTER,
        Trigger.OVERTURNED,
        Trigger.RETRACTING,
        Trigger.PAST,
        Trigger.PAST_AFTER,
    }
)
_NOWHERE: Mapping[int, int] = {}


class Context:
    """What the triggers of one text say. Places are indices of its words; `named` maps each to the name at it."""

    def __init__(
        self,
        words: Sequence[Token],
        triggers: Triggers,
        spans: Sequence[Span],
        named: Mapping[int, Span],
        effects: Sequence[Effect],
    ) -> None:
        self._words = words
        self._triggers = triggers
        self._spans = spans
        self._named = named
        self._effects = effects
        self._begins, self._ends = triggers.deciding(words, named)
        self._thoughts: dict[int, bool] = {}
        begins = self._begins.keys()
        self.denies = not begins.isdisjoint(_DENIALS)
        """Whether a word of denial stands anywhere in the text; without one `denied` need not look."""
        self.has_others = not begins.isdisjoint(_OTHERS)
        """Whether somebody else is spoken of anywhere in the text."""
        self.replaces = not begins.isdisjoint(_REPLACEMENTS) or self._has_arrow()
        """Whether a word of what was thought before, stands anywhere in the text, or an arrow behind a name."""
        self.turns = Trigger.TURNING in begins
        """Whether a word with which a story turns stands anywhere in the text."""
        self.tells_of_change = self.replaces or self.turns or Trigger.BECOMING in begins
        """Whether any word in the text may say that something else was thought before."""

    def _has_arrow(self) -> bool:
        words, size = self._words, len(self._words)
        return any(_is_arrow(words[span.end].mark) for span in self._spans if span.end < size)

    @cached_property
    def _reaching(self) -> Places:
        return self._triggers.reaching(self._words)

    @cached_property
    def _passing(self) -> set[int]:
        """The places of words that a trigger reaches over because they only describe a name."""
        return {place for place, effect in enumerate(self._effects) if effect in PASSED_OVER}

    @cached_property
    def _list_starts(self) -> Mapping[int, int]:
        """Where the list begins that the name starting at each place stands in."""
        starts: dict[int, int] = {}
        for span in self._spans:
            before = self._named.get(span.start - 1)
            listed = before is not None and _is_of_a_list(self._words[span.start])
            starts[span.start] = starts[before.start] if before and listed else span.start
        return starts

    @cached_property
    def _list_ends(self) -> Mapping[int, int]:
        """Where the names end that follow each place of a name with no more than a soft mark or an "and" between."""
        ends: dict[int, int] = {}
        for span in reversed(self._spans):
            following = span.end + (span.end < len(self._words) and self._words[span.end].word in _JOINING_NAMES)
            follows = following in self._named and self._words[following].gap <= Gap.SOFT
            ends[span.start] = ends[following] if follows else span.end
        return ends

    @cached_property
    def _sentences(self) -> list[int]:
        """Which sentence each word stands in, counted from the first."""
        return list(accumulate(token.gap is Gap.HARD for token in self._words))

    @cached_property
    def _sentences_of_others(self) -> set[int]:
        """The sentences that speak of somebody else."""
        return {self._sentences[place] for place in self._begins.get(Trigger.ELSEWHERE, _NOWHERE)}

    def denied(self, start: int, end: int) -> bool:
        """Whether words before or behind the name at `start:end` say that it is not that."""
        if self._headed(start):
            return True
        at = self._reach_back(start, Trigger.DENYING_BEFORE, Trigger.DENYING_REACH)
        if at is None:
            at = self._denied_object(start)
        if at is not None and not self._doubted_before(at) and not self._answers_a_name(at):
            return True
        if end < len(self._words) and self._answers_a_name(end):
            return True
        after = self._reach_on(end, Trigger.DENYING_AFTER, Trigger.DENYING_REACH_AFTER)
        return after is not None and not self._doubted_between(end, after)

    def _answers_a_name(self, place: int) -> bool:
        """Whether the word at `place` denies the name before it: "GBS? Nope, …", "GBS? no it is …", "GBS no, MG"."""
        answer = self._words[place]
        following = self._words[place + 1] if place + 1 < len(self._words) else None
        if answer.word not in _NO or place - 1 not in self._named:
            return False
        if not any(mark in answer.mark for mark in _ANSWERED):
            return answer.gap is Gap.NONE and (following is None or following.mark == ",")
        if following is None or following.gap is not Gap.NONE:
            return True
        if answer.word in _UNLIKELY:
            return following.word in _REASONS
        return answer.word in _NOPE or (answer.word == "no" and following.word in _SUBJECTS)

    def _denied_object(self, start: int) -> int | None:
        """Where a denial begins whose object the name is, whatever stands between: "no clinical support for"."""
        ends = self._ends.get(Trigger.DENYING_BEFORE)
        if not ends or min(ends) > start:
            return None
        place = self._before_articles(start)
        while place > 1 and self._words[place - 1].word in _JOINING_NAMES and place - 2 in self._named:
            place = self._before_articles(self._named[place - 2].start)
        if place == 0 or self._words[place].gap is not Gap.NONE or not self._takes_an_object(place - 1):
            return None
        for at in range(place - 1, max(place - FARTHEST, 0), -1):
            if at in self._reaching.begins.get(Trigger.DENYING_STOP, _NOWHERE) or self._words[at].gap >= Gap.LINE:
                return None
            if (begin := ends.get(at)) is not None:
                return begin
        return None

    def _before_articles(self, start: int) -> int:
        """Where the articles begin that stand right before the name at `start`: "her", "a true"."""
        place = start
        while place > 0 and self._words[place].gap is Gap.NONE and self._words[place - 1].word in _ARTICLES:
            place -= 1
        return place

    def _takes_an_object(self, place: int) -> bool:
        """Whether the word at `place` says of which disease there is something: "suggest", "evidence of"."""
        if self._words[place].word in _OF and self._words[place].gap is Gap.NONE:
            return place in self._reaching.ends.get(Trigger.DENYING_OBJECT, _NOWHERE)
        return self._words[place].word in _OBJECT

    def of_somebody_else(self, start: int) -> bool:
        """Whether somebody else has what the name at `start` names."""
        person = self._reach_back(start, Trigger.RELATIVES, Trigger.HAVING, over=":-–(")
        if person is not None:
            return person not in self._reaching.ends.get(Trigger.EXPECTING, _NOWHERE)
        if self._sentences[start] in self._sentences_of_others:
            return True
        animal = self._reach_back(start, Trigger.ANIMALS, Trigger.HAVING)
        if animal is not None and animal < start - 1:  # "our dog has ITP"; "canine ITP" is another condition's name
            return True
        return self._has_a_person_behind(start)

    def _has_a_person_behind(self, start: int) -> bool:
        """Whether right behind the name, or the list it stands in, somebody is said to have it: "ITP in her mum"."""
        first = self._list_ends[start]
        if first >= len(self._words) or self._words[first].gap > Gap.SOFT:
            return False
        aside = "(" in self._words[first].mark or "-" in self._words[first].mark
        if self._words[first].word in ("in", "on") or aside:
            nearest = first + (not aside)
            for place in range(nearest, min(nearest + 3, len(self._words))):
                if place > nearest and self._words[place].gap is not Gap.NONE:  # "in a man, mum is here"
                    return False
                if place in self._begins.get(Trigger.RELATIVES, _NOWHERE):
                    return self._words[place].gap < Gap.HARD
        return False

    def replaced(self, start: int, end: int) -> bool:
        """Whether the name at `start:end` says what was thought before, and not what is thought now."""
        if self._reach_back(start, Trigger.WRONG, Trigger.DENYING_REACH) is not None:
            return True
        if self._reach_on(end, Trigger.REPLACED_AFTER, Trigger.DENYING_REACH_AFTER) is not None:
            return True
        if self._renamed(start, end) or self._points_on(end) or self._overturned(end):
            return True
        if self._stands_after(end, Trigger.RETRACTING):
            return True
        return self._replaced_later(end) and self._thought_before(start, end)

    def was_before_a_turn(self, start: int, end: int) -> bool:
        """Whether the name at `start:end` says what was thought or found once, and the story may turn after it."""
        return self.turns_after(end) and self._thought_before(start, end)

    def _thought_before(self, start: int, end: int) -> bool:
        """Whether words before or behind the name at `start:end` say that it was thought or found once."""
        if start not in self._thoughts:
            self._thoughts[start] = self.was_before(start) or (
                self._reach_on(end, Trigger.PAST_AFTER, Trigger.DENYING_REACH_AFTER) is not None
            )
        return self._thoughts[start]

    def _headed(self, start: int) -> bool:
        """Whether it stands in a list under a heading of what no longer holds: "Ruled out: GBS, botulism"."""
        place = self._list_starts[start]
        headed = place > 0 and any(mark in self._words[place].mark for mark in ":–-")
        return headed and place in self._ends.get(Trigger.HEADINGS, _NOWHERE)

    def ends_before(self, place: int, trigger: Trigger) -> bool:
        """Whether a phrase of this list ends right before the word at `place`."""
        return place in self._ends.get(trigger, _NOWHERE)

    def _points_on(self, end: int) -> bool:
        """Whether an arrow leads from the name to another: "GBS → CIDP", "GBS -> discharge dx porphyria"."""
        if end >= len(self._words) or not _is_arrow(self._words[end].mark):
            return False
        near = range(end, min(end + NEAR, len(self._words)))
        return any(
            place in self._named or place in self._reaching.begins.get(Trigger.REPLACING, _NOWHERE) for place in near
        )

    def _renamed(self, start: int, end: int) -> bool:
        """Whether the name at `start:end` is given up for another: "reclassified ITP as TTP", "revised GBS to CIDP"."""
        place = end + 1
        if place >= len(self._words) or self._words[end].word not in _BECOMING:
            return False
        while place < len(self._words) - 1 and self._words[place].word in _ARTICLES:
            place += 1
        other = self._named.get(place)
        if other is None or (not refused(other.name) and other.name.target == self._named[start].name.target):
            return False
        return self._reach_back(self._before_articles(start), Trigger.RENAMING, Trigger.DENYING_REACH) is not None

    def _overturned(self, end: int) -> bool:
        """Whether the rest of the sentence, up to the next name, takes the name back."""
        for place in range(end, min(end + FARTHEST, len(self._words))):
            if place in self._named:
                return False
            overturns = place in self._begins.get(Trigger.OVERTURNED, _NOWHERE) and not self._heads_a_line(end, place)
            if overturns and place in self._begins.get(Trigger.DENYING_AFTER, _NOWHERE):
                overturns = not self._is_of_another(end, place)
            if self._words[place].gap is Gap.HARD and ";" not in self._words[place].mark:
                return overturns and "?" not in self._words[place].mark
            if overturns:
                return not self._doubted_between(end, place)
        return False

    def _heads_a_line(self, end: int, place: int) -> bool:
        """Whether the phrase at `place` is the heading of a line below the name: "Dx: MG / Rejected: LEMS"."""
        behind = self._begins[Trigger.OVERTURNED][place]
        headed = behind < len(self._words) and ":" in self._words[behind].mark
        return headed and any(self._words[at].gap is Gap.LINE for at in range(end, place + 1))

    def turns_after(self, place: int) -> bool:
        """Whether a word with which a story turns stands behind this place."""
        return self._stands_after(place, Trigger.TURNING)

    def _stands_after(self, place: int, trigger: Trigger) -> bool:
        """Whether a phrase of the list begins at this place or behind it."""
        begins = self._begins.get(trigger, {})
        return bool(begins) and next(reversed(begins)) >= place

    def turns_between(self, start: int, end: int) -> bool:
        """Whether the story turns between these places, and neither compares what stands at both."""
        if self.last_compared(start, end) >= 0:
            return False
        turning = self._begins.get(Trigger.TURNING, _NOWHERE)
        return any(place in turning for place in range(start, end))

    def last_compared(self, start: int, end: int) -> int:
        """The last place from `start` up to `end` whose word compares what stands on both sides; -1 without one."""
        return next((place for place in range(end - 1, start - 1, -1) if self._words[place].word in _COMPARING), -1)

    def was_before(self, start: int) -> bool:
        """Whether words right before the name at `start` say what was thought first: "admitted as GBS"."""
        return self._reach_back(start, Trigger.PAST, Trigger.DENYING_REACH, over=":") is not None

    def tells_of_before(self, start: int, end: int) -> bool:
        """Whether words near the name at `start:end` tell of what was thought or said before."""
        cues = self._reaching.begins.get(Trigger.PAST_CUES, _NOWHERE)
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

    def _replaced_later(self, end: int) -> bool:
        replacing = self._reaching.begins.get(Trigger.REPLACING, _NOWHERE)
        return any(
            place in replacing or (place in self._named and _is_arrow(self._words[place].mark))
            for place in range(end, min(end + LATER, len(self._words)))
        )

    def _reach_back(
        self,
        start: int,
        trigger: Trigger,
        reach: Trigger,
        over: str = "",
    ) -> int | None:
        """Where the trigger begins that reaches the name at `start` from before; None when none does."""
        ends = self._ends.get(trigger)
        if not ends or min(ends) > start:
            return None
        place = start
        for _ in range(FARTHEST):
            if place == 0 or not self._may_cross(place, over):
                return None
            if (begin := ends.get(place)) is not None:
                return begin
            if trigger is Trigger.WRONG and self._words[place - 1].word == "to" and place - 2 in self._named:
                return None  # "changed from GBS to CIDP"
            if place - 1 in self._named:
                place = self._named[place - 1].start
            elif (begin := self._reaching.ends.get(reach, _NOWHERE).get(place)) is not None:
                place = begin
            elif place - 1 in self._passing:
                place -= 1
            elif trigger is Trigger.RELATIVES and not self._turns_away(place):
                place -= 1  # whatever else is said of that person
            else:
                return None
        return None

    def _turns_away(self, place: int) -> bool:
        """Whether the word before `place` turns to somebody else: not "patient" in "the mother of my patient"."""
        of = any(self._words[at].word == "of" for at in range(max(place - 4, 0), place - 1))
        return place in self._reaching.ends.get(Trigger.SWITCHING, _NOWHERE) and not of

    def _may_cross(self, place: int, over: str) -> bool:
        """Whether a scope goes on across what stands before the word at `place`."""
        token = self._words[place]
        if token.gap is Gap.NONE or (token.mark == "?" and place in self._named):  # "came in as ?KD"
            return True
        if over and token.mark and token.mark[-1] in over:
            return True
        coordinated = place in self._named and place - 1 in self._named
        return token.gap is Gap.SOFT and (coordinated or token.word in _JOINING_CLAUSE)

    def _reach_on(
        self,
        end: int,
        trigger: Trigger,
        reach: Trigger,
    ) -> int | None:
        """Where the trigger begins that reaches the name ending at `end` from behind; None when none does."""
        begins = self._begins.get(trigger, _NOWHERE)
        last = max(begins, default=-1)
        place, steps = end, 0
        while place <= last and steps < FARTHEST:
            steps += 1
            token = self._words[place]
            colon = place == end and token.gap is Gap.HARD and token.mark == ":"
            another = place - 1 not in self._named and place not in self._named and token.word not in _JOINING_NAMES
            if (token.gap > Gap.SOFT and not colon) or (token.gap is Gap.SOFT and another):
                return None
            if place in begins:
                return None if self._is_of_another(end, place) else place
            if place in self._named:
                place = self._named[place].end
            elif (behind := self._reaching.begins.get(reach, _NOWHERE).get(place)) is not None:
                place = behind
            elif place in self._passing:
                place += 1
            else:
                return None
        return None

    def _is_of_another(self, end: int, place: int) -> bool:
        """Whether the words from `place` on speak of what is named since a comma: "MG, thymoma excluded", "MG, LP neg".

        Not where more is joined to it: a list may be denied from its first item on ("GBS, stroke and sepsis excluded").
        """
        begin = place
        while begin > end and self._words[begin].gap is Gap.NONE:
            begin -= 1
        mark = self._words[begin].mark
        effects = [self._effects[at] for at in range(begin, place) if at not in self._named]
        if not ("," in mark or "(" in mark) or not JOINING.isdisjoint(effects):
            return False
        of_a_test = self._words[place].word in _OF_TESTS and bool(effects)
        return of_a_test or Effect.CONDITION in effects

    def _doubted_before(self, place: int) -> bool:
        """Whether the denial at `place` is itself in question: "can't be excluded", "no doubt"."""
        return (
            place > 0
            and place in self._reaching.ends.get(Trigger.DOUBTING, _NOWHERE)
            and self._words[place].gap is Gap.NONE
        )

    def _doubted_between(self, end: int, place: int) -> bool:
        """Whether a word between a name and its denial, or one in it, puts that in question: "GBS not yet excluded"."""
        doubting = self._reaching.begins.get(Trigger.DOUBTING, _NOWHERE)
        denying = self._begins.get(Trigger.DENYING_AFTER, _NOWHERE)
        twice = place in doubting and denying[place] in denying  # "cannot be" + "ruled out"
        return twice or any(at in doubting for at in range(end, place)) or self._doubted_before(place)


def _is_of_a_list(token: Token) -> bool:
    return token.gap <= Gap.SOFT or token.mark == ";"


def _is_arrow(mark: str) -> bool:
    """Whether the punctuation between two words points from one to the other: "GBS → CIDP", "ITP > actually CLL"."""
    return mark == ">" or "->" in mark or "=>" in mark or "→" in mark
