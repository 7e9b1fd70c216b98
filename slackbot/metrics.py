"""Metrics and health for the operator, beside either door: only where `METRICS_PORT` or `METRICS_TOKEN` is set."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from slackbot import logs
from slackbot.settings import Settings

if TYPE_CHECKING:
    from slackbot.prometheus import Metrics


@asynccontextmanager
async def measured(
    settings: Settings, door: str, content: str, entries: Collection[str]
) -> AsyncIterator["Metrics | None"]:
    """Count what happens while the block runs, and serve it on `METRICS_PORT`; yields None when nobody wants it.

    `door` is the one that is open ("http" or "socket_mode"), `content` the digest of the content, `entries` are the
    ids of its entries. A port that can't be had is logged, and the bot works without.
    """
    if not (settings.metrics_port or settings.metrics_token):
        yield None
        return
    from slackbot.prometheus import Metrics, serving  # nobody else waits for it, or pays its memory

    metrics = Metrics(door, content, entries, settings.metrics_token)
    with logs.watched(metrics.watch):
        if settings.metrics_port is None:
            yield metrics
            return
        async with serving(metrics, settings.metrics_host, settings.metrics_port) as port:
            if port is None:
                logs.event("metrics", outcome="failed", error="METRICS_PORT is taken", level=logging.ERROR)
            yield metrics
