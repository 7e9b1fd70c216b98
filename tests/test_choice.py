"""What buttons carry, and which buttons a card has; nothing of it is what somebody typed."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from reading import cards_of, match, matcher_of
from test_cards import ASKED, assert_fit_to_send

from slackbot.cards import wording
from slackbot.cards.card import Audience, Card, Line
from slackbot.cards.choice import Choice, View
from slackbot.content.schema import Content, Entry
from slackbot.matching.match import Match, Outcome
from slackbot.matching.rules import Rule
from slackbot.slack.blocks import Message, home, message, modal
from standin.block_kit import check_message, check_view

THREAD = "1700000000.000100"
BOXED = "Boxed warning and sources"
Element = dict[str, Any]


def elements(blocks: list[dict[str, Any]]) -> Iterator[Element]:
    """Everything that can be pressed."""
    for block in blocks:
        yield from block["elements"] if block["type"] == "actions" else ()
        yield from [block["accessory"]] if "accessory" in block else ()


def values(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Everything that pressing sends."""
    for element in elements(blocks):
        if element["type"] != "external_select":  # its options come while one types
            yield from (each["value"] for each in element.get("options", [element]))


def label(element: Element) -> str:
    return str((element.get("text") or element["placeholder"])["text"])


def labels(shown: Message) -> list[str]:
    return [label(element) for element in elements(shown.blocks)]


def card(match: Match, content: Content, audience: Audience = Audience.CHANNEL, thread: str | None = None) -> Message:
    return message(cards_of(content).card(match, audience, thread))


def grown(content: Content, count: int) -> Content:
    """The content with so many entries."""
    first = content.entries[0]
    more = [replace(first, id=f"entry-{n}", name=f"Entry {n}", short=None) for n in range(count)]
    return replace(content, entries=tuple(more))


# What a button carries.


@pytest.mark.parametrize("thread_ts", [None, THREAD])
@pytest.mark.parametrize("text", [*ASKED, "ocular MG", "AIDP, TTP dose", "GBS or dm"])
def test_a_choice_comes_back_as_it_was(text: str, thread_ts: str | None, content: Content) -> None:
    chosen = match(text, content)
    if chosen.outcome in (Outcome.SUGGESTED, Outcome.MISS, Outcome.HELP, Outcome.THANKS):
        return
    choice = Choice.of(chosen, thread_ts)
    assert Choice.decode(choice.encode()) == choice
    again = choice.match(matcher_of(content))
    assert again is not None
    assert (again.answered, again.lookalikes, again.outcome) == (chosen.answered, chosen.lookalikes, chosen.outcome)
    assert again.topics == (() if chosen.outcome in (Outcome.LIST, Outcome.ABOUT) else chosen.topics)


def test_every_entry_form_and_look_alike_can_be_carried(content: Content) -> None:
    names = [entry.name for entry in content.entries] + [other.name for other in content.look_alikes]
    names += [name for entry in content.entries for form in entry.forms for name in form.names]
    for name in names:
        chosen = match(name, content)
        choice = Choice.of(chosen)
        if chosen.answered or chosen.lookalikes:
            again = Choice.decode(choice.encode()).match(matcher_of(content))
            assert again is not None, name
            if all(reading.rule is Rule.FORM for reading in chosen.readings):
                assert card(again, content) == card(chosen, content), name


@pytest.mark.parametrize(
    "value",
    [
        "",
        "kawasaki",
        "outcome=list&typed=Zaphod",
        "outcome=surprise",
        "outcome=answered",
        "outcome=answered&entry=kawasaki-disease",
        "outcome=list&entry=kawasaki-disease",
        "outcome=list&outcome=about",
        "outcome=list&thread=",
        "outcome=list&thread=now",
        "outcome=list&thread=1.2&thread=1.3",
        "thread=1.2&outcome=list",
        "entry=%ff",
        "entry",
        "&",
        "entry=a&" * 300,
        '{"entry": "kawasaki-disease"}',
    ],
)
def test_whatever_else_a_button_may_carry_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Choice.decode(value)


