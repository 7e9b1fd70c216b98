"""What a text asks about: exact names answer, near ones are asked, and nothing is guessed.

`Matcher.match` reads a text in steps; those after the second only take answers away:

1. The text becomes words (`normalize.tokens`); known misspellings become the right word.
2. Names from the data file are found at word borders, longest first. Look-alikes and forms are names too,
   so "lupus anticoagulant" uses up its words and leaves no lupus behind.
3. A short form counts only in its context ("MG" is no milligram), and where the text does not spell it out otherwise.
4. A word beside a name that changes the condition ("neonatal lupus"), or that nobody has heard of, turns the
   answer into a question.
5. A text without a word that asks something (is, should, ivig …) may itself be the name of a disease.
   Then every word must be accounted for, or the answer becomes a question: a name inside a longer name
   that is not ours never answers.
6. What is left is compared, letter by letter, with the names: what is near is asked, never answered.

Nothing typed is kept: a match holds ids and words of the data file only.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from slackbot.content.schema import Abbreviation, Content, Form, InSentence, Topic, TopicKind
from slackbot.content.schema import Reading as FormReading
from slackbot.matching.definitions import Definitions
from slackbot.matching.lexicon import JOINING, LONG, Effect, Kind, Lexicon, Name, Span
from slackbot.words.tokens import Gap, Token, phrase

FORM_NOTE = "The document does not discuss this form."


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
    NEGATED = "after a word that says it is not that"
    NEAR = "spelt nearly like a name of the entry"
    TOPIC = "a topic"
    IGNORED = "not in a context in which it counts"


@dataclass(frozen=True, slots=True)
class Reading:
    """How some words were read. `words` come from the data file, never from the text."""

    words: str
    outcome: Outcome
    target: str
    """The id of an entry or topic, or the name of a look-alike or form."""
    rule: Rule
    note: str | None = None
    """What the data file says to add on the card."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a text asks about. Ids of entries and topics, names of look-alikes, each in the order asked."""

    answered: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    outcome: Outcome = Outcome.MISS
    public: bool = False
    """Whether known names and joining words account for the whole text, so that all may see it."""


