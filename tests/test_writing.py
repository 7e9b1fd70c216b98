"""What is read of a message besides its text: a table of (what Slack sends, what the bot reads)."""

import time
from typing import Any

import pytest

from slackbot.slack.writing import Writing
from slackbot.words.tokens import MASKED

M = MASKED
Json = dict[str, Any]


def rich(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def run(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: Json) -> Json:
    return {"type": "section", "text": text}


LIST = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [run("Ruled out:")]},
        {
            "type": "rich_text_list",
            "elements": [
                {"type": "rich_text_section", "elements": [run("Kawasaki")]},
                {"type": "rich_text_section", "elements": [run("GBS")]},
            ],
        },
    ],
}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "Diagnosis"}, rich(run("GBS"))], "nonsense"]}


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ({"text": "<@U0BOT> kawasaki"}, "kawasaki"),
        ({}, ""),
        ({"text": None, "blocks": None, "attachments": None, "files": None}, ""),
        # Blocks: words that stand in the text too are read once.
        ({"text": "no kawasaki", "blocks": [rich(run("no "), run("kawasaki", bold=True))]}, "no kawasaki"),
        ({"text": "*GBS* or _CIDP_?", "blocks": [rich(run("GBS"), run(" or CIDP?"))]}, "*GBS* or _CIDP_?"),
        ({"text": "A note", "blocks": [section(mrkdwn("GBS &amp; *dose*"))]}, "A note GBS & *dose*"),
        ({"text": "New case", "blocks": [rich(run("New case: no GBS"))]}, "New case: no GBS"),
        ({"blocks": [LIST]}, "Ruled out: Kawasaki GBS"),
        ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Kawasaki"}}]}, "Kawasaki"),
        ({"blocks": [{"type": "section", "fields": [mrkdwn("*Dx*"), mrkdwn("GBS")]}]}, "*Dx* GBS"),
        ({"blocks": [{"type": "context", "elements": [mrkdwn("is:"), {"type": "image"}, mrkdwn("GBS")]}]}, "is: GBS"),
        ({"blocks": [{"type": "image", "title": {"type": "plain_text", "text": "GBS"}, "alt_text": "x"}]}, "GBS"),
        ({"blocks": [{"type": "markdown", "text": "## GBS"}]}, "## GBS"),
        ({"blocks": [TABLE]}, "Diagnosis | GBS"),
        ({"blocks": [{"type": "actions", "elements": [{"type": "button", "text": mrkdwn("GBS")}]}]}, ""),
        ({"blocks": [{"type": "of_tomorrow", "text": mrkdwn("GBS")}, {}, {"type": 7}]}, ""),
        # Rich text is read as the same in a text.
        ({"blocks": [rich({"type": "user", "user_id": "U1"}, run("GBS"))]}, "GBS"),
        ({"blocks": [rich(run("GBS", strike=True), run(" CIDP"))]}, f"{M} CIDP"),
        ({"blocks": [rich(run("GBS", code=True), run(" a_b", code=True))]}, f"GBS {M}"),
        ({"blocks": [rich(run("MIS-C"), kind="rich_text_preformatted")]}, "MIS-C"),
        ({"blocks": [rich(run("GBS"), kind="rich_text_quote")]}, "GBS"),
        ({"blocks": [rich(run("see "), {"type": "link", "url": "https://kawasaki.example"})]}, f"see {M}"),
        ({"blocks": [rich({"type": "link", "url": "https://example.org", "text": "GBS"})]}, "GBS"),
        ({"blocks": [rich(run("GBS"), {"type": "emoji", "name": "dm"}, {"type": "channel"})]}, f"GBS {M} {M}"),
        # Attachments: what integrations, previews and forwarded messages show.
        (
            {"attachments": [{"is_share": True, "text": "Is it GBS?", "fallback": "[1 May] Kawasaki: Is it GBS?"}]},
            "Is it GBS?",
        ),
        ({"text": "this?", "attachments": [{"pretext": "Lab", "title": "ITP", "text": "low"}]}, "this? Lab ITP low"),
        ({"attachments": [{"fields": [{"title": "Dx", "value": "GBS"}, {"value": "IVIG"}, {}]}]}, "Dx: GBS IVIG"),
        ({"attachments": [{"fallback": "Kawasaki"}]}, "Kawasaki"),
        ({"attachments": [{"fallback": 7, "fields": "x", "author_name": "Dr Kawasaki", "footer": "GBS"}]}, ""),
        ({"attachments": [{"blocks": [rich(run("GBS"))], "fallback": "[no preview]"}]}, "GBS"),
        ({"attachments": [{"message_blocks": [{"message": {"blocks": [rich(run("GBS"))]}}, {"message": 7}]}]}, "GBS"),
        ({"text": "no GBS here", "attachments": [{"title": "GBS"}]}, "no GBS here"),
        # Titles of files, as people write.
        ({"text": "this?", "files": [{"title": "Kawasaki_protocol v2.pdf"}]}, "this? Kawasaki protocol v2"),
        ({"text": "this?", "files": [{"name": "GBS.docx"}, {"title": None}, {}]}, "this? GBS"),
    ],
)  # fmt: skip
def test_what_is_read(message: Json, read: str) -> None:
    assert Writing.read(message).text.split() == read.split()


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ({"text": "", "files": [{"title": "scan.png"}]}, True),
        ({"text": "<@U0BOT> :wave:", "files": [{"title": "scan.png"}]}, True),
        ({"text": "see", "files": [{"title": "scan.png"}]}, False),
        ({"text": "", "files": [{"title": "x"}], "attachments": [{"text": "GBS"}]}, False),
        ({"text": "", "files": []}, False),
        ({"text": ""}, False),
    ],
)
def test_whether_files_stand_alone(message: Json, alone: bool) -> None:
    assert Writing.read(message).files_alone is alone


def test_parts_are_apart() -> None:
    """No name is read across a text and what is attached to it; a list stays below what it stands under."""
    message = {"text": "lupus", "attachments": [{"text": "erythematosus"}], "blocks": [LIST]}
    assert Writing.read(message).text == "lupus\n\nRuled out:\nKawasaki\nGBS\n\nerythematosus"


@pytest.mark.parametrize(
    "message",
    [
        {"blocks": [rich(*[run("a ")] * 3_000)] * 3},
        {"blocks": [{"type": "section", "text": mrkdwn(f"line {number}")} for number in range(3_000)]},
        {"attachments": [{"fields": [{"title": f"t{number}", "value": "v"} for number in range(3_000)]}]},
        {"files": [{"title": f"file {number}"} for number in range(3_000)]},
        {"text": "a " * 20_000, "blocks": [rich(run("b " * 20_000))]},
    ],
    ids=["runs", "blocks", "fields", "files", "texts"],
)
def test_no_message_takes_long(message: Json) -> None:
    started = time.perf_counter()
    Writing.read(message)
    assert time.perf_counter() - started < 0.5
