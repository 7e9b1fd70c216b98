"""The file `.env`: a variable a line, NAME=value."""

import io
import re

from dotenv.parser import Binding, parse_stream

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def assignments(text: str) -> tuple[dict[str, str | None], list[int]]:
    """What the lines of `text` set, and the numbers of those that set nothing though they hold something."""
    lines = [line for line in parse_stream(io.StringIO(text)) if line.error or line.key]  # no blanks, no comments
    wrong = [_number(line) for line in lines if not _is_assignment(line)]
    return {line.key: line.value for line in lines if line.key}, wrong


def _is_assignment(line: Binding) -> bool:
    return not line.error and line.value is not None and bool(_NAME.fullmatch(line.key or ""))


def _number(line: Binding) -> int:
    """Where the line stands. dotenv counts the blank lines before it to it."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")
