"""Faults where they really happen, and what became of every question: `make faults`.

The bot runs as its own processes against the stand-in for Slack and a real Redis; mentions and commands go
in while posts fail, sockets die, processes are killed and Redis is away. Prints a table, writes it into
docs/reliability.md unless `--short`, and exits non-zero when anything is lost, doubled without need, deaf for
too long, leaked, or when memory grows.
"""

import argparse
import asyncio
import io
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import clock
import yaml
from bare_bot import BareBot, bare_bot
from doors import ROOT, Json, environment, ready, send
from hospital import hospital
from hypothesis import HealthCheck, given, settings
from redis.asyncio import Redis
from servers import REDIS, free_port, redis_server
from shapes import bent, every_kind
from slow_line import slow_line

from slackbot import logs
from standin.slack import (
    ApiError,
    CutConnection,
    Fault,
    Hang,
    HttpReply,
    HttpStatus,
    LostReply,
    RateLimited,
    Says,
    Slack,
    Slow,
)

CANARY = "Zaphod-Canary-4711"
ASKER = "U7ASKER"
LEASE_OVER = 46.0  # Slack delivers again at once, after 1 and 5 minutes; a lease of 45 s fits into either
REDELIVERED_AFTER = (0.0, 5.0, 5.0)  # where leases die with their process
DEAF_MOST = 5.0
RSS_GROWTH_MOST = 2.0
FAULTS: tuple[Fault, ...] = (
    HttpStatus(500),
    HttpStatus(503),
    ApiError("internal_error"),
    ApiError("ratelimited"),
    RateLimited(1),
    RateLimited(30),
    ApiError("token_revoked"),
    ApiError("some_error_of_tomorrow"),
    CutConnection(),
    Hang(2.5),
    LostReply(),
)
SLOW: tuple[Fault, ...] = tuple(Slow(seconds) for seconds in (2.1, 3.0, 5.0, 10.0, 25.0))


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    faulty_posts: int
    edits: int
    mentions: int
    alone: int
    rate: int
    restarts_every: float
    kills: int
    socket_times: int
    away_seconds: float
    shapes: int
    commands: int
    redis_mentions: int
    line_seconds: float
    lines: tuple[float, ...]
    """Seconds one way."""


SHORT = Size(500, 100, 200, 150, 25, 2.5, 1, 1, 3.0, 300, 5_000, 60, 8.0, (0.55,))
FULL = Size(2_500, 1_000, 2_000, 1_500, 40, 5.0, 100, 2, 45.0, 5_000, 200_000, 300, 45.0, (0.25, 0.55, 1.0, 2.0))


@dataclass
class Row:
    """One line of the table. `may_double`: nobody can tell whether the post was made, so it may come twice."""

    fault: str
    times: int = 0
    lost: int = 0
    doubled: int = 0
    deaf: float | None = None
    deaf_most: float = DEAF_MOST
    may_double: bool = False
    before: str = ""
    """What version 0.1 did, when it was attacked so."""

    @property
    def right(self) -> bool:
        """Whether it is as it must be."""
        return not self.lost and (self.may_double or not self.doubled) and (self.deaf or 0) <= self.deaf_most


class Told(Slack):
    """The stand-in, told by message which faults its posts meet."""

    due: defaultdict[str, deque[Fault]]

    def next_fault(self, method: str) -> Fault | None:
        """See Slack."""
        if method not in ("chat.postMessage", "chat.update"):
            return super().next_fault(method)
        called = self.calls[-1].arguments
        waiting = self.due.get(str(called.get("ts") or called.get("thread_ts")))
        return waiting.popleft() if waiting else None


@asynccontextmanager
async def told() -> AsyncIterator[Told]:
    """A workspace with a channel."""
    async with Told.serve() as slack:
        slack.due = defaultdict(deque)
        slack.add_channel("C1", members={"U1", ASKER})
        yield slack


