"""What the environment says. The only reader of `os.environ`, and of `.env` in the current folder."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from slackbot.cards.wording import COMMAND

HTTP = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
SOCKET_MODE = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
ENV_FILE = Path(".env")

_WHERE = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "Basic Information → App-Level Tokens, scope connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "Basic Information → App Credentials → Signing Secret",
}
_PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
_ROTATING = ("xoxe.", "xoxe-")
_REPLIES = ("public", "private")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_API_URL = "https://slack.com/api/"
_GOVSLACK = "slack-gov.com"
_PORT = "3000"
_METRICS_HOST = "127.0.0.1"
_TOKEN_LENGTH = 16
# The first that is set rules. slack_sdk takes HTTP_PROXY for https too, and some hospitals set nothing else.
_HTTPS_PROXIES = ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY")
_HTTP_PROXIES = ("HTTP_PROXY", "ALL_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")

_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


class SettingsError(Exception):
    """The environment is incomplete or wrong; `str()` names every fault and what to do about it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one variable, and what to do about it, without repeating any of its value."""

    variable: str
    text: str


@dataclass(frozen=True)
class NetworkSettings:
    """The way to Slack. A proxy's address may hold a password."""

    https_proxy: str | None = field(default=None, repr=False)
    """For https and wss; with its scheme."""
    http_proxy: str | None = field(default=None, repr=False)
    """For http and ws; with its scheme."""
    no_proxy: str = ""
    """Hosts reached without a proxy, as in `NO_PROXY`."""
    certificates: Path | None = None
    """A file or folder with the only certificates to trust; None: the machine's own."""


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
    """Whether the command answers the asker alone unless told otherwise."""
    port: int
    log_level: str
    redis_url: str | None = field(default=None, repr=False)
    """It may hold a password."""
    command: str = COMMAND
    network: NetworkSettings = NetworkSettings()
    metrics_host: str = _METRICS_HOST
    metrics_port: int | None = None
    """Where to serve metrics and health beside the door; None: nowhere."""
    metrics_token: str = field(default="", repr=False)
    """Who shows it gets the metrics at the HTTP door; empty: nobody does."""
    require_review: bool = False
    """Whether to start only with a content that somebody has signed as it is."""

    @property
    def apps_page(self) -> str:
        """Where Slack's settings of the app are."""
        return apps_page(self.api_url)


def load(needed: tuple[str, ...] = ()) -> Settings:
    """Read the environment, then `.env` for what it leaves out.

    `needed` is `HTTP`, `SOCKET_MODE`, or nothing for work that never meets Slack.
    Raises SettingsError with every fault at once.
    """
    settings, faults = examine(needed)
    if faults:
        message = "\n  ".join(["The bot can't start:", *(fault.text for fault in faults)])
        raise SettingsError(message + _hint(needed, settings))
    return settings


def examine(needed: tuple[str, ...]) -> tuple[Settings, tuple[Fault, ...]]:
    """Read as `load` does, but go on after a fault: with the default in place of what is wrong."""
    values, faults = variables()
    faults += [Fault(name, text) for name in needed if (text := _fault_of_secret(name, values.get(name, "")))]
    if needed:
        faults += _faults_of_oauth(values)
    port = _port(values, "PORT", faults if "SLACK_SIGNING_SECRET" in needed else [])
    settings = Settings(
        bot_token=values.get("SLACK_BOT_TOKEN", ""),
        app_token=values.get("SLACK_APP_TOKEN", ""),
        signing_secret=values.get("SLACK_SIGNING_SECRET", ""),
        api_url=_api_url(values, faults),
        data=Path(values["IVIG_DATA"]) if "IVIG_DATA" in values else shipped("data/ivig.yaml"),
        contact=values.get("IVIG_CONTACT"),
        private=_one_of(_REPLIES, values.get("IVIG_REPLY", "public").lower(), "IVIG_REPLY", faults) == "private",
        port=port or int(_PORT),
        log_level=_one_of(_LEVELS, values.get("LOG_LEVEL", "INFO").upper(), "LOG_LEVEL", faults) or "INFO",
        redis_url=_redis_url(values, faults),
        command=_command(values, faults),
        network=_network(values, faults) if needed else NetworkSettings(),
        metrics_host=values.get("METRICS_HOST", _METRICS_HOST),
        metrics_port=_port(values, "METRICS_PORT", faults),
        metrics_token=_metrics_token(values, faults),
        require_review=_one_of(("0", "1"), values.get("IVIG_REQUIRE_REVIEW", "0"), "IVIG_REQUIRE_REVIEW", faults)
        == "1",
    )
    return settings, tuple(faults)


