"""uvicorn's protocol for HTTP, with limits to how long it waits for a request's head, and how long that may be."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
HEAD_BYTES = 64 * 1024


class LimitedProtocol(HttpToolsProtocol):
    """Drops a connection whose request line and headers don't arrive within HEAD_SECONDS and HEAD_BYTES.

    uvicorn itself waits for ever (`--http slackbot.slack.heads:LimitedProtocol` makes it use this); what follows
    the head is limited where it is read, and what idles between requests by `--timeout-keep-alive`.
    """

    _limit: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        if self._limit is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """See httptools: a request's first byte."""
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """See httptools: a request's head is there."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait_for_head(self) -> None:
        if self._limit is None:
            self._head = 0
            self._limit = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
