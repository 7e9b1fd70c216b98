"""Reading a data file: from a path, in a format, into content."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from doors import FROZEN, ROOT
from test_broken_files import SMALL, changed

from slackbot.content import shape
from slackbot.content.fault import Where
from slackbot.content.file import Document
from slackbot.content.json_schema import json_schema
from slackbot.content.load import ContentError, load_content, parse
from slackbot.content.schema import Content, read

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
    assert written == json.loads(json.dumps(json_schema())), "run `make schema`"


def test_a_file_is_refused_exactly_where_a_fault_is_named() -> None:
    """Whatever stands in place of one of its values: what the schema refuses, an editor is told of."""
    sound = Document().read(SMALL)
    assert isinstance(sound, dict)
    refused = 0
    for where in places_of(sound | {"review": ()}):
        if where == ("format",):  # which is looked at before
            continue
        for value in (None, True, 7, 0, dt.date(2026, 1, 1), "", "a word", "x" * 700, (), (1,), {}, {"key": "value"}):
            changed_file = with_value(sound | {"review": ()}, where, value)
            document = Document()
            shape.note(document, changed_file)
            assert bool(document.faults) == (read(changed_file, Content) is None), (where, value)
            refused += bool(document.faults)
    assert refused > 1_000


@pytest.mark.parametrize(
    ("where", "some"),
    [
        ((), {"format", "entries", "spellings"}),
        (("entries", 0, "status"), {"text", "source"}),
        (("look_alikes", 3), {"name", "not"}),
        (("sources", "article"), {"mark", "title"}),
        (("entries", 0, "id"), set()),
        (("entries", 0, "id", 0), set()),
        (("nothing", 0), set()),
    ],
)
def test_each_part_of_a_file_has_its_keys(where: Where, some: set[str]) -> None:
    keys = shape.keys(where)
    assert some <= set(keys)
    assert bool(some) == bool(keys)


def places_of(value: object, where: Where = ()) -> Iterator[Where]:
    """Every place inside a value."""
    inside: Iterable[tuple[Any, object]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, tuple):
        inside = enumerate(value)
    for step, inner in inside:
        yield (*where, step)
        yield from places_of(inner, (*where, step))


def with_value(whole: Any, where: Where, value: object) -> Any:
    """The same, with another value at this place."""
    if not where:
        return value
    step, *further = where
    if isinstance(whole, dict):
        return whole | {step: with_value(whole[step], tuple(further), value)}
    return tuple(with_value(item, tuple(further), value) if at == step else item for at, item in enumerate(whole))
