"""Messages that are edited, hold their words elsewhere than in `text`, or are for the asker alone: at both doors."""

import asyncio
from functools import partial
from typing import Any

import clock
import doors
import pytest
from doors import Door, Json, called, http_door, reply_to, socket_door, workspace
from reading import match, signed_cards_of
from test_interactions import DONE, SHORTCUT, THREAD, Opening, element, settle

from slackbot.cards import wording
from slackbot.cards.card import Audience
from slackbot.content.schema import Content
from slackbot.slack import blocks
from standin.slack import ApiError, HttpStatus, Slow

CONTACT = "the pharmacy, ext. 4711"


def public(door: Door) -> list[str]:
    """What everybody sees."""
    return [each.text for each in door.slack.messages if each.user is None]


def direct(text: str, content: Content) -> str:
    return blocks.message(signed_cards_of(content).reply(match(text, content), Audience.DIRECT)).text


# Edits.


@pytest.mark.parametrize(
    ("before", "after"), [("qwzx", "kawasaki"), ("dm", "dermatomyositis"), ("", "TTP"), ("qwzx", "dm")]
)
def test_a_mended_name_takes_the_place_of_the_line(door: Door, content: Content, before: str, after: str) -> None:
    mention = door.slack.mention(f"<@U0BOT> {before}", thread_ts=THREAD)
    assert door.deliver(mention) == [True]
    assert public(door) == [reply_to(before, content, THREAD).text]
    [line] = [each for each in door.slack.messages if each.user is None]
    assert door.deliver(door.slack.edited(mention, f"<@U0BOT> {after}")) == [True]
    assert public(door) == [reply_to(after, content, THREAD).text]
    assert (door.slack.messages[0].ts, door.slack.messages[0].thread_ts) == (line.ts, THREAD)


@pytest.mark.parametrize(("before", "after"), [("qwzx", "kawasaki"), ("dm", "dermatomyositis"), ("thanks", "GBS ivig")])
def test_a_direct_message_is_mended(door: Door, content: Content, before: str, after: str) -> None:
    written = door.slack.direct_message(before)
    assert door.deliver(written) == [True]
    assert door.deliver(door.slack.edited(written, after)) == [True]
    assert public(door) == [direct(after, content)]


def test_a_mention_added_by_an_edit_is_answered(door: Door, content: Content) -> None:
    written = door.slack.mention("kawasaki")  # which Slack tells nobody of
    assert door.deliver(door.slack.edited(written, "<@U0BOT> kawasaki")) == [True]
    assert public(door) == [reply_to("kawasaki", content, written["event"]["ts"]).text]
    assert door.slack.messages[0].thread_ts == written["event"]["ts"]


@pytest.mark.parametrize("first", ["kawasaki", "TTP", "list", "what rate?"])
def test_what_has_its_card_is_not_answered_again(door: Door, first: str) -> None:
    for written in (door.slack.mention(f"<@U0BOT> {first}"), door.slack.direct_message(first)):
        assert door.deliver(written) == [True]
        cards = public(door)
        assert door.deliver(door.slack.edited(written, "<@U0BOT> dermatomyositis")) == [True]
        assert public(door) == cards


def test_an_edit_that_brought_the_card_is_the_last(door: Door, content: Content) -> None:
    written = door.slack.direct_message("qwzx")
    edits = [door.slack.edited(written, text) for text in ("qwzy", "kawasaki", "dermatomyositis")]
    for payload in (written, *edits, edits[1], edits[0], written):
        assert door.deliver(payload) == [True]
    assert public(door) == [direct("kawasaki", content)]


def test_an_older_edit_that_takes_longer_undoes_no_card(http: Door, content: Content) -> None:
    written = http.slack.direct_message("qwzx")
    assert http.deliver(written) == [True]
    http.slack.fail("chat.update", Slow(0.3))

    async def edit_twice() -> None:
        older = asyncio.create_task(
            http.slack.post_http(f"{http.url}/slack/events", http.slack.edited(written, "qwzy"))
        )
        await called(http.slack, "chat.update")
        newer = await http.slack.post_http(f"{http.url}/slack/events", http.slack.edited(written, "kawasaki"))
        assert (newer.ok, (await older).ok) == (True, True)

    http.run(edit_twice())
    assert public(http) == [direct("kawasaki", content)]


def test_an_edit_comes_before_what_it_edits(door: Door, content: Content) -> None:
    written = door.slack.direct_message("qwzx")
    assert door.deliver(door.slack.edited(written, "kawasaki")) == door.deliver(written) == [True]
    assert public(door) == [direct("kawasaki", content)]