class Matcher:
    """Reads texts against one content. Building it takes a few hundredths of a second, so a door builds one."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._lexicon = Lexicon(content)

    def match(self, text: str) -> Match:
        """What `text` (as typed, any length) asks about, among all that the content knows. Never raises."""
        sentence = _Sentence(self._lexicon.read(text), self._lexicon)
        readings = sentence.readings()
        if not _answers(readings):
            inverted = _inverted(sentence)
            readings = inverted if _answers(inverted) else readings + _near(sentence)
        return _result(readings, sentence)


_HARMLESS = frozenset(Effect) - {Effect.CHANGING, Effect.UNKNOWN}
_PASSED_OVER = frozenset({Effect.NEUTRAL, Effect.NUMBER, Effect.MEASURE})
_OF_A_QUESTION = frozenset({Effect.ASKING, Effect.ORDINARY, Effect.MEASURE})
_THEN = frozenset({"with", "and", "on", "plus", "after", "at"})
_APART = JOINING | {Effect.ORDINARY, Effect.MEASURE, Effect.MASKED}
_LONGEST_NAME = 100
_MOST_COMPARED = 60  # words of one text compared letter by letter; more are no question
_MOST_NAMES = 500  # names of one text that are decided about; nor are more of these


class _Sentence:
    """A text's words with the names found among them, and the rules that decide about each."""

    def __init__(self, words: list[Token], lexicon: Lexicon) -> None:
        self.words = words
        self.lexicon = lexicon
        self.spans = lexicon.names.find(words)
        self.topics = lexicon.topics.find(words)
        self.effects = [lexicon.effect(token.word) for token in words]
        self.named = {i: span.name for span in self.spans for i in range(span.start, span.end)}
        self.covered = self.named.keys() | {i for span in self.topics for i in range(span.start, span.end)}
        self._compared: dict[tuple[Callable[[str], bool], str], bool] = {}
        self.definitions = Definitions(words, self.effects, self.named)
        self.asks = not _OF_A_QUESTION.isdisjoint(self.effects)

    def readings(self) -> list[Reading]:
        """What each name found comes to; those that do not count are left out."""
        return [reading for span in self.spans[:_MOST_NAMES] if (reading := self.decide(span))]

    @cached_property
    def unexplained(self) -> list[int]:
        """The places of the words that are no name, no topic, and not known to leave a name as it is."""
        return [i for i in self.left_over(_HARMLESS) if i not in self.covered]

    @cached_property
    def vocabulary(self) -> set[str]:
        """The words of the text."""
        return {token.word for token in self.words}

    @cached_property
    def in_full(self) -> set[str]:
        """What the text gives by a full name."""
        return {span.name.target for span in self.spans if span.name.kind is not Kind.ABBREVIATION}

    @cached_property
    def changes_somewhere(self) -> bool:
        """Whether a word that is no part of a name or topic changes a condition."""
        return any(self.effects[i] is Effect.CHANGING for i in self.unexplained)

    @cached_property
    def partings(self) -> list[int]:
        """The places of the words with which something else begins: behind a comma, or "with"."""
        return [i for i, token in enumerate(self.words) if token.gap is not Gap.NONE or token.word in _THEN]

    @cached_property
    def nothing_but_links(self) -> bool:
        """Whether only small words stand beside the names."""
        return not self.left_over(frozenset({Effect.LINKING}))

    @cached_property
    def nothing_but_joining(self) -> bool:
        """Whether only small words and words of a question stand beside the names."""
        return not self.left_over(JOINING)

    def left_over(self, allowed: frozenset[Effect]) -> list[int]:
        """The places of the words that neither a name nor an allowed effect accounts for."""
        return [i for i, effect in enumerate(self.effects) if effect not in allowed and i not in self.named]

    def decide(self, span: Span) -> Reading | None:
        """What one name found in the text comes to."""
        name = span.name
        if name.kind is Kind.LOOK_ALIKE:
            return Reading(name.written, Outcome.REFUSED, name.target, Rule.LOOK_ALIKE)
        form = name.what if isinstance(name.what, Form) else None
        if form and form.reading is FormReading.REFUSE:
            return Reading(name.written, Outcome.REFUSED, form.name, Rule.FORM, form.note)
        doubt = self._doubt(span)
        if doubt is Rule.IGNORED:
            return None
        if form and not doubt:
            doubt = Rule.FORM if form.reading is FormReading.ASK else None
        if doubt:
            return Reading(name.written, Outcome.SUGGESTED, name.target, doubt)
        if self._negated(span):
            return Reading(name.written, Outcome.ANSWERED, name.target, Rule.NEGATED)
        if form:
            return Reading(name.written, Outcome.ANSWERED, name.target, Rule.FORM, form.note or FORM_NOTE)
        return Reading(name.written, Outcome.ANSWERED, name.target, self._rule(span))

    def _rule(self, span: Span) -> Rule:
        if span.name.kind is Kind.ABBREVIATION:
            return Rule.ABBREVIATION
        misspelt = any(token.misspelt for token in self.words[span.start : span.end])
        return Rule.MISSPELLING if misspelt or span.name.kind is Kind.MISSPELLING else Rule.NAME

    def _doubt(self, span: Span) -> Rule | None:
        """Why a name is only asked about, or ignored; None when it may answer."""
        doubt = None
        if isinstance(span.name.what, Abbreviation):
            doubt = self._short_form(span, span.name.what)
        elif span.name.written.isupper() and self.definitions.give_another(span):
            doubt = Rule.IGNORED
        elif span.name.kind is Kind.ASK:
            doubt = self._ambiguous(span)
        if doubt:
            return doubt
        if not span.name.context.not_with.isdisjoint(self.vocabulary) and not self._in_full_too(span.name):
            return Rule.AMBIGUOUS
        if self._changed(span) or self._turned_round(span):
            return Rule.CHANGED
        return Rule.LONGER if not self.asks and self._inside_more(span) else None

    def _in_full_too(self, name: Name) -> bool:
        """Whether it is a short form, and the text also gives its entry by a full name."""
        return name.kind is Kind.ABBREVIATION and name.target in self.in_full

    def _short_form(self, span: Span, short: Abbreviation) -> Rule | None:
        """Whether a short form stands in a context in which it means the entry."""
        if self.definitions.give_another(span):
            return Rule.IGNORED
        if self._in_full_too(span.name):
            return None
        if self.definitions.may_give_another(span):
            return Rule.AMBIGUOUS
        if self.nothing_but_links:
            return Rule.AMBIGUOUS if short.ask else None
        before, after = self._beside(span.start - 1, span.start), self._beside(span.end, span.end)
        context = span.name.context
        if before in context.cues or after in context.cues:
            return None
        if short.unit and Effect.NUMBER in (
            self._effect_beside(span.start - 1, span.start),
            self._effect_beside(span.end, span.end),
        ):
            return Rule.IGNORED
        if before in context.not_beside or after in context.not_beside:
            return Rule.IGNORED
        if short.ask and not self.nothing_but_joining:
            return Rule.IGNORED
        if short.in_sentence is not InSentence.ANY and not self.words[span.start].upper:
            return Rule.IGNORED if context.cues.isdisjoint(self.vocabulary) else Rule.AMBIGUOUS
        return Rule.AMBIGUOUS if short.in_sentence is InSentence.NEVER else None

    def _passed_over(self, i: int) -> bool:
        """Whether the word says nothing about the condition beside it: it is neutral, or part of a topic."""
        return self.effects[i] in _PASSED_OVER or (self.effects[i] not in JOINING and i in self.covered)

    def _changed_behind_comma(self, i: int) -> bool:
        """Whether what starts here, behind a comma, starts with a word that changes a condition."""
        while self.effects[i] in _PASSED_OVER and i + 1 < len(self.words) and self.words[i + 1].gap is Gap.NONE:
            i += 1
        return self._compare(self.lexicon.changes_behind_comma, i)

    def _compare(self, changes: Callable[[str], bool], i: int) -> bool:
        """What the lexicon says of the word, asked once for each; of more words than a question has, the worst."""
        key = (changes, self.words[i].word)
        if key not in self._compared:
            self._compared[key] = len(self._compared) >= _MOST_COMPARED or changes(key[1])
        return self._compared[key]

    def _turned_round(self, span: Span) -> bool:
        """Whether the word before the comma before it makes it another condition's name: "anticoagulant, lupus"."""
        i = span.start - 1
        if i < 0 or self.words[span.start].gap is not Gap.SOFT:
            return False
        words = [*self.words[span.start : span.end], self.words[i]._replace(gap=Gap.NONE)]
        found = self.lexicon.names.find(words)
        return any(each.name.kind is Kind.LOOK_ALIKE and each.end - each.start == len(words) for each in found)

    def _ambiguous(self, span: Span) -> Rule:
        """A name that may mean something else is asked about, a short one only when it is the whole question."""
        short = span.end - span.start == 1 and len(self.words[span.start].word) < LONG
        return Rule.IGNORED if short and self.unexplained else Rule.AMBIGUOUS

    def _changed(self, span: Span) -> bool:
        """Whether a word beside the name makes it another condition, or may well do so."""
        i = span.start - 1
        while i >= 0 and self.words[i + 1].gap is Gap.NONE and i not in self.named:
            if not self._passed_over(i):
                if self._compare(self.lexicon.changes_before, i):
                    return True
                break
            i -= 1
        i = span.end
        while i < len(self.words) and self.words[i].gap < Gap.LINE and i not in self.named:
            if self.words[i].word == "in":
                return i + 1 < len(self.words) and self.effects[i + 1] is Effect.CHANGING  # "lupus in dogs"
            if not self._passed_over(i):
                if self.words[i].gap is Gap.NONE:
                    return self._compare(self.lexicon.changes_after, i)
                return self._changed_behind_comma(i)  # "lupus, neonatal"
            i += 1
        return False

    def _inside_more(self, span: Span) -> bool:
        """Whether the name may be part of a longer one: a word nobody can explain stands with it.

        What follows the name after "with", "and" or a comma describes the patient, not the disease, unless it
        is a word or two that a catalogue has put behind a comma ("lupus erythematosus, discoid").
        """
        if not self.unexplained:
            return False
        first = self.unexplained[0]
        if first < span.end or self.changes_somewhere:
            return True
        parting = bisect_left(self.partings, span.end)
        if parting == len(self.partings) or self.partings[parting] > first:
            return True
        i = self.partings[parting]
        return self.words[i].gap is Gap.SOFT and len(self.words) - i <= 2

    def _negated(self, span: Span) -> bool:
        i = span.start - 1
        return i >= 0 and self.words[span.start].gap is Gap.NONE and self.effects[i] is Effect.NEGATING

    def _beside(self, i: int, join: int) -> str | None:
        """The word at `i`, if no more than a space (or a slash after the name) joins it at `join`."""
        widest = Gap.SOFT if i == join else Gap.NONE
        return self.words[i].word if 0 <= i < len(self.words) and self.words[join].gap <= widest else None

    def _effect_beside(self, i: int, join: int) -> Effect | None:
        """The effect of the word at `i`, if no more than a space joins it at `join`."""
        return self.effects[i] if 0 <= i < len(self.words) and self.words[join].gap is Gap.NONE else None


