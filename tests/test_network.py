"""Proxies and certificates, with a proxy that wants a password and shows certificates of its own."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import aiohttp
import pytest
from doors import environment, read_once, workspace
from hospital import HOST, Hospital, hospital
from reading import matcher_of

from slackbot.settings import SOCKET_MODE, NetworkSettings, load
from slackbot.slack import socket_mode
from slackbot.slack.network import Network, open_network, reason

BOTH = NetworkSettings(https_proxy="http://secure:1", http_proxy="http://plain:1")


@pytest.mark.parametrize(
    ("no_proxy", "url", "proxy"),
    [
        ("", "https://slack.com/api/", "http://secure:1"),
        ("", "wss://wss-primary.slack.com/link/?ticket=x", "http://secure:1"),
        ("", "http://127.0.0.1:9/api/", "http://plain:1"),
        ("", "ws://127.0.0.1:9/link/", "http://plain:1"),
        ("slack.com", "https://slack.com/api/", None),
        ("slack.com", "wss://wss-primary.slack.com/link/", None),
        (".slack.com", "https://hooks.slack.com/x", None),
        ("example.org, .slack.com ", "https://hooks.slack.com/x", None),
        ("slack.com", "https://notslack.com/api/", "http://secure:1"),
        ("slack.com:443", "https://slack.com/api/", None),
        ("slack.com:80", "https://slack.com/api/", "http://secure:1"),
        ("SLACK.com", "https://Slack.com/api/", None),
        ("*.slack.com", "https://hooks.slack.com/x", None),
        ("slack.com.example", "https://slack.com/api/", "http://secure:1"),
        ("127.0.0.0/8", "http://127.0.0.1:9/api/", None),
        ("127.0.0.0/8", "https://slack.com/api/", "http://secure:1"),
        ("10.0.0.0/8", "http://127.0.0.1:9/api/", "http://plain:1"),
        ("::1", "http://[::1]:9/api/", None),
        (",", "https://slack.com/api/", "http://secure:1"),
        ("127.0.0.1:9", "http://127.0.0.1:9/api/", None),
        (" * ", "https://slack.com/api/", None),
    ],
)
def test_which_proxy_leads_where(no_proxy: str, url: str, proxy: str | None) -> None:
    assert Network(replace(BOTH, no_proxy=no_proxy)).proxy(url) == proxy


def test_what_the_environment_says_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    direct = Network(NetworkSettings(https_proxy="http://127.0.0.1:9", no_proxy="slack.com"))
    assert direct.web_client("https://slack.com/api/", timeout=1).proxy is None
    assert direct.webhook_client("https://hooks.slack.com/x", timeout=1).proxy is None


async def ask_web_api(network: Network, around: Hospital) -> None:
    client = network.web_client(around.api_url, around.slack.bot_token, timeout=2)
    assert (await client.auth_test())["ok"]


async def ask_response_url(network: Network, around: Hospital) -> None:
    url = around.slack.action("ask.list", "outcome=list")["response_url"]
    webhook = network.webhook_client(around.outside(url), timeout=2)
    assert (await webhook.send_dict({"text": "shown"})).status_code == 200


async def ask_websocket(network: Network, around: Hospital) -> None:
    slack = around.slack
    url = around.outside(slack.workspace.call("apps.connections.open", slack.app_token, {})["url"])
    async with aiohttp.ClientSession() as session, session.ws_connect(url, **network.options(url)) as link:
        assert (await link.receive_json())["type"] == "hello"


Ask = Callable[[Network, Hospital], Awaitable[None]]
ways = pytest.mark.parametrize("ask", [ask_web_api, ask_response_url, ask_websocket])


def through(folder: Path, ask: Ask, change: Callable[[Hospital], NetworkSettings]) -> tuple[str | None, list[str]]:
    """Why asking failed, if it did, and what came through the proxy."""

    async def work() -> tuple[str | None, list[str]]:
        async with workspace() as slack, hospital(slack, folder) as around, asyncio.timeout(30):
            try:
                await ask(open_network(change(around)), around)
            except (aiohttp.ClientError, OSError) as error:
                return reason(error), around.asked
            return None, around.asked

    return asyncio.run(work())


def as_it_should_be(around: Hospital) -> NetworkSettings:
    return NetworkSettings(https_proxy=f"http://{around.proxy}", certificates=around.certificates)


@ways
def test_each_way_to_slack_leads_through_the_proxy(ask: Ask, tmp_path: Path) -> None:
    assert through(tmp_path, ask, as_it_should_be) == (None, [f"CONNECT {HOST}:443 HTTP/1.1"])


@ways
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda around: NetworkSettings(https_proxy=f"http://{around.proxy}"), "set SSL_CERT_FILE (or REQUESTS_CA_B"),
        (
            lambda around: NetworkSettings(https_proxy=f"http://robin:wrong-zaphod@127.0.0.1:{around.port}"),
            "the proxy wants a user and a password: HTTPS_PROXY=",
        ),
        (lambda _: NetworkSettings(https_proxy="http://127.0.0.1:9"), "no proxy answers there: check HTTPS_PROXY"),
        (lambda around: replace(as_it_should_be(around), no_proxy=HOST), "no such name here: where only a proxy"),
    ],
    ids=["certificate", "password", "nobody", "direct"],
)
def test_what_is_wrong_names_the_variable_that_helps(
    ask: Ask, change: Callable[[Hospital], NetworkSettings], text: str, tmp_path: Path
) -> None:
    message, _ = through(tmp_path, ask, change)
    assert message is not None
    assert text in message
    assert "zaphod" not in message


def test_a_proxy_that_lets_slack_not_through_is_said(tmp_path: Path) -> None:
    async def ask(network: Network, _: Hospital) -> None:
        await network.web_client("https://other.test/api/", "xoxb-1", timeout=2).auth_test()

    message, _ = through(tmp_path, ask, as_it_should_be)
    assert (
        message
        == "ClientHttpProxyError: the proxy answers 403: ask for Slack's hosts to be let through, or see NO_PROXY"
    )


def test_a_folder_of_certificates_is_read_too(tmp_path: Path) -> None:
    assert open_network(NetworkSettings(certificates=tmp_path)).certificates is not None
    assert open_network(NetworkSettings()).options("https://slack.com/api/") == {"proxy": None, "ssl": True}


def test_the_bot_works_behind_a_hospitals_proxy(tmp_path: Path) -> None:
    async def work() -> list[str]:
        async with workspace() as slack, hospital(slack, tmp_path) as around, asyncio.timeout(30):
            network = as_it_should_be(around)
            variables = {**environment(slack), "SLACK_API_URL": around.api_url, "HTTPS_PROXY": str(network.https_proxy)}
            with mock.patch.dict(os.environ, {**variables, "SSL_CERT_FILE": str(around.certificates)}, clear=True):
                settings = load(SOCKET_MODE)
                stop = asyncio.Event()
                matcher = matcher_of(read_once(settings.data, None))
                serving = asyncio.create_task(socket_mode.run(settings, matcher, stop))
                await slack.connected()
                assert await slack.post_socket(slack.command("kawasaki"))
                assert await slack.post_socket(slack.mention("<@U0BOT> kawasaki"))
                assert len(slack.messages) == 1
                stop.set()
                assert await serving == 0
            return around.asked

    assert len(asyncio.run(work())) >= 4, "auth.test, apps.connections.open, the websocket, chat.postMessage"
