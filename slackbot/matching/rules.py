"""The rules that decide about each name found in a text, in order. The first that speaks decides.

Names that use up their words (look-alikes, forms) are found before; these rules only take answers away, and the last
one gives what is left.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from slackbot.content.schema import Evidence, Reading
from slackbot.matching.context import LATER, Context, Trigger
from slackbot.matching.definitions import LONGEST_SHORT_FORM, Definitions
from slackbot.matching.effects import AGE, JOINING, OF_A_SENTENCE, PASSED_OVER, WEIGHT, Effect
from slackbot.matching.lexicon import Lexicon
from slackbot.matching.names import (
    AmbiguousName,
    AskedName,
    FormName,
    LookAlikeName,
    Name,
    PlainName,
    Span,
    TopicName,
    TreatmentName,
    is_misspelt,
    refused,
)
from slackbot.matching.weighing import Surroundings, kinds, surroundings, weigh, weigh_text
from slackbot.words.tokens import Folded, Gap, Token

FORM_NOTE = "The document does not discuss this form."


class Rule(StrEnum):
    """Why some words were read as they were."""

    NAME = "a name of the entry"
    MISSPELLING = "a well-known misspelling of a name of the entry"
    ABBREVIATION = "a short form of the entry"
    FORM = "a form of the entry"
    LOOK_ALIKE = "the name of another condition"
    AMBIGUOUS = "may mean something else"
    CHANGED = "beside a word that can make it another condition"
    LONGER = "inside a longer text that may name another condition"
    NEGATED = "the text says it is not that"
    ANOTHERS = "the text says somebody else has it"
    REPLACED = "the text says that is what was thought before"
    OUTWEIGHED = "the words around it speak against it"
    NEAR = "spelt nearly like a name of the entry"
    TOPIC = "a topic"


class Decision(StrEnum):
    """What becomes of a name."""

    ANSWER = "answer"
    OFFER = "offer"
    REFUSE = "refuse"
    DROP = "drop"


class Verdict(Struct, frozen=True):
    """What one rule decides about a name, and why."""

    decision: Decision
    rule: Rule
    note: str | None = None


DROPPED = Verdict(Decision.DROP, Rule.AMBIGUOUS)
AMBIGUOUS = Verdict(Decision.OFFER, Rule.AMBIGUOUS)
CHANGED = Verdict(Decision.OFFER, Rule.CHANGED)
LONGER = Verdict(Decision.OFFER, Rule.LONGER)
OUTWEIGHED = Verdict(Decision.OFFER, Rule.OUTWEIGHED)
MISSPELT = Verdict(Decision.ANSWER, Rule.MISSPELLING)
SHORT = Verdict(Decision.ANSWER, Rule.ABBREVIATION)
NAMED = Verdict(Decision.ANSWER, Rule.NAME)

_AFTER_NAME = frozenset({"with", "and", "on", "plus", "after", "at"})
_CLINICAL = frozenset({Effect.CLINICAL, Effect.CONDITION})
_OF_THE_CLINIC = JOINING | PASSED_OVER | {Effect.CLINICAL}
_KNOWN = _OF_THE_CLINIC | {Effect.ORDINARY}
_APART = _KNOWN | {Effect.MASKED}
MOST_NAMES = 75  # names of one text that are decided about; nor are more of these
SHORT_TEXT = 5  # words; a longer text is more than a name
WEIGHED = 3  # words of a text from which on those around a name are weighed
SAYING_LITTLE = 2  # words beside a name, or fewer, that never speak against it: "Kawasaki disease protocol"
CLAUSE = 6  # words between a short form and IVIG that are one clause
FOR = 20  # what the words around a name weigh where they are evidence, in tenths
AGAINST = 8  # what they weigh at least where it answers
# A printed sentence that names a disease is nearly always about it: the odds that a text is one count for a name there.
MOST_FOR_PRINT = 30
_NOWHERE: Set[int] = frozenset()
INITIALS = 3  # letters that may be somebody's initials


class Sentence:
    """A text's words with the names found among them."""

    def __init__(self, words: list[Token], lexicon: Lexicon, marks: Set[str] = frozenset()) -> None:
        self.words = words
        self.marks = marks
        """Which of `?` and `!` the text holds; and `.` where it ends with one."""
        self.lexicon = lexicon
        self.topics = lexicon.topics.find(words)
        self.effects = lexicon.effects.of_all(words)
        """What each word does."""
        self.spans: list[Span] = []
        self.treatment: list[Span] = []
        self.named: dict[int, Span] = {}
        for span in lexicon.names.find(words):
            if isinstance(span.name, TreatmentName):
                self.treatment.append(span)
                self.effects[span.start : span.end] = [Effect.ASKING] * (span.end - span.start)
            else:
                self.spans.append(span)
                self.named.update(dict.fromkeys(range(span.start, span.end), span))
        beside = [place for place in range(len(words)) if place not in self.named]
        self._effects_beside_names = {self.effects[place] for place in beside}
        """What the words do that are no part of a name."""
        self.vocabulary = {words[place].word for place in beside}
        """The words that are no part of a name."""
        self.weighty_topics = [span for span in self.topics if _is_weighty(span)]
        """Where the text asks about something a document may say of a treatment."""
        self._verdicts: dict[int, Verdict] = {}
        self._weights: dict[int, int] = {}
        self._own: dict[str, bool] = {}

    @cached_property
    def covered(self) -> Set[int]:
        """The places of words that belong to a name or a topic."""
        if not self.topics:
            return self.named.keys()
        return self.named.keys() | {place for span in self.topics for place in range(span.start, span.end)}

    @cached_property
    def effects_uncovered(self) -> set[Effect]:
        """What the words do that are no part of a name or a topic."""
        if not self.topics:
            return self._effects_beside_names
        covered = self.covered
        return {effect for place, effect in enumerate(self.effects) if place not in covered}

    @cached_property
    def units(self) -> set[Folded]:
        """The words that count something: "septrin 480 mg. which mg do we taper first"; not "bed 2 MG"."""
        return {
            token.word
            for place, token in enumerate(self.words)
            if self.effect_beside(place - 1, place) is Effect.NUMBER
            and self.beside(place - 2, place - 1) not in _NUMBERED
        }

    @property
    def is_sentence(self) -> bool:
        """Whether a word stands in it that stands in no disease's name."""
        return not self.marks.isdisjoint("?!") or not OF_A_SENTENCE.isdisjoint(self._effects_beside_names)

    @property
    def is_one_name(self) -> bool:
        """Whether the whole text is a name."""
        return len(self.spans) == 1 and len(self.named) == len(self.words)

    @property
    def nothing_but_joining(self) -> bool:
        """Whether only small words and words of a question stand beside the names."""
        return self._effects_beside_names <= JOINING

    def stands_alone(self, allowed: frozenset[Effect]) -> bool:
        """Whether beside names and topics there is nothing but words of these effects."""
        return self.effects_uncovered <= allowed

    @cached_property
    def shouted(self) -> bool:
        """Whether all words are written in capitals."""
        return len(self.words) > 3 and not any(token.word.isalpha() and not token.upper for token in self.words)

    @cached_property
    def is_clinical(self) -> bool:
        """Whether a word says that the text is about a patient or a disease: a sign, age, dose, topic or name."""
        return (
            not _CLINICAL.isdisjoint(self._effects_beside_names)
            or any(_is_of_a_patient(token) for token in self.words)
            or bool(self.weighty_topics)
            or any(_means_nothing_else(span) for span in self.spans)
        )

    def is_in_full(self, target: str) -> bool:
        """Whether the text asks about the entry by another name too, one that means nothing else."""
        return len(self.spans) > 1 and target in self._in_full

    @cached_property
    def _in_full(self) -> set[str]:
        """The entries that the text asks about by a name that means nothing else."""
        return {
            span.name.target
            for span in self.spans
            if isinstance(span.name, PlainName | FormName)
            and not (isinstance(span.name, FormName) and span.name.short)
            and self.verdict(span).decision is Decision.ANSWER
        }

    @cached_property
    def definitions(self) -> Definitions:
        """What the text says that letters stand for."""
        return Definitions(self.words, self.effects, self.named)

    @cached_property
    def context(self) -> Context:
        """What the text denies, gives to others, or replaces."""
        return Context(self.words, self.lexicon.triggers, self.spans, self.named, self.effects)

    def is_another_by_its_neighbour(self, span: Span) -> bool:
        """Whether it stands beside a name of its own entry that another word makes another: "canine lupus (SLE)"."""
        return len(self.spans) > 1 and span.name.written in self._names_of_others

    @cached_property
    def _names_of_others(self) -> set[str]:
        """The names beside which another one of their entry is made another's."""
        return {
            other.name.written
            for first, second in pairwise(self.spans[:MOST_NAMES])
            if first.end == second.start and first.name.target == second.name.target
            for one, other in ((first, second), (second, first))
            if _changed_before(self, one) or _changed_behind(self, one)
        }

    @cached_property
    def denied_targets(self) -> set[str]:
        """What the text denies."""
        return self._said_of(self.context.denied)

    @cached_property
    def replaced_targets(self) -> set[str]:
        """What the text says was thought before, by itself or because the diagnosis became another."""
        context = self.context
        targets = self._said_of(context.replaced) if context.replaces else set()
        if becomings := context.becomings():
            targets |= self._became_another(becomings)
        if context.turns:
            names = (span for span in self.spans[:MOST_NAMES] if not isinstance(span.name, LookAlikeName))
            targets |= {span.name.target for span in names if self._turned_to_another(span)}
        return targets

    def _became_another(self, becomings: list[int]) -> set[str]:
        """The entries named before words that say what the diagnosis became, where that is another."""
        places = sorted(place for place in becomings if place in self.named)
        became = {self.named[place].name.target: place for place in places}
        last_two = sorted(became.items(), key=lambda each: each[1])[-2:]  # one of them is another than any name
        return {
            span.name.target
            for target, place in last_two
            for span in self.spans
            if span.end < place and span.name.target != target and not isinstance(span.name, LookAlikeName)
        }

    def _turned_to_another(self, span: Span) -> bool:
        """Whether the story turns from the name to another disease that is named: "was GBS, now CIDP"."""
        other = self._next_disease(span)
        if other is None or not self.context.turns_between(span.end, other.start):
            return False
        replaces = isinstance(other.name, LookAlikeName) or self.context.was_before(span.start)
        return replaces and not self.context.denied(other.start, other.end)

    @cached_property
    def _following(self) -> Mapping[int, Span]:
        """For each place where a name starts the next name of another disease, where one follows."""
        following: dict[int, Span] = {}
        for span, after in zip(self.spans[-2::-1], self.spans[:0:-1], strict=True):
            other = after if after.name.target != span.name.target else following.get(after.start)
            if other:
                following[span.start] = other
        return following

    def _next_disease(self, span: Span) -> Span | None:
        """The next name of another disease in what is told after a name."""
        other = self._following.get(span.start)
        return other if other and other.start < span.end + LATER else None

    def _may_turn(self, span: Span) -> bool:
        """Whether the story may turn from the name to another disease, named or not: "GBS, then porphobilinogen"."""
        if other := self._next_disease(span):
            return isinstance(other.name, LookAlikeName) and self.context.was_before(span.start)
        of_a_disease = self.lexicon.effects.of_a_disease
        behind = range(span.end, min(span.end + LATER, len(self.words)))
        unknown = (place for place in behind if self.effects[place] is Effect.UNKNOWN)
        place = next((place for place in unknown if of_a_disease(self.words[place].word)), None)
        turns = place is not None and self.context.turns_between(span.end, place)
        return turns and self.context.tells_of_before(span.start, span.end)

    @cached_property
    def _apart_from_the_last(self) -> range:
        """Where names end that stand apart from another disease, the last that a text without IVIG names."""
        last = self.spans[-1]
        if self.treatment or not isinstance(last.name, LookAlikeName):
            return range(0)
        denied = self.context.denied(last.start, last.end) or self.context.of_somebody_else(last.start)
        if denied or self.verdict(last).decision is Decision.DROP:
            return range(0)
        joined = last.start
        while joined > 0 and self.effects[joined - 1] is Effect.LINKING:
            joined -= 1
        return range(self.context.last_compared(0, last.start) + 1, joined)

    def _said_of(self, says: Callable[[int, int], bool]) -> set[str]:
        return {
            span.name.target
            for span in self.spans[:MOST_NAMES]
            if not isinstance(span.name, LookAlikeName) and says(span.start, span.end)
        }

    @cached_property
    def unexplained(self) -> list[int]:
        """The places of words that may belong to another disease's name."""
        small = len(self.words) <= SHORT_TEXT
        effects = self.lexicon.effects
        return [
            place
            for place, effect in enumerate(self.effects)
            if place not in self.covered
            and (
                effect is Effect.CHANGING
                or (effect is Effect.UNKNOWN and (small or effects.of_a_disease(self.words[place].word)))
            )
        ]

    @cached_property
    def _partings(self) -> list[int]:
        """The places of the words with which something else begins: behind a comma, or "with"."""
        return [i for i, token in enumerate(self.words) if token.gap is not Gap.NONE or token.word in _AFTER_NAME]

    def parting_after(self, place: int) -> int | None:
        """The first place from this one on where something else begins."""
        at = bisect_left(self._partings, place)
        return self._partings[at] if at < len(self._partings) else None

    def verdict(self, span: Span) -> Verdict:
        """What the rules decide about a name."""
        verdict = self._verdicts.get(span.start)
        if verdict is None:
            verdict = self._verdicts[span.start] = self._decide(span)
        return verdict

    def _decide(self, span: Span) -> Verdict:
        for rule in RULES_ALONE if self.is_one_name else RULES:
            if verdict := rule(self, span):
                return verdict
        return what_is_left(self, span)

    def beside(self, place: int, join: int) -> Folded | None:
        """The word at `place`, if no more than a space joins it at `join`."""
        joined = 0 <= place < len(self.words) and self.words[join].gap is Gap.NONE
        return self.words[place].word if joined else None

    def effect_beside(self, place: int, join: int) -> Effect | None:
        """The effect of the word at `place`, if no more than a space joins it at `join`."""
        joined = 0 <= place < len(self.words) and self.words[join].gap is Gap.NONE
        return self.effects[place] if joined else None

    def is_unknown_short_form(self, place: int) -> bool:
        """Whether the word at `place` is capitals that mean nothing here."""
        if not 0 <= place < len(self.words) or place in self.covered:
            return False
        return self.words[place].upper and self.effects[place] is Effect.UNKNOWN

    def has_own(self, target: str) -> bool:
        """Whether a word of the entry's own stands in the text."""
        if target not in self._own:
            self._own[target] = not self.lexicon.evidence[target].isdisjoint(self.vocabulary)
        return self._own[target]

    @cached_property
    def _kinds(self) -> list[str]:
        return kinds(self.words, self.effects, (*self.spans, *self.treatment), self._places_of_diseases())

    def _places_of_diseases(self) -> Iterator[int]:
        """The places of words that stand in no name here, but in diseases' names."""
        of_a_disease = self.lexicon.effects.of_a_disease
        for place, effect in enumerate(self.effects):
            if effect is Effect.UNKNOWN and place not in self.covered and of_a_disease(self.words[place].word):
                yield place

    @cached_property
    def _topic_places(self) -> Set[int]:
        return {place for span in self.weighty_topics for place in range(span.start, span.end)}

    def surroundings(self, span: Span) -> Surroundings:
        """What stands around a name, and what is weighed of the name itself."""
        topics = self._topic_places if self.weighty_topics else _NOWHERE
        return surroundings(span, self.words, self._kinds, topics, tuple(self._signs(span)))

    def _signs(self, span: Span) -> Iterator[str]:
        """What is weighed of the name itself: its kind, and what the text may say of it without a word that is sure."""
        yield f"<{type(span.name).__name__}>"
        if self.has_own(span.name.target):
            yield "<own>"
        if self.context.turns and self.context.was_before_a_turn(span.start, span.end):
            yield "<thought-before>"
        if self.context.turns and self._may_turn(span):
            yield "<may-turn>"
        if span.end in self._apart_from_the_last:
            yield "<another-last>"

    def speaks_for(self, span: Span) -> bool:
        """Whether the words around a name, which is no channel's, are together evidence that it is asked about."""
        is_weighed = len(self.words) >= WEIGHED and "#" not in self.words[span.start].mark
        return is_weighed and self._weight(span) >= FOR

    def speaks_against(self, span: Span) -> bool:
        """Whether the words around a name say, weighed together, that it is not asked about.

        They do not where they are few, or no more than a question's and a patient's.
        """
        beside = len(self.words) - (span.end - span.start)
        if beside <= SAYING_LITTLE or self.stands_alone(_OF_THE_CLINIC):
            return False
        weight = self._weight(span)
        if weight >= AGAINST:
            return False
        return weight + self._for_print < AGAINST

    @cached_property
    def _for_print(self) -> int:
        """What it weighs for every name that the text has been printed."""
        return min(max(weigh_text(self.kinds_of_words, self.lexicon.weights), 0), MOST_FOR_PRINT)

    @property
    def kinds_of_words(self) -> Set[str]:
        """What the text holds that tells print from a chat: words and kinds of words, and how it begins and ends."""
        begins = {"<capital>"} if self.words[0].written[:1].isupper() else set()
        ends = {"<full-stop>"} if "." in self.marks else set()
        return {*self._kinds, *begins, *ends}

    def _weight(self, span: Span) -> int:
        weight = self._weights.get(span.start)
        if weight is None:
            weight = self._weights[span.start] = weigh(self.surroundings(span), self.lexicon.weights)
        return weight

    @cached_property
    def _asked_of(self) -> list[Span]:
        """Where IVIG, or what is asked of it, is spoken of, and not for something that has no name here."""
        return [span for span in (*self.treatment, *self.weighty_topics) if not self._for_another(span)]

    @cached_property
    def _asked_begins(self) -> set[int]:
        return {span.start for span in self._asked_of}

    @cached_property
    def _asked_ends(self) -> set[int]:
        return {span.end for span in self._asked_of}

    def treatment_near(self, span: Span) -> bool:
        """Whether IVIG, or what is asked of it, is spoken of beside the name, with only known words between."""
        if not self._asked_of:
            return False
        for place in range(span.end, span.end + CLAUSE + 1):
            if place in self._asked_begins:
                return True
            if not self._joins(place):
                break
        for place in range(span.start - 1, span.start - CLAUSE - 2, -1):
            if place + 1 in self._asked_ends:
                return True
            if not self._joins(place):
                break
        return False

    @cached_property
    def treatment_for_no_other(self) -> bool:
        """Whether IVIG is spoken of, and not for something that has no name here."""
        return any(isinstance(span.name, TreatmentName) for span in self._asked_of)

    def _joins(self, place: int) -> bool:
        """Whether a known word stands there that ends no sentence before it."""
        return (
            0 <= place < len(self.words)
            and self.words[place].gap is not Gap.HARD
            and (place in self.covered or self.effects[place] in _OF_THE_CLINIC)
        )

    def _for_another(self, treatment: Span) -> bool:
        """Whether IVIG is said to be for something that has no name here: "IVIG for hypogammaglobulinaemia"."""
        place = treatment.end
        if place >= len(self.words) or self.words[place].word not in ("for", "in"):
            return False
        place += 1
        while place < len(self.words) and self.effects[place] in PASSED_OVER and place not in self.named:
            place += 1
        return place < len(self.words) and place not in self.covered and self.effects[place] is Effect.UNKNOWN

    @cached_property
    def _vouching(self) -> set[str]:
        """The entries that are named by more than what may be initials."""
        return {span.name.target for span in self._of_entries if not _may_be_initials(span)}

    @cached_property
    def _entries(self) -> set[str]:
        return {span.name.target for span in self._of_entries}

    @property
    def _of_entries(self) -> Iterator[Span]:
        return (span for span in self.spans if not isinstance(span.name, LookAlikeName))

    @cached_property
    def _taken_for(self) -> set[str]:
        """The entries that look-alikes are named of."""
        return {
            target
            for span in self.spans
            if isinstance(span.name, LookAlikeName)
            for target in span.name.look_alike.not_
        }

    @cached_property
    def spelt_out(self) -> set[str]:
        """The initials of the look-alikes that are written in words."""
        return {
            self.initials(span)
            for span in self.spans
            if isinstance(span.name, LookAlikeName) and span.end - span.start > 1
        }

    def has_look_alike(self, target: str) -> bool:
        """Whether a look-alike of the entry is named too."""
        return target in self._taken_for

    def others_vouch(self, span: Span) -> bool:
        """Whether another entry, or a look-alike of this one, is named too: "GBS vs CIDP", "GBS or botulism?"."""
        if len(self.spans) == 1:
            return False
        others = self._vouching if _may_be_initials(span) else self._entries
        return bool(others - {span.name.target}) or self.has_look_alike(span.name.target)

    def initials(self, span: Span) -> str:
        """The first letters of a name's words as they stand in the text."""
        return "".join(token.word[0] for token in self.words[span.start : span.end])


