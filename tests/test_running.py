"""What is under way in a door: its failures are told by kind, and a stop waits for it."""

import asyncio
import logging

import pytest

from slackbot.work.claims import MemoryClaims
from slackbot.work.running import Running


def test_a_failure_in_the_background_is_told_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise LookupError

    async def work() -> None:
        running = Running()
        running.start("share", fail())
        await running.drain()

    with caplog.at_level(logging.ERROR, "slackbot"):
        asyncio.run(work())
    (record,) = caplog.records
    assert record.getMessage() == "share outcome=failed"
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


def test_what_nobody_holds_can_be_given_back() -> None:
    asyncio.run(MemoryClaims().release("C1:1700000000.000100"))
