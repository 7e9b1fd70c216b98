"""Attacks on the HTTP door from outside, one after the other, while mentions are asked: `python tests/attacks.py`.

Whoever attacks has no signature and a process of its own; the bot runs as the Procfile says, with 1,024 files at
most, as on many a platform. Held against every attack: each mention is answered within Slack's three seconds,
`/healthz` too, memory stays under 128 MB, the log nearly silent, and SIGTERM ends it while the attack lasts.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from attacker import ATTACKS, Attack
from doors import ROOT, environment, is_ready, ready, workspace
from servers import free_port

from standin.slack import Slack

MEGABYTES = 128
STOP_SECONDS = 6.0
LOG_BYTES = 20_000
FILES = 1024
SHORT = (
    "endless trailers, one connection",
    "bodies of 1 MiB less a byte, 400 at once",
    "answered, then a stray line end",
    "never reads",
)
ATTACKER = ROOT / "tests" / "attacker.py"


@dataclass(frozen=True)
class Command:
    """How a bot is started, and where."""

    line: str
    folder: Path
    path: str


@dataclass
class Result:
    """What one attack did to the bot."""

    name: str
    asked: int = 0
    answered: int = 0
    checks: int = 0
    healthy: int = 0
    slowest: float = 0.0
    megabytes: float = 0.0
    logged: int = 0
    stopped: float = 0.0
    longest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.name:43} {self.answered:2}/{self.asked} mentions, {self.healthy}/{self.checks} healthy, "
            f"slowest {self.slowest:.1f} s, {self.megabytes:3.0f} MB, {self.logged / 1000:.1f} kB of log, "
            f"stopped in {self.stopped:.1f} s, longest {self.longest:.1f} s: {', '.join(self.faults) or 'holds'}"
        )

    def judge(self, plan: Attack, seconds: float) -> None:
        """Fill `faults`."""
        wrong = {
            "mentions unanswered": self.answered < self.asked,
            "unhealthy": self.healthy < self.checks,
            "memory": self.megabytes > MEGABYTES,
            "log": self.logged > LOG_BYTES,
            "slow to stop": self.stopped > STOP_SECONDS,
            # Who asks on and on is answered, until answers no longer fit between the two.
            "held for ever": plan.reads and seconds > 25 and self.longest > 24,
        }
        self.faults = [fault for fault, holds in wrong.items() if holds]


def tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in listed.read_text().split():
                yield from tree(int(child))


def peak(pid: int) -> float:
    """The most memory that a process and those below it ever held, in MB."""
    total = 0
    for each in tree(pid):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{each}/status").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return total / 1024


@contextmanager
def bot(command: str, folder: Path, variables: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The bot as a process, with few files to open."""
    with log.open("wb") as written:
        child = subprocess.Popen(  # noqa: S602  # the Procfile's line, or another server's
            f"ulimit -n {FILES}; exec {command}", shell=True, cwd=folder, env=variables, stdout=written, stderr=written
        )
        try:
            yield child
        finally:
            for each in tree(child.pid):
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            child.wait()


async def under(plan: Attack, seconds: float, command: Command) -> Result:
    """Start the bot, attack it, ask it, stop it."""
    result, port = Result(plan.name), free_port()
    async with workspace() as slack:
        with tempfile.TemporaryDirectory() as scratch:
            log = Path(scratch) / "log"
            variables = {"PATH": command.path, **environment(slack, PORT=str(port), LOG_LEVEL="WARNING")}
            with bot(command.line, command.folder, variables, log) as child:
                async with asyncio.timeout(20):
                    await ready(f"http://127.0.0.1:{port}")
                quiet = log.stat().st_size
                attacker = await asyncio.create_subprocess_exec(
                    sys.executable, ATTACKER, plan.name, str(port), stdout=subprocess.PIPE
                )
                assert attacker.stdout is not None
                await attacker.stdout.readline()  # it is ready
                await asyncio.gather(mentions(slack, port, seconds, result), checks(port, seconds, result))
                result.megabytes = peak(child.pid)
                result.logged = log.stat().st_size - quiet
                child.terminate()
                started = time.monotonic()
                with suppress(subprocess.TimeoutExpired):
                    await asyncio.to_thread(child.wait, 28)
                result.stopped = time.monotonic() - started
                attacker.terminate()
                printed, _ = await attacker.communicate()
                result.longest = float(printed)
    result.judge(plan, seconds)
    return result


async def mentions(slack: Slack, port: int, seconds: float, result: Result) -> None:
    """Ask twenty times over the time."""
    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(ask(slack, port, result))
            await asyncio.sleep((seconds - 3) / 20)


async def ask(slack: Slack, port: int, result: Result) -> None:
    """One signed mention, delivered once."""
    started = time.monotonic()
    reply = await slack.post_http(f"http://127.0.0.1:{port}/slack/events", slack.mention("<@U0BOT> kawasaki"))
    result.asked += 1
    result.answered += reply.ok
    result.slowest = max(result.slowest, time.monotonic() - started)


async def checks(port: int, seconds: float, result: Result) -> None:
    """Look at the health once a second."""
    for _ in range(int(seconds - 3)):
        result.checks += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                result.healthy += await is_ready(f"http://127.0.0.1:{port}")
        await asyncio.sleep(1)


def command_of(options: argparse.Namespace) -> Command:
    """What is to be attacked."""
    folder = options.checkout.resolve()
    programs = Path(options.bin or folder / ".venv" / "bin").resolve()
    line = options.command or yaml.safe_load((folder / "Procfile").read_text(encoding="utf-8"))["web"]
    return Command(line, folder, os.pathsep.join([str(programs), os.environ["PATH"]]))


async def main(options: argparse.Namespace, command: Command) -> int:
    """Attack, and tell; 0 when all held."""
    results = []
    for plan in ATTACKS:
        if options.only in plan.name and (plan.name in SHORT or not options.short):
            result = await under(plan, 5 if options.short else options.seconds, command)
            results.append(result)
            print(result, flush=True)
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each lasts")
    parser.add_argument("--short", action="store_true", help="only what brought version 0.1 down soonest")
    parser.add_argument("--only", default="", help="a part of a name")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose Procfile to run")
    parser.add_argument("--command", help="another command than its web line")
    parser.add_argument("--bin", help="where its programs are, unless in the checkout's .venv")
    chosen = parser.parse_args()
    sys.exit(asyncio.run(main(chosen, command_of(chosen))))