def _is_weighty(span: Span) -> bool:
    return isinstance(span.name, TopicName) and not span.name.topic.kind.alone


def _is_of_a_patient(token: Token) -> bool:
    """Whether it says how old or heavy somebody is, or ends a dose by weight: "7yo", "81kg", "2 g/kg"."""
    return bool(AGE.match(token.word) or WEIGHT.match(token.word)) or (token.word == "kg" and token.mark == "/")


def _may_be_initials(span: Span) -> bool:
    name = span.name
    return isinstance(name, AskedName) or (isinstance(name, AmbiguousName) and name.settings.evidence is Evidence.OWN)


def _means_nothing_else(span: Span) -> bool:
    name = span.name
    return isinstance(name, PlainName) or (isinstance(name, (FormName, LookAlikeName)) and not name.short)


# Rules on short forms that nothing lifts.


def not_as_it_is_spelt(sentence: Sentence, span: Span) -> Verdict | None:
    """Rare short forms count only in their own spelling: "cITP" is no "CITP"."""
    name = span.name
    if (
        isinstance(name, AmbiguousName)
        and name.written.isupper()
        and name.settings.evidence is not Evidence.LITTLE
        and _is_mixed(sentence.words[span.start].written)
    ):
        return None if sentence.has_own(name.target) else DROPPED
    exact = (isinstance(name, (FormName, LookAlikeName)) and name.short) or (
        isinstance(name, AmbiguousName) and name.settings.exact
    )
    if not exact or len(sentence.words) == 1:
        return None
    token = sentence.words[span.start]
    as_written = token.written.removesuffix("'s") == name.written or (token.upper and name.written.isupper())
    if as_written and not (isinstance(name, LookAlikeName) and sentence.shouted):
        return None
    return None if not isinstance(name, LookAlikeName) and sentence.has_own(name.target) else DROPPED


