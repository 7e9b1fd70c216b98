"""What a slow, odd or refusing Slack makes of a question, on a held clock: payloads in, posted messages out."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest import mock

import clock
import pytest
from bare_bot import BareBot, bare_bot
from doors import environment, workspace

from slackbot import logs, settings
from slackbot.cards import wording
from slackbot.slack.api import PassingError, RefusedError, is_slacks, patiently
from slackbot.slack.identity import Identity, introduce
from slackbot.work.running import DRAIN_SECONDS
from standin.slack import ApiError, CutConnection, Fault, Hang, HttpStatus, RateLimited, Says, Slow

QUESTION = "<@U0BOT> kawasaki"


@asynccontextmanager
async def bot() -> AsyncIterator[BareBot]:
    """A bot that has been introduced, beside the stand-in."""
    logs.set_up("INFO")
    async with workspace() as slack, bare_bot(slack) as it:
        yield it


# Slow posts.


@pytest.mark.parametrize(
    ("seconds", "statuses"),
    [
        (0.0, [200]),
        (2.1, [200]),
        (2.6, [503, 200]),
        (4.5, [503, 200]),
        (10.0, [503, 503, 200]),
        (29.0, [503, 503, 200]),
    ],
)
def test_a_post_that_takes_long_is_made_once(seconds: float, statuses: list[int]) -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Slow(seconds), times=None)
            assert await it.deliver(it.slack.mention(QUESTION)) == statuses
            assert len(it.texts) == 1

    clock.run(work())


def test_a_post_that_never_ends_is_given_up_and_made_anew() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Hang(120))
            assert await it.deliver(it.slack.mention(QUESTION)) == [503, 503, 200]
            assert len(it.texts) == 1

    clock.run(work())


def test_what_is_under_way_is_waited_for_when_the_process_stops() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Slow(20))
            assert await it.post(it.slack.mention(QUESTION)) == 503
            await it.running.drain()
            assert len(it.texts) == 1

    clock.run(work())


def test_what_outlasts_a_stopping_process_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Slow(29))
            assert await it.post(it.slack.mention(QUESTION)) == 503
            started = clock.now()
            await it.running.drain()
            assert clock.now() - started == pytest.approx(DRAIN_SECONDS)

    clock.run(work())
    assert re.search(r"ERROR stopping event_id=Ev\w+ outcome=1_unfinished\n", capsys.readouterr().out)


def test_deliveries_at_once_wait_for_the_one_that_posts() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Slow(1.5))
            mention = it.slack.mention(QUESTION)
            assert await asyncio.gather(*(it.post(mention) for _ in range(4))) == [200] * 4
            assert len(it.texts) == 1

    clock.run(work())


def test_whoever_waits_does_the_work_when_the_first_fails() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Hang(1.0))
            mention = it.slack.mention(QUESTION)
            assert list(await asyncio.gather(it.post(mention), it.post(mention))) == [503, 200]
            assert len(it.texts) == 1

    clock.run(work())


@pytest.mark.parametrize("retry_after", [1, 5, 20])
def test_a_pause_that_slack_asks_for_is_kept_under_the_lease(retry_after: int) -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", RateLimited(retry_after))
            assert (await it.deliver(it.slack.mention(QUESTION)))[-1] == 200
            assert len(it.texts) == 1
            assert sum(call.method == "chat.postMessage" for call in it.slack.calls) == 2

    clock.run(work())


def test_a_failure_that_comes_too_late_for_slack_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", Hang(10))
            assert await it.post(it.slack.mention(QUESTION)) == 503
            await it.running.drain()

    clock.run(work())
    lines = capsys.readouterr().out
    assert re.search(r"WARNING mention event_id=Ev\w+ outcome=failed_late exception=PassingError", lines)


@pytest.mark.parametrize("method", ["views.publish", "views.open"])
def test_a_view_is_not_waited_for_longer_than_slack_waits(method: str) -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail(method, Hang(60))
            payload = it.slack.home_opened()
            if method == "views.open":
                await it.post(payload)
                payload = it.slack.action("ask.list", "outcome=list", view=it.slack.homes["U1"])
            started = clock.now()
            assert await it.post(payload) == (503 if method == "views.publish" else 200)
            assert clock.now() - started < 3.0

    clock.run(work())


# Tokens.


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive", "not_authed", "missing_scope"])
def test_a_token_error_that_passes_loses_nothing(error: str) -> None:
    async def work() -> None:
        async with bot() as it:
            for _ in range(5):
                it.slack.fail("chat.postMessage", ApiError(error))
                assert await it.deliver(it.slack.mention(QUESTION)) == [503, 200]
            assert len(it.texts) == 5
            assert it.identity.known is not None

    clock.run(work())


def test_a_token_that_stays_refused_is_told_to_the_operator(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with bot() as it:
            for method in ("chat.postMessage", "auth.test"):
                it.slack.fail(method, ApiError("token_revoked"), times=None)
            started = clock.now()
            while clock.now() - started < 599:
                assert await it.post(it.slack.mention(QUESTION)) == 503
                assert it.identity.known is not None
                await asyncio.sleep(7)
            await asyncio.sleep(10)
            assert it.identity.known is None, "and then /healthz does not say ready"
            assert await it.post(it.slack.mention(QUESTION)) == 200, "or Slack switches events off"
            assert await it.post(it.slack.command("kawasaki")) == 200
            it.slack.heal()
            await asyncio.sleep(61)
            assert it.identity.known is not None
            assert await it.post(it.slack.mention(QUESTION)) == 200
            assert len(it.texts) == 1

    clock.run(work())
    errors = capsys.readouterr().out.count("ERROR token outcome=operator_needed error=token_revoked: reinstall")
    assert 9 <= errors <= 12, "one a minute"


def test_a_token_refused_for_posts_alone_is_passing_while_auth_test_takes_it() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", ApiError("invalid_auth"), times=None)
            for _ in range(20):
                assert await it.post(it.slack.mention(QUESTION)) == 503
                await asyncio.sleep(60)

    clock.run(work())


def test_a_scope_that_stays_missing_is_no_reason_to_say_not_ready() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("chat.postMessage", ApiError("missing_scope"), times=None)
            assert await it.post(it.slack.mention(QUESTION)) == 503
            await asyncio.sleep(601)
            assert await it.post(it.slack.mention(QUESTION)) == 200
            assert it.identity.known is not None
            it.slack.heal()
            assert await it.post(it.slack.mention(QUESTION)) == 200
            assert len(it.texts) == 1

    clock.run(work())


# response_urls.


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://hooks.slack.com/commands/T1/1/x", True),
        ("https://hooks.slack-gov.com/commands/T1/1/x", True),
        ("HTTPS://HOOKS.SLACK.COM/x", True),
        ("http://127.0.0.1:4040/hooks/C1", True),
        ("http://hooks.slack.com/commands/T1/1/x", False),
        ("https://slack.com.example.org/x", False),
        ("https://notslack.com/x", False),
        ("https://hooks.slack.com@example.org/x", False),
        ("https://hooks.slack.com\\@example.org/x", False),
        ("https://example.org/hooks.slack.com", False),
        ("https://127.0.0.1/x", False),
        ("//hooks.slack.com/x", False),
        ("https://[::1", False),
        ("https://xn--/", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("nonsense", False),
    ],
)
def test_only_slacks_addresses_are_answered(url: str, right: bool) -> None:
    assert is_slacks(url, "http://127.0.0.1:3999/api/") is right


@pytest.mark.parametrize("url", ["https://example.org/x", "https://[::1", "nonsense", "file:///etc/passwd", "//x"])
@pytest.mark.parametrize("action", ["ask.entry.kawasaki-disease", "share", "gone"])
def test_where_a_response_url_is_not_slacks_the_answer_comes_another_way(url: str, action: str) -> None:
    async def work() -> None:
        async with bot() as it:
            payload = {**it.slack.action(action, "entry=kawasaki-disease"), "response_url": url}
            assert await it.post(payload) == 200
            await it.slack.until(lambda: bool(it.slack.messages))
            assert [each.via for each in it.slack.messages] == ["chat.postEphemeral"]

    clock.run(work())


def test_a_refusal_in_a_200_is_no_success() -> None:
    async def work() -> None:
        async with bot() as it:
            it.slack.fail("response_url", Says('{"ok": false, "error": "used_url"}'))
            assert await it.post(it.slack.action("share", "entry=kawasaki-disease")) == 200
            await it.slack.until(lambda: bool(it.slack.messages))
            assert it.texts == [wording.NOT_SHARED]
            assert not any("delete_original" in call.arguments for call in it.slack.calls)

    clock.run(work())


def test_a_response_url_that_leads_elsewhere_is_not_followed() -> None:
    async def work() -> None:
        async with bot() as it:
            elsewhere = it.slack.action("gone", "entry=kawasaki-disease", user="U9")["response_url"]
            it.slack.fail("response_url", HttpStatus(307, elsewhere))
            assert await it.post(it.slack.action("gone", "entry=kawasaki-disease")) == 200
            await it.slack.until(lambda: bool(it.slack.messages))
            assert [(each.via, each.user) for each in it.slack.messages] == [("chat.postEphemeral", "U1")]

    clock.run(work())


# Patience.


@pytest.mark.parametrize(
    ("fault", "lasts", "most"),
    [
        (CutConnection(), 60.0, 2.0),
        (HttpStatus(503), 60.0, 2.0),
        (Hang(600), 60.0, 3.0),
        (Says("null"), 60.0, 2.0),
        (Says("[]"), 60.0, 2.0),
        (Says('{"ok": false, "error": "too_many_websockets"}'), 60.0, 2.0),
        (Says('{"ok": false, "error": "something_of_tomorrow"}'), 60.0, 2.0),
        (Says('{"ok": false, "error": "is_archived"}'), 60.0, 2.0),
        (Says('{"ok": false, "error": null}'), 60.0, 2.0),
        (RateLimited(30), 20.0, 30.0),
        (RateLimited("99999999999"), 1.0, 60.0),
        (RateLimited("9" * 400), 1.0, 60.0),
        (RateLimited("-5"), 20.0, 2.0),
        (RateLimited("soon"), 20.0, 2.0),
    ],
    ids=repr,
)
def test_a_slack_that_comes_back_is_noticed(fault: Fault, lasts: float, most: float) -> None:
    async def work() -> None:
        async with workspace() as slack:
            with mock.patch.dict(os.environ, environment(slack), clear=True):
                chosen = settings.load(settings.HTTP)
            slack.fail("auth.test", fault, times=None)
            introducing = asyncio.create_task(introduce(chosen, Identity()))
            await asyncio.sleep(lasts)
            assert not introducing.done()
            slack.heal()
            healed = clock.now()
            await introducing
            assert clock.now() - healed <= most

    clock.run(work())


def test_an_answer_that_takes_long_is_still_taken() -> None:
    async def work() -> None:
        async def answer() -> str:
            await asyncio.sleep(8.0)
            return "at last"

        started = clock.now()
        assert await patiently("x", answer) == "at last"
        assert clock.now() - started == pytest.approx(8.0)

    clock.run(work())


def test_only_what_an_operator_must_mend_ends_patience() -> None:
    async def work() -> None:
        failures: list[Exception] = [PassingError("x"), RefusedError("is_archived"), RefusedError("invalid_auth")]

        async def fail() -> None:
            raise failures.pop(0)

        with pytest.raises(RefusedError, match="invalid_auth"):
            await patiently("x", fail)
        assert failures == []

    clock.run(work())
