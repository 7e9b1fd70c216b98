"""What stands between this bot and Slack, check by check: `python -m slackbot doctor`."""

import asyncio
import datetime as dt
import json
import platform
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, OutOfMemoryError, ReadOnlyError, ResponseError

from slackbot import logs, manifest
from slackbot.cards.card import Cards
from slackbot.content.load import ContentError, load_content
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.settings import OAUTH, Settings, examine
from slackbot.signing import records
from slackbot.signing.digests import digests, in_short
from slackbot.slack import blocks
from slackbot.slack.api import PassingError, RefusedError, call
from slackbot.slack.network import Network, open_network, reason
from slackbot.version import VERSION

CALL_SECONDS = 5
HELLO_SECONDS = 5.0
REDIS_SECONDS = 2.0

_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_FROM_HERE = "whether it is the right one can't be checked from here"


class State(StrEnum):
    """How a check ended. Only `failed` keeps the bot from working."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Finding(Struct, frozen=True):
    """What one check found; unless it is fine, that ends with the one thing to do. It holds no secret."""

    state: State
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:<8} {self.check}: {self.text}"


class _Environment(Struct, frozen=True):
    """The settings, what is wrong with which variable, and the network they describe."""

    settings: Settings
    faults: Mapping[str, str]
    network: Network

    def first_wrong(self, *names: str) -> str | None:
        """The first of these variables that something is wrong with."""
        return next((name for name in names if name in self.faults), None)

    def fault(self, name: str) -> str:
        """What is wrong with a variable, without its name in front."""
        return self.faults[name].removeprefix(f"{name} ")

    def page(self, path: str) -> str:
        """Where in Slack's settings of the app something is done."""
        return f"at {self.settings.apps_page}, {path}"


async def run(say: Callable[[str], None]) -> int:
    """Make every check, say a line for each, and return the exit status: 0 when none failed, else 1.

    The check of Socket Mode is connected for a moment, in which Slack may send it a payload meant for the bot;
    that of Redis writes a key that lasts a second.
    """
    logs.set_up("ERROR")
    counts = dict.fromkeys(State, 0)
    async for finding in _examine(dt.datetime.now(dt.UTC).date()):
        say(str(finding))
        counts[finding.state] += 1
    say(", ".join(f"{count} {state}" for state, count in counts.items()))
    return 1 if counts[State.FAILED] else 0


async def _examine(today: dt.date) -> AsyncIterator[Finding]:
    settings, faults = examine(_SECRETS)
    wrong = {fault.variable: fault.text for fault in faults}
    environment = _Environment(settings, wrong, open_network(settings.network))
    content, finding = _data_file(settings)
    yield _ok("version", f"ivig-bot {VERSION} on Python {platform.python_version()}")
    yield finding
    for finding in _variables(environment):
        yield finding
    yield _way(settings)
    async for finding in _identity(environment):
        yield finding
    yield await _cards(environment, content)
    yield await _socket_mode(environment)
    yield _signing_secret(environment)
    if settings.redis_url:
        yield await check_redis(settings.redis_url)
    yield _review(content, today)
    yield _oauth(environment)


def _data_file(settings: Settings) -> tuple[Content | None, Finding]:
    try:
        content = load_content(settings.data, settings.contact)
    except ContentError as error:
        count = len(error.faults)
        todo = "run `python -m slackbot check`, which lists what to do about each"
        return None, _failed("data file", f"{settings.data}: {_counted(count, 'fault')}: {todo}")
    return content, _ok("data file", f"{settings.data}: {_counted(len(content.entries), 'entry', 'entries')}")


def _variables(environment: _Environment) -> Iterator[Finding]:
    """The tokens, and whatever else is set and wrong."""
    settings, faults = environment.settings, environment.faults
    for name, value in (("SLACK_BOT_TOKEN", settings.bot_token), ("SLACK_APP_TOKEN", settings.app_token)):
        if name not in faults:
            yield _ok(name, "set, and of the right shape")
        elif name == "SLACK_APP_TOKEN" and not value and settings.signing_secret:
            yield _ok(name, "not set, which is fine over HTTP")
        else:
            yield _failed(name, environment.fault(name))
    for name in faults:
        if name == "PORT" and settings.app_token:
            yield _warning(name, f"{environment.fault(name)} Only HTTP needs it.")
        elif name not in (*_SECRETS, *OAUTH):
            yield _failed(name, environment.fault(name))


def _way(settings: Settings) -> Finding:
    """How Slack is reached. A proxy's password is not shown."""
    proxy, certificates = Network(settings.network).proxy(settings.api_url), settings.network.certificates
    by = f"through the proxy {urlsplit(proxy).netloc.rpartition('@')[2]}" if proxy else "without a proxy"
    trusting = f"the certificates in {certificates} alone" if certificates else "this machine's certificates"
    return _ok("network", f"{urlsplit(settings.api_url).netloc} {by}, trusting {trusting}")