def _is_mixed(written: str) -> bool:
    letters = written.removesuffix("'s")
    return not (letters.isupper() or letters.islower() or letters.istitle())


def a_measure(sentence: Sentence, span: Span) -> Verdict | None:  # noqa: PLR0911  # one for each sign, in order
    """A unit is one behind a number, before a value, or beside the words of a measure: "60 mg", "Mg 0.6", "mg/kg"."""
    if not isinstance(span.name, AmbiguousName):
        return None
    written = sentence.words[span.start].written
    if written.endswith("s") and written[:-1].isalpha() and written[:-1].isupper() and span.name.written.isupper():
        return DROPPED  # "GBs" is the plural of another
    if not span.name.settings.unit:
        return None
    if written.istitle() and span.start:
        return DROPPED  # "Mg" is magnesium
    before, after = span.start - 1, span.end
    counted = sentence.beside(before - 1, before) not in _NUMBERED  # not "bed 2 MG"
    if sentence.effect_beside(before, span.start) is Effect.NUMBER and counted:
        return DROPPED
    follows = sentence.words[after] if after < len(sentence.words) else None
    if follows and (sentence.beside(after, after) in _PER or ("/" in follows.mark and follows.word in _OF_A_RATE)):
        return DROPPED
    fraction = after + 1 < len(sentence.words) and "/" in sentence.words[after + 1].mark
    value = sentence.effect_beside(after, after) is Effect.NUMBER and not fraction
    if written.isupper():
        return None
    if value:
        return DROPPED
    return AMBIGUOUS if sentence.words[span.start].word in sentence.units else None


