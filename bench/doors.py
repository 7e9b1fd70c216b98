"""Through the doors: signed commands over HTTP, envelopes over Socket Mode, the start, and the memory afterwards."""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.core import MILLISECONDS, SHIPPED
from bench.measure import Effort, Line, Rounds, absolute, against, in_turn
from bench.processes import HELLO, NODE, OURS, PROGRAMS, PYTHON, free_port, megabytes, running
from slackbot.content.load import load_content
from slackbot.matching.match import Matcher
from slackbot.slack.command import answer
from standin.slack import Ack, Slack

ASKED = "kawasaki"
WITH_METRICS = "with METRICS_PORT"
GOALS: dict[int, dict[str, float | None]] = {
    1: {HELLO: 1.15, PYTHON: 0.05, NODE: 1.3},
    8: {HELLO: 1.15, PYTHON: 0.05, NODE: None},
}


class _Slack(Slack):
    """The stand-in, less its look at every answer: that would be measured too."""

    def _take_answer(self, command: Any, answer: Any) -> None:
        pass


class Bench:
    """The card everybody answers with, an event loop, and a stand-in for Slack."""

    def __init__(self, runner: asyncio.Runner, folder: Path) -> None:
        self.run = runner.run
        self.card = answer(ASKED, Matcher(load_content(SHIPPED))).payload
        self.card_file = folder / "card.json"
        self.card_file.write_text(json.dumps(self.card))

    def enter_slack(self, leaving: ExitStack) -> _Slack:
        """A fresh workspace, until `leaving`."""
        serving = _Slack.serve()
        slack = self.run(serving.__aenter__())
        leaving.callback(lambda: self.run(serving.__aexit__(None, None, None)))
        return slack


def lines(effort: Effort) -> list[Line]:
    """The table's lines about the doors."""
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:
        bench = Bench(runner, Path(folder))
        return [
            *_http(bench, effort),
            *_mentions(bench, effort),
            *_socket_mode(bench, effort),
            *_start(bench, effort),
            *_memory(bench, effort),
        ]


# Over HTTP.


def _http(bench: Bench, effort: Effort) -> list[Line]:
    found: list[Line] = []
    with ExitStack() as leaving:
        slack = bench.enter_slack(leaving)
        ports = {name: free_port() for name in PROGRAMS}
        for name, program in PROGRAMS.items():
            leaving.enter_context(running(program.http, slack, bench.card_file, ports[name]))
            assert bench.run(_first_answer(slack, ports[name])) == bench.card, name
        for connections, limits in GOALS.items():
            taken = in_turn(
                effort.rounds,
                {
                    name: _turn(bench, partial(_answers, slack, port, connections, effort.seconds))
                    for name, port in ports.items()
                },
            )
            work = f"signed /ivig over HTTP, {connections} connection{'s' if connections > 1 else ''}"
            found += [against(work, "ms", taken, peer, limits[peer]) for peer in taken if peer != OURS]
    return found


def _turn(bench: Bench, answers: Callable[[], Any]) -> Callable[[], float]:
    return lambda: statistics.median(bench.run(answers())) * MILLISECONDS


def _command(slack: Slack) -> bytes:
    """A whole signed request, good for five minutes."""
    return _request(slack, urlencode(slack.command(ASKED)).encode(), "application/x-www-form-urlencoded")


def _request(slack: Slack, body: bytes, content_type: str) -> bytes:
    headers = slack.signed(body, content_type=content_type)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body
    )


async def _answers(slack: Slack, port: int, connections: int, seconds: float) -> list[float]:
    """What each answer took, in seconds, with so many connections that each ask one after the other."""
    request = _command(slack)
    until = time.perf_counter() + seconds
    each = await asyncio.gather(*(_one_connection(port, request, until) for _ in range(connections)))
    return list(chain.from_iterable(each))


