"""Slack's Web API and response_urls: how they are called, and what their errors mean."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from slackbot import logs
from slackbot.settings import Settings
from slackbot.slack.network import open_network, reason

T = TypeVar("T")

POST_SECONDS = 30.0  # Slack may still make a post that it has not answered for so long
PROMPT_SECONDS = 2.5  # of the 3 that Slack waits for us
RESPOND_SECONDS = 10.0
RETRY_AFTER_MOST = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 1.5  # nobody is deaf for more than 5 s after Slack's return
ANOTHER_CALL_SECONDS = 2.5
OPEN_CALL_SECONDS = 20.0
KEPT_SECONDS = 4.0  # a connection that waits for the next call; Node and uvicorn close an idle one after 5
TELL_SECONDS = 20.0  # between two log lines about the same call

_NAME = re.compile(r"[a-z0-9_]{1,80}")
_POINTER = re.compile(r"\[json-pointer:(/[a-z0-9_/]{1,200})\]")
_SLACKS_HOSTS = ("slack.com", "slack-gov.com")
_AUTH = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_SCOPE = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})
_MALFORMED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
# What https://docs.slack.dev/reference/methods says of the methods used here, less what it calls temporary. Any
# other name may mean anything, a trouble of tomorrow's Slack too, so it is taken for passing.
_REFERENCE = """
    access_denied accesslimited as_user_not_supported cannot_dm_bot cannot_reply_to_message cant_update_message
    channel_not_found edit_window_closed message_not_found
    channel_type_not_supported deprecated_endpoint ekm_access_denied enterprise_is_restricted exchanged_trigger_id
    expired_trigger_id forbidden_team insecure_request invalid_arg_name invalid_arguments invalid_array_arg
    invalid_attachments invalid_charset invalid_form_data invalid_post_type invalid_trigger_id is_archived is_bot
    is_inactive markdown_text_conflict messages_tab_disabled method_deprecated missing_args missing_post_type no_text
    not_enabled not_in_channel push_limit_reached restricted_action restricted_action_non_threadable_channel
    restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
    team_access_not_granted team_not_found too_many_attachments trigger_exchanged two_factor_setup_required
    unknown_method user_disabled user_not_found user_not_in_channel user_not_visible view_too_large
"""
_PERMANENT = _AUTH | _SCOPE | _MALFORMED | frozenset(_REFERENCE.split())


class PassingError(Exception):
    """It failed now and may succeed later: leave it to Slack's redelivery. `reason` is a name for the log."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class RefusedError(Exception):
    """Slack said no, and will say no again. `reason` is Slack's name for it, `places` are the blocks it names."""

    def __init__(self, reason: str, places: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.places = places

    @property
    def concerns_token(self) -> bool:
        """True when only the operator can help: the token or its scopes."""
        return self.reason in _AUTH or self.concerns_scopes

    @property
    def concerns_scopes(self) -> bool:
        """True when the token is good, but not for this."""
        return self.reason in _SCOPE

    @property
    def concerns_blocks(self) -> bool:
        """True when the same message may be taken without its blocks."""
        return self.reason in _MALFORMED


def web_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client that never sends twice by itself: slack_sdk's default re-sends a post whose reply got lost.

    How long it waits, `call` says.
    """
    return open_network(settings.network).web_client(settings.api_url, token, timeout=int(2 * POST_SECONDS))


@asynccontextmanager
async def kept_connections(client: AsyncWebClient) -> AsyncIterator[None]:
    """While it lasts, calls of `client` and its copies that follow each other soon share their connections.

    By itself slack_sdk opens one for each call, and over TLS that takes longer than the call.
    """
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS)  # no call waits for another's end
    timeout = aiohttp.ClientTimeout(total=client.timeout)
    jar = aiohttp.DummyCookieJar()  # nothing of one person's call goes with the next one's
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as client.session:
        yield


async def call(
    method: Callable[[], Awaitable[AsyncSlackResponse]], seconds: float = POST_SECONDS
) -> AsyncSlackResponse:
    """Await one call of the Web API, for so long. Raises PassingError or RefusedError, never what the client raises.

    The client's exceptions hold the whole response, so they are not chained.
    """
    try:
        async with asyncio.timeout(seconds):
            return await method()
    except SlackApiError as error:
        raise _verdict(error) from None
    except (aiohttp.ClientError, OSError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A timeout is an OSError. Most others are what slack_sdk makes of a 200 with something else than an object.
        raise PassingError(reason(error)) from None


async def patiently(name: str, method: Callable[[], Awaitable[T]]) -> T:
    """Call until Slack answers, with growing pauses; `method` raises as `call` does.

    A call that has no answer yet is left open, and another made beside it: on a slow line the first will answer,
    at a Slack that has come back the second. Raises RefusedError when an operator must help.
    """
    clock = asyncio.get_running_loop().time
    calls: set[asyncio.Task[T]] = set()
    pause, quiet_until = FIRST_PAUSE, clock()
    try:
        while True:
            calls.add(asyncio.ensure_future(method()))
            due = clock() + ANOTHER_CALL_SECONDS
            while (left := due - clock()) > 0:
                ended, calls = await asyncio.wait(calls, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                for each in ended:
                    if (failure := each.exception()) is None:
                        return each.result()
                    due = clock() + max(pause, _pause_after(failure))
                    if clock() >= quiet_until:
                        quiet_until = clock() + TELL_SECONDS
                        reason = getattr(failure, "reason", None)
                        logs.event(name, outcome="retrying", error=reason, level=logging.WARNING)
                if not calls:
                    await asyncio.sleep(due - clock())
            pause = min(2 * pause, LONGEST_PAUSE)
    finally:
        for each in calls:
            each.cancel()


def is_slacks(url: str, api_url: str) -> bool:
    """Whether a response_url leads to Slack, or to where its API is told to be."""
    api = URL(api_url)
    try:
        scheme, host = URL(url).scheme, URL(url).host or ""
    except ValueError:
        return False
    if (scheme, host) == (api.scheme, api.host):
        return True
    return scheme == "https" and any(host == each or host.endswith(f".{each}") for each in _SLACKS_HOSTS)


async def respond(url: str, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Send to a response_url, once, by the way that `client` takes to Slack.

    Raises RefusedError when Slack did not take it, PassingError when it may have.
    """
    try:
        async with (
            asyncio.timeout(RESPOND_SECONDS),
            aiohttp.ClientSession() as session,
            session.post(url, json=body, allow_redirects=False, proxy=client.proxy, ssl=client.ssl or True) as response,
        ):
            status, text = response.status, await response.text()
    except aiohttp.InvalidURL:
        raise RefusedError("invalid_url") from None
    except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:  # a timeout is an OSError
        raise PassingError(reason(error)) from None
    if status >= 500:
        raise PassingError(f"http_{status}")
    if status != 200:
        raise RefusedError(f"http_{status}")
    if _says_no(text):
        raise RefusedError("not_ok")


def _pause_after(failure: BaseException) -> float:
    """How long Slack asks to wait after a failed call. Raises the failure when waiting is no help."""
    if isinstance(failure, PassingError):
        return min(failure.retry_after or 0.0, RETRY_AFTER_MOST)
    if isinstance(failure, RefusedError) and not failure.concerns_token:
        return 0.0
    raise failure


def _says_no(text: str) -> bool:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return False  # mostly the two letters "ok"
    return isinstance(body, dict) and body.get("ok") is False


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
    if status >= 500 or name not in _PERMANENT:
        return PassingError(name if _NAME.fullmatch(name) else "unknown_error")
    return RefusedError(name, tuple(_POINTER.findall(str(body.get("response_metadata")))))


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None
