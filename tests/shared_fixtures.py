"""The fixtures that several tests share; what they are made of stands in doors.py."""

import asyncio
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, chdir

import clock
import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from doors import FROZEN, Door, http_door, read_once, socket_door, workspace
from reading import each_text_read_once, matcher_of, rules_of

from slackbot import logs
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from standin.slack import Slack

# The same examples in every run, so that a change fails by what it changes; `--hypothesis-profile=default` looks for
# others.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("same")


def pytest_configure() -> None:
    """While tests are collected all that is made is there to stay: none of it need be looked through for garbage."""
    gc.disable()


def pytest_sessionstart() -> None:
    """What reads is built anew where tests have run in this process before: `make mutants` has changed it since."""
    matcher_of.cache_clear()
    rules_of.cache_clear()


def pytest_collection_finish() -> None:
    """Nor need any test look through it."""
    gc.freeze()
    gc.enable()


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Where tests run in processes of their own, of a test that passes one report is sent and not six."""
    if not hasattr(item.config, "workerinput") or item.config.getoption("durations") is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """The doors set up logging for their process, which here is the tests' own."""
    root = logging.getLogger()
    handlers, levels, sink = list(root.handlers), levels_of_loggers(), logs.output.sink
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning = hooks
    root.handlers[:] = handlers
    logs.output.sink = sink
    for logger, level in levels_of_loggers().items():
        if level != (before := levels.get(logger, logging.NOTSET)):
            logger.setLevel(before)


def levels_of_loggers() -> dict[logging.Logger, int]:
    """The level of every logger there is; Bolt gives each app's logger one of its own, for the rest of the process."""
    named = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return {logger: logger.level for logger in (logging.root, *named)}


@pytest.fixture(scope="session", autouse=True)
def read_once_by_all() -> Iterator[None]:
    """Reading the data file and reckoning its digests takes a quarter of a second: once is enough."""
    with each_text_read_once():
        yield


@pytest.fixture(scope="session")
def content() -> Content:
    """The frozen copy of the data file."""
    return read_once(FROZEN, None)


@pytest.fixture(scope="session")
def matcher(content: Content) -> Matcher:
    """What reads texts against it."""
    return matcher_of(content)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[asyncio.Runner]:
    """An event loop on a held clock that outlives a test, in a folder where nothing lies about."""
    with asyncio.Runner(loop_factory=clock.HeldLoop) as loop, chdir(tmp_path_factory.mktemp("elsewhere")):
        yield loop


@pytest.fixture(scope="module")
def open_http(runner: asyncio.Runner) -> Iterator[Door]:
    """The HTTP door, open for a module's tests; use `http`."""
    yield from _opened(runner, http_door)


@pytest.fixture(scope="module")
def open_socket(runner: asyncio.Runner) -> Iterator[Door]:
    """The Socket Mode door, open for a module's tests; use `socketed`."""
    yield from _opened(runner, socket_door)


@pytest.fixture
def http(open_http: Door) -> Iterator[Door]:
    """The HTTP door, with nothing left over from the test before."""
    yield from _fresh(open_http)


@pytest.fixture
def socketed(open_socket: Door) -> Iterator[Door]:
    """The Socket Mode door, with nothing left over from the test before."""
    yield from _fresh(open_socket)


@pytest.fixture(params=["http", "socketed"])
def door(request: pytest.FixtureRequest) -> Door:
    """Either door in turn: what holds for one holds for the other."""
    door: Door = request.getfixturevalue(request.param)
    return door


def _opened(runner: asyncio.Runner, opening: Callable[[Slack], AbstractAsyncContextManager[str]]) -> Iterator[Door]:
    async def enter() -> Door:
        slack = await stack.enter_async_context(workspace())
        return Door(slack, runner, await stack.enter_async_context(opening(slack)))

    stack = AsyncExitStack()
    try:
        yield runner.run(enter())
    finally:
        runner.run(stack.aclose())


def _fresh(door: Door) -> Iterator[Door]:
    door.slack.forget()
    yield door
    door.slack.heal()
    malformed = [each for each in door.slack.refusals if each.details or each.error.startswith("msg_")]
    assert malformed == [], "every message and view is one that Slack takes"