def _inverted(sentence: _Sentence) -> list[Reading]:
    """Catalogues turn names round: "purpura, thrombocytopenic, idiopathic". Read backwards, part by part."""
    parts: list[list[Token]] = [[]]
    for token in sentence.words:
        if token.gap is Gap.SOFT:
            parts.append([])
        parts[-1].append(token)
    if sentence.asks or not 2 <= len(parts) <= 4:
        return []
    words = [token._replace(gap=Gap.NONE) for part in reversed(parts) for token in part]
    turned = _Sentence(words, sentence.lexicon)
    names = [span.name for span in turned.spans]
    alike = len({name.target for name in names}) == 1 or all(len(phrase(name.written)) > 1 for name in names)
    return turned.readings() if alike else []


def _near(sentence: _Sentence) -> list[Reading]:
    """What the words are nearly spelt like: each word by itself, then those that stand together as one."""
    corrected = _corrected(sentence)
    found: list[Reading] = []
    for span in corrected.spans:
        if any(word.misspelt for word in corrected.words[span.start : span.end]):
            reading = corrected.decide(span)
            if reading and reading.rule is not Rule.CHANGED and reading.outcome is not Outcome.REFUSED:
                found.append(Reading(span.name.written, Outcome.SUGGESTED, span.name.target, Rule.NEAR))
    if not found and all(span.name.kind is Kind.LOOK_ALIKE for span in sentence.spans):
        found += [Reading(n.written, Outcome.SUGGESTED, n.target, Rule.NEAR) for n in _near_runs(sentence)]
    return found


