"""The Procfile's lines as processes: what they say and don't say, how they stop, and what they say who break down.

Starting a process takes half a second, so all of them run at the same time, once; the tests look at what came. While
some wait, others have the machine.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from doors import ROOT, SMALL, called, environment, process, ready, send, workspace
from servers import free_port

from standin.payloads import Payload
from standin.slack import ApiError, CutConnection, Fault, Hang, HttpStatus, RateLimited, Slack

CANARY = "Zaphod-Canary-4711"
LEAKS, LAST_WORDS = (f"{sys.executable} {ROOT / 'tests' / name}" for name in ("leaks.py", "last_words.py"))
COMMANDS = 20  # two lines each
METRICS_TOKEN = "0123456789abcdef"  # noqa: S105
ASKER = "U7ASKER"
QUESTION = "<@U0BOT> alpha disease"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
FAULTS: tuple[Fault, ...] = (
    HttpStatus(500),
    CutConnection(),
    ApiError("is_archived"),
    ApiError("invalid_blocks"),
    ApiError("token_revoked"),
)


@dataclass(frozen=True)
class Ended:
    """A process that has ended, what it had printed, and what Slack saw after SIGTERM."""

    status: int | None
    printed: str
    late_answer: bool = False
    late_event: bool = False
    late_command: bool = False
    posted: int = 0
    pages: tuple[str, ...] = ()
    """Its metrics: at their own port, at the HTTP door with the token, and without."""
    complaint: str = ""
    """What went to standard error, where that is looked at by itself."""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """The processes after their lives; they run in a folder with nothing in it."""
    folder = tmp_path_factory.mktemp("elsewhere")

    async def work() -> dict[str, Ended]:
        async with asyncio.timeout(60):
            lives = {
                "web": life_of_web(folder),
                "worker": life_of_worker(folder),
                "early web": early_end("web", folder),
                "early worker": early_end("worker", folder),
                "unread": life_of_unread(folder),
                "mute": life_without_output(tmp_path_factory.mktemp("written")),
                "injected": breakdown(f"{LEAKS} > out 2> err", tmp_path_factory.mktemp("injected")),
                "full": breakdown(f"{LAST_WORDS} > /dev/full 2> err", tmp_path_factory.mktemp("full")),
                "closed": breakdown(f"{LAST_WORDS} >&- 2> err", tmp_path_factory.mktemp("closed")),
                "head": breakdown(f"({LAST_WORDS} 2> err; true) | head -0", tmp_path_factory.mktemp("head")),
                "open": breakdown(f"{LAST_WORDS} > out 2> err", tmp_path_factory.mktemp("open")),
            }
            return dict(zip(lives, await asyncio.gather(*lives.values()), strict=True))

    return asyncio.run(work())


async def early_end(name: str, folder: Path) -> Ended:
    """As a container's first process: what it does not handle is ignored. SIGTERM comes until it ends."""
    async with process(name, folder, "trap '' TERM;") as child:
        ending = asyncio.create_task(output(child))
        while not ending.done():
            await asyncio.sleep(0.02)
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        return Ended(child.returncode, await ending)


async def life_without_output(folder: Path) -> Ended:
    """Standard output is closed, and what the bot needs stands in `.env`."""
    port = free_port()
    async with workspace() as slack:
        variables = environment(slack, PORT=str(port), IVIG_DATA=str(SMALL))
        lines = "".join(f"{name}={value}\n" for name, value in variables.items())
        (folder / ".env").write_text(lines, encoding="utf-8")
        async with process("web", folder, "exec >&-;") as child:
            await ready(f"http://127.0.0.1:{port}")
            child.send_signal(signal.SIGTERM)
            return Ended(await child.wait(), "")


