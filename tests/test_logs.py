"""No library's words and no exception's message get into the log, whatever their level."""

import logging

import pytest

from slackbot import logs

CANARY = "Zaphod-Canary-4711"


@pytest.mark.parametrize("name", ["slack_sdk.socket_mode", "slack_bolt.AsyncApp", "aiohttp.client", "asyncio", "x"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING, logging.ERROR])
def test_of_a_library_only_who_and_where_is_shown(name: str, level: int, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG")
    logging.getLogger(name).log(level, "payload: %s", CANARY, stack_info=True)
    said = capsys.readouterr().out
    assert CANARY not in said
    shown = level >= logging.WARNING and (name != "slack_bolt.AsyncApp" or level == logging.ERROR)
    assert (f"library={name} at=test_of_a_library" in said) is shown


def test_of_an_exception_only_its_type_and_places_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    try:
        raise ValueError(CANARY) from KeyError(CANARY)
    except ValueError as failure:
        logs.event("command", outcome="failed", level=logging.ERROR, failure=failure)
    said = capsys.readouterr().out
    assert "ERROR command outcome=failed exception=ValueError at=test_logs.py:" in said
    assert CANARY not in said
    assert said.count("\n") == 1


def test_an_event_is_one_line_of_named_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.event("mention", event_id="Ev1", outcome="answered", entries=("cidp", "kawasaki-disease"), ms=1.26)
    line = capsys.readouterr().out.strip().split(" ", 1)[1]
    assert line == "INFO mention event_id=Ev1 outcome=answered entries=cidp,kawasaki-disease ms=1.3"


def test_the_level_is_for_the_bots_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("ERROR")
    logs.event("mention", outcome="answered")
    assert capsys.readouterr().out == ""