def _corrected(sentence: _Sentence) -> _Sentence:
    """The sentence with each unknown word that is nearly a word of a name made that word, and marked misspelt."""
    words: list[Token] = []
    tries = 0
    for token, effect in zip(sentence.words, sentence.effects, strict=True):
        unknown = effect is Effect.UNKNOWN and not token.misspelt and token.word.isalpha()
        near = sentence.lexicon.near_words(token.word) if unknown and tries < _MOST_COMPARED else ()
        tries += unknown
        words += [token._replace(word=word, misspelt=True) for word in near] or [token._replace(misspelt=False)]
    return _Sentence(words, sentence.lexicon)


def _near_runs(sentence: _Sentence) -> Iterator[Name]:
    """The names that words standing together are nearly spelt like."""
    run: list[int] = []
    tries = 0
    for i, effect in enumerate(sentence.effects):
        if effect in _APART or sentence.words[i].gap >= Gap.LINE:
            if run and tries < _MOST_COMPARED and (name := _near_run(run, sentence)):
                yield name
            tries += bool(run)
            run = []
        if effect not in _APART:
            run.append(i)
    if run and (name := _near_run(run, sentence)):
        yield name


def _near_run(run: list[int], sentence: _Sentence) -> Name | None:
    """The name that a run of words is nearly spelt like, with or without the harmless words around it."""
    bare = [i for i in run if sentence.effects[i] not in _HARMLESS or i in sentence.named]
    if not bare:
        return None
    for first, last in dict.fromkeys(((bare[0], bare[-1]), (bare[0], run[-1]), (run[0], run[-1]))):
        joined = "".join(token.word for token in sentence.words[first : last + 1])
        name = sentence.lexicon.near_name(joined) if len(joined) < _LONGEST_NAME else None
        if name:
            return name
    return None


