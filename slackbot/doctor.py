"""What stands between this bot and Slack, check by check: `python -m slackbot doctor`."""

import asyncio
import datetime as dt
import json
import platform
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import metadata

import aiohttp
from redis.asyncio import Redis

from slackbot import logs, manifest, settings
from slackbot.content.load import ContentError, load_content
from slackbot.content.schema import Content
from slackbot.settings import Settings
from slackbot.slack.api import PassingError, RefusedError, call, web_client

HELLO_SECONDS = 5.0
REDIS_SECONDS = 2.0
LIBRARIES = ("slack-bolt", "slack-sdk", "aiohttp", "uvicorn", "pydantic")

_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
_REINSTALL = "in Slack's settings of the app, Install App → Reinstall to Workspace"


class State(StrEnum):
    """How a check ended. Only `failed` keeps the bot from working."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """What one check found; unless it is fine, that ends with the one thing to do. It holds no secret."""

    state: State
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:<8} {self.check}: {self.text}"


@dataclass(frozen=True)
class _Environment:
    """The variables, and what is wrong with which."""

    chosen: Settings
    faults: dict[str, str]


async def run(say: Callable[[str], None]) -> int:
    """Make every check, say a line for each, and return the exit status: 0 when none failed, else 1.

    The check of Socket Mode is connected for a moment, in which Slack may send it a payload meant for the bot.
    """
    logs.set_up("ERROR")
    counts = dict.fromkeys(State, 0)
    async for finding in _examine(dt.datetime.now(dt.UTC).date()):
        say(str(finding))
        counts[finding.state] += 1
    say(", ".join(f"{count} {state}" for state, count in counts.items()))
    return 1 if counts[State.FAILED] else 0


async def _examine(today: dt.date) -> AsyncIterator[Finding]:
    chosen, faults = settings.examine(_SECRETS)
    environment = _Environment(chosen, {fault.variable: fault.text for fault in faults})
    content, finding = _data_file(chosen)
    yield finding
    for finding in _variables(environment):
        yield finding
    async for finding in _identity(environment):
        yield finding
    yield await _socket_mode(environment)
    yield _signing_secret(environment)
    if chosen.redis_url:
        yield await _redis(chosen.redis_url)
    for finding in _versions():
        yield finding
    yield _review(content, today)
    yield _oauth(environment)


def _data_file(chosen: Settings) -> tuple[Content | None, Finding]:
    try:
        content = load_content(chosen.data, chosen.contact)
    except ContentError as error:
        count = len(error.faults)
        todo = "run `python -m slackbot check`, which lists what to do about each"
        return None, _failed("data file", f"{chosen.data}: {_counted(count, 'fault')}: {todo}")
    return content, _ok("data file", f"{chosen.data}: {_counted(len(content.entries), 'entry', 'entries')}")


def _variables(environment: _Environment) -> Iterator[Finding]:
    """The tokens, and whatever else is set and wrong."""
    chosen, faults = environment.chosen, environment.faults
    for name, value in (("SLACK_BOT_TOKEN", chosen.bot_token), ("SLACK_APP_TOKEN", chosen.app_token)):
        if name not in faults:
            yield _ok(name, "set, and of the right shape")
        elif name == "SLACK_APP_TOKEN" and not value and chosen.signing_secret:
            yield _ok(name, "not set, which is fine over HTTP")
        else:
            yield _failed(name, faults[name].removeprefix(f"{name} "))
    for name, text in faults.items():
        if name not in (*_SECRETS, *settings.OAUTH):
            yield _failed(name, text.removeprefix(f"{name} "))


async def _identity(environment: _Environment) -> AsyncIterator[Finding]:
    """auth.test, and the scopes that come with its answer."""
    if missing := _first_wrong(environment, "SLACK_BOT_TOKEN", "SLACK_API_URL"):
        yield _not_tried("auth.test", missing)
        yield _not_tried("scopes", missing)
        return
    client = web_client(environment.chosen, environment.chosen.bot_token)
    try:
        answer = await call(client.auth_test)
    except (PassingError, RefusedError) as error:
        yield _failed("auth.test", _unanswered(error, f"{_REINSTALL}, then set SLACK_BOT_TOKEN anew"))
        yield _not_tried("scopes", "auth.test")
        return
    yield _ok("auth.test", f"the bot is @{_line(answer.get('user'))} in {_line(answer.get('team'))}")
    yield _scopes(answer.headers.get("x-oauth-scopes"))


def _scopes(granted: str | None) -> Finding:
    if granted is None:
        return _warning(
            "scopes", "Slack does not say which it granted: compare those under OAuth & Permissions with manifest.yml"
        )
    asked = manifest.scopes()
    given = [scope.strip() for scope in granted.split(",") if scope.strip()]
    if missing := [scope for scope in asked if scope not in given]:
        todo = f"update the app's manifest to manifest.yml, then {_REINSTALL}"
        return _failed("scopes", f"not granted: {', '.join(missing)}: {todo}")
    if more := [_line(scope) for scope in given if scope not in asked]:
        todo = "remove them under OAuth & Permissions, then reinstall"
        return _warning("scopes", f"more than the bot needs: {', '.join(more)}: {todo}")
    return _ok("scopes", ", ".join(asked))


async def _socket_mode(environment: _Environment) -> Finding:
    """Whether Slack opens a socket, and how many there are."""
    check = "Socket Mode"
    chosen = environment.chosen
    if not chosen.app_token and chosen.signing_secret:
        return _ok(check, "not tried: without SLACK_APP_TOKEN the bot is reached over HTTP")
    if missing := _first_wrong(environment, "SLACK_APP_TOKEN", "SLACK_API_URL"):
        return _not_tried(check, missing)
    try:
        opened = await call(partial(web_client(chosen).apps_connections_open, app_token=chosen.app_token))
        hello = await _hello(str(opened.get("url")))
    except (PassingError, RefusedError) as error:
        todo = "switch Socket Mode on, and make SLACK_APP_TOKEN anew with the scope connections:write"
        return _failed(check, _unanswered(error, todo))
    if hello.get("type") == "disconnect":
        reason = _line(hello.get("reason"))
        return _failed(check, f"Slack hangs up ({reason}): switch Socket Mode on in Slack's settings of the app")
    count = hello.get("num_connections")
    others = count - 1 if isinstance(count, int) else 0
    if others > 1:
        text = f"{others} other processes are connected, and each gets a part of what is asked: stop all but one"
        return _warning(check, text)
    return _ok(check, f"reachable; {_counted(others, 'other process', 'other processes')} connected")


async def _hello(url: str) -> dict[str, object]:
    """The first frame on a new socket, which is then closed. Raises PassingError."""
    try:
        async with (
            asyncio.timeout(HELLO_SECONDS),
            aiohttp.ClientSession(trust_env=True) as session,  # through the same proxy as the Web API
            session.ws_connect(url, timeout=aiohttp.ClientWSTimeout(ws_close=1)) as link,
        ):
            said = json.loads(await link.receive_str())
    except (aiohttp.ClientError, OSError, TypeError, ValueError, RecursionError) as error:  # a timeout is an OSError
        raise PassingError(type(error).__name__) from None
    return said if isinstance(said, dict) else {}


def _signing_secret(environment: _Environment) -> Finding:
    name = "SLACK_SIGNING_SECRET"
    chosen, fault = environment.chosen, environment.faults.get(name)
    if not fault:
        return _ok(name, "set, for HTTP")
    if chosen.signing_secret:
        return _failed(name, fault.removeprefix(f"{name} "))
    if chosen.app_token:
        return _ok(name, "not set, which is fine over Socket Mode")
    return _warning(name, f"{fault.removeprefix(f'{name} ')}; needed instead of SLACK_APP_TOKEN over HTTP")


async def _redis(url: str) -> Finding:
    """Whether the server in REDIS_URL answers. The address may hold a password, so only error types are shown."""
    try:
        async with asyncio.timeout(REDIS_SECONDS), Redis.from_url(url) as client:
            await client.ping()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what to report
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            text = (
                "answers with a certificate that nobody known has signed: where your provider says that this is so "
                "(Heroku does), add ?ssl_cert_reqs=none to REDIS_URL"
            )
            return _failed("Redis", text)
        text = f"does not answer ({type(error).__name__}): check REDIS_URL, or unset it to run one process"
        return _failed("Redis", text)
    return _ok("Redis", "answers")


def _versions() -> Iterator[Finding]:
    """Python, and the libraries that talk to Slack or to the data file, against what the bot is made for."""
    yield _ok("Python", platform.python_version())
    wanted = dict(_requirements())
    found = {name: metadata.version(name) for name in LIBRARIES}
    for name, version in found.items():
        if not _within(version, wanted.get(name, "")):
            text = f"{name} {version} is not within {wanted[name]}: install the locked versions, `uv sync --locked`"
            yield _warning("libraries", text)
            return
    yield _ok("libraries", ", ".join(f"{name} {version}" for name, version in found.items()))


def _requirements() -> Iterator[tuple[str, str]]:
    try:
        lines = metadata.requires("ivig-bot") or []
    except metadata.PackageNotFoundError:  # a checkout that runs without being installed
        return
    for line in lines:
        if found := re.match(r"([\w-]+)([^;]*)", line):
            yield found[1], found[2].strip()


def _within(version: str, wanted: str) -> bool:
    """Whether a version is within bounds like `<2,>=1.30`; other bounds are not looked at."""
    have = _numbers(version)
    at_least = re.findall(r">=([\d.]+)", wanted)
    below = re.findall(r"<([\d.]+)", wanted)
    return all(have >= _numbers(each) for each in at_least) and all(have < _numbers(each) for each in below)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _review(content: Content | None, today: dt.date) -> Finding:
    check = "review of the content"
    if content is None:
        return _not_tried(check, "data file")
    review = content.review
    if review.reviewed_on is None:
        text = "none yet, as every card says: have a clinician read the data file, then fill in its `review`"
        return _warning(check, text)
    if review.review_due and review.review_due < today:
        return _warning(check, f"overdue since {review.review_due}: have the data file read again, then date it")
    due = f", next due {review.review_due}" if review.review_due else ""
    return _ok(check, f"{review.reviewed_on}{due}")


def _oauth(environment: _Environment) -> Finding:
    names = " and ".join(name for name in settings.OAUTH if name in environment.faults)
    if names:
        text = f"{names} set: unset it, or Slack's framework waits for an OAuth installation and commands get no answer"
        return _failed("OAuth variables", text)
    return _ok("OAuth variables", "not set, as it should be")


def _first_wrong(environment: _Environment, *names: str) -> str | None:
    return next((name for name in names if name in environment.faults), None)


def _unanswered(error: PassingError | RefusedError, todo: str) -> str:
    if isinstance(error, RefusedError):
        return f"Slack refuses ({_line(error)}): {todo}"
    return f"no answer from Slack ({error}): check the network, the proxy and SLACK_API_URL, then try again"


def _line(said: object) -> str:
    """What a server said, fit for one line of a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in str(said))[:80]


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _ok(check: str, text: str) -> Finding:
    return Finding(State.OK, check, text)


def _warning(check: str, text: str) -> Finding:
    return Finding(State.WARNING, check, text)


def _failed(check: str, text: str) -> Finding:
    return Finding(State.FAILED, check, text)


def _not_tried(check: str, before: str) -> Finding:
    return _warning(check, f"not tried: put {before} right first")
