"""What is under way, so that a stopping door can wait for it."""

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from slackbot import logs

T = TypeVar("T")

DRAIN_SECONDS = 25.0  # platforms let a stopping process live for 30


class UnfinishedError(Exception):
    """The work goes on, longer than anybody waits for it."""


class Running:
    """The tasks of one door. Bolt's lazy listeners keep theirs to themselves, so nobody could wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def add(self, task: asyncio.Task[Any]) -> None:
        """Count a task in until it ends."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def within(self, seconds: float, kind: str, work: Coroutine[Any, Any, T]) -> T:
        """Wait so long for work, then leave it to itself. Raises UnfinishedError then, before that what it raises.

        What it raises later is logged under `kind`.
        """
        task = asyncio.create_task(work)
        self.add(task)
        try:
            await asyncio.wait({task}, timeout=seconds)
            if not task.done():
                raise UnfinishedError
            return task.result()
        finally:
            if not task.done():
                task.add_done_callback(partial(_log_late, kind))

    def start(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """Do work in the background; when it fails, that is logged under `kind`."""
        self.add(asyncio.create_task(_logged(kind, work)))

    async def drain(self) -> None:
        """Wait for everything that runs, also for what is started meanwhile, but not for ever."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + DRAIN_SECONDS
        while self._tasks and (left := deadline - clock()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        if self._tasks:
            logs.event("stopping", outcome=f"{len(self._tasks)}_unfinished", level=logging.ERROR)


async def _logged(kind: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event(kind, outcome="failed", level=logging.ERROR, failure=failure)


def _log_late(kind: str, task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (failure := task.exception()):
        logs.event(kind, outcome="failed_late", level=logging.WARNING, failure=failure)
