"""Getting an answer to people: where it goes, and the next way when one fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slackbot import logs
from slackbot.cards import wording
from slackbot.slack.api import POST_SECONDS, PROMPT_SECONDS, PassingError, RefusedError, call, is_slacks, respond
from slackbot.slack.blocks import Message, answered_here
from slackbot.slack.payloads import Asker

_HINDRANCES: dict[str, wording.Hindrance] = {
    "is_archived": "archived",
    "not_in_channel": "absent",
    "channel_not_found": "absent",
}


class Delivery(Struct, frozen=True):
    """What came of an answer."""

    outcome: str
    """A word for the log."""
    ts: str | None = None
    """What it is called in its channel, by which it can be replaced there."""


async def post(
    client: AsyncWebClient,
    message: Message,
    *,
    channel: str,
    thread_ts: str | None,
    asker: str | None,
    line: str | None = None,
) -> Delivery:
    """Post into a channel's thread, or tell the asker directly when the channel will never take it.

    It takes the place of `line`, a message of the bot's there, unless that is gone. Ends within POST_SECONDS. Raises
    PassingError, and RefusedError when only an operator can help.
    """
    deadline = _now() + POST_SECONDS
    if line is not None:
        try:
            return await _replace(client, message, channel, line, deadline)
        except RefusedError as refused:
            _report(refused)
            if refused.concerns_token:
                raise
    try:
        return await _send(client, message, channel, thread_ts, deadline)
    except RefusedError as refused:
        _report(refused)
        if refused.concerns_token:
            raise
        return await _tell_asker(client, message, channel, hindrance=refused, asker=asker, deadline=deadline)


async def post_privately(client: AsyncWebClient, message: Message, asker: Asker) -> Delivery:
    """Show a message to the asker alone where they asked, or tell them directly. Ends and raises as `post` does."""
    deadline = _now() + POST_SECONDS
    try:
        await whisper(client, message, asker)
    except RefusedError as refused:
        _report(refused)
        if refused.concerns_token:
            raise
        return await _tell_asker(
            client, message, asker.channel or "", hindrance=refused, asker=asker.user, deadline=deadline
        )
    return Delivery("whispered")


async def _tell_asker(
    client: AsyncWebClient,
    message: Message,
    channel: str,
    *,
    hindrance: RefusedError,
    asker: str | None,
    deadline: float,
) -> Delivery:
    """Send a direct message that says why it is one."""
    if asker is None:
        return Delivery("refused")
    name = "restricted" if hindrance.reason.startswith("restricted_") else _HINDRANCES.get(hindrance.reason, "")
    try:
        await _send(client, answered_here(message, channel, name), asker, None, deadline)
    except RefusedError as refused:
        _report(refused)
        return Delivery("refused")
    return Delivery("told_asker")


async def tell(client: AsyncWebClient, message: Message, asker: Asker) -> str:
    """Show a message to the asker alone, by the first way that works; returns a word for the log. Never raises.

    The response_url works wherever they are; behind it stand an ephemeral message, where the bot is a member,
    and a direct message.
    """
    ways: list[tuple[str, Callable[[], Awaitable[object]]]] = []
    if asker.response_url:
        ways.append(("responded", partial(_say, client, asker.response_url, "ephemeral", message, asker.thread_ts)))
    if asker.channel:
        ways.append(("whispered", partial(whisper, client, message, asker)))
    ways.append(("told_asker", partial(_send, client, message, asker.user, None, _now() + POST_SECONDS)))
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


async def open_modal(client: AsyncWebClient, payload: Mapping[str, Any], view: dict[str, Any]) -> bool:
    """Open a modal for whoever did something, on top of the one where they did; False when Slack did not."""
    method = client.views_push if (payload.get("view") or {}).get("type") == "modal" else client.views_open
    return await _show(partial(method, trigger_id=payload.get("trigger_id") or "", view=view))


async def update_modal(client: AsyncWebClient, view_id: str, view: dict[str, Any]) -> bool:
    """Put a view into the place of the one that is open; False when Slack did not."""
    return await _show(partial(client.views_update, view_id=view_id, view=view))


async def share(client: AsyncWebClient, message: Message, response_url: str, thread_ts: str | None) -> None:
    """Post a message for everybody where a private one was answered, and take the private one away.

    Works where the bot is no member. Raises PassingError, when it may have been posted all the same, or
    RefusedError; that the private one stays is only logged.
    """
    await _say(client, response_url, "in_channel", message, thread_ts)
    try:
        await _respond(client, response_url, {"delete_original": True})
    except (PassingError, RefusedError) as error:
        _report(error)


async def _show(method: Callable[[], Awaitable[AsyncSlackResponse]]) -> bool:
    try:
        await call(method, PROMPT_SECONDS)
    except (PassingError, RefusedError) as error:
        logs.event("modal", outcome="failed", error=error.reason, level=logging.WARNING)
        return False
    return True


async def _say(client: AsyncWebClient, url: str, response_type: str, message: Message, thread_ts: str | None) -> None:
    """Send a message to a response_url, beside the one it belongs to. Raises as `respond` does."""
    body = {
        "response_type": response_type,
        "replace_original": False,
        "text": message.text,
        "blocks": message.blocks,
    }
    await _respond(client, url, {**body, "thread_ts": thread_ts} if thread_ts else body)


async def _respond(client: AsyncWebClient, url: str, body: dict[str, Any]) -> None:
    """Send to a response_url that leads to Slack. Raises as `respond` does."""
    if not is_slacks(url, client.base_url):
        raise RefusedError("foreign_url")
    await respond(url, body, client)


async def _send(
    client: AsyncWebClient, message: Message, channel: str, thread_ts: str | None, deadline: float
) -> Delivery:
    """Post the message; without its blocks when Slack calls them malformed. Raises as `call` does."""
    bare = partial(
        client.chat_postMessage,
        channel=channel,
        thread_ts=thread_ts,
        text=message.text,
        unfurl_links=False,
        unfurl_media=False,
    )
    return await _with_blocks_or_without("posted", bare, message, deadline)


async def _replace(client: AsyncWebClient, message: Message, channel: str, ts: str, deadline: float) -> Delivery:
    """Put the message in the place of another of the bot's. Raises as `call` does."""
    bare = partial(client.chat_update, channel=channel, ts=ts, text=message.text)
    return await _with_blocks_or_without("replaced", bare, message, deadline)


