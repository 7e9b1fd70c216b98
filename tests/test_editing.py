"""A pharmacist's edits, made as CONTRIBUTING.md says on a copy of the data file: the content tests stay green."""

import datetime as dt
import inspect
import re
from pathlib import Path

import pytest
import test_content
from doors import FROZEN, ROOT
from reading import match

from slackbot.__main__ import main
from slackbot.content.load import load_content

DATA = FROZEN.read_text(encoding="utf-8")


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
    ambiguous:
      - {name: SPS, also: nothing common, evidence: little}
    evidence:
      signs: [stiffness, spasms, rigidity]

look_alikes:
"""

EDITS = {  # the place, and what comes there
    "an eighth entry": (r"^look_alikes:\n", EIGHTH),
    "a status in other words": (r"calls IVIG a \*mainstay of management\*", "counts IVIG among its *mainstays*"),
    "a contact": (r"^contact:", "contact: Immunology pharmacist, bleep 1234"),
    "another name for an entry": (r"^    name: Myasthenia gravis$", "    name: Autoimmune myasthenia gravis"),
    "a short form less": (r"      - \{name: LGBS, .*\}\n", ""),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The data file after all of these edits, each in a place of its own."""
    text = DATA
    for pattern, new in EDITS.values():
        text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
        assert count == 1, pattern
    path = tmp_path / "ivig.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def content_tests() -> list[str]:
    return [name for name, _ in inspect.getmembers(test_content, inspect.isfunction) if name.startswith("test_")]


@pytest.mark.parametrize("name", content_tests())
def test_edits_by_the_rules_keep_the_content_tests_green(name: str, file: Path) -> None:
    test = getattr(test_content, name)
    test(load_content(file)) if inspect.signature(test).parameters else test()


def test_edits_go_all_the_way_to_their_sign_off(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(file), "--signed"]) == 1  # step 5
    told = capsys.readouterr()
    assert f"{file}: fine: " in told.out
    assert told.err.endswith("once it has been read\n")
    pack = tmp_path / "pack.html"
    assert main(["review", str(file), "--since", str(FROZEN), "-o", str(pack)]) == 0  # step 8
    changes = pack.read_text(encoding="utf-8")
    for words in ("Stiff person syndrome", "among its <b>mainstays</b>", "Autoimmune myasthenia gravis", "LGBS"):
        assert words in changes
    edited, due = file.read_text(encoding="utf-8"), dt.datetime.now(dt.UTC).date() + dt.timedelta(365)
    assert main(["sign", str(file), "--by", "Dr A. Reader, immunologist", "--due", str(due)]) == 0
    signed = file.read_text(encoding="utf-8").splitlines()
    start = signed.index("review:") + 1
    assert [*signed[:start], *signed[start + 10 :]] == edited.splitlines()
    assert main(["check", str(file), "--signed"]) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_an_eighth_entry_is_answered_without_a_line_of_code(file: Path) -> None:
    for text in ("stiff-person syndrome", "is ivig used in SPS?", "Moersch Woltman syndrome"):
        assert match(text, load_content(file)).answered == ("stiff-person-syndrome",)


def test_the_content_tests_read_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", "elsewhere.yaml")
    assert test_content.data_file() == Path("elsewhere.yaml")
    monkeypatch.delenv("IVIG_DATA")
    assert test_content.data_file() == ROOT / "data" / "ivig.yaml"
