"""A slow line between the bot and the stand-in: what is sent arrives in order, and late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from standin.slack import Slack


@asynccontextmanager
async def slow_line(slack: Slack, one_way: Callable[[], float]) -> AsyncIterator[list[asyncio.StreamWriter]]:
    """Let everything between the bot and Slack, either way, take as long as `one_way` says each time.

    Gives the connections that are opened, in order.
    """
    host, _, port = slack.workspace.address.partition(":")
    ends: set[asyncio.StreamWriter] = set()
    opened: list[asyncio.StreamWriter] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        due = 0.0
        ends.add(writer)
        try:
            while chunk := await reader.read(1 << 16):
                due = max(due, loop.time() + one_way())
                loop.call_at(due, _write, writer, chunk)
        except ConnectionError:
            pass
        loop.call_at(max(due, loop.time() + one_way()), writer.close)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        slack.workspace.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield opened
        finally:
            slack.workspace.address = f"{host}:{port}"
            for end in ends:
                end.close()


def _write(writer: asyncio.StreamWriter, chunk: bytes) -> None:
    if not writer.is_closing():
        writer.write(chunk)
