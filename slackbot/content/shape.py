"""What is wrong with the shape of a data file: a key that is missing or unknown, a list that is none, a text too long.

`msgspec` reads a sound file and refuses any other at its first fault. An editor would know of all of them at once, each
with what to do: so a file that is refused is walked through here, part by part, beside what the schema says of each.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from msgspec.inspect import (
    BoolType,
    DateType,
    DictType,
    EnumType,
    IntType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from slackbot.content.advice import did_you_mean, nearest
from slackbot.content.fault import Where
from slackbot.content.file import Document
from slackbot.content.schema import Content

_NOT_SO = {
    "url": "must be an address that begins with https://",
    "issues": "must be an address that begins with https://",
    "sha256": "must be a digest of 64 digits and letters: `sha256sum FILE` prints it",
    "digest": "must be the whole digest; let `python -m slackbot sign` write it",
}


class _Flaw(NamedTuple):
    """One thing that is wrong with the shape of a data file, and what to do."""

    where: Where
    message: str
    missing: bool = False
    """Whether a key is missing there."""
    unknown: bool = False
    """Whether the key there is none that the schema knows."""


def note(document: Document, raw: object) -> None:
    """Note every fault of the shape of a data file's values, one for each thing that is wrong."""
    flaws = list(_flaws(raw, _shape(), ()))
    told: set[Where] = set()  # what is missing, and said otherwise
    for flaw in flaws:
        if flaw.unknown:
            *inside, key = flaw.where
            close = nearest(str(key), keys(tuple(inside)))
            told.add((*inside, close))
            document.fault(flaw.where, f"is no key here; did you mean '{close}'?" if close else flaw.message)
    tail = _cut_off({flaw.where for flaw in flaws if flaw.missing} - told)
    if tail:
        *others, last = (f"'{key}'" for key in tail)
        listed = f"{', '.join(others)} and {last}" if others else last
        document.fault_at_end(f"the file ends without {listed}; it may be cut off: add what is missing")
    told |= {(key,) for key in tail}
    for flaw in flaws:
        if not flaw.unknown and flaw.where not in told:
            document.fault(flaw.where, flaw.message)


def _cut_off(missing: set[Where]) -> list[str]:
    """The top-level keys that are missing, when none of those that come after them is there."""
    needed = [field.encode_name for field in _shape().fields if field.required]
    return list(takewhile(lambda key: (key,) in missing, reversed(needed)))[::-1]


def keys(where: Where) -> list[str]:
    """The keys that the part of a data file at `where` may have; none where no part has any."""
    kind: Type | None = _shape()
    for step in where:
        kind = _inside(kind, step)
    return [field.encode_name for field in kind.fields] if isinstance(kind, StructType) else []


@cache
def _shape() -> StructType:
    shape = type_info(Content)
    assert isinstance(shape, StructType)  # noqa: S101  # as of any Struct; it is the type checker that asks
    return shape


def _inside(kind: Type | None, step: int | str) -> Type | None:
    """What a part of this kind holds under a key or number; None where it holds nothing there."""
    match kind:
        case StructType():
            return next((field.type for field in kind.fields if field.encode_name == step), None)
        case DictType():
            return kind.value_type
        case VarTupleType():
            return kind.item_type
    return None


def _flaws(value: object, kind: Type, where: Where) -> Iterator[_Flaw]:
    match kind:
        case UnionType():  # a value, or nothing
            if value is not None:
                yield from _flaws(value, kind.types[0], where)
        case StructType():
            yield from _of_a_struct(value, kind, where)
        case DictType():
            yield from _of_a_mapping(value, kind, where)
        case VarTupleType():
            yield from _of_a_list(value, kind, where)
        case _:
            if message := _of_a_value(value, kind, where):
                yield _Flaw(where, message)


