"""What is under way in a door: its failures are told by kind, and a stop waits for it."""

import asyncio

import pytest

from slackbot.work.claims import MemoryClaims
from slackbot.work.running import Running


def test_a_failure_in_the_background_is_told_by_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    async def fail() -> None:
        raise LookupError

    async def work() -> None:
        running = Running()
        running.start("share", fail())
        await running.drain()

    asyncio.run(work())
    (line,) = "".join(capsys.readouterr()).splitlines()
    assert " ERROR share outcome=failed exception=LookupError at=" in line


def test_what_nobody_holds_can_be_given_back() -> None:
    asyncio.run(MemoryClaims().release("C1:1700000000.000100"))
