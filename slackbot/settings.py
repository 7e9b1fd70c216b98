"""What the environment says. The only reader of `os.environ`, and of `.env` in the current folder."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

HTTP = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
SOCKET_MODE = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

_WHERE = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "Basic Information → App-Level Tokens, scope connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "Basic Information → App Credentials → Signing Secret",
}
_PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
_REPLIES = ("public", "private")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_API_URL = "https://slack.com/api/"
_PORT = "3000"


class SettingsError(Exception):
    """The environment is incomplete or wrong; `str()` names every fault and what to do about it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one variable, and what to do about it, without repeating any of its value."""

    variable: str
    text: str


@dataclass(frozen=True)
class Settings:
    """Everything the doors are told. A secret a door did not ask for may be empty."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    data: Path
    contact: str | None
    private: bool
    """Whether `/ivig` answers the asker alone unless told otherwise."""
    port: int
    log_level: str
    redis_url: str | None = field(default=None, repr=False)
    """It may hold a password."""


def load(needed: tuple[str, ...] = ()) -> Settings:
    """Read the environment, then `.env` for what it leaves out.

    `needed` is `HTTP`, `SOCKET_MODE`, or nothing for work that never meets Slack.
    Raises SettingsError with every fault at once.
    """
    chosen, faults = examine(needed)
    if faults:
        said = "\n  ".join(["The bot can't start:", *(fault.text for fault in faults)])
        raise SettingsError(said + _hint(needed, chosen))
    return chosen


def examine(needed: tuple[str, ...]) -> tuple[Settings, tuple[Fault, ...]]:
    """Read as `load` does, but go on after a fault: with the default in place of what is wrong."""
    faults: list[Fault] = []
    given = _given(faults)
    faults += [Fault(name, text) for name in needed if (text := _fault_of_secret(name, given.get(name, "")))]
    if needed:
        faults += [
            Fault(
                name,
                f"{name} is set. Unset it: with it Slack's framework waits for an OAuth installation, "
                "and commands would get no answer.",
            )
            for name in OAUTH
            if name in given
        ]
    api_url = given.get("SLACK_API_URL", _API_URL).rstrip("/") + "/"
    if not _is_api_url(api_url):
        faults.append(Fault("SLACK_API_URL", "SLACK_API_URL must be an http(s) address that ends in /api/."))
        api_url = _API_URL
    reply = given.get("IVIG_REPLY", "public").lower()
    if reply not in _REPLIES:
        faults.append(Fault("IVIG_REPLY", f"IVIG_REPLY must be one of {', '.join(_REPLIES)}."))
    port = given.get("PORT", _PORT)
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536):
        faults.append(Fault("PORT", "PORT must be a number from 1 to 65535."))
        port = _PORT
    log_level = given.get("LOG_LEVEL", "INFO").upper()
    if log_level not in _LEVELS:
        faults.append(Fault("LOG_LEVEL", f"LOG_LEVEL must be one of {', '.join(_LEVELS)}."))
        log_level = "INFO"
    redis_url = given.get("REDIS_URL")
    if redis_url is not None and not _is_redis_url(redis_url):
        faults.append(
            Fault("REDIS_URL", "REDIS_URL must be an address like redis://host:6379/0, or rediss:// for TLS.")
        )
        redis_url = None
    elif redis_url is not None and (text := _redis_fault(redis_url)):
        faults.append(Fault("REDIS_URL", text))
        redis_url = None
    chosen = Settings(
        bot_token=given.get("SLACK_BOT_TOKEN", ""),
        app_token=given.get("SLACK_APP_TOKEN", ""),
        signing_secret=given.get("SLACK_SIGNING_SECRET", ""),
        api_url=api_url,
        data=Path(given["IVIG_DATA"]) if "IVIG_DATA" in given else shipped("data/ivig.yaml"),
        contact=given.get("IVIG_CONTACT"),
        private=reply == "private",
        port=int(port),
        log_level=log_level,
        redis_url=redis_url,
    )
    return chosen, tuple(faults)


def _given(faults: list[Fault]) -> dict[str, str]:
    """What is set and not blank; the real environment wins over `.env`."""
    written: dict[str, str | None] = {}
    try:
        written = dotenv_values(Path(".env"), interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(".env", "the file .env can't be read as UTF-8 text."))
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


def _hint(needed: tuple[str, ...], chosen: Settings) -> str:
    given = {
        "SLACK_BOT_TOKEN": chosen.bot_token,
        "SLACK_APP_TOKEN": chosen.app_token,
        "SLACK_SIGNING_SECRET": chosen.signing_secret,
    }
    if all(given[name] for name in needed):
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


def _is_redis_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("redis", "rediss") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _redis_fault(url: str) -> str | None:
    from slackbot.work.redis_claims import url_fault  # nobody else waits for redis, or pays its memory

    return url_fault(url)


def shipped(name: str) -> Path:
    """A file that comes with the bot: the checkout's, or the wheel's copy of it."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / name
    return checkout if checkout.is_file() else package / name
