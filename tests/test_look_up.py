"""Looking something up where nobody else reads along: the global shortcut's modal, and the search in the Home."""

import logging

import pytest
from doors import Answer, Door, Json
from reading import match, matcher_of, signed_cards_of
from test_blocks import CONTENTS, content_named
from test_choice import elements, label

from slackbot.cards import wording
from slackbot.cards.card import Audience
from slackbot.cards.choice import Choice
from slackbot.cards.typeahead import Typeahead
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.slack import blocks
from standin.block_kit import check_options, check_view
from standin.slack import ApiError, Slack

CANARY = "Zaphod-Canary-4711"
TYPED, NAMED = "look_up.text", "look_up.name"
DONE = Answer(True, None)


def opened(door: Door, user: str = "U7") -> Json:
    """The modal that the shortcut opens; U7 is in no channel with the bot."""
    door.slack.views.clear()
    assert door.post(door.slack.global_shortcut("look_up", user=user)) == DONE
    [view] = door.slack.views.values()
    return view


def home(door: Door, user: str = "U7") -> Json:
    assert door.deliver(door.slack.home_opened(user=user)) == [True]
    return door.slack.homes[user]


def submitted(door: Door, view: Json, text: str) -> Json:
    """What stands in the modal once the text has been sent off in it."""
    taken, payload = (answer := door.post(door.slack.submission(view, {TYPED: text}))).taken, answer.payload
    assert taken
    assert payload
    assert payload["response_action"] == "update"
    return door.slack.views[view["id"]]


def offered(door: Door, text: str, view: Json) -> list[str]:
    answer = door.post(door.slack.suggestion(NAMED, text, view=view))
    assert answer.payload is not None
    return [option["text"]["text"] for option in answer.payload["options"]]


def said(view: Json) -> list[Json]:
    """The view's blocks without the search on top."""
    assert [block["type"] for block in view["blocks"][:2]] == ["input", "actions"]
    blocks: list[Json] = view["blocks"][2:]
    return blocks


def result(text: str, content: Content) -> list[Json]:
    return said(blocks.look_up(signed_cards_of(content).result(match(text, content))))


# The modal.


@pytest.mark.parametrize(
    "text", ["kawasaki", "lupus nephritis", "dm", "TTP", "qwzx", "dose", "help", "anaphylaxis", " "]
)
def test_what_is_typed_is_answered_in_the_same_modal(door: Door, content: Content, text: str) -> None:
    view = submitted(door, opened(door), text)
    assert said(view) == result(text, content)
    assert said(submitted(door, view, "ITP")) == result("ITP", content), "and one can search on"
    assert len(door.slack.views) == 1
    assert door.slack.messages == []
    assert {call.method for call in door.slack.calls} == {"views.open"}, "which needs no scope"


def test_the_answer_is_the_card_that_a_direct_message_brings(content: Content) -> None:
    card = signed_cards_of(content).card(match("kawasaki", content), Audience.DIRECT)
    assert result("kawasaki", content) == blocks.message(card).blocks
    assert "Share in channel" not in [label(each) for each in elements(result("kawasaki", content))]


def test_a_button_of_the_answer_opens_on_top_of_it(door: Door, content: Content) -> None:
    view = submitted(door, opened(door), "kawasaki")
    more = next(each for each in elements(view["blocks"]) if label(each) == "More")
    assert door.post(door.slack.action(more["action_id"], more["value"], view=view, user="U7")) == DONE
    assert [call.method for call in door.slack.calls][-1] == "views.push"
    *_, top = door.slack.views.values()
    assert top["blocks"] == blocks.modal(signed_cards_of(content).full(match("kawasaki", content)))["blocks"]


