"""Who attacks the HTTP door: plain sockets, in a process of its own that imports little and so starts at once.

`python tests/attacker.py NAME PORT` goes on until SIGTERM, and prints how long its longest connection lasted.
"""

import errno
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = POST + b"Content-Length: 1048576\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """So many connections, each of which sends `opening`, and then `refrain` every `pause` seconds.

    Each sends at most `at_most` bytes after the opening, and is opened anew when the bot closes it.
    """

    name: str
    opening: bytes = b""
    refrain: bytes = b""
    pause: float = 0.0
    at_most: int = 1 << 40
    connections: int = 400
    a_second: float = 1000.0
    reads: bool = True


ATTACKS = (
    Attack("endless trailers, one connection", CHUNKED + b"0\r\n", b"X-A: aaaaaaaaaa\r\n" * 1000, connections=1),
    Attack("one endless trailer, one connection", CHUNKED + b"0\r\nX-A: ", b"a" * 16_384, connections=1),
    Attack("one endless chunk extension", CHUNKED + b"1;a=", b"a" * 16_384, connections=1),
    Attack("endless chunks of one byte", CHUNKED, b"1\r\nx\r\n" * 1000, connections=20),
    Attack("bodies of 1 MiB less a byte, 400 at once", LONG, b"x" * 65_536, at_most=1_048_575),
    Attack("heads of 16,000 fields, 100 at once", POST, b"a:\r\n" * 4000, pause=0.2, at_most=63_000, connections=100),
    Attack("silent, 120 opened a second", connections=1100, a_second=120),
    Attack("answered, then a stray line end", HEALTH, b"\r\n", pause=0.5, at_most=2, connections=1100),
    Attack("stray line ends, one every second", b"\r\n", b"\r\n", pause=1.0, connections=1100),
    Attack("a byte of a head every second", b"G", b"E", pause=1.0, connections=1100),
    Attack("404 before its body, then one byte of it",
           b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"x", pause=0.5, at_most=1, connections=1100),
    Attack("405 before its body, then one byte of it",
           b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"x", 0.5, at_most=1, connections=1100),
    Attack("a byte of a body every second", LONG, b"x", pause=1.0, connections=1100),
    Attack("never reads", HEALTH, HEALTH * 100, connections=300, reads=False),
    Attack("10,000 requests at once, never reads", b"", HEALTH * 10_000, connections=50, reads=False),
    Attack("rubbish", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", connections=200),
)  # fmt: skip


@dataclass(eq=False)
class Link:
    """One connection of an attacker."""

    socket: socket.socket
    due: float
    unsent: bytes
    opened: float
    sent: int = 0


def attack(plan: Attack, port: int) -> None:
    """Do it until SIGTERM; prints how long the longest connection lasted."""
    over: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: over.append(number))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    links: set[Link] = set()
    started = time.monotonic()
    opened, longest = 0, 0.0
    with selectors.DefaultSelector() as selector:
        while not over:
            now = time.monotonic()
            while len(links) < plan.connections and opened < (now - started) * plan.a_second + 1:
                link = Link(socket.socket(), now, plan.opening, now)
                link.socket.setblocking(False)
                link.socket.connect_ex(("127.0.0.1", port))
                links.add(link)
                selector.register(link.socket, selectors.EVENT_READ if plan.reads else selectors.EVENT_WRITE, link)
                opened += 1
            for key, _ in selector.select(0.01 if plan.pause or not plan.refrain else 0):
                if plan.reads and not _is_open(key.data):
                    longest = max(longest, now - key.data.opened)
                    _close(key.data, links, selector)
            for link in list(links):
                if not _send(plan, link, now):
                    longest = max(longest, now - link.opened)
                    _close(link, links, selector)
            if not plan.reads or plan.pause:
                time.sleep(0.01)
    longest = max([longest, *(time.monotonic() - link.opened for link in links)])
    sys.stdout.write(f"{longest:.1f}\n")


def _is_open(link: Link) -> bool:
    try:
        return link.socket.recv(65_536) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _send(plan: Attack, link: Link, now: float) -> bool:
    if now < link.due:
        return True
    if not link.unsent and link.sent < plan.at_most:
        link.unsent = plan.refrain[: plan.at_most - link.sent]
        link.sent += len(link.unsent)
    try:
        written = link.socket.send(link.unsent) if link.unsent else 0
    except (BlockingIOError, InterruptedError):
        return True
    except OSError as error:
        return error.errno == errno.ENOTCONN  # not yet
    link.unsent = link.unsent[written:]
    if not link.unsent:
        link.due = now + plan.pause
    return True


def _close(link: Link, links: set[Link], selector: selectors.BaseSelector) -> None:
    links.discard(link)
    selector.unregister(link.socket)
    link.socket.close()


if __name__ == "__main__":
    (wanted,) = (each for each in ATTACKS if each.name == sys.argv[1])
    attack(wanted, int(sys.argv[2]))
