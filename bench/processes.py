"""The bot and its peers as processes, as a platform would start them."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from standin.slack import Slack

ROOT = Path(__file__).resolve().parent.parent
OURS = "ours"
HELLO = "hello-world"
PYTHON = "Bolt for Python"
NODE = "Bolt for JavaScript"

PROCFILE: dict[str, str] = yaml.safe_load((ROOT / "Procfile").read_text(encoding="utf-8"))
# As quick as uvicorn gets: with its parser in C, and without lines about each request.
_UVICORN = 'uvicorn bench.peers.hello:api --host 127.0.0.1 --port "$PORT" --http httptools --no-access-log'


@dataclass(frozen=True)
class Program:
    """How one of them is started for either door."""

    http: str
    socket_mode: str


PROGRAMS = {
    OURS: Program(PROCFILE["web"], PROCFILE["worker"]),
    HELLO: Program(_UVICORN, "python -m bench.peers.hello"),
    PYTHON: Program("python -m bench.peers.readme", "python -m bench.peers.readme socket"),
    NODE: Program("node bench/peers/readme.js", "node bench/peers/readme.js socket"),
}
if not (shutil.which("node") and (ROOT / "bench" / "node_modules").is_dir()):
    print("Node is not here: without Bolt for JavaScript.", file=sys.stderr)
    del PROGRAMS[NODE]


@contextmanager
def running(
    command: str, slack: Slack, card: Path, port: int | None = None, metrics_port: int | None = None
) -> Iterator[int]:
    """A program that talks to `slack` and runs from the bot's own environment; its process id."""
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ["PATH"]])
    variables = {
        "PATH": path,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "BENCH_CARD": str(card),
        "NODE_ENV": "production",
    }
    for name, number in (("PORT", port), ("METRICS_PORT", metrics_port)):
        if number:
            variables[name] = str(number)
    log = card.with_name(f"{port}.log")
    with log.open("wb") as written:
        child = subprocess.Popen(f"exec {command}", shell=True, cwd=ROOT, env=variables, stdout=written, stderr=written)
        try:
            yield child.pid
        except Exception:
            print(log.read_text(encoding="utf-8", errors="replace")[-2_000:], file=sys.stderr)
            raise
        finally:
            child.kill()
            child.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def megabytes(pid: int) -> float:
    """The proportional set size of a process and its children."""
    kilobytes = 0
    for each in _tree(pid):
        rows = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return kilobytes / 1024


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            for child in listed.read_text().split():
                yield from _tree(int(child))
