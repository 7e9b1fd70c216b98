"""How Slack shows a card: as a message, a modal or the Home. All limits of Slack's stand here, and nowhere else."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, TypeVar

from slackbot.cards import wording
from slackbot.cards.card import (
    Alarm,
    Basis,
    Card,
    Fact,
    Facts,
    Heading,
    Listing,
    Menu,
    Notes,
    Open,
    Paragraph,
    Part,
    Reminder,
    Share,
    Suggestions,
)  # fmt: skip
from slackbot.cards.plain import plain
from slackbot.matching.match import Outcome

Block = dict[str, Any]
_Item = TypeVar("_Item")

SHARE = "share"  # the action_id of the button that shares a card
OPEN = "ask."  # how the action_ids of all other buttons and menus begin; cards posted long ago hold it

ACTIONS = 3  # at most, on a card
OPTIONS = 100  # at most, in a menu
LABEL = 75  # characters of a button or an option
LABEL_SHOWN = 30  # of a button, before Slack cuts it
VALUE = 2_000  # characters that a button carries
HOME_ROWS = 80
SECTION_ROWS = 10
# The blocks of a message hold 13,000 characters together.
MENU_CHARACTERS = 8_500
LIST_CHARACTERS = 8_000
LIST_CHARACTERS_BESIDE_MENU = 1_500


@dataclass(frozen=True)
class Message:
    """What Slack is sent: Block Kit blocks, and the same content as plain text."""

    text: str
    blocks: list[Block]


def message(card: Card) -> Message:
    """The card as a message."""
    card = _shortened(card)
    blocks = [*_blocks(card), *_actions(card)]
    text = _escaped(plain(card))  # Slack reads mark-up in a message's text too
    if card.shared_by:
        line = wording.shared_by(f"<@{card.shared_by}>")
        mention = {"type": "mrkdwn", "text": line}  # the one place where a mention is to go live
        return Message(f"{line}\n{text}", [{"type": "context", "elements": [mention]}, *blocks])
    return Message(text, blocks)


def line(text: str) -> Message:
    """A line about the bot's own work, which is no card: an apology, or how sharing went."""
    return Message(text, [_section(text)])


def modal(card: Card) -> dict[str, Any]:
    """The card as a modal view, without its buttons."""
    return {
        "type": "modal",
        "title": _plain_text(wording.TITLE),
        "close": _plain_text(wording.CLOSE),
        "blocks": list(_blocks(_shortened(card))),
    }


def home(card: Card) -> dict[str, Any]:
    """The card as the Home view: each entry of its lists has a button that opens it."""
    parts = tuple(_cut_listing(part, HOME_ROWS) if isinstance(part, Listing) else part for part in card.parts)
    card = replace(card, parts=parts)
    return {"type": "home", "blocks": [*_blocks(card, with_buttons=True), *_actions(card)]}


# What fits.


def _shortened(card: Card) -> Card:
    """The card with lists no longer than fit beside what else it holds."""
    beside_menu = any(isinstance(choice, Menu) for choice in card.choices)
    characters = LIST_CHARACTERS_BESIDE_MENU if beside_menu else LIST_CHARACTERS
    parts = (
        _cut_listing(part, len(_within(characters, [f"• {row.text}" for row in part.rows])))
        if isinstance(part, Listing)
        else part
        for part in card.parts
    )
    return replace(card, parts=tuple(parts))


def _cut_listing(listing: Listing, most: int) -> Listing:
    return Listing(listing.rows[:most], listing.left_out + len(listing.rows[most:]))


def _within(characters: int, items: list[_Item]) -> list[_Item]:
    """The first items, as many as take up no more characters when Slack counts them as JSON."""
    sizes = accumulate(len(json.dumps(item, ensure_ascii=False, separators=(",", ":"))) + 1 for item in items)
    return [item for item, size in zip(items, sizes, strict=True) if size <= characters]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


# What is said.


def _blocks(card: Card, *, with_buttons: bool = False) -> Iterator[Block]:
    for part in card.parts:
        if with_buttons and isinstance(part, Listing):
            yield from _rows(part)
        else:
            yield from _part(part)
    yield from _basis(card.reminder, card.basis) if card.basis else [_brief(card.reminder)]


