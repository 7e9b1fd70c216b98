"""What was measured, as a table and a plot."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from bench.core import FINDERS, NEAR_PEERS
from bench.measure import Effort, Line

_COLUMNS = ("work", "ours", "beside", "its", "ratio", "goal", "met")


def table(lines: list[Line]) -> str:
    """The lines as a table in Markdown, its columns aligned."""
    rows = [_COLUMNS, *(_row(line) for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    shown = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(shown)


def _row(line: Line) -> tuple[str, ...]:
    goal = "" if line.limit is None else f"≤ {line.limit:.2f} ×"
    measured = (f"{_number(line.ours)} {line.unit}", line.peer, f"{_number(line.theirs)} {line.unit}")
    return (line.work, *measured, f"{line.ratio:.3g} ×", goal, line.verdict)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def results(lines: list[Line], effort: Effort) -> str:
    """The whole of RESULTS.md."""
    packages = ("slack-bolt", "uvicorn", "aiohttp", "flashtext", "pyahocorasick", "spacy", "rapidfuzz", "pyyaml")
    return f"""\
# Measured beside its peers

Written by `make bench`; the numbers are of one run on one machine, and only the ratios travel.

- Machine: {machine()}
- {datetime.now(UTC):%d %B %Y}; Python {platform.python_version()}; Node {_said_by("node", "--version") or "not here"}
- {", ".join(f"{name} {version(name)}" for name in packages)}
- Medians of {effort.rounds} rounds (3 for loading, 1 for memory) taken in turn, after one to warm up; a ratio is the
  median of the rounds' ratios. `ratio` and `goal` are ours over theirs; without a goal a line only informs.

{table(lines)}

What is compared: `bench/peers/` holds hello-world (Bolt's AsyncApp on uvicorn, answering the same
card, its signature check Bolt's own), Bolt for Python as its README has it, and Bolt for JavaScript likewise.
Over HTTP and Socket Mode the time is the median one, with eight at once as well. A mention ends when its post is there.
Names, entries and misspellings are
synthetic, from a seed. Finders get the same normalised sentences, each in the form it likes best: words or a text;
spaCy makes its `Doc` of words, and once more with that done before. pyahocorasick and spaCy report overlapping names as
well, which ours and FlashText resolve.
“Did you mean” is our whole `match()`, from the typed text on, beside nothing but the search for one name.
"""


def machine() -> str:
    """The processor, its cores, the memory and the system."""
    models = [row.split(":", 1)[1].strip() for row in _rows("/proc/cpuinfo") if row.startswith("model name")]
    kilobytes = next((int(row.split()[1]) for row in _rows("/proc/meminfo") if row.startswith("MemTotal")), 0)
    processor = models[0] if models else platform.processor() or platform.machine()
    return (
        f"{processor}, {os.cpu_count()} cores, {kilobytes / 1024**2:.0f} GiB, {platform.system()} {platform.release()}"
    )


def _rows(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _said_by(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def plot(costs: dict[int, dict[str, float]], path: Path) -> None:
    """Cost against number of names: finding on the left, "did you mean" on the right."""
    mpl.use("Agg")
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 4.6), sharex=True, layout="constrained")
    for axes, scale, title, contestants in (
        (left, "linear", "Finding names in a chat sentence", {"ours": "ours", **{name: name for name in FINDERS}}),
        (right, "log", "“Did you mean”", {"ours, a whole match()": "match", **{name: name for name in NEAR_PEERS}}),
    ):
        for label, key in contestants.items():
            style = {"linewidth": 2.5, "color": "black"} if label.startswith("ours") else {"linewidth": 1.2}
            axes.plot(
                list(costs), [each[key] for each in costs.values()], marker="o", markersize=3, label=label, **style
            )
        axes.set(title=title, xlabel="names", ylabel="µs", xscale="log", yscale=scale)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:,.12g}")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.2))  # where no line can pass under it
    left.set_ylim(bottom=0)
    right.yaxis.set_minor_formatter("")
    figure.savefig(path, dpi=110)
    print(f"{path} written", file=sys.stderr)