@dataclass
class Bot:
    """One of the Procfile's processes, started again whenever it is killed; all it prints is searched."""

    name: str
    variables: dict[str, str]
    folder: Path
    port: int = 0
    leaks: set[str] = field(default_factory=set)
    printed: int = 0
    routed: bool = False
    child: asyncio.subprocess.Process | None = None
    reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where Slack would send to."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self) -> None:
        """Start the process; over HTTP, wait until it is ready."""
        lines: dict[str, str] = yaml.safe_load((ROOT / "Procfile").read_text())
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.child = await asyncio.create_subprocess_shell(
            f"exec {lines[self.name]}",
            cwd=self.folder,
            env={"PATH": path, **({"PORT": str(self.port)} if self.port else {}), **self.variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.reading = asyncio.create_task(self._read(self.child))

    async def ready(self) -> None:
        """Wait until the health check says so."""
        async with asyncio.timeout(20):
            await ready(f"http://127.0.0.1:{self.port}")
        self.routed = True

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process; its status."""
        assert self.child is not None
        assert self.reading is not None
        self.routed = False
        with suppress(ProcessLookupError):
            self.child.send_signal(number)
        await self.reading
        return await self.child.wait()

    async def hold_up(self, seconds: float) -> None:
        """Let the process do nothing at all for a while."""
        assert self.child is not None
        self.child.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self.child.send_signal(signal.SIGCONT)

    def rss(self) -> float:
        """Resident memory in MB."""
        assert self.child is not None
        return int(Path(f"/proc/{self.child.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        assert self.child is not None
        fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def _read(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        tail = b""
        while chunk := await child.stdout.read(1 << 16):
            self.printed += len(chunk)
            self.leaks |= leaks_in((tail + chunk).decode(errors="replace"))
            tail = chunk[-100:]


def leaks_in(text: str) -> set[str]:
    """What nobody may ever read, of what stands there."""
    private = (
        CANARY,
        CANARY.lower(),
        ASKER,
        "xoxb-stand-in",
        "xapp-stand-in",
        "stand-in-signing",
        "s3cret",
        "Traceback (most",
    )
    return {each for each in private if each in text}


# Run by the bot's Python as it starts: the name of this Redis is never answered, and localhost is a name too.
HANGING_NAME = """
import socket, time
known = socket.getaddrinfo
def look_up(host, *rest, **options):
    if host == "redis.hangs":
        time.sleep(30)
    return known(host, *rest, **options)
socket.getaddrinfo = look_up
"""


@asynccontextmanager
async def bots(slack: Slack, count: int, name: str = "web", **variables: str) -> AsyncIterator[list[Bot]]:
    """So many processes of one kind, ended with the block."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            Bot(name, environment(slack, **variables), Path(folder), free_port() if name == "web" else 0)
            for _ in range(count)
        ]
        try:
            for each in made:
                await each.start()
                if name == "web":
                    await each.ready()
            yield made
        finally:
            for each in made:
                if each.child and each.child.returncode is None:
                    await each.stop()
            LEAKS.update(leak for each in made for leak in each.leaks)
            PRINTED.append(sum(each.printed for each in made))


LEAKS: set[str] = set()
ODD: list[str] = []
PRINTED: list[int] = []


# Mentions through failing posts, killed processes and several deliveries at once.


@dataclass(eq=False)
class Mention:
    """A question, the faults its posts meet, how often it is delivered at once, and whether a kill met it."""

    payload: Json
    faults: tuple[Fault, ...]
    copies: int
    crashed: bool = False
    replies: list[HttpReply] = field(default_factory=list)
    takers: set[asyncio.subprocess.Process | None] = field(default_factory=set)
    """The processes that took a delivery of it."""

    @property
    def ts(self) -> str:
        """What the reply's thread is called."""
        return str(self.payload["event"]["ts"])


@dataclass
class Deliveries:
    """Slack's side of the run: what is asked, and what is under way at this moment."""

    slack: Told
    bots: list[Bot]
    size: Size
    dice: random.Random = field(default_factory=lambda: random.Random(4711))
    asked: list[Mention] = field(default_factory=list)
    flying: Counter[Mention] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, count: int, failing_posts: tuple[int, ...]) -> None:
        """Ask at a steady rate; ends when Slack is done with every mention. `failing_posts` is how many it may meet."""
        async with asyncio.TaskGroup() as group:
            stopping = asyncio.create_task(self._stop_them())
            for _ in range(count):
                faults = tuple(self.dice.choices(FAULTS, k=self.dice.choice(failing_posts)))
                payload = self.slack.mention(f"<@U0BOT> ivig for kawasaki? {CANARY}", user=ASKER)
                mention = Mention(payload, faults, self.dice.choice((1, 1, 1, 2, 4)))
                self.slack.due[mention.ts].extend(faults)
                self.asked.append(mention)
                for _ in range(mention.copies):
                    group.create_task(self.deliver(mention))
                await asyncio.sleep(1 / self.size.rate)
            self.over.set()
            await stopping

    async def deliver(self, mention: Mention) -> None:
        """Deliver until it is taken, as Slack does: four times at most."""
        last: HttpReply | None = None
        for number, pause in enumerate((0.0, *REDELIVERED_AFTER)):
            await asyncio.sleep(LEASE_OVER if pause and len(self.bots) > 1 else pause)
            retry = (number, last.failure or "http_error") if last else None
            self.flying[mention] += 1
            while number > 1 and not any(each.routed for each in self.bots):  # noqa: ASYNC110  # a minute is longer
                await asyncio.sleep(0.1)
            # A platform's router knows who is up; while nobody is, nothing can be delivered.
            bot = self.dice.choice([each for each in self.bots if each.routed] or self.bots)
            last = await self.slack.post_http(bot.url, mention.payload, retry=retry)
            mention.replies.append(last)
            self.flying[mention] -= 1
            if last.ok:
                mention.takers.add(bot.child)
                return

    async def _stop_them(self) -> None:
        """Ask a process to stop, hold one up for longer than Slack waits, kill one; and start it again."""
        for turn in range(10_000):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.over.wait(), self.size.restarts_every)
                return
            bot = self.bots[turn % len(self.bots)]
            number = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)[turn % 3]
            if number is signal.SIGKILL and self.stops[number.name] >= self.size.kills:
                continue
            self.stops[number.name] += 1
            if number is signal.SIGSTOP:
                await bot.hold_up(3.5)
                continue
            if number is signal.SIGKILL:  # it costs a mention this delivery and the next, until the lease lapses
                for each in [mention for mention, count in self.flying.items() if count]:
                    # Two deliveries of four remain: one failing post at most, and none where there is no time for it.
                    left = 0 if each.crashed or self.size.kills == 1 else 1
                    each.crashed = True
                    self.slack.due[each.ts] = deque(list(self.slack.due[each.ts])[:left])
            await bot.stop(number)
            await bot.start()
            await bot.ready()


