"""What people send, and what they get: Slack payload → match → card → acknowledgement, post or view."""

import logging
import re
import time
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from msgspec import Struct
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import logs
from slackbot.cards import wording
from slackbot.cards.card import Audience, Card, Cards, Line, is_open
from slackbot.cards.choice import Choice
from slackbot.matching.match import Match, Matcher, Outcome
from slackbot.signing.records import signed_cards
from slackbot.slack import blocks, markup
from slackbot.slack.api import PROMPT_SECONDS, PassingError, RefusedError, call
from slackbot.slack.blocks import Message
from slackbot.slack.command import answer
from slackbot.slack.delivery import Delivery, open_modal, post, post_privately, share, tell, whisper
from slackbot.slack.identity import Identity
from slackbot.slack.payloads import Asker, Question, value_of
from slackbot.slack.wish import Wish
from slackbot.slack.writing import Writing
from slackbot.work.claims import CARD, LASTING, Claims, PendingError, lease, turn
from slackbot.work.running import Running, UnfinishedError

# What a message is to the bot when it was not written to it.
_NOT_ASKING = frozenset({Outcome.MISS, Outcome.HELP, Outcome.LIST, Outcome.ABOUT, Outcome.THANKS})


class Reply(Struct, frozen=True):
    """What a message is answered with."""

    match: Match | None
    """None when our own code failed."""
    message: Message
    private: bool = False
    """Whether only the asker may see it, who wrote where others read."""

    @property
    def is_open(self) -> bool:
        """Whether an edit of the question may still make a card of it."""
        return self.match is None or is_open(self.match)