def test_an_edit_that_fails_for_now_is_left_to_redelivery(door: Door, content: Content) -> None:
    written = door.slack.direct_message("qwzx")
    assert door.deliver(written) == [True]
    door.slack.fail("chat.update", HttpStatus(503))
    assert door.deliver(door.slack.edited(written, "kawasaki")) == [False, True]
    assert public(door) == [direct("kawasaki", content)]


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_where_the_line_is_gone_the_card_is_posted(door: Door, content: Content, error: str) -> None:
    written = door.slack.direct_message("qwzx")
    assert door.deliver(written) == [True]
    door.slack.messages.clear()
    door.slack.fail("chat.update", ApiError(error))
    assert door.deliver(door.slack.edited(written, "kawasaki")) == [True]
    assert public(door) == [direct("kawasaki", content)]


@pytest.mark.parametrize(
    "change",
    [
        {"message": {"bot_id": "B9"}},
        {"message": {"subtype": "bot_message"}},
        {"message": {"edited": None}},  # a preview was added, a thread grew
        {"message": {"user": None}},
        {"previous_message": {"text": "kawasaki"}},
        {"subtype": "message_deleted"},
        {"channel": "C1"},
    ],
    ids=repr,
)
def test_what_is_no_persons_edit_is_not_answered(door: Door, change: Json) -> None:
    edit = door.slack.edited(door.slack.direct_message("qwzx"), "kawasaki")
    for name, value in change.items():
        edit["event"][name] = edit["event"][name] | value if isinstance(value, dict) else value
    assert door.deliver(edit) == [True]
    assert door.slack.messages == []


@pytest.mark.parametrize("subtype", [None, "bot_message"])
def test_a_workflows_mention_stays_unanswered(door: Door, subtype: str | None) -> None:
    mention = door.slack.mention("<@U0BOT> kawasaki")
    mention["event"] |= {"bot_id": "B9", **({"subtype": subtype} if subtype else {})}
    assert door.deliver(mention) == [True]
    assert door.slack.messages == []


# Words outside `text`.


@pytest.mark.parametrize(
    "parts",
    [
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "thinking of *kawasaki*"}}]},
        {"attachments": [{"is_share": True, "text": "thinking of kawasaki", "fallback": "[1 May] x: kawasaki"}]},
        {"attachments": [{"fallback": "thinking of kawasaki"}]},
        {"files": [{"title": "Kawasaki_disease protocol.pdf"}]},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_words_are_read_wherever_they_stand(door: Door, parts: Json) -> None:
    taken = door.slack.shortcut(SHORTCUT, "")
    taken["message"] |= {"blocks": [], **parts}
    assert door.post(taken) == DONE
    assert door.shown()[0].text.startswith("Kawasaki disease\n")
    mention = door.slack.mention("<@U0BOT>")
    mention["event"] |= {"blocks": [], **parts}
    assert door.deliver(mention) == [True]
    assert public(door)[0].startswith("Kawasaki disease\n")


def test_nothing_but_files(door: Door) -> None:
    files = {"blocks": [], "files": [{"title": "scan_0012.png"}]}
    taken, mention, written = (
        door.slack.shortcut(SHORTCUT, ""),
        door.slack.mention("<@U0BOT>"),
        door.slack.direct_message(""),
    )
    for message in (taken["message"], mention["event"], written["event"]):
        message |= files
    written["event"]["subtype"] = "file_share"
    assert door.post(taken) == DONE
    assert door.shown()[0].text.startswith("I can't read files.")
    assert element(door.slack.messages[0], wording.CHOOSE_ENTRY)
    assert door.deliver(mention) == door.deliver(written) == [True]
    assert [text.startswith("I can't read files.") for text in public(door)] == [True, True]
    in_thread, *_ = [each for each in door.slack.messages if each.thread_ts]
    assert len(in_thread.blocks) == 3, "what can be chosen is for the asker"


@pytest.mark.parametrize("value", ["kawasaki", 7, ["kawasaki"], [None], {"a": 1}])
@pytest.mark.parametrize("name", ["blocks", "attachments", "files"])
def test_what_is_no_list_of_objects_is_refused(http: Door, name: str, value: Any) -> None:
    mention, taken = http.slack.mention("<@U0BOT> kawasaki"), http.slack.shortcut(SHORTCUT, "kawasaki")
    mention["event"][name] = taken["message"][name] = value
    assert not http.post(mention).taken
    assert not http.post(taken).taken


