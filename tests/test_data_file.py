"""The data file: what it must hold, and what is said about every fault."""

import datetime as dt
import re
from pathlib import Path

import pytest
from conftest import FROZEN, ROOT

from slackbot.content.load import ContentError, load_content, parse
from slackbot.content.schema import Content

DATA = FROZEN.read_text(encoding="utf-8")

SMALL = """\
document: article
sources:
  article: {mark: S, title: The article, sentences: 9}
  label: {mark: label, title: The label}
general:
  - {text: In general, source: article, sentences: [1]}
safety:
  reminder:
    - {text: Needs *careful monitoring*, source: article, sentences: [2]}
  boxed_warning:
    - {text: A box, source: label}
footer: [For health professionals]
review: {}
entries:
  - id: first-disease
    name: First disease
    status: {text: Used, source: article, sentences: [3]}
    silent_about: [dose]
    names: [primosis]
  - id: second-disease
    name: Second disease
    status: {text: Used too, source: article, sentences: [4]}
    silent_about: [dose]
look_alikes:
  - {name: thirdosis, not: [first-disease]}
topics:
  - {id: dose, label: dose, kind: not_covered, phrases: [how much]}
words:
  asking: [is]
  linking: [of]
  ordinary: [patient]
  negating: [not]
  neutral: [severe]
  changing: {before: [neonatal]}
  other: [firstly]
  same: {disease: [illness]}
  misspellings: {second: [secnod]}
format: 2
"""


def faults(text: str) -> list[str]:
    """Every fault in a data file's text, as `line: message`, in the order of the lines."""
    content, found = parse(text)
    assert (content is None) == bool(found)
    return [f"{fault.line}: {fault.message}" for fault in sorted(found)]


