"""The playground's server, without a browser: the bot behind it is the real one, and nobody else gets in."""

import asyncio
import io
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import pytest
from conftest import FROZEN, ROOT
from yarl import URL

from playground import run
from playground.run import Playground, playground
from playground.server import STATIC

Json = dict[str, Any]
REMINDER = "Safety monitoring"


@dataclass
class Visitor:
    """A page without a browser: tells the server what a person does, and keeps the news."""

    opened: Playground
    session: aiohttp.ClientSession

    async def tell(self, what: str, **body: Any) -> tuple[int, Json]:
        headers = {"Origin": self.opened.url}
        async with self.session.post(
            f"{self.opened.url}/{what}", json={"user": "U1", **body}, headers=headers
        ) as reply:
            return reply.status, await reply.json()

    async def say(self, text: str, channel: str = "C1", thread_ts: str | None = None) -> list[Json]:
        """What the person sees that has come with it."""
        known = {line["ts"] for line in await self.lines()}
        status, told = await self.tell("say", channel=channel, text=text, thread_ts=thread_ts)
        assert (status, told) == (200, {})
        return [line for line in await self.lines() if line["ts"] not in known]

    async def lines(self, user: str = "U1") -> list[Json]:
        return list((await self.news(user)).get("lines", []))

    async def news(self, user: str = "U1") -> Json:
        """All there is for this person now."""
        async with self.session.get(f"{self.opened.url}/news?user={user}") as reply:
            return dict(json.loads((await reply.content.readline()).removeprefix(b"data: ")))

    async def until(self, condition: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(5):
            while not condition(news := await self.news()):  # noqa: ASYNC110 - as a person looks
                await asyncio.sleep(0.02)
            return news


Play = Callable[[Callable[[Visitor], Coroutine[Any, Any, None]]], None]


@asynccontextmanager
async def visit() -> AsyncIterator[Visitor]:
    # The stream of news comes in lines longer than aiohttp reads by default.
    async with playground(0) as opened, aiohttp.ClientSession(read_bufsize=2**22) as session:
        yield Visitor(opened, session)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "ivig.yaml"
    file.write_bytes(FROZEN.read_bytes())
    return file


@pytest.fixture(scope="module")
def played(data: Path) -> Iterator[Play]:
    """Plays a scene in the one playground of these tests: opening one takes most of a second."""
    variables = {"IVIG_DATA": str(data), "HTTP_PROXY": "http://127.0.0.1:9"}  # a hospital's; nothing may go there
    with mock.patch.dict("os.environ", variables), asyncio.Runner() as runner:
        visiting = visit()
        visitor = runner.run(visiting.__aenter__())

        async def limited(work: Callable[[Visitor], Coroutine[Any, Any, None]]) -> None:
            async with asyncio.timeout(10):
                await work(visitor)

        yield lambda work: runner.run(limited(work))
        runner.run(visiting.__aexit__(None, None, None))


def test_asks_the_real_bot_in_every_place(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        asked, card = await visitor.say("/ivig kawasaki")
        assert (asked["text"], card["only_for"], card["reading"]["outcome"]) == ("/ivig kawasaki", None, "answered")
        assert REMINDER in card["text"]

        [private] = await visitor.say("/ivig MRN 1234567 kawasaki")
        assert private["only_for"] == "U1"
        assert private["ts"] not in {line["ts"] for line in await visitor.lines("U2")}

        mention, reply = await visitor.say("@ivig is GBS in it?")
        assert mention["text"] == "<@U0BOT> is GBS in it?"
        assert reply["thread_ts"] == mention["ts"]

        _, direct = await visitor.say("kawasaki", channel="D1")
        assert direct["channel"] == "D1"

        assert (await visitor.tell("home"))[0] == 200
        assert (await visitor.news())["home"]["type"] == "home"

        assert (await visitor.tell("shortcut", source=mention["ts"], callback_id="look_up_message"))[0] == 200
        await visitor.until(lambda news: any(line["via"] == "response_url" for line in posted(news)))

    played(work)


def test_shares_a_card_and_opens_one_in_a_modal(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        [card] = await visitor.say("/ivig me kawasaki")
        await visitor.tell("press", source=card["ts"], **button(card, "share"))
        await visitor.until(lambda news: any("shared this" in line["text"] for line in posted(news)))

        await visitor.tell("home")
        home = (await visitor.news())["home"]
        await visitor.tell("press", source=home["id"], **button(home, "ask.entry.kawasaki-disease", "ask.entry."))
        assert (await visitor.until(lambda news: bool(news["modal"])))["modal"]["type"] == "modal"
        await visitor.tell("close")
        assert (await visitor.news())["modal"] is None

    played(work)


def test_says_what_slack_would_say(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        assert await refused(visitor, text="/other") == "/other is not a valid command."
        assert "not supported in threads" in await refused(visitor, text="/ivig itp", thread_ts="1.1")
        assert "nothing to send" in await refused(visitor, text="  ")
        _, told = await visitor.say("@ivig kawasaki", channel="C3")
        assert (told["author"], told["only_for"]) == ("USLACKBOT", "U1")

    played(work)


def test_shows_what_the_stand_in_refuses(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        slack = visitor.opened.scene.slack
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        call = {"channel": "C1", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}
        async with visitor.session.post(f"{slack.api_url}chat.postMessage", json=call, headers=headers) as reply:
            assert (await reply.json())["error"] == "invalid_blocks"
        [refusal] = (await visitor.news())["refusals"]
        assert (refusal["method"], refusal["error"]) == ("chat.postMessage", "invalid_blocks")
        assert "must be less than 151 characters" in refusal["details"][0]

    played(work)


def test_follows_the_data_file(played: Play, data: Path) -> None:
    good = data.read_text(encoding="utf-8")

    async def work(visitor: Visitor) -> None:
        save(data, f"{good}\nnonsense: true\n")
        news = await visitor.until(lambda news: bool(news["data"]["faults"]))
        [fault] = news["data"]["faults"]
        assert fault["line"] == good.count("\n") + 2
        assert REMINDER in (await visitor.say("/ivig kawasaki"))[1]["text"]

        save(data, good.replace("given to lower", "given so as to lower"))
        news = await visitor.until(lambda news: not news["data"]["faults"])
        assert news["data"]["saves"] == 2
        change, _the_list = news["data"]["changes"]
        assert "given to lower" in change["before"]["text"]
        assert "given so as to lower" in change["after"]["text"]
        assert "given so as to lower" in (await visitor.say("/ivig kawasaki"))[1]["text"]

    played(work)


@pytest.mark.parametrize("text", ["<!channel> <@U2>", "<img src=x onerror=alert(1)>", "x" * 40_000])
def test_hostile_text_arrives_escaped(played: Play, text: str) -> None:
    async def work(visitor: Visitor) -> None:
        lines = await visitor.say(f"@ivig {text}")
        assert "<!" not in lines[0]["text"]
        assert "<img" not in json.dumps(lines)
        assert text[:20] not in "".join(line["text"] for line in lines[1:])

    played(work)


def test_lets_nobody_else_in(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        url = visitor.opened.url
        strangers: list[tuple[str, str, Json]] = [
            ("GET", "/", {"Host": "evil.example"}),
            ("GET", "/news?user=U1", {"Host": "evil.example:80"}),
            ("POST", "/home", {}),
            ("POST", "/home", {"Origin": "https://evil.example"}),
            ("POST", "/home", {"Origin": "null"}),
        ]
        for method, path, headers in strangers:
            async with visitor.session.request(method, url + path, headers=headers, json={"user": "U1"}) as reply:
                assert reply.status == 403, (method, path, headers)
        async with visitor.session.get(url) as reply:
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "set-cookie" not in reply.headers
        for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/%2e%2e%2f%2e%2e%2fapp.py"):
            async with visitor.session.get(URL(url + path, encoded=True)) as reply:
                assert reply.status == 404, path

    played(work)


def test_refuses_what_the_page_does_not_send(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        url, headers = visitor.opened.url, {"Origin": visitor.opened.url}
        bodies = [b"", b"[]", b"\xff", b"[" * 100_000, b'{"user":"U9"}', b'{"user":"U1","channel":"C9","text":"x"}']
        for body in bodies:
            async with visitor.session.post(f"{url}/say", data=body, headers=headers) as reply:
                assert reply.status == 400, body[:20]
        async with visitor.session.post(f"{url}/say", data=io.BytesIO(b"x" * (2**20 + 1)), headers=headers) as reply:
            assert reply.status == 413

    played(work)


def test_static_files_ask_for_nothing_outside() -> None:
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        for line in text.splitlines():
            assert "://" not in line or "app.slack.com/block-kit-builder" in line or "https?:" in line, (file, line)
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "srcdoc"):
            assert sink not in text, (file, sink)


def test_only_this_machine_can_reach_it(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        assert visitor.opened.url.startswith("http://127.0.0.1:")

    played(work)


def test_a_taken_port_is_said(played: Play) -> None:
    async def work(visitor: Visitor) -> None:
        port = int(visitor.opened.url.rpartition(":")[2])
        with pytest.raises(run.PortError, match="--port"):
            async with playground(port):
                pass

    played(work)


def test_stops_cleanly_on_ctrl_c_and_at_once_without_a_terminal() -> None:
    with started("--port", "0") as child, started("--port", "0", "--open") as visit:
        assert child.stdout
        assert "http://127.0.0.1:" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
        printed, complained = child.communicate(timeout=5)
        assert (child.returncode, complained) == (0, "")
        assert "Stopped." in printed
        printed, complained = visit.communicate(timeout=5)
        assert (visit.returncode, complained) == (0, "")
        assert "The page answers" in printed


def started(*options: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "slackbot", "playground", *options]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


def save(data: Path, text: str) -> None:
    data.write_text(text, encoding="utf-8")


async def refused(visitor: Visitor, **said: Any) -> str:
    status, told = await visitor.tell("say", **{"channel": "C1", **said})
    assert status == 409
    return str(told["problem"])


def posted(news: Json) -> list[Json]:
    return [line for line in news["lines"] if "via" in line]


def button(shown: Json, action_id: str, beginning: str | None = None) -> Json:
    """What the page tells of a press on the button of this id; else on the first whose id begins so."""
    elements = [
        element
        for block in shown["blocks"]
        for element in (*block.get("elements", []), block.get("accessory") or {})
        if element.get("type") == "button"
    ]
    fitting = [each for each in elements if each["action_id"] == action_id]
    fitting += [each for each in elements if beginning and each["action_id"].startswith(beginning)]
    return {
        "kind": "button",
        "action_id": fitting[0]["action_id"],
        "block_id": "b0",
        "label": fitting[0]["text"]["text"],
        "value": fitting[0].get("value"),
    }