_NUMBERED = frozenset({"bed", "bay", "room", "side", "case", "pt", "patient", "number", "day"})
_PER = frozenset({"of", "per"})
_OF_A_RATE = frozenset({"kg", "ml", "l", "dl", "day", "d", "h", "hr", "dose"})


def a_model(sentence: Sentence, span: Span) -> Verdict | None:
    """Letters before a number of many digits, or hyphened to one, are a model: "SLE 5000 ventilator", "MG-63"."""
    if not isinstance(span.name, AmbiguousName) or span.end >= len(sentence.words):
        return None
    word = sentence.words[span.end].word
    if not word.isdecimal() or sentence.words[span.end].gap is not Gap.NONE:
        return None
    hyphened = sentence.words[span.end].mark == "-"
    year = 1900 < int(word[:5]) < 2100
    return DROPPED if hyphened or (len(word) > 2 and not year) else None


def somebody(sentence: Sentence, span: Span) -> Verdict | None:  # noqa: PLR0911  # one for each sign, in order
    """Two or three letters that act, or stand behind a title or a greeting, are initials; a name may be a surname."""
    name = span.name
    if isinstance(name, LookAlikeName):
        return None
    context, words, start = sentence.context, sentence.words, span.start
    letters = name.written.isupper()
    joined = start > 1 and words[start].gap is Gap.NONE and not letters
    particle = joined and (words[start - 1].word in _PARTICLES or _is_a_letter(words[start - 1], name))
    labelled = words[start].gap is Gap.NONE or (words[start].mark == ":" and not letters)  # "surname: Kawasaki"
    if labelled and context.ends_before(start - particle, Trigger.TITLES):
        return DROPPED
    closes = words[start].gap < Gap.HARD and context.ends_before(start, Trigger.CLOSING)
    if closes and span.end == len(words):
        return DROPPED
    if _is_an_author(sentence, span):
        return DROPPED
    initials = len(name.written) <= INITIALS and not sentence.has_own(name.target)
    if not initials or sentence.nothing_but_joining:
        return None
    addressed = words[start].gap is Gap.NONE and context.ends_before(start, Trigger.ADDRESSING)
    if closes or (addressed and len(name.written) < INITIALS):
        return DROPPED
    after = words[span.end] if span.end < len(words) else None
    if len(name.written) == INITIALS:
        return None
    begins = words[start].gap >= Gap.SOFT or words[start - 1].word in ("and", "or")
    spoken = after is not None and (after.gap is Gap.NONE or after.mark in ("-", "–", ":"))
    acts = spoken and after is not None and after.word in sentence.lexicon.triggers.acting
    return _in_doubt(sentence, span) if acts and begins else None


