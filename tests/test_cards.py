"""Cards: what each outcome shows, and what no card can be without."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from reading import cards_of, match, matcher_of

from slackbot.cards import wording
from slackbot.cards.card import Audience, Cards, is_answer
from slackbot.cards.plain import plain
from slackbot.content.schema import Content, Entry
from slackbot.matching.match import Match, Outcome
from slackbot.signing.digests import digests
from slackbot.signing.records import signed_cards
from slackbot.slack.blocks import Message, message
from standin.block_kit import check_message

TODAY = dt.date(2026, 11, 24)
THREAD = "1700000000.000100"

ASKED = [
    "kawasaki", "KD", "GBS or CIDP?", "ITP, SLE, MG or CIDP?", "AIDP", "ITP or TTP?", "dm", "kawasaky dissease",
    "TTP", "discoid lupus", "", "help", "list", "about", "safety", "premeds?", "what rate?", "CIDP dose",
    "what are the contraindications?", "clot after ivig", "anaphylaxis now!", "anaphylaxis, GBS", "thanks",
    "appendicitis",
]  # fmt: skip


def card(match: Match, content: Content) -> Message:
    return message(signed_cards(matcher_of(content), TODAY).card(match))


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


def labels_of(shown: Message) -> Iterator[str]:
    """What is written on all that can be pressed."""
    for block in shown.blocks:
        if block["type"] == "actions":
            yield from ((each.get("text") or each["placeholder"])["text"] for each in block["elements"])


def assert_fit_to_send(sent: Message, content: Content) -> None:
    """What must hold of every card: Slack takes it, the reminder is there, and nobody is pinged."""
    assert check_message(payload(sent)) == []
    shown = "\n".join(texts(sent))
    for statement in content.safety.reminder:
        assert statement.text in shown
        assert statement.text.replace("*", "") in sent.text
    for text in (shown, sent.text):
        assert not re.search(r"<[@#!]|<http", text)


def assert_reply_fit_to_send(asked: Match, content: Content) -> None:
    if asked.outcome is not Outcome.THANKS:
        assert_fit_to_send(thread_reply(asked, content), content)


def test_the_kawasaki_card_reads_like_this(content: Content) -> None:
    assert show("kawasaki", content).splitlines() == [
        "Kawasaki disease",
        "The document calls IVIG a standard treatment, given to lower inflammation and prevent heart complications "
        "[S17]",
        "Benefit: Lower risk of heart problems in the long term [S18]",
        "Not in the document: dose, timing, incomplete forms, medicines given alongside and more.",
        "Safety monitoring: Giving IVIG needs careful monitoring. [S23] Side effects can include allergic reactions, "
        "kidney problems and headaches. [S23] The document does not say how or how often to monitor.",
        "Not from the document: US labels of IVIG carry a boxed warning headed thrombosis, "
        "renal dysfunction and acute renal failure. [label]",
        f"Content {digests(matcher_of(content)).version} · not yet reviewed by a clinician. Source: one web article "
        "without author; undated. Not for emergencies. No patient identifiers in chat.",
    ]


def test_the_full_kawasaki_card_leaves_nothing_out(content: Content) -> None:
    lines = plain(cards_of(content).full(match("kawasaki", content))).splitlines()
    assert lines[2:7] == [
        "Who gets the disease: Mainly children [S16]",
        "Condition: Acute vasculitis; untreated, it can cause coronary artery aneurysms [S16]",
        "How it works: Modulates the immune response; less inflammation of vessel walls [S18]",
        "Benefit: Lower risk of heart problems in the long term [S18]",
        "The document does not give: dose · timing · incomplete forms · medicines given alongside · "
        "what to do if there is no response",
    ]
    assert "• Thrombosis can occur without known risk factors. [FDA]" in lines
    assert lines[-2] == " ".join(content.footer)


def test_each_entrys_card_is_read_at_a_glance(content: Content) -> None:
    for entry in content.entries:
        shown = card(match(entry.name, content), content)
        words = [word for text in (*texts(shown), *labels_of(shown)) for word in text.split()]
        assert len(words) <= 130, entry.name
        assert len(shown.text.split()) <= 150
        assert shown.text.startswith(f"{entry.title}\n{entry.status.text.replace('*', '')[:35]}")
        assert {block["type"] for block in shown.blocks} <= {"header", "section", "context", "actions"}
        assert all(block["expand"] for block in shown.blocks if block["type"] == "section")


def test_the_reminder_is_as_prominent_as_the_status(content: Content) -> None:
    for entry in content.entries:
        sections = [block["text"]["text"] for block in card(match(entry.name, content), content).blocks
                    if block["type"] == "section"]  # fmt: skip
        assert len(sections) == 2
        assert entry.status.text in sections[0]
        assert all(statement.text in sections[1] for statement in content.safety.reminder)


LUPUS = "The document does not discuss lupus nephritis. For lupus erythematosus it says IVIG is used in certain cases."
REFUSED = "TTP is not ITP. The document has no entry for TTP. That does not tell whether IVIG is used for it."
UNMENTIONED = "is a form the document does not mention. That does not tell whether IVIG is used for it."
SYMPTOM = (
    "The document does not say what a symptom after IVIG means, how serious it is or what to do. "
    "Not listed here does not mean none."
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SLE", "Read SLE as Lupus erythematosus."),
        ("mucocutaneous lymph node syndrome", "Read mucocutaneous lymph node syndrome as Kawasaki disease."),
        ("kavasaky", "Read as a misspelling."),
        ("lupus nephritis", LUPUS),
        ("AIDP", "The document does not discuss subtypes. For Guillain-Barré syndrome it calls IVIG a first-line"),
        ("Miller Fisher", "The document does not discuss Miller Fisher. For Guillain-Barré syndrome it calls IVIG"),
        ("ocular MG only, still IVIG?", "The document does not mention ocular disease. For myasthenia gravis it says"),
        ("a walk in the park " * 300, "The text is long: only its beginning was read, and it names no entry."),
        ("SCIg instead for CIDP?", "The document does not cover subcutaneous immunoglobulin."),
        ("CIDP or GBS – dose differ?", "The document does not cover dose."),
        ("dm", "Did you mean Dermatomyositis?"),
        ("ivig for TTP?", REFUSED),
        ("ITP or TTP?", REFUSED),
        ("neonatal lupus", f"Neonatal lupus {UNMENTIONED}"),
        ("discoid lupus", 'Discoid lupus: The document says "certain cases of lupus erythematosus", not whether'),
        ("appendicitis", "The document may not have this condition. That does not tell whether IVIG is used for it."),
        ("what are the contraindications?", "Not listed here does not mean none."),
        ("premeds?", "The document does not cover premedication."),
        ("clot after ivig", "The document does not cover thrombosis."),
        ("clot after ivig", "• Thrombosis can occur without known risk factors. [FDA]"),
        ("headache after ivig", "The document does not say how or how often to monitor."),
        ("headache after ivig", SYMPTOM),
        ("anaphylaxis now!", "The document does not cover managing a reaction."),
        ("about", "premedication · "),
        ("about", "thrombosis · "),
        ("about", "The document does not say how or how often to monitor."),
    ],
)  # fmt: skip
def test_a_card_says_how_it_was_read_and_what_is_not_covered(text: str, line: str, content: Content) -> None:
    assert line in show(text, content)


def test_what_adds_nothing_to_the_heading_is_not_said(content: Content) -> None:
    for text in ("kawasaki", "KD", "lupus", "GBS", "ITP", "Guillain-Barré", "dermatomyositis"):
        assert "Read " not in show(text, content)


def test_a_form_is_said_in_the_size_of_the_status_before_it(content: Content) -> None:
    blocks = card(match("lupus nephritis", content), content).blocks
    assert blocks[1]["type"] == "section"
    assert blocks[1]["text"]["text"].startswith("The document does not discuss lupus nephritis. For lupus")


def test_the_data_files_word_on_a_refused_form_is_said_in_place_of_ours(content: Content) -> None:
    def noted(entry: Entry) -> Entry:
        forms = tuple(replace(form, note="The document says *certain cases*.") for form in entry.forms)
        return replace(entry, forms=forms)

    local = replace(content, entries=tuple(noted(entry) for entry in content.entries))
    assert show("discoid lupus", local).startswith("Discoid lupus: The document says certain cases.")


def test_a_status_in_words_of_its_own_is_quoted_behind_a_form(content: Content) -> None:
    def reworded(entry: Entry) -> Entry:
        return replace(entry, status=replace(entry.status, text="Used in some"))

    local = replace(content, entries=tuple(reworded(entry) for entry in content.entries))
    assert "lupus nephritis. For lupus erythematosus it says: Used in some [S19]" in show("lupus nephritis", local)


def test_many_forms_are_counted(content: Content) -> None:
    text = show("AMAN, axonal GBS, motor GBS, ataxic GBS, sensory GBS, Miller Fisher, paraparetic GBS", content)
    assert text.count("The document does not discuss") == 1
    assert "more forms. For Guillain-Barré syndrome it calls" in text


def test_what_is_said_of_a_symptom_is_said_once(content: Content) -> None:
    assert show("haemolysis, headache after ivig", content).count("Not listed here does not mean none.") == 1


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("safety", ["⚠️ Safety monitoring"]),
        ("premeds?", ["Premedication"]),
        ("what rate?", ["Infusion rate"]),
        ("dose and rate", ["Not covered by the document"]),
        ("anaphylaxis, GBS", ["🚨 Not for emergencies: follow your local emergency protocol."]),
        ("kawasaki", ["Kawasaki disease"]),
        ("list", ["What the document covers"]),
        ("help", ["Look up IVIG"]),
        ("GBS or CIDP?", []),
        ("appendicitis", []),
    ],
)
def test_the_headings_of_a_card(text: str, headings: list[str], content: Content) -> None:
    blocks = card(match(text, content), content).blocks
    assert [block["text"]["text"] for block in blocks if block["type"] == "header"] == headings


def test_thanks_bring_a_line_and_no_card(content: Content) -> None:
    for reply in (cards_of(content).thread_reply, lambda asked: cards_of(content).reply(asked, Audience.DIRECT)):
        assert message(reply(match("thanks", content))).text == "You're welcome."


def test_in_a_thread_nobody_is_told_to_type_a_command(content: Content) -> None:
    for text in ASKED:
        asked = match(text, content)
        replies = [cards_of(content).thread_reply(asked), cards_of(content).choices(asked, THREAD)]
        assert "/ivig" not in str([message(reply) for reply in replies if reply])


def test_an_emergency_comes_first(content: Content) -> None:
    for text in ("anaphylaxis during the infusion!!", "GBS, anaphylaxis now"):
        assert show(text, content).startswith("Not for emergencies: follow your local emergency protocol.")


def test_several_entries_share_one_reminder_in_the_order_asked(content: Content) -> None:
    text = show("CIDP or GBS?", content)
    assert text.index("Chronic inflammatory") < text.index("Guillain-Barré syndrome (GBS)")
    assert text.count("Safety monitoring:") == 1


def test_every_statement_shows_where_it_comes_from(content: Content) -> None:
    for entry in content.entries:
        shown = plain(cards_of(content).full(match(entry.name, content)))
        for statement in (entry.status, *entry.statements):
            marks = ", ".join(f"S{number}" for number in statement.sentences)
            assert f"{statement.text.replace('*', '')} [{marks}]" in shown
    for statement in content.general:
        assert statement.text.replace("*", "") in show("about", content)


def test_the_boxed_warning_is_kept_apart_with_its_own_sources(content: Content) -> None:
    shown = plain(cards_of(content).boxed_warning()).splitlines()
    start = next(number for number, line in enumerate(shown) if line.startswith("Not from the document:"))
    boxed = shown[start : start + len(content.safety.boxed_warning)]
    for statement, line in zip(content.safety.boxed_warning, boxed, strict=True):
        assert f"{statement.text.replace('*', '')} [{content.sources[statement.source].mark}]" in line
    assert "FDA Safety Communication" in shown[start + len(boxed)]


def test_beside_an_alarm_several_entries_are_a_list_without_a_heading_of_their_own(content: Content) -> None:
    several = "ITP, SLE, MG or CIDP?"
    alarm = show(f"anaphylaxis now! {several}", content).splitlines()
    assert wording.SEVERAL_ENTRIES in show(several, content)
    assert wording.SEVERAL_ENTRIES not in "".join(alarm)
    assert alarm[0] == wording.EMERGENCY.replace("*", "")
    assert [line for line in alarm if "Myasthenia gravis" in line]


@pytest.mark.parametrize("text", ASKED)
def test_every_kind_of_card_is_fit_to_send(text: str, content: Content) -> None:
    asked = match(text, content)
    assert_fit_to_send(card(asked, content), content)
    assert_reply_fit_to_send(asked, content)


def test_every_name_in_the_file_makes_a_card_fit_to_send(content: Content) -> None:
    for entry in content.entries:
        for name in (entry.name, *entry.names[:3], *entry.ask, *(form.name for form in entry.forms)):
            assert_fit_to_send(card(match(name, content), content), content)
    for other in content.look_alikes:
        assert_fit_to_send(card(match(other.name, content), content), content)
    for topic in content.topics:
        for name in (*topic.phrases, *topic.events, *topic.treatments):
            assert_fit_to_send(card(match(f"{name} after ivig", content), content), content)


PIECES = ["kawasaki", "GBS", "dm", "TTP", "<!channel>", "<@U123>", "<https://x|itp>", "&lt;!here&gt;", "*", "`", "dose",
          "anaphylaxis", "discoid lupus", "help", "\n", "dermatomyosits", "\u202e", "🙂"]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)))
def test_no_text_makes_a_card_without_the_reminder_or_with_a_live_mention(text: str, content: Content) -> None:
    asked = match(text, content)
    assert_fit_to_send(card(asked, content), content)
    assert_reply_fit_to_send(asked, content)


@settings(max_examples=100, deadline=None)
@given(word=st.from_regex(r"[bcdfghjklmnpqrstvwxz]{9,14}", fullmatch=True), rest=st.sampled_from(ASKED))
def test_nothing_typed_is_repeated(word: str, rest: str, content: Content) -> None:
    asked = match(f"{word} {rest}", content)
    for shown in (card(asked, content), thread_reply(asked, content)):
        assert word not in str(shown)


def test_a_miss_in_a_thread_is_one_short_line_with_the_reminder(content: Content) -> None:
    for text in ("appendicitis", "dm", "help"):
        assert len(thread_reply(match(text, content), content).blocks) == 3


def test_the_card_names_the_local_contact_escaped(content: Content) -> None:
    local = replace(content, contact="Pharmacy <!here> & co")
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


def test_everything_that_can_be_said_is_there_to_be_reviewed(content: Content) -> None:
    everything = dict(Cards(content).everything())
    assert len(everything) == len(list(Cards(content).everything())), "each has a name of its own"
    said = "\n".join(plain(each) for each in everything.values())
    assert not any(each.standing for each in everything.values())
    for entry in content.entries:
        assert all(statement.text.replace("*", "") in said for statement in (entry.status, *entry.statements))
        assert all(form.note in said for form in entry.forms if form.note and form.reading == "answer")
    assert all(f"no entry for {other.name}." in said for other in content.look_alikes)
    assert all(topic.note.replace("*", "") in said for topic in content.topics if topic.note)
    assert all(
        statement.text.replace("*", "") in said for statement in (*content.general, *content.safety.boxed_warning)
    )
    signed = signed_cards(matcher_of(content), dt.date(2999, 1, 1))
    assert everything == dict(signed.everything()), "whatever the day, and whoever has signed it"
