"""Claims that several processes share through Redis; imported only where there is one."""

import asyncio
import hashlib
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from slackbot import logs
from slackbot.work.claims import DONE_SECONDS, PENDING_SECONDS, Claim, MemoryClaims

T = TypeVar("T")

REDIS_TIMEOUT = 0.5
REDIS_LOOKS = 10
REDIS_CONNECTIONS = 4


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
