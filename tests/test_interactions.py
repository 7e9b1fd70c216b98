"""What people press, choose, open and write to the bot alone: whole payloads through both doors."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import clock
import doors
import pytest
from doors import Answer, Door, Json, http_door, reply_to, socket_door, workspace
from reading import match, matcher_of, signed_cards_of
from test_choice import elements, label

from slackbot.cards import wording
from slackbot.cards.card import Audience, Card
from slackbot.cards.choice import Choice
from slackbot.content.schema import Content
from slackbot.slack import api, blocks, delivery
from standin.block_kit import check_message, check_view
from standin.slack import ApiError, CutConnection, Fault, HttpStatus, LostReply, RateLimited, Slack
from standin.workspace import Posted

SHORTCUT = "look_up_message"
THREAD = "1700000000.000100"
CANARY = "Zaphod-Canary-4711"
DONE = Answer(True, None)
Opening = Callable[[Slack], AbstractAsyncContextManager[str]]


def private_answer(door: Door, text: str, user: str = "U1", channel: str = "C1") -> Posted:
    """The private message that `/ivig TEXT` is answered with."""
    assert door.post(door.slack.command(text, user=user, channel=channel)).taken
    answer = door.slack.answers[-1]
    assert answer.user == user
    door.slack.messages.append(answer)
    return answer


def element(message: Posted, name: str) -> Json:
    """The button or menu with this label."""
    return next(each for each in elements(message.blocks) if label(each) == name)


def press(door: Door, message: Posted, name: str, user: str = "U1") -> Json:
    """The payload for somebody pressing the button with this label."""
    button = element(message, name)
    return door.slack.action(button["action_id"], button["value"], user=user, message=message, label=name)


def choose(door: Door, message: Posted, name: str, user: str = "U1") -> Json:
    """The payload for somebody choosing an entry from the menu."""
    menu = next(each for each in elements(message.blocks) if each["type"] == "static_select")
    value = next(each["value"] for each in menu["options"] if each["text"]["text"] == name)
    return door.slack.action(menu["action_id"], value, user=user, message=message, kind=menu["type"], label=name)


def settle(door: Door) -> None:
    """Wait until what was left to the background asks Slack nothing more: the bot is on this same event loop."""
    calls = -1
    while calls != (calls := len(door.slack.calls)):
        door.run(asyncio.sleep(0.05))


def seen(messages: list[Posted]) -> list[tuple[str, str | None, str | None, str]]:
    return [(each.channel, each.thread_ts, each.user, each.text) for each in messages]


def card(text: str, content: Content) -> str:
    return blocks.message(signed_cards_of(content).card(match(text, content))).text


# Sharing.


def test_a_private_answer_is_shared_once_and_goes_away(door: Door, content: Content) -> None:
    answer = private_answer(door, "me kawasaki", user="U7", channel="C404")  # where the bot is no member
    first = press(door, answer, "Share in channel", user="U7")
    second = press(door, answer, "Share in channel", user="U7")
    assert door.post(first) == door.post(second) == DONE
    door.run(door.slack.until(lambda: answer not in door.slack.messages))
    settle(door)
    assert seen(door.slack.messages) == [("C404", None, None, f"<@U7> shared this:\n{card('kawasaki', content)}")]
    assert door.post(press(door, answer, "Share in channel", user="U7")) == DONE
    settle(door)
    assert len(door.slack.messages) == 1


def test_pressing_four_times_at_once_shares_once(door: Door) -> None:
    answer = private_answer(door, "me kawasaki")
    assert door.post_at_once(press(door, answer, "Share in channel"), 4) == [DONE] * 4
    door.run(door.slack.until(lambda: answer not in door.slack.messages))
    settle(door)
    assert len(door.slack.messages) == 1


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("AIDP", None),
        (
            "MRN 1234567 disseminated lupus erythematosus",
            "Read disseminated lupus erythematosus as Lupus erythematosus.",
        ),  # only the asker knows what was typed
        ("TTP", None),
        ("what rate?", None),
        ("list", None),
        ("about", None),
        ("anaphylaxis, Guillain-Barré", None),
    ],
)
def test_what_is_shared_is_the_same_card(http: Door, content: Content, text: str, dropped: str | None) -> None:
    answer = private_answer(http, f"me {text}")
    assert http.post(press(http, answer, "Share in channel")) == DONE
    http.run(http.slack.until(lambda: answer not in http.slack.messages))
    [message] = http.slack.messages
    lines = card(text, content).splitlines()
    assert dropped is None or dropped in lines
    assert message.text.splitlines() == ["<@U1> shared this:", *(line for line in lines if line != dropped)]


@pytest.mark.parametrize("text", ["help", "qwzx", "dm", "thanks"])
def test_what_answers_nothing_can_not_be_shared(http: Door, text: str) -> None:
    answer = private_answer(http, f"me {text}")
    assert not [each for each in elements(answer.blocks) if label(each).startswith("Share")]


@pytest.mark.parametrize("member", [True, False])
def test_an_expired_response_url_is_answered_privately(door: Door, member: bool) -> None:
    door.slack.add_channel("C2", members={"U1"}, bot_is_member=member)
    answer = private_answer(door, "me kawasaki", channel="C2")
    pressed = press(door, answer, "Share in channel")
    pressed["response_url"] = (
        f"http://{door.slack.workspace.address}/hooks/C2/U1/{time.time_ns() // 1000 - 31 * 60 * 10**6}"
    )
    assert door.post(pressed) == DONE
    told = door.shown(2)[-1]
    assert (told.text, told.channel, told.user) == (wording.NOT_SHARED, *(("C2", "U1") if member else ("D1", None)))
    door.slack.refusals.clear()
    assert door.post(press(door, answer, "Share in channel")) == DONE, "what failed can be done again"
    door.run(door.slack.until(lambda: answer not in door.slack.messages))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (HttpStatus(404), wording.NOT_SHARED),
        (RateLimited(1), wording.NOT_SHARED),
        (HttpStatus(500), wording.MAYBE_SHARED),
        (CutConnection(), wording.MAYBE_SHARED),
    ],
    ids=repr,
)
def test_a_share_that_fails_says_so(http: Door, fault: Fault, said: str) -> None:
    answer = private_answer(http, "me kawasaki")
    http.slack.fail("response_url", fault)
    assert http.post(press(http, answer, "Share in channel")) == DONE
    assert http.shown(2)[-1].text == said
    assert http.slack.messages[-1].user == "U1"


def test_a_share_whose_reply_got_lost_is_not_repeated(http: Door) -> None:
    answer = private_answer(http, "me kawasaki")
    http.slack.fail("response_url", LostReply())
    assert http.post(press(http, answer, "Share in channel")) == DONE
    assert http.shown(3)[-1].text == wording.MAYBE_SHARED
    assert http.post(press(http, answer, "Share in channel")) == DONE
    settle(http)
    assert len(http.slack.messages) == 3


def test_a_private_copy_that_stays_is_no_failure(http: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    respond = api.respond

    async def unable_to_delete(url: str, body: Json, client: object) -> None:
        if "delete_original" in body:
            raise api.PassingError("http_500")
        await respond(url, body, client)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "respond", unable_to_delete)
    answer = private_answer(http, "me kawasaki")
    assert http.post(press(http, answer, "Share in channel")) == DONE
    settle(http)
    assert [each.user for each in http.slack.messages] == ["U1", None]


@pytest.mark.parametrize("opening", [http_door, socket_door], ids=["http", "socketed"])
def test_private_answers_can_be_the_rule_of_a_workspace(
    opening: Opening, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "environment", partial(doors.environment, IVIG_REPLY="private"))

    async def work() -> None:
        async with workspace() as slack, opening(slack) as url:
            for text in ("kawasaki", "here kawasaki", "me kawasaki", "here MRN 1234567 Kawasaki disease", "here qwzx"):
                payload = slack.command(text)
                await (slack.post_http(f"{url}/slack/events", payload) if url else slack.post_socket(payload))
            assert [each.response_type for each in slack.answers] == ["ephemeral", "in_channel", *["ephemeral"] * 3]
            assert {each.text for each in slack.answers[:4]} == {card("kawasaki", content)}
            assert slack.refusals == []

    clock.run(work())


# Buttons and menus.


def in_detail(button: Json, content: Content) -> Card:
    """What this button brings in a modal."""
    choice = Choice.decode(button["value"])
    return signed_cards_of(content).chosen_in_detail(choice, choice.match(matcher_of(content)))


@pytest.mark.parametrize("name", ["More", "Boxed warning and sources", "All entries"])
@pytest.mark.parametrize("thread_ts", [None, THREAD])
def test_what_says_more_opens_a_modal_for_whoever_presses(
    door: Door, content: Content, name: str, thread_ts: str | None
) -> None:
    assert door.deliver(door.slack.mention("<@U0BOT> kawasaki", thread_ts=thread_ts)) == [True]
    [public] = door.slack.messages
    door.slack.views.clear()
    assert door.post(press(door, public, name, user="U7")) == DONE
    [view] = door.slack.views.values()
    assert view["blocks"] == blocks.modal(in_detail(element(public, name), content))["blocks"]
    assert door.slack.messages == [public]


@pytest.mark.parametrize("name", ["More", "Boxed warning and sources", "All entries"])
def test_where_slack_opens_no_modal_the_presser_gets_a_message(door: Door, content: Content, name: str) -> None:
    answer = private_answer(door, "me kawasaki")
    door.slack.fail("views.open", ApiError("expired_trigger_id"))
    assert door.post(press(door, answer, name, user="U7")) == DONE
    message = door.shown(2)[-1]
    choice = Choice.decode(element(answer, name)["value"])
    expected = blocks.message(signed_cards_of(content).chosen(choice, choice.match(matcher_of(content))))
    assert (message.user, message.text, message.blocks) == ("U7", expected.text, expected.blocks)


def test_an_entry_is_opened_from_the_list_in_a_modal(door: Door, content: Content) -> None:
    door.slack.views.clear()
    assert door.post(press(door, private_answer(door, "me kawasaki"), "All entries")) == DONE
    [listed] = door.slack.views.values()
    menu = next(elements(listed["blocks"]))
    option = next(each for each in menu["options"] if each["text"]["text"] == "Dermatomyositis")
    pressed = door.slack.action(menu["action_id"], option["value"], view=listed, kind=menu["type"])
    assert door.post(pressed) == DONE
    assert door.slack.calls[-1].method == "views.push"
    opened = list(door.slack.views.values())[-1]
    expected = signed_cards_of(content).full(match("dermatomyositis", content))
    assert opened["blocks"] == blocks.modal(expected)["blocks"]


def test_pressing_a_suggestion_gives_what_typing_the_name_gives(door: Door, content: Content) -> None:
    question = private_answer(door, "dm")
    assert door.post(press(door, question, "Dermatomyositis")) == DONE
    message = door.shown(2)[-1]
    assert (message.user, message.text) == ("U1", card("dermatomyositis", content))
    assert element(message, "Share in channel")


@pytest.mark.parametrize("text", ["", "qwzx"])
def test_choosing_from_the_menu(door: Door, content: Content, text: str) -> None:
    miss = private_answer(door, text)
    assert door.post(choose(door, miss, "Kawasaki disease")) == DONE
    message = door.shown(2)[-1]
    assert (message.user, message.text) == ("U1", card("kawasaki", content))


@pytest.mark.parametrize("name", ["All entries", "Share in channel"])
@pytest.mark.parametrize(
    "value", ["entry=gone-since", "", None, "entry=kawasaki-disease&typed=x", f"outcome={CANARY}"], ids=repr
)
def test_what_has_left_the_data_file_gets_a_kind_answer(
    door: Door, content: Content, name: str, value: str | None
) -> None:
    answer = private_answer(door, "me kawasaki")
    pressed = door.slack.action(element(answer, name)["action_id"], value, message=answer)
    assert door.post(pressed) == DONE
    message = door.shown(2)[-1]
    assert message.user == "U1"
    assert message.text.startswith(wording.GONE)
    assert message.blocks == blocks.message(signed_cards_of(content).gone()).blocks


@pytest.mark.parametrize("member", [True, False])
@pytest.mark.parametrize("fault", [HttpStatus(404), HttpStatus(500), CutConnection()], ids=repr)
def test_where_the_response_url_fails_the_answer_comes_another_way(
    http: Door, content: Content, fault: Fault, member: bool
) -> None:
    http.slack.add_channel("C2", members={"U1"}, bot_is_member=member)
    answer = private_answer(http, "dm", channel="C2")
    http.slack.fail("response_url", fault)
    assert http.post(press(http, answer, "Dermatomyositis")) == DONE
    message = http.shown(2)[-1]
    assert (message.text, message.channel) == (card("dermatomyositis", content), "C2" if member else "D1")


def test_when_nothing_works_it_is_left_at_that(http: Door) -> None:
    answer = private_answer(http, "dm")
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
        http.slack.fail(method, ApiError("internal_error") if method != "response_url" else HttpStatus(500))
    assert http.post(press(http, answer, "Dermatomyositis")) == DONE
    settle(http)
    assert [each.method for each in http.slack.calls][-3:] == ["response_url", "chat.postEphemeral", "chat.postMessage"]
    assert http.slack.messages == [answer]


def test_a_button_is_acknowledged_before_slack_is_called(http: Door) -> None:
    answer = private_answer(http, "dm")
    http.slack.fail("response_url", CutConnection())
    http.slack.fail("chat.postEphemeral", CutConnection())
    started = time.perf_counter()
    assert http.post(press(http, answer, "Dermatomyositis")) == DONE
    assert time.perf_counter() - started < 0.1
    http.shown(2)


# In threads.


def test_a_misss_menu_is_for_the_asker_and_its_card_can_be_shared_into_the_thread(door: Door, content: Content) -> None:
    assert door.deliver(door.slack.mention("<@U0BOT> qwzx", thread_ts=THREAD)) == [True]
    line, menu = door.shown(2)
    assert seen([line]) == [("C1", THREAD, None, reply_to("qwzx", content).text)]
    assert len(line.blocks) == 3
    assert (menu.via, menu.channel, menu.thread_ts, menu.user) == ("chat.postEphemeral", "C1", THREAD, "U1")
    assert door.post(choose(door, menu, "Kawasaki disease")) == DONE
    private = door.shown(3)[-1]
    assert seen([private]) == [("C1", THREAD, "U1", card("kawasaki", content))]
    assert door.post(press(door, private, "Share in thread")) == DONE
    door.run(door.slack.until(lambda: private not in door.slack.messages))
    assert seen(door.slack.messages[-1:]) == [("C1", THREAD, None, f"<@U1> shared this:\n{card('kawasaki', content)}")]


@pytest.mark.parametrize(
    ("text", "button"), [("dm", "Dermatomyositis"), ("", "Choose an entry"), ("thanks", None), ("kawasaki", None)]
)
def test_what_comes_with_a_reply(door: Door, text: str, button: str | None) -> None:
    mention = door.slack.mention(f"<@U0BOT> {text}")
    assert door.deliver(mention) == [True]
    settle(door)
    assert [each.user for each in door.slack.messages] == ([None, "U1"] if button else [None])
    if button:
        assert element(door.slack.messages[-1], button)
        assert door.slack.messages[-1].thread_ts == mention["event"]["ts"]


@pytest.mark.parametrize("fault", [ApiError("user_not_in_channel"), HttpStatus(500), CutConnection()], ids=repr)
def test_a_menu_that_can_not_be_shown_never_fails_the_mention(door: Door, fault: Fault) -> None:
    door.slack.fail("chat.postEphemeral", fault)
    assert door.deliver(door.slack.mention("<@U0BOT> qwzx")) == [True]
    settle(door)
    assert len(door.slack.messages) == 1


def test_a_mention_that_could_not_be_answered_in_its_thread_gets_no_menu_there(http: Door) -> None:
    http.slack.fail("chat.postMessage", ApiError("is_archived"))
    assert http.deliver(http.slack.mention("<@U0BOT> qwzx")) == [True]
    settle(http)
    assert [each.channel for each in http.slack.messages] == ["D1"]


# The shortcut.


@pytest.mark.parametrize("inside", [True, False])
def test_the_shortcut_answers_privately_and_shares_into_the_messages_thread(
    door: Door, content: Content, inside: bool
) -> None:
    taken = door.slack.shortcut(SHORTCUT, "thinking of kawasaki here", user="U7", channel="C404")
    if inside:
        taken["message"]["thread_ts"] = THREAD
    assert door.post(taken) == DONE
    [private] = door.shown()
    # Slack shows an ephemeral message in a thread only where there is one.
    assert seen([private]) == [("C404", THREAD if inside else None, "U7", card("kawasaki", content))]
    assert door.post(press(door, private, "Share in thread", user="U7")) == DONE
    door.run(door.slack.until(lambda: private not in door.slack.messages))
    [shared] = door.slack.messages
    assert (shared.channel, shared.user) == ("C404", None)
    assert shared.thread_ts == (THREAD if inside else taken["message"]["ts"])
    assert shared.text.startswith("<@U7> shared this:\nKawasaki disease")


def test_the_first_message_of_a_thread_is_answered_in_the_channel(http: Door) -> None:
    taken = http.slack.shortcut(SHORTCUT, "kawasaki")
    taken["message"]["thread_ts"] = taken["message"]["ts"]
    assert http.post(taken) == DONE
    [private] = http.shown()
    assert private.thread_ts is None


@pytest.mark.parametrize("text", ["qwzx", "", "thanks", "list", "help", None])
def test_a_message_with_nothing_in_it_gets_the_menu(door: Door, content: Content, text: str | None) -> None:
    taken = door.slack.shortcut(SHORTCUT, text or "")
    taken["message"]["text"] = text
    assert door.post(taken) == DONE
    [private] = door.shown()
    assert private.text.startswith("No entry found in this message.")
    assert door.post(choose(door, private, "Dermatomyositis")) == DONE
    assert door.shown(2)[-1].text == card("dermatomyositis", content)


def test_the_shortcut_takes_the_bots_own_messages_and_asks_when_in_doubt(http: Door) -> None:
    assert http.deliver(http.slack.mention("<@U0BOT> kawasaki")) == [True]
    assert http.post(http.slack.shortcut(SHORTCUT, http.slack.messages[0])) == DONE
    assert http.shown(2)[-1].user == "U1"
    assert http.post(http.slack.shortcut(SHORTCUT, "dermato miositis")) == DONE
    assert element(http.shown(3)[-1], "Dermatomyositis")


# Home.


def test_the_home_opens_every_entry_in_a_modal(door: Door, content: Content) -> None:
    assert door.deliver(door.slack.home_opened(user="U7")) == [True]
    home = door.slack.homes["U7"]
    assert home["blocks"] == blocks.home(signed_cards_of(content).home())["blocks"]
    for button in (each for each in elements(home["blocks"]) if each["type"] == "button"):
        door.slack.views.clear()
        pressed = door.slack.action(button["action_id"], button["value"], user="U7", view=home)
        assert door.post(pressed) == DONE
        [view] = door.slack.views.values()
        modal = blocks.modal(in_detail(button, content))
        assert view["blocks"] == modal["blocks"]
        assert check_view(modal) == []
    assert door.slack.messages == []


def test_the_home_is_made_anew_each_time_and_not_for_the_messages_tab(door: Door) -> None:
    door.slack.homes.clear()
    opened = door.slack.home_opened(user="U7")
    assert door.deliver(opened) == door.deliver(door.slack.home_opened(user="U7")) == [True]
    assert [each.method for each in door.slack.calls] == ["views.publish"] * 2
    opened["event"]["tab"] = "messages"
    assert door.deliver(opened) == [True]
    assert len(door.slack.calls) == 2


def test_a_home_that_fails_for_now_is_left_to_redelivery(http: Door) -> None:
    http.slack.homes.clear()
    http.slack.fail("views.publish", HttpStatus(503))
    assert http.deliver(http.slack.home_opened(user="U7")) == [False, True]
    assert "U7" in http.slack.homes
    http.slack.fail("views.publish", ApiError("not_enabled"))
    assert http.deliver(http.slack.home_opened(user="U7")) == [True]


def test_an_entry_gone_from_the_home_and_a_modal_that_will_not_open(http: Door, content: Content) -> None:
    assert http.deliver(http.slack.home_opened()) == [True]
    home = http.slack.homes["U1"]
    http.slack.views.clear()
    assert http.post(http.slack.action("ask.entry.x", "entry=gone-since", view=home)) == DONE
    [view] = http.slack.views.values()
    assert wording.GONE in str(view)
    http.slack.fail("views.open", ApiError("expired_trigger_id"))
    assert http.post(http.slack.action("ask.list", "outcome=list", view=home)) == DONE
    assert seen(http.shown()) == [("D1", None, None, card("list", content))]


# Direct messages.


@pytest.mark.parametrize("thread_ts", [None, THREAD])
@pytest.mark.parametrize("text", ["is it used in kawasaki?", "qwzx", "dm", "TTP", "help", "thanks"])
def test_a_direct_message_is_answered_where_it_was_written(
    door: Door, content: Content, text: str, thread_ts: str | None
) -> None:
    assert door.deliver(door.slack.direct_message(text, user="U7", thread_ts=thread_ts)) == [True]
    expected = blocks.message(signed_cards_of(content).reply(match(text, content), Audience.DIRECT))
    [message] = door.slack.messages
    assert seen([message]) == [("D7", thread_ts, None, expected.text)]
    assert message.blocks == expected.blocks


def test_thanks_are_answered_in_one_line(http: Door) -> None:
    assert http.deliver(http.slack.direct_message("thanks!")) == [True]
    assert http.slack.messages[0].text == wording.THANKS
    assert len(http.slack.messages[0].blocks) == 1


def test_a_menu_in_a_direct_message(door: Door, content: Content) -> None:
    assert door.deliver(door.slack.direct_message("qwzx")) == [True]
    assert door.post(choose(door, door.slack.messages[0], "Kawasaki disease")) == DONE
    assert seen(door.shown(2)[-1:]) == [("D1", None, "U1", card("kawasaki", content))]


def test_a_direct_message_that_fails_for_now_is_left_to_redelivery(door: Door) -> None:
    door.slack.fail("chat.postMessage", HttpStatus(503))
    assert door.deliver(door.slack.direct_message("kawasaki")) == [False, True]
    assert len(door.slack.messages) == 1


@pytest.mark.parametrize(
    "sign",
    [
        {"bot_id": "B9"},
        {"user": "U0BOT", "bot_id": "B0BOT"},
        {"subtype": "message_changed", "message": {"text": "kawasaki"}, "text": None},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"subtype": ["file_share"]},
        {"subtype": "file_share", "bot_id": "B9"},
        {"channel": "C1", "channel_type": "channel"},
        {"channel": "G1", "channel_type": "mpim"},
    ],
    ids=repr,
)
def test_what_is_no_question_to_the_bot_is_not_answered(door: Door, sign: Json) -> None:
    written = door.slack.direct_message("kawasaki")
    written["event"] |= sign
    assert door.deliver(written) == [True]
    assert door.slack.messages == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_message_with_a_file_is_a_question_too(http: Door, subtype: str) -> None:
    written = http.slack.direct_message("kawasaki")
    written["event"]["subtype"] = subtype
    assert http.deliver(written) == [True]
    assert len(http.slack.messages) == 1


@pytest.mark.parametrize("mention_first", [True, False])
def test_a_message_that_comes_twice_over_is_answered_once(door: Door, mention_first: bool) -> None:
    slack = door.slack
    written = slack.direct_message("<@U0BOT> kawasaki")
    mention = slack.event({**written["event"], "type": "app_mention"})
    both = [mention, written] if mention_first else [written, mention]
    slack.fail("chat.postMessage", HttpStatus(503))
    assert door.deliver(both[0]) == [False, True]
    assert door.deliver(both[1]) == [True]
    assert door.deliver(both[0]) == [True]
    assert [each.channel for each in slack.messages] == ["D1"]


# All of it together.


def test_every_payload_is_one_that_slack_takes_and_none_holds_what_was_typed(door: Door) -> None:
    slack = door.slack
    for text in (CANARY, f"{CANARY} kawasaki", f"me {CANARY} dm", f"kawasaki {CANARY} dose TTP"):
        private = private_answer(door, text)
        for each in list(elements(private.blocks)):
            value = each.get("value") or each["options"][0]["value"]
            kind = each["type"]
            assert door.post(slack.action(each["action_id"], value, message=private, kind=kind)) == DONE
        assert door.deliver(slack.mention(f"<@U0BOT> {text}", thread_ts=THREAD)) == [True]
        assert door.deliver(slack.direct_message(text)) == [True]
        assert door.post(slack.shortcut(SHORTCUT, text)) == DONE
    settle(door)
    assert slack.refusals == []
    sent = [call.arguments for call in slack.calls]
    assert len(sent) > 20
    for arguments in [*sent, *({"text": each.text, "blocks": each.blocks} for each in slack.answers)]:
        check = partial(check_view, arguments["view"]) if "view" in arguments else partial(check_message, arguments)
        assert arguments == {"delete_original": True} or check() == []
        assert CANARY.lower() not in str(arguments).lower()
