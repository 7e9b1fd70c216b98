"""What the words around a name weigh for or against its being asked about.

No rule foresees every way to say that a disease is not meant ("so bye bye GBS", "that was the man in bed 3"). So in a
text that is more than a name the words on either side are weighed too, each by where it stands. Their weights are
learnt from tables of what people type (`words/en/weights.tsv`, by `make weights`): a logistic regression, read off word
by word, so that the sum is the logarithm of the odds that the name is asked about. They are whole tenths of it, whose
sum is the same in whatever order they are added. What a text is (a sentence of print, or a message in a chat) is
learnt and weighed likewise, by the words it holds.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import repeat

from slackbot.matching.effects import Effect
from slackbot.matching.names import LookAlikeName, Span, TreatmentName
from slackbot.words.lists import BASE, TEXT, Weights
from slackbot.words.tokens import Gap, Token

CLOSE = 3  # words from the name that are close to it
FARTHEST = 30  # words from the name that are looked at: what stands farther is of something else

Surroundings = Mapping[str, Sequence[str]]
"""What stands around a name: for each place, seen from the name, the kinds of words there; and the name's own kind."""


def kinds(
    words: Sequence[Token], effects: Sequence[Effect], spans: Iterable[Span], diseases: Iterable[int]
) -> list[str]:
    """Each word of a text as it is weighed: names, numbers and words unheard of by their kind, all others as they are.

    `spans` are the names, of IVIG too; `diseases` the places of other words that stand in diseases' names.
    """
    of_words: list[str] = [_KINDS.get(effect, token.word) for token, effect in zip(words, effects, strict=True)]
    if Effect.UNKNOWN in effects:
        for place, effect in enumerate(effects):
            if effect is Effect.UNKNOWN:
                of_words[place] = _of_unknown(words[place])
        for place in diseases:
            of_words[place] = "<disease>"
    for span in spans:
        of_words[span.start : span.end] = [_of_name(span)] * (span.end - span.start)
    return of_words


_KINDS: Mapping[Effect, str] = dict.fromkeys((Effect.NUMBER, Effect.MEASURE, Effect.MASKED), "<number>")


def _of_name(span: Span) -> str:
    if isinstance(span.name, LookAlikeName):
        return "<look-alike>"
    return "<ivig>" if isinstance(span.name, TreatmentName) else "<entry>"


def _of_unknown(token: Token) -> str:
    return "<capitals>" if token.upper else "<proper>" if token.written[:1].isupper() else "<unknown>"


def surroundings(
    span: Span, words: Sequence[Token], kinds: list[str], topics: Set[int], signs: Sequence[str]
) -> Surroundings:
    """What stands around the name at `span`, in a text whose words are of these `kinds`, topics at these places.

    `signs` are what is weighed of the name itself.
    """
    start, end, size = span.start, span.end, len(words)
    first, last = max(start - FARTHEST, 0), min(end + FARTHEST, size)
    clause, clause_end = start, end
    while clause > first and words[clause].gap < Gap.SOFT:
        clause -= 1
    while clause_end < last and words[clause_end].gap < Gap.SOFT:
        clause_end += 1
    sentence, sentence_end = clause, clause_end
    while sentence > first and words[sentence].gap < Gap.HARD:
        sentence -= 1
    while sentence_end < last and words[sentence_end].gap < Gap.HARD:
        sentence_end += 1
    before = kinds[start - 1] if start else _START
    after = kinds[end] if end < size else _END
    second_before = kinds[start - 2] if start > 1 else _START
    second_after = kinds[end + 1] if end + 1 < size else _END
    return {
        "name": signs,
        "before": kinds[first:start],
        "after": kinds[end:last],
        "clause before": kinds[clause:start],
        "clause after": kinds[end:clause_end],
        "close before": kinds[max(start - CLOSE, 0) : start],
        "close after": kinds[end : end + CLOSE],
        "next before": (before, words[start].mark),
        "next after": (after, words[end].mark if end < size else ""),
        "pair before": (f"{second_before}_{before}",),
        "pair after": (f"{after}_{second_after}",),
        "either side": (f"{before}_{after}",),
        "sentence": _of_the_sentence(range(sentence, sentence_end), words, kinds, topics),
    }


_START, _END = "<start>", "<end>"


def _of_the_sentence(places: range, words: Sequence[Token], kinds: Sequence[str], topics: Set[int]) -> Sequence[str]:
    start, end, size = places.start, places.stop, len(words)
    holds = []
    if start == 0:
        holds.append("<first>")
    if end == size:
        holds.append("<last>")
    elif "?" in words[end].mark:
        holds.append("?")
    if "<ivig>" in kinds[start:end]:
        holds.append("<ivig>")
    if topics and not topics.isdisjoint(places):
        holds.append("<topic>")
    return holds


def weigh_text(kinds: Set[str], weights: Weights) -> int:
    """The logarithm of the odds that a text of these kinds of words was printed, not written in a chat, in tenths."""
    of_words = weights[TEXT]
    return of_words[BASE] + sum(map(of_words.get, kinds, _NOTHING))


def weigh(around: Surroundings, weights: Weights) -> int:
    """The logarithm of the odds that the name with these surroundings is asked about, in tenths."""
    weight = weights["name"][BASE]
    for place, kinds in around.items():
        of_place = weights.get(place, _NO_WEIGHTS)
        weight += of_place.get(kinds[0], 0) if len(kinds) == 1 else sum(map(of_place.get, kinds, _NOTHING))
    return weight


_NO_WEIGHTS: Mapping[str, int] = {}
_NOTHING = repeat(0)
