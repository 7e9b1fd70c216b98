"""A pharmacist's edits, made as CONTRIBUTING.md says on a copy of the data file: the content tests stay green."""

import inspect
import re
from pathlib import Path

import pytest
import test_content
from conftest import FROZEN, ROOT
from reading import match

from slackbot.content.load import load_content

DATA = FROZEN.read_text(encoding="utf-8")


def replaced(pattern: str, new: str) -> str:
    """The data file with the one place changed that the pattern finds."""
    edited, count = re.subn(pattern, new, DATA, flags=re.MULTILINE)
    assert count == 1, pattern
    return edited


EIGHTH = """\
  - id: stiff-person-syndrome
    name: Stiff person syndrome
    short: SPS
    status:
      text: The document only *names* it
      source: article
      sentences: [19]
    silent_about: [dose, role, timing]
    names: [Moersch-Woltman syndrome, stiff man syndrome]
    abbreviations:
      - short: SPS
        also: nothing common

look_alikes:
"""

EDITS = {
    "an eighth entry": replaced(r"^look_alikes:\n", EIGHTH),
    "a status in other words": replaced(
        r"calls IVIG a \*mainstay of management\*", "counts IVIG among its *mainstays*"
    ),
    "a review": replaced(
        r"reviewed_by:\n  reviewed_on:\n  review_due:",
        "reviewed_by: Dr A. Reader, immunologist\n  reviewed_on: 2026-03-01\n  review_due: 2027-03-01",
    ),
    "a contact": replaced(r"^contact:", "contact: Immunology pharmacist, bleep 1234"),
    "another name for an entry": replaced(r"^    name: Myasthenia gravis$", "    name: Autoimmune myasthenia gravis"),
    "a short form less": replaced(r"      - short: LGBS\n        also: nothing common\n", ""),
}


def content_tests() -> list[str]:
    return [name for name, _ in inspect.getmembers(test_content, inspect.isfunction) if name.startswith("test_")]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_the_rules_keeps_the_content_tests_green(edit: str, tmp_path: Path) -> None:
    file = tmp_path / "ivig.yaml"
    file.write_text(EDITS[edit], encoding="utf-8")
    edited = load_content(file)
    for name in content_tests():
        test = getattr(test_content, name)
        test(edited) if inspect.signature(test).parameters else test()


def test_an_eighth_entry_is_answered_without_a_line_of_code(tmp_path: Path) -> None:
    file = tmp_path / "ivig.yaml"
    file.write_text(EDITS["an eighth entry"], encoding="utf-8")
    for text in ("stiff-person syndrome", "is ivig used in SPS?", "Moersch Woltman syndrome"):
        assert match(text, load_content(file)).answered == ("stiff-person-syndrome",)


def test_the_content_tests_read_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", "elsewhere.yaml")
    assert test_content.data_file() == Path("elsewhere.yaml")
    monkeypatch.delenv("IVIG_DATA")
    assert test_content.data_file() == ROOT / "data" / "ivig.yaml"
