"""Who works on what: a lease on each piece of work, in this process or shared through Redis."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from slackbot import logs

T = TypeVar("T")

PENDING_SECONDS = 15.0
DONE_SECONDS = 3600.0
REDIS_TIMEOUT = 0.5
REDIS_LOOKS = 10
REDIS_CONNECTIONS = 4


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
        """TAKEN: it is yours for 15 s. PENDING: another delivery has it. DONE: nothing is left to do."""

    async def done(self, key: str) -> None:
        """Remember for an hour that the work is done."""

    async def release(self, key: str) -> None:
        """Give the work back, so that its next delivery can have it."""

    async def close(self) -> None:
        """Let go of what it holds open."""


def open_claims(redis_url: str | None) -> Claims:
    """Claims of this process, shared with others where there is a Redis."""
    return RedisClaims(redis_url) if redis_url else MemoryClaims()


class MemoryClaims:
    """Claims of a single process. Holds `limit` keys at most and forgets the oldest first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, limit: int = 10_000) -> None:
        self._clock = clock
        self._limit = limit
        self._held: dict[str, tuple[Claim, float]] = {}

    async def claim(self, key: str) -> Claim:
        """See Claims."""
        state, until = self._held.get(key, (Claim.TAKEN, 0.0))
        if self._clock() < until:
            return state
        self._hold(key, Claim.PENDING, PENDING_SECONDS)
        return Claim.TAKEN

    async def done(self, key: str) -> None:
        """See Claims."""
        self._hold(key, Claim.DONE, DONE_SECONDS)

    async def release(self, key: str) -> None:
        """See Claims."""
        self._held.pop(key, None)

    async def close(self) -> None:
        """See Claims."""

    def _hold(self, key: str, state: Claim, seconds: float) -> None:
        self._held.pop(key, None)  # the newest stands last
        self._held[key] = (state, self._clock() + seconds)
        while len(self._held) > self._limit:
            del self._held[next(iter(self._held))]


class RedisClaims:
    """Claims of several processes: this one's own memory first, then the Redis they share.

    While Redis is away or slow, memory alone decides and that is logged: two processes may then answer the
    same message, and a doubled card is better than none. Redis gets digests of keys, never a key itself.
    """

    def __init__(self, url: str) -> None:
        self._own = MemoryClaims()
        pool = BlockingConnectionPool.from_url(
            url,
            decode_responses=True,
            # Few, and waited for: more at once would be refused here, or by a small Redis.
            max_connections=REDIS_CONNECTIONS,
            # Longer than anybody waits: these only end what nobody waits for any more.
            timeout=4 * REDIS_TIMEOUT,
            socket_timeout=4 * REDIS_TIMEOUT,
            socket_connect_timeout=4 * REDIS_TIMEOUT,
            # Sent once: after a lost reply a second SET would find the first one's lease, and take it for another's.
            retry=Retry(NoBackoff(), 0),
        )
        self._redis = Redis.from_pool(pool)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def claim(self, key: str) -> Claim:
        """See Claims."""
        own = await self._own.claim(key)
        if own is not Claim.TAKEN:
            return own
        try:
            shared = await self._in_time(self._take(_digest(key)))
        except asyncio.CancelledError:
            await self._own.release(key)
            raise
        if shared is Claim.PENDING:
            await self._own.release(key)
        elif shared is Claim.DONE:
            await self._own.done(key)
        return shared or own

    async def done(self, key: str) -> None:
        """See Claims."""
        await self._own.done(key)
        await self._in_time(self._finish(_digest(key)))

    async def release(self, key: str) -> None:
        """See Claims."""
        # The work's own timeouts end it well within its lease, so it is nobody else's that is deleted.
        await self._own.release(key)
        await self._in_time(self._give_back(_digest(key)))

    async def close(self) -> None:
        """See Claims."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=REDIS_TIMEOUT)
        await self._in_time(self._redis.aclose())

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What Redis answers, or None, logged, when it is away or slow."""
        # Left to end by its own timeouts: redis-py loses a pooled connection whose user is cancelled.
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        # In several looks: a process that is itself held up for a second must not take Redis for silent.
        for _ in range(REDIS_LOOKS):
            if (await asyncio.wait({task}, timeout=REDIS_TIMEOUT / REDIS_LOOKS))[0]:
                break
        try:
            if not task.done():
                raise TimeoutError
            return task.result()
        except (RedisError, OSError, ValueError) as error:  # a timeout is an OSError
            logs.event("redis", outcome="away", error=type(error).__name__, level=logging.WARNING)
            return None

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # asyncio would print one that nobody asked for

    async def _take(self, name: str) -> Claim:
        """Take the lease in one step, which only one process can; else say what stands there."""
        if await self._redis.set(name, Claim.PENDING, nx=True, ex=int(PENDING_SECONDS)):
            return Claim.TAKEN
        # Nothing, if it lapsed a moment ago: then the next delivery gets it.
        return Claim(str(await self._redis.get(name) or Claim.PENDING))

    async def _finish(self, name: str) -> None:
        await self._redis.set(name, Claim.DONE, ex=int(DONE_SECONDS))

    async def _give_back(self, name: str) -> None:
        await self._redis.delete(name)


def _digest(key: str) -> str:
    return f"ivig:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