async def _with_blocks_or_without(
    word: str, bare: Callable[..., Awaitable[AsyncSlackResponse]], message: Message, deadline: float
) -> Delivery:
    try:
        response = await _call_in_time(partial(bare, blocks=message.blocks), deadline)
    except RefusedError as refused:
        if not refused.concerns_blocks:
            raise
        _report(refused)
        response = await _call_in_time(partial(bare, blocks=[]), deadline)
        word = f"{word}_as_text"
    ts = response.get("ts")
    return Delivery(word, ts if isinstance(ts, str) else None)


async def _call_in_time(method: Callable[[], Awaitable[AsyncSlackResponse]], deadline: float) -> AsyncSlackResponse:
    """Call, and again as long as Slack asks for pauses that end before the deadline."""
    while True:
        try:
            return await call(method, deadline - _now())
        except PassingError as passing:
            if passing.retry_after is None or _now() + passing.retry_after >= deadline:
                raise
            await asyncio.sleep(max(passing.retry_after, 1.0))


def _report(error: RefusedError | PassingError) -> None:
    """Log a failure by Slack's name for it, and the places of the blocks that it names."""
    if isinstance(error, PassingError):
        logs.event("post", outcome="failed", error=error.reason, level=logging.WARNING)
        return
    level = logging.ERROR if error.concerns_blocks else logging.WARNING
    logs.event("post", outcome="refused", error="; ".join([error.reason, *error.places]), level=level)


def _now() -> float:
    return asyncio.get_running_loop().time()
