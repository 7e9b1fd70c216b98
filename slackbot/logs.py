"""One line an event on standard output, and in none of them anything that somebody typed."""

import logging
import re
import secrets
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

QUEUE_LINES = 2_000
FLUSH_SECONDS = 1.0
GATHER_SECONDS = 0.01  # a thread that wakes for every line takes more of a busy door's time than answering does
GATHER_LINES = 32
WHOLE_BYTES = 4096  # so many a pipe takes at once, or none, even where several processes write to it

_log = logging.getLogger("slackbot")

_EVENT_ID = re.compile(r"Ev[0-9A-Z]{1,40}")
_REASON = re.compile(r"[a-z][a-z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for whoever counts. Nothing in it was typed by anybody."""

    kind: str
    outcome: str | None = None
    entries: tuple[str, ...] = ()
    delivery: str | None = None
    error: str | None = None
    ms: float | None = None


_NOT_LOOKED_UP = vars(logging.LogRecord(_log.name, logging.INFO, "", 0, "", None, None))

_watchers: list[Callable[[Event], None]] = []
_payload: ContextVar[dict[str, str]] = ContextVar("payload", default={})  # noqa: B039  # nobody writes to it
"""The id of the payload that a task is about, by its name."""


def set_up(level: str, *, queued: bool = False) -> None:
    """Send every line of this process to standard output, through a formatter that payloads don't pass.

    `level` applies to the bot's own lines. Libraries speak up from WARNING on, whatever it is: below that
    they log whole payloads. Warnings and exceptions that nobody caught become such lines too.
    A door has them `queued`: where nobody reads them it drops and counts them, rather than stand still.
    """
    # What no line shows is not looked up for each. Nor is anything shown of a line that can't be written.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = logging.raiseExceptions = False
    writer = _Writer()
    handler: logging.Handler = _Queued(writer) if queued else writer
    handler.setFormatter(_PayloadProof())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
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
    for handler in logging.getLogger().handlers:
        handler.flush()


def lost() -> int:
    """How many lines could not be written, or were dropped since nobody read them."""
    handlers = logging.getLogger().handlers
    writers = [handler.writer if isinstance(handler, _Queued) else handler for handler in handlers]
    return sum(writer.lost for writer in writers if isinstance(writer, _Writer))


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
        _payload.set({"id": secrets.token_hex(4)})


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
    _log.handle(_EventRecord(level, " ".join(words), failure))


def redelivery(reason: object) -> None:
    """Write that Slack delivers something again, for the reason that it gives, which may be anything."""
    name = reason if isinstance(reason, str) and _REASON.fullmatch(reason) else "unknown"
    event("redelivery", outcome=name)


def milliseconds_since(started: float) -> float:
    """The time since `started`, a value of `time.perf_counter()`."""
    return (time.perf_counter() - started) * 1000


class _EventRecord(logging.LogRecord):
    """A record of an event. When and where it was made, which logging looks up for each, no line of ours shows."""

    def __init__(self, level: int, words: str, failure: BaseException | None) -> None:
        self.__dict__.update(_NOT_LOOKED_UP)
        self.levelno = level
        self.levelname = logging.getLevelName(level)
        self.msg = words
        self.exc_info = (type(failure), failure, failure.__traceback__) if failure else None


class _Writer(logging.Handler):
    """Writes lines to standard output, at once and whole, and counts those it can't: it is full, or closed.

    Past `sys.stdout`'s buffer: what would stay in there, Python tries to write at its end, and complains.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0
        self._reported = 0

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
            self.write([_line(self, record)])
        except Exception:  # noqa: BLE001  # whatever it is, telling would mean to show the record
            self.lost += 1

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
                    _write(f"{_now()} WARNING log outcome=lost lines={lost - self._reported}\n".encode())
                    self._reported = lost
                _write(b"".join(lines[:count]))
            except (OSError, ValueError):
                self.lost += count
            lines = lines[count:]

    def flush(self) -> None:
        """Nothing is kept back."""


class _Queued(logging.Handler):
    """Hands lines to a thread that writes them. A full queue drops them: then nobody has read for long."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__()
        self.writer = writer
        self._lines: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        self._is_awaited = threading.Event()
        threading.Thread(target=self._write, daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        try:
            line = _line(self, record)
        except Exception:  # noqa: BLE001  # no line can be made of it, and nothing of it is shown
            self.writer.lost += 1
            return
        if self._lines.qsize() < QUEUE_LINES:
            self._lines.put(line)
        else:
            self.writer.lost += 1

    def flush(self) -> None:
        """Wait until the lines are written, but not for ever. `logging.shutdown` calls this too."""
        written = threading.Event()
        self._lines.put(written)
        self._is_awaited.set()
        written.wait(FLUSH_SECONDS)

    def _write(self) -> None:
        """Write what comes, and what comes soon after it with it; ends with the process."""
        while True:
            waiting = [self._lines.get()]
            if self._lines.empty():
                self._is_awaited.wait(GATHER_SECONDS)
            self._is_awaited.clear()
            with suppress(Empty):
                while len(waiting) < GATHER_LINES:
                    waiting.append(self._lines.get_nowait())
            self.writer.write([line for line in waiting if isinstance(line, bytes)])
            for each in waiting:
                if isinstance(each, threading.Event):
                    each.set()


class _PayloadProof(logging.Formatter):
    """Our own lines in full; of other libraries' only who speaks and where.

    slack_sdk, Bolt and aiohttp put payloads and parts of broken frames into warnings and errors too,
    so their words are dropped by who says them, not by level. An exception is shown by type and place:
    its message may hold what somebody typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        return f"{_now()} {record.levelname} {_words(record)}"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def _line(handler: logging.Handler, record: logging.LogRecord) -> bytes:
    return f"{handler.format(record)}\n".encode("utf-8", "backslashreplace")


def _write(lines: bytes) -> None:
    """Raises OSError or ValueError when they can't be written."""
    if sys.stdout is None:  # closed before the process began
        raise ValueError
    stream = getattr(sys.stdout.buffer, "raw", sys.stdout.buffer)
    while lines:
        taken = stream.write(lines)
        if not taken:  # somebody has told it not to wait
            raise BlockingIOError
        lines = lines[taken:]


def _words(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == "slackbot":
        words = " ".join(record.getMessage().split("\n"))
    else:
        words = f"library={record.name} at={record.funcName}:{record.lineno}"
    failure = record.exc_info[1] if record.exc_info else None
    return f"{words} {_places(failure)}" if failure else words


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
