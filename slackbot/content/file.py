"""A YAML text as plain values, with the line on which each of them stands, and what YAML would lose silently."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import yaml

from slackbot.content import syntax
from slackbot.content.fault import Fault, Where

_Loader = Any  # a yaml.CSafeLoader, whose types say of no event what it holds
_SPLIT = "this text goes on over the end of line {}: keep it on one line, or write >- and the text below it"
_QUOTED = "the quote that opens here is closed only on line {}; close it here, or write >- and the text below it"
_SPLIT_ITEM = "this item goes on over the end of line {}: a comma is missing there, or keep the item on one line"


class _OtherLayoutError(Exception):
    """The file is laid out so differently that whatever else is found in it would only mislead."""

    def __init__(self, line: int, message: str) -> None:
        self.fault = Fault(line, message)


class Document:
    """A YAML text as plain values, with the line on which each of them stands."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.loose: set[Where] = set()
        """Items of a list with dashes that hold a comma and stand in no quotes."""
        self.bare: set[Where] = set()
        """Single words in a list in brackets, from the second on, in no quotes: a comma made them items."""
        self._lines: dict[Where, int] = {(): 1}
        self._muted: set[Where] = set()
        self._swallowed = False  # whether a text has taken in the items below it: all else would mislead
        self._cut_lines: set[int] = set()  # those on which a comment hides something
        self._raw: Any = None
        self._text = ""
        self._hashes: list[int] = []  # every # that may begin a comment behind something

    def read(self, text: str) -> dict[str, Any] | None:  # noqa: PLR0911  # one for each way in which it is no file
        """The values; None, with the faults, when the text is no YAML mapping at all."""
        invisible, self._text = syntax.without_invisible(text.removeprefix("\ufeff"))
        self.faults += invisible
        self._hashes = syntax.hashes_behind(self._text)
        try:
            self._raw = self._only_document(yaml.CSafeLoader(self._text))
        except yaml.reader.ReaderError as error:
            line = self._text.count("\n", 0, error.position) + 1
            self.faults.append(Fault(line, "a character YAML does not allow; delete it and type it anew"))
            return None
        except yaml.MarkedYAMLError as error:
            self.faults = invisible + syntax.faults(self._text, error)
            return None
        except _OtherLayoutError as error:
            self.faults = [*invisible, error.fault]
            return None
        except RecursionError:
            self.faults.append(Fault(1, "nested too deeply; check the brackets"))
            return None
        self._note_comments()
        if self._swallowed:
            return None
        if not isinstance(self._raw, dict):
            what = "is empty" if self._raw is None else "holds no keys"
            self.faults.append(Fault(1, f"the file {what}; start from the data/ivig.yaml in the repository"))
            return None
        return self._raw

    def line(self, where: Where) -> int:
        """The line on which the value at `where` stands, or what is nearest above it."""
        while where not in self._lines:
            where = where[:-1]
        return self._lines[where]

    def fault(self, where: Where, message: str) -> None:
        """Note what is wrong at `where`, naming an entry by its id rather than its number."""
        line = self.line(where)
        if line in self._cut_lines or any(where[:i] in self._muted for i in range(1, len(where) + 1)):
            return
        way = " › ".join(self._named(where))
        self.faults.append(Fault(line, f"{way}: {message}" if way else message))

    def fault_at_end(self, message: str) -> None:
        """Note what is wrong with the end of the file."""
        self.faults.append(Fault(self._text.rstrip().count("\n") + 1, message))

    def mute(self, where: Where) -> None:
        """Note nothing more at `where` or below it: what is wrong there has been said."""
        self._muted.add(where)

    def _named(self, where: Where) -> Iterator[str]:
        value = self._raw
        for step in where:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                value = None
            if isinstance(step, str):
                yield step
            else:
                named = value.get("id", value.get("name")) if isinstance(value, dict) else None
                yield str(named) if isinstance(named, str) else f"#{step + 1}"

    # Read event by event: composing a tree of nodes takes twice the memory, and crashes on deeply nested brackets.

    def _only_document(self, loader: _Loader) -> Any:
        loader.get_event()  # the stream's start
        if loader.check_event(yaml.StreamEndEvent):
            return None
        loader.get_event()  # the document's start
        value = self._value(loader, loader.get_event(), ())
        loader.get_event()  # the document's end
        if not loader.check_event(yaml.StreamEndEvent):
            line = loader.get_event().start_mark.line + 1
            raise _OtherLayoutError(line, "a second document (---) begins here; one file holds one")
        return value

    def _value(self, loader: _Loader, event: Any, where: Where, *, in_brackets: bool = False) -> Any:
        """The value that begins with `event`; what follows that is read from `loader`."""
        line = event.start_mark.line + 1
        self._lines.setdefault(where, line)
        if isinstance(event, yaml.AliasEvent):
            self._lose(where, line, "a text can't begin with *; put it in quotes")
            return None
        if event.anchor or event.tag:
            self._lose(where, line, f"a text can't begin with {'&' if event.anchor else '!'}; put it in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(loader, where)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(loader, where, in_brackets=bool(event.flow_style))
        self._note_scalar(event, where, in_brackets=in_brackets)
        return _scalar(event.tag or loader.resolve(yaml.ScalarNode, event.value, event.implicit), event.value)

    def _sequence(self, loader: _Loader, where: Where, *, in_brackets: bool) -> tuple[Any, ...]:
        values: list[Any] = []
        while not isinstance(event := loader.get_event(), yaml.SequenceEndEvent):
            values.append(self._value(loader, event, (*where, len(values)), in_brackets=in_brackets))
        return tuple(values)

    def _mapping(self, loader: _Loader, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := loader.get_event(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            plain = isinstance(event, yaml.ScalarEvent)
            key = self._key(event) if plain else "?"
            if not plain:
                self._value(loader, event, (*where, key))
            if key in values:
                if where and isinstance(where[-1], int) and key == next(iter(values)):
                    raise _OtherLayoutError(line, f"'- ' is missing before '{key}', where the next item begins")
                first = self._lines[(*where, key)]
                self.faults.append(Fault(line, f"'{key}' stands twice, first on line {first}; delete or join one"))
                self._value(loader, loader.get_event(), (*where, key))
                continue
            self._lines[(*where, key)] = line
            values[key] = self._value(loader, loader.get_event(), (*where, key))
        return values

    def _key(self, event: Any) -> str:
        self._forget_hashes(event)
        return str(event.value)

    def _note_scalar(self, event: Any, where: Where, *, in_brackets: bool) -> None:
        self._forget_hashes(event)
        if not event.style and where and isinstance(where[-1], int):
            self._note_item(event.value, where, in_brackets=in_brackets)
        first, last = event.start_mark.line + 1, event.end_mark.line + 1
        if event.style in ("'", '"') and last > first:
            self._lose(where, first, _QUOTED.format(last))
        elif not event.style and last > first:
            if event.value.startswith("-"):
                self._lose(where, first, "put a space behind the -")
            elif in_brackets:
                self._lose(where, first, _SPLIT_ITEM.format(first))
            else:
                self._lose(where, first + 1, _SPLIT.format(first))
                self._swallowed |= " - " in event.value
        elif not event.style and event.value.endswith(","):
            self._lose(where, first, "a comma stands at the end of this text; delete it")
        elif not event.style and syntax.in_curly_quotes(event.value):
            self._lose(where, first, syntax.CURLY)

    def _note_item(self, text: str, where: Where, *, in_brackets: bool) -> None:
        if in_brackets and where[-1] != 0 and " " not in text:
            self.bare.add(where)
        elif not in_brackets and ", " in text:
            self.loose.add(where)

    def _forget_hashes(self, event: Any) -> None:
        """What stands inside a text begins no comment."""
        if self._hashes:
            start = bisect_left(self._hashes, event.start_mark.index)
            del self._hashes[start : bisect_left(self._hashes, event.end_mark.index)]

    def _note_comments(self) -> None:
        self._cut_lines = {self._text.count("\n", 0, place) + 1 for place in self._hashes}
        self.faults += [Fault(line, syntax.COMMENT) for line in sorted(self._cut_lines)]

    def _lose(self, where: Where, line: int, message: str) -> None:
        self.faults.append(Fault(line, message))
        self.mute(where)


def _scalar(tag: str, text: str) -> object:
    """A scalar as YAML reads it; what it can't convert stays text, for the schema to refuse."""
    try:
        match tag.rpartition(":")[2]:
            case "null":
                return None
            case "bool":
                return text.lower() in ("yes", "true", "on")
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "timestamp":
                return dt.date.fromisoformat(text)
    except ValueError:
        pass
    return text
