"""Every function of ours that may meet typed text, made to raise with all it was given, one after the other.

Run as a process by `test_processes.py`: a payload each with a standard output that works, one that is full, one whose
reader has left, and none.
"""

import asyncio
import importlib
import inspect
import logging
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn
from unittest import mock

from last_words import CANARY, leave_last_words, shout

import slackbot
from slackbot import logs, settings
from slackbot.content.load import load_content
from slackbot.matching.match import Matcher
from slackbot.slack.app import build_app, dispatch
from slackbot.slack.identity import Identity, introduce
from slackbot.work.running import Running
from standin.slack import Slack

SMALL = Path(__file__).parent / "data" / "small.yaml"  # each break-down reckons its digests anew
SEARCH = {  # a view of ours, as far as Slack sends it back
    "id": "V1",
    "type": "modal",
    "callback_id": "look_up",
    "blocks": [
        {
            "type": "input",
            "block_id": "look_up.text",
            "element": {"type": "plain_text_input", "action_id": "look_up.text"},
        }
    ],
}
ROOMS = ("words", "matching", "cards", "slack", "work")


# This one and `shout` see nothing of their modules: their bodies are put into functions of others.


async def shout_later(*arguments: object, **named: object) -> NoReturn:
    """The same of a coroutine."""
    raise RuntimeError(f"Zaphod-Canary-4711 {arguments!r} {named!r}")


def functions() -> Iterator[FunctionType]:
    """All functions and methods of the rooms that typed text goes through."""
    for module in pkgutil.walk_packages(slackbot.__path__, "slackbot."):
        if module.name.split(".")[1] in ROOMS:
            holders: list[Any] = [importlib.import_module(module.name)]
            holders += [value for value in vars(holders[0]).values() if inspect.isclass(value)]
            for holder in holders:
                for value in vars(holder).values():
                    function = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "func", value))
                    if (
                        isinstance(function, FunctionType)
                        and function.__module__ == module.name
                        and not function.__closure__
                        and "__create_fn__" not in function.__qualname__  # dataclasses' own
                    ):
                        yield function


@contextmanager
def broken(function: FunctionType) -> Iterator[None]:
    """The function with another body, for whoever has imported it under whichever name."""
    body = function.__code__
    function.__code__ = (shout_later if inspect.iscoroutinefunction(function) else shout).__code__
    try:
        yield
    finally:
        function.__code__ = body


def outputs() -> tuple[object, ...]:
    """Standard outputs of all kinds."""
    reading, writing = os.pipe()
    os.close(reading)
    return sys.stdout, open("/dev/full", "w"), os.fdopen(writing, "w"), None


async def run(functions: list[FunctionType]) -> None:
    """Use the bot in every way, and again with each function broken that was called on it.

    Once for each kind of payload: what catches a failure is the same for all of a kind.
    """
    async with Slack.serve() as slack:
        slack.add_channel("C1", members={"U1"})
        variables = settings.Settings(
            slack.bot_token, slack.app_token, slack.signing_secret, slack.api_url,
            SMALL, None, private=False, port=3000, log_level="DEBUG",
        )  # fmt: skip
        identity, running = Identity(), Running()
        app = build_app(variables, Matcher(load_content(variables.data)), identity, running=running)
        await introduce(variables, identity)
        kinds_of_output = outputs()
        broken_before: set[tuple[str, FunctionType]] = set()

        async def use(make: Callable[[], Any]) -> None:
            """As the doors do, which log what goes wrong in there."""
            try:
                await dispatch(app, identity, make())
                await running.drain()
            except Exception as failure:  # noqa: BLE001
                logs.event("payload", outcome="failed", level=logging.ERROR, failure=failure)

        for kind, make in (
            ("command", lambda: slack.command(f"alpha disease {CANARY}")),
            ("mention", lambda: slack.mention(f"<@U0BOT> alpha disease {CANARY}")),
            ("private mention", lambda: slack.mention(f"<@U0BOT> me {CANARY}")),
            ("edit", lambda: slack.edited(slack.mention("<@U0BOT>"), f"<@U0BOT> {CANARY}")),
            ("direct message", lambda: slack.direct_message(f"alpha disease {CANARY}")),
            ("direct edit", lambda: slack.edited(slack.direct_message("alpha disease"), CANARY)),
            ("message shortcut", lambda: slack.shortcut("look_up_message", f"alpha disease {CANARY}")),
            ("button", lambda: slack.action("ask.list", "outcome=list")),
            ("share", lambda: slack.action("share", f"entry={CANARY}")),
            ("shortcut", lambda: slack.global_shortcut("look_up")),
            ("submission", lambda: slack.submission(SEARCH, {"look_up.text": f"alpha disease {CANARY}"})),
            ("suggestion", lambda: slack.suggestion("look_up.name", f"alpha disease {CANARY}", view=SEARCH)),
            ("typed", lambda: slack.action("look_up.text", f"alpha disease {CANARY}", kind="plain_text_input")),
            ("named", lambda: slack.action("look_up.name", f"entry={CANARY}", kind="external_select", view=SEARCH)),
        ):
            called: set[CodeType] = set()
            sys.setprofile(lambda frame, *_, called=called: called.add(frame.f_code))
            await use(make)
            sys.setprofile(None)
            new = [each for each in functions if each.__code__ in called and (kind, each) not in broken_before]
            broken_before.update((kind, function) for function in new)
            for number, output in enumerate(kinds_of_output):
                with mock.patch("sys.stdout", output):
                    for function in new[number :: len(kinds_of_output)]:
                        sys.stderr.write(f"{function.__qualname__} ")
                        with broken(function):
                            await use(make)
                    logs.flush()


def main() -> None:
    """Leave traces in every way there is."""
    logs.set_up("DEBUG", queued=True)
    asyncio.run(run([each for each in functions() if each is not dispatch]))
    leave_last_words()


if __name__ == "__main__":
    main()
