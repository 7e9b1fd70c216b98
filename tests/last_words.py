"""What a process logs that breaks down: a line of each kind that nobody wrote, with typed text in it.

Run as a process by `test_processes.py`, with standard outputs of all kinds; it imports next to nothing.
"""

import logging
import threading
import warnings
from typing import NoReturn

from slackbot import logs

CANARY = "Zaphod-Canary-4711"


def shout(*arguments: object, **named: object) -> NoReturn:
    """What a function does that breaks down: its exception shows everything it was given."""
    raise RuntimeError(f"Zaphod-Canary-4711 {arguments!r} {named!r}")


class Unraisable:
    """Something that breaks down where nobody can catch it."""

    def __del__(self) -> None:
        raise RuntimeError(CANARY)


def leave_last_words() -> NoReturn:
    """End as a process does that breaks down."""
    warnings.warn(CANARY, stacklevel=1)
    Unraisable()
    logging.getLogger("slackbot").info("%d", CANARY)  # a line that can't be made
    logging.getLogger("slack_sdk").error("payload: %s", CANARY, stack_info=True)
    thread = threading.Thread(target=shout, args=(CANARY,))
    thread.start()
    thread.join()
    shout(CANARY)


if __name__ == "__main__":
    logs.set_up("DEBUG", queued=True)
    leave_last_words()
