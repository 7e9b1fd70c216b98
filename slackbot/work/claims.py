"""Who works on what: a lease on each piece of work, in this process or shared through Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Protocol, TypeVar

T = TypeVar("T")

PENDING_SECONDS = 45.0  # longer than any work under it, shorter than the minute after which Slack delivers again
DONE_SECONDS = 3600.0
LOOK_SECONDS = 0.1

CARD = ""  # the work came to all that it can come to
LASTING = "-"


class Claim(StrEnum):
    """What a delivery finds when it asks for its work."""

    TAKEN = "taken"
    PENDING = "pending"
    DONE = "done"


class Claims(Protocol):
    """The lease on each piece of work: `pending` while a delivery is at it, `done` afterwards.

    A key is made of Slack's ids: of a message that is to be answered, or of a card that is to be shared.
    """

    async def claim(self, key: str) -> Claim:
        """TAKEN: it is yours for 45 s. PENDING: another delivery has it. DONE: nothing is left to do."""

    async def done(self, key: str) -> None:
        """Remember for an hour that the work is done."""

    async def release(self, key: str) -> None:
        """Give the work back, so that its next delivery can have it."""

    async def note(self, key: str, line: str) -> None:
        """Remember for an hour that the work came to no more than a line, and where that stands.

        `line` is the id by which it can be replaced, LASTING when it can't be, or CARD: there is nothing to replace.
        """

    async def line(self, key: str) -> str:
        """What was noted of work that is done; CARD when nothing was."""

    async def close(self) -> None:
        """Let go of what it holds open."""


class PendingError(Exception):
    """Another delivery is at the work, and has not ended it in time."""


@asynccontextmanager
async def lease(claims: Claims, key: str, patience: float = 0.0) -> AsyncIterator[bool]:
    """Hold the claim while the block runs: True when the block has work to do, False when it was done before.

    Another delivery that is at it is waited for so long. Raises PendingError when it is still at it then. A block
    that raises gives the work back.
    """
    if await _claim(claims, key, patience) is Claim.DONE:
        yield False
        return
    try:
        yield True
    except BaseException:
        await claims.release(key)
        raise
    await claims.done(key)


@asynccontextmanager
async def turn(claims: Claims, key: str, patience: float) -> AsyncIterator[None]:
    """Hold the claim while the block runs, and then let the next have it. Raises PendingError as `lease` does."""
    await _claim(claims, key, patience)
    try:
        yield
    finally:
        await claims.release(key)


async def _claim(claims: Claims, key: str, patience: float) -> Claim:
    clock = asyncio.get_running_loop().time
    until = clock() + patience
    while (claim := await claims.claim(key)) is Claim.PENDING:
        if clock() >= until:
            raise PendingError
        await asyncio.sleep(LOOK_SECONDS)
    return claim


class MemoryClaims:
    """Claims of a single process. Holds `limit` keys at most and forgets the oldest first."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._held: dict[str, tuple[Claim, float]] = {}
        self._lines: dict[str, tuple[str, float]] = {}

    async def claim(self, key: str) -> Claim:
        """See Claims."""
        state, until = self._held.get(key, (Claim.TAKEN, 0.0))
        if _now() < until:
            return state
        self._hold(key, Claim.PENDING, PENDING_SECONDS)
        return Claim.TAKEN

    async def done(self, key: str) -> None:
        """See Claims."""
        self._hold(key, Claim.DONE, DONE_SECONDS)

    async def release(self, key: str) -> None:
        """See Claims."""
        self._held.pop(key, None)

    async def note(self, key: str, line: str) -> None:
        """See Claims."""
        _put(self._lines, key, line, DONE_SECONDS, self._limit)

    async def line(self, key: str) -> str:
        """See Claims."""
        line, until = self._lines.get(key, (CARD, 0.0))
        return line if _now() < until else CARD

    async def close(self) -> None:
        """See Claims."""

    def _hold(self, key: str, state: Claim, seconds: float) -> None:
        _put(self._held, key, state, seconds, self._limit)


def _put(held: dict[str, tuple[T, float]], key: str, value: T, seconds: float, limit: int) -> None:
    """Hold a value for so long, as the newest; of too many the oldest are forgotten."""
    held.pop(key, None)
    held[key] = (value, _now() + seconds)
    while len(held) > limit:
        del held[next(iter(held))]


def _now() -> float:
    return asyncio.get_running_loop().time()
