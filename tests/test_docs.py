"""Every command in the documentation is run: here, by .ci/run, or marked with what a test has not got."""

import os
import re
import shlex
from contextlib import chdir
from pathlib import Path
from unittest import mock

import pytest
from doors import ROOT

from slackbot.__main__ import main
from slackbot.matching.match import Matcher

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PYTHON = ".venv/bin/python"

# Run in an empty folder without variables, and the exit status that must come of it.
HERE = {
    ".venv/bin/python -m slackbot check": 0,
    ".venv/bin/python -m slackbot doctor": 1,
    ".venv/bin/python -m slackbot manifest --url https://ivig.example.org": 0,
}
IN_CI = {"make try", "make test", "make check", "make dyno", "make faults"}
NEEDS_A_WORKSPACE = {".venv/bin/python -m slackbot"}

# Commands inside a sentence or a table begin with one of these.
OURS = ("make", "bash", "echo", "python", PYTHON)
NEEDS_A_PLATFORM = ("heroku", "git", "fly", "dokku", "docker")

_BLOCK = re.compile(r"^( *)```(?:sh|bash|shell|console)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+ [^`\n]+)`")


def in_blocks(page: str) -> list[str]:
    """The commands in blocks of their own; a line that ends in a backslash goes on."""
    joined = [block.replace("\\\n", " ") for _, block in _BLOCK.findall(page)]
    return [line.strip() for block in joined for line in block.splitlines() if line.strip()]


def inside_sentences(page: str) -> list[str]:
    """The commands between backticks, by their first word."""
    commands = _INLINE.findall(re.sub(r"^ *```.*?^ *```", "", page, flags=re.MULTILINE | re.DOTALL))
    return [command for command in commands if command.split()[0] in (*OURS, *NEEDS_A_PLATFORM)]


TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
BLOCKS = sorted({(name, command) for name, text in TEXTS.items() for command in in_blocks(text)})
SENTENCES = sorted({(name, command) for name, text in TEXTS.items() for command in inside_sentences(text)})


def run(command: str, folder: Path) -> int:
    """The exit status of a command, run in a folder without a .env and without any variable."""
    words = shlex.split(command)
    assert words[:3] == [PYTHON, "-m", "slackbot"], command
    with mock.patch.dict(os.environ, clear=True), chdir(folder):
        return main(words[3:])


_TABLE = re.compile(r"^\| typed \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
TYPED = [
    (typed, row.rpartition("|")[0].split("|")[-1].strip())
    for row in _TABLE.findall(TEXTS["README.md"])[0].splitlines()
    for typed in re.findall(r"`([^`]+)`", row.split("|")[1])
]
OUTCOMES = {"the card": "answered", "both entries": "answered", '"did you mean"': "suggested",
            "refused": "refused", "first: not for emergencies": "emergency"}  # fmt: skip


@pytest.mark.parametrize(("typed", "brings"), TYPED)
def test_the_readme_tells_the_truth_about_what_is_typed(typed: str, brings: str, matcher: Matcher) -> None:
    [expected] = [outcome for words, outcome in OUTCOMES.items() if brings.startswith(words)]
    assert matcher.match(typed).outcome == expected


def test_the_commands_are_found() -> None:
    assert ("README.md", "make try") in BLOCKS
    assert ("README.md", ".venv/bin/python -m slackbot") in BLOCKS  # it stands indented, in a list
    assert ("CONTRIBUTING.md", f"{PYTHON} -m slackbot ask YOUR CONDITION") in SENTENCES
    assert in_blocks("```sh\nmake \\\n  try\n```\n  ```bash\n  one\n  ```\n```yaml\nno: command\n```\n") == [
        "make    try", "one"
    ]  # fmt: skip


@pytest.mark.parametrize(("command", "page"), {command: page for page, command in BLOCKS}.items())
def test_a_command_in_a_block_is_run(page: str, command: str, tmp_path: Path) -> None:
    if command in HERE:
        assert run(command, tmp_path) == HERE[command]
    elif command in IN_CI:
        assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    else:
        assert command in NEEDS_A_WORKSPACE, f"{page}: no test runs `{command}`: enter it in a table of this file"


@pytest.mark.parametrize(("command", "page"), {command: page for page, command in SENTENCES}.items())
def test_a_command_in_a_sentence_exists(page: str, command: str) -> None:
    parts = [shlex.split(part) for part in re.split(r"\s(?:&&|\||;)\s", command)]
    for words in parts:
        match words:
            case ["make", target, *_]:
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), page
            case [("python" | ".venv/bin/python"), "-m", "slackbot", *rest]:
                with pytest.raises(SystemExit) as leave:
                    main([*rest[:1], "--help"])
                assert leave.value.code == 0, page
            case ["bash", script]:
                assert (ROOT / script).is_file(), page
            case [program, *_]:
                assert program in ("echo", *NEEDS_A_PLATFORM), f"{page}: no test knows `{command}`"


def test_the_tables_hold_nothing_that_is_gone() -> None:
    commands = {command for _, command in BLOCKS}
    assert set(HERE) | NEEDS_A_WORKSPACE <= commands
