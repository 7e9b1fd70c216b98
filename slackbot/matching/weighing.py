"""What the words around a name weigh for or against its being asked about.

No rule foresees every way to say that a disease is not meant ("so bye bye GBS", "that was the man in bed 3"). So in a
text that is more than a name the words on either side are weighed too, each by where it stands. Their weights are
learnt from tables of what people type (`words/en/weights.tsv`, by `make weights`): a logistic regression, read off word
by word, so that the sum is the logarithm of the odds that the name is asked about.
"""

from collections.abc import Mapping, Sequence, Set
from itertools import repeat

from slackbot.matching.effects import Effect
from slackbot.matching.names import LookAlikeName, Span
from slackbot.words.lists import BASE, Weights
from slackbot.words.tokens import Gap, Token

CLOSE = 3  # words from the name that are close to it
FARTHEST = 30  # words from the name that are looked at: what stands farther is of something else
_NUMBERS = frozenset({Effect.NUMBER, Effect.MEASURE, Effect.MASKED})

Surroundings = Mapping[str, Sequence[str]]
"""What stands around a name: for each place, seen from the name, the kinds of words there."""


def kinds(
    words: Sequence[Token], effects: Sequence[Effect], named: Mapping[int, Span], diseases: Set[int]
) -> list[str]:
    """Each word of a text as it is weighed: names, numbers and words unheard of by their kind, all others as they are.

    `named` holds the name at each place, `diseases` the places of other words that stand in diseases' names.
    """
    return [
        _of_name(named[place]) if place in named else "<disease>" if place in diseases else _of_word(token, effect)
        for place, (token, effect) in enumerate(zip(words, effects, strict=True))
    ]


def _of_name(span: Span) -> str:
    return (
        "<look-alike>"
        if isinstance(span.name, LookAlikeName)
        else "<ivig>"
        if span.name.target == "ivig"
        else "<entry>"
    )


def _of_word(token: Token, effect: Effect) -> str:
    if effect in _NUMBERS:
        return "<number>"
    if effect is not Effect.UNKNOWN:
        return token.word
    return "<capitals>" if token.upper else "<proper>" if token.written[:1].isupper() else "<unknown>"


def surroundings(span: Span, words: Sequence[Token], kinds: list[str], topics: Set[int]) -> dict[str, Sequence[str]]:
    """What stands around the name at `span`, in a text whose words are of these `kinds`, topics at these places."""
    start, end = span.start, span.end
    first, last = max(start - FARTHEST, 0), min(end + FARTHEST, len(words))
    of_clause = _reach(span, words, first, last, Gap.SOFT)
    of_sentence = _reach(span, words, first, last, Gap.HARD)
    before, after = _beside(kinds, start - 1), _beside(kinds, end)
    return {
        "before": kinds[first:start],
        "after": kinds[end:last],
        "clause before": kinds[of_clause.start : start],
        "clause after": kinds[end : of_clause.stop],
        "close before": kinds[max(start - CLOSE, 0) : start],
        "close after": kinds[end : end + CLOSE],
        "next before": (before, words[start].mark),
        "next after": (after, words[end].mark if end < len(words) else ""),
        "pair before": (f"{_beside(kinds, start - 2)}_{before}",),
        "pair after": (f"{after}_{_beside(kinds, end + 1)}",),
        "either side": (f"{before}_{after}",),
        "sentence": _of_the_sentence(of_sentence, words, kinds, topics),
    }


def _reach(span: Span, words: Sequence[Token], first: int, last: int, gap: Gap) -> range:
    """The places from `first` up to `last` that no such gap parts from the name."""
    start, end = span.start, span.end
    while start > first and words[start].gap < gap:
        start -= 1
    while end < last and words[end].gap < gap:
        end += 1
    return range(start, end)


def _beside(kinds: Sequence[str], place: int) -> str:
    return "<start>" if place < 0 else kinds[place] if place < len(kinds) else "<end>"


def _of_the_sentence(places: range, words: Sequence[Token], kinds: Sequence[str], topics: Set[int]) -> Sequence[str]:
    holds = {
        "<first>": places.start == 0,
        "<last>": places.stop == len(words),
        "?": places.stop < len(words) and "?" in words[places.stop].mark,
        "<ivig>": "<ivig>" in kinds[places.start : places.stop],
        "<topic>": not topics.isdisjoint(places),
    }
    return [kind for kind, does in holds.items() if does]


def weigh(around: Surroundings, weights: Weights) -> float:
    """The logarithm of the odds that the name with these surroundings is asked about."""
    weight = weights["name"][BASE]
    for place, found in around.items():
        weight += sum(map(weights.get(place, _NO_WEIGHTS).get, found, _NOTHING))
    return weight


_NO_WEIGHTS: Mapping[str, float] = {}
_NOTHING = repeat(0.0)
