"""Learn what the words around a name weigh, from the tables of readings.

    python tests/weigh.py [--write]

Each name of an entry in a text of `tests/readings` is an example: of one that is asked about, where the table expects
its entry, and else of one that is not. A logistic regression (scikit-learn) gives the words at each place around it
(`slackbot.matching.weighing`) their weights. They are measured on each blind table by weights learnt from all others,
and once more with the odds that they ask for lowered and raised. With `--write` the weights learnt from all tables are
written to slackbot/words/en/weights.tsv.
"""

import argparse
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from reading import NEUTRAL
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from tables import READINGS, Score, rows, score

from slackbot.content.load import load_content
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.matching.names import LookAlikeName
from slackbot.matching.rules import WEIGHED
from slackbot.settings import shipped
from slackbot.slack.markup import plain
from slackbot.words.lists import BASE, ENGLISH, TEXT, Weights, load_language

WRITTEN = ENGLISH / "weights.tsv"
# They teach nothing, so that what is learnt can be measured by them.
MEASURING = frozenset(f"blind-a{letter}" for letter in "efghijkl")
BLIND = sorted({path.stem for path in READINGS.glob("blind-*.tsv")} - MEASURING)
OWN = ["chat", "misspellings", "names", "phrases", "readings-2", "traps"]
RAREST = 5  # examples in which a word stands at a place at least, to be weighed there
CLOSENESS = 0.5  # to the examples: scikit-learn's C
PRINTED = frozenset({"blind-j", "blind-m", "blind-t", "blind-x", "blind-y", "blind-z"})  # as a name stands in print
# Two lines of five are traps in those tables too, where of 550 names in real printed sentences 10 were not meant.
OF_A_PRINTED_TRAP = 0.15
OF_OUR_OWN = 2  # what our own tables say has been decided
SHIFTS = (10, 5, 0, -5, -10)  # of what every name weighs: the odds asked for lowered and raised
WIDTH = 100
HEADER = """\
# What the words around a name weigh for its being asked about (above nothing) or against it, by where they
# stand, in tenths of the logarithm of the odds.
# Learnt, not written: by `make weights`, from the tables in tests/readings ({examples:,} names in {tables} tables).
# Words in angle brackets are kinds of words; two joined by a low line stand beside each other.
"""


class Example(NamedTuple):
    """A name of an entry in a text of a table, by what stands around it, and whether the table expects its entry."""

    table: str
    traits: Counter[tuple[str, str]]
    asked: bool
    text: frozenset[str]
    """What the text holds."""


def main(*, writes: bool) -> None:
    """Measure, and write the weights where that is asked for."""
    if writes:  # from what stands there nothing is taken, be it broken or not there
        WRITTEN.write_text("".join(lines(NEUTRAL, 0)), encoding="utf-8")
    content = load_content(shipped("data/ivig.yaml"))
    taught = [example for table in BLIND + OWN for example in examples(table, Matcher(content))]
    scores: dict[int | None, list[Score]] = defaultdict(list)
    for table in BLIND:
        weights = learn([example for example in taught if example.table != table])
        for shift in SHIFTS:
            scores[shift].append(score(table, matcher(content, shifted(weights, shift))))
        scores[None].append(score(table, matcher(content, NEUTRAL)))
        print(f"{table}: {told(scores[0][-1])}; by the rules alone {told(scores[None][-1])}", flush=True)
    for by, of_tables in scores.items():
        total = Score(*(sum(numbers) for numbers in zip(*of_tables, strict=True)))
        print(f"all, {'by the rules alone' if by is None else f'weights {by:+g}'}: {told(total)}")
    if writes:
        weights = learn(taught)
        WRITTEN.write_text("".join(lines(weights, len(taught))), encoding="utf-8")
        print(f"{WRITTEN}: {sum(map(len, weights.values())):,} weights")