@settings(deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["entry", "outcome", "thread", "=", "&", "a", "list", "%"])).map("".join)
)
def test_what_is_read_at_all_reads_back(value: str) -> None:
    try:
        choice = Choice.decode(value)
    except ValueError:
        return
    assert choice.encode() == value


@pytest.mark.parametrize(
    "value",
    [
        "entry=kawasaki-disease",
        "entry=kawasaki-disease&thread=1700000000.000100",
        "entry=guillain-barre-syndrome&form=Miller+Fisher",
        "outcome=list",
        "outcome=about&thread=1700000000.000100",
        "outcome=refused&not=TTP",
        "outcome=topic&topic=dose",
        "outcome=emergency&entry=guillain-barre-syndrome&topic=emergency",
    ],
)
def test_what_buttons_posted_long_ago_carry_still_brings_a_card(value: str, content: Content) -> None:
    choice = Choice.decode(value)
    brought = choice.match(matcher_of(content))
    assert brought is not None
    assert not message(cards_of(content).chosen(choice, brought)).text.startswith(wording.GONE)
    assert cards_of(content).chosen_in_detail(choice, brought).parts


@pytest.mark.parametrize(
    "choice",
    [
        Choice(entries=("kawasaki-disease", "no-more")),
        Choice(Outcome.TOPIC, topics=("no-more",)),
        Choice(Outcome.REFUSED, lookalikes=("no more",)),
        Choice(entries=("kawasaki-disease",), forms=("no more",)),
    ],
    ids=repr,
)
def test_what_has_left_the_data_file_is_not_found(choice: Choice, content: Content) -> None:
    assert Choice.decode(choice.encode()).match(matcher_of(content)) is None


# Which buttons a card has.


@pytest.mark.parametrize(
    ("text", "audience", "expected"),
    [
        ("kawasaki", Audience.CHANNEL, ["More", BOXED, "All entries"]),
        ("kawasaki", Audience.ASKER, ["Share in channel", "More", BOXED, "All entries"]),
        ("kawasaki", Audience.DIRECT, ["More", BOXED, "All entries"]),
        ("GBS or CIDP?", Audience.CHANNEL, ["More", BOXED, "All entries"]),
        ("ITP, SLE, MG or CIDP?", Audience.CHANNEL, ["Choose an entry", BOXED, "All entries"]),
        ("what rate?", Audience.ASKER, ["Share in channel", BOXED, "All entries"]),
        ("anaphylaxis now!", Audience.ASKER, ["Share in channel", BOXED, "All entries"]),
        ("TTP", Audience.ASKER, ["Share in channel", BOXED, "All entries"]),
        ("list", Audience.ASKER, ["Choose an entry", "Share in channel", BOXED, "About IVIG"]),
        ("about", Audience.ASKER, ["Share in channel", BOXED, "All entries"]),
        ("", Audience.ASKER, ["Choose an entry", BOXED, "About IVIG"]),
        ("qwzx", Audience.ASKER, ["Choose an entry", BOXED, "About IVIG"]),
        ("qwzx", Audience.DIRECT, ["Choose an entry", BOXED, "About IVIG"]),
        ("dm", Audience.ASKER, ["Dermatomyositis", BOXED, "All entries"]),
        ("dm", Audience.DIRECT, ["Dermatomyositis", BOXED, "All entries"]),
        ("dm", Audience.CHANNEL, [BOXED, "All entries"]),
        ("GBS or dm", Audience.ASKER, ["Dermatomyositis", "Share in channel", "More", BOXED, "All entries"]),
    ],
)  # fmt: skip
def test_the_buttons_of_a_card(text: str, audience: Audience, expected: list[str], content: Content) -> None:
    assert labels(card(match(text, content), content, audience)) == expected


