"""Getting an answer posted once: which delivery of an event works, and what an error of Slack's means."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slackbot import logs
from slackbot.cards import Message

PENDING_SECONDS = 15.0
DONE_SECONDS = 3600.0
SLACKS_PATIENCE = 3.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

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


class Claim(StrEnum):
    """What a delivery finds when it asks for an event."""

    TAKEN = "taken"
    PENDING = "pending"
    DONE = "done"


class Claims(Protocol):
    """The lease on each event: `pending` while a delivery works on it, `done` afterwards."""

    async def claim(self, event_id: str) -> Claim:
        """TAKEN: it is yours for 15 s. PENDING: another delivery has it. DONE: nothing is left to do."""

    async def done(self, event_id: str) -> None:
        """Remember for an hour that the event has been answered."""

    async def release(self, event_id: str) -> None:
        """Give the event back, so that its next delivery can have it."""


class MemoryClaims:
    """Claims of a single process. Holds `limit` events at most and forgets the oldest first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, limit: int = 10_000) -> None:
        self._clock = clock
        self._limit = limit
        self._held: dict[str, tuple[Claim, float]] = {}

    async def claim(self, event_id: str) -> Claim:
        """See Claims."""
        state, until = self._held.get(event_id, (Claim.TAKEN, 0.0))
        if self._clock() < until:
            return state
        self._hold(event_id, Claim.PENDING, PENDING_SECONDS)
        return Claim.TAKEN

    async def done(self, event_id: str) -> None:
        """See Claims."""
        self._hold(event_id, Claim.DONE, DONE_SECONDS)

    async def release(self, event_id: str) -> None:
        """See Claims."""
        self._held.pop(event_id, None)

    def _hold(self, event_id: str, state: Claim, seconds: float) -> None:
        self._held.pop(event_id, None)  # the newest stands last
        self._held[event_id] = (state, self._clock() + seconds)
        while len(self._held) > self._limit:
            del self._held[next(iter(self._held))]


@asynccontextmanager
async def once(claims: Claims, event_id: str) -> AsyncIterator[bool]:
    """Hold the event while the block runs: True when the block has work to do, False when it was done before.

    Raises PassingError when another delivery is at it. A block that raises gives the event back.
    """
    claim = await claims.claim(event_id)
    if claim is Claim.PENDING:
        raise PassingError("pending")
    if claim is Claim.DONE:
        yield False
        return
    try:
        yield True
    except BaseException:
        await claims.release(event_id)
        raise
    await claims.done(event_id)


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


async def patiently(name: str, method: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Call until Slack answers, with growing pauses. Raises RefusedError."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call(method)
        except PassingError as passing:
            logs.event(name, outcome="retrying", error=str(passing), level=logging.WARNING)
            await asyncio.sleep(max(pause, passing.retry_after or 0))
            pause = min(pause * 2, LONGEST_PAUSE)


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


def _report(refused: RefusedError) -> None:
    """Log a refusal by Slack's name for it; `details` speak of the blocks, which come from the data file."""
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
