"""How the faults that pydantic finds are said to an editor: what is wrong, and what to do."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, get_args

from pydantic import ValidationError

from slackbot.content.fault import Where
from slackbot.content.file import Document
from slackbot.content.schema import Content, Model

_FORMS = {
    "url": "must be an address that begins with https://",
    "sha256": "must be a digest of 64 digits and letters: `sha256sum FILE` prints it",
}


def note(document: Document, invalid: ValidationError) -> None:
    """Note every fault of the shape of a data file, one for each thing that is wrong."""
    errors = [(_place(error["loc"]), error) for error in invalid.errors(include_url=False)]
    missing = {where for where, error in errors if error["type"] == "missing"}
    meant: set[Where] = set()
    for where, error in errors:
        if error["type"] == "extra_forbidden":
            close = nearest(str(where[-1]), keys(where[:-1]))
            meant.add((*where[:-1], close))
            document.fault(where, _unknown(where, close))
    tail = _cut_off(missing - meant)
    if tail:
        *others, last = (f"'{key}'" for key in tail)
        listed = f"{', '.join(others)} and {last}" if others else last
        document.fault_at_end(f"the file ends without {listed}; it may be cut off: add what is missing")
    said = meant | {(key,) for key in tail}
    for where, error in errors:
        if error["type"] != "extra_forbidden" and where not in said and not _follows(where, error, errors):
            document.fault(where, _advice(where, error))


def _follows(where: Where, error: Mapping[str, Any], errors: list[tuple[Where, Any]]) -> bool:
    """Whether a list is too short only because of what is wrong with its items."""
    return error["type"] == "too_short" and any(other[: len(where)] == where != other for other, _ in errors)


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of the words that is spelt most like it; empty when none is near."""
    return next(iter(difflib.get_close_matches(word, list(words), 1, 0.7)), "")


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A question to add to a message; empty when no word is near."""
    close = nearest(word, words)
    return f"did you mean '{close}'?" if close else ""


def keys(where: Where) -> list[str]:
    """The keys that the part of a data file at `where` may have."""
    return list(fields(where))


def fields(where: Where) -> Mapping[str, Any]:
    """The same, with what each may be."""
    model: type[Model] | None = Content
    for step in where:
        known = _by_key(model) if model else {}
        if step in known:
            model = _model_in(known[step].annotation)
    return _by_key(model) if model else {}


def _by_key(model: type[Model]) -> dict[Any, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next((model for each in get_args(annotation) if (model := _model_in(each))), None)


def _place(loc: tuple[int | str, ...]) -> Where:
    return tuple(step for step in loc if step != "[key]")


def _cut_off(missing: set[Where]) -> list[str]:
    """The top-level keys that are missing, when none of those that come after them is there."""
    needed = [name for name, field in Content.model_fields.items() if field.is_required()]
    return list(takewhile(lambda name: (name,) in missing, reversed(needed)))[::-1]


def _unknown(where: Where, close: str) -> str:
    if where == ("words",):
        return "stands in slackbot/words/en/ since format 2; CHANGELOG.md says how to move it over"
    if close:
        return f"is no key here; did you mean '{close}'?"
    return "is no key here; check its spelling, or remove it"


def _advice(where: Where, error: Mapping[str, Any]) -> str:  # noqa: C901, PLR0911, PLR0912  # one line for each kind
    value, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "tuple_type" if where == ("review",):
            return "is a list of records since format 2; leave it empty, and let `python -m slackbot sign` write them"
        case "missing":
            return "is missing; add it"
        case "string_type" if isinstance(value, bool):
            return "YAML reads this word as yes or no; put it in quotes"
        case "string_type" | "tuple_type" | "model_type" | "dict_type" | "mapping_type" if value is None:
            return "is empty; fill it in, or remove the key"
        case "string_type" if isinstance(value, int | float | dt.date):
            return "YAML reads this as a number or date; put it in quotes"
        case "string_type" if isinstance(value, dict):
            return "a colon makes 'key: value' of this text; put the text in quotes"
        case "string_type":
            return "must be one text, not a list"
        case "string_too_long":
            return f"is too long for a Slack card; shorten it to {context['max_length']} characters"
        case "string_too_short" | "string_pattern_mismatch" if not str(value).strip():
            return "is empty; fill it in"
        case "string_pattern_mismatch":
            return (
                "must be the whole digest; let `python -m slackbot sign` write it"
                if where[-1] == "digest"
                else _FORMS.get(str(where[-1]), "must be small letters, digits and single hyphens")
            )
        case "tuple_type":
            return "must be a list: lines that start with '- ', or [a, b]"
        case "model_type" | "dict_type" | "mapping_type":
            return "must be 'key: value' lines"
        case "too_short":
            return f"needs at least {context['min_length']}; add one"
        case "too_long":
            return f"has too many for a Slack card; keep {context['max_length']}"
        case "enum":
            options = re.findall("'([^']+)'", str(context["expected"]))
            question = did_you_mean(str(value), options)
            return f"must be one of: {', '.join(options)}" + (f"; {question}" if question else "")
        case "bool_type":
            return "must be true or false"
        case "date_type":
            return "must be a date, as 2026-12-31, without quotes"
        case "int_type" if number := re.fullmatch(r"[A-Za-z]+ ?(\d+)", str(value)):
            return f"write {number[1]}, without letters"
        case "int_type":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case _:  # pragma: no cover  # a kind of fault that the schema does not have yet
            return str(error["msg"])