def _of_a_struct(value: object, kind: StructType, where: Where) -> Iterator[_Flaw]:
    if not isinstance(value, dict):
        yield _Flaw(where, _EMPTY if value is None else "must be 'key: value' lines")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key, inner in value.items():
        if key in fields:
            yield from _flaws(inner, fields[key].type, (*where, key))
        else:
            yield _Flaw((*where, key), _MOVED.get((*where, key), _UNKNOWN), unknown=True)
    for key, field in fields.items():
        if field.required and key not in value:
            yield _Flaw((*where, key), "is missing; add it", missing=True)


def _of_a_mapping(value: object, kind: DictType, where: Where) -> Iterator[_Flaw]:
    if not isinstance(value, dict):
        yield _Flaw(where, _EMPTY if value is None else "must be 'key: value' lines")
        return
    if len(value) < (kind.min_length or 0):
        yield _Flaw(where, _TOO_FEW.format(kind.min_length))
    for key, inner in value.items():
        yield from _flaws(key, kind.key_type, (*where, key))
        yield from _flaws(inner, kind.value_type, (*where, key))


def _of_a_list(value: object, kind: VarTupleType, where: Where) -> Iterator[_Flaw]:
    if where == ("review",) and not isinstance(value, tuple):
        message = "is a list of records since format 2; leave it empty, and let `python -m slackbot sign` write them"
        yield _Flaw(where, message)
    elif not isinstance(value, tuple):
        yield _Flaw(where, _EMPTY if value is None else "must be a list: lines that start with '- ', or [a, b]")
    else:
        if len(value) < (kind.min_length or 0):
            yield _Flaw(where, _TOO_FEW.format(kind.min_length))
        if kind.max_length is not None and len(value) > kind.max_length:
            yield _Flaw(where, f"has too many for a Slack card; keep {kind.max_length}")
        for number, item in enumerate(value):
            yield from _flaws(item, kind.item_type, (*where, number))


_UNKNOWN = "is no key here; check its spelling, or remove it"
_MOVED = {("words",): "stands in slackbot/words/en/ since format 2; CHANGELOG.md says how to move it over"}
_EMPTY = "is empty; fill it in, or remove the key"
_TOO_FEW = "needs at least {}; add one"


def _of_a_value(value: object, kind: Type, where: Where) -> str:
    """What is wrong with a single value; empty when nothing is."""
    match kind:
        case StrType():
            return _of_a_text(value, kind, str(where[-1]))
        case IntType():
            return _of_a_number(value, kind)
        case BoolType() if not isinstance(value, bool):
            return "must be true or false"
        case DateType() if not isinstance(value, dt.date):
            return "must be a date, as 2026-12-31, without quotes"
        case EnumType() if value not in (options := [str(option.value) for option in kind.cls]):
            question = did_you_mean(str(value), options)
            return f"must be one of: {', '.join(options)}" + (f"; {question}" if question else "")
    return ""


def _of_a_text(value: object, kind: StrType, key: str) -> str:  # noqa: PLR0911  # one line for each kind
    match value:
        case str() if kind.max_length is not None and len(value) > kind.max_length:
            return f"is too long for a Slack card; shorten it to {kind.max_length} characters"
        case str() if not value.strip():
            return "is empty; fill it in"
        case str() if kind.pattern and not re.search(kind.pattern, value):
            return _NOT_SO.get(key, "must be small letters, digits and single hyphens")
        case str():
            return ""
        case bool():
            return "YAML reads this word as yes or no; put it in quotes"
        case int() | float() | dt.date():
            return "YAML reads this as a number or date; put it in quotes"
        case None:
            return _EMPTY
        case dict():
            return "a colon makes 'key: value' of this text; put the text in quotes"
    return "must be one text, not a list"


def _of_a_number(value: object, kind: IntType) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"must be {kind.ge} or more" if kind.ge is not None and value < kind.ge else ""
    number = re.fullmatch(r"[A-Za-z]+ ?(\d+)", str(value))
    return f"write {number[1]}, without letters" if number else "must be a whole number"
