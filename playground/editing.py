"""The data file while somebody edits it: each save is read, and its faults or the cards it changes are told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from slackbot.cards.card import Cards
from slackbot.content.fault import Fault
from slackbot.content.load import ContentError, load_content
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.slack import blocks
from slackbot.slack.blocks import Message

LOOK_EVERY = 0.2
OTHER_CARDS = ("list", "safety", "about")  # what one types for the cards that are no entry's


matcher_of = lru_cache(maxsize=2)(Matcher)  # of the content before a change and after it


@dataclass(frozen=True)
class Change:
    """A card that a save has changed. `before` is None for a new entry, `after` for one that was removed."""

    asked: str
    before: Message | None
    after: Message | None


@dataclass(frozen=True)
class Edition:
    """The last content that could be read, and what was wrong with the file since."""

    path: Path
    contact: str | None
    content: Content
    read_at: float
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    saves: int = 0


def first_edition(path: Path, contact: str | None) -> Edition:
    """The file as it is now. Raises ContentError."""
    return Edition(path, contact, load_content(path, contact), time.time())


async def editions(first: Edition) -> AsyncIterator[Edition]:
    """Each save of the file from now on, for ever."""
    edition, read = first, _stamp(first.path)
    while True:
        before = _stamp(edition.path)
        await asyncio.sleep(LOOK_EVERY)
        now = _stamp(edition.path)
        if now != read and now == before:  # a file that is still being written is read when it is done
            read = now
            edition = await asyncio.to_thread(_next, edition)
            yield edition


def _next(last: Edition) -> Edition:
    saves = last.saves + 1
    try:
        content = load_content(last.path, last.contact)
    except ContentError as error:
        return replace(last, faults=tuple(error.faults), saves=saves)
    changes = tuple(_changes(last.content, content))
    return Edition(last.path, last.contact, content, time.time(), (), changes, saves)


def _changes(old: Content, new: Content) -> Iterator[Change]:
    """The cards that differ: every entry's by its name, then the others."""
    names = {entry.id: entry.name for content in (old, new) for entry in content.entries}
    for entry_id, asked in names.items():
        before, after = _card_of(entry_id, old), _card_of(entry_id, new)
        if before != after:
            yield Change(asked, before, after)
    for asked in OTHER_CARDS:
        before, after = (_message(asked, content) for content in (old, new))
        if before != after:
            yield Change(asked, before, after)


def _card_of(entry_id: str, content: Content) -> Message | None:
    entry = content.entry(entry_id)
    return _message(entry.name, content) if entry else None


def _message(asked: str, content: Content) -> Message:
    return blocks.message(Cards(content).full(matcher_of(content).match(asked)))


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