class Listeners(Struct, frozen=True, dict=True):
    """What the bot does with each kind of payload. Bolt reads off their names what the parameters are given.

    Buttons and the shortcut are acknowledged at once, and what then waits for Slack is left to `running`.
    """

    matcher: Matcher
    identity: Identity
    claims: Claims
    running: Running
    private: bool = False
    """Whether only the asker sees what `/ivig` answers, unless the text says otherwise."""
    command_name: str = wording.COMMAND
    """What people type in place of `/ivig`."""

    @cached_property
    def cards(self) -> Cards:
        """The cards of the content that is answered from."""
        return signed_cards(self.matcher, command=self.command_name)

    @cached_property
    def cards_abroad(self) -> Cards:
        """The cards for where another organisation reads along: whom to ask here is nothing to them."""
        return signed_cards(self.matcher, abroad=True, command=self.command_name)

    async def command(self, command: dict[str, Any]) -> BoltResponse:
        """Answer `/ivig` in the acknowledgement."""
        started = time.perf_counter()
        reply = answer(
            markup.plain(command.get("text", "")), self.matcher, private=self.private, command=self.command_name
        )
        _log("command", reply.match, started)
        # What `ack` would make, less the writing of the same JSON each time.
        return BoltResponse(status=200, body=reply.as_json)

    async def mention(self, event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        """Answer a mention in its thread. Raises PassingError."""
        question = Question.read(event, abroad=body.get("is_ext_shared_channel") is True)
        await self._answer_message("mention", question, body["event_id"], client)

    async def message(self, event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        """Answer what is written to the bot alone. Raises PassingError."""
        question = Question.read(event)
        if question.direct:
            await self._answer_message("message", question, body["event_id"], client)
        else:
            logs.event("message", event_id=body["event_id"], outcome="ignored")

    async def button(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        """Show whoever pressed a button or chose from a menu what it asks for."""
        started = time.perf_counter()
        await ack()
        started, choice = time.perf_counter(), _carried(action)
        match = choice.match(self.matcher) if choice else None
        # Not left to the background: the trigger lives three seconds.
        if body.get("view") or (choice and choice.in_detail):
            view = blocks.modal(self.cards.chosen_in_detail(choice, match))
            if await open_modal(client, body, view):
                _log("action", match, started, delivery="opened")
                return
        card = self.cards.chosen(choice, match)
        self.running.start("action", _tell("action", client, match, card, Asker.pressing(body)))

    async def share(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        """Show everybody the card that the presser sees."""
        await ack()
        asker, choice = Asker.pressing(body), _carried(action)
        match = choice.match(self.matcher) if choice else None
        if choice and match and asker.response_url:
            message = blocks.message(self.cards.shared(match, user=asker.user, thread=choice.thread))
            self.running.start("share", _share(client, self.claims, message, asker, choice))
        else:
            self.running.start("share", _tell("share", client, None, self.cards.gone(), asker))

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Look a message up for whoever took the shortcut from its menu."""
        await ack()
        source = body["message"]
        writing = Writing.read(source)
        match = self.matcher.match(writing.text)
        thread_ts = source.get("thread_ts") or source["ts"]
        if match.outcome not in _NOT_ASKING:
            card = self.cards.card(match, Audience.ASKER, thread_ts)
        elif writing.files_alone:
            card = self.cards.no_files(Audience.ASKER, thread_ts)
        else:
            card = self.cards.nothing_in_message(thread_ts)
        self.running.start("shortcut", _tell("shortcut", client, match, card, Asker.taking(body)))

    async def home(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        """Make the Home anew whenever it is opened. Raises PassingError."""
        if event.get("tab") != "home":
            return
        try:
            await call(
                partial(client.views_publish, user_id=event["user"], view=blocks.home(self.cards.home())),
                PROMPT_SECONDS,
            )
        except RefusedError as refused:
            _log_failure("home", refused)

    async def _answer_message(self, kind: str, question: Question, event_id: str, client: AsyncWebClient) -> None:
        """Answer a message, or leave the answer to itself when Slack can't wait for it. Raises PassingError."""
        if not question.by_person:
            logs.event(kind, event_id=event_id, outcome="ignored")
            return
        try:
            await self.running.within(PROMPT_SECONDS, kind, self._answer_once(kind, question, event_id, client))
        except PendingError:
            raise PassingError("pending") from None
        except UnfinishedError:  # the next delivery finds it done, or meets it
            raise PassingError("slow") from None

    async def _answer_once(self, kind: str, question: Question, event_id: str, client: AsyncWebClient) -> None:
        """Answer a message under its lease. Raises PassingError, and PendingError when another is at it.

        An edit is work of its own once the message has been answered, and only as long as that has brought no card.
        """
        async with lease(self.claims, question.key, PROMPT_SECONDS) as first:
            if first:
                await self._answer(kind, question, event_id, client)
                return
        if question.edited_ts:
            async with lease(self.claims, f"{question.key}:{question.edited_ts}", PROMPT_SECONDS) as first:
                if first and await self._answer_edit(kind, question, event_id, client):
                    return
        logs.event(kind, event_id=event_id, outcome="answered_before")

    async def _answer_edit(self, kind: str, question: Question, event_id: str, client: AsyncWebClient) -> bool:
        """Answer an edit, unless the message has its card. One edit at a time: an older one must not undo a card."""
        async with turn(self.claims, f"{question.key}:edit", PROMPT_SECONDS):
            line = await self.claims.line(question.key)
            if line != CARD:
                await self._answer(kind, question, event_id, client, line)
            return line != CARD

    async def _answer(
        self, kind: str, question: Question, event_id: str, client: AsyncWebClient, line: str = CARD
    ) -> None:
        """Answer a message, in the place of a line that it was answered with before. Raises PassingError."""
        started = time.perf_counter()
        reply = self._reply(kind, question)
        delivery = await self._post(client, reply, question, None if line in (CARD, LASTING) else line)
        if reply.is_open:
            await self.claims.note(question.key, delivery.ts or LASTING)
        elif line != CARD:
            await self.claims.note(question.key, CARD)
        _log(kind, reply.match, started, event_id=event_id, delivery=delivery.outcome)
        if reply.match and question.user and not question.direct and delivery.ts:
            asker = Asker(question.user, question.channel, question.thread_ts)
            self.running.start("choices", _offer(client, reply.match, self.cards, asker))

    async def _post(self, client: AsyncWebClient, reply: Reply, question: Question, line: str | None) -> Delivery:
        """Post the answer. A refused token is passing until it has been refused for long. Raises PassingError."""
        channel, user = question.channel, question.user
        try:
            if reply.private and user:
                # A thread of its own a message may not have yet, and Slack shows nobody what stands in none.
                delivery = await post_privately(client, reply.message, Asker(user, channel, question.parent_ts))
            else:
                delivery = await post(
                    client,
                    reply.message,
                    channel=channel,
                    thread_ts=question.thread_ts,
                    asker=None if question.direct else user,
                    line=line,
                )
        except RefusedError as refused:
            self.identity.refused(refused)
            if not self.identity.lost:
                raise PassingError(refused.reason) from None
            return Delivery("refused")
        self.identity.accepted()
        return delivery

    def _reply(self, kind: str, question: Question) -> Reply:
        """The reply to a message; an apology when our own code fails, since a redelivery would fail again."""
        try:
            wish = Wish.read(question.writing.text)
            match = wish.match(self.matcher)
            private = wish.private is True and not question.direct
            return Reply(match, blocks.message(self._card(match, question, private=private)), private)
        except Exception as failure:  # noqa: BLE001  # logged with its type and place
            logs.event(kind, outcome="failed", level=logging.ERROR, failure=failure)
            return Reply(None, blocks.line(wording.APOLOGY))

    def _card(self, match: Match, question: Question, *, private: bool) -> Card | Line:
        audience = Audience.DIRECT if question.direct else Audience.ASKER if private else Audience.CHANNEL
        if question.writing.files_alone and match.outcome in _NOT_ASKING:
            return self.cards.no_files(audience, question.thread_ts)
        if audience is Audience.DIRECT:
            return self.cards.reply(match, audience)
        if audience is Audience.ASKER:
            return self.cards.reply(match, audience, question.thread_ts)
        return (self.cards_abroad if question.abroad else self.cards).thread_reply(match, question.thread_ts)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Give the app its listeners."""
    app.command(listeners.command_name)(listeners.command)
    app.event("app_mention")(listeners.mention)
    app.event("message")(listeners.message)
    app.block_action(re.compile(f"^{re.escape(blocks.OPEN)}"))(listeners.button)
    app.block_action(blocks.SHARE)(listeners.share)
    app.message_shortcut("look_up_message")(listeners.shortcut)
    app.event("app_home_opened")(listeners.home)


def _carried(action: Mapping[str, Any]) -> Choice | None:
    """What the button or the menu's option stands for; None when this version of the bot can't read it."""
    try:
        return Choice.decode(value_of(action))
    except ValueError:
        return None


async def _tell(kind: str, client: AsyncWebClient, match: Match | None, card: Card, asker: Asker) -> None:
    started = time.perf_counter()
    _log(kind, match, started, delivery=await tell(client, blocks.message(card), asker))


async def _share(client: AsyncWebClient, claims: Claims, message: Message, asker: Asker, choice: Choice) -> None:
    """Share once, however often the button is pressed, and tell the presser when it did not work."""
    started = time.perf_counter()
    trouble = None
    try:
        async with lease(claims, f"share:{asker.channel}:{asker.message_ts}:{asker.user}") as first:
            if not first:
                logs.event("share", outcome="shared_before")
                return
            try:
                await share(client, message, str(asker.response_url), choice.thread)
            except PassingError as unsure:  # the claim stays: rather no card than two
                _log_failure("share", unsure)
                trouble = wording.MAYBE_SHARED
    except PendingError:
        logs.event("share", outcome="under_way")
        return
    except RefusedError as refused:
        _log_failure("share", refused)
        trouble = wording.NOT_SHARED
    delivery = await tell(client, blocks.line(trouble), asker) if trouble else "shared"
    logs.event(
        "share", outcome=choice.outcome, entries=choice.entries, delivery=delivery, ms=logs.milliseconds_since(started)
    )


async def _offer(client: AsyncWebClient, match: Match, cards: Cards, asker: Asker) -> None:
    """Show the asker alone what can be chosen, when there is something to choose; it is no loss when that fails."""
    if choices := cards.choices(match, asker.thread_ts):
        try:
            await whisper(client, blocks.message(choices), asker)
        except (PassingError, RefusedError) as error:
            _log_failure("choices", error)


def _log(
    kind: str,
    match: Match | None,
    started: float | None = None,
    *,
    event_id: str | None = None,
    delivery: str | None = None,
) -> None:
    logs.event(
        kind,
        event_id=event_id,
        outcome=match.outcome if match else "not_found",
        entries=match.answered if match else (),
        delivery=delivery,
        ms=None if started is None else logs.milliseconds_since(started),
    )


def _log_failure(kind: str, error: PassingError | RefusedError) -> None:
    logs.event(kind, outcome="failed", error=error.reason, level=logging.WARNING)
