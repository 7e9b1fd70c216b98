"""What people type, and how it is read."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import match

from slackbot.content.schema import Content
from slackbot.matching.match import Match, Outcome

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


def rows(table: str) -> list[Row]:
    """The rows of tests/readings/TABLE.tsv: text, tab, entries; "?" before them where an offer is enough."""
    found = []
    for line in (READINGS / f"{table}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            text, expected = line.split("\t")
            any_order = expected.startswith("any order: ")
            names = expected.removeprefix("any order: ").removeprefix("? ")
            entries = () if names == "nothing" else tuple(names.split(", "))
            text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)
            found.append(Row(text, entries, expected.startswith("? "), any_order))
    return found


def as_expected(found: Match, row: Row) -> bool:
    if row.offered:
        return set(row.entries) <= {*found.answered, *found.suggested} and set(found.answered) <= set(row.entries)
    if row.any_order:
        return sorted(found.answered) == sorted(row.entries)
    return found.answered == row.entries


@pytest.mark.parametrize("row", [pytest.param(row, id=row.text) for row in rows("phrases")])
def test_the_table_of_how_clinicians_ask(row: Row, content: Content) -> None:
    assert as_expected(match(row.text, content), row), match(row.text, content)


def misread(table: str, content: Content) -> list[tuple[Row, Match]]:
    """The rows of a table that are not read as expected, and how they are read."""
    readings = [(row, match(row.text, content)) for row in rows(table)]
    assert readings
    return [(row, found) for row, found in readings if not as_expected(found, row)]


def test_published_names_and_spellings_find_their_entry(content: Content) -> None:
    assert misread("names", content) == []


def test_misspellings_find_or_offer_their_entry(content: Content) -> None:
    assert misread("misspellings", content) == []


def test_questions_in_chat_are_answered_in_the_order_asked(content: Content) -> None:
    assert misread("chat", content) == []


def test_what_means_something_else_is_not_answered(content: Content) -> None:
    assert misread("traps", content) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ivig for TTP?", "TTP"),
        ("HIT not settling, ivig?", "HIT"),
        ("IBM?", "inclusion body myositis (IBM)"),
        ("MS relapse ivig", "multiple sclerosis (MS)"),
        ("polymyositis", "polymyositis"),
        ("Lambert-Eaton", "Lambert-Eaton myasthenic syndrome"),
        ("discoid lupus", "discoid lupus"),
        ("neonatal lupus, ivig for the baby?", "neonatal lupus"),
        ("lupus anticoagulant", "lupus anticoagulant"),
        ("MIS-C", "MIS-C"),
        ("group B strep (GBS)", "group B streptococcus"),
    ],
)
def test_look_alikes_and_forms_are_refused_by_name(text: str, name: str, content: Content) -> None:
    found = match(text, content)
    assert (found.outcome, found.answered, found.lookalikes) == (Outcome.REFUSED, (), (name,))


def test_an_entry_beside_a_look_alike_is_answered_and_the_other_refused(content: Content) -> None:
    found = match("ITP or TTP?", content)
    assert (found.answered, found.lookalikes) == ((ITP,), ("TTP",))


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("CIDP or GBS – dose differ?", ("dose",)),
        ("SCIg instead for CIDP?", ("subcutaneous",)),
        ("premeds?", ("premedication",)),
        ("headache after ivig", ("side-effects",)),
        ("do you do frequent vital signs?", ("monitoring",)),
        ("what are the contraindications for ivig?", ("contraindications",)),
        ("what rate?", ("rate",)),
        ("clot after ivig?", ("thrombosis",)),
        ("live vaccines after ivig", ("vaccines",)),
        ("ITP in pregnancy", ("pregnancy",)),
        ("IgA deficiency?", ("iga-deficiency",)),
        ("anaphylaxis during the infusion!!", ("emergency",)),
    ],
)
def test_topics_are_noticed(text: str, topics: tuple[str, ...], content: Content) -> None:
    assert match(text, content).topics == topics


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", Outcome.HELP),
        ("  \n ", Outcome.HELP),
        ("help", Outcome.HELP),
        ("list", Outcome.LIST),
        ("what do you cover?", Outcome.LIST),
        ("about", Outcome.ABOUT),
        ("safety", Outcome.TOPIC),
        ("thanks @ivig", Outcome.THANKS),
        ("anaphylaxis during the infusion!!", Outcome.EMERGENCY),
        ("kawasaki kid, anaphylaxis now", Outcome.EMERGENCY),
        ("kawasaki", Outcome.ANSWERED),
        ("help, kawasaki", Outcome.ANSWERED),
        ("dm", Outcome.SUGGESTED),
        ("appendicitis", Outcome.MISS),
        ("Mg 0.6", Outcome.MISS),
    ],
)
def test_the_outcome_is_the_weightiest_thing_asked(text: str, outcome: Outcome, content: Content) -> None:
    assert match(text, content).outcome is outcome


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("kawasaki", True),
        ("GBS or CIDP?", True),
        ("is ivig used in lupus?", True),
        ("ITP or TTP?", True),
        ("MRN 1234567 DOB 1/2/80 itp", False),
        ("kawasaki 5yo", False),
        ("mother of three with lupus", False),
        ("kawasaki <https://example.org>", False),
        ("Müller kawasaki", False),
        ("kawasaki dose", False),
        ("kawaskai or dermatomyositsi", False),
        ("dm", False),
        ("TTP", False),
        ("", False),
    ],
)
def test_only_names_and_joining_words_may_be_shown_to_all(text: str, public: bool, content: Content) -> None:
    assert match(text, content).public is public


def test_negated_entries_come_last_and_never_alone(content: Content) -> None:
    assert match("not GBS, thinking CIDP", content).answered == (CIDP, GBS)
    assert match("it's not GBS", content).answered == ()
    assert match("it's not GBS", content).suggested == (GBS,)


@pytest.mark.parametrize(
    ("text", "words", "rule"),
    [
        ("KD", "KD", "a short form of the entry"),
        ("kawaski", "Kawasaki", "a well-known misspelling of a name of the entry"),
        ("Miller Fisher", "Miller Fisher", "a form of the entry"),
        ("dm", "DM", "may mean something else"),
        ("zosteriform lupus", "lupus", "beside a word that can make it another condition"),
        ("lupus of the moon", "lupus", "inside a longer text that may name another condition"),
        ("dermatomyoisits", "Dermatomyositis", "spelt nearly like a name of the entry"),
    ],
)
def test_a_reading_says_which_words_by_which_rule(text: str, words: str, rule: str, content: Content) -> None:
    reading = match(text, content).readings[0]
    assert (reading.words, reading.rule.value) == (words, rule)


def own_readings(content: Content) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every name in the data file, with the part of a match it must show up in, and as what."""
    for entry in content.entries:
        names = [entry.name, entry.title, *entry.names, *entry.misspellings]
        names += [short.short for short in entry.abbreviations if not short.ask]
        yield from ((name, "answered", (entry.id,)) for name in names)
        names = [*entry.ask, *(short.short for short in entry.abbreviations if short.ask)]
        yield from ((name, "suggested", (entry.id,)) for name in names)
        for form in entry.forms:
            part = {"answer": "answered", "ask": "suggested", "refuse": "lookalikes"}[form.reading]
            target = form.name if part == "lookalikes" else entry.id
            yield from ((name, part, (target,)) for name in (*form.names, *form.capitals))
    for other in content.look_alikes:
        yield from ((name, "lookalikes", (other.name,)) for name in (other.name, *other.names, *other.capitals))
    for topic in content.topics:
        yield from ((name, "topics", (topic.id,)) for name in topic.phrases)


