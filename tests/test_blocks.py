"""Slack's limits: whatever is asked, of whatever content, every message, modal and Home is one that Slack takes."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from reading import cards_of, match
from slack_sdk.models.blocks import Block

from slackbot.cards.card import Audience, Card, Heading, Line, Paragraph, Reminder
from slackbot.content.schema import (
    Content,
    Entry,
    Form,
    LabelledStatement,
    LookAlike,
    Reading,
    Source,
    Statement,
    Topic,
    TopicKind,
)  # fmt: skip
from slackbot.slack import blocks
from slackbot.slack.blocks import Message
from standin.block_kit import check_message, check_view

View = dict[str, Any]
THREAD = "1700000000.000100"
LARGE = 150  # entries of the generated content
MESSAGE = 11_000  # characters of all blocks of a message


# Contents at the schema's limits.


def filled(start: str, length: int, word: str) -> str:
    """A text of this length that begins like this."""
    text = f"{start} {word * length}"[:length].strip()
    return text if text.count("*") % 2 == 0 else text.replace("*", "", 1)


@cache
def large(content: Content, word: str) -> Content:
    """A content in which everything is as long and as many as the schema lets it be, made of this word."""

    def statement(start: str) -> Statement:
        return Statement(text=filled(start, 600, word), source=content.document, sentences=(1, 2, 3))

    def entry(number: int) -> Entry:
        fact = LabelledStatement(
            label=filled("Benefit", 100, word), text=filled("", 500, word), source=content.document, sentences=(4,)
        )
        return Entry(
            id=f"entry-{number}-".ljust(60, "x"),
            name=filled(f"Morbus{number}", 100, word),
            short=filled(f"M{number}", 40, word),
            status=statement("The document says"),
            statements=(fact,) * 4,
            silent_about=(filled("gap", 100, word),) * 12,
            names=(f"plainname{number}",),
            forms=tuple(
                Form(
                    name=filled(f"form{number}{kind}", 100, word), names=(f"formname{number}{kind}",), reading=kind,
                    note=filled("note", 600, word), why="because",
                )
                for kind in Reading
            ),
        )  # fmt: skip

    def topic(number: int) -> Topic:
        kind = [TopicKind.NOT_COVERED, TopicKind.SAFETY, TopicKind.BOXED_WARNING, TopicKind.EMERGENCY][number % 4]
        return Topic(
            id=f"topic-{number}", label=filled(f"topic{number}", 100, word), kind=kind,
            note=filled("note", 600, word), phrases=(f"topicname{number}",),
        )  # fmt: skip

    entries = tuple(entry(number) for number in range(LARGE))
    look_alikes = tuple(
        LookAlike(name=f"lookalike{number}", not_=tuple(each.id for each in entries[number : number + 5]))
        for number in range(LARGE)
    )
    sources = {f"source-{number}": Source(mark=f"Q{number}", title=filled("source", 100, word)) for number in range(11)}
    about = filled("one web article", 600, word)
    document = structs.replace(content.sources[content.document], about=about, sentences=99)
    safety = structs.replace(
        content.safety,
        reminder=tuple(statement(f"Reminder {number}") for number in range(6)),
        boxed_warning=tuple(statement(f"Boxed {number}") for number in range(6)),
    )
    return structs.replace(
        content,
        entries=entries,
        look_alikes=look_alikes,
        topics=(*(topic(number) for number in range(40)), *(each for each in content.topics if each.kind.alone)),
        sources={content.document: document, **sources},
        safety=safety,
        general=tuple(statement(f"General {number}") for number in range(10)),
        footer=(filled("footer", 600, word),) * 6,
        contact=filled("contact", 100, word),
    )


CONTENTS = ("shipped", "words", "one word", "escaped", "bold")
WORDS = {"words": "lorem ipsum ", "one word": "x", "escaped": "a & <b> ", "bold": "*bold* word "}


def content_named(name: str, content: Content) -> Content:
    return content if name == "shipped" else large(content, WORDS[name])


@cache
def pieces(content: Content) -> list[str]:
    """What the content has a name for, and a few words that it has none for."""
    names = [name for entry in content.entries for name in (entry.name, *entry.names[:2], *entry.ask[:1])]
    names += [name for entry in content.entries for form in entry.forms for name in form.names[:2]]
    names += [each.name for entry in content.entries for each in entry.ambiguous]
    names += [other.name for other in content.look_alikes]
    names += [phrase for topic in content.topics for phrase in topic.phrases[:2]]
    return [*names, "or", "not", "ivig", "appendicitis", "kawasaky", "<!channel>", "*", "&"]


# What Slack takes.


def payload(message: Message) -> dict[str, Any]:
    return {"channel": "C1", "text": message.text, "blocks": message.blocks}


def texts(block: dict[str, Any]) -> Iterator[str]:
    """Every text object in a block."""
    for value in block.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                if each.get("type") in ("mrkdwn", "plain_text"):
                    yield each["text"]
                else:
                    yield from texts(each)


def assert_taken(shown: list[dict[str, Any]]) -> None:
    """What slack_sdk's own models say, and that nobody is pinged and no text is cut inside an escape."""
    for parsed in Block.parse_all(shown):
        parsed.to_dict()  # validates
    for block in shown:
        for text in texts(block):
            assert text.strip()
            assert not re.search(r"<[@#!]|<http", text)
            if block["type"] in ("section", "context"):
                assert not re.search(r"&(?!(amp|lt|gt);)", text)
                assert text.count("*") % 2 == 0, "bold ends where it began"


