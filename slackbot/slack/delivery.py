"""Getting an answer to people once: where it goes, and what an error of Slack's means."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from slackbot import logs
from slackbot.slack.blocks import Message
from slackbot.work.claims import Claim, Claims

POST_TIMEOUT = 2
SLACKS_PATIENCE = 3.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

_sdk_log = logging.getLogger("slack_sdk")

_PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "org_login_required",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
_MALFORMED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)


class PassingError(Exception):
    """It failed now and may succeed later: leave it to Slack's redelivery. `str()` is a name for the log."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class RefusedError(Exception):
    """Slack said no, and will say no again. `str()` is Slack's name for the error."""

    def __init__(self, error: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(error)
        self.details = details

    @property
    def concerns_token(self) -> bool:
        """True when only the operator can help: the token or its scopes."""
        return str(self) in _TOKEN


@asynccontextmanager
async def once(claims: Claims, key: str) -> AsyncIterator[bool]:
    """Hold the claim while the block runs: True when the block has work to do, False when it was done before.

    Raises PassingError when another delivery is at it. A block that raises gives the work back.
    """
    claim = await claims.claim(key)
    if claim is Claim.PENDING:
        raise PassingError("pending")
    if claim is Claim.DONE:
        yield False
        return
    try:
        yield True
    except BaseException:
        await claims.release(key)
        raise
    await claims.done(key)


async def post(
    client: AsyncWebClient, message: Message, *, channel: str, thread_ts: str | None, asker: str | None
) -> str:
    """Post into a channel's thread, or tell the asker directly when the channel will never take it.

    Returns a word for the log that says what came of it. Raises PassingError.
    """
    deadline = time.monotonic() + SLACKS_PATIENCE
    try:
        return await _send(client, message, channel, thread_ts, deadline)
    except RefusedError as refused:
        _report(refused)
        if asker is None or refused.concerns_token:
            return "refused"
    try:
        await _send(client, message, asker, None, deadline)
    except RefusedError as refused:
        _report(refused)
        return "refused"
    return "told_asker"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who pressed or chose something, and how to answer them where they did."""

    user: str
    channel: str | None = None
    thread_ts: str | None = None
    """The thread they did it in."""
    response_url: str | None = None


async def tell(client: AsyncWebClient, message: Message, asker: Asker) -> str:
    """Show a message to the asker alone, by the first way that works; returns a word for the log. Never raises.

    The response_url works wherever they are; behind it stand an ephemeral message, where the bot is a member,
    and a direct message.
    """
    ways: list[tuple[str, Callable[[], Awaitable[object]]]] = []
    if asker.response_url:
        ways.append(("responded", partial(_say, asker.response_url, "ephemeral", message, asker.thread_ts)))
    if asker.channel:
        ways.append(("whispered", partial(whisper, client, message, asker)))
    ways.append(("told_asker", partial(_send, client, message, asker.user, None, time.monotonic())))
    for word, way in ways:
        try:
            await way()
        except (PassingError, RefusedError) as error:
            _report(error)
        else:
            return word
    return "refused"


async def whisper(client: AsyncWebClient, message: Message, asker: Asker) -> None:
    """Post for the asker's eyes in their channel, where the bot must be a member. Raises as `call` does."""
    await call(
        partial(
            client.chat_postEphemeral,
            channel=asker.channel or "",
            user=asker.user,
            thread_ts=asker.thread_ts,
            text=message.text,
            blocks=message.blocks,
        )
    )


async def share(message: Message, response_url: str, thread_ts: str | None) -> None:
    """Post a message for everybody where a private one was answered, and take the private one away.

    Works where the bot is no member. Raises PassingError, when it may have been posted all the same, or
    RefusedError; that the private one stays is only logged.
    """
    await _say(response_url, "in_channel", message, thread_ts)
    try:
        await respond(response_url, {"delete_original": True})
    except (PassingError, RefusedError) as error:
        _report(error)


async def _say(url: str, response_type: str, message: Message, thread_ts: str | None) -> None:
    """Send a message to a response_url, beside the one it belongs to. Raises as `respond` does."""
    body = {
        "response_type": response_type,
        "replace_original": False,
        "text": message.text,
        "blocks": message.blocks,
    }
    await respond(url, {**body, "thread_ts": thread_ts} if thread_ts else body)


async def respond(url: str, body: dict[str, Any]) -> None:
    """Send to a response_url, once. Raises RefusedError when Slack did not take it, PassingError when it may have."""
    webhook = AsyncWebhookClient(url, timeout=POST_TIMEOUT, retry_handlers=[], logger=_sdk_log)
    try:
        status = (await webhook.send_dict(body)).status_code
    except (aiohttp.ClientError, OSError, ValueError) as error:  # a timeout is an OSError
        raise PassingError(type(error).__name__) from None
    if status >= 500:
        raise PassingError(f"http_{status}")
    if status != 200:
        raise RefusedError(f"http_{status}")


async def call(method: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Await one call of the Web API. Raises PassingError or RefusedError, never what the client raises.

    The client's exceptions hold the whole response, so they are not chained.
    """
    try:
        return await method()
    except SlackApiError as error:
        raise _verdict(error) from None
    except (aiohttp.ClientError, OSError, AttributeError) as error:
        # A timeout is an OSError. An AttributeError is what slack_sdk makes of a 200 with plain text.
        raise PassingError(type(error).__name__) from None


async def patiently(
    name: str, method: Callable[[], Awaitable[AsyncSlackResponse]], longest_pause: float = LONGEST_PAUSE
) -> AsyncSlackResponse:
    """Call until Slack answers, with growing pauses. Raises RefusedError."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call(method)
        except PassingError as passing:
            logs.event(name, outcome="retrying", error=str(passing), level=logging.WARNING)
            await asyncio.sleep(max(pause, passing.retry_after or 0))
            pause = min(pause * 2, longest_pause)


async def _send(client: AsyncWebClient, message: Message, channel: str, thread_ts: str | None, deadline: float) -> str:
    """Post the message; without its blocks when Slack calls them malformed. Raises as `call` does."""
    bare = partial(
        client.chat_postMessage,
        channel=channel,
        thread_ts=thread_ts,
        text=message.text,
        unfurl_links=False,
        unfurl_media=False,
    )
    try:
        await _call_in_time(partial(bare, blocks=message.blocks), deadline)
    except RefusedError as refused:
        if str(refused) not in _MALFORMED:
            raise
        _report(refused)
        await _call_in_time(bare, deadline)
        return "posted_as_text"
    return "posted"


async def _call_in_time(method: Callable[[], Awaitable[AsyncSlackResponse]], deadline: float) -> None:
    """Call, and once more when Slack asks for a pause that ends before the deadline."""
    try:
        await call(method)
    except PassingError as passing:
        if passing.retry_after is None or time.monotonic() + passing.retry_after >= deadline:
            raise
        await asyncio.sleep(passing.retry_after)
        await call(method)


def _verdict(error: SlackApiError) -> PassingError | RefusedError:
    response = error.response  # an aiohttp response, without data, when the body was no JSON
    data = getattr(response, "data", None)
    body = data if isinstance(data, dict) else {}
    status = getattr(response, "status_code", None) or response.status
    name = body.get("error")
    if status == 429:
        return PassingError("ratelimited", _seconds(response.headers.get("Retry-After")))
    if not isinstance(name, str):
        return PassingError(f"http_{status}")  # not Slack's own words: something on the way
    if status >= 500 or name in _PASSING:
        return PassingError(name)
    details = (body.get("response_metadata") or {}).get("messages") or ()
    return RefusedError(name, tuple(str(detail) for detail in details))


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None


def _report(refused: RefusedError | PassingError) -> None:
    """Log a failure by Slack's name for it; `details` speak of the blocks, which come from the data file."""
    if isinstance(refused, PassingError):
        logs.event("post", outcome="failed", error=str(refused), level=logging.WARNING)
        return
    error = "; ".join([str(refused), *refused.details])
    level = logging.ERROR if str(refused) in _MALFORMED else logging.WARNING
    logs.event("post", outcome="refused", error=error, level=level)
    if refused.concerns_token:
        logs.event(
            "token",
            outcome="operator_needed",
            error=f"{refused}: reinstall the app in Slack's settings, then set SLACK_BOT_TOKEN anew",
            level=logging.ERROR,
        )
