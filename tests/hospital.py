"""A hospital's network: Slack is behind a proxy that wants a password and shows certificates of its own."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from standin.slack import Slack

HOST = "slack.test"  # no name server knows it
USER, PASSWORD = "robin", "s3cret%zaphod"


@dataclass
class Hospital:
    """Where the proxy is, which certificates to trust, and what the proxy was asked for."""

    slack: Slack
    certificates: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """What came with the right password."""
    out_of_order: bool = False
    """Whether the proxy drops whoever comes."""
    cut: Callable[[], None] = lambda: None
    """Drop every connection."""

    @property
    def proxy(self) -> str:
        """The proxy's address, without a scheme, as operators write it."""
        return f"{USER}:{PASSWORD.replace('%', '%25')}@127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """Where Slack's Web API is, for the proxy."""
        return f"https://{HOST}/api/"

    def outside(self, url: str) -> str:
        """One of the stand-in's addresses as the hospital's network has it."""
        return url.replace(f"://{self.slack.workspace.address}", f"s://{HOST}")


@asynccontextmanager
async def hospital(slack: Slack, folder: Path) -> AsyncIterator[Hospital]:
    """A proxy on 127.0.0.1 that lets nothing through but `slack`, as the host HOST, over TLS."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    around = Hospital(slack, folder / "ca.pem")

    async def inspect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The proxy's own end of TLS, and behind it Slack in the clear."""
        address, port = slack.workspace.address.split(":")
        inner = f'"ws://{slack.workspace.address}/'.encode()
        outer = f'"wss://{HOST}/'.encode().rjust(len(inner))  # as long as it was, for its Content-Length
        behind, to_slack = await asyncio.open_connection(address, int(port))
        await asyncio.gather(_pipe(reader, to_slack), _pipe(behind, writer, inner, outer))

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The proxy: CONNECT, with a password."""
        with suppress(OSError, asyncio.IncompleteReadError):
            if around.out_of_order:
                writer.close()
                return
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            if f"proxy-authorization: basic {wanted}".lower() not in head.lower():
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif not head.startswith(f"CONNECT {HOST}:443 "):
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            else:
                around.asked.append(head.partition("\r\n")[0])
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                inspecting = inside.sockets[0].getsockname()[1]
                behind, to_slack = await asyncio.open_connection("127.0.0.1", inspecting)
                await asyncio.gather(_pipe(reader, to_slack), _pipe(behind, writer))
            writer.close()

    async with (
        await asyncio.start_server(inspect, "127.0.0.1", 0, ssl=context) as inside,
        await asyncio.start_server(connect, "127.0.0.1", 0) as proxy,
    ):
        around.port = proxy.sockets[0].getsockname()[1]
        around.cut = proxy.close_clients
        yield around
        inside.close_clients()
        proxy.close_clients()


async def _pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inner: bytes = b"-", outer: bytes = b"-"
) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data.replace(inner, outer))
            await writer.drain()
    writer.close()
