"""Looking something up where nobody else reads along: in a modal, opened from Slack's shortcuts or from the Home.

What is typed there is matched and forgotten: no view carries it, and nothing of a name half typed is logged.
"""

import time
from functools import cached_property
from typing import Any

from msgspec import Struct
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import logs
from slackbot.cards import wording
from slackbot.cards.card import Audience, Cards
from slackbot.cards.choice import Choice
from slackbot.cards.typeahead import Typeahead
from slackbot.matching.match import Match, Matcher
from slackbot.slack import blocks
from slackbot.slack.delivery import open_modal, tell, update_modal
from slackbot.slack.payloads import Asker, typed_in, value_of

APOLOGY = {"response_action": "errors", "errors": {blocks.TYPED: wording.APOLOGY}}
"""What a modal shows below its field when no listener could answer."""


class LookUp(Struct, frozen=True, dict=True):
    """What the bot does with a search. Bolt reads off their names what the parameters are given."""

    matcher: Matcher
    cards: Cards

    @cached_property
    def typeahead(self) -> Typeahead:
        """The names to choose from."""
        return Typeahead(self.matcher)

    async def start(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Open a search for whoever took the shortcut."""
        await ack()
        if await open_modal(client, body, blocks.look_up(self.cards.search())):
            logs.event("look_up", outcome="opened")
        else:
            await tell(client, blocks.line(wording.APOLOGY), Asker.pressing(body))

    async def names(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Offer the names that begin as what is being typed."""
        await ack(options=blocks.options(self.typeahead.offers(body["value"], blocks.OPTION_VALUE)))

    async def submission(self, ack: AsyncAck, view: dict[str, Any]) -> None:
        """Answer what was typed, in the place of the modal where it was."""
        started = time.perf_counter()
        match = self.matcher.match(typed_in(view, blocks.TYPED))
        await ack(response_action="update", view=blocks.look_up(self.cards.result(match)))
        _log(match, started)

    async def typed(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        """Answer what was typed in the Home, in a modal."""
        await ack()
        await self._show(client, body, self.matcher.match(value_of(action)))

    async def named(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        """Show the name that was chosen: in the modal where it was, or from the Home in one of its own."""
        await ack()
        try:
            match = Choice.decode(value_of(action)).match(self.matcher)
        except ValueError:
            match = None
        await self._show(client, body, match)

    async def _show(self, client: AsyncWebClient, body: dict[str, Any], match: Match | None) -> None:
        """Show the card; as a message to the asker, where no modal can be. None: it has left the data file."""
        started = time.perf_counter()
        view, before = blocks.look_up(self.cards.result(match) if match else self.cards.gone()), body.get("view") or {}
        if before.get("callback_id") == blocks.LOOK_UP:
            is_shown = await update_modal(client, before.get("id") or "", view)
        else:
            is_shown = await open_modal(client, body, view)
        delivery = "opened"
        if not is_shown:
            card = self.cards.reply(match, Audience.DIRECT) if match else self.cards.gone()
            delivery = await tell(client, blocks.message(card), Asker.pressing(body))
        _log(match, started, delivery)


def register(app: AsyncApp, search: LookUp) -> None:
    """Give the app its listeners."""
    app.global_shortcut("look_up")(search.start)
    app.view(blocks.LOOK_UP)(search.submission)
    app.options(blocks.NAMED)(search.names)
    app.block_action(blocks.TYPED)(search.typed)
    app.block_action(blocks.NAMED)(search.named)


def _log(match: Match | None, started: float, delivery: str | None = None) -> None:
    logs.event(
        "look_up",
        outcome=match.outcome if match else "not_found",
        entries=match.answered if match else (),
        delivery=delivery,
        ms=logs.milliseconds_since(started),
    )