async def mentions_through_faults(size: Size) -> list[Row]:
    """Two HTTP processes that share a Redis; one or the other is killed, held up, or asked to stop, all the time."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as port:
        async with told() as slack, bots(slack, 2, REDIS_URL=f"redis://127.0.0.1:{port}/0") as pair:
            deliveries = Deliveries(slack, pair, size)
            await deliveries.ask(size.mentions, (0, 0, 1, 1, 1, 2))
            LEAKS.update(await _leaks_in_redis(port))
            LEAKS.update(leaks_in(json.dumps([[each.text, each.blocks] for each in slack.messages])))
            return _count(slack, deliveries, "two processes: ")


async def mentions_to_one_process(size: Size) -> list[Row]:
    """One HTTP process without Redis, killed, held up, or asked to stop, all the time."""
    async with told() as slack, bots(slack, 1) as alone:
        deliveries = Deliveries(slack, alone, size)
        await deliveries.ask(size.alone, (0,))
        rows = _count(slack, deliveries, "one process: ")
        rows[1].before = "380 of 1,351 doubled after a stop and a restart"
        return rows


def mentions_at_slacks_pauses(size: Size) -> list[Row]:
    """The app alone on a held clock: failing and slow posts, redelivered at once, after 1 and after 5 minutes."""
    dice = random.Random(4711)
    asked: list[Mention] = []

    async def work() -> list[Row]:
        async with told() as slack, bare_bot(slack) as bot:
            async with asyncio.TaskGroup() as group:
                for _ in range(size.faulty_posts):
                    faults = tuple(dice.choices(FAULTS + SLOW, k=dice.choice((0, 1, 1, 2, 3))))
                    mention = Mention(slack.mention(f"<@U0BOT> ivig for kawasaki? {CANARY}", user=ASKER), faults, 1)
                    slack.due[mention.ts].extend(faults)
                    asked.append(mention)
                    group.create_task(bot.deliver(mention.payload))
                    await asyncio.sleep(0.5)
            await bot.running.drain()
            slow = {repr(fault): "every mention got four cards" for fault in SLOW}
            return _rows(slack, asked, slow | {"ApiError(error='token_revoked')": "250 of 250 lost"})

    printed = io.StringIO()
    with redirect_stdout(printed):
        logs.set_up("INFO")
        rows = clock.run(work())
    PRINTED.append(len(printed.getvalue()))
    LEAKS.update(leaks_in(printed.getvalue()))
    return rows


def edits_at_slacks_pauses(size: Size) -> list[Row]:
    """The app alone on a held clock: a misspelt mention is answered by a line, mended, and the line's update fails."""
    dice = random.Random(4711)
    row = Row("a mended mention whose line can't be replaced at once", before="every edit unanswered")

    async def mend(bot: BareBot, slack: Told) -> None:
        mention = slack.mention(f"<@U0BOT> {CANARY}", user=ASKER)
        edits = [slack.edited(mention, f"<@U0BOT> {text} {CANARY}") for text in ("qwzx", "ivig for kawasaki?")]
        await bot.deliver(mention)
        thread = mention["event"]["ts"]
        [line] = [each.ts for each in slack.messages if each.thread_ts == thread and each.via == "chat.postMessage"]
        slack.due[line].extend(dice.choices(FAULTS + SLOW, k=dice.choice((0, 1, 1, 2))))
        await asyncio.gather(*(bot.deliver(edit) for edit in (*edits, edits[1])))
        await bot.running.drain()
        texts = [each.text for each in slack.messages if each.thread_ts == thread and each.via == "chat.postMessage"]
        row.times += 1
        row.lost += not any(text.startswith("Kawasaki disease") for text in texts)
        row.doubled += len(texts) > 1

    async def work() -> None:
        async with told() as slack, bare_bot(slack) as bot, asyncio.TaskGroup() as group:
            for _ in range(size.edits):
                group.create_task(mend(bot, slack))
                await asyncio.sleep(0.5)

    printed = io.StringIO()
    with redirect_stdout(printed):
        logs.set_up("INFO")
        clock.run(work())
    PRINTED.append(len(printed.getvalue()))
    LEAKS.update(leaks_in(printed.getvalue()))
    return [row]


def _rows(slack: Slack, asked: list[Mention], before: dict[str, str]) -> list[Row]:
    """A line for each fault; where a reply was lost nobody knows whether the post was made."""
    replies = _replies(slack)
    rows = {
        repr(fault): Row(
            f"post at Slack's pauses: {fault!r}",
            may_double=isinstance(fault, LostReply),
            before=before.get(repr(fault), ""),
        )
        for fault in FAULTS + SLOW
    }
    for mention in asked:
        lost_reply = [fault for fault in mention.faults if isinstance(fault, LostReply)]
        for fault in set(lost_reply or mention.faults):
            row = rows[repr(fault)]
            row.times += 1
            row.lost += replies[mention.ts] == 0
            row.doubled += replies[mention.ts] > 1
    return list(rows.values())


