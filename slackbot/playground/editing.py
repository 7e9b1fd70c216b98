"""The data file while somebody edits it: each save is read, and its faults or the cards it changes are told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from slackbot import cards
from slackbot.cards import Message
from slackbot.catalog import Catalog, CatalogError, Fault, load_catalog
from slackbot.matching import match

LOOK_EVERY = 0.2
OTHER_CARDS = ("list", "safety", "about")  # what one types for the cards that are no entry's


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
    catalog: Catalog
    read_at: float
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    saves: int = 0


def first_edition(path: Path, contact: str | None) -> Edition:
    """The file as it is now. Raises CatalogError."""
    return Edition(path, contact, load_catalog(path, contact), time.time())


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
        catalog = load_catalog(last.path, last.contact)
    except CatalogError as error:
        return replace(last, faults=tuple(error.faults), saves=saves)
    changes = tuple(_changes(last.catalog, catalog))
    return Edition(last.path, last.contact, catalog, time.time(), (), changes, saves)


def _changes(old: Catalog, new: Catalog) -> Iterator[Change]:
    """The cards that differ: every entry's by its name, then the others."""
    names = {entry.id: entry.name for catalog in (old, new) for entry in catalog.entries}
    for entry_id, asked in names.items():
        before, after = _card_of(entry_id, old), _card_of(entry_id, new)
        if before != after:
            yield Change(asked, before, after)
    for asked in OTHER_CARDS:
        before, after = (cards.card(match(asked, catalog), catalog) for catalog in (old, new))
        if before != after:
            yield Change(asked, before, after)


def _card_of(entry_id: str, catalog: Catalog) -> Message | None:
    entry = catalog.entry(entry_id)
    return cards.card(match(entry.name, catalog), catalog) if entry else None


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
