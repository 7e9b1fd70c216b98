"""What happens, counted from the events of the log, in Prometheus' format. Imported only where it is asked for."""

import hmac
import re
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from slackbot import logs
from slackbot.logs import Event
from slackbot.version import VERSION

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# Slack waits for three seconds; most answers take a thousandth of that.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
_ASKED_BY = frozenset({"command", "mention", "message", "action", "shortcut", "share", "look_up"})
_POSTS = {"refused": "refused", "failed": "passing", "passing": "passing", "retrying": "passing"}
_NAME = re.compile(r"[a-z][a-z_.]{1,39}|http_\d{3}|[A-Z][A-Za-z]{2,39}")


class Metrics:
    """The numbers of one process. Labels are names from lists and patterns: nothing that was typed fits them."""

    def __init__(
        self,
        door: str,
        content: str,
        entries: Collection[str],
        token: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries = frozenset(entries)
        self._token = token
        self._door = door
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, that nobody asks for
        self._registry = registry = CollectorRegistry()
        Info("ivig", "What runs here", registry=registry).info({"door": door, "version": VERSION, "content": content})
        self._deafness = _Deafness(clock)
        Gauge("ivig_ready", "1 while what people ask can arrive", registry=registry).set_function(
            lambda: float(self.ready)
        )
        self._answers = Counter(
            "ivig_answers",
            "Answers given, by what asked for them, outcome and entry: one for each entry of an answer",
            ["door", "asked_by", "outcome", "entry"],
            registry=registry,
        )
        self._undelivered = Counter(
            "ivig_undelivered", "Answers that could be shown to nobody", ["door", "asked_by"], registry=registry
        )
        self._answering = Histogram(
            "ivig_answer_seconds",
            "From the payload's arrival to the answer at Slack",
            ["door", "asked_by"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._acknowledging = Histogram(
            "ivig_acknowledge_seconds",
            "From the payload's arrival to its acknowledgement, by HTTP's status",
            ["door", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._failures = Counter(
            "ivig_posts_failed",
            "Calls of Slack that failed, by whether trying again may help, and Slack's name for it",
            ["call", "outcome", "error"],
            registry=registry,
        )
        self._errors = Counter("ivig_errors", "Failures of the bot's own", ["at"], registry=registry)
        self._redeliveries = Counter(
            "ivig_redeliveries", "Payloads that Slack delivered again, by its reason", ["reason"], registry=registry
        )
        self._disconnections = Counter(
            "ivig_disconnections",
            "Websockets that ended, or were announced to",
            ["reason"],
            registry=registry,
        )
        self._redis = Counter("ivig_redis_away", "Times that Redis did not answer", registry=registry)
        for name, text, read in (
            (
                "ivig_deaf_seconds",
                "Seconds unconnected, or over HTTP not yet ready",
                self._deafness.seconds,
            ),
            ("ivig_log_lines_lost", "Lines of the log that could not be written, or that nobody read", logs.lost),
        ):
            registry.register(_Total(name, text, read))

    @property
    def ready(self) -> bool:
        """Whether what people ask can arrive: Slack has taken the token and, in Socket Mode, is connected."""
        return not self._deafness.now

    def watch(self, event: Event) -> None:
        """Count an event of the log."""
        match event:
            case Event(kind="acknowledged", outcome=status, ms=float(ms)):
                self._acknowledging.labels(self._door, status).observe(ms / 1000)
            case Event(kind="redelivery", outcome=reason):
                self._redeliveries.labels(_name(reason)).inc()
            case Event(kind="connection", outcome="down", error=reason):
                self._disconnections.labels(_name(reason)).inc()
                self._deafness.begin()
            case Event(kind="connection", outcome="up"):
                self._deafness.end()
            case Event(kind="auth.test", outcome="ready") if self._door == "http":
                self._deafness.end()
            case Event(kind="redis", outcome="away"):
                self._redis.inc()
            case Event(outcome=outcome, error=str(error)) if outcome in _POSTS:
                self._failures.labels(_name(event.kind), _POSTS[outcome], _name(error)).inc()
            case Event(outcome="failed"):
                self._errors.labels(_name(event.kind)).inc()
            case Event(kind=kind) if kind in _ASKED_BY and (event.ms is not None or event.delivery is not None):
                self._count_answer(event)

    def _count_answer(self, event: Event) -> None:
        if event.ms is not None:
            self._answering.labels(self._door, event.kind).observe(event.ms / 1000)
        if event.delivery == "refused":
            self._undelivered.labels(self._door, event.kind).inc()
            return
        for entry in event.entries or ("",):
            label = entry if entry in self._entries or not entry else "other"
            self._answers.labels(self._door, event.kind, _name(event.outcome), label).inc()

    def shown_to(self, authorization: str) -> bytes | None:
        """The page for a request at the public door, by its `Authorization` header; None for whom there is none."""
        wanted = f"Bearer {self._token}"
        may_read = bool(self._token) and hmac.compare_digest(authorization.encode(), wanted.encode())
        return self.page() if may_read else None

    def page(self) -> bytes:
        """All numbers, as Prometheus reads them."""
        return generate_latest(self._registry)


class _Deafness:
    """How long nothing that people asked could arrive, a silence that goes on among it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._before = 0.0
        self._since: float | None = clock()

    @property
    def now(self) -> bool:
        return self._since is not None

    def begin(self) -> None:
        if self._since is None:
            self._since = self._clock()

    def end(self) -> None:
        self._before = self.seconds()
        self._since = None

    def seconds(self) -> float:
        return self._before + (0.0 if self._since is None else self._clock() - self._since)


class _Total(Collector):
    """A counter whose value is kept elsewhere."""

    def __init__(self, name: str, text: str, read: Callable[[], float]) -> None:
        self._name, self._text, self._read = name, text, read

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        yield CounterMetricFamily(self._name, self._text, self._read())


@asynccontextmanager
async def serving(metrics: Metrics, host: str, port: int) -> AsyncIterator[int | None]:
    """Serve `/metrics` and `/healthz` while the block runs; the port, or None when it can't be had."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE})

    async def health(_: web.Request) -> web.Response:
        ready = metrics.ready
        body = {"alive": True, "ready": ready, "status": "ready" if ready else "not ready"}
        return web.json_response(body, status=200 if ready else 503)

    app = web.Application()
    app.router.add_get("/metrics", show)
    app.router.add_get("/healthz", health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
            bound: int | None = runner.addresses[0][1]
        except OSError:
            bound = None
        yield bound
    finally:
        await runner.cleanup()


def _name(text: str | None) -> str:
    """Slack's name for something, or an exception's type, less the advice behind it; of all else nothing."""
    name = (text or "").partition(":")[0].partition(";")[0].partition(" ")[0]
    return name if _NAME.fullmatch(name) else "other"