def test_every_name_in_the_file_is_read_as_the_file_says(content: Content) -> None:
    wrong = []
    for name, part, target in own_readings(content):
        found = match(name, content)
        if getattr(found, part) != target or (part != "answered" and found.answered):
            wrong.append((name, part, target, found))
    assert wrong == []


def own_names(content: Content) -> set[str]:
    """Every text that may answer, squeezed: what an edited look-alike is allowed to spell."""
    return {
        squeezed(name)
        for entry in content.entries
        for name in (
            entry.name,
            *entry.names,
            *entry.misspellings,
            *(a.short for a in entry.abbreviations),
            *(n for form in entry.forms for n in (*form.names, *form.capitals)),
        )
    }


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "replace", "swap"]),
        st.integers(0, 60),
        st.sampled_from("abcdefghijklmnopqrstuvwxyz -"),
    ),
    min_size=1,
    max_size=2,
)


def edited(text: str, edits: list[tuple[str, int, str]]) -> str:
    """`text` with letters inserted, deleted, replaced or swapped, as fingers do."""
    for kind, place, letter in edits:
        at = place % max(len(text), 1)
        head, tail = text[:at], text[at:]
        text = {
            "insert": head + letter + tail,
            "delete": head + tail[1:],
            "replace": head + letter + tail[1:],
            "swap": head + tail[1:2] + tail[:1] + tail[2:],
        }[kind]
    return text


@settings(max_examples=700, deadline=None)
@given(number=st.integers(0, 9999), edits=EDITS, question=st.booleans())
def test_an_edited_look_alike_never_answers_unless_it_spells_our_own_name(
    number: int, edits: list[tuple[str, int, str]], question: bool, content: Content
) -> None:
    names = [name for other in content.look_alikes for name in (other.name, *other.names, *other.capitals)]
    text = edited(names[number % len(names)], edits)
    found = match(f"is ivig used in {text}?" if question else text, content)
    if found.answered:
        spelt = {squeezed(reading.words) for reading in found.readings if reading.outcome is Outcome.ANSWERED}
        right = {wrong: word for word, listed in content.words.misspellings.items() for wrong in listed}
        read = "".join(right.get(word, word) for word in re.findall("[a-z0-9]+", text.lower()))
        assert any(word in read for word in spelt & own_names(content)), (text, found.readings)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_is_read_without_an_exception(text: str, content: Content) -> None:
    found = match(text, content)
    assert set(found.answered).isdisjoint(found.suggested)


LONG_PIECES = [
    "a", "a ", "lupus ", "GBS ", "KD, ", "not MG ", "lupus zosteriform ", "neonatal lupus, ", "ivig? GBS, ", "<a:", "@",
    "```", "ñ", "1/", "it's ", "((", "dermatomyosit ", "dermatomyosit, ivig ", "\ufdfa", ".", "polyneuro-",
]  # fmt: skip


@pytest.mark.parametrize("piece", LONG_PIECES)
def test_the_longest_text_slack_takes_is_read(piece: str, content: Content) -> None:
    match((piece * 40_000)[:40_000], content)