def test_in_a_thread_it_says_where_it_shares(content: Content) -> None:
    assert labels(card(match("kawasaki", content), content, Audience.ASKER, THREAD))[0] == "Share in thread"


@pytest.mark.parametrize("text", [*ASKED, "ocular MG", "AIDP, TTP dose", "GBS or dm", "dm, systemic"])
def test_every_card_for_everybody_is_fit_to_send(text: str, content: Content) -> None:
    chosen = match(text, content)
    bare = card(chosen, content).text
    for audience, thread_ts in product(Audience, (None, THREAD)):
        shown = card(chosen, content, audience, thread_ts)
        assert_fit_to_send(shown, content)
        assert shown.text == bare, "buttons add nothing to what is read out"
        assert len(list(elements(shown.blocks))) <= 5
        for element in elements(shown.blocks):
            assert element["type"] == "static_select" or element["accessibility_label"].startswith(label(element))
        for value in values(shown.blocks):
            choice = Choice.decode(value)
            assert choice.thread == (thread_ts if choice.view is View.CARD else None)
    assert check_view(modal(cards_of(content).card(chosen))) == []


def test_a_suggestion_brings_what_typing_its_name_brings(content: Content) -> None:
    for entry in content.entries:
        chosen = Choice(entries=(entry.id,)).match(matcher_of(content))
        assert chosen is not None
        assert card(chosen, content) == card(match(entry.name, content), content)


def test_more_suggestions_than_buttons_become_a_menu(content: Content) -> None:
    for count, kinds in ((5, {"button"}), (6, {"button", "static_select"})):
        several = Match(suggested=tuple(e.id for e in content.entries[:count]), outcome=Outcome.SUGGESTED)
        pressed = list(elements(card(several, content, Audience.ASKER).blocks))
        assert {element["type"] for element in pressed} == kinds
        offered = [Choice.decode(value).entries for value in values([{"type": "actions", "elements": pressed}])]
        assert [each for each in offered if each] == [(entry_id,) for entry_id in several.suggested], "each once"


def test_a_share_too_long_for_a_button_is_not_offered(content: Content) -> None:
    many = match(", ".join(other.name for other in content.look_alikes), content)
    assert len(Choice.of(many).encode()) > 2000
    assert labels(card(many, content, Audience.ASKER)) == [BOXED, "All entries"]


def test_a_long_name_is_cut_on_a_button_and_a_menu(content: Content) -> None:
    long = replace(content.entries[0], name="x" * 100, short=None)
    big = replace(content, entries=(long,))
    assert check_view(home(cards_of(big).home())) == []
    for outcome in (Outcome.MISS, Outcome.LIST):
        assert check_message({"blocks": card(Match(outcome=outcome), big).blocks}) == []


@pytest.mark.parametrize(("count", "more"), [(100, ""), (101, " or type the name"), (400, " or type the name")])
def test_a_menu_holds_the_first_hundred(count: int, more: str, content: Content) -> None:
    big = grown(content, count)
    gone = message(cards_of(big).gone())
    for shown in (*(card(Match(outcome=each), big) for each in (Outcome.HELP, Outcome.MISS)), gone):
        assert check_message({"text": shown.text, "blocks": shown.blocks}) == []
        menu = next(element for element in elements(shown.blocks) if element["type"] == "static_select")
        assert menu["placeholder"]["text"] == f"Choose an entry{more}"
        assert [each["text"]["text"] for each in menu["options"]] == [f"Entry {n}" for n in range(100)]


@pytest.mark.parametrize("count", [1, 100, 400])
def test_many_entries_fit_into_the_list_and_the_home(count: int, content: Content) -> None:
    big = grown(content, count)
    shown = card(Match(outcome=Outcome.LIST), big)
    assert check_message({"text": shown.text, "blocks": shown.blocks}) == []
    assert check_view(home(cards_of(big).home())) == []
    listed = shown.text.count("• Entry ")
    left = count - listed
    assert listed == min(count, 100)
    assert (f"… and {left} more: type the name." in shown.text) is (left > 0)


