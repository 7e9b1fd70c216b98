"""The doors, open and pointed at the stand-in for Slack: in this process, or as a process of their own."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import aiohttp
import yaml
from reading import match, matcher_of, signed_cards_of

from slackbot import logs
from slackbot.content.load import load_content
from slackbot.content.schema import Content
from slackbot.settings import HTTP, SOCKET_MODE
from slackbot.settings import load as load_settings
from slackbot.slack import command, http, socket_mode
from slackbot.slack.blocks import Message, message
from standin.slack import Slack
from standin.workspace import Posted

ROOT = Path(__file__).resolve().parent.parent
# What tests of the code read: a copy of the data file that no edit of the content changes. Make it anew, when the
# code asks for it, with `cp data/ivig.yaml tests/data/ivig.yaml`.
FROZEN = ROOT / "tests" / "data" / "ivig.yaml"
# Everything a data file may hold, each once: read in no time, where the content is nothing to the test.
SMALL = ROOT / "tests" / "data" / "small.yaml"
Json = dict[str, Any]
T = TypeVar("T")

DELIVERIES = 4  # of one event, by Slack, until it is taken

# By these a process with hardly any variable is measured all the same: `make coverage`.
COVERAGE = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}

read_once = cache(load_content)  # it takes a third of a second


@dataclass(frozen=True)
class Answer:
    """What Slack gets: whether it takes it for an acknowledgement, and what came with it."""

    taken: bool
    payload: Json | None


@dataclass(frozen=True)
class Door:
    """A running bot and the Slack it talks to. `url` is empty over Socket Mode."""

    slack: Slack
    runner: asyncio.Runner
    url: str = ""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine beside the bot, for 30 s at most."""

        async def limited() -> T:
            async with asyncio.timeout(30):
                return await work

        return self.runner.run(limited())

    def post(self, payload: Json) -> Answer:
        """Deliver a payload once."""
        [answer] = self.post_at_once(payload, 1)
        return answer

    def post_at_once(self, payload: Json, times: int) -> list[Answer]:
        """Deliver a payload several times at the same moment."""
        return self.run(self._post_over_http(payload, times) if self.url else self._post_over_socket(payload, times))

    def deliver(self, event: Json) -> list[bool]:
        """Deliver an event until it is taken, thrice more at most; whether each delivery was."""
        if self.url:
            replies = self.run(self.slack.deliver_event_http(f"{self.url}/slack/events", event))
            return [reply.ok for reply in replies]
        taken: list[bool] = []
        while len(taken) < DELIVERIES and not any(taken):
            [answer] = self.run(self._post_over_socket(event, attempt=len(taken)))
            taken.append(answer.taken)
        return taken

    def shown(self, count: int = 1) -> list[Posted]:
        """The messages at Slack, once there are so many."""
        self.run(self.slack.until(lambda: len(self.slack.messages) >= count))
        return self.slack.messages

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Send any HTTP request; its status and body."""
        return self.run(send(method, f"{self.url}{path}", body, headers or {}))

    async def _post_over_http(self, payload: Json, times: int) -> list[Answer]:
        url = f"{self.url}/slack/events"
        replies = await asyncio.gather(*(self.slack.post_http(url, payload) for _ in range(times)))
        return [Answer(reply.ok, reply.json() if reply.body else None) for reply in replies]

    async def _post_over_socket(self, payload: Json, times: int = 1, attempt: int = 0) -> list[Answer]:
        """Until each is acknowledged, or the bot has said of the rest that it acknowledges none of them."""
        events: list[logs.Event] = []
        with logs.watched(events.append):
            reason = "timeout" if attempt else ""
            posts = [
                asyncio.create_task(
                    self.slack.post_socket(payload, retry_attempt=attempt, retry_reason=reason, timeout=20)
                )
                for _ in range(times)
            ]
            while len(waiting := [post for post in posts if not post.done()]) > sum(map(is_refusal, events)):
                await asyncio.wait(waiting, timeout=0.01, return_when=asyncio.FIRST_COMPLETED)
        for post in waiting:
            post.cancel()
        acks = [await post if post not in waiting else None for post in posts]
        return [Answer(ack is not None, ack.payload if ack else None) for ack in acks]


def is_refusal(event: logs.Event) -> bool:
    """Whether the bot says so that it does not take a payload."""
    return event.kind == "acknowledged" and str(event.outcome) >= "500"


def environment(slack: Slack, **more: str) -> dict[str, str]:
    """The variables of a bot that talks to the stand-in, for either door."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "IVIG_DATA": str(FROZEN),
        "LOG_LEVEL": "DEBUG",
        **more,
    }


