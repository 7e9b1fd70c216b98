"""What docs/operations.md, docs/alerts.yml and .env.example tell an operator, against what the bot does."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from doors import ROOT
from dotenv import dotenv_values

from slackbot import settings
from slackbot.logs import Event
from slackbot.prometheus import Metrics

PROMTOOL = shutil.which("promtool")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "docs" / "alerts.yml").read_text(encoding="utf-8")
EXAMPLE = ROOT / ".env.example"

needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian's prometheus) is not installed")


def page() -> str:
    """All metrics, each having counted something."""
    metrics = Metrics("http", "4f0c", ["cidp"])
    for event in (
        Event("command", outcome="answered", entries=("cidp",), ms=1.0),
        Event("mention", outcome="miss", delivery="refused", ms=1.0),
        Event("mention", outcome="failed"),
        Event("post", outcome="refused", error="is_archived"),
        Event("acknowledged", outcome="200", ms=1.0),
        Event("redelivery", outcome="http_timeout"),
        Event("connection", outcome="down", error="lost"),
        Event("redis", outcome="away"),
    ):
        metrics.watch(event)
    return metrics.page().decode()


def families(text: str) -> set[str]:
    """The names of metrics in a text, those of a histogram's parts put together."""
    return {re.sub("_(bucket|sum|count)$", "", name) for name in re.findall(r"\bivig_[a-z_]+", text)}


def test_each_metric_is_explained_and_each_that_is_named_is_there() -> None:
    there = families("\n".join(line for line in page().splitlines() if not line.startswith("#")))
    table = "\n".join(line for line in OPERATIONS.splitlines() if line.startswith("| `ivig_"))
    assert families(table) == there
    assert families(OPERATIONS + ALERTS) - {"ivig_bot"} <= there


def test_there_are_five_alerts_and_five_graphs() -> None:
    (group,) = yaml.safe_load(ALERTS)["groups"]
    assert len(group["rules"]) == 5
    graphs = OPERATIONS.partition("**Five things to graph**")[2].partition("\n\nA rising")[0]
    assert len(re.findall(r"^\| [a-z]", graphs, re.MULTILINE)) - 1 == 5  # less the header


@needs_promtool
@pytest.mark.parametrize("arguments", [["check", "rules", "docs/alerts.yml"], ["test", "rules", "tests/alerts.yml"]])
def test_the_rules_are_without_fault_and_wake_whom_they_should(arguments: list[str]) -> None:
    done = subprocess.run([str(PROMTOOL), *arguments], cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_the_page_is_as_prometheus_wants_it() -> None:
    done = subprocess.run(  # noqa: S603
        [str(PROMTOOL), "check", "metrics"], input=page(), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_example_names_each_variable_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    read = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', (ROOT / "slackbot" / "settings.py").read_text(encoding="utf-8")))
    variables = {name for name in read if "_" in name or name == "PORT"} - {*settings.OAUTH, "NO_COLOR"}  # a terminal's
    assert set(dotenv_values(EXAMPLE)) == variables
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "ENV_FILE", EXAMPLE)
    assert settings.load() == settings.load(()), "it can be read as it is"
    with pytest.raises(settings.SettingsError) as error:
        settings.load(settings.SOCKET_MODE)
    assert len(str(error.value).splitlines()) == 4, "two tokens are missing, and nothing else is said"