async def _identity(environment: _Environment) -> AsyncIterator[Finding]:
    """auth.test, and the scopes that come with its answer."""
    if missing := environment.first_wrong("SLACK_BOT_TOKEN", "SLACK_API_URL"):
        yield _not_tried("auth.test", missing)
        yield _not_tried("scopes", missing)
        return
    settings = environment.settings
    client = environment.network.web_client(settings.api_url, settings.bot_token, timeout=CALL_SECONDS)
    reinstall = environment.page("Install App → Reinstall")
    try:
        answer = await call(client.auth_test)
    except (PassingError, RefusedError) as error:
        yield _failed("auth.test", _unanswered(error, f"{reinstall}, then set SLACK_BOT_TOKEN anew"))
        yield _not_tried("scopes", "auth.test")
        return
    yield _ok("auth.test", _who(answer))
    yield _scopes(answer.headers.get("x-oauth-scopes"), reinstall)


def _who(answer: Any) -> str:
    """Who the bot is, and where: in a workspace, or in all of an organisation (Enterprise Grid)."""
    bot = f"the bot is @{_line(answer['user'])}" if answer.get("user") else "the bot has no name"
    if answer.get("is_enterprise_install"):
        return f"{bot} in the whole organisation"
    place = f"{bot} in {_line(answer['team'])}" if answer.get("team") else bot
    if answer.get("enterprise_id"):
        return f"{place}, one workspace of an organisation: Install App → Install to Organization puts it into others"
    return place


def _scopes(header: str | None, reinstall: str) -> Finding:
    if header is None:
        return _warning(
            "scopes", "Slack does not say which it granted: compare those under OAuth & Permissions with manifest.yml"
        )
    needed = manifest.scopes()
    granted = [scope.strip() for scope in header.split(",") if scope.strip()]
    if missing := [scope for scope in needed if scope not in granted]:
        todo = f"update the app's manifest to manifest.yml, then {reinstall}"
        return _failed("scopes", f"not granted: {', '.join(missing)}: {todo}")
    if more := [_line(scope) for scope in granted if scope not in needed]:
        todo = "remove them under OAuth & Permissions, then reinstall"
        return _warning("scopes", f"more than the bot needs: {', '.join(more)}: {todo}")
    return _ok("scopes", ", ".join(needed))


async def _cards(environment: _Environment, content: Content | None) -> Finding:
    """Whether Slack itself takes the largest message, modal and search, and the Home, of this data file."""
    check = "cards"
    if content is None:
        return _not_tried(check, "data file")
    if missing := environment.first_wrong("SLACK_BOT_TOKEN", "SLACK_API_URL"):
        return _not_tried(check, missing)
    settings = environment.settings
    client = environment.network.web_client(settings.api_url, settings.bot_token, timeout=CALL_SECONDS)
    try:
        for shown in _largest(Cards(content, command=settings.command)):
            await call(partial(client.blocks_validate, **shown))
    except PassingError as error:
        return _warning(check, _unanswered(error, ""))
    except RefusedError as error:
        if not error.concerns_blocks:
            return _ok(check, f"not tried: Slack checks none for this token ({_line(error.reason)})")
        places = f": {', '.join(_line(place) for place in error.places)}" if error.places else ""
        text = (
            f"Slack would refuse the largest ({_line(error.reason)}{places}), and they go out as plain text: report it"
        )
        return _warning(check, text)
    return _ok(check, "Slack takes the largest message, modal and search, and the Home")


def _largest(cards: Cards) -> Iterator[dict[str, Any]]:
    """What `blocks.validate` is asked about."""
    everything = [card for _, card in cards.everything()]
    messages = (blocks.message(card) for card in everything)
    largest = max(messages, key=lambda message: len(json.dumps(message.blocks)))
    yield {"message": {"text": largest.text, "blocks": largest.blocks}}
    yield {"view": max((blocks.modal(card) for card in everything), key=lambda view: len(json.dumps(view)))}
    yield {"view": blocks.look_up(cards.search())}
    yield {"view": blocks.home(cards.home())}


async def _socket_mode(environment: _Environment) -> Finding:
    """Whether Slack opens a socket, and how many there are."""
    check = "Socket Mode"
    settings = environment.settings
    if not settings.app_token and settings.signing_secret:
        return _ok(check, "not tried: without SLACK_APP_TOKEN the bot is reached over HTTP")
    if missing := environment.first_wrong("SLACK_APP_TOKEN", "SLACK_API_URL"):
        return _not_tried(check, missing)
    client = environment.network.web_client(settings.api_url, timeout=CALL_SECONDS)
    try:
        opened = await call(partial(client.apps_connections_open, app_token=settings.app_token))
        hello = await _hello(opened.get("url"), environment.network)
    except (PassingError, RefusedError) as error:
        todo = "switch Socket Mode on, and make SLACK_APP_TOKEN anew with the scope connections:write"
        return _failed(check, _unanswered(error, environment.page(todo)))
    if hello.get("type") == "disconnect":
        words = _line(hello.get("reason") or "without a reason")
        return _failed(check, f"Slack hangs up ({words}): {environment.page('switch Socket Mode on')}")
    return _others(check, hello.get("num_connections"))


