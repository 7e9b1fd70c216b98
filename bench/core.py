"""The bot's own work, without Slack: finding names, matching, "did you mean", loading, and the worst of input."""

import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import ahocorasick
import spacy
import yaml
from flashtext import KeywordProcessor
from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bench import synthetic
from bench.measure import Effort, Line, absolute, against, in_turn, seconds_of, seconds_per_call
from slackbot.content.load import load_content
from slackbot.content.schema import Content
from slackbot.matching.lexicon import Lexicon
from slackbot.matching.match import Match, Matcher
from slackbot.matching.spelling import slips
from slackbot.words.lists import load_language
from slackbot.words.tokens import LONGEST

MICROSECONDS = 1e6
MILLISECONDS = 1e3
SHIPPED = Path(__file__).resolve().parent.parent / "data" / "ivig.yaml"
FINDERS = {
    "FlashText": 1.0,
    "pyahocorasick": 3.0,
    "spaCy PhraseMatcher": 1.0,
    "spaCy PhraseMatcher, its Doc made before": None,
}
NEAR_PEERS = ("rapidfuzz extractOne, the same scorer", "rapidfuzz extractOne, its default scorer")

Work = Callable[[], object]


def lines(effort: Effort) -> list[Line]:
    """The table's lines about the core."""
    loading = _loading(effort)  # first, while there is little else in memory for the garbage collector to look through
    shipped = load_content(SHIPPED)
    many = synthetic.catalog_of(shipped, effort.names)
    return [
        *_finding(shipped, many, effort),
        *_matching(shipped, effort),
        *_near(many, effort),
        *loading,
        _worst(shipped, effort),
    ]


def costs(effort: Effort) -> dict[int, dict[str, float]]:
    """For the plot: microseconds by number of names and by contestant; our "did you mean" is called match."""
    shipped = load_content(SHIPPED)
    found: dict[int, dict[str, float]] = {}
    for size in (100, 1_000, 10_000, 100_000):
        if size <= effort.names:
            content = synthetic.catalog_of(shipped, size)
            finders = _turns(_finders(content, shipped), effort.seconds / 5, len(synthetic.questions(shipped)))
            near = _turns(_nearest(content), effort.seconds, len(_typed(content)))
            near["match"] = near.pop("ours")
            taken = in_turn(min(effort.rounds, 3), finders) | in_turn(min(effort.rounds, 3), near)
            found[size] = {name: statistics.median(rounds) for name, rounds in taken.items()}
    return found


def _turns(contestants: dict[str, Work], seconds: float, each: int = 1) -> dict[str, Callable[[], float]]:
    """A turn in microseconds; a contestant's work is so many pieces."""

    def turn(work: Work) -> float:
        return seconds_per_call(work, seconds) / each * MICROSECONDS

    return {name: partial(turn, work) for name, work in contestants.items()}


# Finding.


def _finding(shipped: Content, many: Content, effort: Effort) -> list[Line]:
    asked = len(synthetic.questions(shipped))
    few_names, many_names = _finders(shipped, shipped), _finders(many, shipped)
    taken = {}
    for label, finders in ((f"{len(shipped.entries)} entries", few_names), (f"{effort.names:,} names", many_names)):
        taken[label] = in_turn(effort.rounds, _turns(finders, effort.seconds / 5, asked))
    growth = in_turn(
        effort.rounds, _turns({"seven": few_names["ours"], "ours": many_names["ours"]}, effort.seconds / 5, asked)
    )
    return [
        *(
            against(f"finding names in a chat sentence, {label}", "µs", rounds, peer, limit)
            for label, rounds in taken.items()
            for peer, limit in FINDERS.items()
        ),
        against(f"… {effort.names:,} names beside {len(shipped.entries)} entries", "µs", growth, "seven", 1.5),
    ]


