"""How Slack shows a card: as a message, a modal or the Home.

The one place that knows Slack's limits: whatever is sent passes here, and is split, shortened or cut to them as
text that can still be read. What comes out is checked; should it break a limit all the same, it is sent as plain text.
"""

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from slackbot import logs
from slackbot.cards import wording
from slackbot.cards.card import (
    Alarm,
    Card,
    Cards,
    Fact,
    Heading,
    Line,
    Listing,
    Menu,
    Notes,
    Open,
    Paragraph,
    Part,
    Row,
    Search,
    Share,
    Suggestions,
)  # fmt: skip
from slackbot.cards.choice import Choice, View
from slackbot.cards.plain import plain
from slackbot.matching.match import Outcome

Block = dict[str, Any]
Groups = tuple[list[Block], list[Block], list[Block], list[Block]]  # parts, reminder, details, end

SHARE = "share"  # the action_id of the button that shares a card
LOOK_UP = "look_up"  # the callback_id of the modal that looks things up, and how what is in it is called
TYPED = f"{LOOK_UP}.text"
NAMED = f"{LOOK_UP}.name"
OPEN = "ask."  # how the action_ids of all other buttons and menus begin; cards posted long ago hold it

# Slack's limits, in characters unless a name says otherwise.
TEXT = 39_000  # of 40,000, less what says that something is left out, or who shared it
HEADER = 150
SECTION = 3_000
CONTEXT = 3_000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
OPTIONS = 100
PLACEHOLDER = 150
LABEL = 75  # of a button or an option, and what is read out for a button
VALUE = 2_000
OPTION_VALUE = 150
ACTION_ID = 255
TITLE = 24

# Ours, for people.
LABEL_SHOWN = 30  # of a button, before Slack cuts it
BUTTONS = 5  # suggestions beside each other; more are a menu
ROWS = 10  # of a list in one section


class Room(Struct, frozen=True):
    """Where blocks are shown, and what it holds."""

    characters: int
    """Of all blocks, written as JSON, which is the strictest way to count."""
    blocks: int
    lines: tuple[int, ...]
    """Of a paragraph, rows of a list, options of a menu: tried in turn until the whole fits."""
    rows_with_buttons: bool = False
    has_button: bool = False
    """Whether one sends what one typed with a button; else with Enter."""

    def holds(self, blocks: Sequence[Block]) -> bool:
        """Whether all these blocks fit."""
        return len(blocks) <= self.blocks and len(msgspec.json.encode(blocks).decode()) <= self.characters


# Slack names no number of characters for a message; it has refused 11,341. A view may be large.
IN_MESSAGE = Room(characters=11_000, blocks=50, lines=(100, 60, 40, 25, 15, 8, 4))
IN_MODAL = Room(characters=200_000, blocks=100, lines=(100,), has_button=True)
AT_HOME = Room(characters=200_000, blocks=100, lines=(80,), rows_with_buttons=True)


class Message(Struct, frozen=True):
    """What Slack is sent: Block Kit blocks, and the same content as plain text. Without blocks it is the text alone."""

    text: str
    blocks: list[Block]


def message(card: Card | Line) -> Message:
    """The card as a message."""
    if isinstance(card, Line):
        return line(card.text)
    shortened, blocks = _drawn(card, IN_MESSAGE)
    text, *rest = _pieces(plain(shortened), TEXT)
    text = _escaped(f"{text}\n{wording.CUT}" if rest else text)  # Slack reads mark-up in a message's text too
    return Message(f"{_shared_by(card.shared_by)}\n{text}" if card.shared_by else text, blocks)


def line(text: str) -> Message:
    """A line about the bot's own work, which is no card: an apology, or how sharing went."""
    return Message(_escaped(text), [_section(text)])


def answered_here(message: Message, channel: str, hindrance: wording.Hindrance) -> Message:
    """The message with a line before it that says why it comes directly. `channel` is an id, checked before."""
    why = wording.answered_here(f"<#{channel}>", hindrance)
    blocks = [_live_context(why), *message.blocks]
    return Message(f"{why}\n{message.text}", blocks if message.blocks and IN_MESSAGE.holds(blocks) else message.blocks)


def modal(card: Card) -> dict[str, Any]:
    """The card as a modal view. Its menus open entries; it has no buttons below."""
    shortened, blocks = _drawn(replace(card, choices=()), IN_MODAL)
    return {
        "type": "modal",
        "title": _plain_text(wording.TITLE, TITLE),
        "close": _plain_text(wording.CLOSE, TITLE),
        "blocks": blocks or _as_text(shortened),
    }


