"""Cards: what each outcome shows, and what no card can be without."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import cards_of, match

from slackbot.cards.card import Cards, is_answer
from slackbot.content.schema import Content, Review
from slackbot.matching.match import Match
from slackbot.slack.blocks import Message, message
from standin.block_kit import check_message

TODAY = dt.date(2026, 11, 24)

ASKED = [
    "kawasaki", "KD", "GBS or CIDP?", "ITP, SLE, MG or CIDP?", "AIDP", "ITP or TTP?", "dm", "kawasaky dissease",
    "TTP", "discoid lupus", "", "help", "list", "about", "safety", "premeds?", "what rate?", "CIDP dose",
    "what are the contraindications?", "clot after ivig", "anaphylaxis now!", "anaphylaxis, GBS", "thanks",
    "appendicitis",
]  # fmt: skip


def card(match: Match, content: Content) -> Message:
    return message(Cards(content, lambda: TODAY).card(match))


def thread_reply(match: Match, content: Content) -> Message:
    return message(cards_of(content).thread_reply(match))


def show(text: str, content: Content) -> str:
    return card(match(text, content), content).text


def texts(shown: Message) -> Iterator[str]:
    """Every text in a message's blocks, in the order they stand."""
    for block in shown.blocks:
        if block["type"] == "actions":
            continue
        parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        for part in parts:
            if isinstance(part, dict):
                inner = part["text"]
                yield inner["text"] if isinstance(inner, dict) else inner


def payload(shown: Message) -> dict[str, Any]:
    return {"channel": "C1", "text": shown.text, "blocks": shown.blocks}


def assert_fit_to_send(sent: Message, content: Content) -> None:
    """What must hold of every card: Slack takes it, the reminder is there, and nobody is pinged."""
    assert check_message(payload(sent)) == []
    shown = "\n".join(texts(sent))
    for statement in content.safety.reminder:
        assert statement.text in shown
        assert statement.text.replace("*", "") in sent.text
    for text in (shown, sent.text):
        assert not re.search(r"<[@#!]|<http", text)


def test_the_kawasaki_card_reads_like_this(content: Content) -> None:
    lines = show("kawasaki", content).splitlines()
    assert lines[:7] == [
        "Kawasaki disease",
        "The document calls IVIG a standard treatment, given to lower inflammation and prevent heart complications "
        "[S17]",
        "Who gets the disease: Mainly children [S16]",
        "Condition: Acute vasculitis; untreated, it can cause coronary artery aneurysms [S16]",
        "How it works: Modulates the immune response; less inflammation of vessel walls [S18]",
        "Benefit: Lower risk of heart problems in the long term [S18]",
        "The document does not give: dose · timing · incomplete forms · medicines given alongside · "
        "what to do if there is no response",
    ]
    assert lines[7].startswith("Safety monitoring: Giving IVIG needs careful monitoring. [S23]")
    assert lines[8].startswith("Not from the document: US labels")
    assert "Not yet reviewed by a clinician." in lines
    assert lines[-1].endswith("No patient identifiers in chat.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("KD", "Read KD as Kawasaki disease."),
        ("mucocutaneous lymph node syndrome", "Read mucocutaneous lymph node syndrome as Kawasaki disease."),
        ("AIDP", "Read AIDP as Guillain-Barré syndrome."),
        ("AIDP", "The document does not discuss subtypes."),
        ("Miller Fisher", "The document does not discuss this form."),
        ("ocular MG only, still IVIG?", "The document does not mention ocular disease."),
        ("kawaski", "Read a misspelling as Kawasaki disease."),
        ("SCIg instead for CIDP?", "The document does not cover subcutaneous immunoglobulin."),
        ("CIDP or GBS – dose differ?", "The document does not cover dose."),
        ("dm", "Did you mean Dermatomyositis? Type its name after `/ivig`."),
        ("ivig for TTP?",
         "TTP is not ITP. The document has no entry for TTP, which says nothing about whether IVIG is used for it."),
        ("discoid lupus", "Discoid lupus is a form the document does not mention, which says nothing about whether"),
        ("ITP or TTP?",
         "TTP is not ITP. The document has no entry for TTP, which says nothing about whether IVIG is used for it."),
        ("what are the contraindications?", "Not listed here does not mean none."),
        ("premeds?", "The document does not cover premedication."),
        ("clot after ivig", "The document does not cover thrombosis."),
        ("headache after ivig", "The document does not say how or how often to monitor."),
    ],
)  # fmt: skip
def test_a_card_says_how_it_was_read_and_what_is_not_covered(text: str, line: str, content: Content) -> None:
    assert line in show(text, content)


def test_names_as_they_stand_need_no_reading(content: Content) -> None:
    for text in ("kawasaki", "Kawasaki disease", "lupus", "Guillain-Barré", "dermatomyositis"):
        assert "Read " not in show(text, content)