def assert_message_taken(message: Message) -> None:
    assert check_message(payload(message)) == []
    assert message.blocks, "none had to go as plain text"
    assert len(json.dumps(message.blocks, ensure_ascii=False, separators=(",", ":"))) <= MESSAGE
    assert 0 < len(message.text) <= 40_000
    assert_taken(message.blocks)


def assert_view_taken(view: View) -> None:
    assert check_view(view) == []
    assert len(json.dumps(view)) < 250_000
    assert_taken(view["blocks"])


def cards_for(text: str, content: Content) -> Iterable[Card | Line]:
    """All that any door makes of this text, each once."""
    return dict.fromkeys(_cards_for(text, content))


def _cards_for(text: str, content: Content) -> Iterator[Card | Line]:
    cards, asked = cards_of(content), match(text, content)
    for audience in Audience:
        yield cards.reply(asked, audience)
        yield cards.card(asked, audience, THREAD)
    yield cards.thread_reply(asked, THREAD)
    yield cards.full(asked)
    if offered := cards.choices(asked, THREAD):
        yield offered


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(CONTENTS), data=st.data())
def test_slack_takes_whatever_is_asked(name: str, data: st.DataObject, content: Content) -> None:
    asked_of = content_named(name, content)
    names = data.draw(st.lists(st.sampled_from(pieces(asked_of)), max_size=40))
    text = data.draw(st.sampled_from([" ", ", ", "\n", " or "])).join(names)
    for card in cards_for(text, asked_of):
        if isinstance(card, Card):
            assert_message_taken(blocks.message(card))
            assert_view_taken(blocks.modal(card))
    assert_view_taken(blocks.look_up(cards_of(asked_of).result(match(text, asked_of))))
    shared = blocks.message(cards_of(asked_of).shared(match(text, asked_of), user="U7", thread=THREAD))
    assert check_message(payload(shared)) == []


@pytest.mark.parametrize("name", CONTENTS)
def test_slack_takes_what_nobody_asked_for(name: str, content: Content) -> None:
    asked_of = content_named(name, content)
    cards = cards_of(asked_of)
    for card in (cards.gone(THREAD), cards.nothing_in_message(THREAD), cards.ask_back(), cards.boxed_warning()):
        assert_message_taken(blocks.message(card))
        assert_view_taken(blocks.modal(card))
    assert_view_taken(blocks.home(cards.home()))
    assert_view_taken(blocks.look_up(cards.search()))
    every_name = ", ".join(pieces(asked_of))
    for reply in cards_for(every_name, asked_of):
        assert_message_taken(blocks.message(reply))


@pytest.mark.parametrize("name", ["shipped", "words", "one word", "bold"])
def test_whatever_is_left_out_the_reminder_is_whole(name: str, content: Content) -> None:
    asked_of = content_named(name, content)
    for card in cards_for(", ".join(pieces(asked_of)), asked_of):
        shown = bare("".join(text for block in blocks.message(card).blocks for text in texts(block)))
        assert all(bare(statement.text) in shown for statement in asked_of.safety.reminder)


def bare(text: str) -> str:
    """The text without spaces and marks, which parting it may change."""
    return re.sub(r"[\s*]", "", text)


# What a reader gets instead.


MANY_FORMS = "GBS, LGBS, AIDP, AMSAN, motor GBS, axonal GBS, ataxic GBS, sensory GBS, Landry palsy"


def test_what_slack_refused_before(content: Content) -> None:
    every_look_alike = ", ".join(other.name for other in content.look_alikes)
    for text in (MANY_FORMS, ", ".join(other.name for other in content.look_alikes[:21]), every_look_alike):
        assert_message_taken(blocks.message(cards_of(content).card(match(text, content))))


