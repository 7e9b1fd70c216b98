"""Slack's Web API and response_urls: how they are called, and what their errors mean."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from slackbot import logs
from slackbot.settings import Settings

POST_TIMEOUT = 2
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
    """It failed now and may succeed later: leave it to Slack's redelivery. `reason` is a name for the log."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class RefusedError(Exception):
    """Slack said no, and will say no again. `reason` is Slack's name for it, `details` are its error lines."""

    def __init__(self, reason: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details

    @property
    def concerns_token(self) -> bool:
        """True when only the operator can help: the token or its scopes."""
        return self.reason in _TOKEN

    @property
    def concerns_blocks(self) -> bool:
        """True when the same message may be taken without its blocks."""
        return self.reason in _MALFORMED


def web_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client that never sends twice by itself: slack_sdk's default re-sends a post whose reply got lost."""
    return AsyncWebClient(
        token=token, base_url=settings.api_url, timeout=POST_TIMEOUT, retry_handlers=[], logger=_sdk_log
    )


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
            logs.event(name, outcome="retrying", error=passing.reason, level=logging.WARNING)
            await asyncio.sleep(max(pause, passing.retry_after or 0))
            pause = min(pause * 2, longest_pause)


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
