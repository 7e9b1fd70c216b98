"""A small dyno without Docker: what a platform would install and start, with a signed request and a SIGTERM.

Not part of `make test`, since it installs into empty environments: `make dyno`.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from doors import ROOT, environment, process, ready, send, workspace
from servers import free_port

from standin.slack import RateLimited

UV = ROOT / ".uv" / "bin" / "uv"
PROMETHEUS = shutil.which("prometheus")
PYTHON = Path(sys.executable).resolve()
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
MEMORY = 512 * 1024**2
BIND_SECONDS = 60.0
KILL_SECONDS = 30.0
QUESTION = "<@U0BOT> kawasaki"


@dataclass(frozen=True)
class Cgroup:
    """Processes whose memory is held together, by version 1 or 2 of Linux's control groups."""

    folder: Path
    version: int

    def hold(self) -> None:
        """Set the limit, swap included where the kernel counts it."""
        limits = {1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), 2: ("memory.max",)}
        for name in limits[self.version]:
            if (self.folder / name).exists():
                (self.folder / name).write_text(str(MEMORY))
        if self.version == 2 and (self.folder / "memory.swap.max").exists():
            (self.folder / "memory.swap.max").write_text("0")

    def peak(self) -> int:
        """The most memory ever held, files in the page cache included."""
        name = {1: "memory.max_usage_in_bytes", 2: "memory.peak"}[self.version]
        return int((self.folder / name).read_text())

    def killed(self) -> int:
        """How many processes the kernel has killed for want of memory."""
        name = {1: "memory.oom_control", 2: "memory.events"}[self.version]
        counts = dict(line.split() for line in (self.folder / name).read_text().splitlines())
        return int(counts["oom_kill"])


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that a push would bring, and nothing else that lies about in the checkout."""
    folder = tmp_path_factory.mktemp("pushed")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def installed(pushed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment as the buildpack makes it: the lock file's ordinary dependencies, no groups."""
    return sync(pushed, tmp_path_factory.mktemp("python") / "env")


@pytest.fixture
def cgroup() -> Iterator[Cgroup | None]:
    """A control group of 512 MB, where this machine lets us make one."""
    for version, root in ((1, Path("/sys/fs/cgroup/memory")), (2, Path("/sys/fs/cgroup"))):
        group = Cgroup(root / f"ivig-dyno-{os.getpid()}", version)
        if not (root / "cgroup.procs").exists():
            continue
        try:
            group.folder.mkdir()
        except OSError:
            continue
        try:
            group.hold()
            (group.folder / "memory.stat").read_text()  # it is missing where memory is not handed down
            yield group
        except OSError:
            yield None
        finally:
            group.folder.rmdir()
        return
    yield None


def sync(project: Path, environment: Path, *arguments: str) -> Path:
    """Do what the buildpack does; returns the environment."""
    run(
        UV, "sync", "--locked", "--no-default-groups", "--quiet", "--python", PYTHON, *arguments,
        folder=project, UV_PROJECT_ENVIRONMENT=str(environment),
    )  # fmt: skip
    return environment


