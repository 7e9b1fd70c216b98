"""What is counted: an event and the number that it moves; and that nothing typed gets into a page of them."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest
from servers import free_port

from slackbot import logs
from slackbot.logs import Event
from slackbot.metrics import measured
from slackbot.prometheus import Metrics
from slackbot.settings import Settings
from slackbot.version import VERSION

CANARY = "Zaphod-Canary-4711"
ENTRIES = ("cidp", "kawasaki-disease")


def settings(**more: object) -> Settings:
    """Settings of a bot that never meets Slack."""
    plain: dict[str, object] = {
        "bot_token": "", "app_token": "", "signing_secret": "", "api_url": "https://slack.com/api/",
        "data": Path(), "contact": None, "private": False, "port": 3000, "log_level": "INFO",
    }  # fmt: skip
    return Settings(**{**plain, **more})  # type: ignore[arg-type]


def lines(page: bytes) -> dict[str, float]:
    """The samples of a page, by name and labels."""
    samples = [line.rpartition(" ") for line in page.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in samples}


@pytest.mark.parametrize(
    ("event", "moved"),
    [
        (
            Event("command", outcome="answered", entries=ENTRIES, ms=0.4),
            {
                'ivig_answers_total{asked_by="command",door="http",entry="cidp",outcome="answered"}': 1,
                'ivig_answers_total{asked_by="command",door="http",entry="kawasaki-disease",outcome="answered"}': 1,
                'ivig_answer_seconds_count{asked_by="command",door="http"}': 1,
                'ivig_answer_seconds_bucket{asked_by="command",door="http",le="0.001"}': 1,
            },
        ),
        (
            Event("mention", outcome="miss", delivery="posted", ms=30.0),
            {
                'ivig_answers_total{asked_by="mention",door="http",entry="",outcome="miss"}': 1,
                'ivig_answer_seconds_bucket{asked_by="mention",door="http",le="0.05"}': 1,
            },
        ),
        (
            Event("action", outcome="answered", entries=("cidp",), delivery="opened"),
            {'ivig_answers_total{asked_by="action",door="http",entry="cidp",outcome="answered"}': 1},
        ),
        (
            Event("mention", outcome="answered", entries=("cidp",), delivery="refused", ms=30.0),
            {'ivig_undelivered_total{asked_by="mention",door="http"}': 1},
        ),
        (
            Event("acknowledged", outcome="200", ms=2.0),
            {
                'ivig_acknowledge_seconds_count{door="http",status="200"}': 1,
                'ivig_acknowledge_seconds_bucket{door="http",le="0.0025",status="200"}': 1,
            },
        ),
        (
            Event("post", outcome="refused", error="is_archived"),
            {'ivig_posts_failed_total{call="post",error="is_archived",outcome="refused"}': 1},
        ),
        (
            Event("post", outcome="failed", error="http_503"),
            {'ivig_posts_failed_total{call="post",error="http_503",outcome="passing"}': 1},
        ),
        (
            Event("event_callback", outcome="passing", error="ratelimited"),
            {'ivig_posts_failed_total{call="event_callback",error="ratelimited",outcome="passing"}': 1},
        ),
        (
            Event("auth.test", outcome="retrying", error="ClientHttpProxyError: ask for Slack's hosts"),
            {
                'ivig_posts_failed_total{call="auth.test",error="ClientHttpProxyError",outcome="passing"}': 1,
            },
        ),
        (Event("mention", outcome="failed"), {'ivig_errors_total{at="mention"}': 1}),
        (Event("redelivery", outcome="http_timeout"), {'ivig_redeliveries_total{reason="http_timeout"}': 1}),
        (Event("connection", outcome="down", error="lost"), {'ivig_disconnections_total{reason="lost"}': 1}),
        (Event("redis", outcome="away", error="ConnectionError"), {"ivig_redis_away_total": 1}),
        (Event("mention", outcome="ignored"), {}),
        (Event("mention", outcome="answered_before"), {}),
    ],
    ids=str,
)  # fmt: skip
def test_an_event_moves_its_number_and_no_other(event: Event, moved: dict[str, float]) -> None:
    metrics = Metrics("http", "4f0c", ENTRIES, clock=lambda: 0.0)
    before = lines(metrics.page())
    metrics.watch(event)
    after = lines(metrics.page())
    assert moved.items() <= after.items()
    others = {name for name, value in after.items() if value != before.get(name, 0)} - set(moved)
    # Beside them stand the other buckets of a histogram; an answer's time is measured with it.
    assert {re.sub("_(bucket|sum|count)$", "", name.partition("{")[0]) for name in others} <= {
        *(re.sub("_(bucket|sum|count)$", "", name.partition("{")[0]) for name in moved),
        *(["ivig_answer_seconds"] if event.ms else []),
    }


def test_what_runs() -> None:
    metrics = Metrics("http", "4f0c", ENTRIES)
    assert lines(metrics.page())[f'ivig_info{{content="4f0c",door="http",version="{VERSION}"}}'] == 1


@pytest.mark.parametrize(
    ("door", "events", "ready"),
    [
        ("http", [], False),
        ("http", [Event("auth.test", outcome="retrying", error="http_503")], False),
        ("http", [Event("auth.test", outcome="ready")], True),
        ("socket_mode", [Event("auth.test", outcome="ready")], False),
        ("socket_mode", [Event("auth.test", outcome="ready"), Event("connection", outcome="up")], True),
        ("socket_mode", [Event("connection", outcome="up"), Event("connection", outcome="down", error="lost")], False),
    ],
)
def test_whether_what_people_ask_can_arrive(door: str, events: list[Event], ready: bool) -> None:
    metrics = Metrics(door, "4f0c", ENTRIES)
    for event in events:
        metrics.watch(event)
    assert (metrics.ready, lines(metrics.page())["ivig_ready"]) == (ready, float(ready))


def test_seconds_deaf_grow_while_it_is() -> None:
    moment = [10.0]
    metrics = Metrics("socket_mode", "", ENTRIES, clock=lambda: moment[0])

    def deaf() -> float:
        return lines(metrics.page())["ivig_deaf_seconds_total"]

    moment[0] += 2
    assert deaf() == 2, "not connected yet"
    for event in (Event("connection", outcome="up"), Event("auth.test", outcome="ready")):
        metrics.watch(event)
    moment[0] += 100
    assert deaf() == 2
    metrics.watch(Event("connection", outcome="down", error="lost"))
    moment[0] += 3
    metrics.watch(Event("connection", outcome="down", error="lost"))
    assert deaf() == 5
    metrics.watch(Event("connection", outcome="up"))
    moment[0] += 100
    assert deaf() == 5


def test_lines_that_nobody_read_are_counted() -> None:
    logs.set_up("INFO")
    metrics = Metrics("http", "", ENTRIES)
    before = lines(metrics.page())["ivig_log_lines_lost_total"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", None)
        logs.event("mention")
    assert lines(metrics.page())["ivig_log_lines_lost_total"] == before + 1


def test_nothing_that_was_typed_gets_into_a_page() -> None:
    metrics = Metrics("http", "4f0c", ENTRIES)
    for kind in (CANARY, "command", "mention", "post", "redelivery", "connection"):
        for outcome in (CANARY, "answered", "refused", "failed", "down"):
            for error in (CANARY, None, f"is_archived; [ERROR] {CANARY}"):
                metrics.watch(Event(kind, outcome, (CANARY, CANARY.lower()), CANARY, error, 1.0))
    page = metrics.page().decode().lower()
    assert "other" in page
    assert "zaphod" not in page


def test_metrics_are_served_beside_the_door_with_its_health() -> None:
    async def work() -> None:
        port = free_port()
        variables = settings(metrics_port=port)
        async with (
            measured(variables, "socket_mode", "4f0c", ENTRIES) as metrics,
            aiohttp.ClientSession() as session,
        ):
            assert metrics is not None
            logs.event("command", outcome="miss", ms=1.0)
            async with session.get(f"http://127.0.0.1:{port}/metrics") as reply:
                assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
                assert 'outcome="miss"} 1.0' in await reply.text()
            for status in (503, 200):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as reply:
                    assert (reply.status, (await reply.json())["ready"]) == (status, status == 200)
                logs.event("connection", outcome="up")
            async with session.get(f"http://127.0.0.1:{port}/") as reply:
                assert reply.status == 404

    asyncio.run(work())


def test_a_port_that_is_taken_is_said_and_the_bot_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with measured(settings(metrics_port=port), "http", "", ENTRIES) as metrics:
                assert metrics is not None

    logs.set_up("INFO")
    asyncio.run(work())
    assert "ERROR metrics outcome=failed error=METRICS_PORT is taken" in capsys.readouterr().out


def test_nobody_who_has_not_asked_for_them_has_them() -> None:
    async def work() -> None:
        async with measured(settings(), "http", "", ENTRIES) as metrics:
            assert metrics is None

    asyncio.run(work())


@pytest.mark.parametrize(
    ("token", "header", "may"),
    [
        ("0123456789abcdef", "Bearer 0123456789abcdef", True),
        ("0123456789abcdef", "Bearer 0123456789abcdeX", False),
        ("0123456789abcdef", "0123456789abcdef", False),
        ("0123456789abcdef", "", False),
        ("0123456789abcdef", "Bearer é", False),
        ("", "Bearer ", False),
        ("", "", False),
    ],
)
def test_who_may_read_them_at_the_public_door(token: str, header: str, may: bool) -> None:
    page = Metrics("http", "", ENTRIES, token).shown_to(header)
    assert (page is not None and b"ivig_info" in page) is may