def test_an_emergency_comes_first(content: Content) -> None:
    for text in ("anaphylaxis during the infusion!!", "GBS, anaphylaxis now"):
        assert show(text, content).startswith("Not for emergencies: follow your local emergency protocol.")


def test_several_entries_share_one_reminder_in_the_order_asked(content: Content) -> None:
    text = show("CIDP or GBS?", content)
    assert text.index("Chronic inflammatory") < text.index("Guillain-Barré syndrome (GBS)")
    assert text.count("Safety monitoring:") == 1


def test_every_statement_shows_where_it_comes_from(content: Content) -> None:
    for entry in content.entries:
        shown = show(entry.name, content)
        for statement in (entry.status, *entry.statements):
            marks = ", ".join(f"S{number}" for number in statement.sentences)
            assert f"{statement.text.replace('*', '')} [{marks}]" in shown
    for statement in content.general:
        assert statement.text.replace("*", "") in show("about", content)


def test_the_boxed_warning_is_kept_apart_with_its_own_sources(content: Content) -> None:
    shown = show("safety", content)
    (boxed,) = [line for line in shown.splitlines() if line.startswith("Not from the document:")]
    assert "[S" not in boxed
    assert "[FDA]" in boxed
    assert "[label]" in boxed
    assert "FDA Safety Communication" in shown


@pytest.mark.parametrize("text", ASKED)
def test_every_kind_of_card_is_fit_to_send(text: str, content: Content) -> None:
    asked = match(text, content)
    assert_fit_to_send(card(asked, content), content)
    assert_fit_to_send(thread_reply(asked, content), content)


def test_every_name_in_the_file_makes_a_card_fit_to_send(content: Content) -> None:
    for entry in content.entries:
        for name in (entry.name, *entry.names[:3], *entry.ask, *(form.names[0] for form in entry.forms)):
            assert_fit_to_send(card(match(name, content), content), content)
    for other in content.look_alikes:
        assert_fit_to_send(card(match(other.name, content), content), content)
    for topic in content.topics:
        assert_fit_to_send(card(match(topic.phrases[0], content), content), content)


PIECES = ["kawasaki", "GBS", "dm", "TTP", "<!channel>", "<@U123>", "<https://x|itp>", "&lt;!here&gt;", "*", "`", "dose",
          "anaphylaxis", "discoid lupus", "help", "\n", "dermatomyosits", "\u202e", "🙂"]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)))
def test_no_text_makes_a_card_without_the_reminder_or_with_a_live_mention(text: str, content: Content) -> None:
    asked = match(text, content)
    assert_fit_to_send(card(asked, content), content)
    assert_fit_to_send(thread_reply(asked, content), content)


@settings(max_examples=100, deadline=None)
@given(word=st.from_regex(r"[bcdfghjklmnpqrstvwxz]{9,14}", fullmatch=True), rest=st.sampled_from(ASKED))
def test_nothing_typed_is_repeated(word: str, rest: str, content: Content) -> None:
    asked = match(f"{word} {rest}", content)
    for shown in (card(asked, content), thread_reply(asked, content)):
        assert word not in str(shown)


def test_a_miss_in_a_thread_is_one_short_line_with_the_reminder(content: Content) -> None:
    for text in ("appendicitis", "thanks", "dm", "help"):
        assert len(thread_reply(match(text, content), content).blocks) == 2


@pytest.mark.parametrize(
    ("review", "line"),
    [
        (Review(), "Not yet reviewed by a clinician."),
        (Review(reviewed_by="Dr X", reviewed_on=dt.date(2026, 3, 1)), "Reviewed by Dr X, 1 March 2026."),
        (
            Review(reviewed_by="Dr X", reviewed_on=dt.date(2025, 3, 1), review_due=dt.date(2026, 11, 23)),
            "Reviewed by Dr X, 1 March 2025. Review overdue since 23 November 2026.",
        ),
        (
            Review(reviewed_by="Dr X", reviewed_on=dt.date(2025, 3, 1), review_due=dt.date(2026, 11, 24)),
            "Reviewed by Dr X, 1 March 2025.",
        ),
    ],
)
def test_the_card_says_who_stands_for_the_content(review: Review, line: str, content: Content) -> None:
    signed_off = content.model_copy(update={"review": review})
    assert line in show("kawasaki", signed_off).splitlines()


def test_the_card_names_the_local_contact_escaped(content: Content) -> None:
    local = content.model_copy(update={"contact": "Pharmacy <!here> & co"})
    shown = card(match("kawasaki", local), local)
    assert "Ask: Pharmacy &lt;!here&gt; &amp; co" in shown.text
    assert_fit_to_send(shown, local)


@pytest.mark.parametrize(
    ("text", "answers"),
    [("kawasaki", True), ("help", True), ("list", True), ("safety", True), ("about", True), ("dose?", True),
     ("appendicitis", False), ("TTP", False), ("dm", False)],
)  # fmt: skip
def test_which_cards_count_as_an_answer(text: str, answers: bool, content: Content) -> None:
    assert is_answer(match(text, content)) is answers