def _count(slack: Slack, deliveries: Deliveries, where: str) -> list[Row]:
    """A mention counts where the gravest thing that happened to it stands."""
    replies, stops = _replies(slack), deliveries.stops
    rows = {
        "calm": Row(f"{where}nothing, or failing posts"),
        "copies": Row(f"{where}delivered 2 or 4 times at once"),
        "lost reply": Row(f"{where}post accepted, reply lost", may_double=True),
        "unanswered": Row(f"{where}answered too late (held up), perhaps by a process that then ended", may_double=True),
        "restart": Row(f"{where}delivered before a restart and again after it", may_double=True),
        "crash": Row(
            f"{where}under way at one of {stops['SIGKILL']} kill -9, between post and answer too", may_double=True
        ),
        "stop": Row(
            f"{where}SIGTERM ({stops['SIGTERM']}) and SIGSTOP for 3.5 s ({stops['SIGSTOP']}) with work in hand",
            times=stops["SIGTERM"] + stops["SIGSTOP"],
        ),
    }
    for mention in deliveries.asked:
        name = "copies" if mention.copies > 1 else "calm"
        if any(isinstance(fault, LostReply) for fault in mention.faults):
            name = "lost reply"
        if len(deliveries.bots) == 1 and any(reply.failure == "http_timeout" for reply in mention.replies):
            name = "unanswered"
        if len(deliveries.bots) == 1 and len(mention.takers) > 1:  # what it remembered has ended with the process
            name = "restart"
        if mention.crashed:
            name = "crash"
        row = rows[name]
        row.times += 1
        row.lost += replies[mention.ts] == 0
        row.doubled += replies[mention.ts] > 1
        if replies[mention.ts] != 1 and not row.may_double:
            ODD.append(
                f"{where}{name}: {replies[mention.ts]} cards: {mention.faults} {[r.status for r in mention.replies]}"
            )
    return [row for row in rows.values() if row.times]


def _replies(slack: Slack) -> Counter[str | None]:
    """How many cards stand in each thread; what the asker alone is offered beside them is no card."""
    return Counter(each.thread_ts for each in slack.messages if each.via == "chat.postMessage")


async def _leaks_in_redis(port: int) -> set[str]:
    async with Redis(port=port, decode_responses=True) as redis:
        names = [str(name) for name in await redis.keys()]
        held = [*names, *[str(await redis.get(name)) for name in names]]
        odd = [each for each in held if not re.fullmatch(r"ivig:[0-9a-f]+(:line)?|pending|done|[0-9]+\.[0-9]+|", each)]
        return leaks_in("\n".join(held)) | set(odd)


async def redis_away(size: Size) -> list[Row]:
    """Redis is killed in the middle, stays away, and comes back; every mention goes to both processes."""
    port = free_port()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = await stack.enter_async_context(told())
        pair = await stack.enter_async_context(bots(slack, 2, REDIS_URL=f"redis://127.0.0.1:{port}/0"))
        again = Deliveries(slack, pair, size)
        slowest = 0.0

        async def ask(count: int) -> list[str]:
            nonlocal slowest
            asked = [slack.mention(f"ivig for kawasaki? {CANARY}", user=ASKER) for _ in range(count)]
            for each in asked:
                started = time.monotonic()
                replies = await asyncio.gather(*(slack.post_http(bot.url, each) for bot in pair))
                slowest = max(slowest, time.monotonic() - started)
                if not any(reply.ok for reply in replies):
                    await again.deliver(Mention(each, (), 1))
            return [str(each["event"]["ts"]) for each in asked]

        def row(fault: str, asked: list[str], **more: Any) -> Row:
            replies = _replies(slack)
            return Row(
                fault, len(asked), sum(not replies[ts] for ts in asked), sum(replies[ts] > 1 for ts in asked), **more
            )

        with redis_server(folder, port=port):
            before = await ask(size.redis_mentions)
        away = await ask(size.redis_mentions)
        with redis_server(folder, port=port):
            after = await ask(size.redis_mentions)
            slowest, worst_away = 0.0, slowest
            async with Redis(port=port) as redis:
                await redis.execute_command("CLIENT", "PAUSE", "60000", "ALL")  # type: ignore[no-untyped-call]
                slow = await ask(3)
                slowest, worst_silent = 0.0, slowest
                silent = await ask(20)
        return [
            row("Redis there, each mention to both processes at once", before),
            row("Redis away, each mention to both at once", away, may_double=True, deaf=worst_away, deaf_most=3.0),
            row("Redis back", after),
            row("Redis silent, each mention to both at once", slow, may_double=True, deaf=worst_silent, deaf_most=3.0),
            row(
                "Redis silent for longer",
                silent,
                may_double=True,
                deaf=slowest,
                deaf_most=0.5,
                before="1 s more for every mention",
            ),
        ]