def look_up(card: Card) -> dict[str, Any]:
    """A card with a search as a modal view: what is typed there is answered in its place."""
    shortened, blocks = _drawn(card, IN_MODAL)
    return {
        "type": "modal",
        "callback_id": LOOK_UP,
        "title": _plain_text(wording.TITLE, TITLE),
        "submit": _plain_text(wording.SEARCH_BUTTON, TITLE),
        "close": _plain_text(wording.CLOSE, TITLE),
        "blocks": blocks or _as_text(shortened),
    }


def options(buttons: Sequence[Open]) -> list[Block]:
    """What one can choose from a menu."""
    return [{"text": _plain_text(button.label, LABEL), "value": button.choice.encode()} for button in buttons]


def home(card: Card) -> dict[str, Any]:
    """The card as the Home view: each entry of its lists has a button that opens it."""
    shortened, blocks = _drawn(card, AT_HOME)
    return {"type": "home", "blocks": blocks or _as_text(shortened)}


def cut_cards(cards: Cards) -> list[str]:
    """Which of all cards Slack would not show whole, as a message, a modal or the Home: a line for each."""
    return [
        f"the card '{name}' is too long for Slack; shorten its texts, or those that every card holds"
        for name, card in cards.every_card()
        if any(_is_cut(card, room) for room in ((AT_HOME,) if name == "home" else (IN_MESSAGE, IN_MODAL)))
    ]


def _is_cut(card: Card, room: Room) -> bool:
    """Whether anything of the card is left out there, entries apart: their names can be typed."""
    shortened, blocks = _drawn(card, room)
    return not blocks or wording.CUT in str(blocks) or _said(shortened) != _said(card)


def _said(card: Card) -> list[Part]:
    return [part for part in (*card.parts, *card.details) if isinstance(part, Paragraph | Notes)]


# What fits.


def _shortened(card: Card, most: int) -> Card:
    """The card with at most so many lines in a paragraph, rows in a list and options in a menu."""
    parts, details = (tuple(_part_shortened(part, most) for part in each) for each in (card.parts, card.details))
    return replace(card, parts=parts, details=details)


def _part_shortened(part: Part, most: int) -> Part:
    match part:
        case Paragraph(lines) | Notes(lines) if len(lines) > most:
            return replace(part, lines=(*lines[:most], wording.more(len(lines) - most)))
        case Listing(rows, left_out):
            return Listing(rows[:most], left_out + len(rows[most:]))
        case Menu(buttons, left_out):
            return Menu(buttons[:most], left_out + len(buttons[most:]))
    return part


def _drawn(card: Card, room: Room) -> tuple[Card, list[Block]]:
    """The card as far as it fits, and its blocks when they are ones that Slack takes: none, and the text goes alone."""
    try:
        shortened, blocks = _fitting(card, room)
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event("blocks", outcome="failed", level=logging.ERROR, failure=failure)
        return card, []
    if errors := faults(blocks, room):
        logs.event("blocks", outcome="refused", error="; ".join(errors), level=logging.ERROR)
        return shortened, []
    return shortened, blocks


def _fitting(card: Card, room: Room) -> tuple[Card, list[Block]]:
    """The card with as many lines as fit, and its blocks; at the least, as many of its first blocks as fit."""
    for most in room.lines:
        shortened = _shortened(card, most)
        groups = _groups(shortened, room)
        whole = [block for group in groups for block in group]
        if room.holds(whole):
            return shortened, whole
    count = bisect_left(range(len(whole)), True, key=lambda count: not room.holds(_first(count, groups)))
    return shortened, _first(max(count - 1, 0), groups)


def _first(count: int, groups: Groups) -> list[Block]:
    """So many of the blocks, with the reminder's first and what stands at the end, and that others are left out."""
    parts, reminder, details, end = groups
    of_parts = max(count - len(reminder[1:]), 0)
    of_details = max(of_parts - len(parts), 0)
    return [*parts[:of_parts], *reminder[: 1 + count], *details[:of_details], _context(wording.CUT), *end]


def _as_text(card: Card) -> list[Block]:
    """The card as nothing but text, for where Slack takes none without blocks."""
    return list(_sections(plain(card)))[: IN_MODAL.blocks]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pieces(text: str, most: int) -> Iterator[str]:
    """The text in pieces that are no longer than `most` when escaped, parted between lines, sentences or words."""
    text = text.strip()
    while len(_escaped(text)) > most:
        end = _end(text, most - 1)  # one less, for a mark for bold that is closed at the end
        piece, text = text[:end].rstrip(), text[end:].lstrip()
        if piece.count("*") % 2:
            piece, text = f"{piece}*", f"*{text}"
        yield piece
    if text:
        yield text


