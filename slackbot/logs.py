"""One line an event on standard output, and in none of them anything that somebody typed."""

import logging
import sys
import time
import traceback
from collections.abc import Iterable

_log = logging.getLogger("slackbot")


def set_up(level: str) -> None:
    """Send every log line of this process to standard output, through a formatter that payloads don't pass.

    `level` applies to the bot's own lines. Libraries speak up from WARNING on, whatever it is: below that
    they log whole payloads.
    """
    # What no line shows is not looked up for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_PayloadProof())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    _log.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
    # Said outright: where no level is set, slack_sdk and Bolt build the text of every payload for nobody.
    # Bolt's warnings hold payloads too, and one at every start says that it needn't be told the token.
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False  # uvicorn writes no access line for a logger without handlers


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
    fields = {
        "event_id": event_id,
        "outcome": outcome,
        "entries": ",".join(entries) or None,
        "delivery": delivery,
        "error": error,
        "ms": None if ms is None else f"{ms:.1f}",
    }
    words = [kind, *(f"{name}={value}" for name, value in fields.items() if value is not None)]
    _log.log(level, "%s", " ".join(words), exc_info=failure)


def milliseconds_since(started: float) -> float:
    """The time since `started`, a value of `time.perf_counter()`."""
    return (time.perf_counter() - started) * 1000


class _PayloadProof(logging.Formatter):
    """Our own lines and uvicorn's announcements in full; of other libraries' only who speaks and where.

    slack_sdk, Bolt and aiohttp put payloads and parts of broken frames into warnings and errors too,
    so their words are dropped by who says them, not by level. An exception is shown by type and place:
    its message may hold what somebody typed.
    """

    def __init__(self) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record, self.datefmt)} {record.levelname} {_words(record)}"


def _words(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == "slackbot" or record.name == "uvicorn.error":
        words = record.getMessage().strip()
    else:
        words = f"library={record.name} at={record.funcName}:{record.lineno}"
    failure = record.exc_info[1] if record.exc_info else None
    return f"{words} {_places(failure)}" if failure else words


def _places(failure: BaseException) -> str:
    """The exception's type and the last places it came through, innermost first."""
    frames = traceback.extract_tb(failure.__traceback__)[-4:]
    path = "<".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"exception={type(failure).__name__} at={path}"