def variables() -> tuple[dict[str, str], list[Fault]]:
    """What is set and not blank, with the faults of `.env`; the real environment wins."""
    lines, faults = _file()
    return {**_not_blank(lines), **_not_blank(os.environ)}, faults


def columns() -> int | None:
    """How wide a terminal `COLUMNS` says there is; None when it says nothing of use."""
    width = os.environ.get("COLUMNS", "")
    return int(width[:6]) if width.isascii() and width.isdecimal() and int(width[:6]) else None


def wants_plain_letters() -> bool:
    """Whether bold and colours are to be left out: https://no-color.org, or a terminal that has none."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def apps_page(api_url: str) -> str:
    """The page with Slack's settings of the app, for a Web API at this address: GovSlack has its own."""
    host = urlsplit(api_url).hostname or ""
    return f"https://api.{_GOVSLACK}/apps" if f".{host}".endswith(f".{_GOVSLACK}") else "https://api.slack.com/apps"


def shipped(name: str) -> Path:
    """A file that comes with the bot: the checkout's, or the wheel's copy of it."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / name
    return checkout if checkout.is_file() else package / name


def _file() -> tuple[dict[str, str | None], list[Fault]]:
    """What `.env` sets. A line that sets nothing is a fault, named by its number alone: it may hold a secret."""
    try:
        text = ENV_FILE.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError):
        return {}, [Fault(".env", "the file .env can't be read as UTF-8 text.")]
    from slackbot import env_file  # a platform sets the environment itself, and needs not wait for a reader of files

    values, wrong = env_file.assignments(text)
    text = "must be NAME=value, with = and no colon."
    return values, [Fault(".env", f"the file .env, line {number}: {text}") for number in wrong]


def _not_blank(variables: Mapping[str, str | None]) -> dict[str, str]:
    """The variables that are not blank. Of a proxy's two spellings, both usual, the one in small letters wins."""
    return {
        name.upper() if name.endswith("_proxy") else name: value.strip()
        for name, value in sorted(variables.items())
        if value and value.strip()
    }


def _fault_of_secret(name: str, value: str) -> str | None:
    """What is wrong with a secret, without repeating any of it."""
    if not value:
        return f"{name} is missing. In Slack's settings of the app: {_WHERE[name]}"
    if value.startswith(_ROTATING):
        return (
            f"{name} holds a token that rotates (xoxe…): it ends after 12 hours, and the bot renews none. Slack can't "
            "switch rotation off again: make the app anew from manifest.yml, and take its token."
        )
    for owner, prefix in _PREFIXES.items():
        if owner != name and value.startswith(prefix):
            return f"{name} holds a {prefix}… token, which belongs in {owner}. Here: {_WHERE[name]}"
    if not value.startswith(_PREFIXES.get(name, "")):
        return f"{name} must start with {_PREFIXES[name]}. In Slack's settings of the app: {_WHERE[name]}"
    if not _is_plain(value):
        return f"{name} holds a character that no such secret has. Copy it anew: {_WHERE[name]}"
    return None


def _faults_of_oauth(values: Mapping[str, str]) -> list[Fault]:
    text = "is set. Unset it: with it Slack's framework waits for an OAuth installation, and commands get no answer."
    return [Fault(name, f"{name} {text}") for name in OAUTH if name in values]


def _one_of(words: tuple[str, ...], word: str, name: str, faults: list[Fault]) -> str | None:
    if word in words:
        return word
    faults.append(Fault(name, f"{name} must be one of {', '.join(words)}."))
    return None


def _port(values: Mapping[str, str], name: str, faults: list[Fault]) -> int | None:
    port = values.get(name)
    if port is None:
        return None
    if port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536:
        return int(port)
    faults.append(Fault(name, f"{name} must be a number from 1 to 65535."))
    return None


