"""What the environment says. The only reader of `os.environ`, and of `.env` in the current folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

HTTP = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
SOCKET_MODE = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")

_WHERE = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "Basic Information → App-Level Tokens, scope connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "Basic Information → App Credentials → Signing Secret",
}
_PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
_OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """The environment is incomplete or wrong; `str()` names every fault and what to do about it."""


@dataclass(frozen=True)
class Settings:
    """Everything the doors are told. A secret a door did not ask for may be empty."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    data: Path
    contact: str | None
    port: int
    log_level: str


def load(needed: tuple[str, ...] = ()) -> Settings:
    """Read the environment, then `.env` for what it leaves out.

    `needed` is `HTTP`, `SOCKET_MODE`, or nothing for work that never meets Slack.
    Raises SettingsError with every fault at once.
    """
    given = _given()
    faults = [fault for name in needed if (fault := _fault_of_secret(name, given.get(name, "")))]
    if needed:
        faults += [
            f"{name} is set. Unset it: with it Slack's framework waits for an OAuth installation, "
            "and commands would get no answer."
            for name in _OAUTH
            if name in given
        ]
    api_url = given.get("SLACK_API_URL", "https://slack.com/api/").rstrip("/") + "/"
    if not _is_api_url(api_url):
        faults.append("SLACK_API_URL must be an http(s) address that ends in /api/.")
    port = given.get("PORT", "3000")
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536):
        faults.append("PORT must be a number from 1 to 65535.")
    log_level = given.get("LOG_LEVEL", "INFO").upper()
    if log_level not in _LEVELS:
        faults.append(f"LOG_LEVEL must be one of {', '.join(_LEVELS)}.")
    if faults:
        raise SettingsError("\n  ".join(["The bot can't start:", *faults]) + _hint(needed, given))
    return Settings(
        bot_token=given.get("SLACK_BOT_TOKEN", ""),
        app_token=given.get("SLACK_APP_TOKEN", ""),
        signing_secret=given.get("SLACK_SIGNING_SECRET", ""),
        api_url=api_url,
        data=Path(given["IVIG_DATA"]) if "IVIG_DATA" in given else _shipped_data(),
        contact=given.get("IVIG_CONTACT"),
        port=int(port),
        log_level=log_level,
    )


def _given() -> dict[str, str]:
    """What is set and not blank; the real environment wins over `.env`."""
    try:
        written = dotenv_values(Path(".env"), interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("The bot can't start:\n  the file .env can't be read as UTF-8 text.") from error
    merged = {**written, **os.environ}
    return {name: value.strip() for name, value in merged.items() if value and value.strip()}


def _fault_of_secret(name: str, value: str) -> str | None:
    """What is wrong with a secret, without repeating any of it."""
    if not value:
        return f"{name} is missing. In Slack's settings of the app: {_WHERE[name]}"
    for owner, prefix in _PREFIXES.items():
        if owner != name and value.startswith(prefix):
            return f"{name} holds a {prefix}… token, which belongs in {owner}. Here: {_WHERE[name]}"
    if not value.startswith(_PREFIXES.get(name, "")):
        return f"{name} must start with {_PREFIXES[name]}. In Slack's settings of the app: {_WHERE[name]}"
    if not (value.isascii() and value.isprintable() and " " not in value):
        return f"{name} holds a character that no such secret has. Copy it anew: {_WHERE[name]}"
    return None


def _hint(needed: tuple[str, ...], given: Mapping[str, str]) -> str:
    if all(name in given for name in needed):
        return ""
    return (
        "\nSlack's settings of the app are at https://api.slack.com/apps. "
        "Set the variables in the environment or in a file .env in this folder."
    )


def _is_api_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.path.endswith("/api/")
        and not (parts.query or parts.fragment)
    )


def _shipped_data() -> Path:
    """The checkout's data file, or the wheel's copy of it."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "data" / "ivig.yaml"
    return checkout if checkout.is_file() else package / "data" / "ivig.yaml"
