"""What the doctor says: a state of the environment and of Slack, and the lines that must come of it."""

import asyncio
import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from unittest import mock

import aiohttp
import pytest
from conftest import FROZEN, environment, read_once
from servers import OPENSSL, REDIS, redis_over_tls

from slackbot import doctor, manifest
from slackbot.content.load import load_content
from slackbot.content.schema import Content, Review
from standin.slack import ApiError, CutConnection, Fault, HttpStatus, RateLimited, Slack

SCOPES = tuple(manifest.scopes())
CHECKS = (
    "data file",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "auth.test",
    "scopes",
    "Socket Mode",
    "SLACK_SIGNING_SECRET",
    "Python",
    "libraries",
    "review of the content",
    "OAuth variables",
)
SECRET_PARTS = ("xoxb-stand", "xapp-stand", "stand-in", "hunter2", "xoxp-")


@dataclass(frozen=True)
class Said:
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


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env, and a data file that need not be read each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "load_content", lambda path, contact: read_once(path, contact))


def examine(case: Case) -> Said:
    """Run the doctor in the environment of a case, with its Slack."""

    async def work() -> Said:
        lines: list[str] = []
        async with Slack.serve(scopes=case.scopes) as slack, asyncio.timeout(10):
            if case.fault:
                slack.fail(*case.fault)
            variables = {**environment(slack), **case.variables}
            for name in case.without:
                del variables[name]
            others = [await connect(slack) for _ in range(case.sockets)]
            with mock.patch.dict(os.environ, variables, clear=True):
                status = await doctor.run(lines.append)
            assert slack.socket_count == len(others)
        return Said(status, tuple(lines))

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
    said = examine(Case(""))
    assert said.status == 0
    assert [line[9:].partition(":")[0] for line in said.lines[:-1]] == list(CHECKS)
    assert "warning  review of the content: none yet" in said.lines[-3]
    assert said.lines[-1] == "10 ok, 1 warning, 0 failed"


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
    Case("failed   PORT: must be a number from 1 to 65535.", variables={"PORT": "hunter2"}),
    Case("failed   REDIS_URL: must be an address", variables={"REDIS_URL": "hunter2://"}),
    Case("failed   SLACK_API_URL: must be an http(s) address", variables={"SLACK_API_URL": "hunter2"}),
    Case("warning  auth.test: not tried: put SLACK_API_URL right first", variables={"SLACK_API_URL": "hunter2"}),
    Case("failed   auth.test: Slack refuses (invalid_auth): in Slack's", variables={"SLACK_BOT_TOKEN": "xoxb-hunter2"}),
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
    Case("ok       Socket Mode: reachable; 0 other processes connected", status=0),
    Case("ok       Socket Mode: reachable; 1 other process connected", status=0, sockets=1),
    Case("warning  Socket Mode: 2 other processes are connected", status=0, sockets=2),
    Case(
        "failed   Socket Mode: Slack refuses (invalid_auth): switch Socket Mode on",
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
    said = examine(case)
    assert [line for line in said.lines if line.startswith(case.says)], "\n".join(said.lines)
    assert said.status == case.status
    for check in CHECKS:
        assert len(said.of(check)) == 1, check
    text = "\n".join(said.lines)
    assert not [secret for secret in SECRET_PARTS if secret in text]


def test_a_broken_env_file_is_named_and_the_rest_is_checked() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    said = examine(Case("", status=1))
    assert "failed   .env: the file .env can't be read as UTF-8 text." in said.lines
    assert said.of("auth.test")[0].startswith("ok")


@pytest.mark.parametrize(
    ("review", "says"),
    [
        ({}, "warning  review of the content: none yet"),
        (
            {"reviewed_by": "A. Clinician", "reviewed_on": dt.date(2026, 1, 2)},
            "ok       review of the content: 2026-01-02",
        ),
        (
            {"reviewed_by": "A. Clinician", "reviewed_on": dt.date(2020, 1, 2), "review_due": dt.date(2021, 1, 2)},
            "warning  review of the content: overdue since 2021-01-02",
        ),
        (
            {"reviewed_by": "A. Clinician", "reviewed_on": dt.date(2020, 1, 2), "review_due": dt.date(2999, 1, 2)},
            "ok       review of the content: 2020-01-02, next due 2999-01-02",
        ),
    ],
)
def test_the_review_is_looked_at(review: dict[str, object], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def reviewed(path: Path, contact: str | None) -> Content:
        return load_content(path, contact).model_copy(update={"review": Review.model_validate(review)})

    monkeypatch.setattr(doctor, "load_content", reviewed)
    assert [line for line in examine(Case("")).lines if line.startswith(says)]


def test_redis_is_looked_at_only_when_it_is_asked_for() -> None:
    assert not examine(Case("")).of("Redis")
    said = examine(Case("", variables={"REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}))
    assert said.of("Redis") == [
        "failed   Redis: does not answer (ConnectionError): check REDIS_URL, or unset it to run one process"
    ]
    assert said.status == 1
    assert "hunter2" not in "\n".join(said.lines)


@pytest.mark.skipif(REDIS is None or OPENSSL is None, reason="redis-server or openssl is not installed")
def test_a_redis_whose_certificate_nobody_knows_is_told_apart(tmp_path: Path) -> None:
    with redis_over_tls(tmp_path) as (port, _):
        url = f"rediss://:hunter2@127.0.0.1:{port}/0"
        said = str(asyncio.run(doctor._redis(url)))
        assert said.endswith("(Heroku does), add ?ssl_cert_reqs=none to REDIS_URL")
        assert "hunter2" not in said


def test_a_redis_that_answers_is_fine() -> None:
    async def pong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer PING, and refuse whatever else a client says when it connects."""
        while line := await reader.readline():
            if line.startswith(b"*"):
                words = [(await reader.readline(), (await reader.readline()).strip())[1] for _ in range(int(line[1:]))]
                writer.write(b"+PONG\r\n" if words[0] == b"PING" else b"-ERR unknown command\r\n")
        writer.close()

    async def work() -> str:
        async with await asyncio.start_server(pong, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            return str(await doctor._redis(f"redis://127.0.0.1:{port}/0?protocol=2"))

    assert asyncio.run(work()) == "ok       Redis: answers"


@pytest.mark.parametrize(
    ("version", "wanted", "fine"),
    [
        ("1.30.0", "<2,>=1.30", True),
        ("1.29.9", "<2,>=1.30", False),
        ("2.0.0", "<2,>=1.30", False),
        ("2.0.0", "", True),
    ],
)
def test_a_library_outside_its_bounds_is_a_warning(
    version: str, wanted: str, fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[str], str] = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: version if name == "slack-bolt" else real(name))
    monkeypatch.setattr(metadata, "requires", lambda _: [f"slack-bolt{wanted}"])
    said = examine(Case("")).of("libraries")[0]
    assert said.startswith("ok" if fine else f"warning  libraries: slack-bolt {version} is not within {wanted}")


def test_the_data_file_named_is_the_one_in_use() -> None:
    assert examine(Case("")).of("data file") == [f"ok       data file: {FROZEN}: 7 entries"]
