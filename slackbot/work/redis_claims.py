"""Claims that several processes share through Redis; imported only where there is one."""

import asyncio
import hashlib
import logging
import re
import socket
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Connection, Redis, SSLConnection
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from slackbot import logs
from slackbot.work.claims import DONE_SECONDS, PENDING_SECONDS, Claim, MemoryClaims

T = TypeVar("T")

REDIS_TIMEOUT = 1.0  # of the 2.5 s that a delivery has; a machine that is short of time is no silent Redis
REDIS_LOOKS = 20
REDIS_CONNECTIONS = 4
TIMEOUTS_MOST = 3
PROBE_SECONDS = 1.0
OWED_MOST = 10_000

_OPTION = re.compile(r"unexpected keyword argument '([a-z_]{1,40})'")


def url_fault(url: str) -> str | None:
    """What is wrong with a REDIS_URL, without repeating any of its values; None when the client takes it.

    A client that can't be made would fail at every claim, and no claim would then be shared.
    """
    try:
        pool = _pool(url)
        pool.make_connection()  # type: ignore[no-untyped-call]
        pool.get_encoder().encode("ivig")  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001  # whatever it is, it would come at every claim
        option = _OPTION.search(str(error))
        named = f" ({option[1]})" if option else ""
        return f"REDIS_URL holds an option{named} that the Redis client does not take: remove it, or correct it."
    return None


class RedisClaims:
    """Claims of several processes: this one's own memory first, then the Redis they share.

    While Redis is away, slow or odd, memory alone decides and that is logged: two processes may then answer the
    same message, and a doubled card is better than none. One that stays silent is not asked any more, but tried in
    the background until it answers. Redis gets digests of keys, never a key itself, and the ids of lines.
    """

    def __init__(self, url: str) -> None:
        self._own = MemoryClaims()
        self._redis = Redis.from_pool(_pool(url))
        self._under_way: set[asyncio.Task[Any]] = set()
        self._timeouts = 0
        self._last_timeout = 0.0
        self._owed: dict[str, None] = {}
        """What is done and Redis does not know; the oldest first."""
        self._paying: asyncio.Task[None] | None = None
        self._probing: asyncio.Task[None] | None = None

    async def claim(self, key: str) -> Claim:
        """See Claims."""
        own = await self._own.claim(key)
        if own is not Claim.TAKEN:
            return own
        try:
            shared = await self._ask(lambda: self._take(_digest(key)))
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
        name = _digest(key)
        if await self._ask(lambda: self._finish(name)) is None:
            self._owed[name] = None
            while len(self._owed) > OWED_MOST:
                del self._owed[next(iter(self._owed))]

    async def release(self, key: str) -> None:
        """See Claims."""
        # The work's own timeouts end it well within its lease, so it is nobody else's that is deleted.
        await self._own.release(key)
        await self._ask(lambda: self._give_back(_digest(key)))

    async def note(self, key: str, line: str) -> None:
        """See Claims. A Redis that is away is not told later: only this process can then replace the line."""
        await self._own.note(key, line)
        await self._ask(lambda: self._note(_digest(key), line))

    async def line(self, key: str) -> str:
        """See Claims."""
        shared = await self._ask(lambda: self._line(_digest(key)))  # first: another process may have replaced ours
        return await self._own.line(key) if shared is None else shared

    async def close(self) -> None:
        """See Claims."""
        for task in filter(None, (self._probing, self._paying)):
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=REDIS_TIMEOUT)
        with suppress(Exception):  # there is nobody left to tell
            await self._in_time(self._redis.aclose())

    async def _ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """What Redis answers; None when it is away or slow, at once when it has been so for a while."""
        if self._probing is not None:
            return None
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._in_time(work())
        except Exception as error:  # noqa: BLE001  # whatever it is, no work is lost for it
            self._note_failure(error, started)
            return None
        self._timeouts = 0
        if self._owed and self._paying is None:
            self._paying = asyncio.create_task(self._pay())
        return answer

    def _note_failure(self, error: Exception, started: float) -> None:
        logs.event("redis", outcome="away", error=type(error).__name__, level=logging.WARNING)
        # What fails at once costs nobody anything, and what waits at the same time has met the same silence.
        if isinstance(error, TimeoutError) and started >= self._last_timeout:
            self._timeouts += 1
            self._last_timeout = asyncio.get_running_loop().time()
        if self._timeouts >= TIMEOUTS_MOST and self._probing is None:
            self._probing = asyncio.create_task(self._probe())

    async def _probe(self) -> None:
        """Try Redis until it answers; meanwhile nobody asks it."""
        logs.event("redis", outcome="left_out", level=logging.WARNING)
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            with suppress(Exception):
                await self._in_time(self._greet())
                break
        await self._pay()
        self._timeouts, self._probing = 0, None
        logs.event("redis", outcome="back")

    async def _pay(self) -> None:
        """Tell Redis what was done while it did not listen, as long as it does now."""
        with suppress(Exception):
            while self._owed:
                name = next(iter(self._owed))
                await self._in_time(self._finish(name))
                self._owed.pop(name, None)
        self._paying = None

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        """What work comes to. Raises TimeoutError when it takes too long, else whatever it raises."""
        # Left to end by its own timeouts: redis-py loses a pooled connection whose user is cancelled.
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        # In several looks: a process that is itself held up for a second must not take Redis for silent.
        for _ in range(REDIS_LOOKS):
            if (await asyncio.wait({task}, timeout=REDIS_TIMEOUT / REDIS_LOOKS))[0]:
                break
        if not task.done():
            raise TimeoutError
        return task.result()

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

    async def _finish(self, name: str) -> bool:
        await self._redis.set(name, Claim.DONE, ex=int(DONE_SECONDS))
        return True

    async def _give_back(self, name: str) -> None:
        await self._redis.delete(name)

    async def _note(self, name: str, line: str) -> bool:
        await self._redis.set(f"{name}:line", line, ex=int(DONE_SECONDS))
        return True

    async def _line(self, name: str) -> str | None:
        line = await self._redis.get(f"{name}:line")
        return None if line is None else str(line)

    async def _greet(self) -> None:
        await self._redis.ping()


