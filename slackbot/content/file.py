"""A YAML text as plain values, with the line on which each of them stands."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

Where = tuple[int | str, ...]  # the way to a value: ("entries", 3, "name")
_Loader = Any  # a yaml.CSafeLoader, whose types say of no event what it holds


class Fault(NamedTuple):
    """One thing wrong with the data file."""

    line: int
    message: str


class Document:
    """A YAML text as plain values, with the line on which each of them stands."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._lines: dict[Where, int] = {(): 1}
        self._raw: Any = None

    def read(self, text: str) -> dict[str, Any] | None:
        """The values; None, with a fault, when the text is no YAML mapping at all."""
        try:
            self._raw = self._only_document(yaml.CSafeLoader(text))
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.faults.append(Fault(line, "a character YAML does not allow; delete it and type it anew"))
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.faults.append(
                Fault(
                    mark.line + 1 if mark else 1,
                    f"not YAML: {error.problem}; check the indent and the quotes",
                )
            )
            return None
        except RecursionError:
            self.faults.append(Fault(1, "nested too deeply; check the brackets"))
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
        way = " › ".join(self._named(where))
        self.faults.append(Fault(self.line(where), f"{way}: {message}" if way else message))

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

    # Read event by event: a tree of the whole file would take several times the memory of what is kept.

    def _only_document(self, loader: _Loader) -> Any:
        loader.get_event()  # the stream's start
        if loader.check_event(yaml.StreamEndEvent):
            return None
        loader.get_event()  # the document's start
        value = self._value(loader, ())
        loader.get_event()  # the document's end
        if not loader.check_event(yaml.StreamEndEvent):
            line = loader.get_event().start_mark.line + 1
            self.faults.append(Fault(line, "a second document (---) begins here; one file holds one"))
        return value

    def _value(self, loader: _Loader, where: Where) -> Any:
        event = loader.get_event()
        line = event.start_mark.line + 1
        self._lines.setdefault(where, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(loader, where)
        if isinstance(event, yaml.SequenceStartEvent):
            values: list[Any] = []
            while not loader.check_event(yaml.SequenceEndEvent):
                values.append(self._value(loader, (*where, len(values))))
            loader.get_event()
            return tuple(values)
        if isinstance(event, yaml.AliasEvent):
            self.faults.append(Fault(line, "YAML references (*name) are not read here; write it out"))
            return None
        return _scalar(event.tag or loader.resolve(yaml.ScalarNode, event.value, event.implicit), event.value)

    def _mapping(self, loader: _Loader, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not loader.check_event(yaml.MappingEndEvent):
            line = loader.peek_event().start_mark.line + 1
            plain = loader.check_event(yaml.ScalarEvent)
            key = loader.get_event().value if plain else "?"
            if not plain:
                self._value(loader, (*where, key))
            if key in values:
                first = self._lines[(*where, key)]
                self.faults.append(Fault(line, f"'{key}' stands twice, first on line {first}; delete or join one"))
                self._value(loader, (*where, key))
                continue
            self._lines[(*where, key)] = line
            values[key] = self._value(loader, (*where, key))
        loader.get_event()
        return values


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
