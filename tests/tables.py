"""The tables in tests/readings, and how well they are read."""

import re
from pathlib import Path
from typing import NamedTuple

from slackbot.matching.match import Match, Matcher

GBS, MG, KD = "guillain-barre-syndrome", "myasthenia-gravis", "kawasaki-disease"
DM, ITP, LE = "dermatomyositis", "immune-thrombocytopenia", "lupus-erythematosus"
CIDP = "cidp"
READINGS = Path(__file__).parent / "readings"


class Row(NamedTuple):
    """A text, the entries it asks about, and whether offering them is enough."""

    text: str
    entries: tuple[str, ...]
    offered: bool
    any_order: bool


class Score(NamedTuple):
    """How many rows of a table name a condition, and how those and the others are read."""

    positives: int
    answered: int
    shown: int
    """Answered or offered."""
    wrong: int
    """Rows that bring the card of an entry they don't ask about."""


def rows(table: str) -> list[Row]:
    """The rows of tests/readings/TABLE.tsv: text, tab, entries; "?" before them where an offer is enough."""
    listed = []
    for line in (READINGS / f"{table}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            text, expected = line.split("\t")
            any_order = expected.startswith("any order: ")
            names = expected.removeprefix("any order: ").removeprefix("? ")
            entries = () if names == "nothing" else tuple(names.split(", "))
            text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)
            listed.append(Row(text, entries, expected.startswith("? "), any_order))
    return listed


def as_expected(match: Match, row: Row) -> bool:
    """Whether the row is read as its table says, order included."""
    if row.offered:
        return set(row.entries) <= {*match.answered, *match.suggested} and set(match.answered) <= set(row.entries)
    if row.any_order:
        return sorted(match.answered) == sorted(row.entries)
    return match.answered == row.entries


def score(table: str, matcher: Matcher) -> Score:
    """How a table is read."""
    positives = answered = shown = wrong = 0
    for row in rows(table):
        match = matcher.match(row.text)
        wrong += not set(match.answered) <= set(row.entries)
        if row.entries:
            positives += 1
            answered += set(row.entries) <= set(match.answered)
            shown += set(row.entries) <= {*match.answered, *match.suggested}
    return Score(positives, answered, shown, wrong)