def changed(old: str, new: str) -> str:
    """The small file with one thing changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def test_the_small_file_is_fine() -> None:
    assert faults(SMALL) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SMALL.replace("format: 2", ""), "1: format: is missing. Since format 2 the English words stand in "
            "slackbot/words/en/, no longer under `words` in this file: CHANGELOG.md says how to move a file over; "
            "then write 'format: 2'"),
        ("nothing: here", "1: format: is missing. Since format 2 the English words stand in "
            "slackbot/words/en/, no longer under `words` in this file: CHANGELOG.md says how to move a file over; "
            "then write 'format: 2'"),
        ("\nformat: 3", "2: format: this bot reads format 2; install the version of the bot the file is for"),
    ],
)  # fmt: skip
def test_a_file_in_another_format_brings_that_one_fault(text: str, line: str) -> None:
    assert faults(text) == [line]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: First disease", "nmae: First disease", ["15: entries › first-disease › name: is missing; add it",
            "16: entries › first-disease › nmae: is no key known here; check its spelling, or remove it"]),
        ("name: First disease", "name: NO",
            ["16: entries › first-disease › name: YAML reads this word as yes or no; put it in quotes"]),
        ("name: First disease", "name: 12",
            ["16: entries › first-disease › name: YAML reads this as a number or date; put it in quotes"]),
        ("name: First disease", "name:",
            ["16: entries › first-disease › name: is empty; fill it in, or remove the key"]),
        ("name: First disease", 'name: "  "', ["16: entries › first-disease › name: is empty; fill it in"]),
        ("name: First disease", f"name: {'x' * 101}",
            ["16: entries › first-disease › name: is too long for a Slack card; shorten it to 100 characters"]),
        ("name: First disease", "name: First disease\n    name: Again",
            ["17: 'name' stands twice, first on line 16; delete or join one"]),
        ("id: first-disease", "id: First Disease",
            ["15: entries › First Disease › id: must be small letters, digits and single hyphens",
             "25: look_alikes › thirdosis › not: no entry is called 'first-disease'; check the id"]),
        ("id: second-disease", "id: first-disease",
            ["20: entries › first-disease › id: the id 'first-disease' stands twice; ids are unique"]),
        ("names: [primosis]", "names: primosis",
            ["19: entries › first-disease › names: must be a list: lines that start with '- ', or [a, b]"]),
        ("names: [primosis]", "names: [second  diseases]",
            ["21: entries › second-disease › name: 'Second disease' already belongs to first-disease; "
             "a name means one thing, keep it in one place"]),
        ("names: [primosis]", "names: [Thirdosis]",
            ["25: look_alikes › thirdosis › name: 'thirdosis' already belongs to first-disease; "
             "a name means one thing, keep it in one place"]),
        ("names: [primosis]", "names: [how much]",
            ["27: topics › dose › phrases › #1: 'how much' already belongs to first-disease; "
             "a name means one thing, keep it in one place"]),
        ("names: [primosis]", 'names: ["?!"]',
            ["19: entries › first-disease › names › #1: '?!' can't be found in a text; "
             "a name needs plain letters or digits"]),
        ("source: article, sentences: [3]}", "sentences: [3]}",
            ["17: entries › first-disease › status › source: is missing; add it"]),
        ("source: article, sentences: [3]}", "source: journal, sentences: [3]}",
            ["17: entries › first-disease › status › source: no source is called 'journal'; add it under sources"]),
        ("source: article, sentences: [3]}", "source: article, sentences: [12]}",
            ["17: entries › first-disease › status › sentences: 'article' has no sentence 12; check the number"]),
        ("source: article, sentences: [3]}", "source: article}",
            ["17: entries › first-disease › status: 'sentences' is missing; "
             "give the numbers of the sentences that say it"]),
        ("source: article, sentences: [3]}", "source: label}",
            ["17: entries › first-disease › status › source: only what the document says stands here; "
             "its source is 'article'"]),
        ("{text: Used,", "{text: Used *now,",
            ["17: entries › first-disease › status › text: has a single *; bold text needs one on both sides"]),
        ("text: A box, source: label", "text: A box, source: article, sentences: [2]",
            ["11: safety › boxed_warning › #1 › source: the boxed warning is what the document does not say; "
             "name its own source"]),
        ("    - {text: Needs *careful monitoring*, source: article, sentences: [2]}\n", "    []\n",
            ["8: safety › reminder: needs at least 1; add one"]),
        ("document: article", "document: paper",
            ["1: document: no source is called 'paper'; add it under sources"]),
        ("not: [first-disease]", "not: [fourth-disease]",
            ["25: look_alikes › thirdosis › not: no entry is called 'fourth-disease'; check the id"]),
        ("kind: not_covered", "kind: uncovered",
            ["27: topics › dose › kind: must be one of: 'not_covered', 'safety', 'emergency', 'boxed_warning', "
             "'help', 'list', 'about', 'thanks'"]),
        ("review: {}", "review: {reviewed_by: Dr X}",
            ["13: review: reviewed_by and reviewed_on go together; fill in both, or neither"]),
        ("review: {}", "review: {review_due: soon}",
            ["13: review › review_due: must be a date, as 2026-12-31, without quotes"]),
        ("neutral: [severe]", "neutral: [severe, Neonatal]",
            ["34: words › changing › before › #1: 'neonatal' stands under neutral too; a word has one effect"]),
        ("neutral: [severe]", "neutral: [very severe]",
            ["33: words › neutral › #1: 'very severe' is not one word; give each word by itself"]),
        ("secnod]", "severe]",
            ["37: words › misspellings › second › #1: 'severe' stands under neutral too; a word has one effect"]),
        ("secnod]", "illness]",
            ["37: words › misspellings › second › #1: 'illness' is already read as 'disease'; keep one"]),
        ("silent_about: [dose]\n    names", "silent_about: &x [dose]\n    names: *x\n    ask",
            ["19: YAML references (*name) are not read here; write it out",
             "19: entries › first-disease › names: is empty; fill it in, or remove the key"]),
    ],
)  # fmt: skip
def test_a_fault_is_listed_with_its_line_and_what_to_do(old: str, new: str, expected: list[str]) -> None:
    assert faults(changed(old, new)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: the file is empty; start from the data/ivig.yaml in the repository"),
        ("# only a comment\n", "1: the file is empty; start from the data/ivig.yaml in the repository"),
        ("- a list\n", "1: the file holds no keys; start from the data/ivig.yaml in the repository"),
        ("just words\n", "1: the file holds no keys; start from the data/ivig.yaml in the repository"),
        ("a: 1\nb: [1, 2\n", "3: not YAML: did not find expected ',' or ']'; check the indent and the quotes"),
        ("a: 1\n  b: 2\n",
            "2: not YAML: mapping values are not allowed in this context; check the indent and the quotes"),
        ("a: 1\n\tb: 2\n",
            "2: not YAML: found a tab character that violates indentation; check the indent and the quotes"),
        ("a: 1\nb: \x07\n", "2: a character YAML does not allow; delete it and type it anew"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_data_file_says_so(text: str, expected: str) -> None:
    assert faults(text) == [expected]


def test_every_fault_is_listed_at_once() -> None:
    text = changed("name: First disease", "name: NO").replace("sentences: [4]", "sentences: [44]")
    assert faults(text.replace("footer: [For health professionals]\n", "")) == [
        "1: footer: is missing; add it",
        "15: entries › first-disease › name: YAML reads this word as yes or no; put it in quotes",
        "21: entries › second-disease › status › sentences: 'article' has no sentence 44; check the number",
    ]


def test_texts_that_would_not_fit_a_card_together_are_refused() -> None:
    long = "\n".join(f"      - {{label: L{i}, text: {'x' * 500}, source: article, sentences: [5]}}" for i in range(6))
    text = changed("    names: [primosis]\n", f"    statements:\n{long}\n")
    assert faults(text) == [
        "15: entries › first-disease: its texts are too long for a Slack card; shorten them to 3000 characters in all"
    ]


def test_without_a_safety_reminder_nothing_loads(tmp_path: Path) -> None:
    path = tmp_path / "ivig.yaml"
    path.write_text(re.sub(r"(?s)  reminder:.*?  boxed", "  boxed", DATA, count=1), encoding="utf-8")
    with pytest.raises(ContentError, match="safety › reminder: is missing; add it"):
        load_content(path)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ivig.yaml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_content(path)
    assert str(error.value) == f"{path}:1: the file is empty; start from the data/ivig.yaml in the repository"


def test_a_file_that_is_not_there_or_not_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r":1: can't be read: No such file or directory; check the path"):
        load_content(tmp_path / "none.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: Guillain-Barré\n".encode("latin-1"))
    with pytest.raises(ContentError, match=r":2: not UTF-8; save the file with the encoding UTF-8"):
        load_content(path)


def test_a_contact_given_wins_over_the_file_s(tmp_path: Path) -> None:
    path = tmp_path / "ivig.yaml"
    path.write_text(SMALL + "contact: Ward pharmacist\n", encoding="utf-8")
    assert load_content(path).contact == "Ward pharmacist"
    assert load_content(path, "Bleep 7").contact == "Bleep 7"


def test_dates_are_read_as_dates() -> None:
    content, _ = parse(
        changed("review: {}", "review: {reviewed_by: Dr X, reviewed_on: 2026-03-01, review_due: 2027-03-01}")
    )
    assert content is not None
    assert content.review.review_due == dt.date(2027, 3, 1)


def test_the_schema_for_editors_is_in_step() -> None:
    import json

    written = json.loads((ROOT / "data" / "ivig.schema.json").read_text(encoding="utf-8"))
    assert written == Content.model_json_schema(), "run `make schema`"
