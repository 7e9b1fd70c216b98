"""Claims that processes share through Redis, on a real server; and what happens without it."""

import asyncio
import gc
import socket
import threading
import time
import weakref
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import clock
import pytest
from redis.asyncio import Redis
from servers import OPENSSL, REDIS, free_port, redis_over_tls, redis_server

from slackbot import logs
from slackbot.work import redis_claims
from slackbot.work.claims import CARD, LOOK_SECONDS, PENDING_SECONDS, Claim, Claims, MemoryClaims, PendingError, lease
from slackbot.work.open_claims import open_claims
from slackbot.work.redis_claims import RedisClaims, url_fault

KEY = "C1:1700000000.000100"

needs_redis = pytest.mark.skipif(REDIS is None, reason="redis-server is not installed")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with redis_server(tmp_path_factory.mktemp("redis")) as listening:
        yield listening


def finish(work: Coroutine[Any, Any, None]) -> None:
    """Run it, for 20 s at most: what never comes would be waited for for ever."""
    asyncio.run(asyncio.wait_for(work, 20))


@asynccontextmanager
async def two_processes(port: int) -> AsyncIterator[tuple[Claims, Claims, Redis]]:
    """The claims of two processes, and the emptied Redis they share."""
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis(port=port, decode_responses=True))
        await redis.flushall()
        both = [open_claims(f"redis://127.0.0.1:{port}/0") for _ in range(2)]
        for each in both:
            stack.push_async_callback(each.close)
        yield both[0], both[1], redis


