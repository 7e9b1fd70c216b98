"""What people send, and what they get: Slack payload → match → card → acknowledgement or post."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import cards, logs
from slackbot.catalog import Catalog
from slackbot.delivery import Claims, once, post
from slackbot.matching import match


def register(app: AsyncApp, catalog: Catalog, claims: Claims) -> None:
    """Give the app its listeners: `/ivig` and mentions."""
    match("", catalog)  # makes the catalog ready for matching before anybody waits for it

    @app.command("/ivig")
    async def look_up(ack: AsyncAck, command: dict[str, Any]) -> None:
        started = time.perf_counter()
        found = match(command.get("text", ""), catalog)
        message = cards.card(found, catalog)
        # With in_channel Slack shows the typed command to everybody as well.
        response_type = "in_channel" if found.public and found.answered else "ephemeral"
        await ack(text=message.text, blocks=message.blocks, response_type=response_type)
        logs.event("command", outcome=found.outcome, entries=found.answered, ms=logs.milliseconds_since(started))

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        started = time.perf_counter()
        event_id = body["event_id"]
        if not _asked_by_a_person(event):
            logs.event("mention", event_id=event_id, outcome="ignored")
            return
        async with once(claims, event_id) as first:
            if not first:
                logs.event("mention", event_id=event_id, outcome="answered_before")
                return
            outcome, entries, message = _reply(event.get("text", ""), catalog)
            delivery = await post(
                client,
                message,
                channel=event["channel"],
                thread_ts=event.get("thread_ts") or event["ts"],
                asker=event.get("user"),
            )
        logs.event(
            "mention",
            event_id=event_id,
            outcome=outcome,
            entries=entries,
            delivery=delivery,
            ms=logs.milliseconds_since(started),
        )


def _asked_by_a_person(event: Mapping[str, Any]) -> bool:
    """False for what bots, workflows and edits bring: answering those can go round in circles."""
    return not any(event.get(sign) for sign in ("bot_id", "subtype", "edited"))


def _reply(text: str, catalog: Catalog) -> tuple[str, tuple[str, ...], cards.Message]:
    """The reply to a mention; an apology when our own code fails, since a redelivery would fail again."""
    try:
        found = match(text, catalog)
        return found.outcome, found.answered, cards.thread_reply(found, catalog)
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event("mention", outcome="failed", level=logging.ERROR, failure=failure)
        return "failed", (), cards.apology()