def _others(check: str, connections: object) -> Finding:
    others = connections - 1 if isinstance(connections, int) else 0
    if others > 1:
        text = f"{others} other processes are connected, and each gets a part of what is asked: stop all but one"
        return _warning(check, text)
    return _ok(check, f"reachable; {_counted(others, 'other process', 'other processes')} connected")


async def _hello(url: object, network: Network) -> dict[str, object]:
    """The first frame on a new socket, which is then closed. Raises PassingError."""
    if not isinstance(url, str):
        raise PassingError("no address for a websocket")
    try:
        async with (
            asyncio.timeout(HELLO_SECONDS),
            aiohttp.ClientSession() as session,
            session.ws_connect(url, timeout=aiohttp.ClientWSTimeout(ws_close=1), **network.options(url)) as link,
        ):
            frame = json.loads(await link.receive_str())
    except (aiohttp.ClientError, OSError, TypeError, ValueError, RecursionError) as error:  # a timeout is an OSError
        raise PassingError(reason(error)) from None
    return frame if isinstance(frame, dict) else {}


def _signing_secret(environment: _Environment) -> Finding:
    name = "SLACK_SIGNING_SECRET"
    settings = environment.settings
    if name in environment.faults and settings.signing_secret:
        return _failed(name, environment.fault(name))
    if settings.signing_secret and not _SIGNING_SECRET.fullmatch(settings.signing_secret):
        where = "copy it anew from Basic Information → App Credentials → Signing Secret"
        return _warning(name, f"is not 32 hexadecimal characters, as Slack's are: {where}; {_FROM_HERE}")
    if settings.signing_secret:
        return _ok(name, f"set, for HTTP: 32 hexadecimal characters; {_FROM_HERE}")
    if settings.app_token:
        return _ok(name, "not set, which is fine over Socket Mode")
    return _warning(name, f"{environment.fault(name)}; needed instead of SLACK_APP_TOKEN over HTTP")


async def check_redis(url: str) -> Finding:
    """Whether the Redis at this address answers, and can be written to."""
    check = "Redis"
    try:
        async with asyncio.timeout(REDIS_SECONDS), Redis.from_url(url) as client:
            await client.set(f"ivig:doctor:{secrets.token_hex(4)}", "", ex=1)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what to report
        return _failed(check, _fault_of_redis(error))
    return _ok(check, "answers, and can be written to")


def _fault_of_redis(error: Exception) -> str:
    """What is wrong, and what to do. The address may hold a password, so an error is shown by its type alone."""
    name = type(error).__name__
    match error:
        case ReadOnlyError():
            text = "answers, but is a read-only replica: put the address of its primary into REDIS_URL"
        case OutOfMemoryError():
            text = "answers, but is out of memory: give it more, or set its maxmemory-policy to volatile-ttl"
        case AuthenticationError() | NoPermissionError():
            text = f"answers, but lets us not in ({name}): check the user and the password in REDIS_URL"
        case ResponseError():
            text = f"answers, but takes no writes ({name}): look into its own log"
        case TypeError():
            text = "not tried: REDIS_URL holds an option, behind its ?, that is not known here: remove it"
        case _ if "CERTIFICATE_VERIFY_FAILED" in str(error):
            text = (
                "answers with a certificate that nobody known has signed: where your provider says that this is so "
                "(Heroku does), add ?ssl_cert_reqs=none to REDIS_URL"
            )
        case _:
            text = f"does not answer ({name}): check REDIS_URL, or unset it to run one process"
    return text


def _review(content: Content | None, today: dt.date) -> Finding:
    check = "review of the content"
    if content is None:
        return _not_tried(check, "data file")
    reckoned = digests(Matcher(content))
    state = records.state_of(content, reckoned, today)
    cards, readings = records.standings(content, reckoned, today)
    text = f"cards {in_short(reckoned.cards)} {cards}; readings {in_short(reckoned.readings)} {readings}"
    if state is records.State.CURRENT:
        return _ok(check, text)
    return _warning(check, f"{text}: have it read (`python -m slackbot review`), then `python -m slackbot sign` it")


def _oauth(environment: _Environment) -> Finding:
    names = " and ".join(name for name in OAUTH if name in environment.faults)
    if names:
        text = f"{names} set: unset it, or Slack's framework waits for an OAuth installation and commands get no answer"
        return _failed("OAuth variables", text)
    return _ok("OAuth variables", "not set, as it should be")


def _unanswered(error: PassingError | RefusedError, todo: str) -> str:
    if isinstance(error, RefusedError):
        return f"Slack refuses ({_line(error.reason)}): {todo}"
    name, _, advice = error.reason.partition(": ")
    otherwise = "check the network, the proxy and SLACK_API_URL, then try again"
    return f"no answer from Slack ({name}): {advice or otherwise}"


def _line(words: object) -> str:
    """What a server said, fit for one line of a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in str(words))[:80]


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
