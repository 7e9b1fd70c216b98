"""One line an event on standard output, and in none of them anything that somebody typed."""

import logging
import random
import re
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from msgspec import Struct

QUEUE_LINES = 2_000
FLUSH_SECONDS = 1.0
GATHER_SECONDS = 0.01  # a thread that wakes for every line takes more of a busy door's time than answering does
GATHER_LINES = 32
WHOLE_BYTES = 4096  # so many a pipe takes at once, or none, even where several processes write to it

_log = logging.getLogger("slackbot")

_EVENT_ID = re.compile(r"Ev[0-9A-Z]{1,40}")
_REASON = re.compile(r"[a-z][a-z_]{1,39}")


class Event(Struct, frozen=True):
    """One thing that happened, for whoever counts. Nothing in it was typed by anybody."""

    kind: str
    outcome: str | None = None
    entries: tuple[str, ...] = ()
    delivery: str | None = None
    error: str | None = None
    ms: float | None = None


_watchers: list[Callable[[Event], None]] = []
_payload: ContextVar[dict[str, str]] = ContextVar("payload", default={})  # noqa: B039  # nobody writes to it
"""The id of the payload that a task is about, by its name."""


def set_up(level: str, *, queued: bool = False) -> None:
    """Send every line of this process to standard output, and of payloads nothing.

    `level` applies to the bot's own lines. Libraries speak up from WARNING on, whatever it is: below that
    they log whole payloads. Warnings and exceptions that nobody caught become such lines too.
    A door has them `queued`: where nobody reads them it drops and counts them, rather than stand still.
    """
    # What no line shows is not looked up for each. Nor is anything shown of a line that can't be written.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = logging.raiseExceptions = False
    output.sink = _Queue(_Writer()) if queued else _Writer()
    logging.basicConfig(handlers=[_PayloadProof()], level=logging.WARNING, force=True)
    set_level(level)
    # Said outright: where no level is set, slack_sdk and Bolt build the text of every payload for nobody.
    # Bolt's warnings hold payloads too, and one at every start says that it needn't be told the token.
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    warnings.showwarning = _show_warning
    sys.excepthook = _show_crash
    sys.unraisablehook = _show_unraisable
    threading.excepthook = _show_crash_of_thread


def set_level(level: str) -> None:
    """Show the bot's own lines from this level on."""
    _log.setLevel(level)


def flush() -> None:
    """Wait until all lines are written, but not long: nobody may be reading them."""
    output.sink.flush()


def lost() -> int:
    """How many lines could not be written, or were dropped since nobody read them."""
    return output.sink.lost


@contextmanager
def watched(watcher: Callable[[Event], None]) -> Iterator[None]:
    """Call `watcher` for each event while the block runs, whatever the level."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def begin(event_id: object = None) -> None:
    """Give the lines of this task, and of those it starts, the id of its payload: Slack's, or one of its own.

    Slack names events alone. `event_id` may be anything; what is none of Slack's is not used.
    """
    if isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id):
        _payload.set({"event_id": event_id})
    else:
        _payload.set({"id": f"{random.getrandbits(32):08x}"})  # a name for lines, no secret


def started(door: str, version: str, *, content: str, readings: str, review: str) -> None:
    """Say which door opens, with which version of the bot and of its content, and how its review stands."""
    _log.info("started door=%s version=%s content=%s readings=%s review=%s", door, version, content, readings, review)


def event(
    kind: str,
    *,
    event_id: str | None = None,
    outcome: str | None = None,
    entries: Iterable[str] = (),
    delivery: str | None = None,
    error: str | None = None,
    ms: float | None = None,
    level: int = logging.INFO,
    failure: BaseException | None = None,
) -> None:
    """Write one line about one thing that happened. The parameters are the list of what may be logged.

    `entries` are ids from the data file, `error` is Slack's name for an error or an exception's type;
    of `failure` only the type and the places are shown.
    """
    entries = tuple(entries)
    for watcher in _watchers:
        watcher(Event(kind, outcome, entries, delivery, error, ms))
    if not _log.isEnabledFor(level):
        return
    fields = {
        "event_id": event_id if event_id and _EVENT_ID.fullmatch(event_id) else None,
        "outcome": outcome,
        "entries": ",".join(entries) or None,
        "delivery": delivery,
        "error": error,
        "ms": None if ms is None else f"{ms:.1f}",
    }
    if fields["event_id"] is None:
        fields.update(_payload.get())
    words = [kind, *(f"{name}={value}" for name, value in fields.items() if value is not None)]
    _put(level, " ".join(words), failure)


def redelivery(reason: object) -> None:
    """Write that Slack delivers something again, for the reason that it gives, which may be anything."""
    name = reason if isinstance(reason, str) and _REASON.fullmatch(reason) else "unknown"
    event("redelivery", outcome=name)


def milliseconds_since(started: float) -> float:
    """The time since `started`, a value of `time.perf_counter()`."""
    return (time.perf_counter() - started) * 1000


class _Writer:
    """Writes lines to standard output, or error, at once and whole, and counts those it can't: it is full, or closed.

    Past the stream's buffer: what would stay in there, Python tries to write at its end, and complains.
    """

    def __init__(self, *, to_errors: bool = False) -> None:
        self.lost = 0
        self._to_errors = to_errors
        self._reported = 0

    def lose(self) -> None:
        """Count a line that was lost."""
        self.lost += 1

    def put(self, line: bytes) -> None:
        """Take a line."""
        self.write([line])

    def write(self, lines: list[bytes]) -> None:
        """Write lines, as many at a time as are sure to stay whole."""
        while lines:
            count, size = 1, len(lines[0])
            while count < len(lines) and size + len(lines[count]) <= WHOLE_BYTES:
                size += len(lines[count])
                count += 1
            try:
                lost = self.lost
                if lost > self._reported:
                    self._write(f"{_now()} WARNING log outcome=lost lines={lost - self._reported}\n".encode())
                    self._reported = lost
                self._write(b"".join(lines[:count]))
            except (OSError, ValueError):
                self.lost += count
            lines = lines[count:]

    def _write(self, lines: bytes) -> None:
        """Raises OSError or ValueError when they can't be written."""
        stream = sys.stderr if self._to_errors else sys.stdout
        if stream is None:  # closed before the process began
            raise ValueError
        raw = getattr(stream.buffer, "raw", stream.buffer)
        while lines:
            taken = raw.write(lines)
            if not taken:  # somebody has told it not to wait
                raise BlockingIOError
            lines = lines[taken:]

    def flush(self) -> None:
        """Nothing is kept back."""


