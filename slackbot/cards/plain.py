"""A card as plain text: what phones notify, screen readers read and a terminal prints."""

from collections.abc import Iterator

from slackbot.cards import wording
from slackbot.cards.card import Alarm, Basis, Card, Fact, Facts, Heading, Listing, Notes, Paragraph, Part, Reminder


def plain(card: Card) -> str:
    """The card's text, a line for each thing said, without what can be chosen."""
    lines = [line for part in card.parts for line in _part(part)]
    lines += _basis(card.reminder, card.basis) if card.basis else [_reminder(card.reminder)]
    return "\n".join(unmarked(line) for line in lines)


def unmarked(text: str) -> str:
    """A text without its marks for bold."""
    return text.replace("*", "")


def _part(part: Part) -> Iterator[str]:
    match part:
        case Heading(text) | Alarm(text):
            yield text
        case Paragraph(lines):
            text = "\n".join(lines)
            yield text.replace("\n", ": ", 1) if text.startswith("*") else text
        case Fact(label, text):
            yield f"{label}: {text}"
        case Facts(facts):
            for fact in facts:
                yield f"{fact.label}: {fact.text}"
        case Notes(texts):
            yield from texts
        case Listing(rows, left_out):
            yield from (f"• {row.text}" for row in rows)
            if left_out:
                yield wording.more(left_out)


def _reminder(reminder: Reminder) -> str:
    return f"{wording.SAFETY_MONITORING}: {' '.join(reminder.statements)}"


def _basis(reminder: Reminder, basis: Basis) -> Iterator[str]:
    yield f"{_reminder(reminder)} {wording.MONITORING}"
    yield f"{wording.NOT_FROM_DOCUMENT} {basis.boxed_warning}"
    yield from (basis.sources, basis.standing, basis.footer)
