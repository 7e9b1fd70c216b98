"""The deploy files say what the Procfile, the Makefile and the settings say."""

import json
import re
import tomllib
from typing import Any

import pytest
import yaml
from doors import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


STAGES = re.findall(r"^FROM \S+ AS (\S+)$", text_of("Dockerfile"), re.MULTILINE)
PROCFILE: dict[str, str] = yaml.safe_load(text_of("Procfile"))
APP: dict[str, Any] = json.loads(text_of("app.json"))
RENDER: dict[str, Any] = yaml.safe_load(text_of("render.yaml"))["services"][0]
FLY: dict[str, Any] = tomllib.loads(text_of("fly.toml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_one_worker_runs_and_no_web() -> None:
    assert APP["formation"] == {"web": {"quantity": 0}, "worker": {"quantity": 1}}
    assert RENDER["startCommand"] == f".venv/bin/{PROCFILE['worker']}"
    assert FLY["processes"] == {"worker": PROCFILE["worker"]}
    assert STAGES[-1] == "worker", "what is built without a target"


def test_each_variable_is_one_that_is_read_and_says_what_it_is_for() -> None:
    read = text_of("slackbot/settings.py")
    rendered = {each["key"] for each in RENDER["envVars"]} - {"UV_VERSION"}
    for name in {*APP["env"], *rendered}:
        assert f'"{name}"' in read
    assert all(each["description"] for each in APP["env"].values())
    assert [name for name, each in APP["env"].items() if each.get("required", True)] == [
        "SLACK_BOT_TOKEN",
        "IVIG_REPLY",
    ]


def test_no_secret_has_a_value_here() -> None:
    assert not [name for name, each in APP["env"].items() if name.startswith("SLACK_") and "value" in each]
    assert all(each.get("sync") is False for each in RENDER["envVars"] if each["key"].startswith("SLACK_"))
    ignored = text_of(".dockerignore").splitlines()
    assert (ignored[0], "!.env" in ignored) == ("*", False)


def test_stopping_has_as_long_as_the_bot_may_need() -> None:
    assert (FLY["kill_signal"], FLY["kill_timeout"]) == ("SIGTERM", 30)


def test_uv_and_python_are_those_of_the_checkout() -> None:
    uv = re.search(r"^UV_VERSION := (\S+)$", text_of("Makefile"), re.MULTILINE)
    assert uv is not None
    assert f"uv=={uv[1]}\n" in text_of("Dockerfile")
    assert {"key": "UV_VERSION", "value": uv[1]} in RENDER["envVars"]
    python = text_of(".python-version").strip()
    assert re.findall(r"^ARG PYTHON=(.+)$", text_of("Dockerfile"), re.MULTILINE) == [f"python:{python}-slim"]
    assert set(re.findall(r"^FROM (\S+)", text_of("Dockerfile"), re.MULTILINE)) == {"${PYTHON}", "bot"}


def test_a_change_of_what_the_bot_knows_or_does_installs_no_dependency_anew() -> None:
    before, *_ = text_of("Dockerfile").partition("RUN uv sync --locked --no-default-groups --no-install-project\n")
    copied = [name for line in before.splitlines() if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert copied == ["pyproject.toml", "uv.lock"]


def test_the_image_runs_as_nobody_and_holds_what_the_build_needs() -> None:
    lines = text_of("Dockerfile").splitlines()
    assert "USER 65534" in lines
    copied = {
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    }
    let_in = {line[1:] for line in text_of(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("door", ["web", "worker"])
def test_the_image_starts_what_the_procfile_says(door: str) -> None:
    stage = text_of("Dockerfile").partition(f"AS {door}\n")[2].partition("FROM")[0]
    (command,) = re.findall(r"^CMD (.+)$", stage, re.MULTILINE)
    assert json.loads(command) == PROCFILE[door].split()


def test_what_ci_runs_from_elsewhere_can_not_move() -> None:
    used = re.findall(r"uses: (.+)", text_of(".github/workflows/ci.yml"))
    assert used
    assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_before_a_commit_the_same_is_checked() -> None:
    (repo,) = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    assert [hook["entry"] for hook in repo["hooks"]] == ["make check"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_asks_for_no_patient_data_and_has_it_confirmed(path: Any) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "No patient data" in form["body"][0]["attributes"]["value"]
    assert form["body"][-1]["attributes"]["options"][0]["required"] is True


def test_there_is_an_issue_form_for_each_kind() -> None:
    assert [path.stem for path in FORMS] == ["content-error", "missing-condition", "wrong-match"]