def _api_url(values: Mapping[str, str], faults: list[Fault]) -> str:
    url = values.get("SLACK_API_URL", _API_URL).rstrip("/") + "/"
    parts = _parts(url)
    if (
        parts is not None
        and parts.scheme in ("http", "https")
        and parts.path.endswith("/api/")
        and not (parts.query or parts.fragment)
    ):
        return url
    faults.append(Fault("SLACK_API_URL", "SLACK_API_URL must be an http(s) address that ends in /api/."))
    return _API_URL


def _redis_url(values: Mapping[str, str], faults: list[Fault]) -> str | None:
    url = values.get("REDIS_URL")
    if url is None:
        return None
    parts = _parts(url)
    if parts is None or parts.scheme not in ("redis", "rediss") or parts.port == 0:
        text = "REDIS_URL must be an address like redis://host:6379/0, or rediss:// for TLS."
    else:
        from slackbot.work.redis_claims import url_fault  # nobody else waits for redis, or pays its memory

        text = url_fault(url) or ""
    if text:
        faults.append(Fault("REDIS_URL", text))
    return None if text else url


def _command(values: Mapping[str, str], faults: list[Fault]) -> str:
    command = "/" + values.get("IVIG_COMMAND", COMMAND).removeprefix("/")
    if _COMMAND.fullmatch(command):
        return command
    text = "IVIG_COMMAND must be a command like /ivig: small letters, digits, - and _, at most 32 characters."
    faults.append(Fault("IVIG_COMMAND", text))
    return COMMAND


def _network(values: Mapping[str, str], faults: list[Fault]) -> NetworkSettings:
    return NetworkSettings(
        https_proxy=_proxy(_HTTPS_PROXIES, values, faults),
        http_proxy=_proxy(_HTTP_PROXIES, values, []),  # each of these has been looked at
        no_proxy=values.get("NO_PROXY", ""),
        certificates=_certificates(values, faults),
    )


def _proxy(names: tuple[str, ...], values: Mapping[str, str], faults: list[Fault]) -> str | None:
    """The proxy in the first of these variables that is set. Without a scheme it is an http one, as for curl."""
    name = next((name for name in names if name in values), None)
    if name is None:
        return None
    url = values[name] if "://" in values[name] else f"http://{values[name]}"
    parts = _parts(url)
    if parts is not None and parts.scheme in ("http", "https"):
        return url
    text = f"{name} must be the address of an http(s) proxy, like http://proxy.example.org:8080."
    faults.append(Fault(name, text))
    return None


def _certificates(values: Mapping[str, str], faults: list[Fault]) -> Path | None:
    name = next((name for name in _CERTIFICATES if name in values), None)
    if name is None:
        return None
    import ssl  # what never meets Slack starts faster without it

    path = Path(values[name])
    try:
        context = ssl.create_default_context()
        if path.is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ValueError):  # an SSLError is an OSError
        faults.append(Fault(name, f"{name} must name a file of certificates (PEM) that can be read."))
        return None
    return path


def _metrics_token(values: Mapping[str, str], faults: list[Fault]) -> str:
    token = values.get("METRICS_TOKEN", "")
    if not token or (len(token) >= _TOKEN_LENGTH and _is_plain(token)):
        return token
    text = f"METRICS_TOKEN must be at least {_TOKEN_LENGTH} characters without blanks, as `openssl rand -hex 16` makes."
    faults.append(Fault("METRICS_TOKEN", text))
    return ""


def _hint(needed: tuple[str, ...], settings: Settings) -> str:
    secrets = {
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_APP_TOKEN": settings.app_token,
        "SLACK_SIGNING_SECRET": settings.signing_secret,
    }
    if all(secrets[name] for name in needed):
        return ""
    return (
        f"\nSlack's settings of the app are at {settings.apps_page}. "
        "Set the variables in the environment or in a file .env in this folder."
    )


def _parts(url: str) -> SplitResult | None:
    """The parts of an address with a host; None when it is no such address."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and (parts.port is None or parts.port >= 0) else None
    except ValueError:  # a port that is no number, half a bracket
        return None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
