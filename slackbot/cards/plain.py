"""A card as plain text: what phones notify, screen readers read and a terminal prints."""

from collections.abc import Iterator

from slackbot.cards import wording
from slackbot.cards.card import Alarm, Card, Fact, Heading, Line, Listing, Notes, Paragraph, Part, Reminder


def plain(card: Card | Line) -> str:
    """The text, a line for each thing said, without what can be chosen."""
    lines = [card.text] if isinstance(card, Line) else _card(card)
    return "\n".join(unmarked(line) for line in lines)


def unmarked(text: str) -> str:
    """A text without its marks for bold."""
    return text.replace("*", "")


def _card(card: Card) -> Iterator[str]:
    for part in card.parts:
        yield from _part(part)
    yield from _reminder(card.reminder, brief=card.brief)
    for part in card.details:
        yield from _part(part)
    if card.standing:
        yield card.standing


def _part(part: Part) -> Iterator[str]:
    match part:
        case Heading(text) | Alarm(text):
            yield text
        case Paragraph(lines) | Notes(lines):
            yield from lines
        case Fact(label, text):
            yield f"{label}: {text}"
        case Listing(rows, left_out):
            yield from (f"• {row.text}" for row in rows)
            if left_out:
                yield wording.more_entries(left_out)


def _reminder(reminder: Reminder, *, brief: bool) -> Iterator[str]:
    statements = " ".join(reminder.statements)
    if brief:
        yield f"{wording.SAFETY_MONITORING}: {statements}"
    else:
        yield f"{wording.SAFETY_MONITORING}: {statements} {wording.MONITORING}"
        yield f"{wording.NOT_FROM_DOCUMENT} {reminder.boxed_warning}"
