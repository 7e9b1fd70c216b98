"""What happens at the doors moves the metrics: whole payloads in, numbers out."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from doors import Door
from servers import free_port

from slackbot import logs
from slackbot.matching.match import Matcher
from slackbot.prometheus import Metrics
from slackbot.work.redis_claims import RedisClaims
from standin.slack import ApiError, HttpStatus, Slack

QUESTION = "<@U0BOT> kawasaki"
REASONS = ("http_error", "http_timeout", "connection_failed", "timeout", "unknown")


@contextmanager
def counted(door: Door) -> Iterator[Callable[[str], float]]:
    """What a metric has counted since the block began, by its name and labels."""
    metrics = Metrics("http" if door.url else "socket_mode", "", ["kawasaki-disease", "cidp"])

    def value(name: str) -> float:
        lines = [line.rpartition(" ") for line in metrics.page().decode().splitlines()]
        return next((float(value) for line, _, value in lines if line == name), 0.0)

    with logs.watched(metrics.watch):
        yield value


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the bot does behind an acknowledgement."""
    while not is_so():  # noqa: ASYNC110  # nobody tells a test
        await asyncio.sleep(0.002)


def name_of(door: Door) -> str:
    return "http" if door.url else "socket_mode"


@pytest.mark.parametrize(
    ("ask", "asked_by", "outcome", "entry"),
    [
        (lambda slack: slack.command("kawasaki"), "command", "answered", "kawasaki-disease"),
        (lambda slack: slack.command("appendicitis"), "command", "miss", ""),
        (lambda slack: slack.command("TTP"), "command", "refused", ""),
        (lambda slack: slack.mention(QUESTION), "mention", "answered", "kawasaki-disease"),
        (lambda slack: slack.direct_message("kawasaki"), "message", "answered", "kawasaki-disease"),
        (lambda slack: slack.shortcut("look_up_message", "kawasaki"), "shortcut", "answered", "kawasaki-disease"),
        (lambda slack: slack.action("ask.list", "outcome=list"), "action", "list", ""),
        (
            lambda slack: slack.action("look_up.text", "kawasaki", kind="plain_text_input"),
            "look_up",
            "answered",
            "kawasaki-disease",
        ),
    ],
)
def test_an_answer_is_counted_by_door_outcome_and_entry(
    ask: Callable[[Slack], dict[str, object]], asked_by: str, outcome: str, entry: str, door: Door
) -> None:
    with counted(door) as value:
        assert door.post(ask(door.slack)).taken
        labels = f'asked_by="{asked_by}",door="{name_of(door)}"'
        door.run(until(lambda: value(f"ivig_answer_seconds_count{{{labels}}}") == 1))
        assert value(f'ivig_answers_total{{{labels},entry="{entry}",outcome="{outcome}"}}') == 1


def test_a_passing_and_a_refused_post_are_counted_by_slacks_name(door: Door) -> None:
    with counted(door) as value:
        door.slack.fail("chat.postMessage", HttpStatus(503))
        door.post(door.slack.mention(QUESTION))
        assert value('ivig_posts_failed_total{call="event_callback",error="http_503",outcome="passing"}') == 1
        door.slack.fail("chat.postMessage", ApiError("is_archived"), times=2)
        door.post(door.slack.mention(QUESTION))
        assert value('ivig_posts_failed_total{call="post",error="is_archived",outcome="refused"}') == 2
        assert value(f'ivig_undelivered_total{{asked_by="mention",door="{name_of(door)}"}}') == 1


def test_a_failure_of_our_own_is_counted(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Matcher, "match", fail)
    with counted(door) as value:
        door.post(door.slack.command("kawasaki"))
        assert value('ivig_errors_total{at="command"}') == 1


def test_a_redis_that_is_away_is_counted(door: Door) -> None:
    async def ask() -> None:
        claims = RedisClaims(f"redis://127.0.0.1:{free_port()}/0")
        await claims.claim("C1:1.2")
        await claims.close()

    with counted(door) as value:
        door.run(ask())
        assert value("ivig_redis_away_total") == 1


def test_the_time_to_acknowledge_is_measured(door: Door) -> None:
    with counted(door) as value:
        door.post(door.slack.command("kawasaki"))
        door.slack.fail("chat.postMessage", HttpStatus(503))
        door.post(door.slack.mention(QUESTION))
        for status in (200, 503):
            assert value(f'ivig_acknowledge_seconds_count{{door="{name_of(door)}",status="{status}"}}') == 1


def test_a_redelivery_is_counted_by_slacks_reason(door: Door) -> None:
    with counted(door) as value:
        door.slack.fail("chat.postMessage", HttpStatus(503))
        assert door.deliver(door.slack.mention(QUESTION)) == [False, True]
        assert sum(value(f'ivig_redeliveries_total{{reason="{name}"}}') for name in REASONS) == 1


def test_a_lost_connection_and_the_seconds_without_one_are_counted(socketed: Door) -> None:
    with counted(socketed) as value:
        socketed.run(socketed.slack.disconnect("warning"))
        socketed.run(until(lambda: value('ivig_disconnections_total{reason="warning"}') == 1))
        socketed.run(until(lambda: value("ivig_ready") == 1))
        assert 0 < value("ivig_deaf_seconds_total") < 5
