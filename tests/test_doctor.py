"""What the doctor says: a state of the environment and of Slack, and the lines that must come of it."""

import asyncio
import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import aiohttp
import pytest
from doors import FROZEN, SMALL, environment, read_once, workspace
from hospital import HOST, hospital
from msgspec.structs import replace
from reading import matcher_of
from servers import OPENSSL, REDIS, redis_over_tls, redis_server

from slackbot import doctor, manifest
from slackbot.content.schema import Content, Review, Signed
from slackbot.signing.digests import digests
from standin.payloads import Payload
from standin.slack import ApiError, CutConnection, Fault, HttpStatus, RateLimited, Slack
from standin.workspace import Workspace

SCOPES = tuple(manifest.scopes())
CHECKS = (
    "version",
    "data file",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "network",
    "auth.test",
    "scopes",
    "cards",
    "Socket Mode",
    "SLACK_SIGNING_SECRET",
    "review of the content",
    "OAuth variables",
)
SIGNING_SECRET = "0123456789abcdef" * 2
SECRET_PARTS = (SIGNING_SECRET, "xoxb-stand", "xapp-stand", "stand-in", "hunter2", "xoxp-")


@dataclass(frozen=True)
class Findings:
    """The doctor's exit status and lines."""

    status: int
    lines: tuple[str, ...]

    def of(self, check: str) -> list[str]:
        """The lines of one check."""
        return [line for line in self.lines if line[9:].startswith(f"{check}: ")]


@dataclass(frozen=True)
class Case:
    """What is unlike a set-up in which all is well, and what must be said about it."""

    says: str
    status: int = 1
    without: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = SCOPES
    fault: tuple[str, Fault] | None = None
    sockets: int = 0
    data: Path = SMALL


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env, and a data file that need not be read each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "load_content", lambda path, contact: read_once(path, contact))


def examine(case: Case) -> Findings:
    """Run the doctor in the environment of a case, with its Slack."""

    async def work() -> Findings:
        lines: list[str] = []
        async with Slack.serve(scopes=case.scopes) as slack, asyncio.timeout(30):
            if case.fault:
                slack.fail(*case.fault)
            variables = {**environment(slack, IVIG_DATA=str(case.data)), "SLACK_SIGNING_SECRET": SIGNING_SECRET}
            variables |= case.variables
            for name in case.without:
                del variables[name]
            others = [await connect(slack) for _ in range(case.sockets)]
            with mock.patch.dict(os.environ, variables, clear=True):
                status = await doctor.run(lines.append)
            assert slack.socket_count == len(others)
        return Findings(status, tuple(lines))

    return asyncio.run(work())


async def connect(slack: Slack) -> asyncio.Task[None]:
    """Another process of the app, as Slack sees it."""
    opened = slack.workspace.call("apps.connections.open", slack.app_token, {})
    before = slack.socket_count

    async def stay() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as link:
            async for _ in link:
                pass

    task = asyncio.create_task(stay())
    await slack.connected(before + 1)
    return task


def test_when_all_is_well_only_the_missing_review_is_a_warning() -> None:
    findings = examine(Case("", data=FROZEN))
    assert findings.status == 0
    assert [line[9:].partition(":")[0] for line in findings.lines[:-1]] == list(CHECKS)
    assert "warning  review of the content: cards " in findings.lines[-3]
    assert findings.lines[-1] == "11 ok, 1 warning, 0 failed"


