"""What holds for both doors: whole payloads in, answers and posted messages out."""

import pytest
from doors import Answer, Door, Json, answer_to, reply_to
from reading import match, signed_cards_of

from slackbot.cards import wording
from slackbot.cards.card import Audience, Cards
from slackbot.content.schema import Content
from slackbot.slack import blocks, listeners
from standin.slack import ApiError, CutConnection, Fault, HttpStatus, LostReply, RateLimited

QUESTION = "<@U0BOT> kawasaki"


# Commands.


@pytest.mark.parametrize("text", ["kawasaki", "MRN 1234567 kawasaki", "qwzx", "", "help", "list", "safety", "about"])
def test_a_command_gets_its_card(door: Door, content: Content, text: str) -> None:
    assert door.post(door.slack.command(text)) == Answer(True, answer_to(text, content))
    assert door.slack.refusals == []


def test_only_a_plain_known_name_is_answered_in_public(door: Door) -> None:
    texts = ("kawasaki", "MRN 1234567 kawasaki", "qwzx", "help", "")
    answers = {text: door.post(door.slack.command(text)).payload or {} for text in texts}
    assert [text for text in texts if answers[text]["response_type"] == "in_channel"] == ["kawasaki"]


def test_the_word_payload_in_a_command_is_no_obstacle(door: Door, content: Content) -> None:
    text = "payload kawasaki"  # Bolt's own form parser finds nothing in a body that holds this word
    assert door.post(door.slack.command(text)).payload == answer_to(text, content)


