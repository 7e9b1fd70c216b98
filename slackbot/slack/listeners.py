"""What people send, and what they get: Slack payload → match → card → acknowledgement, post or view."""

import logging
import re
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import logs
from slackbot.cards import wording
from slackbot.cards.card import Audience, Card, Cards
from slackbot.cards.choice import Choice
from slackbot.matching.match import Match, Matcher, Outcome
from slackbot.slack import blocks
from slackbot.slack.blocks import Message
from slackbot.slack.command import answer
from slackbot.slack.delivery import Asker, PassingError, RefusedError, call, once, post, share, tell, whisper
from slackbot.work.claims import Claims
from slackbot.work.running import Running


def register(app: AsyncApp, matcher: Matcher, claims: Claims, running: Running, *, private: bool = False) -> None:
    """Give the app its listeners: `/ivig`, mentions, direct messages, buttons, the shortcut and the Home.

    Buttons and the shortcut are acknowledged at once, and what then waits for Slack is left to `running`.
    With `private` only the asker sees what `/ivig` answers, unless the text says otherwise.
    """
    cards = Cards(matcher.content)

    @app.command("/ivig")
    async def look_up(command: dict[str, Any]) -> BoltResponse:
        started = time.perf_counter()
        answered = answer(command.get("text", ""), matcher, private=private)
        _log("command", answered.match, started)
        # What `ack` would make, less the writing of the same JSON each time.
        return BoltResponse(status=200, body=answered.as_json)

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        await answer_message("mention", event, body["event_id"], client)

    @app.event("message")
    async def written(event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        await answer_message("message", event, body["event_id"], client)

    async def answer_message(kind: str, event: Mapping[str, Any], event_id: str, client: AsyncWebClient) -> None:
        started = time.perf_counter()
        channel, ts, user = event["channel"], event["ts"], event.get("user")
        direct = channel.startswith("D")
        if not _asked_by_a_person(event) or (kind == "message" and not direct):
            logs.event(kind, event_id=event_id, outcome="ignored")
            return
        # By the message, not by event_id: one message can come as a mention and as a direct message.
        async with once(claims, f"{channel}:{ts}") as first:
            if not first:
                logs.event(kind, event_id=event_id, outcome="answered_before")
                return
            thread_ts = event.get("thread_ts") or (None if direct else ts)
            found, message = _reply(kind, event.get("text") or "", matcher, cards, direct, thread_ts)
            delivery = await post(client, message, channel=channel, thread_ts=thread_ts, asker=None if direct else user)
        _log(kind, found, started, event_id=event_id, delivery=delivery)
        if found and user and not direct and delivery.startswith("posted"):
            running.start("choices", _offer(client, found, cards, Asker(user, channel, thread_ts)))

    @app.block_action(re.compile(f"^{re.escape(blocks.OPEN)}"))
    async def asked(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        asker, choice = _presser(body), _carried(action)
        found = choice.match(matcher) if choice else None
        # Not left to the background: the trigger lives three seconds.
        if body.get("view") or (choice and choice.in_detail):
            view = blocks.modal(cards.chosen_in_detail(choice, found))
            if await _open(client, body, view):
                _log("action", found, delivery="opened")
                return
        running.start("action", _tell("action", client, found, cards.chosen(choice, found), asker))

    @app.block_action(blocks.SHARE)
    async def shared(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        asker, choice = _presser(body), _carried(action)
        found = choice.match(matcher) if choice else None
        if choice and found and asker.response_url:
            message = blocks.message(cards.shared(found, user=asker.user, thread=choice.thread))
            message_ts = (body.get("container") or {}).get("message_ts")
            key = f"share:{asker.channel}:{message_ts}:{asker.user}"
            running.start("share", _share(client, claims, key, message, asker, choice))
        else:
            running.start("share", _tell("share", client, None, cards.gone(), asker))

    @app.message_shortcut("look_up_message")
    async def look_up_message(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        said = body["message"]
        found = matcher.match(said.get("text") or "")
        thread_ts = said.get("thread_ts") or said["ts"]
        card = (
            cards.nothing_in_message(thread_ts)
            if found.outcome in _NOT_ASKING
            else cards.card(found, Audience.ASKER, thread_ts)
        )
        running.start("shortcut", _tell("shortcut", client, found, card, _asker(body, said, said["ts"])))

    @app.event("app_home_opened")
    async def home_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab") != "home":
            return
        try:
            await call(partial(client.views_publish, user_id=event["user"], view=blocks.home(cards.home())))
        except RefusedError as refused:
            _log_failure("home", refused)


# What a message is to the bot when it was not written to it.
_NOT_ASKING = frozenset({Outcome.MISS, Outcome.HELP, Outcome.LIST, Outcome.ABOUT, Outcome.THANKS})
_WRITTEN = (None, "file_share", "thread_broadcast")  # subtypes of what people write; all others report something


def _asked_by_a_person(event: Mapping[str, Any]) -> bool:
    """False for what bots, workflows and edits bring: answering those can go round in circles."""
    return event.get("subtype") in _WRITTEN and not event.get("bot_id") and not event.get("edited")


def _reply(
    kind: str, text: str, matcher: Matcher, cards: Cards, direct: bool, thread_ts: str | None
) -> tuple[Match | None, Message]:
    """The reply to a message; an apology when our own code fails, since a redelivery would fail again."""
    try:
        found = matcher.match(text)
        card = cards.reply(found, Audience.DIRECT) if direct else cards.thread_reply(found, thread_ts)
        return found, blocks.message(card)
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event(kind, outcome="failed", level=logging.ERROR, failure=failure)
        return None, blocks.line(wording.APOLOGY)


def _presser(body: Mapping[str, Any]) -> Asker:
    container = body.get("container") or {}
    return _asker(body, container, container.get("message_ts"))


def _asker(body: Mapping[str, Any], place: Mapping[str, Any], ts: str | None) -> Asker:
    """Who did something with the message `place`. The first message of a thread is seen in the channel."""
    thread_ts = place.get("thread_ts")
    return Asker(
        user=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id"),
        thread_ts=None if thread_ts == ts else thread_ts,
        response_url=body.get("response_url"),
    )


def _carried(action: Mapping[str, Any]) -> Choice | None:
    """What the button or the menu's option stands for; None when this version of the bot can't read it."""
    try:
        return Choice.decode((action.get("selected_option") or action).get("value") or "")
    except ValueError:
        return None


async def _tell(kind: str, client: AsyncWebClient, found: Match | None, card: Card, asker: Asker) -> None:
    started = time.perf_counter()
    _log(kind, found, started, delivery=await tell(client, blocks.message(card), asker))


async def _share(
    client: AsyncWebClient, claims: Claims, key: str, message: Message, asker: Asker, choice: Choice
) -> None:
    """Share once, however often the button is pressed, and tell the presser when it did not work."""
    started = time.perf_counter()
    trouble = None
    try:
        async with once(claims, key) as first:
            if not first:
                logs.event("share", outcome="shared_before")
                return
            try:
                await share(message, str(asker.response_url), choice.thread)
            except PassingError as unsure:  # the claim stays: rather no card than two
                _log_failure("share", unsure)
                trouble = wording.MAYBE_SHARED
    except PassingError:
        logs.event("share", outcome="under_way")
        return
    except RefusedError as refused:
        _log_failure("share", refused)
        trouble = wording.NOT_SHARED
    delivery = await tell(client, blocks.line(trouble), asker) if trouble else "shared"
    logs.event(
        "share", outcome=choice.outcome, entries=choice.entries, delivery=delivery, ms=logs.milliseconds_since(started)
    )


async def _offer(client: AsyncWebClient, found: Match, cards: Cards, asker: Asker) -> None:
    """Show the asker alone what can be chosen, when there is something to choose; it is no loss when that fails."""
    if choices := cards.choices(found, asker.thread_ts):
        try:
            await whisper(client, blocks.message(choices), asker)
        except (PassingError, RefusedError) as error:
            _log_failure("choices", error)


async def _open(client: AsyncWebClient, body: Mapping[str, Any], view: dict[str, Any]) -> bool:
    """Open a modal, on top of the one where something was pressed; False when Slack did not."""
    method = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
    try:
        await call(partial(method, trigger_id=body.get("trigger_id") or "", view=view))
    except (PassingError, RefusedError) as error:
        _log_failure("modal", error)
        return False
    return True


def _log(
    kind: str,
    found: Match | None,
    started: float | None = None,
    *,
    event_id: str | None = None,
    delivery: str | None = None,
) -> None:
    logs.event(
        kind,
        event_id=event_id,
        outcome=found.outcome if found else "not_found",
        entries=found.answered if found else (),
        delivery=delivery,
        ms=None if started is None else logs.milliseconds_since(started),
    )


def _log_failure(kind: str, error: PassingError | RefusedError) -> None:
    logs.event(kind, outcome="failed", error=str(error), level=logging.WARNING)
