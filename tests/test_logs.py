"""No library's words and no exception's message get into the log, whatever its level, and wherever it goes."""

import io
import logging
import re
import socket
import subprocess
import sys
import time
from contextvars import copy_context

import pytest
from doors import ROOT

from slackbot import logs

CANARY = "Zaphod-Canary-4711"


@pytest.mark.parametrize("name", ["slack_sdk.socket_mode", "slack_bolt.AsyncApp", "aiohttp.client", "asyncio", "x"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING, logging.ERROR])
def test_of_a_library_only_who_and_where_is_shown(name: str, level: int, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")
    logging.getLogger(name).log(level, "payload: %s", CANARY, stack_info=True)
    line = capsys.readouterr().out
    assert CANARY not in line
    shown = level >= logging.WARNING and (name != "slack_bolt.AsyncApp" or level == logging.ERROR)
    assert (f"library={name} at=test_of_a_library" in line) is shown


def test_of_an_exception_only_its_type_and_places_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    try:
        raise ValueError(CANARY) from KeyError(CANARY)
    except ValueError as failure:
        logs.event("command", outcome="failed", level=logging.ERROR, failure=failure)
    line = capsys.readouterr().out
    assert "ERROR command outcome=failed exception=ValueError at=test_logs.py:" in line
    assert CANARY not in line
    assert line.count("\n") == 1


def test_a_line_that_can_not_be_made_is_counted_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.set_up("INFO")
    logging.getLogger("slackbot").info("%d", "no number")
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # it has no buffer
    logs.event("command")
    assert logs.lost() == 2


def test_before_any_door_is_set_up_lines_are_no_output() -> None:
    program = "from slackbot import logs; logs.event('blocks', outcome='refused', level=40)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert ended.stdout == ""
    assert ended.stderr.endswith(" ERROR blocks outcome=refused\n")


def test_an_event_is_one_line_of_named_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.event("mention", event_id="Ev1", outcome="answered", entries=("cidp", "kawasaki-disease"), ms=1.26)
    line = capsys.readouterr().out.strip().split(" ", 1)[1]
    assert line == "INFO mention event_id=Ev1 outcome=answered entries=cidp,kawasaki-disease ms=1.3"


def test_the_level_is_for_the_bots_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("ERROR")
    logs.event("mention", outcome="answered")
    assert capsys.readouterr().out == ""
    logs.set_level("INFO")
    logs.event("mention", outcome="answered")
    assert "INFO mention outcome=answered" in capsys.readouterr().out


@pytest.mark.parametrize("event_id", [CANARY, "Evans syndrome", "EVANS", "Ev1\n", "", None, 7, ["Ev1"]])
def test_an_id_that_is_none_of_slacks_is_not_shown(event_id: object, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    if isinstance(event_id, str):
        logs.event("command", event_id=event_id)

    def work() -> None:
        logs.begin(event_id)
        logs.event("command")

    copy_context().run(work)
    for line in capsys.readouterr().out.splitlines():
        assert line.split(" ", 1)[1].split(" id=")[0] == "INFO command"


def test_the_lines_of_one_payload_have_one_id(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")

    def work(event_id: str | None) -> None:
        logs.begin(event_id)
        logs.event("post", outcome="refused")
        logs.event("command", outcome="answered")

    for event_id in (None, None, "Ev1"):
        copy_context().run(work, event_id)
    lines = capsys.readouterr().out.splitlines()
    ids = [line.partition(" id=")[2] for line in lines[:4]]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in ids)
    assert [line.split()[3] for line in lines[4:]] == ["event_id=Ev1", "event_id=Ev1"]


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("http_timeout", "http_timeout"),
        ("too_many_redirects", "too_many_redirects"),
        (CANARY, "unknown"),
        (7, "unknown"),
    ],
)
def test_a_redelivery_has_slacks_reason(reason: object, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.redelivery(reason)
    assert capsys.readouterr().out.endswith(f" INFO redelivery outcome={name}\n")


def test_whoever_watches_hears_of_each_event_at_any_level(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("ERROR")
    events: list[logs.Event] = []
    with logs.watched(events.append):
        logs.event("mention", event_id="Ev1", outcome="answered", entries=["cidp"], ms=2.0)
    logs.event("mention")
    assert events == [logs.Event("mention", outcome="answered", entries=("cidp",), ms=2.0)]
    assert capsys.readouterr().out == ""


def test_the_first_line_says_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.started("http", "0.1.0", content="3f9a-1c7e", readings="77aa-0b12", review="not_reviewed")
    line = "INFO started door=http version=0.1.0 content=3f9a-1c7e readings=77aa-0b12 review=not_reviewed"
    assert capsys.readouterr().out.endswith(f" {line}\n")


def test_a_pipe_that_nobody_reads_stops_nothing_and_what_was_lost_is_said() -> None:
    """4 MB of lines into a pipe that holds 64 kB, an end all the same, and the count once somebody reads."""
    program = (
        "import sys; from slackbot import logs; logs.set_up('INFO', queued=True)\n"
        "for number in range(40_000): logs.event('mention', outcome='x' * 60)\n"
        "sys.stderr.write(f'{logs.lost()}\\n'); sys.stdin.readline()\n"
        "logs.flush(); logs.event('mention', outcome='last')"
    )
    with subprocess.Popen(  # noqa: S603  # our own module
        [sys.executable, "-c", program], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        lost = int(process.stderr.readline())
        assert 37_000 < lost < 40_000 - logs.QUEUE_LINES
        lines = process.communicate("read\n", timeout=10)[0].splitlines()
        assert lines[-1].endswith("outcome=last")
        counts = [int(line.rpartition("=")[2]) for line in lines if " WARNING log outcome=lost lines=" in line]
        assert sum(counts) == lost
        assert len(lines) - len(counts) - 1 == 40_000 - lost


def test_lines_that_come_together_are_written_together_and_none_is_torn() -> None:
    """Into a socket that keeps each write by itself: what a pipe takes whole is 4,096 bytes."""
    program = (
        "from slackbot import logs; logs.set_up('INFO', queued=True)\n"
        "for number in range(500): logs.event('mention', outcome=f'{number:060}')"
    )
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-c", program]
    with reading, writing, subprocess.Popen(command, cwd=ROOT, stdout=writing.fileno()) as process:  # noqa: S603
        writing.close()
        writes = list(iter(lambda: reading.recv(100_000), b""))
        assert process.wait(10) == 0
    assert all(len(write) <= 4096 and write.endswith(b"\n") for write in writes)
    assert len(writes) < 100
    outcomes = [line.rpartition(b"=")[2] for line in b"".join(writes).splitlines()]
    assert outcomes == [b"%060d" % number for number in range(500)]


def test_a_process_whose_lines_nobody_reads_ends_all_the_same() -> None:
    program = (
        "from slackbot import logs; logs.FLUSH_SECONDS = 0.2; logs.set_up('INFO', queued=True)\n"
        "for number in range(10_000): logs.event('mention', outcome='x' * 60)"
    )
    assert logs.FLUSH_SECONDS <= 1
    started = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.wait(10) == 0
        assert time.monotonic() - started < 3
