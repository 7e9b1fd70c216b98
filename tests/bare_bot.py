"""The app without a door around it, beside the stand-in: what both doors do with a payload."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from unittest import mock

from doors import Json, environment, read_once
from reading import matcher_of
from slack_bolt.app.async_app import AsyncApp

from slackbot import settings
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.identity import Identity, introduce, stay_known
from slackbot.work.claims import MemoryClaims
from slackbot.work.running import Running
from standin.slack import Slack

REDELIVERED_AFTER = (0.0, 60.0, 300.0)
SLACKS_PATIENCE = 3.0


@dataclass(frozen=True)
class BareBot:
    """A bot that has been introduced."""

    slack: Slack
    app: AsyncApp
    identity: Identity
    running: Running

    async def post(self, payload: Json) -> int:
        """Deliver a payload once; the status it is answered with."""
        return int((await dispatch(self.app, self.identity, payload)).status)

    async def deliver(self, payload: Json) -> list[int]:
        """Deliver an event at Slack's own pauses, four times at most; what each delivery was answered."""
        clock = asyncio.get_running_loop().time
        statuses: list[int] = []
        for pause in (0.0, *REDELIVERED_AFTER):
            await asyncio.sleep(pause)
            started = clock()
            statuses.append(await self.post(payload))
            assert clock() - started < SLACKS_PATIENCE, "Slack has stopped waiting"
            if statuses[-1] == 200:
                break
        return statuses

    @property
    def texts(self) -> list[str]:
        """What stands at Slack."""
        return [each.text for each in self.slack.messages]


@asynccontextmanager
async def bare_bot(slack: Slack) -> AsyncIterator[BareBot]:
    """A bot on the running loop's clock."""
    with mock.patch.dict(os.environ, environment(slack), clear=True):
        chosen = settings.load(settings.HTTP)
    identity, running = Identity(), Running()
    app = build_app(chosen, matcher_of(read_once(chosen.data, None)), identity, MemoryClaims(), running)
    await introduce(chosen, identity)
    knowing = asyncio.create_task(stay_known(chosen, identity))
    yield BareBot(slack, app, identity, running)
    await running.drain()
    knowing.cancel()
    with suppress(asyncio.CancelledError):
        await knowing