@asynccontextmanager
async def workspace() -> AsyncIterator[Slack]:
    """The stand-in, with a channel C1."""
    async with Slack.serve() as slack:
        slack.add_channel("C1", members={"U1"})
        yield slack


@asynccontextmanager
async def http_door(slack: Slack, prefix: str = "") -> AsyncIterator[str]:
    """The HTTP door in this process; its address. It has asked auth.test once."""
    with mock.patch.dict(os.environ, environment(slack), clear=True):
        settings = load_settings(HTTP)
    logs.set_up(settings.log_level)
    # Said to be TCP, or asyncio leaves Nagle's algorithm on and every answer takes 40 ms.
    with closing(socket.socket(proto=socket.IPPROTO_TCP)) as sock:
        sock.bind(("127.0.0.1", 0))
        async with http.opened(settings, matcher_of(read_once(settings.data, settings.contact)), sock, prefix):
            await called(slack, "auth.test")
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"


@asynccontextmanager
async def socket_door(slack: Slack, timeout: float = 30.0) -> AsyncIterator[str]:  # noqa: ASYNC109
    """The Socket Mode door in this process, connected. It has no address."""
    with mock.patch.dict(os.environ, environment(slack), clear=True):
        settings = load_settings(SOCKET_MODE)
    logs.set_up(settings.log_level)
    stop = asyncio.Event()
    matcher = matcher_of(read_once(settings.data, settings.contact))
    service = asyncio.create_task(socket_mode.run(settings, matcher, stop))
    await slack.connected(timeout=timeout)
    try:
        yield ""
    finally:
        stop.set()
        assert await service == 0


@asynccontextmanager
async def process(
    name: str, folder: Path, redirected: str = "", **variables: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A line of the Procfile, run in a folder with these variables and hardly any other."""
    lines: dict[str, str] = yaml.safe_load((ROOT / "Procfile").read_text())
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    child = await asyncio.create_subprocess_shell(
        f"{redirected} exec {lines[name]}",
        cwd=folder,
        env={"PATH": path, **COVERAGE, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def called(slack: Slack, method: str, times: int = 1) -> None:
    """Wait until the bot has called a method so often, and has had a moment to read the answer."""
    await slack.until(lambda: sum(call.method == method for call in slack.calls) >= times)
    await asyncio.sleep(0.02)


async def send(method: str, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """One HTTP request; its status and body."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body or None, headers=headers) as reply,
    ):
        return reply.status, await reply.text()


async def is_ready(url: str) -> bool:
    """Whether the bot at this address answers, and says that it is ready."""
    with suppress(aiohttp.ClientError):
        status, _ = await send("GET", f"{url}/healthz", b"", {})
        return status == 200
    return False


async def ready(url: str) -> None:
    """Wait until the bot at this address is ready: `auth.test` is asked before it listens."""
    while not await is_ready(url):  # noqa: ASYNC110  # another process tells no event
        await asyncio.sleep(0.05)


def answer_to(text: str, content: Content) -> Json:
    """What `/ivig TEXT` must be answered with, whatever the cards say."""
    answer = command.answer(text, matcher_of(content))
    return {"response_type": answer.response_type, "text": answer.message.text, "blocks": answer.message.blocks}


def reply_to(text: str, content: Content, thread_ts: str | None = None) -> Message:
    """What a mention with this text must be answered with in that thread."""
    return message(signed_cards_of(content).thread_reply(match(text, content), thread_ts))
