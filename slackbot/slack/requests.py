"""One HTTP/1.1 request from the bytes of a connection: httptools reads head and chunks, this bounds them."""

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote

import httptools
from msgspec import Struct

HEAD_BYTES = 16 * 1024
FIELDS = 100
BODY_BYTES = 1024 * 1024

_END = b"\r\n\r\n"


class RequestError(Exception):
    """What has come is no request, or more than anybody may send."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Request(Struct, frozen=True):
    """A whole request. The names of `headers` are in lower case."""

    method: str
    path: str
    query: bytes
    headers: Mapping[str, str]
    body: bytes
    is_last: bool
    """Its connection is to be closed after the answer."""


class RequestReader:
    """Bytes go in by `feed`; `request` is there once it is whole, and what came behind it in `rest`."""

    def __init__(self) -> None:
        self.request: Request | None = None
        self.rest = b""
        self._head = bytearray()
        self._message = _Message()
        self._parser = httptools.HttpRequestParser(self._message)
        self._length = 0
        self._in_chunks = False
        self._beside = 0

    @property
    def has_head(self) -> bool:
        """Whether the head is there, and what comes is the body."""
        return self._message.has_head

    @property
    def held(self) -> int:
        """How many bytes of a body there are."""
        return len(self._message.body)

    @property
    def is_awaited(self) -> bool:
        """Whether the sender waits to be told that it may send the body."""
        return self.has_head and self._message.headers.get("expect", "").lower() == "100-continue" and not self.held

    def feed(self, data: bytes) -> None:
        """Read on. Raises RequestError. Line ends before a request are no part of it."""
        try:
            if not self.has_head:
                self._feed_head(data)
            elif self._in_chunks:
                self._feed_chunks(data)
            else:
                self._feed_body(data)
        except httptools.HttpParserError:
            raise RequestError(400) from None

    def _feed_head(self, data: bytes) -> None:
        self._head += data if self._head else data.lstrip(b"\r\n")
        end = self._head.find(_END)
        if (len(self._head) if end < 0 else end) > HEAD_BYTES:
            raise RequestError(431)
        if end < 0:
            return
        head, body = bytes(self._head[: end + len(_END)]), bytes(self._head[end + len(_END) :])
        with suppress(httptools.HttpParserUpgrade):  # an offer, which nobody has to take
            self._parser.feed_data(head)
        headers = self._message.headers
        if not self.has_head or self._message.fields > FIELDS:
            raise RequestError(431 if self.has_head else 400)
        self._in_chunks = "transfer-encoding" in headers
        self._length = int(headers.get("content-length", "0"))
        if self._length > BODY_BYTES:
            raise RequestError(413)
        self.feed(body)

    def _feed_body(self, data: bytes) -> None:
        missing = self._length - self.held
        self._message.body += data[:missing]
        if len(data) >= missing:
            self._end(data[missing:], is_last=not self._parser.should_keep_alive())

    def _feed_chunks(self, data: bytes) -> None:
        """What comes behind the last chunk is lost, so the connection ends there."""
        before = self.held
        with suppress(httptools.HttpParserUpgrade):
            self._parser.feed_data(data)
        self._beside += len(data) - (self.held - before)
        # Sizes, extensions and trailers: as much as a head may be, and no more than they bring.
        if self.held > BODY_BYTES or self._beside > HEAD_BYTES + self.held:
            raise RequestError(413)
        if self._message.is_whole:
            self._end(b"", is_last=True)

    def _end(self, rest: bytes, *, is_last: bool) -> None:
        target = self._message.target
        path, _, query = (target if target.startswith(b"/") else _without_host(target)).partition(b"?")
        self.request = Request(
            self._parser.get_method().decode("ascii"),
            unquote(path.decode("latin-1")),
            query,
            self._message.headers,
            bytes(self._message.body),
            is_last or self._parser.get_http_version() == "1.0",
        )
        self.rest = rest


class _Message:
    """What httptools tells of one request; of what comes behind it nothing is kept."""

    def __init__(self) -> None:
        self.target = b""
        self.headers: dict[str, str] = {}
        self.fields = 0
        self.body = bytearray()
        self.has_head = False
        self.is_whole = False

    def on_url(self, url: bytes) -> None:
        if not self.has_head:
            self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.has_head:
            self.fields += 1
            self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.has_head = True

    def on_body(self, body: bytes) -> None:
        if not self.is_whole:
            self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True


def _without_host(target: bytes) -> bytes:
    """The path of a target as proxies are sent it, `http://host/path`."""
    return b"/" + target.partition(b"://")[2].partition(b"/")[2]