def test_lines_that_do_not_fit_are_counted(content: Content) -> None:
    every_look_alike = ", ".join(other.name for other in content.look_alikes)
    asked = match(every_look_alike, content)
    message = blocks.message(cards_of(content).card(asked))
    [left_out] = re.findall(r"… and (\d+) more\.", message.text)
    assert message.text.count("That does not tell") + int(left_out) == len(asked.lookalikes)
    assert f"… and {left_out} more." in str(message.blocks)


def test_what_a_large_content_leaves_out_of_a_menu_and_a_list_is_said(content: Content) -> None:
    big = large(content, WORDS["words"])
    message = blocks.message(cards_of(big).card(match("list", big)))
    menu = message.blocks[1]["elements"][0]
    assert menu["placeholder"]["text"] == "Choose an entry or type the name"
    [left_out] = re.findall(r"… and (\d+) more: type the name\.", message.text)
    assert int(left_out) == LARGE - len(menu["options"]) == LARGE - message.text.count("• Morbus")


REMINDER = Reminder(("Take care. [S1]",), "Boxed. [label]")


def sections(*lines: str) -> list[str]:
    """The sections that these lines come to."""
    message = blocks.message(Card(REMINDER, (Heading("x"), Paragraph(lines))))
    return [block["text"]["text"] for block in message.blocks if block["type"] == "section"][:-1]


def test_a_long_text_is_parted_where_a_reader_pauses() -> None:
    assert sections("a" * 2000, "b" * 2000) == ["a" * 2000, "b" * 2000]
    assert sections(f"{'a' * 2000}. {'b' * 2000}") == [f"{'a' * 2000}.", "b" * 2000]
    assert sections(f"{'a' * 2000} {'b' * 2000}") == ["a" * 2000, "b" * 2000]
    assert [len(section) for section in sections("a" * 4000)] == [2999, 1001]
    assert sections(f"{'a' * 1000} *{'b' * 1500} {'c' * 1500}*") == [
        f"{'a' * 1000} *{'b' * 1500}*", f"*{'c' * 1500}*",
    ]  # fmt: skip
    assert all(section.count("&amp;") * 5 == len(section) for section in sections("&" * 2000))


def test_what_breaks_a_limit_all_the_same_goes_as_text(
    content: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards_of(content).card(match("kawasaki", content))
    good = blocks.message(card)
    monkeypatch.setattr(blocks, "SECTION", 10)  # as if Slack took less than the splitting knows
    monkeypatch.setattr(blocks, "_pieces", lambda text, _most: [text])
    assert blocks.message(card) == Message(good.text, [])
    line = "".join(capsys.readouterr())
    assert "outcome=refused" in line
    assert "Kawasaki" not in line


def test_a_failure_in_drawing_goes_as_text(
    content: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards_of(content).card(match("kawasaki", content))
    good = blocks.message(card)
    monkeypatch.setattr(blocks, "_groups", lambda *_: 1 / 0)
    assert blocks.message(card) == Message(good.text, [])
    assert "outcome=failed" in "".join(capsys.readouterr())


def test_a_view_that_breaks_a_limit_all_the_same_is_text_in_sections(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards_of(content).full(match("kawasaki", content))
    monkeypatch.setattr(blocks, "HEADER", 1)
    monkeypatch.setattr(blocks, "_cut", lambda text, _most: text)
    view = blocks.modal(card)
    assert check_view(view) == []
    assert {block["type"] for block in view["blocks"]} == {"section"}
    assert "Kawasaki disease" in view["blocks"][0]["text"]["text"]


def test_the_limits_are_those_of_slacks_reference() -> None:
    for most, block in (
        (blocks.HEADER, lambda n: {"type": "header", "text": {"type": "plain_text", "text": "x" * n}}),
        (blocks.SECTION, lambda n: {"type": "section", "text": {"type": "mrkdwn", "text": "x" * n}}),
        (blocks.CONTEXT, lambda n: {"type": "context", "elements": [{"type": "mrkdwn", "text": "x" * n}]}),
    ):
        assert check_message({"blocks": [block(most)]}) == []
        assert check_message({"blocks": [block(most + 1)]}) != []
        assert blocks.faults([block(most)], blocks.IN_MESSAGE) == []
        assert blocks.faults([block(most + 1)], blocks.IN_MESSAGE) != []
        assert blocks.faults([block(0)], blocks.IN_MESSAGE) != []


def test_a_share_by_an_id_is_the_only_mention_that_goes_live(content: Content) -> None:
    card = structs.replace(cards_of(content).card(match("kawasaki", content)), shared_by="U7")
    message = blocks.message(card)
    assert message.text.count("<@") == str(message.blocks).count("<@") == 1
