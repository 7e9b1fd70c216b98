"""A card as plain text: what phones notify, screen readers read and a terminal prints."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from slackbot.cards import wording
from slackbot.cards.card import Alarm, Card, Fact, Heading, Line, Listing, Notes, Paragraph, Part, Reminder


class Weight(StrEnum):
    """How a line is to be noticed."""

    HEADING = "heading"
    TEXT = "text"
    REMINDER = "reminder"


class PlainLine(NamedTuple):
    """A line of text, and how it is to be noticed."""

    weight: Weight
    text: str


def plain(card: Card | Line) -> str:
    """The text, a line for each thing said, without what can be chosen."""
    return "\n".join(line.text for line in plain_lines(card))


def plain_lines(card: Card | Line) -> list[PlainLine]:
    """The same, line by line."""
    lines = [PlainLine(Weight.TEXT, card.text)] if isinstance(card, Line) else _card(card)
    return [PlainLine(weight, text.replace("*", "")) for weight, text in lines]


def _card(card: Card) -> Iterator[PlainLine]:
    for part in card.parts:
        yield from _part(part)
    yield from _reminder(card.reminder, brief=card.brief)
    for part in card.details:
        yield from _part(part)
    if card.standing:
        yield PlainLine(Weight.TEXT, card.standing)


def _part(part: Part) -> Iterator[PlainLine]:
    match part:
        case Heading(text) | Alarm(text):
            yield PlainLine(Weight.HEADING, text)
        case Paragraph(lines) | Notes(lines):
            yield from (PlainLine(Weight.TEXT, line) for line in lines)
        case Fact(label, text):
            yield PlainLine(Weight.TEXT, f"{label}: {text}")
        case Listing(rows, left_out):
            yield from (PlainLine(Weight.TEXT, f"• {row.text}") for row in rows)
            if left_out:
                yield PlainLine(Weight.TEXT, wording.more_entries(left_out))


def _reminder(reminder: Reminder, *, brief: bool) -> Iterator[PlainLine]:
    statements = f"{wording.SAFETY_MONITORING}: {' '.join(reminder.statements)}"
    yield PlainLine(Weight.REMINDER, statements if brief else f"{statements} {wording.MONITORING}")
    if not brief:
        yield PlainLine(Weight.TEXT, f"{wording.NOT_FROM_DOCUMENT} {reminder.boxed_warning}")