class _Names:
    """Looks a server's name up in a thread of its own, one at a time.

    asyncio has a few threads for all look-ups: a name server that hangs for Redis would hang for Slack too.
    """

    def __init__(self) -> None:
        self._looking: asyncio.Future[list[str]] | None = None

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host. Raises OSError."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_future()
            look = threading.Thread(target=_look_up, args=(host, port, self._looking), daemon=True)
            look.start()  # nobody waits for it at the end
        return await asyncio.shield(self._looking)


def _look_up(host: str, port: int, answer: asyncio.Future[list[str]]) -> None:
    addresses: list[str] = []
    failure: OSError | None = None
    try:
        addresses = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        failure = error
    with suppress(RuntimeError):  # the loop may have ended
        answer.get_loop().call_soon_threadsafe(_tell, answer, addresses, failure)


def _tell(answer: asyncio.Future[list[str]], addresses: list[str], failure: OSError | None) -> None:
    if failure is None:
        answer.set_result(addresses)
    else:
        answer.set_exception(failure)
        answer.exception()  # asyncio would print one that nobody waits for any more


class _PlainConnection(Connection):
    """A connection whose server's name is looked up in a thread of its own."""

    def __init__(self, *, names: _Names, **options: Any) -> None:
        super().__init__(**options)
        self._names = names
        self._address = ""

    async def _connect(self) -> None:
        async with asyncio.timeout(self.socket_connect_timeout):
            addresses = await self._names.addresses(self.host, self.port)
        *others, last = addresses
        for self._address in others:
            with suppress(OSError):
                await super()._connect()  # type: ignore[no-untyped-call]
                return
        self._address = last
        await super()._connect()  # type: ignore[no-untyped-call]

    def _connection_arguments(self) -> dict[str, Any]:
        return {**super()._connection_arguments(), "host": self._address}


class _SecureConnection(_PlainConnection, SSLConnection):
    """The same over TLS: the certificate is the name's, not the address'."""

    def _connection_arguments(self) -> dict[str, Any]:
        return {**super()._connection_arguments(), "server_hostname": self.host}


def _pool(url: str) -> BlockingConnectionPool:
    """The connections to a Redis. Raises all sorts of exceptions for an address that the client does not take."""
    options: dict[str, Any] = dict(parse_url(url))
    secure = issubclass(options.pop("connection_class", Connection), SSLConnection)
    ours: dict[str, Any] = {
        "connection_class": _SecureConnection if secure else _PlainConnection,
        "names": _Names(),
        "decode_responses": True,
        # Few, and waited for: more at once would be refused here, or by a small Redis.
        "max_connections": REDIS_CONNECTIONS,
        # Longer than anybody waits: these only end what nobody waits for any more.
        "timeout": 4 * REDIS_TIMEOUT,
        "socket_timeout": 4 * REDIS_TIMEOUT,
        "socket_connect_timeout": 4 * REDIS_TIMEOUT,
        # Sent once: after a lost reply a second SET would find the first one's lease, and take it for another's.
        "retry": Retry(NoBackoff(), 0),
    }
    return BlockingConnectionPool(**{**options, **ours})


def _digest(key: str) -> str:
    return f"ivig:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
