"""`python -m bench`: measure everything, print the table, write bench/RESULTS.md and docs/cost.png."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench import core, doors, report
from bench.measure import QUICK, Effort
from bench.processes import ROOT


def main() -> None:
    """Run the bench; with --quick only to see that it works, leaving no results behind."""
    parser = argparse.ArgumentParser("bench", description="Measure the bot beside its peers.")
    parser.add_argument("--quick", action="store_true", help="everything once, in small: is the bench itself in order?")
    parser.add_argument("--only", choices=("core", "doors"), help="one half, printed and not written")
    options = parser.parse_args()
    effort = QUICK if options.quick else Effort()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes it started end with it
    started = time.monotonic()
    of_core = core.lines(effort) if options.only != "doors" else []
    of_doors = doors.lines(effort) if options.only != "core" else []
    lines = [*of_doors, *of_core]
    print(report.table(lines))
    if not options.only:
        with tempfile.TemporaryDirectory() as elsewhere:
            folder = Path(elsewhere) if options.quick else ROOT
            results, picture = folder / "bench" / "RESULTS.md", folder / "docs" / "cost.png"
            for path in (results, picture):
                path.parent.mkdir(exist_ok=True)
            results.write_text(report.results(lines, effort), encoding="utf-8")
            report.plot(core.costs(effort), picture)
    print(f"{time.monotonic() - started:.0f} s on {report.machine()}", file=sys.stderr)


if __name__ == "__main__":
    main()
