"""Texts that give the matcher most to do, found by search.

    python tests/adversarial.py [TEXTS [SEED]]

Evolves texts (a unit of a few pieces, repeated to a length) that take the most counted steps a character, evaluates
TEXTS of them, and writes the worst units to tests/data/adversarial.txt, one JSON string a line. Prints their steps
and, for whoever has the machine to himself, the longest time that one of them took.
"""

import gc
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType

from slackbot.content.load import load_content
from slackbot.matching.match import Matcher
from slackbot.settings import shipped
from slackbot.words.lists import CONTEXTS, EFFECTS, ENGLISH
from slackbot.words.tokens import LONGEST

KEPT = Path(__file__).parent / "data" / "adversarial.txt"
KEEP = 40
POPULATION = 200
SEARCHED = 1_000  # characters of a text while searching; a quarter of what is read
MARKS = (
    *(" ", " ", " ", ", ", ". ", "; ", "\n", "\n\n", "? ", ": ", " (", ") ", " [", "] ", "/", "-", " - ", " -> "),
    *(
        " → ",
        " = ",
        "+",
        " + ",
        "'s ",
        "'",
        ".",
        "&",
        "@",
        "#",
        "_",
        "`",
        "<",
        ">",
        "<@",
        "",
        "\u0301",
        "é",
        "½",
        "\ufdfa",
    ),
)
WORDS = ("zorblax", "Zorblax", "ZBX", "xyzitis", "dermatomyosit", "guillan", "a", "b", "K", "5", "60 mg", "7yo", "2020")

Count = Callable[[str], int]


def steps(matcher: Matcher, text: str) -> int:
    """How many lines of Python, functions and turns of loops reading the text takes: the same on every machine."""
    count = 0

    def step(_code: CodeType, _place: int, _to: int = 0) -> None:
        nonlocal count
        count += 1

    watch, tool = sys.monitoring, sys.monitoring.PROFILER_ID
    events = (watch.events.LINE, watch.events.PY_START, watch.events.PY_RESUME, watch.events.JUMP)
    watch.use_tool_id(tool, "steps")
    gc.disable()  # Hypothesis times what it takes, in steps of its own
    try:
        for event in events:
            watch.register_callback(tool, event, step)
        watch.set_events(tool, sum(events))
        matcher.match(text)
    finally:
        watch.set_events(tool, 0)
        watch.free_tool_id(tool)
        gc.enable()
    return count


def filled(unit: str, length: int = LONGEST) -> str:
    """The unit, repeated until the text has this length."""
    return (unit * (length // len(unit) + 1))[:length]


def kept() -> list[str]:
    """The worst units that a search has found."""
    return [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]


def pieces(matcher: Matcher) -> list[str]:
    """What texts are made of: names, words of each list, words unheard of."""
    names = [name.written for _, name in matcher.lexicon.all_names]
    phrases = [phrase for topic in matcher.content.topics for phrase in (*topic.phrases, *topic.events)]
    listed = [
        entry.strip()
        for name in (*EFFECTS, *CONTEXTS)
        for line in (ENGLISH / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        for entry in ([] if line.startswith("#") else line.split(","))
        if entry.strip()
    ]
    shorts = [name for name in names if len(name) <= 5]
    return [*names, *phrases, *listed, *shorts * 5, *WORDS * 20]


def search(matcher: Matcher, texts: int, seed: int) -> list[str]:
    """The worst units of an evolution that evaluates so many texts."""
    chance = random.Random(seed)
    material = pieces(matcher)

    def part() -> str:
        return chance.choice(material) + chance.choice(MARKS)

    scores: dict[tuple[str, ...], int] = {}
    population = [tuple(part() for _ in range(chance.randint(1, 4))) for _ in range(POPULATION)]
    while len(scores) < texts:
        for unit in population:
            if unit not in scores and len("".join(unit)) <= SEARCHED:
                scores[unit] = steps(matcher, filled("".join(unit), SEARCHED))
        best = sorted({unit for unit in population if unit in scores}, key=lambda unit: -scores[unit])
        parents = best[: POPULATION // 4]
        population = parents + [
            _changed(chance.choice(parents), chance.choice(parents), part(), chance) for _ in range(POPULATION)
        ]
        population += [tuple(part() for _ in range(chance.randint(1, 4))) for _ in range(POPULATION // 4)]
    return _unlike(sorted(scores, key=lambda unit: -scores[unit]))


def _changed(unit: tuple[str, ...], other: tuple[str, ...], part: str, chance: random.Random) -> tuple[str, ...]:
    at = chance.randrange(len(unit))
    match chance.randrange(4):
        case 0:
            return (*unit[:at], part, *unit[at + 1 :])
        case 1:
            return (*unit[:at], part, *unit[at:])[:8]
        case 2:
            return (*unit[:at], *unit[at + 1 :]) or (part,)
    return (*unit[:at], *other[chance.randrange(len(other)) :])[:8]


def _unlike(units: list[tuple[str, ...]]) -> list[str]:
    """The first units that do not share most of their pieces with one before."""
    unlike: list[tuple[str, ...]] = []
    for unit in units:
        if len(unlike) < KEEP and all(2 * len({*unit} & {*each}) <= len({*unit}) for each in unlike):
            unlike.append(unit)
    return ["".join(unit) for unit in unlike]


def main(texts: int, seed: int) -> int:
    """Search, keep the worst, and say what they take; the exit status."""
    matcher = Matcher(load_content(shipped("data/ivig.yaml")))
    units = search(matcher, texts, seed)
    KEPT.write_text("".join(f"{json.dumps(unit)}\n" for unit in units), encoding="utf-8")
    slowest = 0.0
    for unit in units:
        text = filled(unit)
        taken = min(_seconds(matcher, text) for _ in range(5))
        slowest = max(slowest, taken)
        print(f"{steps(matcher, text) / LONGEST:6.1f} steps a character, {taken * 1000:5.1f} ms  {unit!r}")
    print(f"{texts} texts from seed {seed}, the slowest of the worst {len(units)}: {slowest * 1000:.1f} ms")
    return 0


def _seconds(matcher: Matcher, text: str) -> float:
    begun = time.perf_counter()
    matcher.match(text)
    return time.perf_counter() - begun


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(numbers + [20_000, 14][len(numbers) :])))
