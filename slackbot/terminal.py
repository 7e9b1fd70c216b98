"""A card as a terminal shows it: lines as wide as the screen, headings in bold, the reminder marked."""

import textwrap

from msgspec import Struct

from slackbot.cards.card import Card, Line
from slackbot.cards.plain import PlainLine, Weight, plain_lines

MARK = "! "  # before each line of the reminder, so that it stands out without any colour
BOLD, USUAL = "\x1b[1m", "\x1b[0m"
NARROWEST = 20  # columns; on less, nothing is read more easily for being wrapped


class Terminal(Struct, frozen=True):
    """Where a card is printed."""

    width: int | None = None
    """In columns; None: the text stays as it is, as whatever reads a pipe expects it."""
    bold: bool = False
    """Whether it can show bold letters."""


def written(card: Card | Line, terminal: Terminal) -> str:
    """The card as text for this terminal. Words stay whole, even those that are wider than it is."""
    return "\n".join(line for each in plain_lines(card) for line in _wrapped(each, terminal))


def _wrapped(line: PlainLine, terminal: Terminal) -> list[str]:
    if terminal.width is None:
        return [line.text]
    mark = MARK if line.weight is Weight.REMINDER else ""
    lines = textwrap.wrap(
        line.text,
        max(terminal.width, NARROWEST),
        initial_indent=mark,
        subsequent_indent=mark or ("  " if line.text.startswith("• ") else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )
    is_bold = terminal.bold and line.weight is not Weight.TEXT
    return [f"{BOLD}{each}{USUAL}" for each in lines] if is_bold else lines