def _finders(content: Content, shipped: Content) -> dict[str, Work]:
    """Each contestant finds the same names in the same normalised sentences, each in the form it likes best."""
    lexicon = Lexicon(content, load_language())
    sentences = [lexicon.read(question) for question in synthetic.questions(shipped)]
    known = dict.fromkeys(" ".join(words) for words, _ in lexicon.all_names)
    texts = [" ".join(token.word for token in words) for words in sentences]

    flash = KeywordProcessor(case_sensitive=True)
    automaton = ahocorasick.Automaton()
    vocabulary = spacy.blank("en").vocab
    matcher = PhraseMatcher(vocabulary)
    for name in known:
        flash.add_keyword(name)
        automaton.add_word(f" {name} ", name)  # spaces are its word borders
    matcher.add("name", [Doc(vocabulary, words=name.split()) for name in known])
    automaton.make_automaton()
    padded = [f" {text} " for text in texts]
    split = [text.split() for text in texts]
    docs = [Doc(vocabulary, words=words) for words in split]

    finders: dict[str, Work] = {
        "ours": lambda: [lexicon.names.find(words) for words in sentences],
        "FlashText": lambda: [flash.extract_keywords(text) for text in texts],
        "pyahocorasick": lambda: [list(automaton.iter(text)) for text in padded],
        "spaCy PhraseMatcher": lambda: [matcher(Doc(vocabulary, words=words)) for words in split],
        "spaCy PhraseMatcher, its Doc made before": lambda: [matcher(doc) for doc in docs],
    }
    for finder, work in finders.items():
        assert all(work()), f"{finder} missed a name"  # type: ignore[arg-type]
    return finders


# Matching, and "did you mean".


_matcher_of = cache(Matcher)


def match(text: str, content: Content) -> Match:
    """What the text asks about, of this content."""
    return _matcher_of(content).match(text)


def _matching(shipped: Content, effort: Effort) -> list[Line]:
    asked = synthetic.questions(shipped)
    match("", shipped)  # makes the content ready, as the doors do
    rounds = [_each(asked, shipped, effort.seconds / 10) for _ in range(effort.rounds)]
    middle = statistics.median(statistics.median(times) for times in rounds)
    slowest = statistics.median(max(times) for times in rounds)
    others = [_each([synthetic.NAME_ALONE, synthetic.report(3_000)], shipped, effort.seconds / 10) for _ in rounds]
    alone, report = (statistics.median(times) for times in zip(*others, strict=True))
    return [
        absolute(f"match() of a name alone, {len(shipped.entries)} entries", "µs", alone, "15 µs", 15),
        absolute("… of a chat sentence", "µs", middle, "45 µs", 45),
        absolute("… of the slowest of those sentences", "µs", slowest, "100 µs", 100),
        absolute("… of a report of 3,000 characters", "µs", report, "1,000 µs", 1_000),
    ]


def _each(texts: Sequence[str], content: Content, seconds: float) -> list[float]:
    return [seconds_per_call(partial(match, text, content), seconds) * MICROSECONDS for text in texts]


def _near(many: Content, effort: Effort) -> list[Line]:
    taken = in_turn(effort.rounds, _turns(_nearest(many), effort.seconds, len(_typed(many))))
    unknown = in_turn(effort.rounds, _turns(_nearest(many, "Quorbilax zemphitis"), effort.seconds))
    label = f"over {effort.names:,} names"
    return [
        *(against(f"“did you mean” {label}, a whole match()", "µs", taken, peer, 1.0) for peer in NEAR_PEERS),
        *(against(f"… of a name near none, {label}", "µs", unknown, peer, 1.0) for peer in NEAR_PEERS),
    ]


