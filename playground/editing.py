"""The data file while somebody edits it: each save is read, and its faults or the cards it changes are told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from slackbot.cards.card import Card
from slackbot.content.fault import Fault
from slackbot.content.load import ContentError, load_content
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.signing.records import signed_cards
from slackbot.slack import blocks
from slackbot.slack.blocks import Message

OTHER_CARDS = ("list", "safety", "about")  # what one types for the cards that are no entry's


@dataclass(frozen=True)
class Change:
    """A card that a save has changed. `before` is None for a new entry, `after` for one that was removed."""

    question: str
    before: Message | None
    after: Message | None


@dataclass(frozen=True)
class Edition:
    """The last content that could be read, by the matcher that holds it, and what was wrong with the file since."""

    path: Path
    contact: str | None
    matcher: Matcher
    read_at: float
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    saves: int = 0

    @property
    def content(self) -> Content:
        """What the file said when it could last be read."""
        return self.matcher.content


def first_edition(path: Path, contact: str | None) -> Edition:
    """The file as it is now. Raises ContentError."""
    return Edition(path, contact, Matcher(load_content(path, contact)), time.time())


async def editions(first: Edition, look_every: float) -> AsyncIterator[Edition]:
    """Each save of the file from now on, for ever; the file is looked at every so many seconds."""
    edition, stamp = first, _stamp(first.path)
    while True:
        before = _stamp(edition.path)
        await asyncio.sleep(look_every)
        now = _stamp(edition.path)
        if now != stamp and now == before:  # a file that is still being written is read when it is done
            stamp = now
            edition = await asyncio.to_thread(_next, edition)
            yield edition


def _next(last: Edition) -> Edition:
    saves = last.saves + 1
    try:
        matcher = Matcher(load_content(last.path, last.contact))
    except ContentError as error:
        return replace(last, faults=tuple(error.faults), saves=saves)
    changes = tuple(_changes(last.matcher, matcher))
    return Edition(last.path, last.contact, matcher, time.time(), (), changes, saves)


def _changes(old: Matcher, new: Matcher) -> Iterator[Change]:
    """The cards that differ in more than in where they stand: every entry's by its name, then the others."""
    names = {entry.id: entry.name for matcher in (old, new) for entry in matcher.content.entries}
    for entry_id, name in names.items():
        yield from _change(name, _card_of(entry_id, old), _card_of(entry_id, new))
    for word in OTHER_CARDS:
        yield from _change(word, _card(word, old), _card(word, new))


def _change(question: str, before: Card | None, after: Card | None) -> Iterator[Change]:
    if _unsigned(before) != _unsigned(after):
        yield Change(question, *(blocks.message(card) if card else None for card in (before, after)))


def _unsigned(card: Card | None) -> Card | None:
    return structs.replace(card, standing="") if card else None


def _card_of(entry_id: str, matcher: Matcher) -> Card | None:
    entry = matcher.content.entry(entry_id)
    return _card(entry.name, matcher) if entry else None


def _card(text: str, matcher: Matcher) -> Card:
    return signed_cards(matcher).full(matcher.match(text))


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