def test_me_messages_are_questions_in_direct_messages(door: Door, content: Content) -> None:
    written = door.slack.direct_message("wonders about kawasaki")
    written["event"]["subtype"] = "me_message"
    assert door.deliver(written) == [True]
    assert public(door) == [direct("wonders about kawasaki", content)]


# For the asker alone.


@pytest.mark.parametrize(
    "text", ["me kawasaki", "<@U0BOT> me: kawasaki", "<@U0BOT> kawasaki (just me)", "<@U0BOT> me dm"]
)
@pytest.mark.parametrize("thread_ts", [None, THREAD])
def test_a_private_mention_is_answered_privately(door: Door, text: str, thread_ts: str | None) -> None:
    mention = door.slack.mention(text, thread_ts=thread_ts)
    assert door.deliver(mention) == [True]
    settle(door)
    [message] = door.slack.messages
    # Slack shows an ephemeral message in a thread only where there is one.
    assert (message.via, message.user, message.channel, message.thread_ts) == (
        "chat.postEphemeral",
        "U1",
        "C1",
        thread_ts,
    )
    assert door.deliver(mention) == [True]
    assert len(door.slack.messages) == 1


def test_a_private_card_can_be_shared_into_the_mentions_thread(door: Door) -> None:
    mention = door.slack.mention("<@U0BOT> me kawasaki")
    assert door.deliver(mention) == [True]
    button = element(door.slack.messages[0], "Share in thread")
    pressed = door.slack.action(button["action_id"], button["value"], message=door.slack.messages[0])
    assert door.post(pressed) == DONE
    door.run(door.slack.until(lambda: public(door) != []))
    assert [each.thread_ts for each in door.slack.messages if each.user is None] == [mention["event"]["ts"]]


def test_where_nothing_private_can_be_shown_it_comes_directly(door: Door) -> None:
    assert door.deliver(door.slack.mention("<@U0BOT> me kawasaki", user="U7")) == [True]  # no member of C1
    [message] = door.slack.messages
    assert (message.channel, message.user) == ("D7", None)
    assert message.text.startswith(
        "You asked me in <#C1>. The answer comes here, since Slack does not let me post there.\nKawasaki"
    )


def test_a_private_mention_that_fails_for_now_is_left_to_redelivery(door: Door) -> None:
    door.slack.fail("chat.postEphemeral", HttpStatus(503))
    assert door.deliver(door.slack.mention("<@U0BOT> me kawasaki")) == [False, True]
    assert [each.user for each in door.slack.messages] == ["U1"]


def test_a_private_question_may_be_mended(door: Door) -> None:
    mention = door.slack.mention("<@U0BOT> me qwzx")
    assert door.deliver(mention) == [True]
    assert door.deliver(door.slack.edited(mention, "<@U0BOT> me kawasaki")) == [True]
    assert [each.user for each in door.slack.messages] == ["U1", "U1"]
    assert door.slack.messages[-1].text.startswith("Kawasaki disease\n")


# Channels that refuse, and channels that others read.


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("is_archived", "the channel is archived"),
        ("restricted_action_read_only_channel", "posting there is restricted"),
        ("not_in_channel", "I am not in the channel"),
        ("access_denied", "Slack does not let me post there"),
    ],
)
def test_a_card_that_comes_directly_says_why(http: Door, content: Content, error: str, why: str) -> None:
    http.slack.fail("chat.postMessage", ApiError(error))
    assert http.deliver(http.slack.mention("<@U0BOT> kawasaki", user="U7")) == [True]
    [message] = http.slack.messages
    line = f"You asked me in <#C1>. The answer comes here, since {why}."
    assert message.text == f"{line}\n{reply_to('kawasaki', content).text}"
    assert message.blocks[0]["elements"] == [{"type": "mrkdwn", "text": line}]


@pytest.mark.parametrize("opening", [http_door, socket_door], ids=["http", "socketed"])
def test_what_another_organisation_reads_names_no_local_contact(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "environment", partial(doors.environment, IVIG_CONTACT=CONTACT))

    async def work() -> None:
        async with workspace() as slack, opening(slack) as url:
            at_home, outer, inner = (slack.mention("<@U0BOT> kawasaki") for _ in range(3))
            private = slack.mention("<@U0BOT> me kawasaki")
            for abroad in (outer, private):
                abroad["is_ext_shared_channel"] = True
            inner["event"]["is_ext_shared_channel"] = True
            for payload in (at_home, outer, inner, private):
                await (slack.post_http(f"{url}/slack/events", payload) if url else slack.post_socket(payload))
            assert [CONTACT in each.text for each in slack.messages] == [True, False, False, True]

    clock.run(work())