def _typed(content: Content) -> list[str]:
    """Ten misspelt names of synthetic entries, spread over the content."""
    chance = random.Random(7)
    synthetic_entries = [entry for entry in content.entries if entry.id.startswith("synthetic")]
    return [synthetic.misspelt(entry.name, chance) for entry in synthetic_entries[:: -(-len(synthetic_entries) // 10)]]


def _nearest(content: Content, *typed: str) -> dict[str, Work]:
    """The bot's whole `match`, beside the search alone over a list of the names made ready before."""
    texts = typed or tuple(_typed(content))
    known = list(
        dict.fromkeys(name for entry in content.entries for name in map(str.lower, (entry.name, *entry.names)))
    )
    folded = [text.lower() for text in texts]
    match("", content)
    return {
        "ours": lambda: [match(text, content) for text in texts],
        NEAR_PEERS[0]: lambda: [
            process.extractOne(text, known, scorer=OSA.distance, score_cutoff=slips(len(text))) for text in folded
        ],
        NEAR_PEERS[1]: lambda: [process.extractOne(text, known) for text in folded],
    }


# Loading.


def _loading(effort: Effort) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        files = {count: synthetic.data_file(SHIPPED, count, Path(folder)) for count in effort.entries}
        rounds = min(effort.rounds, 3)  # the largest takes its time
        taken = {count: in_turn(rounds, _loaders(path)) for count, path in files.items()}
    smallest, middle, largest = effort.entries[0], *effort.entries[-2:]
    first, base, last = (statistics.median(taken[count]["ours"]) for count in (smallest, middle, largest))
    early, late = (base - first) / (middle - smallest), (last - base) / (largest - middle)
    return [
        *(
            against(f"loading a data file, {count:,} entries", "ms", each, "PyYAML's C loader", 3.0)
            for count, each in taken.items()
        ),
        Line(f"… an entry beyond {middle:,}", "ms", late, f"an entry below {middle:,}", early, late / early, 1.25),
    ]


def _loaders(path: Path) -> dict[str, Callable[[], float]]:
    text = path.read_text(encoding="utf-8")
    return {
        "ours": lambda: seconds_of(lambda: load_content(path)) * MILLISECONDS,
        "PyYAML's C loader": lambda: seconds_of(lambda: yaml.load(text, Loader=yaml.CSafeLoader)) * MILLISECONDS,
    }


# The worst of input.

# Each is repeated until the text is as long as a message may be. They were found by letting rules meet often.
_PIECES = (
    *("(", "<", "`", "`a`", "'", "a'", "a.", "a.b", "<@", "&", "x@", "a-", "_", "a_", "ab(c)", "[dx]1", "1", "é", "ﷺ"),
    *("severe ", "zorblaxy ", "zorblaxy. ", "zorblaxy and ", "poly neuro pathy ", "k b d (KBD) ", "5 {short} "),
    *("{short} ", "{short}, ", "({short}) ", "{short}+", "x, {short} ", "not {short} zorblaxy ", "ivig for {short} "),
    *("{name} ", "{name}, severe ", "{name} zorblaxy ", "not {name} ", "severe {name} ", "{name} or {short}? "),
)


def _worst(content: Content, effort: Effort) -> Line:
    """The worst of many long texts, by the character, beside a question of 200 characters."""
    question = f"{synthetic.questions(content)[1]} and what about the dose? ".ljust(200, "?")[:200]
    named = {"name": content.entries[1].name, "short": content.entries[1].short}
    texts = [(piece.format(**named) * LONGEST)[:LONGEST] for piece in _PIECES]
    worst = max(texts, key=lambda text: seconds_of(lambda: match(text, content)))
    peer = "a question of 200 characters"
    rounds = in_turn(
        effort.rounds,
        {"ours": partial(_per_character, worst, content), peer: partial(_per_character, question, content)},
    )
    work = f"the worst of {len(texts)} texts of {LONGEST:,} characters: `{worst[:12]}…`"
    return against(work, "µs/character", rounds, peer, 5.0)


def _per_character(text: str, content: Content) -> float:
    return seconds_per_call(lambda: match(text, content), 0.05) / len(text) * MICROSECONDS
