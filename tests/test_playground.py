"""The playground's server, without a browser: the bot behind it is the real one, and nobody else gets in."""

import asyncio
import io
import json
import os
import signal
import socket
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
from doors import ROOT, SMALL
from yarl import URL

from playground import run
from playground.run import Playground, playground
from playground.server import STATIC
from slackbot import settings
from slackbot.__main__ import main

Json = dict[str, Any]
DATA = ROOT / "data" / "ivig.yaml"
REMINDER = "Safety monitoring"


@dataclass
class Visitor:
    """A page without a browser: tells the server what a person does, and keeps the news."""

    page: Playground
    session: aiohttp.ClientSession

    async def tell(self, what: str, **body: Any) -> tuple[int, Json]:
        headers = {"Origin": self.page.url}
        async with self.session.post(f"{self.page.url}/{what}", json={"user": "U1", **body}, headers=headers) as reply:
            return reply.status, await reply.json()

    async def say(self, text: str, channel: str = "C1", thread_ts: str | None = None) -> list[Json]:
        """What the person sees that has come with it."""
        before = {line["ts"] for line in await self.lines()}
        status, reply = await self.tell("say", channel=channel, text=text, thread_ts=thread_ts)
        assert (status, reply) == (200, {})
        return [line for line in await self.lines() if line["ts"] not in before]

    async def lines(self, user: str = "U1") -> list[Json]:
        return list((await self.news(user)).get("lines", []))

    async def news(self, user: str = "U1") -> Json:
        """All there is for this person now."""
        async with self.session.get(f"{self.page.url}/news?user={user}") as reply:
            return dict(json.loads((await reply.content.readline()).removeprefix(b"data: ")))

    async def until(self, condition: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(5):
            while not condition(news := await self.news()):  # noqa: ASYNC110 - as a person looks
                await asyncio.sleep(0.02)
            return news


Play = Callable[[Callable[[Visitor], Coroutine[Any, Any, None]]], None]


@asynccontextmanager
async def enter() -> AsyncIterator[Visitor]:
    # The stream of news comes in lines longer than aiohttp reads by default.
    async with playground(0, look_every=0.01) as page, aiohttp.ClientSession(read_bufsize=2**22) as session:
        yield Visitor(page, session)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "ivig.yaml"
    file.write_bytes(DATA.read_bytes())
    return file


@pytest.fixture(scope="module")
def play(data: Path) -> Iterator[Play]:
    """Plays a scene in the one playground of these tests: opening one takes most of a second."""
    variables = {"IVIG_DATA": str(data), "HTTP_PROXY": "http://127.0.0.1:9"}  # a hospital's; nothing may go there
    with mock.patch.dict("os.environ", variables), asyncio.Runner() as runner:
        visit = enter()
        visitor = runner.run(visit.__aenter__())

        async def limited(work: Callable[[Visitor], Coroutine[Any, Any, None]]) -> None:
            async with asyncio.timeout(10):
                await work(visitor)

        yield lambda work: runner.run(limited(work))
        runner.run(visit.__aexit__(None, None, None))


def test_asks_the_real_bot_in_every_place(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        line, card = await visitor.say("/ivig kawasaki")
        assert (line["text"], card["only_for"], card["reading"]["outcome"]) == ("/ivig kawasaki", None, "answered")
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
        await visitor.until(lambda news: any(line["via"] == "response_url" for line in answers(news)))

    play(work)


def test_shares_a_card_and_opens_one_in_a_modal(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        [card] = await visitor.say("/ivig me kawasaki")
        await visitor.tell("press", source=card["ts"], **button(card, "share"))
        await visitor.until(lambda news: any("shared this" in line["text"] for line in answers(news)))

        await visitor.tell("home")
        home = (await visitor.news())["home"]
        await visitor.tell("press", source=home["id"], **button(home, "ask.entry.kawasaki-disease", "ask.entry."))
        assert (await visitor.until(lambda news: bool(news["modal"])))["modal"]["type"] == "modal"
        await visitor.tell("close")
        assert (await visitor.news())["modal"] is None

    play(work)


def test_says_what_slack_would_say(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        assert await problem(visitor, text="/other") == "/other is not a valid command."
        assert "not supported in threads" in await problem(visitor, text="/ivig itp", thread_ts="1.1")
        assert "nothing to send" in await problem(visitor, text="  ")
        _, notice = await visitor.say("@ivig kawasaki", channel="C3")
        assert (notice["author"], notice["only_for"]) == ("USLACKBOT", "U1")

    play(work)


def test_shows_what_the_stand_in_refuses(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        slack = visitor.page.scene.slack
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        call = {"channel": "C1", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}
        async with visitor.session.post(f"{slack.api_url}chat.postMessage", json=call, headers=headers) as reply:
            assert (await reply.json())["error"] == "invalid_blocks"
        [refusal] = (await visitor.news())["refusals"]
        assert (refusal["method"], refusal["error"]) == ("chat.postMessage", "invalid_blocks")
        assert "must be less than 151 characters" in refusal["details"][0]

    play(work)


def test_follows_the_data_file(play: Play, data: Path) -> None:
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

    play(work)


@pytest.mark.parametrize("text", ["<!channel> <@U2>", "<img src=x onerror=alert(1)>", "x" * 40_000])
def test_hostile_text_arrives_escaped(play: Play, text: str) -> None:
    async def work(visitor: Visitor) -> None:
        lines = await visitor.say(f"@ivig {text}")
        assert "<!" not in lines[0]["text"]
        assert "<img" not in json.dumps(lines)
        assert text[:20] not in "".join(line["text"] for line in lines[1:])

    play(work)


def test_lets_nobody_else_in(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        url = visitor.page.url
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
        async with visitor.session.get(f"{url}/review") as reply:
            assert reply.status == 200
            assert "<h1>Review pack</h1>" in await reply.text()
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'; style-src 'sha256-" in policy
            assert "unsafe" not in policy
        for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/%2e%2e%2f%2e%2e%2fapp.py"):
            async with visitor.session.get(URL(url + path, encoded=True)) as reply:
                assert reply.status == 404, path

    play(work)


def test_refuses_what_the_page_does_not_send(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        url, headers = visitor.page.url, {"Origin": visitor.page.url}
        bodies = [b"", b"[]", b"\xff", b"[" * 100_000, b'{"user":"U9"}', b'{"user":"U1","channel":"C9","text":"x"}']
        for body in bodies:
            async with visitor.session.post(f"{url}/say", data=body, headers=headers) as reply:
                assert reply.status == 400, body[:20]
        async with visitor.session.post(f"{url}/say", data=io.BytesIO(b"x" * (2**20 + 1)), headers=headers) as reply:
            assert reply.status == 413

    play(work)


def test_static_files_ask_for_nothing_outside() -> None:
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        for line in text.splitlines():
            assert "://" not in line or "app.slack.com/block-kit-builder" in line or "https?:" in line, (file, line)
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "srcdoc"):
            assert sink not in text, (file, sink)


def test_only_this_machine_can_reach_it(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        assert visitor.page.url.startswith("http://127.0.0.1:")

    play(work)


def test_a_taken_port_is_said(play: Play) -> None:
    async def work(visitor: Visitor) -> None:
        port = int(visitor.page.url.rpartition(":")[2])
        with pytest.raises(run.PortError, match=f"--port {port}: another program has it; choose another"):
            async with playground(port):
                pass

    play(work)


@pytest.mark.parametrize(
    ("port", "text"),
    [
        (80, "--port 80: ports below 1024 are the system's own; choose a higher one, or leave --port out"),
        (99999, "--port 99999: there are none above 65535"),
    ],
)
def test_a_port_that_nobody_can_have_is_said(port: int, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Guarded(socket.socket):
        """A socket as somebody who is not root has it."""

        def bind(self, address: Any) -> None:
            if address[1] < 1024:
                raise PermissionError(13, "Permission denied")
            super().bind(address)

    async def work() -> None:
        async with playground(port):
            pass

    monkeypatch.setattr(socket, "socket", Guarded)
    with pytest.raises(run.PortError) as error:
        asyncio.run(work())
    assert str(error.value) == text


def test_what_a_clinics_file_sets_for_its_own_bot_is_not_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    monkeypatch.setattr(settings, "ENV_FILE", file)  # not by the folder: the module's own playground is open
    file.write_text(
        "REDIS_URL=redis://127.0.0.1:9/0\nSLACK_CLIENT_ID=1\nSLACK_BOT_TOKEN=xoxb-clinic\n"
        "HTTP_PROXY=http://127.0.0.1:9\nIVIG_CONTACT=ext. 12\n"
    )

    async def work() -> settings.Settings:
        async with playground(0):
            return settings.load(settings.HTTP)

    inside = asyncio.run(work())
    assert not inside.bot_token.endswith("clinic")
    assert (inside.redis_url, inside.network.http_proxy, inside.contact) == (None, None, "ext. 12")
    assert settings.load().redis_url == "redis://127.0.0.1:9/0", "as before"


def test_stops_cleanly_on_ctrl_c() -> None:
    line = [sys.executable, "-m", "slackbot", "playground", "--port", "0"]
    with subprocess.Popen(  # noqa: S603  # our own module
        line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "IVIG_DATA": str(SMALL)},
    ) as child:  # fmt: skip
        assert child.stdout
        assert "http://127.0.0.1:" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
        output, complaint = child.communicate(timeout=5)
        assert (child.returncode, complaint) == (0, "")
        assert "Stopped." in output


def test_shows_itself_and_stops_at_once_without_a_terminal(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVIG_DATA", str(data))
    assert main(["playground", "--port", "0", "--open"]) == 0
    assert "The page answers" in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["playground", "standin", "starlette"])
def test_where_it_is_missing_the_verb_says_where_it_is_had(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in (missing, "playground")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["playground"]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert missing in complaint
    assert "make try" in complaint


def test_what_the_playground_itself_lacks_is_no_missing_playground(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "playground"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(ModuleNotFoundError, match="aiohttp"):
        main(["playground"])


def save(data: Path, text: str) -> None:
    data.write_text(text, encoding="utf-8")


async def problem(visitor: Visitor, **line: Any) -> str:
    status, reply = await visitor.tell("say", **{"channel": "C1", **line})
    assert status == 409
    return str(reply["problem"])


def answers(news: Json) -> list[Json]:
    return [line for line in news["lines"] if "via" in line]


def button(message: Json, action_id: str, beginning: str | None = None) -> Json:
    """What the page tells of a press on the button of this id; else on the first whose id begins so."""
    elements = [
        element
        for block in message["blocks"]
        for element in (*block.get("elements", []), block.get("accessory") or {})
        if element.get("type") == "button"
    ]
    buttons = [each for each in elements if each["action_id"] == action_id]
    buttons += [each for each in elements if beginning and each["action_id"].startswith(beginning)]
    return {
        "kind": "button",
        "action_id": buttons[0]["action_id"],
        "block_id": "b0",
        "label": buttons[0]["text"]["text"],
        "value": buttons[0].get("value"),
    }
