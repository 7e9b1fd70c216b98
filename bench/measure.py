"""Taking turns: whoever is compared is measured in the same minutes, so that a busy machine slows all alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Turn = Callable[[], float]
Rounds = dict[str, list[float]]


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 0.5
    """How long one contestant's turn lasts, where a turn is not a single piece of work."""
    names: int = 100_000
    entries: tuple[int, ...] = (7, 100, 1_000, 10_000)
    requests: int = 10_000


QUICK = Effort(rounds=1, seconds=0.05, names=2_000, entries=(7, 50, 100), requests=200)


@dataclass(frozen=True)
class Line:
    """One line of the table: the bot beside one peer. `limit` is the goal for the ratio, where there is one."""

    work: str
    unit: str
    ours: float
    peer: str
    theirs: float
    ratio: float
    limit: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal was met in this run; for people to read, never for a test."""
        if self.limit is None:
            return ""
        return "yes" if self.ratio <= self.limit else "no"


def in_turn(rounds: int, turns: Mapping[str, Turn]) -> Rounds:
    """What each contestant took in each round, after one round to warm up; every other round runs backwards."""
    taken: Rounds = {name: [] for name in turns}
    for turn in turns.values():
        turn()
    for number in range(rounds):
        for name in list(turns) if number % 2 else list(turns)[::-1]:
            taken[name].append(turns[name]())
    return taken


def against(work: str, unit: str, taken: Rounds, peer: str, limit: float | None = None, *, ours: str = "ours") -> Line:
    """The bot beside one contestant: medians over the rounds, and the median of the rounds' ratios."""
    ratio = statistics.median(mine / other for mine, other in zip(taken[ours], taken[peer], strict=True))
    return Line(work, unit, statistics.median(taken[ours]), peer, statistics.median(taken[peer]), ratio, limit)


def absolute(work: str, unit: str, ours: float, goal: str, allowed: float) -> Line:
    """The bot beside a number."""
    return Line(work, unit, ours, goal, allowed, ours / allowed, 1.0)


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def seconds_per_call(work: Callable[[], object], seconds: float) -> float:
    """The median time of a call, over calls for so many seconds and one at least."""
    taken: list[float] = []
    while not taken or sum(taken) < seconds:
        taken.append(seconds_of(work))
    return statistics.median(taken)