def test_nothing_typed_is_shown_logged_or_kept(
    door: Door, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    view = opened(door)
    capsys.readouterr()
    with caplog.at_level(logging.DEBUG):
        view = submitted(door, view, f"{CANARY} kawasaki")
        assert offered(door, CANARY, view) == []
        assert door.post(door.slack.action(TYPED, CANARY, kind="plain_text_input", view=home(door))) == DONE
    lines = "".join(capsys.readouterr())
    assert lines.count(" look_up ") == 2
    shown = str([lines, caplog.text, door.slack.views, door.slack.homes, door.slack.messages, door.slack.calls])
    assert CANARY.lower() not in shown.lower()
    assert all(not each.get("private_metadata") for each in door.slack.views.values())


def test_of_a_name_half_typed_nothing_is_logged_but_that_it_was_answered(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    view = opened(door)
    capsys.readouterr()
    offered(door, "kawas", view)
    logged = capsys.readouterr().out.lower()
    assert "kawas" not in logged
    assert "look_up" not in logged


def test_where_slack_opens_no_modal_the_asker_is_told(door: Door) -> None:
    door.slack.fail("views.open", ApiError("expired_trigger_id"))
    assert door.post(door.slack.global_shortcut("look_up", user="U7")) == DONE
    assert [(each.channel, each.text) for each in door.shown()] == [("D7", wording.APOLOGY)]


def test_a_search_that_breaks_down_says_so_below_the_field(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    view = opened(door)

    def broken(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("slackbot.slack.look_up.typed_in", broken)
    answer = door.post(door.slack.submission(view, {TYPED: "kawasaki"}))
    assert answer.payload == {"response_action": "errors", "errors": {TYPED: wording.APOLOGY}}


# Names to choose from.


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "Guillain-Barré syndrome (GBS)"),
        ("kawa", "Kawasaki disease"),
        ("KAWASAKI DIS", "Kawasaki disease"),
        ("kd", "Kawasaki disease"),
        ("guillain barre", "Guillain-Barré syndrome (GBS)"),
        ("myas grav", "Myasthenia gravis (MG)"),
        ("werlhof", "Immune thrombocytopenia (ITP)"),
        ("lupus neph", "lupus nephritis (Lupus erythematosus)"),
        ("evans", "Evans syndrome"),
        ("dads", "Chronic inflammatory demyelinating polyneuropathy (CIDP)"),
    ],
)
def test_names_are_offered_while_one_types(door: Door, typed: str, first: str) -> None:
    assert offered(door, typed, opened(door))[0] == first


@pytest.mark.parametrize("typed", ["qwzx", "kawasaki ivig dose", "TTP", "kawa" * 3000])
def test_what_begins_no_name_offers_none(door: Door, typed: str) -> None:
    assert offered(door, typed, opened(door)) == []


@pytest.mark.parametrize("typed", ["", " ", "!"])
def test_a_field_without_a_word_offers_every_entry_once(door: Door, content: Content, typed: str) -> None:
    assert offered(door, typed, opened(door)) == [entry.title for entry in content.entries]


@pytest.mark.parametrize("name", CONTENTS)
def test_options_are_ones_that_slack_takes_and_carry_ids(name: str, content: Content) -> None:
    matcher = matcher_of(content_named(name, content))
    typeahead = Typeahead(matcher)
    for typed in ("", "a", "m", "lupus", "form", "morbus1", "x", "s"):
        options = blocks.options(typeahead.offers(typed, blocks.OPTION_VALUE))
        assert check_options({"options": options}) == []
        for option in options:
            assert Choice.decode(option["value"]).match(matcher)


def test_a_name_whose_choice_is_longer_than_slack_takes_is_not_offered(matcher: Matcher) -> None:
    typeahead = Typeahead(matcher)
    [offer] = typeahead.offers("lupus nephritis", blocks.OPTION_VALUE)
    length = len(offer.choice.encode())
    assert typeahead.offers("lupus nephritis", length) == [offer]
    assert typeahead.offers("lupus nephritis", length - 1) == []


@pytest.mark.parametrize("name", ["kawasaki disease", "lupus nephritis", "Evans syndrome"])
def test_a_name_that_is_chosen_brings_what_typing_it_brings(door: Door, content: Content, name: str) -> None:
    view = opened(door)
    option = door.post(door.slack.suggestion(NAMED, name, view=view)).payload["options"][0]  # type: ignore[index]
    choose = {"kind": "external_select", "label": option["text"]["text"], "user": "U7"}
    assert door.post(door.slack.action(NAMED, option["value"], view=view, **choose)) == DONE
    assert said(door.slack.views[view["id"]]) == result(name, content)
    assert door.slack.calls[-1].method == "views.update"
    at_home = home(door)
    assert door.post(door.slack.action(NAMED, option["value"], view=at_home, **choose)) == DONE
    assert door.slack.calls[-1].method == "views.open"
    *_, modal = door.slack.views.values()
    assert said(modal) == result(name, content)


def test_a_name_that_has_left_the_data_file_gets_a_kind_answer(door: Door) -> None:
    view = opened(door)
    assert door.post(door.slack.action(NAMED, "entry=gone-since", view=view, kind="external_select")) == DONE
    assert wording.GONE in str(door.slack.views[view["id"]])


# The Home.


@pytest.mark.parametrize("text", ["kawasaki", "dm", "qwzx"])
def test_what_is_typed_in_the_home_is_answered_in_a_modal(door: Door, content: Content, text: str) -> None:
    view = home(door)
    assert view["blocks"][1]["dispatch_action"] is True
    door.slack.views.clear()
    assert door.post(door.slack.action(TYPED, text, kind="plain_text_input", view=view, user="U7")) == DONE
    [modal] = door.slack.views.values()
    assert said(modal) == result(text, content)
    assert check_view(blocks.look_up(signed_cards_of(content).result(match(text, content)))) == []


def test_a_home_whose_modal_will_not_open_is_answered_in_a_message(door: Door, content: Content) -> None:
    view = home(door)
    door.slack.fail("views.open", ApiError("expired_trigger_id"))
    assert door.post(door.slack.action(TYPED, "kawasaki", kind="plain_text_input", view=view)) == DONE
    [message] = door.shown()
    assert (message.channel, message.blocks) == ("D1", result("kawasaki", content))


def test_the_home_says_how_to_ask_and_who_stands_for_it(door: Door) -> None:
    shown = str(home(door)["blocks"])
    assert "Type `/ivig` and a condition" not in shown
    assert "type `/ivig` and a condition" in shown
    assert wording.UNREVIEWED in shown


# What Slack would not send.


def bent(slack: Slack, kind: str, name: str, value: object) -> Json:
    payload = {
        "shortcut": lambda: slack.global_shortcut("look_up"),
        "view_submission": lambda: slack.submission(
            {"id": "V1", "type": "modal", "callback_id": "look_up", "blocks": []}, {}
        ),
        "block_suggestion": lambda: slack.suggestion(NAMED, "kawa", view={"id": "V1"}),
    }[kind]()
    return {**payload, name: value}


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("shortcut", "user", None),
        ("shortcut", "user", {"id": "nobody"}),
        ("shortcut", "callback_id", 1),
        ("shortcut", "trigger_id", ["x"]),
        ("view_submission", "user", {}),
        ("view_submission", "view", "look_up"),
        ("view_submission", "view", {"callback_id": "look_up"}),
        ("view_submission", "view", {"callback_id": "look_up", "type": "modal", "state": []}),
        ("view_submission", "view", {"callback_id": "look_up", "type": "modal", "state": {"values": []}}),
        ("view_submission", "view", {"callback_id": "look_up", "type": "modal", "state": {"values": {TYPED: 1}}}),
        (
            "view_submission",
            "view",
            {"callback_id": "look_up", "type": "modal", "state": {"values": {TYPED: {TYPED: {"value": 1}}}}},
        ),
        ("block_suggestion", "value", None),
        ("block_suggestion", "value", {"x": 1}),
        ("block_suggestion", "action_id", None),
        ("block_suggestion", "user", None),
        ("block_suggestion", "view", "V1"),
    ],
)
def test_what_slack_would_not_send_is_not_taken(http: Door, kind: str, name: str, value: object) -> None:
    assert http.post(bent(http.slack, kind, name, value)).taken is False
