"""Reading a data file: from a path, in a format, into content."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from doors import FROZEN, ROOT
from test_broken_files import SMALL, changed

from slackbot.content.load import ContentError, load_content, parse
from slackbot.content.schema import Content

DATA = FROZEN.read_text(encoding="utf-8")


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
    path.write_text(changed("contact:", "contact: Ward pharmacist"), encoding="utf-8")
    assert load_content(path).contact == "Ward pharmacist"
    assert load_content(path, "Bleep 7").contact == "Bleep 7"


def test_dates_are_read_as_dates() -> None:
    content, _ = parse(SMALL)
    assert content is not None
    assert content.review[0].due == dt.date(2027, 3, 1)


def test_contents_are_told_apart_by_identity_and_print_shortly() -> None:
    first, _ = parse(changed("contact:", "contact: Ward pharmacist"))
    second, _ = parse(changed("contact:", "contact: Ward pharmacist"))
    assert first == first  # noqa: PLR0124  # it is the comparison that is tested
    assert first != second
    assert {first: 1}[first] == 1
    assert repr(first) == "<Content of 2 entries>"


def test_the_schema_for_editors_is_in_step() -> None:
    written = json.loads((ROOT / "data" / "ivig.schema.json").read_text(encoding="utf-8"))
    assert written == Content.model_json_schema(), "run `make schema`"
