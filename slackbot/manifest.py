"""What Slack is told about the app, from the one manifest.yml: for Socket Mode as it stands, or for HTTP."""

import json
from typing import Any
from urllib.parse import urlsplit

import yaml

from slackbot.cards.wording import COMMAND
from slackbot.settings import shipped

PATH = "/slack/events"

Manifest = dict[str, Any]


class AddressError(Exception):
    """The bot's public address is none that Slack would call; `str()` says why."""


def read(command: str = COMMAND) -> Manifest:
    """The manifest as written, with this command's name."""
    manifest: Manifest = yaml.safe_load(_text(command))
    return manifest


def scopes() -> list[str]:
    """The scopes the bot needs."""
    needed: list[str] = read()["oauth_config"]["scopes"]["bot"]
    return needed


def show(url: str | None = None, *, command: str = COMMAND, as_json: bool = False) -> str:
    """The manifest to paste at api.slack.com/apps: for Socket Mode, or with the bot's public `url` for HTTP.

    `command` is what people type, as in `IVIG_COMMAND`. Raises AddressError.
    """
    if url is None and not as_json:
        return _text(command)  # with its comments
    manifest = read(command) if url is None else _over_http(read(command), _request_url(url))
    if as_json:
        return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False, width=120)


def _text(command: str) -> str:
    written = shipped("manifest.yml").read_text(encoding="utf-8")
    return written.replace(f"- command: {COMMAND}\n", f"- command: {command}\n")


def _over_http(manifest: Manifest, url: str) -> Manifest:
    """The same app with a request URL wherever Slack wants one."""
    features, switches = manifest["features"], manifest["settings"]
    commands = [{**command, "url": url} for command in features["slash_commands"]]
    events = {"request_url": url, **switches["event_subscriptions"]}
    interactivity = dict(switches["interactivity"])
    if interactivity["is_enabled"]:
        interactivity |= {"request_url": url, "message_menu_options_url": url}
    changed = {"event_subscriptions": events, "interactivity": interactivity, "socket_mode_enabled": False}
    return {
        **manifest,
        "features": {**features, "slash_commands": commands},
        "settings": {**switches, **changed},
    }


def _request_url(url: str) -> str:
    """The address that Slack calls, from the bot's public one, with or without its path."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not (url.isascii() and url.isprintable()) or " " in url:
        raise AddressError("--url must be the bot's public address, like https://ivig.example.org")
    if parts.scheme != "https":
        raise AddressError("--url must begin with https://, since Slack calls no other addresses")
    if parts.query or parts.fragment or parts.username is not None:
        raise AddressError("--url must be a plain address: without a user, ? or #")
    return url.rstrip("/").removesuffix(PATH).rstrip("/") + PATH