def _in_doubt(sentence: Sentence, span: Span) -> Verdict:
    """Nothing, or an offer where the text speaks of IVIG and the words around the name speak for it."""
    return AMBIGUOUS if sentence.treatment and sentence.speaks_for(span) else DROPPED


def _is_an_author(sentence: Sentence, span: Span) -> bool:
    """Whether a first name's letter follows behind a comma: "Kawasaki, Y. et al."."""
    words, after = sentence.words, span.end
    if span.name.written.isupper() or after + 1 >= len(words) or words[after].mark != ",":  # "ITP, H. pylori"
        return False
    return len(words[after].written) == 1 and words[after].written.isupper() and words[after + 1].mark.startswith(".")


def _is_a_letter(token: Token, name: Name) -> bool:
    """Whether it stands for a first name: "Mr W Kawasaki"; not the "with" of "lady w dermatomyositis"."""
    return len(token.written) == 1 and (token.written != "w" or isinstance(name, AmbiguousName))


_PARTICLES = frozenset({"von", "van", "de", "du"})


def defined_otherwise(sentence: Sentence, span: Span) -> Verdict | None:
    """The text says that the letters stand for something else."""
    name = span.name
    ambiguous = isinstance(name, AmbiguousName) or (isinstance(name, FormName) and name.short)
    if ambiguous and not sentence.is_in_full(name.target):
        token = sentence.words[span.start]
        letters = token.written.removesuffix("'s")
        spelt_out = len(sentence.spans) > 1 and token.word in sentence.spelt_out
        if spelt_out or sentence.definitions.give_another(letters, name.target):
            return AMBIGUOUS if _is_beside_another_entry(sentence, span) else DROPPED
    bare = isinstance(name, PlainName) and span.end - span.start == 1 and "(" in sentence.words[span.start].mark
    return AMBIGUOUS if bare and sentence.has_look_alike(name.target) else None


