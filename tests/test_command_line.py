"""The command line, as its users call it."""

import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from doors import FROZEN, ROOT, SMALL

from slackbot.__main__ import main, prepare
from slackbot.slack import socket_mode


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours, and a folder without .env."""
    for name in ("IVIG_DATA", "IVIG_CONTACT", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "LOG_LEVEL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IVIG_DATA", str(FROZEN))
    monkeypatch.chdir(tmp_path)


class Console(io.TextIOWrapper):
    """Standard output as a console with an encoding has it, be it a terminal."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self._bytes = io.BytesIO()
        self._terminal = terminal
        super().__init__(self._bytes, encoding=encoding)

    def isatty(self) -> bool:
        """See io.IOBase."""
        return self._terminal

    def close(self) -> None:
        """What has come can still be read."""
        self.flush()

    @property
    def shown(self) -> str:
        """What has come."""
        self.flush()
        return self._bytes.getvalue().decode(self.encoding)


def typed(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode("utf-8")), encoding="ascii"))


@pytest.mark.parametrize(
    ("arguments", "status", "first_line"),
    [
        (["ask", "kawasaki"], 0, "Kawasaki disease"),
        (["ask", "is", "ivig", "used", "in", "GBS?"], 0, "Guillain-Barré syndrome (GBS)"),
        (["ask"], 0, "Look up IVIG"),
        (["ask", "help"], 0, "Look up IVIG"),
        (["ask", "list"], 0, "What the document covers"),
        (["ask", "safety"], 0, "Safety monitoring"),
        (["ask", "about"], 0, "About this bot"),
        (["ask", "appendicitis"], 1, "No entry found."),
        (["ask", "TTP"], 1, "TTP is not ITP."),
        (["ask", "dm"], 1, "Did you mean"),
    ],
)
def test_ask_prints_the_card_and_its_status_says_if_it_answers(
    arguments: list[str], status: int, first_line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    assert capsys.readouterr().out.startswith(first_line)


def test_ask_full_prints_all_that_the_document_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--full", "me", "kawasaki"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Kawasaki disease\n")
    assert "Who gets the disease: Mainly children [S16]\n" in printed
    assert "\nSources: [S1–S25]" in printed


def test_ask_prints_what_stands_in_the_data_file_unescaped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVIG_CONTACT", "Pharmacy <bleep 1> & co")
    assert main(["ask", "kawasaki"]) == 0
    assert "Ask: Pharmacy <bleep 1> & co" in capsys.readouterr().out


def test_ask_json_prints_the_message_as_slack_gets_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", "kawasaki"]) == 0
    message = json.loads(capsys.readouterr().out)
    assert list(message) == ["response_type", "text", "blocks"]
    assert message["response_type"] == "in_channel"
    assert message["blocks"][0]["text"]["text"] == "Kawasaki disease"
    main(["ask", "--json", "MRN", "1234567", "itp"])
    assert json.loads(capsys.readouterr().out)["response_type"] == "ephemeral"


def test_ask_takes_me_and_the_workspaces_rule_as_the_command_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen_by(*words: str) -> str:
        main(["ask", "--json", *words])
        return str(json.loads(capsys.readouterr().out)["response_type"])

    assert [seen_by("kawasaki"), seen_by("me", "kawasaki")] == ["in_channel", "ephemeral"]
    monkeypatch.setenv("IVIG_REPLY", "private")
    assert [seen_by("kawasaki"), seen_by("here", "kawasaki")] == ["ephemeral", "in_channel"]


