"""The way to Slack: which proxy, which certificates. One place for the Web API, response_url and the websocket.

slack_sdk would read the proxy's variables by itself, but not `NO_PROXY`, and aiohttp looks for a `WSS_PROXY`.
"""

import logging
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TypedDict
from urllib.parse import SplitResult, urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from slackbot.settings import NetworkSettings

_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}

_sdk_log = logging.getLogger("slack_sdk")


class Options(TypedDict):
    """What aiohttp is told with a request or a websocket."""

    proxy: str | None
    ssl: ssl.SSLContext | bool


@dataclass(frozen=True)
class Network:
    """The network as the operator has set it up."""

    settings: NetworkSettings
    certificates: ssl.SSLContext | None = field(default=None, compare=False)
    """The only ones to trust; None: the machine's own."""

    def proxy(self, url: str) -> str | None:
        """The proxy to reach `url` by; None: reach it directly."""
        parts = urlsplit(url)
        if any(_names(entry, parts) for entry in self.settings.no_proxy.replace(",", " ").split()):
            return None
        return self.settings.https_proxy if parts.scheme in ("https", "wss") else self.settings.http_proxy

    def options(self, url: str) -> Options:
        """How aiohttp is to reach `url`, for `session.request` and `session.ws_connect`."""
        return {"proxy": self.proxy(url), "ssl": self.certificates or True}

    def web_client(self, api_url: str, token: str | None = None, *, timeout: int) -> AsyncWebClient:
        """A client of the Web API that never sends twice by itself: by default slack_sdk does when a reply gets lost.

        Use this one. The copy that Bolt makes of it for each listener asks the environment for a proxy anew.
        """
        client = AsyncWebClient(
            token=token,
            base_url=api_url,
            timeout=timeout,
            ssl=self.certificates,
            retry_handlers=[],
            logger=_sdk_log,
        )
        client.proxy = self.proxy(api_url)  # told None, it would have looked for one itself
        return client

    def webhook_client(self, url: str, *, timeout: int) -> AsyncWebhookClient:
        """A client for a response_url that sends once."""
        client = AsyncWebhookClient(url, timeout=timeout, ssl=self.certificates, retry_handlers=[], logger=_sdk_log)
        client.proxy = self.proxy(url)
        return client


@lru_cache(maxsize=4)  # reading certificates takes a while, and each client is made anew
def open_network(settings: NetworkSettings) -> Network:
    """The network, its certificates read. Raises OSError when they can't be, which `settings.load` has ruled out."""
    path = settings.certificates
    if path is None:
        return Network(settings)
    folder, file = (path, None) if path.is_dir() else (None, path)
    return Network(settings, ssl.create_default_context(capath=folder, cafile=file))


def _names(entry: str, url: SplitResult) -> bool:
    """Whether an entry of `NO_PROXY` names this host: `*`, a domain, with all under it, or an address or a range."""
    host = url.hostname or ""
    with suppress(ValueError):
        return ip_address(host) in ip_network(entry, strict=False)
    name, _, port = entry.lower().partition(":")
    if port and port != str(url.port or _PORTS.get(url.scheme)):
        return False
    return name == "*" or f".{host}".endswith("." + name.removeprefix("*").removeprefix("."))


def reason(error: BaseException) -> str:
    """A word for the log on why Slack could not be reached, and which variable helps where one does.

    It holds no address, since a proxy's may hold a password.
    """
    name = type(error).__name__
    match error:
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return f"{name}: set SSL_CERT_FILE (or REQUESTS_CA_BUNDLE) to a file with the CA of your network"
        case aiohttp.ClientHttpProxyError(status=407):
            return f"{name}: the proxy wants a user and a password: HTTPS_PROXY=http://user:password@host:port"
        case aiohttp.ClientHttpProxyError(status=status):
            return f"{name}: the proxy answers {status}: ask for Slack's hosts to be let through, or see NO_PROXY"
        case aiohttp.ClientProxyConnectionError():
            return f"{name}: no proxy answers there: check HTTPS_PROXY and NO_PROXY"
        case aiohttp.ClientConnectorDNSError():
            return f"{name}: no such name here: where only a proxy knows it, set HTTPS_PROXY"
    return name
