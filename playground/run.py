"""The playground: the stand-in, the bot's own HTTP door pointed at it, and the page, in one process."""

import asyncio
import errno
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import uvicorn
from starlette.types import ASGIApp

from playground.editing import editions, first_edition
from playground.offers import offers
from playground.scene import Scene
from playground.server import build_server
from slackbot import logs
from slackbot import settings as environment
from slackbot.settings import HTTP, Settings
from slackbot.settings import load as load_settings
from slackbot.slack import http
from slackbot.slack.app import build_app
from standin.slack import Slack

STOP_WITHIN = 3  # seconds
LOOK_EVERY = 0.2  # seconds between two looks at the data file
PORT = 4844  # IVIG on a telephone's keys

# What a clinic's own environment may hold for its own bot: none of it is for this one.
_NOT_OURS = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "REDIS_URL")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
_IN_THE_TERMINAL = ("www-browser", "links", "elinks", "lynx", "w3m")


class PortError(Exception):
    """The port asked for can't be had; `str()` says why."""


@dataclass(frozen=True)
class Playground:
    """A playground that is open."""

    url: str
    scene: Scene


def main(port: int | None, *, show: bool) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit status, 2 for a port that can't be had. See `serve` for `show`."""
    try:
        asyncio.run(serve(port, show=show))
    except PortError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


async def serve(port: int | None, *, show: bool) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises ContentError, SettingsError, PortError.

    With `show`, for somebody who wants to see it: opens the browser where there is one, and where standard
    output is no terminal fetches the page once and stops.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends by KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
    async with playground(port) as page:
        _say(f"The playground: {page.url}")
        if show and not sys.stdout.isatty():
            _say(f"The page answers with {await _fetch(page.url)} bytes. No terminal here, so this stops.")
            return
        _say("Ctrl-C stops it.")
        if show:
            await asyncio.to_thread(_open_browser, page.url)
        await stop.wait()
    _say("Stopped.")


@asynccontextmanager
async def playground(port: int | None = 0, *, look_every: float = LOOK_EVERY) -> AsyncIterator[Playground]:
    """A playground on this port of the loopback interface; None: the usual one, or any when that is taken.

    A save of the data file is noticed by looking at it every `look_every` seconds.
    Raises ContentError, SettingsError, PortError.
    """
    with _listen(port) as sock:
        async with Slack.serve() as slack:
            with _environment(_environment_of(slack)):
                settings = load_settings(HTTP)
                logs.set_up(settings.log_level)
                first = first_edition(settings.data, settings.contact)
                bot = _listen(0)
                async with http.opened(settings, first.matcher, bot) as door:
                    scene = Scene(slack, f"http://127.0.0.1:{bot.getsockname()[1]}/slack/events", offers(), first)
                    at = sock.getsockname()[1]
                    editor = asyncio.create_task(_follow(scene, door, settings, look_every))
                    try:
                        async with _served(build_server(scene, at), sock):
                            try:
                                yield Playground(f"http://127.0.0.1:{at}", scene)
                            finally:
                                scene.end()
                    finally:
                        editor.cancel()
                        with suppress(asyncio.CancelledError):
                            await editor


async def _follow(scene: Scene, door: http.Door, settings: Settings, look_every: float) -> None:
    """Give the running bot each good edition of its data file, as a restart would."""
    async for edition in editions(scene.edition, look_every):
        if edition.content is not scene.edition.content:
            door.matcher = edition.matcher
            app = build_app(settings, edition.matcher, door.identity, running=door.running)
            app.client.session = door.app.client.session  # which keeps connections
            door.app = app
        scene.edit(edition)


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _served(app: ASGIApp, sock: socket.socket | None = None) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """Serve an ASGI application; its server and its port."""
    with sock or _listen(0) as own:
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_WITHIN,
        )
        server = _Server(config)
        service = asyncio.create_task(server.serve(sockets=[own]))
        while not server.started:
            if service.done():
                raise RuntimeError("the server did not start")
            await asyncio.sleep(0.01)
        try:
            yield server, own.getsockname()[1]
        finally:
            server.should_exit = True
            await service


def _listen(port: int | None) -> socket.socket:
    # Said to be TCP, or asyncio leaves Nagle's algorithm on and every answer takes 40 ms.
    sock = socket.socket(proto=socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", PORT if port is None else port))
    except (OSError, OverflowError) as error:
        if port is not None:
            sock.close()
            raise PortError(f"--port {port}: {_reason(error)}") from None
        sock.bind(("127.0.0.1", 0))
    return sock


def _reason(error: OSError | OverflowError) -> str:
    match error:
        case PermissionError():
            return "ports below 1024 are the system's own; choose a higher one, or leave --port out"
        case OSError(errno=errno.EADDRINUSE):
            return "another program has it; choose another, or leave --port out"
        case OverflowError():
            return "there are none above 65535"
    return str(error.strerror)


def _environment_of(slack: Slack) -> Mapping[str, str]:
    """All variables of a bot whose Slack is the stand-in, those of `.env` among them."""
    variables, _ = environment.variables()
    return {
        "LOG_LEVEL": "WARNING",
        **{name: value for name, value in variables.items() if name not in (*_NOT_OURS, *_PROXIES)},
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """With these variables and no others, whatever a file `.env` says."""
    before, file = dict(os.environ), environment.ENV_FILE
    os.environ.clear()
    os.environ.update(variables)
    environment.ENV_FILE = Path(os.devnull)
    try:
        yield
    finally:
        environment.ENV_FILE = file
        os.environ.clear()
        os.environ.update(before)


async def _fetch(url: str) -> int:
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(url) as reply:
        return len(await reply.read())


def _open_browser(url: str) -> None:
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if browser.name not in _IN_THE_TERMINAL:
            browser.open(url)


def _say(line: str) -> None:
    print(line, flush=True)