def run(*command: str | Path, folder: Path, **variables: str) -> str:
    """Run a command that must succeed; what it printed."""
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(  # noqa: S603  # our own tools
        command, cwd=folder, env={**kept, **variables}, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_procfile_runs_on_the_locked_runtime_dependencies_alone(
    pushed: Path, installed: Path, cgroup: Cgroup | None
) -> None:
    listed = run(UV, "pip", "list", "--exclude-editable", "--quiet", "--python", installed, folder=pushed)
    assert "slack-bolt" in listed
    assert not [name for name in ("pytest", "mypy", "ruff", "honcho", "hypothesis", "starlette") if name in listed]
    asyncio.run(live(pushed, installed, cgroup))


async def live(pushed: Path, installed: Path, cgroup: Cgroup | None) -> None:
    """Start web and worker as the Procfile says, ask both, stop them in the middle of an answer."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    async with workspace() as slack:
        variables = environment(slack, PORT=str(port), LOG_LEVEL="INFO")
        started = loop.time()
        async with honcho(pushed, installed, cgroup, variables) as child:
            async with asyncio.timeout(BIND_SECONDS):
                await ready(url)
                bound = loop.time() - started
                await slack.connected(timeout=BIND_SECONDS)
            say(f"web is ready and worker connected after {loop.time() - started:.1f} s (web alone: {bound:.1f} s)")

            for _ in range(200):
                reply = await slack.post_http(f"{url}/slack/events", slack.command("kawasaki"))
                assert reply.json()["blocks"][0]["text"]["text"] == "Kawasaki disease"
                ack = await slack.post_socket(slack.command("kawasaki"))
                assert ack is not None
                assert ack.payload is not None
                assert ack.payload["blocks"][0]["text"]["text"] == "Kawasaki disease"
            unsigned, _ = await send("POST", f"{url}/slack/events", b"{}", {})
            assert unsigned == 401
            await asyncio.to_thread(run, "sh", "-c", health_check(), folder=pushed, PORT=str(port))
            say("the image's health check passes")
            say("200 signed requests and as many over the socket are answered, an unsigned one is not")

            slack.forget()
            slack.fail("chat.postMessage", RateLimited(1), times=2)
            over_http = asyncio.create_task(slack.post_http(f"{url}/slack/events", slack.mention(QUESTION)))
            over_socket = asyncio.create_task(slack.post_socket(slack.mention(QUESTION)))
            await slack.until(lambda: sum(call.method == "chat.postMessage" for call in slack.calls) == 2)
            child.send_signal(signal.SIGTERM)
            stopped = loop.time()
            assert (await over_http).ok
            assert await over_socket is not None
            async with asyncio.timeout(KILL_SECONDS):
                printed, _ = await child.communicate()
            assert len(slack.messages) == 2, printed.decode()
            say(f"SIGTERM in the middle of two answers: both posted, all over after {loop.time() - stopped:.1f} s")
            assert b"sending SIGKILL" not in printed, printed.decode()
            assert b"Traceback" not in printed, printed.decode()
    if cgroup is None:
        say("memory was NOT held to 512 MB: this machine lets nobody here make a control group")
    else:
        assert cgroup.killed() == 0
        say(f"memory was held to 512 MB for both together; the most in use was {cgroup.peak() / 1024**2:.0f} MB")


@asynccontextmanager
async def honcho(
    pushed: Path, installed: Path, cgroup: Cgroup | None, variables: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The Procfile's own lines in the files as pushed, with hardly any other variable."""
    command = [sys.executable, "-m", "honcho", "--no-colour", "start", "web", "worker"]
    if cgroup:
        joining = 'echo $$ > "$0" && exec "$@"'
        command = ["sh", "-c", joining, str(cgroup.folder / "cgroup.procs"), *command]
    child = await asyncio.create_subprocess_exec(
        *command,
        cwd=pushed,
        env={"PATH": f"{installed / 'bin'}:{SYSTEM_PATH}", **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
            printed, _ = await child.communicate()
            sys.stderr.write(printed.decode())


def test_the_wheel_works_in_another_folder(pushed: Path, tmp_path: Path) -> None:
    elsewhere, built = tmp_path / "elsewhere", tmp_path / "built"
    elsewhere.mkdir()
    context = copied_into_the_image(pushed, tmp_path / "context")
    run(UV, "build", "--wheel", "--quiet", "--python", PYTHON, "--out-dir", built, folder=context)
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"slackbot/data/ivig.yaml", "slackbot/manifest.yml"} <= set(names)
    assert not [name for name in names if not name.startswith(("slackbot/", "ivig_bot-"))]

    env = sync(pushed, tmp_path / "env", "--no-install-project")
    run(UV, "pip", "install", "--quiet", "--no-deps", "--python", env, wheel, folder=elsewhere)

    def bot(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S603  # what has just been built
            [env / "bin" / "ivig-bot", *arguments],
            cwd=elsewhere, env={"PATH": SYSTEM_PATH}, capture_output=True, text=True, encoding="utf-8", timeout=30,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    status, card = bot("ask", "kawasaki")
    assert (status, card.splitlines()[0]) == (0, "Kawasaki disease")
    assert bot("manifest") == (0, (pushed / "manifest.yml").read_text(encoding="utf-8"))
    assert bot("check")[0] == 0
    status, findings = bot("doctor")
    assert status == 1
    assert "ok       data file: " in findings
    assert "failed   SLACK_BOT_TOKEN: is missing." in findings
    status, line = bot("playground")
    assert (status, line.count("\n"), "make try" in line) == (2, 1, True), line
    say(f"{wheel.name}, {wheel.stat().st_size / 1024:.0f} kB, answers from another folder")


def health_check() -> str:
    """The command that the image's health is checked with."""
    joined = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = (line for line in joined.splitlines() if line.startswith("HEALTHCHECK "))
    return line.partition(" CMD ")[2]


def copied_into_the_image(pushed: Path, context: Path) -> Path:
    """A folder with nothing but what the Dockerfile copies before it builds."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("RUN uv sync")[0].splitlines()
    for name in [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]:
        source, target = pushed / name, context / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    return context


def say(line: str) -> None:
    """Tell whoever runs `make dyno` what was seen."""
    sys.stdout.write(f"dyno: {line}\n")


@pytest.mark.skipif(PROMETHEUS is None, reason="prometheus (Debian's package) is not installed")
def test_a_prometheus_server_reads_both_doors(tmp_path: Path) -> None:
    async def work() -> dict[str, list[tuple[str, str]]]:
        web, at, *metrics = (str(free_port()) for _ in range(4))
        targets = [f"127.0.0.1:{port}" for port in metrics]
        scraped = {"job_name": "ivig-bot", "static_configs": [{"targets": targets}], "scrape_interval": "1s"}
        rules = [str(ROOT / "docs" / "alerts.yml")]
        (tmp_path / "prometheus.json").write_text(json.dumps({"rule_files": rules, "scrape_configs": [scraped]}))
        async with (
            workspace() as slack,
            process("web", tmp_path, **environment(slack, PORT=web, METRICS_PORT=metrics[0])),
            process("worker", tmp_path, **environment(slack, METRICS_PORT=metrics[1])),
            prometheus(tmp_path, at),
        ):
            await slack.connected()
            await ready(f"http://127.0.0.1:{web}")
            assert (await slack.post_http(f"http://127.0.0.1:{web}/slack/events", slack.command("kawasaki"))).ok
            assert await slack.post_socket(slack.command("kawasaki")) is not None
            while len(await query(at, "ivig_answers_total")) < 2:  # noqa: ASYNC110  # a server of its own
                await asyncio.sleep(0.2)
            return {text: await query(at, text) for text in ("up", "ivig_ready", "ivig_answers_total", "ALERTS")}

    samples = asyncio.run(asyncio.wait_for(work(), 60))
    assert [value for _, value in samples["up"]] == ["1", "1"]
    assert [value for _, value in samples["ivig_ready"]] == ["1", "1"]
    assert sorted(samples["ivig_answers_total"]) == [("http", "1"), ("socket_mode", "1")]
    assert samples["ALERTS"] == []


@asynccontextmanager
async def prometheus(folder: Path, port: str) -> AsyncIterator[None]:
    """A Prometheus server that reads prometheus.json of a folder."""
    server = await asyncio.create_subprocess_exec(
        str(PROMETHEUS), f"--config.file={folder / 'prometheus.json'}", f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        server.terminate()
        await server.wait()


async def query(port: str, text: str) -> list[tuple[str, str]]:
    """What Prometheus answers: the door of each sample, where it has one, and its value."""
    try:
        status, body = await send("GET", f"http://127.0.0.1:{port}/api/v1/query?query={text}", b"", {})
    except aiohttp.ClientError:  # it is still starting
        return []
    result = json.loads(body)["data"]["result"] if status == 200 else []
    return [(sample["metric"].get("door", ""), sample["value"][1]) for sample in result]
