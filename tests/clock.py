"""A clock that tests can hold: an event loop whose time stands still while there is anything to do.

When all wait for a timer, time leaps to it. So what takes minutes takes none, and takes exactly as long as it says.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

SETTLE_SECONDS = 0.0005  # what comes over the loopback, from another process too, is there by then


class _Leaping(selectors.DefaultSelector):
    """Waits for nothing but sockets: what it would have waited longer, it tells instead."""

    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See selectors.BaseSelector."""
        if timeout is None or timeout <= SETTLE_SECONDS:
            ready = super().select(timeout)
        elif not (ready := super().select(SETTLE_SECONDS)):
            self._leap(timeout)
            return []
        if not ready and timeout:
            self._leap(timeout)
        return ready


class HeldLoop(asyncio.SelectorEventLoop):
    """An event loop on a held clock."""

    def __init__(self) -> None:
        self._now = 1_000.0
        super().__init__(_Leaping(self._leap))

    def time(self) -> float:
        """See asyncio.AbstractEventLoop."""
        return self._now

    def _leap(self, seconds: float) -> None:
        self._now += seconds


def run(work: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, on a held clock."""
    with asyncio.Runner(loop_factory=HeldLoop) as runner:
        return runner.run(work)


def now() -> float:
    """The time on the running loop's clock."""
    return asyncio.get_running_loop().time()