def _end(text: str, most: int) -> int:
    """Where to part the text, so that what comes before is no longer than `most` when escaped."""
    longest = bisect_right(range(most + 1), most, key=lambda end: len(_escaped(text[:end]))) - 1
    for mark in ("\n", ". ", " "):
        end = text.rfind(mark, longest // 2, longest)
        if end > 0:
            return end + len(mark)
    return longest


# What is said.


def _groups(card: Card, room: Room) -> Groups:
    """The card's blocks: its parts, the reminder, the details, and what stands at the end."""
    shared_by = [_live_context(_shared_by(card.shared_by))] if card.shared_by else []
    parts = [block for part in card.parts for block in _part(part, room)]
    details = [block for part in card.details for block in _part(part, room)]
    standing = list(_contexts(card.standing))
    return [*shared_by, *parts], list(_reminder(card)), details, [*standing, *_actions(card.choices)]


def _part(part: Part, room: Room) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield _header(text)
        case Alarm(text):
            yield _header(f"🚨 {text}")
        case Paragraph(lines):
            yield from _sections("\n".join(lines))
        case Fact(label, text):
            yield from _sections(f"*{label}*\n{text}")
        case Notes(lines):
            yield from _contexts("\n".join(lines))
        case Listing():
            yield from _listing(part, room)
        case Suggestions(buttons):
            yield from _suggestions(buttons)
        case Search():
            yield from _search(room)
        case Menu(buttons, left_out):
            yield _menu(wording.CHOOSE_ENTRY, buttons[:OPTIONS], left_out + len(buttons[OPTIONS:]))


def _suggestions(buttons: Sequence[Open]) -> Iterator[Block]:
    if len(buttons) <= BUTTONS:
        yield from _actions(buttons)
    else:
        yield _menu(wording.DID_YOU_MEAN, buttons[:OPTIONS], len(buttons[OPTIONS:]))


def _listing(listing: Listing, room: Room) -> Iterator[Block]:
    if room.rows_with_buttons:
        yield from (_row(row) for row in listing.rows)
    else:
        lines = [f"• {row.text}" for row in listing.rows]
        for start in range(0, len(lines), ROWS):
            yield from _sections("\n".join(lines[start : start + ROWS]))
    if listing.left_out:
        yield _context(wording.more_entries(listing.left_out))


def _row(row: Row) -> Block:
    text, *rest = _pieces(row.text, SECTION)
    return {**_section(f"{text}…" if rest else text), "accessory": _open(row.button)}


def _reminder(card: Card) -> Iterator[Block]:
    """The reminder: in small print on a brief card, else as large as anything; where nothing else is asked, as it."""
    statements = " ".join(card.reminder.statements)
    if card.brief:
        yield from _contexts(f":warning: *{wording.SAFETY_MONITORING}:* {statements}")
        return
    if card.parts:
        yield from _sections(f":warning: *{wording.SAFETY_MONITORING}:* {statements} {wording.MONITORING}")
    else:
        yield _header(f"⚠️ {wording.SAFETY_MONITORING}")
        yield from _sections(f"{statements} {wording.MONITORING}")
    yield from _contexts(f"*{wording.NOT_FROM_DOCUMENT}* {card.reminder.boxed_warning}")


def _shared_by(user: str) -> str:
    return wording.shared_by(f"<@{user}>")


# What can be typed and chosen.


def _search(room: Room) -> Iterator[Block]:
    field: Block = {"type": "plain_text_input", "action_id": TYPED}
    if room.has_button:
        yield {"type": "input", "block_id": TYPED, "label": _plain_text(wording.SEARCH, LABEL), "element": field}
    else:
        field["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
        label = _plain_text(wording.SEARCH_HERE, LABEL)
        yield {"type": "input", "block_id": TYPED, "label": label, "element": field, "dispatch_action": True}
    names = {
        "type": "external_select",
        "action_id": NAMED,
        "placeholder": _plain_text(wording.SEARCH_NAMES, PLACEHOLDER),
        "min_query_length": 0,
    }
    yield {"type": "actions", "block_id": NAMED, "elements": [names]}


def _actions(choices: Sequence[Share | Open]) -> list[Block]:
    """The buttons that fit; one that would have to carry more than Slack takes is none."""
    buttons = [_share(choice) if isinstance(choice, Share) else _open(choice) for choice in choices]
    buttons = [button for button in buttons if len(button["value"]) <= VALUE]
    return [{"type": "actions", "elements": buttons}] if buttons else []


def _open(button: Open) -> Block:
    label = button.label
    if len(label) > LABEL_SHOWN and button.short_label:
        label = button.short_label
    return _button(f"{OPEN}{_name(button.choice)}", label, button.choice.encode(), button.read_out)


def _name(choice: Choice) -> str:
    """What tells a button from the others beside it."""
    if choice.view is not View.CARD:
        return str(choice.view)
    if choice.outcome in (Outcome.LIST, Outcome.ABOUT):
        return str(choice.outcome)
    return f"entry.{choice.entries[0]}"


def _share(share: Share) -> Block:
    in_thread = share.choice.thread is not None
    return _button(SHARE, wording.share_button(in_thread), share.choice.encode(), wording.share_read_out(in_thread))


def _button(action_id: str, label: str, value: str, read_out: str) -> Block:
    """A button; what is read out begins with what is seen, so that one can call it by its label."""
    spoken = read_out if read_out.startswith(label) else f"{label}: {read_out}"
    return {
        "type": "button",
        "action_id": action_id,
        "text": _plain_text(label, LABEL),
        "value": value,
        "accessibility_label": _cut(spoken, LABEL),
    }


def _menu(label: str, buttons: Sequence[Open], left_out: int) -> Block:
    """A menu; where it does not hold all, it says what to do about the others."""
    menu = {
        "type": "static_select",
        "action_id": f"{OPEN}menu",
        "placeholder": _plain_text(f"{label} {wording.OR_TYPE}" if left_out else label, PLACEHOLDER),
        "options": options(buttons),
    }
    return {"type": "actions", "elements": [menu]}


# Slack's text.


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain_text(text, HEADER)}


def _sections(text: str) -> Iterator[Block]:
    yield from (_section(piece) for piece in _pieces(text, SECTION))


def _section(text: str) -> Block:
    """A section that Slack shows whole instead of folding it away."""
    return {"type": "section", "text": _mrkdwn(text), "expand": True}


def _contexts(text: str) -> Iterator[Block]:
    yield from (_context(piece) for piece in _pieces(text, CONTEXT))


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _live_context(text: str) -> Block:
    """Small print in which a mention is one: for ids of Slack's alone."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _plain_text(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": _cut(text, most)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": _escaped(text)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# Slack's limits once more, read from what is about to be sent.


def faults(blocks: Sequence[Block], room: Room) -> list[str]:
    """Where blocks break a limit of Slack's: a line for each, without what stands there."""
    whole = [] if room.holds(blocks) else [f"{len(blocks)} blocks are too many, or too large together"]
    return whole + [
        f"{place}: {length} characters, {most} at most" if length else f"{place}: empty"
        for place, length, most in _measures(blocks)
        if not 0 < length <= most
    ]


def _measures(blocks: Sequence[Block]) -> Iterator[tuple[str, int, int]]:
    """All that Slack limits: where it stands, how long it is, and how long it may be."""
    for number, block in enumerate(blocks):
        place = f"{block['type']} {number}"
        match block:
            case {"type": "header", "text": {"text": text}}:
                yield place, len(text), HEADER
            case {"type": "section", "text": {"text": text}}:
                yield place, len(text), SECTION
                if "accessory" in block:
                    yield from _measures_of_element(place, block["accessory"])
            case {"type": "context", "elements": elements}:
                yield place, len(elements), CONTEXT_ELEMENTS
                yield from ((place, len(element["text"]), CONTEXT) for element in elements)
            case {"type": "input", "label": {"text": label}, "element": element}:
                yield place, len(label), SECTION
                yield from _measures_of_element(place, element)
            case {"type": "actions", "elements": elements}:
                yield place, len(elements), ACTIONS_ELEMENTS
                yield place, len({element["action_id"] for element in elements}), len(elements)
                for element in elements:
                    yield from _measures_of_element(place, element)


def _measures_of_element(place: str, element: Block) -> Iterator[tuple[str, int, int]]:
    yield f"{place} action_id", len(element["action_id"]), ACTION_ID
    match element:
        case {"type": "button", "text": {"text": label}, "value": value, "accessibility_label": spoken}:
            yield f"{place} label", len(label), LABEL
            yield f"{place} read-out", len(spoken), LABEL
            yield f"{place} value", len(value), VALUE
        case {"type": "external_select", "placeholder": {"text": placeholder}}:
            yield f"{place} placeholder", len(placeholder), PLACEHOLDER
        case {"type": "static_select", "placeholder": {"text": placeholder}, "options": options}:
            yield f"{place} placeholder", len(placeholder), PLACEHOLDER
            yield f"{place} options", len(options), OPTIONS
            for option in options:
                yield f"{place} option", len(option["text"]["text"]), LABEL
                yield f"{place} option's value", len(option["value"]), OPTION_VALUE