CASES = [
    Case("failed   SLACK_BOT_TOKEN: is missing. In Slack's settings", without=("SLACK_BOT_TOKEN",)),
    Case("warning  auth.test: not tried: put SLACK_BOT_TOKEN right first", without=("SLACK_BOT_TOKEN",)),
    Case(
        "failed   SLACK_BOT_TOKEN: holds a xapp-… token, which belongs in SLACK_APP_TOKEN",
        variables={"SLACK_BOT_TOKEN": "xapp-stand-in-app", "SLACK_APP_TOKEN": "xoxb-stand-in-bot"},
    ),
    Case(
        "failed   SLACK_APP_TOKEN: holds a xoxb-… token, which belongs in SLACK_BOT_TOKEN",
        variables={"SLACK_BOT_TOKEN": "xapp-stand-in-app", "SLACK_APP_TOKEN": "xoxb-stand-in-bot"},
    ),
    Case(
        "failed   SLACK_BOT_TOKEN: must start with xoxb-",
        variables={"SLACK_BOT_TOKEN": "xoxp-hunter2"},
    ),
    Case("ok       SLACK_APP_TOKEN: not set, which is fine over HTTP", status=0, without=("SLACK_APP_TOKEN",)),
    Case("ok       Socket Mode: not tried: without SLACK_APP_TOKEN", status=0, without=("SLACK_APP_TOKEN",)),
    Case(
        "ok       SLACK_SIGNING_SECRET: not set, which is fine over Socket Mode",
        status=0,
        without=("SLACK_SIGNING_SECRET",),
    ),
    Case(
        "warning  SLACK_SIGNING_SECRET: is missing.",
        without=("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    ),
    Case(
        "failed   SLACK_APP_TOKEN: is missing.",
        without=("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    ),
    Case(
        "failed   SLACK_SIGNING_SECRET: holds a xoxb-… token",
        variables={"SLACK_SIGNING_SECRET": "xoxb-hunter2"},
    ),
    Case(
        "failed   SLACK_BOT_TOKEN: holds a token that rotates (xoxe…)",
        variables={"SLACK_BOT_TOKEN": "xoxe.xoxb-1-hunter2"},
    ),
    Case(
        "ok       SLACK_SIGNING_SECRET: set, for HTTP: 32 hexadecimal characters; whether it is the right one can't be",
        status=0,
    ),
    Case(
        "warning  SLACK_SIGNING_SECRET: is not 32 hexadecimal characters, as Slack's are: copy it anew from Basic",
        status=0,
        variables={"SLACK_SIGNING_SECRET": "hunter2"},
    ),
    Case(
        "failed   PORT: must be a number from 1 to 65535.",
        without=("SLACK_APP_TOKEN",),
        variables={"PORT": "tcp://hunter2"},
    ),
    Case("warning  PORT: must be a number", status=0, variables={"PORT": "tcp://hunter2"}),
    Case("failed   IVIG_COMMAND: must be a command like /ivig", variables={"IVIG_COMMAND": "hunter2 2"}),
    Case("failed   HTTPS_PROXY: must be the address of an", variables={"HTTPS_PROXY": "socks5://hunter2"}),
    Case("failed   SSL_CERT_FILE: must name a file of", variables={"SSL_CERT_FILE": "hunter2.pem"}),
    Case(
        "ok       network: 127.0.0.1:",
        status=0,
        variables={"HTTPS_PROXY": "http://robin:hunter2@127.0.0.1:9"},
    ),
    Case(
        "failed   auth.test: Slack refuses (invalid_auth): at https://api.slack.com/apps, Install App → Reinstall",
        variables={"SLACK_BOT_TOKEN": "xoxb-hunter2"},
    ),
    Case("failed   REDIS_URL: must be an address", variables={"REDIS_URL": "hunter2://"}),
    Case("failed   SLACK_API_URL: must be an http(s) address", variables={"SLACK_API_URL": "hunter2"}),
    Case("warning  auth.test: not tried: put SLACK_API_URL right first", variables={"SLACK_API_URL": "hunter2"}),
    Case("failed   auth.test: Slack refuses (invalid_auth): at https", variables={"SLACK_BOT_TOKEN": "xoxb-hunter2"}),
    Case("warning  scopes: not tried: put auth.test right first", variables={"SLACK_BOT_TOKEN": "xoxb-hunter2"}),
    Case(
        "failed   auth.test: Slack refuses (account_inactive)",
        fault=("auth.test", ApiError("account_inactive")),
    ),
    Case("failed   auth.test: no answer from Slack (http_500)", fault=("auth.test", HttpStatus(500))),
    Case("failed   auth.test: no answer from Slack (ratelimited)", fault=("auth.test", RateLimited(1))),
    Case("failed   auth.test: no answer from Slack (ServerDisconnected", fault=("auth.test", CutConnection())),
    Case(
        f"failed   scopes: not granted: {', '.join(SCOPES[1:])}: update the app's manifest",
        scopes=SCOPES[:1],
    ),
    Case(
        "warning  scopes: more than the bot needs: files:write: remove them",
        status=0,
        scopes=(*SCOPES, "files:write"),
    ),
    Case("ok       cards: Slack takes the largest message, modal and search, and the Home", status=0, data=FROZEN),
    Case(
        "ok       cards: not tried: Slack checks none for this token (unknown_method)",
        status=0,
        fault=("blocks.validate", ApiError("unknown_method")),
    ),
    Case(
        "warning  cards: Slack would refuse the largest (invalid_blocks)",
        status=0,
        fault=("blocks.validate", ApiError("invalid_blocks")),
    ),
    Case("warning  cards: no answer from Slack (http_503)", status=0, fault=("blocks.validate", HttpStatus(503))),
    Case("warning  cards: not tried: put SLACK_BOT_TOKEN right first", without=("SLACK_BOT_TOKEN",)),
    Case("warning  cards: not tried: put data file right first", variables={"IVIG_DATA": "nowhere.yaml"}),
    Case("ok       Socket Mode: reachable; 0 other processes connected", status=0),
    Case("ok       Socket Mode: reachable; 1 other process connected", status=0, sockets=1),
    Case("warning  Socket Mode: 2 other processes are connected", status=0, sockets=2),
    Case(
        "failed   Socket Mode: Slack refuses (invalid_auth): at https://api.slack.com/apps, switch Socket Mode on",
        variables={"SLACK_APP_TOKEN": "xapp-hunter2"},
    ),
    Case(
        "failed   Socket Mode: no answer from Slack (http_503)",
        fault=("apps.connections.open", HttpStatus(503)),
    ),
    Case("failed   OAuth variables: SLACK_CLIENT_ID set: unset it", variables={"SLACK_CLIENT_ID": "hunter2"}),
    Case(
        "failed   OAuth variables: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET set",
        variables={"SLACK_CLIENT_ID": "hunter2", "SLACK_CLIENT_SECRET": "hunter2"},
    ),
    Case("failed   data file: nowhere.yaml: 1 fault: run `python -m", variables={"IVIG_DATA": "nowhere.yaml"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says[:60])
def test_each_fault_is_said_and_stops_no_other_check(case: Case) -> None:
    findings = examine(case)
    assert [line for line in findings.lines if line.startswith(case.says)], "\n".join(findings.lines)
    assert findings.status == case.status
    for check in CHECKS:
        assert len(findings.of(check)) == 1, check
    text = "\n".join(findings.lines)
    assert not [secret for secret in SECRET_PARTS if secret in text]


def test_a_broken_env_file_is_named_and_the_rest_is_checked() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    findings = examine(Case("", status=1))
    assert "failed   .env: the file .env can't be read as UTF-8 text." in findings.lines
    assert findings.of("auth.test")[0].startswith("ok")


@pytest.mark.parametrize(
    ("digest", "due", "says"),
    [
        (None, dt.date(2999, 1, 2), r"ok       review of the content: cards \S+ current: reviewed by A. Clinician, "
         "2026-01-02, due 2999-01-02; readings "),
        (None, dt.date(2026, 1, 3), r"warning  review of the content: cards \S+ current: reviewed by A. Clinician, "
         "2026-01-02, overdue since 2026-01-03; readings "),
        ("0" * 64, dt.date(2999, 1, 2), r"warning  review of the content: cards \S+ changed since the review of "
         "2026-01-02 by A. Clinician: not reviewed; readings "),
    ],
)  # fmt: skip
def test_the_review_is_looked_at(digest: str | None, due: dt.date, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def reviewed(path: Path, contact: str | None) -> Content:
        content = read_once(path, contact)
        reckoned = digests(matcher_of(content))
        records = tuple(
            Review(of=of, digest=digest or whole, by="A. Clinician", on=dt.date(2026, 1, 2), due=due)
            for of, whole in ((Signed.CARDS, reckoned.cards), (Signed.READINGS, reckoned.readings))
        )
        return replace(content, review=records)

    monkeypatch.setattr(doctor, "load_content", reviewed)
    assert [line for line in examine(Case("")).lines if re.match(says, line)]


def test_redis_is_looked_at_only_when_it_is_asked_for() -> None:
    assert not examine(Case("")).of("Redis")
    findings = examine(Case("", variables={"REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}))
    assert findings.of("Redis") == [
        "failed   Redis: does not answer (ConnectionError): check REDIS_URL, or unset it to run one process"
    ]
    assert findings.status == 1
    assert "hunter2" not in "\n".join(findings.lines)


needs_redis = pytest.mark.skipif(REDIS is None, reason="redis-server is not installed")


@pytest.mark.skipif(REDIS is None or OPENSSL is None, reason="redis-server or openssl is not installed")
def test_a_redis_whose_certificate_nobody_knows_is_told_apart(tmp_path: Path) -> None:
    with redis_over_tls(tmp_path) as (port, _):
        text = str(asyncio.run(doctor.check_redis(f"rediss://:hunter2@127.0.0.1:{port}/0")))
    assert text.endswith("(Heroku does), add ?ssl_cert_reqs=none to REDIS_URL")
    assert "hunter2" not in text


@needs_redis
@pytest.mark.parametrize(
    ("options", "url", "text"),
    [
        ((), "redis://127.0.0.1:{port}/0", "ok       Redis: answers, and can be written to"),
        (
            ("--replicaof", "127.0.0.1 1"),
            "redis://127.0.0.1:{port}/0",
            "failed   Redis: answers, but is a read-only replica: put the address of its primary into REDIS_URL",
        ),
        (
            ("--maxmemory", "1"),
            "redis://127.0.0.1:{port}/0",
            "failed   Redis: answers, but is out of memory: give it more, or set its maxmemory-policy to volatile-ttl",
        ),
        (
            ("--requirepass", "hunter3"),
            "redis://:hunter2@127.0.0.1:{port}/0",
            "failed   Redis: answers, but lets us not in (AuthenticationError): check the user and the password in",
        ),
        (
            ("--min-replicas-to-write", "1"),
            "redis://127.0.0.1:{port}/0",
            "failed   Redis: answers, but takes no writes (ResponseError): look into its own log",
        ),
        (
            (),
            "redis://127.0.0.1:{port}/0?tls=hunter2",
            "failed   Redis: not tried: REDIS_URL holds an option, behind its ?, that is not known here: remove it",
        ),
    ],
)
def test_a_redis_that_answers_is_tried_as_the_bot_uses_it(
    options: tuple[str, ...], url: str, text: str, tmp_path: Path
) -> None:
    with redis_server(tmp_path, *options) as port:
        line = str(asyncio.run(doctor.check_redis(url.format(port=port))))
    assert line.startswith(text)
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "the bot is @ivig in Clinic"),
        (
            {"enterprise_id": "E1", "is_enterprise_install": False},
            "the bot is @ivig in Clinic, one workspace of an organisation: Install App → Install to Organization",
        ),
        ({"enterprise_id": "E1", "is_enterprise_install": True, "team": None}, "the bot is @ivig in the whole organis"),
        ({"user": None, "team": None}, "the bot has no name"),
    ],
)
def test_who_the_bot_is_and_where(change: dict[str, object], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Workspace.call

    def call(workspace: Workspace, method: str, token: str | None, arguments: Payload) -> Payload:
        body = answer(workspace, method, token, arguments)
        return {**body, **change} if method == "auth.test" else body

    monkeypatch.setattr(Workspace, "call", call)
    (line,) = examine(Case("")).of("auth.test")
    assert line.startswith(f"ok       auth.test: {text}")
    assert "None" not in line


def test_nothing_that_slack_leaves_out_is_called_none(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Workspace.call

    def call(workspace: Workspace, method: str, token: str | None, arguments: Payload) -> Payload:
        body = answer(workspace, method, token, arguments)
        return {**body, "url": None} if method == "apps.connections.open" else body

    monkeypatch.setattr(Workspace, "call", call)
    findings = examine(Case(""))
    assert findings.of("Socket Mode")[0].startswith(
        "failed   Socket Mode: no answer from Slack (no address for a websocket): check the network"
    )
    assert "None" not in "\n".join(findings.lines)


def test_everything_goes_through_the_hospitals_proxy(tmp_path: Path) -> None:
    async def work() -> tuple[list[str], list[str]]:
        lines: list[str] = []
        async with workspace() as slack, hospital(slack, tmp_path) as around, asyncio.timeout(30):
            variables = {
                **environment(slack),
                "SLACK_API_URL": around.api_url,
                "https_proxy": around.proxy,
                "SSL_CERT_FILE": str(around.certificates),
            }
            with mock.patch.dict(os.environ, variables, clear=True):
                await doctor.run(lines.append)
            return lines, around.asked

    lines, asked = asyncio.run(work())
    assert [line.partition(":")[0] for line in lines if line.startswith(("ok       auth", "ok       Socket"))] == [
        "ok       auth.test", "ok       Socket Mode"
    ]  # fmt: skip
    (network,) = [line for line in lines if line.startswith("ok       network: ")]
    assert network.startswith(f"ok       network: {HOST} through the proxy 127.0.0.1:")
    assert network.endswith(f", trusting the certificates in {tmp_path / 'ca.pem'} alone")
    assert len(asked) == 7
    assert "zaphod" not in "\n".join(lines)


def test_a_certificate_that_nobody_trusts_names_the_variable(tmp_path: Path) -> None:
    async def work() -> list[str]:
        lines: list[str] = []
        async with workspace() as slack, hospital(slack, tmp_path) as around, asyncio.timeout(30):
            variables = environment(slack, IVIG_DATA=str(SMALL), SLACK_API_URL=around.api_url, HTTPS_PROXY=around.proxy)
            with mock.patch.dict(os.environ, variables, clear=True):
                await doctor.run(lines.append)
        return lines

    lines = asyncio.run(work())
    for check in ("auth.test", "Socket Mode"):
        text = f"failed   {check}: no answer from Slack (ClientConnectorCertificateError): set SSL_CERT_FILE"
        assert [line for line in lines if line.startswith(text)], check


def test_govslack_has_links_of_its_own() -> None:
    findings = examine(
        Case("", variables={"SLACK_API_URL": "https://slack-gov.com/api/", "HTTPS_PROXY": "127.0.0.1:9"})
    )
    assert findings.of("auth.test")[0].startswith(
        "failed   auth.test: no answer from Slack (ClientProxyConnectionError"
    )
    assert findings.of("network") == [
        "ok       network: slack-gov.com through the proxy 127.0.0.1:9, trusting this machine's certificates"
    ]


def test_the_data_file_named_is_the_one_in_use() -> None:
    assert examine(Case("", data=FROZEN)).of("data file") == [f"ok       data file: {FROZEN}: 7 entries"]
