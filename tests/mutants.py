"""What became of the mutants of the last `mutmut run`: figures for each module, and each survivor's change.

`make mutants` runs it. Survivors that somebody has read and lets live stand in mutants.md with the reason; only
others are shown. With `--fail` the exit status is 1 when one of them is left, or a module lost too few.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

MUTMUT = Path(sys.executable).with_name("mutmut")
REASONS = Path(__file__).with_name("mutants.md")
KILLED_AT_LEAST = 0.9
KILLED = frozenset({"killed", "timeout", "suspicious", "segfault"})  # each of them a test has noticed

_RESULT = re.compile(r"^\s*(?P<mutant>(?P<module>[\w.]+)\.\w+__mutmut_\d+): (?P<fate>.+)$", re.MULTILINE)


def mutmut(*arguments: str) -> str:
    """What this command of mutmut prints."""
    return subprocess.run([MUTMUT, *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603


def change_of(mutant: str) -> tuple[str, str]:
    """The lines that the mutant takes out, and those it puts in their place."""
    lines = [line for line in mutmut("show", mutant).splitlines() if not line.startswith(("---", "+++"))]
    old, new = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return old, new


def main(arguments: list[str]) -> int:
    """Print figures and changes; the exit status."""
    fates: defaultdict[str, Counter[str]] = defaultdict(Counter)
    survivors: list[str] = []
    for result in _RESULT.finditer(mutmut("results", "--all", "true")):
        if result["fate"] != "not checked":
            fates[result["module"]][result["fate"]] += 1
            survivors += [] if result["fate"] in KILLED else [result["mutant"]]
    reasons = REASONS.read_text(encoding="utf-8")
    unread = 0
    for mutant in survivors:
        old, new = change_of(mutant)
        if f"`{old}` → `{new}`" not in reasons:
            unread += 1
            print(f"{mutant}\n  - {old}\n  + {new}")
    shares = {}
    for module, counts in sorted(fates.items()):
        shares[module] = sum(counts[fate] for fate in KILLED) / counts.total()
        print(f"{module}: {shares[module]:.0%} of {counts.total()} killed; {dict(counts)}")
    print(f"{len(survivors)} live, {unread} of them without a reason in {REASONS.name}")
    return int("--fail" in arguments and (unread > 0 or min(shares.values()) < KILLED_AT_LEAST))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