def test_options_that_are_long_are_fewer(content: Content) -> None:
    def long(entry: Entry) -> Entry:
        return replace(entry, name=f"{entry.name} {'x' * 60}", id=f"{entry.id}-{'x' * 40}")

    big = grown(content, 100)
    big = replace(big, entries=tuple(long(entry) for entry in big.entries))
    shown = card(Match(), big)
    assert check_message({"text": shown.text, "blocks": shown.blocks}) == []
    menu = next(element for element in elements(shown.blocks) if element["type"] == "static_select")
    assert menu["placeholder"]["text"] == "Choose an entry or type the name"


# The thread's line, the Home and what has gone.


@pytest.mark.parametrize(
    ("text", "offered"),
    [("dm", ["Dermatomyositis"]), ("qwzx", ["Choose an entry"]), ("", ["Choose an entry"]),
     ("what is the dose in dermato miositis", ["Dermatomyositis"]),
     ("thanks", None), ("kawasaki", None), ("TTP", None), ("list", None)],
)  # fmt: skip
def test_what_the_asker_is_offered_beside_the_threads_reply(
    text: str, offered: list[str] | None, content: Content
) -> None:
    chosen = match(text, content)
    offer = cards_of(content).choices(chosen, THREAD)
    assert (labels(message(offer)) if offer else None) == offered
    reply = message(cards_of(content).thread_reply(chosen, THREAD))
    assert not set(offered or ()) & set(labels(reply))
    if offer:
        assert_fit_to_send(message(offer), content)


def test_the_home_holds_all_there_is_to_know(content: Content) -> None:
    local = replace(content, contact="Pharmacy <!here> & co")
    view = home(cards_of(local).home())
    assert check_view(view) == []
    shown = json.dumps(view, ensure_ascii=False)
    for entry in content.entries:
        assert entry.title in shown
        assert json.dumps(entry.status.text.replace("*", ""), ensure_ascii=False)[1:-1] in shown
        assert Choice(entries=(entry.id,)).encode() in values(view["blocks"])
    for text in ("not yet reviewed", "Ask: Pharmacy &lt;!here&gt; &amp; co", "`/ivig`", "Source: one", "Look up IVIG"):
        assert text in shown
    assert all(statement.text in shown for statement in content.safety.reminder)


def test_a_modal_is_the_card_without_its_buttons(content: Content) -> None:
    chosen = match("kawasaki", content)
    view = modal(cards_of(content).card(chosen))
    assert view["blocks"] == [each for each in card(chosen, content).blocks if each["type"] != "actions"]
    assert check_view(modal(cards_of(content).gone())) == []


def test_sharing_says_who_first_and_mentions_nobody_else(content: Content) -> None:
    for text in ASKED:
        chosen = match(text, content)
        shown = message(cards_of(content).shared(chosen, user="U7", thread=THREAD))
        bare = card(chosen, content, thread=THREAD)
        assert shown.text == f"<@U7> shared this:\n{bare.text}"
        assert shown.blocks[1:] == bare.blocks
        assert check_message({"text": shown.text, "blocks": shown.blocks}) == []


WORDS = st.from_regex(r"[bcdfghjklmnpqrstvwxz]{9,14}", fullmatch=True)


@settings(max_examples=100, deadline=None)
@given(word=WORDS, rest=st.sampled_from(ASKED))
def test_nothing_typed_is_in_a_button_or_beside_it(word: str, rest: str, content: Content) -> None:
    chosen = match(f"{word} {rest}", content)
    cards = cards_of(content)
    made: list[Card | Line] = [cards.card(chosen, audience) for audience in Audience]
    made += [cards.shared(chosen, user="U7"), cards.full(chosen), cards.thread_reply(chosen)]
    assert word not in f"{made} {cards.choices(chosen)}"
