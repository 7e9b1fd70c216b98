"""A clock that tests can hold: an event loop whose time stands still while there is anything to do.

When all wait for a timer, time leaps to it. So what takes minutes takes none, and takes exactly as long as it says.
For what another thread does for the loop it waits as any other does.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SETTLE_SECONDS = 0.0001  # what comes over the loopback is there by then; the other end is on the same loop


class _Leaping(selectors.DefaultSelector):
    """Waits for nothing but sockets: what it would have waited longer, it tells instead."""

    def __init__(self, leap: Callable[[float], None], is_awaited_elsewhere: Callable[[], bool]) -> None:
        super().__init__()
        self._leap = leap
        self._is_awaited_elsewhere = is_awaited_elsewhere

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See selectors.BaseSelector."""
        if timeout != 0 and self._is_awaited_elsewhere():  # at 0 there is something to do here
            return super().select()
        if timeout is None or timeout <= SETTLE_SECONDS:
            ready = super().select(timeout)
        elif not (ready := super().select(0)):
            time.sleep(SETTLE_SECONDS)  # a selector waits for a millisecond at least
            ready = super().select(0)
        if not ready and timeout:
            self._leap(timeout)
        return ready


class HeldLoop(asyncio.SelectorEventLoop):
    """An event loop on a held clock."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self._elsewhere: set[asyncio.Future[Any]] = set()
        super().__init__(_Leaping(self._leap, lambda: bool(self._elsewhere)))

    def time(self) -> float:
        """See asyncio.AbstractEventLoop."""
        return self._now

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """See asyncio.AbstractEventLoop."""
        future = super().run_in_executor(executor, func, *args)
        self._elsewhere.add(future)
        future.add_done_callback(self._elsewhere.discard)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """See asyncio.AbstractEventLoop; its threads end in their own time."""
        await super().shutdown_default_executor()

    def _leap(self, seconds: float) -> None:
        self._now += seconds


def run(work: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, on a held clock."""
    with asyncio.Runner(loop_factory=HeldLoop) as runner:
        return runner.run(work)


def now() -> float:
    """The time on the running loop's clock."""
    return asyncio.get_running_loop().time()
