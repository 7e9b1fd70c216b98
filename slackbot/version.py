"""Which bot this is, and with which content."""

import hashlib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """The version that is installed; "unknown" in a checkout that runs without being installed."""
    try:
        return metadata.version("ivig-bot")
    except metadata.PackageNotFoundError:
        return "unknown"


def content_digest(path: Path) -> str:
    """A name for a data file as it stands: two files have the same only when they are the same."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