async def _one_connection(port: int, request: bytes, until: float) -> list[float]:
    taken: list[float] = []
    connection = None
    while not taken or time.perf_counter() < until:
        started = time.perf_counter()
        reader, writer = connection = connection or await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head, _ = await _read(reader)
        taken.append(time.perf_counter() - started)
        assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")), head
        if head.startswith(b"HTTP/1.0"):  # it closes after each answer, as Slack's own connection would find
            writer.close()
            connection = None
    if connection:
        connection[1].close()
    return taken


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.0"):
        return head, await reader.read()
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    if b"content-length" in fields:
        return head, await reader.readexactly(int(fields[b"content-length"]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return head, body


async def _first_answer(slack: Slack, port: int, patience: float = 20.0) -> Any:
    """Ask until it answers; the answer."""
    async with asyncio.timeout(patience):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.002)
                continue
            writer.write(_command(slack))
            head, body = await _read(reader)
            writer.close()
            if b" 200 " in head:
                return json.loads(body)


# A mention, over HTTP.


def _mentions(bench: Bench, effort: Effort) -> list[Line]:
    turns: dict[str, Callable[[], float]] = {}
    with ExitStack() as leaving:
        for name in (OURS, HELLO):
            slack, port = bench.enter_slack(leaving), free_port()
            slack.add_channel("C1", members={"U1"})
            leaving.enter_context(running(PROGRAMS[name].http, slack, bench.card_file, port))
            bench.run(_first_answer(slack, port))
            turns[name] = _turn(bench, partial(_posts, slack, port, effort.seconds))
        taken = in_turn(effort.rounds, turns)
    return [against("a mention over HTTP: event in to post out", "ms", taken, HELLO, 1.15)]


async def _posts(slack: Slack, port: int, seconds: float) -> list[float]:
    """How long after each event its post was there, in seconds, one after the other."""
    taken: list[float] = []
    until = time.perf_counter() + seconds
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while not taken or time.perf_counter() < until:
        slack.forget()
        event = json.dumps(slack.mention(f"<@{slack.bot_user_id}> {ASKED}")).encode()
        request = _request(slack, event, "application/json")
        started = time.perf_counter()
        writer.write(request)
        await slack.until(lambda: bool(slack.messages))
        taken.append(time.perf_counter() - started)
        head, _ = await _read(reader)
        assert head.startswith(b"HTTP/1.1 200"), head
    writer.close()
    return taken


# Over Socket Mode.


def _socket_mode(bench: Bench, effort: Effort) -> list[Line]:
    found: list[Line] = []
    with ExitStack() as leaving:
        slacks: dict[str, Slack] = {}
        for name, program in PROGRAMS.items():
            slack = slacks[name] = bench.enter_slack(leaving)
            leaving.enter_context(running(program.socket_mode, slack, bench.card_file))
            bench.run(slack.connected(timeout=20))
            ack = bench.run(slack.post_socket(slack.command(ASKED)))
            assert ack == Ack(ack.envelope_id if ack else "", bench.card), name
        for in_flight in (1, 8):
            taken = in_turn(
                effort.rounds,
                {
                    name: _turn(bench, partial(_acknowledgements, slack, in_flight, effort.seconds))
                    for name, slack in slacks.items()
                },
            )
            best = min((name for name in taken if name != OURS), key=lambda name: statistics.median(taken[name]))
            work = f"/ivig over Socket Mode, {in_flight} in flight"
            found += [
                against(work, "ms", taken, peer, 1.15 if peer == best else None) for peer in taken if peer != OURS
            ]
    return found


async def _acknowledgements(slack: Slack, in_flight: int, seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    payload = slack.command(ASKED)

    async def one_after_the_other() -> list[float]:
        taken: list[float] = []
        while not taken or time.perf_counter() < until:
            started = time.perf_counter()
            assert await slack.post_socket(payload)
            taken.append(time.perf_counter() - started)
        return taken

    each = await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
    return list(chain.from_iterable(each))


# Start and memory.


def _start(bench: Bench, effort: Effort) -> list[Line]:
    with ExitStack() as leaving:
        slack = bench.enter_slack(leaving)

        def start(command: str) -> float:
            port, started = free_port(), time.perf_counter()
            with running(command, slack, bench.card_file, port):
                bench.run(_first_answer(slack, port))
                return (time.perf_counter() - started) * MILLISECONDS

        taken = in_turn(effort.rounds, {name: partial(start, each.http) for name, each in PROGRAMS.items()})
    goals = {HELLO: 1.45}
    return [
        against("start: process to first answered request", "ms", taken, peer, goals.get(peer))
        for peer in taken
        if peer != OURS
    ]


def _memory(bench: Bench, effort: Effort) -> list[Line]:
    """One after the other, so that no two of them share their pages; whoever is slow gets 20 seconds of requests."""
    used: Rounds = {}
    with ExitStack() as leaving:
        slack = bench.enter_slack(leaving)
        contestants = {name: (program.http, None) for name, program in PROGRAMS.items()}
        for name, (command, metrics_port) in {**contestants, WITH_METRICS: (PROGRAMS[OURS].http, free_port())}.items():
            port = free_port()
            with running(command, slack, bench.card_file, port, metrics_port) as pid:
                bench.run(_first_answer(slack, port))
                answered, until = 0, time.monotonic() + 20
                while answered < effort.requests and time.monotonic() < until:
                    answered += len(bench.run(_answers(slack, port, 8, effort.seconds)))
                used[name] = [megabytes(pid)]
    work, [with_metrics] = f"memory after {effort.requests:,} requests (PSS)", used.pop(WITH_METRICS)
    return [
        absolute(work, "MB", used[OURS][0], "52 MB", 52),
        absolute(f"… {WITH_METRICS}", "MB", with_metrics, "56 MB", 56),
        *(against(work, "MB", used, peer, {NODE: 0.5}.get(peer)) for peer in used if peer != OURS),
    ]