def _result(readings: list[Reading], sentence: _Sentence) -> Match:
    """Put the readings together: negated entries last, and never alone."""
    answers = [r for r in readings if r.outcome is Outcome.ANSWERED]
    if answers and all(r.rule is Rule.NEGATED for r in answers):
        readings = [replace(r, outcome=Outcome.SUGGESTED) if r in answers else r for r in readings]
        answers = []
    answers.sort(key=lambda reading: reading.rule is Rule.NEGATED)
    answered = _once(reading.target for reading in answers)
    suggested = _once(r.target for r in readings if r.outcome is Outcome.SUGGESTED and r.target not in answered)
    lookalikes = _once(r.target for r in readings if r.outcome is Outcome.REFUSED)
    topics = _topics(sentence, bool(readings))
    return Match(
        answered=answered,
        suggested=suggested,
        lookalikes=lookalikes,
        topics=_once(topic.id for topic in topics),
        readings=(
            *readings,
            *(Reading(t.label, _OUTCOMES[t.kind], t.id, Rule.TOPIC, t.note) for t in topics),
        ),
        outcome=_outcome(answered, lookalikes, suggested, topics, bool(sentence.words)),
        public=bool(answered) and not suggested and not topics and sentence.nothing_but_joining,
    )


def _once(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(targets))


_OUTCOMES = {
    TopicKind.EMERGENCY: Outcome.EMERGENCY,
    TopicKind.NOT_COVERED: Outcome.TOPIC,
    TopicKind.SAFETY: Outcome.TOPIC,
    TopicKind.BOXED_WARNING: Outcome.TOPIC,
    TopicKind.HELP: Outcome.HELP,
    TopicKind.LIST: Outcome.LIST,
    TopicKind.ABOUT: Outcome.ABOUT,
    TopicKind.THANKS: Outcome.THANKS,
}


def _topics(sentence: _Sentence, anything_else: bool) -> list[Topic]:
    """The topics asked about; help, thanks and the like count only when they are the whole text."""
    topics = [span.name.what for span in sentence.topics if isinstance(span.name.what, Topic)]
    weighty = [topic for topic in topics if not topic.kind.alone]
    if weighty or anything_else:
        return weighty
    return [] if sentence.spans or sentence.unexplained else topics[:1]


def _outcome(
    answered: tuple[str, ...],
    lookalikes: tuple[str, ...],
    suggested: tuple[str, ...],
    topics: list[Topic],
    anything_typed: bool,
) -> Outcome:
    if any(topic.kind is TopicKind.EMERGENCY for topic in topics):
        return Outcome.EMERGENCY
    if answered:
        return Outcome.ANSWERED
    if lookalikes:
        return Outcome.REFUSED
    if suggested:
        return Outcome.SUGGESTED
    if topics:
        return _OUTCOMES[topics[0].kind]
    return Outcome.MISS if anything_typed else Outcome.HELP


def _answers(readings: list[Reading]) -> bool:
    return any(reading.outcome is Outcome.ANSWERED for reading in readings)