def told(score: Score) -> str:
    """A score in words."""
    answered, shown = score.answered / score.positives, score.shown / score.positives
    return f"{score.wrong} wrong, {answered:.1%} answered, {shown:.1%} answered or offered"


def examples(table: str, matcher: Matcher) -> Iterator[Example]:
    """Every name of an entry in a table's texts of more than a word or two."""
    for row in rows(table):
        sentence = matcher.sentence(plain(row.text))
        for span in sentence.spans:
            if not isinstance(span.name, LookAlikeName) and len(sentence.words) >= WEIGHED:
                around = sentence.surroundings(span).items()
                traits = Counter((place, kind) for place, kinds in around for kind in kinds)
                yield Example(table, traits, span.name.target in row.entries, frozenset(sentence.kinds_of_words))


def learn(taught: Sequence[Example]) -> Weights:
    """The weights that fit the examples best: of what stands around a name, and of what a printed text holds."""
    around, of_a_name = fitted(
        [each.traits for each in taught], [each.asked for each in taught], [*map(importance, taught)]
    )
    blind = [each for each in taught if each.table in BLIND]
    texts = [Counter((TEXT, kind) for kind in each.text) for each in blind]
    printed = [each.table in PRINTED for each in blind]
    evenly = [printed.count(not each) / len(printed) for each in printed]  # as if half of the texts were printed
    in_print, of_a_text = fitted(texts, printed, evenly)
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for (place, kind), weight in {**around, **in_print}.items():
        weights[place][kind] = weight
    weights["name"][BASE], weights[TEXT][BASE] = of_a_name, of_a_text
    return weights


def fitted(
    traits: Sequence[Counter[tuple[str, str]]], outcomes: Sequence[bool], importances: Sequence[float]
) -> tuple[dict[tuple[str, str], int], int]:
    """What each trait weighs for the outcome, and what every example does by itself, in tenths."""
    counts = Counter(trait for each in traits for trait in each)
    columns = {trait: column for column, trait in enumerate(sorted(t for t, n in counts.items() if n >= RAREST))}
    cells = [(row, columns[t], n) for row, each in enumerate(traits) for t, n in each.items() if t in columns]
    down, across, often = np.array(cells, dtype=np.int32).T
    matrix = csr_matrix((often.astype(float), (down, across)), shape=(len(traits), len(columns)))
    model = LogisticRegression(C=CLOSENESS, max_iter=5000).fit(matrix, outcomes, importances)
    weights = {trait: round(10 * float(weight)) for trait, weight in zip(columns, model.coef_[0], strict=True)}
    return {t: weight for t, weight in weights.items() if weight}, round(10 * float(model.intercept_[0]))


def importance(example: Example) -> float:
    """How much an example counts."""
    if example.table in OWN:
        return OF_OUR_OWN
    return OF_A_PRINTED_TRAP if example.table in PRINTED and not example.asked else 1


def shifted(weights: Weights, shift: int) -> Weights:
    """The weights, every name's raised by so much."""
    return {**weights, "name": {**weights["name"], BASE: weights["name"][BASE] + shift}}


def matcher(content: Content, weights: Weights) -> Matcher:
    """A matcher by these weights."""
    return Matcher(content, replace(load_language(), weights=weights))


def lines(weights: Weights, taught: int) -> Iterator[str]:
    """The file: a line for the words of one place that weigh the same."""
    yield HEADER.format(examples=taught, tables=len(BLIND + OWN))
    for place, of_kinds in sorted(weights.items()):
        same: Mapping[int, list[str]] = defaultdict(list)
        for kind, weight in sorted(of_kinds.items()):
            same[weight].append(kind)
        for weight, kinds in sorted(same.items()):
            assert not any(" " in kind for kind in kinds), kinds  # else they would be read as two
            for line in textwrap.wrap(" ".join(kinds), WIDTH, break_long_words=False, break_on_hyphens=False):
                yield f"{place}\t{weight}\t{line}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights learnt from all tables")
    main(writes=parser.parse_args().write)