async def redis_takes_nothing(size: Size) -> list[Row]:
    """A Redis that is there and takes no lease: a replica that is read-only, one whose memory is full; then it does."""
    async with AsyncExitStack() as stack:
        port = stack.enter_context(redis_server(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        slack = await stack.enter_async_context(told())
        pair = await stack.enter_async_context(bots(slack, 2, REDIS_URL=f"redis://127.0.0.1:{port}/0"))
        redis = await stack.enter_async_context(Redis(port=port))

        async def ask(fault: str, *commands: str, **more: Any) -> Row:
            for command in commands:
                await redis.execute_command(*command.split())  # type: ignore[no-untyped-call]
            row = Row(fault, size.redis_mentions, deaf=0.0, deaf_most=3.0, **more)
            asked = [slack.mention(f"ivig for kawasaki? {CANARY}", user=ASKER) for _ in range(row.times)]
            for each in asked:
                started = time.monotonic()
                await asyncio.gather(*(slack.post_http(bot.url, each) for bot in pair))
                row.deaf = max(row.deaf or 0.0, time.monotonic() - started)
            replies = [_replies(slack)[str(each["event"]["ts"])] for each in asked]
            row.lost, row.doubled = replies.count(0), sum(count > 1 for count in replies)
            return row

        read_only, full = f"REPLICAOF 127.0.0.1 {free_port()}", "CONFIG SET maxmemory 1"
        return [
            await ask("Redis a read-only replica, each mention to both at once", read_only, may_double=True),
            await ask("Redis out of memory, each mention to both at once", "REPLICAOF NO ONE", full, may_double=True),
            await ask("Redis takes leases again, each mention to both at once", "CONFIG SET maxmemory 0"),
        ]


async def redis_name_hangs(size: Size) -> list[Row]:
    """The name server of Redis says nothing: two processes are asked as ever."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sitecustomize.py").write_text(HANGING_NAME)
        variables = {"REDIS_URL": "redis://redis.hangs:6379/0", "PYTHONPATH": folder}
        async with told() as slack, AsyncExitStack() as stack:
            variables["SLACK_API_URL"] = slack.api_url.replace("127.0.0.1", "localhost")  # a name to look up, too
            pair = await stack.enter_async_context(bots(slack, 2, **variables))
            slowest = 0.0
            asked = [slack.mention(f"ivig for kawasaki? {CANARY}", user=ASKER) for _ in range(60)]
            for number, each in enumerate(asked):
                started = time.monotonic()
                await Deliveries(slack, [pair[number % 2]], size).deliver(Mention(each, (), 1))
                slowest = max(slowest, time.monotonic() - started)
            replies = _replies(slack)
            lost = sum(not replies[str(each["event"]["ts"])] for each in asked)
            before = "22 and 28 of 60 lost"
            return [Row("Redis' name server hangs", 60, lost, deaf=slowest, deaf_most=3.0, before=before)]


async def redis_url_odd() -> list[Row]:
    """Options that the client does not take: the process must not start."""
    async with told() as slack:
        options = ("ssl_cert_reqs=none", "family=0", "tls=true")
        return list(await asyncio.gather(*(_started_with(slack, option) for option in options)))


async def _started_with(slack: Slack, option: str) -> Row:
    row = Row(f"REDIS_URL with ?{option}: it does not start", 1, before="every mention lost, /healthz ready")
    with tempfile.TemporaryDirectory() as folder:
        variables = environment(slack, REDIS_URL=f"redis://127.0.0.1:1/0?{option}")
        bot = Bot("web", variables, Path(folder), free_port())
        await bot.start()
        assert bot.child is not None
        assert bot.reading is not None
        async with asyncio.timeout(60):
            row.lost = await bot.child.wait() == 0
            await bot.reading
        LEAKS.update(bot.leaks)
    return row


# A hospital's proxy.


async def behind_a_proxy(size: Size) -> list[Row]:
    """The worker behind a proxy with a password and a certificate of its own, which cuts and is out of order."""
    seconds = size.away_seconds / 3
    cut, out = Row("proxy: cuts every connection", deaf=0.0), Row(f"proxy: out of order for {seconds:.0f} s", deaf=0.0)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(told())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        around = await stack.enter_async_context(hospital(slack, folder))
        way = {"SLACK_API_URL": around.api_url, "HTTPS_PROXY": around.proxy, "SSL_CERT_FILE": str(around.certificates)}
        await stack.enter_async_context(bots(slack, 1, "worker", **way))
        await slack.connected(timeout=20)
        asked: list[tuple[str, str]] = []
        current, over = [cut.fault], asyncio.Event()
        asking = asyncio.create_task(_keep_asking(slack, asked, current, over))
        for _ in range(size.socket_times):
            await asyncio.sleep(2)
            around.cut()
            cut.deaf = max(cut.deaf or 0.0, await _deaf(slack))
        current[0] = out.fault
        around.out_of_order = True
        around.cut()
        await asyncio.sleep(seconds)
        around.out_of_order = False
        out.deaf = await _deaf(slack)
        over.set()
        await asking
    replies = _replies(slack)
    for row in (cut, out):
        mine = [ts for fault, ts in asked if fault == row.fault]
        row.times, row.lost = len(mine), sum(not replies[ts] for ts in mine)
        row.doubled, row.may_double = sum(replies[ts] > 1 for ts in mine), True  # the reply to a post may be cut off
    return [cut, out]


# Socket Mode: how long it is deaf.


async def socket_faults(size: Size) -> list[Row]:  # noqa: C901, PLR0915  # each fault and how it is made, in the order of the table
    """Break the connection in every way while mentions keep coming."""
    async with told() as slack, bots(slack, 1, "worker") as [bot]:
        await slack.connected(timeout=20)
        asked: list[tuple[str, str]] = []
        current = ["none"]
        over = asyncio.Event()
        asking = asyncio.create_task(_keep_asking(slack, asked, current, over))
        rows = []

        async def break_by(fault: str, act: Callable[[], Any], times: int, most: float = DEAF_MOST) -> None:
            row = Row(f"socket: {fault}", times, deaf=0.0, deaf_most=most)
            for _ in range(times):
                await asyncio.sleep(2.2 + 1.5 * random.random())  # a steady connection, and any moment between pings
                current[0] = row.fault
                waiting = act()
                if asyncio.iscoroutine(waiting):
                    await waiting
                row.deaf = max(row.deaf or 0, await _deaf(slack))
            rows.append(row)

        async def half_dead_also_when_new() -> None:
            slack.freeze(new=True)
            await asyncio.sleep(size.away_seconds / 3)
            slack.freeze(False)
            await slack.cut()

        async def away() -> None:
            async with slack.away():
                await asyncio.sleep(size.away_seconds)

        async def hanging() -> None:
            slack.fail("apps.connections.open", Hang(60))
            await slack.cut()

        async def refusing() -> None:
            slack.fail("apps.connections.open", HttpStatus(503), 2)
            await slack.cut()

        async def odd() -> None:
            for said in ('{"ok": true}', '{"ok": true, "url": "//"}', '{"ok": false, "error": "too_many_websockets"}'):
                slack.fail("apps.connections.open", Says(said))
            await slack.cut()

        async def rubbish() -> None:
            for frame in ("", "{", CANARY, f'{{"type": "{CANARY}"}}', "[" * 100_000, CANARY.encode() + b"\xff"):
                await slack.send_raw(frame)

        def broken() -> None:
            slack.send_broken(b"\xff\xff" + CANARY.encode())

        many = {"opened": 0, "cpu": 0.0}

        async def too_many() -> None:
            opened, cpu = _opened(slack), bot.cpu()
            ends = time.monotonic() + 5
            while time.monotonic() < ends:
                await slack.disconnect("too_many_websockets")
                await asyncio.sleep(0.01)
            many.update(opened=_opened(slack) - opened, cpu=bot.cpu() - cpu)

        await break_by("cut without a word", slack.cut, size.socket_times)
        await break_by("half-dead", slack.freeze, size.socket_times)
        slack.freeze(False)
        await break_by("disconnect announced", slack.disconnect, size.socket_times, 1.0)
        await break_by("rubbish frames", rubbish, size.socket_times, 1.0)
        await break_by("broken frames", broken, size.socket_times)
        await break_by("apps.connections.open hangs", hanging, size.socket_times)
        await break_by("apps.connections.open fails twice", refusing, size.socket_times)
        await break_by("apps.connections.open says nothing useful", odd, size.socket_times)
        rows[-1].before = "traceback, or the end at the first"
        await break_by(f"Slack away for {size.away_seconds:.0f} s", away, 1)
        await break_by(f"new sockets half-dead for {size.away_seconds / 3:.0f} s", half_dead_also_when_new, 1)
        await break_by("too_many_websockets on every socket for 5 s", too_many, 1, 30.0)
        rows[-1].fault += f" ({many['opened']} opened, {many['cpu'] / 5:.0%} of a core)"
        if many["cpu"] > 2.5 or many["opened"] > 20:
            rows[-1].deaf_most = -1.0
        current[0] = "end"
        over.set()
        await asking
        replies = _replies(slack)
        for row in rows:
            mine = [ts for fault, ts in asked if fault == row.fault.partition(" (")[0]]
            row.lost = sum(not replies[ts] for ts in mine)
            row.doubled = sum(replies[ts] > 1 for ts in mine)
        await slack.connected(timeout=40)
        await slack.disconnect("link_disabled")
        assert bot.child is not None
        async with asyncio.timeout(5):
            status = await bot.child.wait()
        rows.append(Row(f"socket: link_disabled ends it with status {status}", 1, lost=status != 1))
        return rows


async def slow_lines(size: Size) -> list[Row]:
    """The worker on lines that are slow and live: no socket is dropped, and a command is answered; then each dies."""
    before = {0.55: "11 sockets dropped in a minute; 3 of 19 commands found none"}
    lines = [_slow_line(one_way, size, before.get(one_way, "")) for one_way in size.lines]
    return list(await asyncio.gather(*lines))


async def _slow_line(one_way: float, size: Size, before: str) -> Row:
    dice = random.Random(4711)
    row = Row(f"a line of {one_way} s one way, less up to a half (unanswered commands, dropped sockets)", before=before)
    trip = 2 * one_way
    async with (
        told() as slack,
        slow_line(slack, lambda: one_way * (1 - dice.random() / 2)),
        bots(slack, 1, "worker"),
    ):
        await slack.connected(timeout=60)
        ends = time.monotonic() + size.line_seconds
        while time.monotonic() < ends:
            await asyncio.sleep(1)
            row.times += 1
            row.lost += not await slack.post_socket(slack.command("kawasaki"), timeout=2 * trip + 1)
        row.lost += slack.sockets_opened - 1
        slack.freeze()
        started = time.monotonic()
        answered = await slack.post_socket(slack.command("kawasaki"), timeout=60)
        row.deaf = time.monotonic() - started - trip if answered else float("inf")
        row.deaf_most = 5.0 if trip <= 0.5 else 2.0 + 6 * trip
        row.lost += slack.sockets_most > 2
        slack.freeze(False)
    return row


async def _deaf(slack: Slack) -> float:
    """Seconds until a command is answered."""
    started = time.monotonic()
    while time.monotonic() - started < 60:
        if await slack.post_socket(slack.command(f"ivig for kawasaki? {CANARY}", user=ASKER), timeout=0.3):
            return time.monotonic() - started
    return float("inf")


def _opened(slack: Slack) -> int:
    return sum(each.method == "apps.connections.open" for each in slack.calls)


async def _keep_asking(slack: Slack, asked: list[tuple[str, str]], current: list[str], over: asyncio.Event) -> None:
    """A mention twenty times a second, each delivered until it is acknowledged."""

    async def deliver(mention: Json) -> None:
        for pause in (0.0, 0.0, 16.0, 16.0, 60.0):  # the last for Slack away: its queue waits too
            await asyncio.sleep(pause)
            if await slack.post_socket(mention, timeout=3):
                return

    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            mention = slack.mention(f"ivig for kawasaki? {CANARY}", user=ASKER)
            asked.append((current[0], str(mention["event"]["ts"])))
            group.create_task(deliver(mention))
            await asyncio.sleep(0.05)


async def start_with_slack_away(size: Size) -> list[Row]:
    """Both doors start while Slack is away; they must be there and answer when it is back."""
    rows = []
    async with told() as slack, AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        web = Bot("web", environment(slack), folder, free_port())
        worker = Bot("worker", environment(slack), folder)
        async with slack.away():
            await web.start()
            await worker.start()
            await asyncio.sleep(min(size.away_seconds, 40))
            alive = [each.child is not None and each.child.returncode is None for each in (web, worker)]
        started = time.monotonic()
        await asyncio.gather(web.ready(), slack.connected(timeout=40))
        rows.append(
            Row("start with Slack away", 2, lost=alive.count(False), deaf=time.monotonic() - started, before="28 s")
        )
        for each in (web, worker):
            await each.stop()
            LEAKS.update(each.leaks)
    return rows


# Bad input.


async def slow_connections() -> list[Row]:
    """A byte a second on each of a hundred connections in the headers, and on a hundred in the body."""
    async with told() as slack, bots(slack, 1) as [bot]:
        heads = (
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-A: ",
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n",
        )
        async with asyncio.TaskGroup() as group:
            ended = [group.create_task(_dribble(bot.port, head)) for head in heads for _ in range(100)]
            worst, started = 0.0, time.monotonic()
            while time.monotonic() - started < 12:
                asked = time.monotonic()
                reply = await slack.post_http(bot.url, slack.command(f"ivig for kawasaki? {CANARY}"))
                worst = max(worst, time.monotonic() - asked if reply.ok else 99)
                await asyncio.sleep(0.05)
            held = sum(not each.done() for each in ended)
            for each in ended:
                each.cancel()
    return [
        Row(
            f"a byte a second on 100 connections in the headers, on 100 in the body; {held} left after 12 s",
            200,
            held,
            deaf=worst,
            deaf_most=3,
        )
    ]


async def _dribble(port: int, head: bytes) -> None:
    """Send a byte a second until dropped."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    gone = asyncio.create_task(reader.read())
    try:
        writer.write(head)
        while not gone.done():
            writer.write(b"x")
            await asyncio.wait([gone], timeout=1)
        with suppress(ConnectionError):
            await gone
    finally:
        gone.cancel()
        writer.close()


async def bent_payloads(size: Size) -> list[Row]:
    """Every kind of payload, bent at random: no 5xx, and memory flat."""
    async with told() as slack, bots(slack, 1) as [bot]:
        row = Row("bent payloads (5xx counts as lost)")
        statuses = Counter[int]()
        made: list[Any] = []
        kinds = every_kind(slack, CANARY)

        @settings(max_examples=size.shapes, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(payload=bent(kinds))
        def make(payload: Any) -> None:
            made.append(payload)

        await asyncio.to_thread(make)
        for payload in made:
            body = json.dumps(payload).encode()
            status, said = await send("POST", bot.url, body, slack.signed(body))
            statuses[status] += 1
            LEAKS.update(leaks_in(said) & {"Traceback (most"})
        row.times, row.lost = len(made), sum(count for status, count in statuses.items() if status not in (200, 400))
        row.fault += ": " + ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        return [row]


async def soak(size: Size) -> tuple[Row, str]:
    """Commands on eight connections, and what the process' memory does after a tenth of them."""
    async with told() as slack, bots(slack, 1, LOG_LEVEL="INFO") as [bot]:
        texts = ("kawasaki", "GBS or CIDP?", "guillan barre", "itp", "list", "", f"kawasaki {CANARY} {{}}", "MRN {}")
        wrong, dice = 0, random.Random(4711)
        sizes: list[float] = []
        started = time.monotonic()
        for _ in range(10):
            requests = [_request(slack, text.format(dice.random())) for _ in range(20) for text in texts]
            each = size.commands // 80
            wrong += sum(await asyncio.gather(*(_pump(bot.port, requests, each) for _ in range(8))))
            sizes.append(bot.rss())
        seconds = time.monotonic() - started
        growth = max(sizes[1:]) - sizes[0]
        row = Row(f"soak: {size.commands:,} commands, resident memory {growth:+.1f} MB", size.commands, wrong)
        if growth >= RSS_GROWTH_MOST:
            row.deaf_most = -1.0
        rate = f"{size.commands / seconds:,.0f} commands a second, {sizes[0]:.0f} → {sizes[-1]:.0f} MB"
        return row, rate


def _request(slack: Slack, text: str) -> bytes:
    form = "application/x-www-form-urlencoded"
    body = urlencode(slack.command(text, user=ASKER)).encode()
    headers = slack.signed(body, content_type=form) | {"Host": "x", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + body


async def _pump(port: int, requests: list[bytes], count: int) -> int:
    """Send so many, one after the other, on one connection; how many were not answered with a card."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    wrong = 0
    for number in range(count):
        writer.write(requests[number % len(requests)])
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        wrong += b" 200 " not in head or b'"blocks"' not in body or CANARY.encode() in body
    writer.close()
    return wrong


# The table.


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Say what is under way, and how long it took."""
    started = time.monotonic()
    print(f"{name} …", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def table(rows: list[Row]) -> str:
    """The rows in Markdown."""
    lines = ["| fault | times | lost | doubled | worst seconds deaf | before | |", "|---|--:|--:|--:|--:|---|---|"]
    for row in rows:
        deaf = "" if row.deaf is None else f"{row.deaf:.2f}"
        doubled = f"{row.doubled:,}" + (" (may)" if row.may_double else "")
        lines.append(
            f"| {row.fault} | {row.times:,} | {row.lost:,} | {doubled} | {deaf} | {row.before} "
            f"| {'' if row.right else '**wrong**'} |"
        )
    return "\n".join(lines)


async def everything(size: Size) -> tuple[list[Row], str]:
    """All faults: those that mostly wait at the same time, the measured ones in turn."""

    async def over_http() -> list[Row]:
        through, *others = await asyncio.gather(mentions_through_faults(size), redis_faults())
        return [*through, *(row for rows in others for row in rows)]

    async def redis_faults() -> list[Row]:
        away, full = await asyncio.gather(redis_away(size), redis_takes_nothing(size))
        return [*away, *full, *await redis_name_hangs(size), *await redis_url_odd()]

    async def in_turn(size: Size) -> tuple[list[Row], ...]:
        alone = await mentions_to_one_process(size)
        waiting = (start_with_slack_away(size), slow_lines(size), slow_connections(), behind_a_proxy(size))
        return alone, *await asyncio.gather(*waiting)

    with timed(f"{size.faulty_posts:,} mentions at Slack's own pauses, on a held clock"):
        posts = await asyncio.to_thread(mentions_at_slacks_pauses, size)
    with timed(f"{size.edits:,} edits, likewise"):
        edits = await asyncio.to_thread(edits_at_slacks_pauses, size)
    with timed(
        f"{size.mentions:,} mentions to two processes with Redis, {size.alone:,} to one, beside them Socket Mode"
    ):
        http, sockets, (alone, start, lines, slow, proxy) = await asyncio.gather(
            over_http(), socket_faults(size), in_turn(size)
        )
    with timed(f"{size.shapes:,} bent payloads"):
        shapes = await bent_payloads(size)
    with timed(f"soak of {size.commands:,} commands"):
        soaked, rate = await soak(size)
    return [*posts, *edits, *http, *alone, *sockets, *start, *lines, *proxy, *slow, *shapes, soaked], rate


def machine() -> str:
    """What it ran on."""
    model = next(
        (line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    version = subprocess.run([str(REDIS), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    redis = version.partition("v=")[2].partition(" ")[0]
    return f"{os.cpu_count()} × {model}, Linux {platform.release()}, Python {platform.python_version()}, Redis {redis}"


def main() -> int:
    """Run, print, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a minute, for every change; writes nothing")
    parser.add_argument("--write", type=Path, help="where the table goes")
    options = parser.parse_args()
    if REDIS is None:
        print("redis-server is not installed", file=sys.stderr)
        return 2
    started = time.monotonic()
    rows, rate = asyncio.run(everything(SHORT if options.short else FULL))
    minutes = (time.monotonic() - started) / 60
    said = f"{sum(PRINTED) / 1e6:.1f} MB of log lines and all that Redis held and Slack was sent were searched"
    found = f"found {', '.join(sorted(LEAKS))}" if LEAKS else "nothing found"
    text = (
        f"{table(rows)}\n\nPrivacy: every question held a canary; {said} for it, the asker's id, tokens and secrets: "
        f"{found}.\n\nThroughput of the soak, one process, eight connections: {rate}.\n\n"
        f"Ran for {minutes:.1f} minutes on {machine()}."
    )
    print(f"\n{text}")
    print("\n".join(ODD))
    if options.write:
        head, mark, _ = options.write.read_text().partition("<!-- as run -->\n")
        options.write.write_text(f"{head}{mark}\n{text}\n")
    return 0 if all(row.right for row in rows) and not LEAKS else 1


if __name__ == "__main__":
    sys.exit(main())