async def life_of_web(folder: Path) -> Ended:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/slack/events"
    watched = {"METRICS_PORT": str(free_port()), "METRICS_TOKEN": METRICS_TOKEN}
    async with (
        workspace() as slack,
        process("web", folder, **environment(slack, PORT=port, IVIG_DATA=str(SMALL), **watched)) as child,
    ):
        await ready(f"http://127.0.0.1:{port}")
        await leave_traces_over_http(slack, url)
        pages = (
            await page(f"http://127.0.0.1:{watched['METRICS_PORT']}/metrics"),
            await page(f"http://127.0.0.1:{port}/metrics", f"Bearer {METRICS_TOKEN}"),
            await page(f"http://127.0.0.1:{port}/metrics", f"Bearer {CANARY}"),
        )
        slack.forget()
        slack.fail("chat.postMessage", RateLimited(1))
        slack.fail("response_url", Hang(1.0))  # acknowledged long before it is done
        await slack.post_http(url, slack.action("ask.entry.alpha-disease", "entry=alpha-disease"))
        late = asyncio.create_task(slack.post_http(url, slack.mention(QUESTION)))
        await called(slack, "chat.postMessage")
        child.send_signal(signal.SIGTERM)
        answered = (await late).ok
        printed = await output(child)
        return Ended(child.returncode, printed, answered, posted=len(slack.messages), pages=pages)


async def life_of_unread(folder: Path) -> Ended:
    """A bot whose log nobody reads, in a pipe that is full."""
    port, pipe = str(free_port()), folder / "log"
    url = f"http://127.0.0.1:{port}/slack/events"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)  # held open at its other end
    with suppress(BlockingIOError):
        while True:
            os.write(reader, bytes(4096))
    async with (
        workspace() as slack,
        process("web", folder, f"> {pipe}", **environment(slack, PORT=port, IVIG_DATA=str(SMALL))) as child,
    ):
        await ready(f"http://127.0.0.1:{port}")
        answers = [(await slack.post_http(url, slack.command("alpha disease"))).ok for _ in range(COMMANDS)]
        child.send_signal(signal.SIGTERM)
        printed = await output(child)
        os.close(reader)
        return Ended(child.returncode, printed, all(answers), posted=len(answers))