def _is_beside_another_entry(sentence: Sentence, span: Span) -> bool:
    """Whether the letters are explained by another entry's name, so that either may be meant: "CIDP (GBS)"."""
    beside = (sentence.named.get(span.start - 1), sentence.named.get(span.end))
    return any(other and not refused(other.name) and other.name.target != span.name.target for other in beside)


def another_sense_beside(sentence: Sentence, span: Span) -> Verdict | None:
    """A word directly beside it shows that something else is meant: "DM me"."""
    name = span.name
    if isinstance(name, AmbiguousName) and name.not_beside:
        before = sentence.beside(span.start - 1, span.start)
        after = sentence.beside(span.end, span.end)
        if before in name.not_beside or after in name.not_beside:
            return _in_doubt(sentence, span)
    return None


# Rules on what is no entry.


def another_condition(sentence: Sentence, span: Span) -> Verdict | None:
    """A look-alike is refused by name; its short form only on evidence."""
    name = span.name
    if not isinstance(name, LookAlikeName):
        return None
    if name.short and len(name.written) <= INITIALS + 1 and not _look_alike_is_meant(sentence):
        return DROPPED
    return Verdict(Decision.REFUSE, Rule.LOOK_ALIKE)


def _look_alike_is_meant(sentence: Sentence) -> bool:
    return sentence.stands_alone(JOINING) or bool(sentence.treatment)


def a_refused_form(_: Sentence, span: Span) -> Verdict | None:
    """A form the document does not mention is refused as that."""
    name = span.name
    if isinstance(name, FormName) and name.form.reading is Reading.REFUSE:
        return Verdict(Decision.REFUSE, Rule.FORM, name.form.note)
    return None


# Rules on what the text says of a name.


def denied(sentence: Sentence, span: Span) -> Verdict | None:
    """The text says, here or beside another name of the entry, that it is not that."""
    if sentence.context.denies and span.name.target in sentence.denied_targets:
        return Verdict(Decision.OFFER, Rule.NEGATED)
    return None


def somebody_elses(sentence: Sentence, span: Span) -> Verdict | None:
    """The text says that somebody else has it."""
    context = sentence.context
    if context.has_others and context.of_somebody_else(span.start):
        return Verdict(Decision.OFFER, Rule.ANOTHERS)
    return None


def replaced(sentence: Sentence, span: Span) -> Verdict | None:
    """The text says that it was thought before, and is not thought now."""
    if sentence.context.tells_of_change and span.name.target in sentence.replaced_targets:
        return Verdict(Decision.OFFER, Rule.REPLACED)
    return None


def somebody_of_an_age(sentence: Sentence, span: Span) -> Verdict | None:
    """An eponym, a comma and an age are a patient: "Lewis Sumner, 34, laceration"."""
    words, end = sentence.words, span.end
    if span.name.written.isupper() or end >= len(words) or "," not in words[end].mark:
        return None
    aged = words[end].word.isdigit() or AGE.match(words[end].word)
    closed = end + 1 == len(words) or "," in words[end + 1].mark
    named = all(token.written[:1].isupper() and not token.written.isupper() for token in words[span.start : end])
    return AMBIGUOUS if aged and closed and named and span.end - span.start > 1 else None


def read_across_a_comma(sentence: Sentence, span: Span) -> Verdict | None:
    """A name read across a comma that is not written with one: "Miller, Fisher and Patel"."""
    inside = sentence.words[span.start + 1 : span.end]
    if not inside or "," in span.name.written:
        return None
    return AMBIGUOUS if any("," in token.mark for token in inside) else None


def only_offered(sentence: Sentence, span: Span) -> Verdict | None:
    """A name that may mean something else is offered, a short one only when it is the whole question."""
    if not isinstance(span.name, AskedName):
        return None
    short = span.end - span.start == 1 and len(span.name.written) < 6
    token = sentence.words[span.start]
    exclaimed = len(sentence.words) > 1 and not token.upper and span.name.written.isupper()  # "omg thanks"
    meant = sentence.stands_alone(_APART) and (not exclaimed or bool(sentence.treatment))
    return _in_doubt(sentence, span) if short and not meant else AMBIGUOUS


def changed(sentence: Sentence, span: Span) -> Verdict | None:
    """A word beside the name makes it another condition."""
    beside = _changed_before(sentence, span) or _changed_behind(sentence, span)
    return CHANGED if beside or sentence.is_another_by_its_neighbour(span) else None


def _changed_before(sentence: Sentence, span: Span) -> bool:
    words, place = sentence.words, span.start - 1
    if _is_an_animals(sentence, span):
        return True
    while place >= 0 and words[place + 1].gap is Gap.NONE and place not in sentence.named:
        if not _passed_over(sentence, place):
            if sentence.lexicon.effects.changes_before(words[place].word):
                return True
            break
        place -= 1
    return place >= 0 and _turned_round(sentence, span)


_ENDING_A_NAME = frozenset({Effect.NUMBER, Effect.MEASURE, Effect.CLINICAL})