@needs_redis
@pytest.mark.parametrize(
    ("then", "other", "lives"),
    [(None, Claim.PENDING, 45), ("done", Claim.DONE, 3600), ("release", Claim.TAKEN, 45)],
)
def test_what_another_process_finds(port: int, then: str | None, other: Claim, lives: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            assert await one.claim(KEY) is Claim.TAKEN
            if then:
                await getattr(one, then)(KEY)
            assert await two.claim(KEY) is other
            [name] = await redis.keys()
            assert lives - 1 <= await redis.ttl(name) <= lives
            assert await two.claim("C1:2") is Claim.TAKEN

    finish(work())


@needs_redis
def test_what_is_given_back_can_be_taken_again_by_either(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, _):
            assert await one.claim(KEY) is Claim.TAKEN
            assert await two.claim(KEY) is Claim.PENDING
            await one.release(KEY)
            assert await two.claim(KEY) is Claim.TAKEN, "its own memory holds nothing of another's work"
            await two.release(KEY)
            assert await one.claim(KEY) is Claim.TAKEN, "nor does that of the first"

    finish(work())


@needs_redis
def test_what_another_has_done_is_remembered(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            assert await one.claim(KEY) is Claim.TAKEN
            await one.done(KEY)
            assert await two.claim(KEY) is Claim.DONE
            await redis.flushall()
            assert await two.claim(KEY) is Claim.DONE
            assert await one.claim(KEY) is Claim.DONE

    finish(work())


@needs_redis
def test_of_many_at_once_one_gets_it(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 30.0)  # a busy machine takes longer than a delivery has

    async def work() -> None:
        async with two_processes(port) as (one, two, _):
            found = await asyncio.gather(*(each.claim(KEY) for _ in range(20) for each in (one, two)))
            assert sorted(found) == [Claim.PENDING] * 39 + [Claim.TAKEN]
            keys = [f"C1:{number}" for number in range(300)]  # more than a pool of redis-py hands out at once
            found = await asyncio.gather(*(each.claim(key) for key in keys for each in (one, two)))
            assert found.count(Claim.TAKEN) == 300

    finish(work())


@needs_redis
def test_a_lease_whose_process_died_lapses(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            await one.claim(KEY)
            [name] = await redis.keys()
            await redis.pexpire(name, 1)
            await asyncio.sleep(0.01)
            assert await two.claim(KEY) is Claim.TAKEN

    finish(work())


@needs_redis
def test_redis_holds_digests_two_words_and_the_ids_of_lines(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            await one.claim("share:C1:1.2:U7ASKER")
            await two.claim(KEY)
            await two.note(KEY, "1700000000.000200")
            await two.done(KEY)
            names = [str(name) for name in await redis.keys()]
            assert all(len(name.removesuffix(":line")) == 37 and name.startswith("ivig:") for name in names)
            assert not any("C1" in name or "U7" in name for name in names)
            assert sorted([str(await redis.get(name)) for name in names]) == ["1700000000.000200", "done", "pending"]

    finish(work())


@needs_redis
def test_a_line_that_one_process_posted_another_can_replace(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            assert await two.line(KEY) == CARD
            await one.note(KEY, "1.2")
            assert [await each.line(KEY) for each in (one, two)] == ["1.2", "1.2"]
            await two.note(KEY, CARD)
            assert [await each.line(KEY) for each in (one, two)] == [CARD, CARD]
            assert [3599 <= await redis.ttl(name) <= 3600 for name in await redis.keys()] == [True]

    finish(work())


def test_a_line_is_known_for_an_hour_and_the_oldest_are_forgotten() -> None:
    async def work() -> None:
        for claims in (MemoryClaims(limit=2), RedisClaims(f"redis://127.0.0.1:{free_port()}/0")):
            await claims.note(KEY, "1.2")
            assert await claims.line(KEY) == "1.2", "its own memory goes on without a Redis"
            await asyncio.sleep(3_600)
            assert await claims.line(KEY) == CARD
            await claims.close()
        claims = MemoryClaims(limit=2)
        for number in (0, 1, 0, 2):
            await claims.note(f"C1:{number}", "1.2")
        assert [await claims.line(f"C1:{number}") for number in range(3)] == ["1.2", CARD, "1.2"]

    clock.run(work())


def test_a_lease_ends_by_the_second_and_is_waited_for_as_long_as_patience_lasts() -> None:
    async def work() -> None:
        claims = MemoryClaims()
        started = clock.now()
        assert await claims.claim(KEY) is Claim.TAKEN
        with pytest.raises(PendingError):
            async with lease(claims, KEY, patience=LOOK_SECONDS):
                pass
        assert clock.now() - started == pytest.approx(LOOK_SECONDS)
        await asyncio.sleep(started + PENDING_SECONDS - clock.now())
        assert await claims.claim(KEY) is Claim.TAKEN

    clock.run(work())


def test_without_redis_it_goes_on_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        alone = RedisClaims(f"redis://:hunter2@127.0.0.1:{free_port()}/0")
        assert await alone.claim(KEY) is Claim.TAKEN
        assert await alone.claim(KEY) is Claim.PENDING  # its own memory goes on
        await alone.done(KEY)
        assert await alone.claim(KEY) is Claim.DONE
        await alone.close()

    logs.set_up("INFO")
    finish(work())
    said = capsys.readouterr().out
    assert "WARNING redis outcome=away error=ConnectionError" in said
    assert "hunter2" not in said
    assert KEY not in said


@needs_redis
def test_a_process_that_is_held_up_does_not_take_redis_for_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.1)

    async def work() -> None:
        with redis_server(tmp_path) as port:
            async with two_processes(port) as (one, two, _):
                assert await one.claim(KEY) is Claim.TAKEN
                asking = asyncio.create_task(two.claim(KEY))
                await asyncio.sleep(0)
                time.sleep(0.15)  # noqa: ASYNC251  # nothing in this process moves, for longer than Redis has
                assert await asking is Claim.PENDING

    finish(work())


@needs_redis
def test_a_redis_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert redis_claims.REDIS_TIMEOUT <= 1.0
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.1)

    async def work() -> None:
        with redis_server(tmp_path) as port:
            async with two_processes(port) as (one, two, redis):
                await redis.execute_command("CLIENT", "PAUSE", "300", "ALL")  # type: ignore[no-untyped-call]
                started = time.monotonic()
                assert await one.claim(KEY) is Claim.TAKEN
                assert time.monotonic() - started < 0.25
                await asyncio.sleep(0.3)
                assert await one.claim("C1:2") is Claim.TAKEN
                assert await two.claim("C1:2") is Claim.PENDING  # both are back with it

    finish(work())


@asynccontextmanager
async def silent_redis() -> AsyncIterator[str]:
    """The address of a server that takes everything and says nothing."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"


def test_a_silent_redis_is_soon_left_out() -> None:
    async def work() -> None:
        async with silent_redis() as url:
            claims = RedisClaims(url)
            waits = []
            for number in range(20):
                started = clock.now()
                assert await claims.claim(f"C1:{number}") is Claim.TAKEN
                await claims.done(f"C1:{number}")
                waits.append(clock.now() - started)
            assert sum(waits) <= 3 * redis_claims.REDIS_TIMEOUT + 0.1
            assert waits[2:] == [0.0] * 18
            await asyncio.sleep(10)
            started = clock.now()
            assert await claims.claim("C1:20") is Claim.TAKEN
            assert clock.now() == started, "it is tried where nobody waits for it"
            await claims.close()

    clock.run(work())


class Scripted:
    """What Redis does with each SET in turn: answers, fails, or says nothing."""

    def __init__(self, *deeds: str) -> None:
        self.deeds = list(deeds)
        self.taken: list[object] = []
        self.tasks: list[weakref.ref[asyncio.Task[Any]]] = []

    async def set(self, _: str, value: object, **__: object) -> bool:
        """In place of the client's."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(weakref.ref(task))
        match self.deeds.pop(0):
            case "fails":
                raise ConnectionError
            case "is silent":
                await asyncio.sleep(3_600)
        self.taken.append(value)
        return True


def test_only_a_silence_in_a_row_leaves_it_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = ("is silent", "is silent")
    redis = Scripted(*twice, "answers", *twice, "answers", *twice, "is silent", *twice, "answers")
    monkeypatch.setattr(Redis, "set", redis.set)
    pings = iter([ConnectionError(), None])

    async def ping(_: Redis) -> bool:
        if failure := next(pings):
            raise failure
        return True

    monkeypatch.setattr(Redis, "ping", ping)
    logs.set_up("INFO")
    said = "WARNING redis outcome=left_out"

    async def work() -> None:
        claims = RedisClaims("redis://127.0.0.1:1/0")
        for number in range(8):
            assert await claims.claim(f"C1:{number}") is Claim.TAKEN
        assert said not in capsys.readouterr().out
        assert await claims.claim("C1:8") is Claim.TAKEN
        await asyncio.sleep(3 * redis_claims.PROBE_SECONDS)
        printed = capsys.readouterr().out
        assert said in printed
        assert "redis outcome=back" in printed
        for number in range(9, 12):
            assert await claims.claim(f"C1:{number}") is Claim.TAKEN
        assert said not in capsys.readouterr().out, "it begins anew"
        await claims.close()

    clock.run(work())
    assert redis.deeds == []


def test_what_redis_could_not_be_told_it_is_told_until_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = Scripted("answers", "fails", "answers", "fails", "answers", "answers", "answers")
    monkeypatch.setattr(Redis, "set", redis.set)

    async def work() -> None:
        claims = RedisClaims("redis://127.0.0.1:1/0")
        assert await claims.claim(KEY) is Claim.TAKEN
        await claims.done(KEY)
        for number in range(3):
            assert await claims.claim(f"C1:{number}") is Claim.TAKEN
            await asyncio.sleep(1)
        await claims.close()

    clock.run(work())
    assert redis.taken == [Claim.PENDING] * 3 + [Claim.DONE, Claim.PENDING]


def test_what_redis_has_answered_is_held_no_longer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    redis = Scripted("answers", "fails", "answers")
    monkeypatch.setattr(Redis, "set", redis.set)

    async def work() -> None:
        claims = RedisClaims("redis://127.0.0.1:1/0")
        for number in range(3):
            await claims.claim(f"C1:{number}")
        gc.collect()
        assert [task() for task in redis.tasks] == [None] * 3
        await claims.close()

    asyncio.run(work())
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


@pytest.fixture
def hanging_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody says where redis.example is until the test has ended."""
    answering = threading.Event()

    def look_up(*_: Any, **__: Any) -> Any:
        answering.wait(10)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield
    answering.set()


@pytest.mark.usefixtures("hanging_name_server")
@pytest.mark.parametrize("is_found", [True, False])
def test_what_nobody_waits_for_any_more_ends_by_itself_and_without_a_word(
    is_found: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.5)

    async def work() -> None:
        async with silent_redis() as url:
            before = asyncio.all_tasks()
            claims = RedisClaims(url if is_found else "redis://redis.example:1/0")
            assert await claims.claim(KEY) is Claim.TAKEN
            assert asyncio.all_tasks() != before
            await asyncio.sleep(3 * redis_claims.REDIS_TIMEOUT + 0.1)
            assert asyncio.all_tasks() == before
            gc.collect()
            assert [record.message for record in caplog.records if record.name == "asyncio"] == []
            await claims.close()

    clock.run(work())


def test_at_the_end_it_waits_no_longer_than_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.5)

    async def work() -> None:
        async with silent_redis() as url:
            claims = RedisClaims(url)
            assert await claims.claim(KEY) is Claim.TAKEN
            started = clock.now()
            await claims.close()
            assert clock.now() - started <= 2 * redis_claims.REDIS_TIMEOUT + 0.1

    clock.run(work())


def test_what_a_lost_connection_may_have_carried_is_not_sent_again() -> None:
    connections = 0

    async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.close()

    async def work() -> None:
        async with await asyncio.start_server(cut, "127.0.0.1", 0) as server:
            claims = RedisClaims(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
            assert await claims.claim(KEY) is Claim.TAKEN
            await claims.close()

    finish(work())
    assert connections == 1


@needs_redis
def test_a_redis_that_answers_again_is_asked_again(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(redis_claims, "PROBE_SECONDS", 0.02)
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.1)
    logs.set_up("INFO")

    async def work() -> None:
        async with two_processes(port) as (one, two, redis):
            await redis.execute_command("CLIENT", "PAUSE", "500", "ALL")  # type: ignore[no-untyped-call]
            for number in range(5):
                both = await asyncio.gather(*(each.claim(f"C1:{number}") for each in (one, two)))
                assert both == [Claim.TAKEN, Claim.TAKEN]
            await one.done("C1:0")
            await redis.ping()
            await asyncio.sleep(0.1)
            assert await one.claim(KEY) is Claim.TAKEN
            assert await two.claim(KEY) is Claim.PENDING
            third = RedisClaims(f"redis://127.0.0.1:{port}/0")
            assert await third.claim("C1:0") is Claim.DONE, "it has been told what was done meanwhile"
            await third.close()

    finish(work())
    printed = capsys.readouterr().out
    for outcome, count in (("away", 6), ("left_out", 2), ("back", 2)):
        assert printed.count(f"redis outcome={outcome}") == count


@pytest.mark.parametrize("failure", [RuntimeError("x"), TypeError("x"), KeyError("x"), AttributeError("x")], ids=repr)
def test_whatever_fails_memory_alone_decides(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise failure

    async def work() -> None:
        claims = RedisClaims("redis://127.0.0.1:1/0")
        for name in ("set", "get", "delete", "aclose"):
            monkeypatch.setattr(Redis, name, fail)
        assert await claims.claim(KEY) is Claim.TAKEN
        assert await claims.claim(KEY) is Claim.PENDING
        await claims.release(KEY)
        assert await claims.claim(KEY) is Claim.TAKEN
        await claims.done(KEY)
        assert await claims.claim(KEY) is Claim.DONE
        await claims.close()

    finish(work())


def test_a_name_server_that_hangs_for_redis_hangs_for_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_claims, "REDIS_TIMEOUT", 0.1)
    answering = threading.Event()
    asked: list[threading.Thread] = []
    known = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **options: Any) -> Any:
        if host == "redis.example":
            asked.append(threading.current_thread())
            answering.wait(10)
        return known("127.0.0.1" if host == "redis.example" else host, *rest, **options)

    async def work() -> None:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as threads:
            loop.set_default_executor(threads)
            claims = RedisClaims("redis://redis.example:1/0")
            monkeypatch.setattr(socket, "getaddrinfo", look_up)
            assert await asyncio.gather(*(claims.claim(f"C1:{number}") for number in range(8))) == [Claim.TAKEN] * 8
            async with asyncio.timeout(1):
                assert await loop.getaddrinfo("localhost", 80)
            await claims.close()

    finish(work())
    [thread] = asked
    assert thread.daemon, "nor does the process wait for it at its end"
    answering.set()
    thread.join(10)


def test_a_name_that_nobody_knows_is_a_redis_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    async def work() -> None:
        claims = RedisClaims("redis://redis.example:1/0")
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        assert await claims.claim(KEY) is Claim.TAKEN
        await claims.close()

    logs.set_up("INFO")
    finish(work())
    assert "WARNING redis outcome=away error=ConnectionError" in capsys.readouterr().out


@needs_redis
@pytest.mark.parametrize(
    ("hosts", "other"),
    [
        (("127.0.0.2", "127.0.0.1"), Claim.PENDING),
        (("127.0.0.1", "127.0.0.2"), Claim.PENDING),
        (("127.0.0.2",), Claim.TAKEN),  # where there is none
    ],
)
def test_a_server_is_tried_at_each_of_its_addresses(
    hosts: tuple[str, ...], other: Claim, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in hosts]

    async def work() -> None:
        async with two_processes(port) as (one, _, _):
            assert await one.claim(KEY) is Claim.TAKEN
            known = socket.getaddrinfo
            monkeypatch.setattr(socket, "getaddrinfo", look_up)
            elsewhere = RedisClaims(f"redis://redis.example:{port}/0")
            assert await elsewhere.claim(KEY) is other
            monkeypatch.setattr(socket, "getaddrinfo", known)
            await elsewhere.close()

    finish(work())


@needs_redis
def test_a_redis_that_comes_late_is_told_what_was_done_of_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_claims, "OWED_MOST", 2)

    async def work() -> None:
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"
        one = RedisClaims(url)
        for number in range(3):
            assert await one.claim(f"C1:{number}") is Claim.TAKEN
            await one.done(f"C1:{number}")
        with redis_server(tmp_path, port=port):
            async with Redis(port=port) as redis:
                assert await one.claim(KEY) is Claim.TAKEN
                while len(await redis.keys()) < 3:  # noqa: ASYNC110  # it is told in the background
                    await asyncio.sleep(0.01)
            two = RedisClaims(url)
            assert [await two.claim(f"C1:{number}") for number in range(3)] == [Claim.TAKEN, Claim.DONE, Claim.DONE]
            for each in (one, two):
                await each.close()

    finish(work())


@pytest.mark.parametrize(
    ("url", "option"),
    [
        ("redis://:hunter2@host:6379/0", None),
        ("rediss://host/0?ssl_cert_reqs=none", None),
        ("redis://host?protocol=2&health_check_interval=30&client_name=x", None),
        ("redis://host?decode_responses=no&max_connections=0&retry=1", None),  # which it sets itself
        ("redis://host?ssl_cert_reqs=none", " (ssl_cert_reqs)"),
        ("redis://host?family=0", " (family)"),
        ("redis://host?tls=true", " (tls)"),
        ("redis://host?hunter2=hunter2", ""),
        ("redis://host?db=hunter2", ""),
        ("redis://host?socket_timeout=hunter2", ""),
        ("redis://host?encoding=hunter2", ""),
        ("redis://host?connection_class=hunter2", ""),
        ("rediss://host?ssl_cert_reqs=hunter2", ""),
    ],
)
def test_an_option_that_the_client_does_not_take_is_a_fault(url: str, option: str | None) -> None:
    fault = url_fault(url)
    text = f"REDIS_URL holds an option{option} that the Redis client does not take: remove it, or correct it."
    assert fault == (None if option is None else text)


@needs_redis
def test_who_has_stopped_waiting_holds_nothing(port: int) -> None:
    async def work() -> None:
        async with two_processes(port) as (one, _, redis):
            waiting = asyncio.create_task(one.claim(KEY))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            while not await redis.keys():  # noqa: ASYNC110  # what was sent to Redis ends by itself
                await asyncio.sleep(0.01)
            await redis.flushall()
            assert await one.claim(KEY) is Claim.TAKEN

    finish(work())


@needs_redis
@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_rediss_is_redis_over_tls(tmp_path: Path) -> None:
    async def work(port: int, certificate: Path) -> None:
        url = f"rediss://127.0.0.1:{port}/0"
        one, two = RedisClaims(f"{url}?ssl_ca_certs={certificate}"), RedisClaims(f"{url}?ssl_cert_reqs=none")
        stranger = RedisClaims(url)
        assert await one.claim(KEY) is Claim.TAKEN
        assert await two.claim(KEY) is Claim.PENDING
        assert await stranger.claim(KEY) is Claim.TAKEN  # does not trust this certificate
        for each in (one, two, stranger):
            await each.close()

    with redis_over_tls(tmp_path) as (port, certificate):
        finish(work(port, certificate))


def test_without_redis_url_there_is_no_redis() -> None:
    assert isinstance(open_claims(None), MemoryClaims)
