"""Change modules on purpose, by mutmut, and say what became of it: figures for each, and each survivor's change.

`make mutants` runs it. Survivors that somebody has read and lets live stand in mutants.md with the reason; only
others are shown. With `--fail` the exit status is 1 when one of them is left, or a module lost too few.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from unittest import mock

from mutmut.__main__ import cli
from mutmut.configuration import config
from mutmut.state import state
from mutmut.stats import save_stats

MUTMUT = Path(sys.executable).with_name("mutmut")
REASONS = Path(__file__).with_name("mutants.md")
KILLED_AT_LEAST = 0.9
KILLED = frozenset({"killed", "timeout", "suspicious", "segfault"})  # each of them a test has noticed

# The tests that say what a room does. Others call it too, but would be run to their end for every survivor.
TESTS = {
    "slackbot.content.checks": ["broken_files", "data_file", "safety", "signing"],
    "slackbot.matching": ["context", "rules", "matching", "topics", "definitions", "weighing"],
    "slackbot.matching.curation": ["curation"],
    "slackbot.slack.payloads": ["payloads"],
    "slackbot.work": [
        "claims",
        "running",
        "settings",
        "delivery",
        "doors",
        "edits",
        "http",
        "slow_slack",
        "socket_mode",
    ],
}

_RESULT = re.compile(r"^\s*(?P<mutant>(?P<module>[\w.]+)\.\w+__mutmut_\d+): (?P<fate>.+)$", re.MULTILINE)


# Left out: each reads long or thousands of texts, of which it holds a count, or what rows of other tables hold too.
SLOW = (
    "tests/test_definitions.py::test_a_look_alike_with_any_short_form_never_answers",
    "tests/test_definitions.py::test_a_look_alike_with_the_letters_of_an_entry_it_is_taken_for_never_answers",
    "tests/test_matching.py::test_any_text_is_read_without_an_exception",
    "tests/test_matching.py::test_an_edited_look_alike_never_answers_unless_it_spells_our_own_name",
    "tests/test_matching.py::test_blind_tables_are_read_no_worse_than_they_were",
    "tests/test_matching.py::test_general_english_without_evidence_never_brings_a_card",
)


def tests_of(module: str) -> list[str]:
    """The files of the tests that say what a module, or a room of them, does; none: mutmut looks for itself."""
    rooms = [room for room in TESTS if f"{module}.".startswith(f"{room}.") or room.startswith(f"{module}.")]
    return [f"tests/test_{name}.py" for room in rooms for name in TESTS[room]]


def run(modules: list[str]) -> None:
    """Change these modules, and no others, and run their tests for each change."""
    settings = config()
    paths = [module.replace(".", "/") for module in modules]
    settings.only_mutate = [f"{path}{ending}" for path in paths for ending in (".py", "/*.py")]
    settings.pytest_add_cli_args = ["--failed-first"]  # what has noticed one mutant notices the next one like it
    tests = [tests_of(module) for module in modules]
    if all(tests):
        settings.pytest_add_cli_args_test_selection = [
            *sorted({name for names in tests for name in names}), *(f"--deselect={name}" for name in SLOW)
        ]  # fmt: skip
    with mock.patch("mutmut.__main__.save_stats", _save_with_all_tests if all(tests) else save_stats):
        cli.main(["run", *(f"{module}.*" for module in modules)], standalone_mode=False)


def _save_with_all_tests() -> None:
    """A room's tests all speak of its functions: of those that build a matcher mutmut has seen the first test only."""
    tests_by_function = state().tests_by_mangled_function_name
    tests = set().union(*tests_by_function.values())
    tests_by_function.update(dict.fromkeys(tests_by_function, tests))
    save_stats()


def mutmut(*arguments: str) -> str:
    """What this command of mutmut prints."""
    return subprocess.run([MUTMUT, *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603


def change_of(mutant: str) -> tuple[str, str]:
    """The lines that the mutant takes out, and those it puts in their place."""
    lines = [line for line in mutmut("show", mutant).splitlines() if not line.startswith(("---", "+++"))]
    old, new = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return old, new


def reasons_of(module: str) -> str:
    """Why survivors of a module may live."""
    return REASONS.read_text(encoding="utf-8").partition(f"## {module}\n")[2].partition("\n## ")[0]


def report(must_be_killed: bool) -> int:
    """Print figures and changes; the exit status."""
    fates: defaultdict[str, Counter[str]] = defaultdict(Counter)
    survivors: list[tuple[str, str]] = []
    for result in _RESULT.finditer(mutmut("results", "--all", "true")):
        if result["fate"] != "not checked":
            fates[result["module"]][result["fate"]] += 1
            survivors += [] if result["fate"] in KILLED else [(result["module"], result["mutant"])]
    unread = 0
    for module, mutant in survivors:
        old, new = change_of(mutant)
        if f"`{old}` → `{new}`" not in reasons_of(module):
            unread += 1
            print(f"{mutant}\n  - {old}\n  + {new}")
    shares = {}
    for module, counts in sorted(fates.items()):
        shares[module] = sum(counts[fate] for fate in KILLED) / counts.total()
        print(f"{module}: {shares[module]:.0%} of {counts.total()} killed; {dict(counts)}")
    print(f"{len(survivors)} live, {unread} of them without a reason in {REASONS.name}")
    return int(must_be_killed and (unread > 0 or min(shares.values()) < KILLED_AT_LEAST))


def main(arguments: list[str]) -> int:
    """Change the modules named, or only say again what became of the last; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--fail", action="store_true")
    options = parser.parse_args(arguments)
    if options.modules:
        run(options.modules)
    return report(options.fail)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
