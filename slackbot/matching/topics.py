"""What a text asks about IVIG itself, and whether somebody is in trouble now.

Only the name of a topic brings a topic. Where no condition is named, nothing but known words may stand beside it: a
question about a disease that is not in the document is a miss. What may befall somebody (an event: headache, clot)
counts only where the text lays it to IVIG; another treatment only beside an entry or compared with IVIG.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from slackbot.content.schema import Topic, TopicKind
from slackbot.matching.effects import JOINING, Effect
from slackbot.matching.names import (
    AmbiguousName,
    AskedName,
    Counts,
    FormName,
    PlainName,
    Span,
    TopicName,
    TreatmentName,
)
from slackbot.matching.rules import Decision, Sentence
from slackbot.words.tokens import Folded, Gap, Token

CLOSE = 6  # words between an event and the infusion it is laid to
_KNOWN = JOINING | {Effect.NUMBER, Effect.MEASURE, Effect.ORDINARY, Effect.CLINICAL, Effect.MASKED}
_THANKING = JOINING | {Effect.MASKED}  # "thanks @ivig"
_LIVE = JOINING | {Effect.NUMBER, Effect.MEASURE, Effect.ORDINARY, Effect.CLINICAL}
_FOR = frozenset({"for", "in"})
_UNDER_WAY = frozenset({"running", "started", "ongoing"})
_WITH = frozenset({"with", "w"})

_READING = TreatmentName("a reading")


class Infusion(NamedTuple):
    """Where IVIG or an infusion is spoken of, and how it is joined to what stands before it."""

    start: int
    end: int
    relation: int | None
    """The place of the word that says "during", "after", "on" …; None when none does."""


def topics_of(sentence: Sentence, *, conditions: bool) -> list[Topic]:
    """The topics of a text, a reaction that happens now first. `conditions`: whether any condition was read in it."""
    measured = sentence.lexicon.reaction_words.measured
    if not sentence.topics and measured.isdisjoint([token.word for token in sentence.words]):
        return []
    topics = _Topics(sentence)
    emergency = topics.emergency()
    return [*([emergency] if emergency else []), *topics.asked(conditions=conditions)]


class _Topics:
    """The topics of one text."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._words = sentence.lexicon.reaction_words
        self._spans = [(span, span.name) for span in sentence.topics if isinstance(span.name, TopicName)]

    @cached_property
    def _infusions(self) -> list[Infusion]:
        """Where IVIG or an infusion is spoken of, in order."""
        return list(self._find_infusions())

    @cached_property
    def _infusion_starts(self) -> list[int]:
        return [infusion.start for infusion in self._infusions]

    @cached_property
    def _longest_infusion(self) -> int:
        return max((infusion.end - infusion.start for infusion in self._infusions), default=0)

    @cached_property
    def _infusion_ends(self) -> set[int]:
        return {infusion.end for infusion in self._infusions}

    def emergency(self) -> Topic | None:
        """The topic of a reaction that is happening now; None when the text tells of none."""
        emergency = self._sentence.lexicon.emergency
        if emergency is None:
            return None
        spans = [(span, name) for span, name in self._spans if name.topic.kind is TopicKind.EMERGENCY]
        measured = self._places_of(self._words.measured)
        if not (spans or measured) or self._is_hypothetical():
            return None
        if any(self._happens(span, name) for span, name in spans) or self._has_reading_during_infusion(measured):
            return emergency
        return None

    def _happens(self, span: Span, name: TopicName) -> bool:
        """Whether the text tells of it as happening: a sign only beside an infusion, what is severe by itself too."""
        if name.counts is Counts.EVENT:
            return self._is_laid_to_infusion(span)
        return not self._is_indication(span) and (self._is_now or self._is_laid_to_infusion(span))

    def asked(self, *, conditions: bool) -> list[Topic]:
        """The topics asked about, in order. `conditions` says whether any condition was read in the text."""
        counting = [(span, name.topic) for span, name in self._spans if self._counts(span, name)]
        weighty = [topic for _, topic in counting if not topic.kind.alone]
        if conditions:
            return weighty
        named = {place for span, _ in counting for place in range(span.start, span.end)}
        if weighty:
            return weighty if self._all_else_is(_KNOWN, named | self._of_infusions()) else []
        first = [topic for _, topic in counting[:1]]
        small = _THANKING if first and first[0].kind is TopicKind.THANKS else JOINING
        return first if self._all_else_is(small, named) else []

    def _of_infusions(self) -> set[int]:
        """The places of words that only say during which infusion: "headache during the second ivig"."""
        return {
            place
            for infusion in self._infusions
            if infusion.relation is not None
            for place in range(infusion.relation, infusion.end)
        }

    def _all_else_is(self, effects: frozenset[Effect], named: set[int]) -> bool:
        """Whether all words beside the topics have these effects, and none names a condition."""
        sentence = self._sentence
        return sentence.named.keys() <= named and all(
            effect in effects or place in named for place, effect in enumerate(sentence.effects)
        )

    def _counts(self, span: Span, name: TopicName) -> bool:
        if name.topic.kind is TopicKind.EMERGENCY:
            return False
        if name.counts is Counts.EVENT:
            return self._is_laid_to_infusion(span)
        return name.counts is Counts.NAME or self._names_an_entry or self._is_compared(span)

    @cached_property
    def _names_an_entry(self) -> bool:
        return any(
            isinstance(span.name, PlainName | FormName | AmbiguousName | AskedName)
            and self._sentence.verdict(span).decision in (Decision.ANSWER, Decision.OFFER)
            for span in self._sentence.spans
        )

    def _is_compared(self, span: Span) -> bool:
        """Whether the treatment stands beside IVIG with a word that compares or joins them: "PLEX or ivig"."""
        words, treatment = self._sentence.words, self._sentence.treatment
        starts, ends = {other.start for other in treatment}, {other.end for other in treatment}
        for size in (1, 2):
            before, after = span.start - size, span.end + size
            if before in ends and self._compare(words[before : span.start]):
                return True
            if after in starts and self._compare(words[span.end : after]):
                return True
        return False

    def _compare(self, words: Iterable[Token]) -> bool:
        return all(token.word in self._words.comparing for token in words)

    def _find_infusions(self) -> Iterable[Infusion]:
        words = self._sentence.words
        ends = {span.start: span.end for span in self._sentence.treatment}
        related: int | None = None  # the word that an infusion beginning here would be joined to
        for place, token in enumerate(words):
            joined = token.gap < Gap.HARD
            if place in ends or token.word in self._words.infusion:
                yield Infusion(place, ends.get(place, place + 1), related if joined else None)
            if not joined:
                related = None
            if token.word in self._words.during:
                related = place
            elif related is not None and not self._describes(place):
                related = None

    def _describes(self, place: int) -> bool:
        """Whether the word only says which infusion: "the second", "his first dose of", "day 2"."""
        return self._sentence.effects[place] in (
            Effect.LINKING,
            Effect.NUMBER,
            Effect.MEASURE,
            Effect.NEUTRAL,
            Effect.ASKING,
        )

    def _is_laid_to_infusion(self, span: Span) -> bool:
        """Whether what stands at `span` came with an infusion: "headache after ivig", "on ivig, lips swelling"."""
        words = self._sentence.words
        if span.end < len(words) and words[span.end].word == "to" and words[span.end].gap is Gap.NONE:
            return False  # "unresponsive to first IVIG"
        for infusion in self._infusions_near(span):
            inside = span.start <= infusion.start < span.end
            if inside:
                return True
            if infusion.start >= span.end:
                if infusion.start - span.end > CLOSE or infusion.relation is None or infusion.relation < span.end:
                    continue
                had_before = words[infusion.relation].word == "on" and self._is_had(span)  # "pt with migraine on ivig"
                if not had_before and not self._is_indication(span):
                    return True
            elif span.start - infusion.end <= CLOSE:
                follows = words[infusion.end].word if infusion.end < len(words) else ""
                causes = any(words[at].word in self._words.causing for at in range(infusion.end, span.start))
                if follows not in _FOR and (infusion.relation is not None or causes or follows in _UNDER_WAY):
                    return True
        return False

    def _infusions_near(self, span: Span) -> list[Infusion]:
        """The infusions that begin or end no more than CLOSE words from the span, in order."""
        first = bisect_left(self._infusion_starts, span.start - CLOSE - self._longest_infusion)
        return self._infusions[first : bisect_right(self._infusion_starts, span.end + CLOSE)]

    def _is_had(self, span: Span) -> bool:
        words = self._sentence.words
        return any(words[place].word in _WITH for place in range(max(span.start - CLOSE, 0), span.start))

    def _is_indication(self, span: Span) -> bool:
        words = self._sentence.words
        return span.start > 1 and words[span.start - 1].word in _FOR and span.start - 1 in self._infusion_ends

    @cached_property
    def _is_now(self) -> bool:
        """Whether the text says no more than that it happens, or says that it happens now."""
        return bool(self._places_of(self._words.now)) or self._sentence.stands_alone(_LIVE)

    def _is_hypothetical(self) -> bool:
        return bool(self._places_of(self._words.hypothetical))

    def _places_of(self, listed: frozenset[Folded]) -> list[int]:
        return [place for place, token in enumerate(self._sentence.words) if token.word in listed]

    def _has_reading_during_infusion(self, measured: Iterable[int]) -> bool:
        """Whether a pressure or a saturation is given with an infusion: "BP 70/40 during ivig"."""
        words, effects = self._sentence.words, self._sentence.effects
        for place in measured:
            near = range(place + 1, min(place + 4, len(words)))
            number = next((at for at in near if effects[at] is Effect.NUMBER or words[at].word.isdigit()), None)
            if number is not None and self._is_laid_to_infusion(Span(place, number + 1, _READING)):
                return True
        return False