def _changed_behind(sentence: Sentence, span: Span) -> bool:
    """Whether a word behind makes it another, with nothing between but words that say how the condition is.

    A number or a word of the clinic ends the name: behind one it can only be said whose the condition is.
    """
    words, effects, place = sentence.words, sentence.effects, span.end
    changes, ended = sentence.lexicon.effects, False
    while place < len(words) and words[place].gap < Gap.LINE and place not in sentence.covered:
        word = words[place].word
        if word == "in":  # "lupus in dogs", "in a cocker spaniel"
            has_animal = any(changes.is_of_an_animal(token.word) for token in words[place + 1 : place + 6])
            return has_animal or (not ended and Effect.CHANGING in effects[place + 1 : place + 4])
        ended = ended or effects[place] in _ENDING_A_NAME
        if not _passed_over(sentence, place):
            if words[place].gap is Gap.NONE:
                return changes.is_of_an_animal(word) if ended else changes.changes_after(word)
            if changes.is_of_an_animal(word):  # "ITP 8yo, spaniel"; not "ITP, dog bite"
                return place + 1 == len(words) or words[place + 1].gap is not Gap.NONE
            near = place - span.end <= 1  # "lupus, neonatal"
            return near and not ended and effects[place] is Effect.CHANGING and len(word) > 4
        place += 1
    return False


def _is_an_animals(sentence: Sentence, span: Span) -> bool:
    """Whether an animal has it: "mice with lupus nephritis", "a murine model of ITP"."""
    start = span.start
    while sentence.effect_beside(start - 1, start) in PASSED_OVER:  # "dogs with severe ITP"
        start -= 1
    if sentence.beside(start - 1, start) not in ("with", "of"):
        return False
    animal = sentence.beside(start - 2, start - 1)
    if animal == "model":
        animal = sentence.beside(start - 3, start - 2)
    return animal is not None and sentence.lexicon.effects.is_of_an_animal(animal)


def _turned_round(sentence: Sentence, span: Span) -> bool:
    """Whether one word before a comma makes it another condition's name: "pernio, lupus"."""
    words, before = sentence.words, span.start - 1
    alone = before == 0 or words[before].gap is not Gap.NONE
    foreign = sentence.lexicon.effects.is_foreign(words[before].word) or sentence.effects[before] is Effect.CHANGING
    return words[span.start].gap is Gap.SOFT and alone and foreign and before not in sentence.named


def _passed_over(sentence: Sentence, place: int) -> bool:
    """Whether the word says nothing about the condition beside it: it is neutral, or part of a topic."""
    effect = sentence.effects[place]
    return (
        effect in PASSED_OVER
        or effect is Effect.CLINICAL
        or (effect not in JOINING and effect is not Effect.CHANGING and place in sentence.covered)
    )


def inside_a_longer_name(sentence: Sentence, span: Span) -> Verdict | None:
    """In a text that is no sentence, a word that may belong to another disease makes the whole that disease's name.

    What follows the name after "with", "and" or a comma describes the patient, unless it is a word or two that a
    catalogue has put behind a comma ("lupus erythematosus, discoid"). Nor is a name part of another's that the words
    around it speak for; of initials they do not say so much.
    """
    unexplained = [] if sentence.is_sentence else sentence.unexplained
    if not unexplained or (not _may_be_initials(span) and sentence.speaks_for(span)):
        return None
    if _is_said_of_it(sentence, span, unexplained):
        return None
    first = unexplained[0]
    if first < span.end or Effect.CHANGING in sentence.effects_uncovered:
        return LONGER
    parting = sentence.parting_after(span.end)
    if parting is None or parting > first:
        return LONGER
    behind_comma = sentence.words[parting].gap is Gap.SOFT and len(sentence.words) - parting <= 2
    return LONGER if behind_comma else None


def _is_said_of_it(sentence: Sentence, span: Span, unexplained: list[int]) -> bool:
    """Whether the only words unheard of stand before "in" and the name, and none is of a disease: "Etanercept in …"."""
    changes = sentence.lexicon.effects
    return sentence.beside(span.start - 1, span.start) == "in" and all(
        place < span.start - 1 and (sentence.speaks_for(span) or not changes.of_a_disease(sentence.words[place].word))
        for place in unexplained
    )


def an_asked_form(_: Sentence, span: Span) -> Verdict | None:
    """A form that the editors want asked about."""
    name = span.name
    if isinstance(name, FormName) and name.form.reading is Reading.ASK:
        return Verdict(Decision.OFFER, Rule.FORM)
    return None


def without_evidence(sentence: Sentence, span: Span) -> Verdict | None:
    """A name that may mean something else answers only where the text gives evidence."""
    name = span.name
    if isinstance(name, FormName) and name.short:
        meant = (
            sentence.stands_alone(_APART)
            or sentence.is_in_full(name.target)
            or sentence.has_own(name.target)
            or bool(sentence.treatment)
            or (sentence.is_clinical and not _is_of_a_compound(sentence, span))
        )
        return None if meant else AMBIGUOUS
    if not isinstance(name, AmbiguousName) or sentence.is_in_full(name.target):
        return None
    return _without_evidence_of(sentence, span, name)


def outweighed(sentence: Sentence, span: Span) -> Verdict | None:
    """In a text that is more than a name, the words around it say together that it is not asked about."""
    return OUTWEIGHED if sentence.speaks_against(span) else None


