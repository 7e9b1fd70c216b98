"""The hazards of docs/safety.md: each has a control, and a test of that name that holds it; some stand here."""

import re

import pytest
from doors import FROZEN, ROOT
from reading import cards_of, match

from slackbot.cards.plain import plain
from slackbot.content.load import parse
from slackbot.content.schema import Content
from slackbot.slack.blocks import message

PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
HAZARDS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| `(tests/\w+\.py)::(\w+)` \|$", PAGE, re.MULTILINE)
SHOWN = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)


def show(text: str, content: Content) -> str:
    return message(cards_of(content).card(match(text, content))).text


def test_the_hazards_are_found() -> None:
    assert [int(number) for number, *_ in HAZARDS] == list(range(1, 20))


@pytest.mark.parametrize(("file", "test"), [row[3:] for row in HAZARDS], ids=[row[4] for row in HAZARDS])
def test_the_test_that_holds_a_control_exists(file: str, test: str) -> None:
    assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_each_control_was_taken_out_once() -> None:
    assert [number for number, *_ in SHOWN] == [number for number, *_ in HAZARDS]


@pytest.mark.parametrize(
    "text", ["DM type 2, HbA1c 80", "ITP exam next week", "the DM asked for KD rations", "can you DM me?", "GBS swab"]
)
def test_letters_alone_are_not_enough(text: str, content: Content) -> None:
    assert match(text, content).answered == ()


def test_look_alikes_are_refused_by_name(content: Content) -> None:
    for other in content.look_alikes:
        asked = match(other.name, content)
        assert (asked.answered, asked.lookalikes[:1]) == ((), (other.name,))


def test_a_refusal_and_a_miss_are_no_verdict(content: Content) -> None:
    refusals = [other.name for other in content.look_alikes[:20]]
    assert all(match(text, content).lookalikes for text in refusals)
    for text in ("appendicitis", *refusals):
        assert "That does not tell whether IVIG is used for it." in show(text, content), text


def test_every_entrys_card_names_what_is_missing(content: Content) -> None:
    for entry in content.entries:
        assert f"Not in the document: dose, {entry.silent_about[1]}" in show(entry.name, content)
        full = plain(cards_of(content).full(match(entry.name, content)))
        assert f"The document does not give: {' · '.join(entry.silent_about)}" in full


def test_the_box_is_not_complete_and_says_so(content: Content) -> None:
    lines = plain(cards_of(content).boxed_warning()).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("Not from the document: US labels"))
    assert any(line.startswith("• Other warnings stand outside the box.") for line in lines[start:])
    document = content.sources[content.document].mark
    assert not any(re.search(rf"\[{document}\d", line) for line in lines[start : start + 5])


def test_whose_view_it_is_stands_first(content: Content) -> None:
    for entry in content.entries:
        second = show(entry.name, content).splitlines()[1]
        assert second.startswith("The document ") or '"' in second or "document" in second, entry.id
    assert "it does not assess a patient" in show("about", content)


@pytest.mark.parametrize("text", ["The label names 2 g/kg", "Always give it", "It is contraindicated in this"])
def test_a_dose_or_a_verdict_does_not_load(text: str) -> None:
    edited = FROZEN.read_text(encoding="utf-8").replace("Giving IVIG needs *careful monitoring*.", text)
    content, faults = parse(edited)
    assert content is None
    assert len(faults) == 1
    assert faults[0].message.startswith("safety › reminder › #1 › text: ")
