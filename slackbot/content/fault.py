"""One thing wrong with a data file, and the place of one."""

from typing import NamedTuple

Where = tuple[int | str, ...]  # the way to a value: ("entries", 3, "name")


class Fault(NamedTuple):
    """One thing wrong with the data file."""

    line: int
    message: str
