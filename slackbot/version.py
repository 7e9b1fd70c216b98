"""Which bot this is."""

from importlib import metadata


def version() -> str:
    """The version that is installed; "unknown" in a checkout that runs without being installed."""
    try:
        return metadata.version("ivig-bot")
    except metadata.PackageNotFoundError:
        return "unknown"