def test_match_json_answers_line_for_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["kawasaki", "KD", "ivig for TTP?", "CIDP dose", "dm", "Guillain–Barré\nor CIDP", ""]
    typed("\n \n".join(json.dumps({"text": text}) for text in texts), monkeypatch)
    assert main(["match", "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    rows = [json.loads(line) for line in printed.out.splitlines()]
    assert [row["text"] for row in rows] == texts
    assert list(rows[0]) == ["text", "answered", "suggested", "lookalikes", "topics", "readings"]
    assert [row["answered"] for row in rows] == [
        ["kawasaki-disease"], ["kawasaki-disease"], [], ["cidp"], [], ["guillain-barre-syndrome", "cidp"], []
    ]  # fmt: skip
    assert rows[2]["lookalikes"] == ["TTP"]
    assert rows[3]["topics"] == ["dose"]
    assert rows[4]["suggested"] == ["dermatomyositis"]
    assert rows[1]["readings"] == [
        {"words": "KD", "outcome": "answered", "target": "kawasaki-disease",
         "rule": "a short form of the entry", "note": None}
    ]  # fmt: skip


def test_match_streams_each_line_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", str(SMALL))
    with subprocess.Popen(  # our own module
        [sys.executable, "-m", "slackbot", "match", "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for text in ("kawasaki", "lupus"):
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(10) == 0


def test_match_reads_plain_lines_and_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("KD\nivig for TTP?\n", monkeypatch)
    assert main(["match"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "'KD': answered",
        "  “KD” → answered kawasaki-disease (a short form of the entry)",
        "'ivig for TTP?': refused",
        "  “TTP” → refused TTP (the name of another condition)",
    ]


UNREADABLE = [
    "kawasaki",
    "[]",
    "3",
    '{"txt": "x"}',
    '{"text": 3}',
    '{"text": null}',
    '{"text": "\\ud800"}',
    "[" * 99_999,
]


def test_match_json_says_which_line_it_can_not_read_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ['{"text": "kawasaki"}', *UNREADABLE, '{"text": "ITP"}']
    typed("".join(f"{line}\n" for line in lines), monkeypatch)
    assert main(["match", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.err == ""
    first, *faults, last = (json.loads(line) for line in printed.out.splitlines())
    assert [first["text"], last["text"]] == ["kawasaki", "ITP"]
    assert faults == [
        {"error": f'line {number}: not a JSON object with a text: {{"text": "…"}}'}
        for number in range(2, len(UNREADABLE) + 2)
    ]


def test_check_says_that_a_file_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "fine: 7 entries" in capsys.readouterr().out
    assert main(["check", str(SMALL)]) == 0
    assert "fine: 2 entries" in capsys.readouterr().out


def test_check_lists_the_faults_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("format: 2\nfoo: 1\n", encoding="utf-8")
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert f"{path}:2: foo: is no key here; check its spelling, or remove it" in said
    assert said[-1] == f"{path}: {len(said) - 1} faults"


def test_a_broken_file_stops_every_verb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv("IVIG_DATA", str(path))
    for arguments in (["ask", "kawasaki"], ["match"]):
        assert main(arguments) == 2
        assert capsys.readouterr().err.startswith(f"{path}:1: the file is empty")


def test_without_its_variables_the_bot_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN is missing" in said
    assert "SLACK_APP_TOKEN is missing" in said


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "entries" in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["match", "--help"], ["check", "--help"]])
def test_help_is_there(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert re.fullmatch(r"ivig-bot \d+\.\d+\.\d+ \(content \S{9}, readings \S{9}\)\n", capsys.readouterr().out)


def test_the_version_is_told_where_the_content_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVIG_DATA", str(tmp_path / "nowhere.yaml"))
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.endswith(" (content unknown: run `python -m slackbot check`)\n")


FULL = "The output can't be written: no space is left.\n"


@pytest.mark.parametrize("arguments", [["ask", "kawasaki", "zaphod"], ["match"], ["schema"]])
def test_an_output_that_is_full_is_said(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", str(SMALL))
    typed("zaphod\n", monkeypatch)
    told = Console()
    with suppress(OSError), Path("/dev/full").open("w") as full, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        patch.setattr(sys, "stderr", told)
        status = main(arguments)
    assert (status, told.shown) == (130, FULL)


def test_a_process_whose_output_is_full_says_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", str(SMALL))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # our own module
            [sys.executable, "-m", "slackbot", "ask", "kawasaki"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, timeout=30,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, FULL)


def test_a_door_without_its_variables_says_which_and_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    assert main(["web"]) == 2
    told = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN is missing" in told
    assert "SLACK_SIGNING_SECRET is missing" in told


def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ask", "--loudly", "kawasaki"])
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("verb", "meant"), [("aks", "ask"), ("ASK", "ask"), ("chekc", "check"), ("docter", "doctor"), ("kawasaki", "ask")]
)
def test_a_verb_that_there_is_not_is_asked_back(verb: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"There is no such verb. Did you mean `{meant}`? The verbs are worker, web, ask, ")
    assert "kawasaki" not in said


# What is printed where.


BOLD = {"COLUMNS": "44", "TERM": "xterm", "NO_COLOR": ""}


def on_a_terminal(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal of 44 columns is sent."""
    console = Console(terminal=True)
    monkeypatch.setattr(sys, "stdout", console)
    for name, value in {**BOLD, **variables}.items():
        monkeypatch.setenv(name, value)
    assert main(["ask", "kawasaki"]) == 0
    return console.shown


def assert_wrapped(shown: str, name: str = "Kawasaki disease", reminder_begins: str = "Giving IVIG needs") -> None:
    lines = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 44
    assert shown.startswith(f"\x1b[1m{name}\x1b[0m\n")
    reminder = [line for line in lines if line.startswith("! ")]
    assert reminder[0].startswith(f"! Safety monitoring: {reminder_begins}")
    assert reminder[-1].endswith("monitor.")


def test_a_terminal_gets_lines_of_its_width_and_bold_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert_wrapped(on_a_terminal({}, monkeypatch))


def test_a_real_terminal_does_so_too(tmp_path: Path) -> None:
    log = tmp_path / "typescript"
    pty = f"import pty; pty.spawn([{sys.executable!r}, '-m', 'slackbot', 'ask', 'alpha', 'disease'])"
    with log.open("wb") as out:
        subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-c", pty], stdout=out, stdin=subprocess.DEVNULL, cwd=ROOT, timeout=30, check=True,
            env={**os.environ, **BOLD, "IVIG_DATA": str(SMALL)},
        )  # fmt: skip
    assert_wrapped(log.read_text(encoding="utf-8").replace("\r\n", "\n"), "Alpha disease (FD)", "Giving it needs")


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1", "TERM": "xterm"}, {"NO_COLOR": "", "TERM": "dumb"}])
def test_a_terminal_that_wants_no_bold_letters_gets_none(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = on_a_terminal(variables, monkeypatch)
    assert "\x1b" not in shown
    assert "\n! Safety monitoring: " in shown


def test_in_a_pipe_nothing_is_wrapped_unless_the_width_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    main(["ask", "--full", "kawasaki"])
    whole = capsys.readouterr().out
    assert max(map(len, whole.splitlines())) > 200
    for width in ("60", "0", "-3", "wide"):
        monkeypatch.setenv("COLUMNS", width)
        main(["ask", "--full", "kawasaki"])
        wrapped = capsys.readouterr().out
        widest = max(len(line) for line in wrapped.splitlines() if " " in line)  # an address is wider, and stays whole
        assert (widest <= 60) is (width == "60")
        assert wrapped.replace("\n! ", " ").split() == whole.split(), "no word is lost or parted"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
@pytest.mark.parametrize("arguments", [["ask", "list"], ["ask", "--full", "gbs"], ["ask", "--json", "gbs"], ["--help"]])
def test_a_console_that_lacks_letters_is_no_failure(
    arguments: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console(encoding)
    monkeypatch.setattr(sys, "stdout", console)
    if "--help" in arguments:
        with pytest.raises(SystemExit):
            main(arguments)
    else:
        assert main(arguments) == 0
    assert capsys.readouterr().err == ""
    if "--json" in arguments:
        assert "Guillain-Barré" in json.loads(console.shown)["text"]


def test_a_process_whose_console_lacks_letters_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("IVIG_DATA", str(SMALL))
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "slackbot", "ask", "--full", "alpha disease"], capture_output=True, cwd=ROOT, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u201cThe article\u201d" in done.stdout


def test_where_nobody_reads_or_nothing_can_be_written_there_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", str(SMALL))
    for redirected in ("| true", ">&-"):
        done = subprocess.run(  # noqa: S602
            f"'{sys.executable}' -m slackbot ask --full kawasaki {redirected}",
            shell=True, stderr=subprocess.PIPE, cwd=ROOT, timeout=30, check=False,
        )  # fmt: skip
        assert done.stderr == b"", redirected


def test_a_door_that_stands_looks_for_garbage_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has not while it loaded, and what it has loaded it leaves alone."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    seen: list[object] = []

    async def stand(*_: object) -> int:
        seen.extend([gc.isenabled(), gc.get_freeze_count() > 100_000])
        return 0

    monkeypatch.setattr(socket_mode, "run", stand)
    gc.unfreeze()  # what the tests themselves leave alone
    try:
        prepare(["worker"])
        assert not gc.isenabled()
        assert main(["worker"]) == 0
        assert seen == [True, True]
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        gc.enable()
        gc.freeze()