def _part(part: Part) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield {"type": "header", "text": _plain_text(text)}
        case Alarm(text):
            yield _section(f":rotating_light: *{text}*")
        case Paragraph(lines):
            yield _section("\n".join(lines))
        case Fact():
            yield _section(_fact(part))
        case Facts(facts) if facts:
            yield {"type": "section", "fields": [_mrkdwn(_fact(fact)) for fact in facts]}
        case Notes(texts) if texts:
            yield _context(texts)
        case Listing():
            yield from _listing(part)


def _fact(fact: Fact) -> str:
    return f"*{fact.label}*\n{fact.text}"


def _listing(listing: Listing) -> Iterator[Block]:
    lines = [f"• {row.text}" for row in listing.rows]
    for start in range(0, len(lines), SECTION_ROWS):
        yield _section("\n".join(lines[start : start + SECTION_ROWS]))
    yield from _left_out(listing)


def _rows(listing: Listing) -> Iterator[Block]:
    for row in listing.rows:
        yield {**_section(row.text), "accessory": _open(row.button)}
    yield from _left_out(listing)


def _left_out(listing: Listing) -> Iterator[Block]:
    if listing.left_out:
        yield _context([wording.more(listing.left_out)])


def _brief(reminder: Reminder) -> Block:
    return _context([f":warning: *{wording.SAFETY_MONITORING}:* {' '.join(reminder.statements)}"])


def _basis(reminder: Reminder, basis: Basis) -> Iterator[Block]:
    yield {"type": "divider"}
    statements = " ".join(reminder.statements)
    yield _section(f":warning: *{wording.SAFETY_MONITORING}*\n{statements} {wording.MONITORING}")
    yield _context([f"*{wording.NOT_FROM_DOCUMENT}* {basis.boxed_warning}"])
    yield _context([basis.sources, basis.standing, basis.footer])


# What can be chosen.


def _actions(card: Card) -> list[Block]:
    """The first of the card's choices, as many as it is to have."""
    taken = sum(isinstance(choice, Share) and _fits(choice) for choice in card.choices)
    elements = [element for choice in card.choices for element in _elements(choice, ACTIONS - taken)]
    return [{"type": "actions", "elements": elements[:ACTIONS]}] if elements else []


def _elements(choice: Suggestions | Share | Open | Menu, room: int) -> Iterator[Block]:
    match choice:
        case Suggestions(buttons) if len(buttons) > room:
            yield _menu(wording.DID_YOU_MEAN, buttons)
        case Suggestions(buttons):
            yield from (_open(button) for button in buttons)
        case Share() if _fits(choice):
            yield _share(choice)
        case Open():
            yield _open(choice)
        case Menu(label, buttons):
            yield _menu(label, buttons)


def _open(button: Open) -> Block:
    label = button.label
    if len(label) > LABEL_SHOWN and button.short_label:
        label = button.short_label
    return _button(f"{OPEN}{_name(button)}", label, button.choice.encode(), button.read_out)


def _name(button: Open) -> str:
    """What tells a button from the others beside it."""
    if button.choice.outcome in (Outcome.LIST, Outcome.ABOUT):
        return str(button.choice.outcome)
    return f"entry.{button.choice.entries[0]}"


def _fits(share: Share) -> bool:
    return len(share.choice.encode()) <= VALUE


def _share(share: Share) -> Block:
    in_thread = share.choice.thread is not None
    label, read_out = wording.share_button(in_thread), wording.share_read_out(in_thread)
    return _button(SHARE, label, share.choice.encode(), read_out)


def _button(action_id: str, label: str, value: str, read_out: str) -> Block:
    return {
        "type": "button",
        "action_id": action_id,
        "text": _plain_text(_cut(label, LABEL)),
        "value": value,
        "accessibility_label": _cut(read_out, LABEL),
    }


def _menu(label: str, buttons: Sequence[Open]) -> Block:
    """A menu; of more options than fit it holds the first, and says what to do about the others."""
    options = _within(
        MENU_CHARACTERS,
        [
            {"text": _plain_text(_cut(button.label, LABEL)), "value": button.choice.encode()}
            for button in buttons[:OPTIONS]
        ],
    )
    rest = f" {wording.OR_TYPE}" if len(options) < len(buttons) else ""
    return {
        "type": "static_select",
        "action_id": f"{OPEN}menu",
        "placeholder": _plain_text(f"{label}{rest}"),
        "options": options,
    }


# Slack's text.


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(texts: Iterable[str]) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text) for text in texts]}


def _plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": _escaped(text)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
