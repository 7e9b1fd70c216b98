"""Warnings that whoever sends requests could bring about by the thousand: each kind at most once a minute."""

import time
from collections.abc import Callable

EVERY_SECONDS = 60.0


class Seldom:
    """When each kind of a warning was last given."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._given: dict[str, float] = {}

    def is_due(self, kind: str) -> bool:
        """Whether to warn now; if so, not again for a minute."""
        now = self._clock()
        if now - self._given.get(kind, -EVERY_SECONDS) < EVERY_SECONDS:
            return False
        self._given[kind] = now
        return True