def test_a_command_that_is_unknown_or_fails_gets_an_apology(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    sorry = blocks.line(wording.APOLOGY)
    apology = Answer(True, {"response_type": "ephemeral", "text": sorry.text, "blocks": sorry.blocks})
    assert door.post(door.slack.command("x", command="/other")) == apology
    monkeypatch.setattr(listeners, "answer", lambda *_, **__: 1 / 0)
    assert door.post(door.slack.command("kawasaki")) == apology


def test_a_button_or_shortcut_that_is_unknown_gets_an_apology_privately(door: Door) -> None:
    slack = door.slack
    for payload in (slack.action("gone", "x"), slack.shortcut("gone", "some message")):
        slack.forget()
        assert door.post(payload) == Answer(True, None)
        assert [(each.via, each.user, each.text) for each in slack.messages] == [
            ("response_url", "U1", wording.APOLOGY)
        ]


# Mentions.


def test_a_mention_is_answered_in_its_thread(door: Door, content: Content) -> None:
    inside = door.slack.mention(QUESTION, thread_ts="1700000000.000100")
    outside = door.slack.mention("<@U0BOT> qwzx")
    assert door.deliver(inside) == door.deliver(outside) == [True]
    first, second = door.slack.messages[:2]
    assert (first.channel, first.thread_ts) == ("C1", "1700000000.000100")
    assert (second.channel, second.thread_ts) == ("C1", outside["event"]["ts"])
    for posted, text in ((first, QUESTION), (second, "<@U0BOT> qwzx")):
        reply = reply_to(text, content, posted.thread_ts)
        assert (posted.text, posted.blocks) == (reply.text, reply.blocks)


def test_a_mention_delivered_four_times_at_once_is_answered_once(door: Door) -> None:
    mention = door.slack.mention(QUESTION)
    answers = door.post_at_once(mention, 4)
    assert any(answer.taken for answer in answers)
    assert len(door.slack.messages) == 1
    assert door.post(mention) == Answer(True, None)
    assert len(door.slack.messages) == 1


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<https://example.org/x|Kawasaki disease>", "Kawasaki disease"),
        ("`kawasaki`", "kawasaki"),
        ("~dermatomyositis~", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_slacks_markup_is_taken_off_before_a_text_is_read(door: Door, content: Content, sent: str, read: str) -> None:
    slack = door.slack
    assert door.post(slack.command(sent)).payload == answer_to(read, content)
    for written in (slack.mention(f"<@U0BOT> {sent}"), slack.direct_message(sent)):
        assert door.deliver(written) == [True]
    direct = blocks.message(signed_cards_of(content).reply(match(read, content), Audience.DIRECT))
    texts = [each.text for each in slack.messages if each.via == "chat.postMessage"]
    assert texts == [reply_to(read, content).text, direct.text]
    door.post(slack.shortcut("look_up_message", sent))
    cards = signed_cards_of(content)
    expected = blocks.message(cards.nothing_in_message() if "~" in sent else cards.card(match(read, content)))
    door.run(slack.until(lambda: slack.messages[-1].text == expected.text))


@pytest.mark.parametrize(
    "fault",
    [
        HttpStatus(503),
        HttpStatus(500),
        HttpStatus(404),  # no error of Slack's own, but of something on the way
        ApiError("internal_error"),
        ApiError("fatal_error"),
        ApiError("service_unavailable"),
        ApiError("request_timeout"),
        ApiError("ratelimited"),
        ApiError("some_error_of_tomorrow"),
        ApiError("token_revoked"),
        CutConnection(),
        RateLimited(30),
    ],
    ids=repr,
)
def test_a_passing_failure_leaves_the_mention_to_redelivery(http: Door, fault: Fault) -> None:
    http.slack.fail("chat.postMessage", fault)
    assert http.deliver(http.slack.mention(QUESTION)) == [False, True]
    assert len(http.slack.messages) == 1


def test_a_passing_failure_leaves_the_envelope_unacknowledged(socketed: Door) -> None:
    socketed.slack.fail("chat.postMessage", HttpStatus(503))
    assert socketed.deliver(socketed.slack.mention(QUESTION)) == [False, True]
    assert len(socketed.slack.messages) == 1


def test_nothing_is_posted_twice_by_the_client_itself(door: Door) -> None:
    door.slack.fail("chat.postMessage", LostReply())
    assert not door.post(door.slack.mention(QUESTION)).taken
    assert len(door.slack.messages) == 1


@pytest.mark.parametrize(
    "error", ["is_archived", "restricted_action", "restricted_action_thread_locked", "not_in_channel"]
)
def test_what_can_not_succeed_is_acknowledged_and_the_asker_told(door: Door, content: Content, error: str) -> None:
    door.slack.fail("chat.postMessage", ApiError(error))
    assert door.deliver(door.slack.mention(QUESTION, user="U7")) == [True]
    [told] = door.slack.messages
    assert (told.channel, told.thread_ts) == ("D7", None)
    assert told.text.endswith(f".\n{reply_to(QUESTION, content).text}")


def test_a_direct_message_that_fails_is_left_to_redelivery_or_given_up(http: Door) -> None:
    http.slack.fail("chat.postMessage", ApiError("is_archived"))
    http.slack.fail("chat.postMessage", HttpStatus(503))
    assert http.deliver(http.slack.mention(QUESTION)) == [False, True]
    http.slack.fail("chat.postMessage", ApiError("is_archived"))
    http.slack.fail("chat.postMessage", ApiError("messages_tab_disabled"))
    http.slack.forget()
    assert http.deliver(http.slack.mention(QUESTION)) == [True]
    assert http.slack.messages == []


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long"])
def test_blocks_that_slack_will_not_have_are_left_out(door: Door, content: Content, error: str) -> None:
    door.slack.fail("chat.postMessage", ApiError(error))
    assert door.deliver(door.slack.mention(QUESTION, thread_ts="1.2")) == [True]
    [message] = door.slack.messages
    assert (message.text, message.blocks, message.thread_ts) == (reply_to(QUESTION, content).text, [], "1.2")


@pytest.mark.parametrize(
    "sign",
    [
        {"bot_id": "B9"},
        {"bot_id": "B0BOT"},
        {"user": "U0BOT"},
        {"subtype": "bot_message"},
    ],
    ids=repr,
)
def test_bots_and_workflows_are_not_answered(door: Door, sign: Json) -> None:
    mention = door.slack.mention(QUESTION)
    mention["event"] |= sign
    assert door.deliver(mention) == [True]
    assert door.slack.messages == []


@pytest.mark.parametrize("sign", [{"bot_id": "B0BOT"}, {"user": "U0BOT"}], ids=repr)
@pytest.mark.parametrize("kind", ["app_mention", "message"])
def test_what_the_bot_has_written_itself_is_passed_over_without_a_line(
    door: Door, kind: str, sign: Json, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="slackbot")
    mention = door.slack.mention(QUESTION)
    mention["event"] |= {"type": kind, "channel": "D1"} | sign
    edit = {**mention, "event": {"type": "message", "subtype": "message_changed", "channel": "D1", "ts": "2.1"}}
    edit["event"]["message"] = mention["event"]
    assert door.deliver(mention) == door.deliver(edit) == [True]
    assert door.slack.messages == []
    assert "outcome=ignored" not in "".join(capsys.readouterr())


def test_who_joins_is_nobody_who_wrote(door: Door) -> None:
    assert door.deliver(door.slack.event({"type": "team_join", "user": {"id": "U0BOT"}, "bot_id": "B0BOT"})) == [True]
    assert door.slack.messages == []


def test_events_nobody_listens_to_are_acknowledged(door: Door) -> None:
    assert door.deliver(door.slack.event({"type": "team_join", "user": {"id": "U1"}})) == [True]
    assert door.slack.messages == []


def test_a_mention_that_fails_in_our_own_code_gets_an_apology(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cards, "thread_reply", lambda *_, **__: 1 / 0)
    assert door.deliver(door.slack.mention(QUESTION)) == [True]
    assert [message.text for message in door.slack.messages] == [wording.APOLOGY]
