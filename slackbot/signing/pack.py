"""The review pack."""

import datetime as dt
from pathlib import Path


class PackError(Exception):
    """No."""


def page(path: Path, source: Path | None, since: str | None, day: dt.date) -> str:
    """Page."""
    return ""