async def breakdown(line: str, folder: Path) -> Ended:
    """What it leaves behind in the folder, as `out` and `err`."""
    child = await asyncio.create_subprocess_shell(line, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    status = await child.wait()
    out, err = (path.read_text(encoding="utf-8") if path.exists() else "" for path in (folder / "out", folder / "err"))
    return Ended(status, out, complaint=err)


async def page(url: str, authorization: str = "") -> str:
    """A page of metrics, with its status in front."""
    status, body = await send("GET", url, b"", {"Authorization": authorization} if authorization else {})
    return f"{status} {body}"


async def life_of_worker(folder: Path) -> Ended:
    port = str(free_port())
    async with (
        workspace() as slack,
        process("worker", folder, **environment(slack, METRICS_PORT=port, IVIG_DATA=str(SMALL))) as child,
    ):
        await slack.connected()
        await leave_traces_over_socket(slack)
        pages = (await page(f"http://127.0.0.1:{port}/metrics"), await page(f"http://127.0.0.1:{port}/healthz"))
        slack.forget()
        slack.fail("chat.postMessage", RateLimited(1))
        slack.fail("response_url", Hang(1.0))  # acknowledged long before it is done
        await slack.post_socket(slack.action("ask.entry.alpha-disease", "entry=alpha-disease"))
        late = asyncio.create_task(slack.post_socket(slack.mention(QUESTION)))
        await called(slack, "chat.postMessage")
        child.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        event = await slack.post_socket(slack.mention(QUESTION), timeout=0.2)
        command = await slack.post_socket(slack.command("alpha disease"))
        answered = await late is not None
        printed = await output(child)
        posted = len(slack.messages)
        return Ended(child.returncode, printed, answered, event is not None, command is not None, posted, pages)


async def output(child: asyncio.subprocess.Process) -> str:
    out, err = await child.communicate()
    return (out + err).decode()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_sigterm_lets_it_finish_what_runs(ended: dict[str, Ended], name: str) -> None:
    after = ended[name]
    assert (after.late_answer, after.posted) == (True, 2), "the mention's reply, and what the button brought"
    assert after.status == 0


@pytest.mark.parametrize("name", ["web", "worker"])
def test_sigterm_ends_it_while_it_still_loads(ended: dict[str, Ended], name: str) -> None:
    assert ended[f"early {name}"] == Ended(0, "")


def test_web_starts_with_its_port_in_a_file_and_no_standard_output(ended: dict[str, Ended]) -> None:
    assert ended["mute"].status == 0


def test_a_stopping_worker_leaves_events_to_the_next_and_answers_commands(ended: dict[str, Ended]) -> None:
    # Slack delivers events again, and commands never.
    assert (ended["worker"].late_event, ended["worker"].late_command) == (False, True)


def test_a_log_that_nobody_reads_stops_nothing(ended: dict[str, Ended]) -> None:
    assert (ended["unread"].posted, ended["unread"].late_answer) == (COMMANDS, True), "each has its answer"
    assert ended["unread"].status == 0


def test_metrics_are_served_and_at_the_public_door_only_to_who_may(ended: dict[str, Ended]) -> None:
    assert [each[:4] for each in ended["web"].pages] == ["200 ", "200 ", "404 "]
    assert [each[:4] for each in ended["worker"].pages] == ["200 ", "200 "]
    for name, door in (("web", "http"), ("worker", "socket_mode")):
        for counted in (f'ivig_answers_total{{asked_by="mention",door="{door}"', f'door="{door}",version="'):
            assert counted in ended[name].pages[0]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_nothing_that_was_typed_is_counted(ended: dict[str, Ended], name: str) -> None:
    for private in (CANARY, CANARY.lower(), ASKER):
        assert private not in "".join(ended[name].pages)


@pytest.mark.parametrize("name", ["web", "worker"])
def test_nothing_that_was_typed_is_logged(ended: dict[str, Ended], name: str) -> None:
    printed = ended[name].printed
    for expected in ("command outcome=", "mention event_id=Ev", "delivery=told_asker"):
        assert expected in printed
    slack = Slack()
    secrets = (slack.bot_token, slack.app_token, slack.signing_secret)
    for private in (CANARY, CANARY.lower(), ASKER, "Traceback", *secrets):
        assert private not in printed


def test_no_function_that_breaks_down_shows_what_it_was_given(ended: dict[str, Ended]) -> None:
    out, names = ended["injected"].printed, ended["injected"].complaint
    for name in (
        "Matcher.match", "answer", "check", "post", "call", "Cards.card", "Wish.read", "Writing.read",
        "LookUp.submission", "LookUp.names",
    ):  # fmt: skip
        assert f" {name} " in f" {names} ", "made to break down"
    assert out.count("exception=RuntimeError") > 30, "a quarter goes to an output that works"
    assert CANARY not in out + names
    assert "\n" not in names, "nothing but the names on standard error"


@pytest.mark.parametrize("output", ["full", "closed", "head"])
def test_where_no_line_can_be_written_nothing_is_shown_elsewhere(output: str, ended: dict[str, Ended]) -> None:
    assert (ended[output].printed, ended[output].complaint) == ("", "")


def test_what_nobody_caught_is_a_line_too(ended: dict[str, Ended]) -> None:
    out = ended["open"].printed
    assert {" ".join(line.split()[1:-1]) for line in out.splitlines()} == {
        "WARNING warning=UserWarning",
        "WARNING log outcome=lost",  # the one that can't be made
        "ERROR unraisable exception=RuntimeError",
        "ERROR library=slack_sdk",
        "CRITICAL crash of=thread exception=RuntimeError",
        "CRITICAL crash exception=RuntimeError",
    }
    assert (CANARY in out, ended["open"].complaint) == (False, "")


async def leave_traces_over_http(slack: Slack, url: str) -> None:
    """Put the canary through every path of the door, failures included."""
    for text in (CANARY, f"alpha disease {CANARY}"):
        await slack.post_http(url, slack.command(text, user=ASKER))
        await slack.post_http(url, slack.mention(f"<@U0BOT> {text}", user=ASKER))
    await slack.post_http(url, slack.command(CANARY, command="/other", user=ASKER))
    await slack.post_http(url, slack.action(CANARY, CANARY, user=ASKER))
    await slack.post_http(url, slack.shortcut(CANARY, CANARY, user=ASKER))
    await use_all_that_can_be_pressed(slack, lambda payload: slack.post_http(url, payload))
    for fault in FAULTS[:2]:
        slack.fail("response_url", fault)
        await slack.post_http(url, slack.action("gone", CANARY, user=ASKER))
    for fault in FAULTS:
        slack.fail("chat.postMessage", fault)
        await slack.post_http(url, slack.mention(f"{QUESTION} {CANARY}", user=ASKER))
    misshapen = slack.mention(CANARY, user=ASKER)
    misshapen["event"]["ts"] = [CANARY]
    await slack.post_http(url, misshapen)
    for body in (f'{{"{CANARY}', f'["{CANARY}"]', f'{{"type": "{CANARY}"}}', f"payload={CANARY}"):
        for content_type in (JSON, FORM):
            headers = slack.signed(body.encode(), content_type=content_type)
            await send("POST", url, body.encode(), headers)
    await send("POST", f"{url}/{CANARY}", CANARY.encode(), {"X-Canary": CANARY})
    wrong = {"X-Slack-Signature": CANARY, "X-Slack-Request-Timestamp": CANARY}
    await send("POST", url, CANARY.encode(), wrong)


async def leave_traces_over_socket(slack: Slack) -> None:
    """The same over the websocket, broken frames included."""
    quick = 0.1  # for what is not acknowledged
    for text in (CANARY, f"alpha disease {CANARY}"):
        await slack.post_socket(slack.command(text, user=ASKER))
        await slack.post_socket(slack.mention(f"<@U0BOT> {text}", user=ASKER))
    await slack.post_socket(slack.command(CANARY, command="/other", user=ASKER))
    await slack.post_socket(slack.action(CANARY, CANARY, user=ASKER))
    await use_all_that_can_be_pressed(slack, lambda payload: slack.post_socket(payload, timeout=quick))
    for fault in FAULTS:
        slack.fail("chat.postMessage", fault)
        await slack.post_socket(slack.mention(f"{QUESTION} {CANARY}", user=ASKER), timeout=quick)
    misshapen = slack.mention(CANARY, user=ASKER)
    misshapen["event"]["ts"] = [CANARY]
    await slack.post_socket(misshapen)
    await slack.post_socket({"type": CANARY, "event": CANARY})
    envelope = f'{{"type": "{CANARY}", "envelope_id": 1, "payload": ["{CANARY}"]}}'
    for frame in (CANARY, f'{{"{CANARY}', envelope):
        await slack.send_raw(frame)
    await slack.send_raw(CANARY.encode() + b"\xff")


async def use_all_that_can_be_pressed(slack: Slack, post: Callable[[Payload], Awaitable[object]]) -> None:
    """Put the canary into all that is no command and no mention, with every way to answer failing in turn."""
    for text in (CANARY, f"alpha disease {CANARY}"):
        await post(slack.direct_message(text, user=ASKER))
        await post(slack.shortcut("look_up_message", text, user=ASKER))
    await post(slack.home_opened(user=ASKER))
    home = slack.homes[ASKER]
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage", "views.open", "views.publish"):
        for fault in FAULTS[:2]:
            slack.fail(method, fault)
            if method.startswith("chat"):
                slack.fail("response_url", fault)
            for value in (CANARY, f"entry={CANARY}", "outcome=list"):
                await post(slack.action("share", value, user=ASKER))
                await post(slack.action("ask.list", value, user=ASKER))
                await post(slack.action("ask.menu", value, user=ASKER, kind="static_select", label=CANARY))
                await post(slack.action("ask.list", value, user=ASKER, view=home))
            await post(slack.shortcut("look_up_message", CANARY, user=ASKER))
            await post(slack.home_opened(user=ASKER))
            slack.heal()
    nobody = slack.action("ask.list", CANARY, user=ASKER)
    await post({**nobody, "user": {"id": CANARY}})
    await post({**nobody, "actions": [{"action_id": CANARY, "value": [CANARY]}]})
