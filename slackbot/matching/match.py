"""What a text asks about: names answer on evidence, near ones are offered, and nothing is guessed.

`Matcher.match` reads a text in steps:

1. The text becomes words (`words.tokens`); known misspellings become the right word.
2. Names from the data file are found at word borders, longest first. Look-alikes and forms are names too,
   so "lupus anticoagulant" uses up its words and leaves no lupus behind.
3. The rules (`rules.RULES`) decide about each name, in order; the last of them weighs the words around it.
4. Where nothing answers, names turned round by a catalogue are read ("purpura, thrombocytopenic, idiopathic"), then
   words are compared letter by letter with those of the names.

Nothing typed is kept: a match holds ids and words of the data file only.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from slackbot.content.schema import Content, Topic, TopicKind
from slackbot.matching.effects import Effect
from slackbot.matching.lexicon import Lexicon
from slackbot.matching.names import AmbiguousName, LookAlikeName, Name, Span
from slackbot.matching.rules import MOST_NAMES, Decision, Rule, Sentence, Verdict, runs
from slackbot.matching.topics import topics_of
from slackbot.words.lists import Language, load_language
from slackbot.words.tokens import LONGEST, Folded, Gap, Token, phrase

LONGEST_NAME = 100
LONGEST_QUESTION = 40  # words; a longer text that is answered is not looked through for what it misspells
MOST_COMPARED = 60  # words of one text compared letter by letter; more are no question


class Outcome(StrEnum):
    """What a card is about, the weightiest first."""

    EMERGENCY = "emergency"
    ANSWERED = "answered"
    REFUSED = "refused"
    SUGGESTED = "suggested"
    TOPIC = "topic"
    HELP = "help"
    LIST = "list"
    ABOUT = "about"
    THANKS = "thanks"
    MISS = "miss"


class Reading(Struct, frozen=True):
    """How some words were read. `words` come from the data file, never from the text."""

    words: str
    outcome: Outcome
    target: str
    """The id of an entry or topic, or the name of a look-alike or form."""
    rule: Rule
    note: str | None = None
    """What the data file says to add on the card."""


class Match(Struct, frozen=True):
    """What a text asks about. Ids of entries and topics, names of look-alikes, each in the order asked."""

    answered: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    outcome: Outcome = Outcome.MISS
    public: bool = False
    """Whether known names and joining words account for the whole text, so that all may see it."""
    cut: bool = False
    """Whether the text was longer than what is read of one, so that more may stand in it."""


class Matcher:
    """Reads texts against one content. Building it takes a few hundredths of a second, so a door builds one."""

    def __init__(self, content: Content, language: Language | None = None) -> None:
        self.content = content
        self.language = language or load_language()
        self.lexicon = Lexicon(content, self.language)

    def match(self, text: str) -> Match:
        """What `text` (as typed, any length) asks about, among all that the content knows. Never raises."""
        cut = len(text) > LONGEST
        sentence = self.sentence(text)
        readings = _readings(sentence)
        if not _answers(readings):
            inverted = _inverted(sentence)
            readings = inverted if _answers(inverted) else _with_near(readings, sentence)
        elif len(sentence.words) <= LONGEST_QUESTION and Effect.UNKNOWN in sentence.effects_uncovered:
            readings = readings + _near_others(readings, sentence)
        return _result(readings, sentence, cut=cut)

    def sentence(self, text: str) -> Sentence:
        """The words of `text`, as far as it is read, with the names found among them."""
        text = text[:LONGEST]
        marks = {mark for mark in "?!" if mark in text}
        if text.rstrip().endswith("."):
            marks.add(".")
        return Sentence(self.lexicon.read(text), self.lexicon, marks)


_OUTCOMES = {
    Decision.ANSWER: Outcome.ANSWERED,
    Decision.OFFER: Outcome.SUGGESTED,
    Decision.REFUSE: Outcome.REFUSED,
}


def _readings(sentence: Sentence) -> list[Reading]:
    """What each name comes to; those that are dropped are left out."""
    return [
        _reading(span.name, verdict)
        for span in sentence.spans[:MOST_NAMES]
        if (verdict := sentence.verdict(span)).decision is not Decision.DROP
    ]


def _reading(name: Name, verdict: Verdict) -> Reading:
    target = name.written if verdict.decision is Decision.REFUSE else name.target
    return Reading(name.written, _OUTCOMES[verdict.decision], target, verdict.rule, verdict.note)


def _topic_reading(topic: Topic) -> Reading:
    return Reading(topic.label, _TOPIC_OUTCOMES[topic.kind], topic.id, Rule.TOPIC, topic.note)


def _inverted(sentence: Sentence) -> list[Reading]:
    """Catalogues turn names round: "purpura, thrombocytopenic, idiopathic". Read backwards, part by part."""
    if Gap.SOFT not in [token.gap for token in sentence.words]:  # nothing has parts without a comma
        return []
    if sentence.is_sentence or Effect.NUMBER in sentence.effects:  # no name has one: "Miller Fisher, 34"
        return []
    if any(isinstance(span.name, AmbiguousName) for span in sentence.spans):
        return []
    parts: list[list[Token]] = [[]]
    for token in sentence.words:
        if token.gap is Gap.SOFT:
            parts.append([])
        parts[-1].append(token)
    if not 2 <= len(parts) <= 4:
        return []
    words = [replace(token, gap=Gap.NONE, mark="") for part in reversed(parts) for token in part]
    turned = Sentence(words, sentence.lexicon)
    names = [span.name for span in turned.spans]
    written = {name.written for name in names}
    alike = len({name.target for name in names}) == 1 or all(len(phrase(each)) > 1 for each in written)
    return _readings(turned) if alike else []


def _with_near(readings: list[Reading], sentence: Sentence) -> list[Reading]:
    """The readings, and those of names that words are nearly spelt like: each word, then those together as one."""
    if _is_known(sentence):
        return readings
    corrected = _corrected(sentence)
    near = list(_near_readings(corrected)) if corrected else []
    if not near and all(isinstance(span.name, LookAlikeName) for span in sentence.spans):
        near = [Reading(name.written, Outcome.SUGGESTED, name.target, Rule.NEAR) for name in _near_runs(sentence)]
    return readings + near


def _near_others(readings: list[Reading], sentence: Sentence) -> list[Reading]:
    """Beside what is answered, names of other entries that words are nearly spelt like: they are only offered."""
    named = {reading.target for reading in readings}
    corrected = _corrected(sentence)
    near = _near_readings(corrected) if corrected else ()
    return [replace(reading, outcome=Outcome.SUGGESTED, note=None) for reading in near if reading.target not in named]


def _is_known(sentence: Sentence) -> bool:
    """Whether the text is no more than one name, or words of topics: it is spelt like nothing else then."""
    if not sentence.spans:
        return len(sentence.covered) == len(sentence.words)
    return sentence.is_one_name


def _effect_towards(sentence: Sentence, place: int, step: int) -> Effect | None:
    """What the first word does from `place` on that says more than how a disease is: "aexperimental autoimmune …"."""
    effects = sentence.effects
    while 0 <= place < len(effects) and effects[place] is Effect.NEUTRAL:
        place += step
    return effects[place] if 0 <= place < len(effects) else None


def _may_be_another(corrected: Sentence, span: Span) -> bool:
    """Whether a look-alike, a word that changes names, or one unheard of beside it may make it another name."""
    look_alikes = (other.name for other in corrected.spans if isinstance(other.name, LookAlikeName))
    beside = {_effect_towards(corrected, span.start - 1, -1), _effect_towards(corrected, span.end, 1)}
    changed = Effect.UNKNOWN in beside or Effect.CHANGING in corrected.effects_uncovered
    return changed or any(span.name.target in name.look_alike.not_ for name in look_alikes)


class _Corrected(NamedTuple):
    """A text with its misspelt words put right, the places of those, and whether it is sure what was meant."""

    sentence: Sentence
    places: Mapping[int, bool]


def _near_readings(corrected: _Corrected) -> Iterator[Reading]:
    """What the names come to that have a word which was put right."""
    for span in corrected.sentence.spans:
        sure = [corrected.places[place] for place in range(span.start, span.end) if place in corrected.places]
        if sure:
            verdict = corrected.sentence.verdict(span)
            certain = all(sure) and not _may_be_another(corrected.sentence, span)
            if verdict.decision is Decision.ANSWER and certain:
                yield Reading(span.name.written, Outcome.ANSWERED, span.name.target, Rule.NEAR, verdict.note)
            elif verdict.decision in (Decision.ANSWER, Decision.OFFER) and verdict.rule is not Rule.CHANGED:
                yield Reading(span.name.written, Outcome.SUGGESTED, span.name.target, Rule.NEAR)


def _corrected(sentence: Sentence) -> _Corrected | None:
    """The text with its misspelt words put right; None when it has none."""
    words: list[Token] = []
    places: dict[int, bool] = {}
    compared: dict[Folded, tuple[Sequence[Folded], bool]] = {}
    tries = 0
    for token, effect in zip(sentence.words, sentence.effects, strict=True):
        near: Sequence[Folded] = ()
        if effect is Effect.UNKNOWN and tries < MOST_COMPARED and not token.misspelt and token.word.isalpha():
            if token.word not in compared:
                compared[token.word] = sentence.lexicon.near_words(token.word)
            near, sure = compared[token.word]
            places |= dict.fromkeys(range(len(words), len(words) + len(near)), sure)
            tries += 1
        words += [token.as_word(word) for word in near] or [token]
    return _Corrected(Sentence(words, sentence.lexicon, sentence.marks), places) if places else None


def _near_runs(sentence: Sentence) -> Iterator[Name]:
    """The names that words standing together are nearly spelt like."""
    for tries, run in enumerate(runs(sentence)):
        if tries < MOST_COMPARED and (name := _near_run(run, sentence)):
            yield name


def _near_run(run: list[int], sentence: Sentence) -> Name | None:
    """The name that a run of words is nearly spelt like, with or without the harmless words around it."""
    bare = [i for i in run if sentence.effects[i] in (Effect.UNKNOWN, Effect.CHANGING) or i in sentence.named]
    if not bare:
        return None
    for first, last in dict.fromkeys(((bare[0], bare[-1]), (bare[0], run[-1]), (run[0], run[-1]))):
        joined = "".join(token.word for token in sentence.words[first : last + 1])
        letters = sum(len(sentence.words[i].word) for i in bare)
        name = sentence.lexicon.near_name(joined, letters) if len(joined) < LONGEST_NAME else None
        if name:
            return name
    return None


def _result(readings: list[Reading], sentence: Sentence, *, cut: bool) -> Match:
    """Put the readings together."""
    targets = _targets(readings)
    answered = targets.get(Outcome.ANSWERED, ())
    lookalikes = targets.get(Outcome.REFUSED, ())
    suggested = tuple(target for target in targets.get(Outcome.SUGGESTED, ()) if target not in answered)
    if answered and lookalikes:
        readings = _concerning(readings, answered, sentence)
        lookalikes = _targets(readings).get(Outcome.REFUSED, ())
    topics = topics_of(sentence, conditions=bool(answered or suggested))
    if topics:
        readings = readings + [_topic_reading(topic) for topic in topics]
    return Match(
        answered=answered,
        suggested=suggested,
        lookalikes=lookalikes,
        topics=tuple(dict.fromkeys([topic.id for topic in topics])) if topics else (),
        readings=tuple(readings),
        outcome=_outcome(answered, lookalikes, suggested, topics, bool(sentence.words)),
        public=bool(answered) and not suggested and not topics and sentence.nothing_but_joining,
        cut=cut,
    )


def _concerning(readings: list[Reading], answered: tuple[str, ...], sentence: Sentence) -> list[Reading]:
    """The readings, of the refusals beside an answer only those that concern an answered entry."""
    concerned: dict[str, tuple[str, ...]] = {}
    for span in sentence.spans:
        of = span.name.look_alike.not_ if isinstance(span.name, LookAlikeName) else (span.name.target,)
        concerned.setdefault(span.name.written, of)
    return [
        reading
        for reading in readings
        if reading.outcome is not Outcome.REFUSED or not set(answered).isdisjoint(concerned.get(reading.words, ()))
    ]


def _targets(readings: list[Reading]) -> Mapping[Outcome, tuple[str, ...]]:
    """For each outcome what its readings mean, each once, in order."""
    targets: dict[Outcome, tuple[str, ...]] = {}
    for reading in readings:
        others = targets.get(reading.outcome, ())
        if reading.target not in others:
            targets[reading.outcome] = (*others, reading.target)
    return targets


_TOPIC_OUTCOMES = {
    TopicKind.EMERGENCY: Outcome.EMERGENCY,
    TopicKind.NOT_COVERED: Outcome.TOPIC,
    TopicKind.SAFETY: Outcome.TOPIC,
    TopicKind.BOXED_WARNING: Outcome.TOPIC,
    TopicKind.HELP: Outcome.HELP,
    TopicKind.LIST: Outcome.LIST,
    TopicKind.ABOUT: Outcome.ABOUT,
    TopicKind.THANKS: Outcome.THANKS,
}


def _outcome(
    answered: tuple[str, ...],
    lookalikes: tuple[str, ...],
    suggested: tuple[str, ...],
    topics: list[Topic],
    anything_typed: bool,
) -> Outcome:
    if topics and topics[0].kind is TopicKind.EMERGENCY:  # which comes first
        return Outcome.EMERGENCY
    if answered:
        return Outcome.ANSWERED
    if lookalikes:
        return Outcome.REFUSED
    if suggested:
        return Outcome.SUGGESTED
    if topics:
        return _TOPIC_OUTCOMES[topics[0].kind]
    return Outcome.MISS if anything_typed else Outcome.HELP


def _answers(readings: list[Reading]) -> bool:
    return Outcome.ANSWERED in [reading.outcome for reading in readings]