def _without_evidence_of(  # noqa: PLR0911  # one for each sign
    sentence: Sentence, span: Span, name: AmbiguousName
) -> Verdict | None:
    settings = name.settings
    small = (settings.capitals or settings.unit) and not sentence.words[span.start].upper
    own = sentence.has_own(name.target)
    if not name.not_with.isdisjoint(sentence.vocabulary):
        return AMBIGUOUS if own or not small else DROPPED
    counted = settings.evidence is Evidence.OWN and _is_counted(sentence, span)
    if not counted and _is_the_whole_text(sentence, span, small=small):
        return AMBIGUOUS if (settings.ask and not own) or (sentence.treatment and small) else None
    if own:
        return AMBIGUOUS if _is_a_full_name_of_somebody(sentence, span) else None
    if settings.ask or small:
        asked = sentence.treatment or sentence.weighty_topics
        return AMBIGUOUS if asked or not small else DROPPED
    if _is_a_full_name_of_somebody(sentence, span):
        return AMBIGUOUS
    if settings.evidence is Evidence.LITTLE and sentence.stands_alone(_KNOWN):
        return None
    if sentence.others_vouch(span):
        return None
    if _is_of_a_compound(sentence, span) and not sentence.speaks_for(span):
        return AMBIGUOUS
    if settings.evidence is not Evidence.OWN:
        return None if sentence.is_clinical or sentence.treatment or sentence.speaks_for(span) else AMBIGUOUS
    spoken_of = sentence.treatment_near(span) or (
        len(name.written) >= INITIALS and name.written.isupper() and sentence.treatment_for_no_other
    )
    for_another = bool(sentence.treatment) and not sentence.treatment_for_no_other
    return None if spoken_of or (sentence.speaks_for(span) and not for_another) else AMBIGUOUS


def _is_the_whole_text(sentence: Sentence, span: Span, *, small: bool) -> bool:
    """Whether nothing but known words stands beside it; beside a unit's letters, nothing but a question's."""
    if "#" in sentence.words[span.start].mark and len(sentence.words) > 1:
        return False
    return sentence.nothing_but_joining if small else sentence.stands_alone(_OF_THE_CLINIC)


_OWNING = frozenset({"a", "an", "my", "your"})
_DESCRIBED = frozenset({Effect.CLINICAL, Effect.NEUTRAL, Effect.CONDITION, Effect.ORDINARY})


def _is_of_a_compound(sentence: Sentence, span: Span) -> bool:
    """Whether the words around say it is a thing: "an SLE", "Kawasaki exhaust", "WNV and SLE" with words unheard of."""
    before, after = span.start - 1, span.end
    follows = sentence.effect_beside(after, after)
    if follows is Effect.UNKNOWN or _is_counted(sentence, span):
        return True
    if sentence.beside(before, span.start) in _OWNING and follows not in _DESCRIBED:
        return True
    slashed_before = "/" in sentence.words[span.start].mark and sentence.is_unknown_short_form(before)
    slashed_after = (
        after < len(sentence.words) and "/" in sentence.words[after].mark and sentence.is_unknown_short_form(after)
    )
    listed_before = sentence.beside(before, span.start) in ("and", "or") and sentence.is_unknown_short_form(before - 1)
    listed_after = sentence.beside(after, after) in ("and", "or") and sentence.is_unknown_short_form(after + 1)
    return slashed_before or slashed_after or listed_before or listed_after


_OF_A_DOSE = frozenset({"g", "gm", "gram"})


def _is_counted(sentence: Sentence, span: Span) -> bool:
    """Whether a bare number stands behind it: "ITP 3.2", "GBS 12", "GBS >2"; not "GBS 2 weeks ago"."""
    after = span.end
    if after >= len(sentence.words) or sentence.words[after].mark not in ("", ">", "<", "=", "≥", "≤"):
        return False
    unit = sentence.effect_beside(after + 1, after + 1)
    is_a_dose = sentence.beside(after + 1, after + 1) in _OF_A_DOSE  # "ITP 1 g/kg"
    return sentence.effects[after] is Effect.NUMBER and unit not in (Effect.ORDINARY, Effect.NEUTRAL) and not is_a_dose


def _is_a_full_name_of_somebody(sentence: Sentence, span: Span) -> bool:
    """Whether it stands behind a proper name that nobody knows here: "Yuki Kawasaki", "Anarhichas lupus"."""
    before = span.start - 1
    if len(span.name.written) < INITIALS + 2 or sentence.effect_beside(before, span.start) is not Effect.UNKNOWN:
        return False
    written = sentence.words[before].written
    return written[:1].isupper() and not written.isupper()


def what_is_left(sentence: Sentence, span: Span) -> Verdict:
    """The name counts."""
    name = span.name
    if isinstance(name, FormName):
        return Verdict(Decision.ANSWER, Rule.FORM, name.form.note or FORM_NOTE)
    misspelt = True in [token.misspelt for token in sentence.words[span.start : span.end]]
    if misspelt or is_misspelt(name):
        return MISSPELT
    return SHORT if isinstance(name, AmbiguousName) and len(name.written) <= LONGEST_SHORT_FORM else NAMED


RULES: Sequence[Callable[[Sentence, Span], Verdict | None]] = (
    not_as_it_is_spelt,
    a_measure,
    a_model,
    somebody,
    another_sense_beside,
    another_condition,
    a_refused_form,
    defined_otherwise,
    denied,
    somebody_elses,
    replaced,
    somebody_of_an_age,
    read_across_a_comma,
    only_offered,
    changed,
    inside_a_longer_name,
    an_asked_form,
    without_evidence,
    outweighed,
)

_OF_WHAT_STANDS_BESIDE = frozenset(
    {
        a_model,
        somebody,
        another_sense_beside,
        defined_otherwise,
        denied,
        somebody_elses,
        replaced,
        somebody_of_an_age,
        changed,
        inside_a_longer_name,
        outweighed,
    }
)
RULES_ALONE = tuple(rule for rule in RULES if rule not in _OF_WHAT_STANDS_BESIDE)
"""The rules that may speak of a name that is the whole text."""


def runs(sentence: Sentence) -> Iterator[list[int]]:
    """The places of words that stand together, with no small word or line's end between."""
    run: list[int] = []
    for place, effect in enumerate(sentence.effects):
        if (
            effect in JOINING
            or effect in (Effect.ORDINARY, Effect.MEASURE, Effect.MASKED)
            or sentence.words[place].gap >= Gap.LINE
        ):
            if run:
                yield run
            run = []
        if effect not in JOINING and effect not in (Effect.ORDINARY, Effect.MEASURE, Effect.MASKED):
            run.append(place)
    if run:
        yield run