class _Queue:
    """Hands lines to a thread that writes them. A full queue drops them: then nobody has read for long."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._lines: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        self._is_awaited = threading.Event()
        threading.Thread(target=self._write, daemon=True).start()

    @property
    def lost(self) -> int:
        """How many lines were dropped, or could not be written."""
        return self._writer.lost

    def lose(self) -> None:
        """Count a line that was lost."""
        self._writer.lose()

    def put(self, line: bytes) -> None:
        """Take a line."""
        if self._lines.qsize() < QUEUE_LINES:
            self._lines.put(line)
        else:
            self.lose()

    def flush(self) -> None:
        """Wait until the lines are written, but not for ever."""
        written = threading.Event()
        self._lines.put(written)
        self._is_awaited.set()
        written.wait(FLUSH_SECONDS)

    def _write(self) -> None:
        """Write what comes, and what comes soon after it with it; ends with the process."""
        while True:
            waiting = [self._lines.get()]
            if self._lines.qsize() < GATHER_LINES:
                self._is_awaited.wait(GATHER_SECONDS)
            self._is_awaited.clear()
            with suppress(Empty):
                while len(waiting) < GATHER_LINES:
                    waiting.append(self._lines.get_nowait())
            self._writer.write([line for line in waiting if isinstance(line, bytes)])
            for each in waiting:
                if isinstance(each, threading.Event):
                    each.set()


@dataclass
class Output:
    """Where the lines of this process go: to standard error, until `set_up` says otherwise."""

    sink: _Writer | _Queue


output = Output(_Writer(to_errors=True))


class _PayloadProof(logging.Handler):
    """Takes `logging`'s lines: our own in full, of other libraries' only who speaks and where.

    slack_sdk, Bolt and aiohttp put payloads and parts of broken frames into warnings and errors too,
    so their words are dropped by who says them, not by level.
    """

    def createLock(self) -> None:  # noqa: N802  # logging's name
        """Do without one: `logging.shutdown` would wait for a writer that stands still."""
        self.lock = None

    def handle(self, record: logging.LogRecord) -> bool:
        """See logging.Handler; as there, less the lock."""
        if passes := self.filter(record):
            self.emit(record)
        return bool(passes)

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        try:
            words = _words(record)
        except Exception:  # noqa: BLE001  # no line can be made of it, and nothing of it is shown
            output.sink.lose()
        else:
            _put(record.levelno, words, record.exc_info[1] if record.exc_info else None)

    def flush(self) -> None:
        """See logging.Handler. `logging.shutdown` calls this too."""
        output.sink.flush()


def _put(level: int, words: str, failure: BaseException | None) -> None:
    """Write a line. Events come here past `logging`, whose way to a handler takes longer than all the rest of one.

    An exception is shown by type and place: its message may hold what somebody typed.
    """
    try:
        places = f" {_places(failure)}" if failure else ""
        line = f"{_now()} {logging.getLevelName(level)} {words}{places}".replace("\n", " ")
        output.sink.put(f"{line}\n".encode("utf-8", "backslashreplace"))
    except Exception:  # noqa: BLE001  # events are told of in the midst of failures: a line must not make another
        output.sink.lose()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def _words(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == "slackbot":
        return record.getMessage()
    return f"library={record.name} at={record.funcName}:{record.lineno}"


def _places(failure: BaseException) -> str:
    """The exception's type and the last places it came through, innermost first."""
    frames = traceback.extract_tb(failure.__traceback__)[-4:]
    path = "<".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"exception={type(failure).__name__} at={path}"


def _show_warning(*warning: Any, **_: Any) -> None:
    """Python's hook for warnings: what kind, and where. The message may hold anything."""
    category, filename, line = warning[1:4]
    _log.warning("warning=%s at=%s:%d", category.__name__, filename.rsplit("/", 1)[-1], line)


def _show_crash(_: type[BaseException], failure: BaseException, __: TracebackType | None) -> None:
    """Python's hook for what ends the process."""
    _log.critical("crash", exc_info=failure)


def _show_crash_of_thread(crash: threading.ExceptHookArgs) -> None:
    """Python's hook for what ends a thread."""
    _log.critical("crash of=thread", exc_info=crash.exc_value)


def _show_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Python's hook for what is raised where nobody can catch it, in `__del__` for one."""
    _log.error("unraisable", exc_info=unraisable.exc_value)
