"""What Slack sends, read strictly: tables of (a payload with one part changed, what is said of it or read from it)."""

import copy
import random
from typing import Any
from urllib.parse import parse_qsl

import pytest
from doors import Json
from msgspec.structs import replace

from slackbot.slack.payloads import Asker, PayloadError, Question, check, kind_of, parse, typed_in, value_of
from slackbot.slack.writing import Writing
from standin.slack import Slack

SLACK = Slack()
GONE = object()
FORM = "application/x-www-form-urlencoded"
THREAD = "1700000000.000100"
MODAL: Json = {
    "id": "V1",
    "type": "modal",
    "callback_id": "look_up",
    "blocks": [{"type": "input", "block_id": "typed", "element": {"type": "plain_text_input", "action_id": "typed"}}],
}
SUBMITTED = SLACK.submission(MODAL, {"typed": "kawasaki"})

SENT: dict[str, Json] = {
    "command": SLACK.command("kawasaki"),
    "mention": SLACK.mention("kawasaki"),
    "direct message": SLACK.direct_message("kawasaki"),
    "edit": SLACK.edited(SLACK.direct_message("qwzx"), "kawasaki"),
    "home": SLACK.home_opened(),
    "reaction": SLACK.event({"type": "reaction_added", "user": 5, "ts": 5, "text": 5}),
    "button": SLACK.action("share", "kawasaki"),
    "menu": SLACK.action("ask", "kawasaki", kind="static_select"),
    "old button": {"type": "interactive_message", "callback_id": "x", "actions": [{"name": "a", "value": "b"}]},
    "name being typed": SLACK.suggestion("names", "kaw", view=MODAL),
    "modal": SUBMITTED,
    "modal closed": {**SUBMITTED, "type": "view_closed"},
    "shortcut": SLACK.global_shortcut("look_up"),
    "message's shortcut": SLACK.shortcut("look_up_message", "kawasaki"),
    "dialog": {"type": "dialog_submission", "callback_id": "x"},
    "dialog left": {"type": "dialog_cancellation", "callback_id": "x"},
    "dialog's list": {"type": "dialog_suggestion", "callback_id": "x"},
    "address": {"type": "url_verification", "challenge": "x"},
}
INTERACTIONS = ("button", "menu", "name being typed", "modal", "modal closed", "shortcut", "message's shortcut")
WRITTEN = {"mention": "event", "direct message": "event", "edit": "event.message", "message's shortcut": "message"}
FIELDS = "view.state.values.typed"
WRONG_IDS = (5, "", "a b", "a" * 129, ["C1"])
WRONG_USERS = (GONE, None, 5, "", "B1", "U1 ", "u1", "U", "U" * 32)


def changed(kind: str, path: str, value: object) -> Json:
    """What Slack sends, with something else in the place that the path leads to."""
    payload = copy.deepcopy(SENT[kind])
    place: Any = payload
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        place = place[step]
    if value is GONE:
        place.pop(last, None)
    else:
        place[last] = value
    return payload


@pytest.mark.parametrize("kind", SENT)
def test_what_slack_sends_is_taken_as_it_is(kind: str) -> None:
    assert check(copy.deepcopy(SENT[kind])) == SENT[kind]


@pytest.mark.parametrize("kind", [kind for kind in SENT if kind != "command"])
def test_its_kind_is_the_type_it_names(kind: str) -> None:
    assert kind_of(SENT[kind]) == SENT[kind]["type"]
    assert kind_of({**SENT[kind], "command": "/ivig"}) == "command"


@pytest.mark.parametrize("payload", [{}, {"type": None}, {"type": 5}, {"type": ""}, {"type": "a b"}], ids=repr)
def test_what_names_no_type_has_none(payload: Json) -> None:
    assert kind_of(payload) == ""


@pytest.mark.parametrize("payload", [None, 5, "kawasaki", [SENT["command"]]])
def test_what_is_no_object_is_refused(payload: object) -> None:
    with pytest.raises(PayloadError, match=r"^not an object$"):
        check(payload)


@pytest.mark.parametrize(
    ("kinds", "path", "values", "part"),
    [
        ("command", "command", (None, 5), "command"),
        ("command", "text", (None, 5), "command"),
        ("command", "type", ("shortcut", None), "type"),
        (SENT, "event", (None, "x", ["x"]), "event"),
        # Events.
        ("mention", "event", (GONE,), "event.type"),
        (("mention", "home", "reaction"), "event_id", (GONE, None, *WRONG_IDS), "event_id"),
        (("mention", "home", "reaction"), "event.type", (GONE, None, *WRONG_IDS), "event.type"),
        (("mention", "home", "reaction"), "is_ext_shared_channel", ("true", 1, 0, ""), "is_ext_shared_channel"),
        (("mention", "edit"), "event.is_ext_shared_channel", ("true", 1, 0, ""), "event.is_ext_shared_channel"),
        (("mention", "direct message", "edit"), "event.channel", (GONE, None, *WRONG_IDS), "event.channel"),
        (("mention", "direct message", "edit"), "event.ts", (GONE, None, *WRONG_IDS), "event.ts"),
        ("edit", "event.thread_ts", WRONG_IDS, "event.thread_ts"),
        ("edit", "event.message", (GONE, None, "x", [], ["x"]), "event.message"),
        ("edit", "event.previous_message", ("x", ["x"], 5), "event.previous_message"),
        ("home", "event.user", WRONG_USERS, "event.user"),
        # What people do with messages and views.
        (INTERACTIONS, "user", (GONE, None, "U1", ["U1"]), "user"),
        (INTERACTIONS, "user.id", WRONG_USERS, "user"),
        (INTERACTIONS, "channel", ("C1", ["C1"], {"id": 5}, {"id": "a b"}), "channel"),
        (INTERACTIONS, "container", ("x", ["x"]), "container"),
        (INTERACTIONS, "container", ({"message_ts": 5}, {"message_ts": "a b"}), "container.message_ts"),
        (INTERACTIONS, "container", ({"thread_ts": 5}, {"thread_ts": "a b"}), "container.thread_ts"),
        (INTERACTIONS, "view", ("x", ["x"], {"id": 5}, {"id": "a b"}), "view"),
        (INTERACTIONS, "response_url", (5, ["x"]), "response_url"),
        (INTERACTIONS, "trigger_id", (5, ["x"]), "trigger_id"),
        (("button", "old button"), "actions", (GONE, None, {}, [], "x", {"a": {}}, [[]], ["x"]), "actions"),
        ("button", "actions.0.action_id", (GONE, None, 5), "actions"),
        ("old button", "actions.0.name", (GONE, None, 5), "actions"),
        (("button", "old button"), "actions.0.value", (5, ["x"]), "actions"),
        ("menu", "actions.0.selected_option", ("x", ["x"], {"value": 5}), "actions"),
        ("name being typed", "action_id", (GONE, None, 5), "action_id"),
        ("name being typed", "value", (GONE, None, 5), "value"),
        (("modal", "modal closed"), "view", (GONE, None, {}, []), "view"),
        (("modal", "modal closed"), "view.callback_id", (GONE, None, 5), "view"),
        (("modal", "modal closed"), "view.type", (GONE, None, 5), "view"),
        ("modal", "view.state", (None, "x", [], {"values": None}, {"values": []}), "view.state"),
        ("modal", FIELDS, (None, "x", [], {"typed": None}, {"typed": []}, {"typed": {"value": 5}}), "view.state"),
        (("shortcut", "message's shortcut", "dialog", "dialog left"), "callback_id", (GONE, None, 5), "callback_id"),
        ("message's shortcut", "message", (GONE, None, "x", []), "message"),
        ("message's shortcut", "message.ts", (GONE, None), "message.ts"),
        ("address", "challenge", (GONE, None, 5), "challenge"),
        (("shortcut", "dialog", "reaction"), "type", (GONE, None, 5, "a b", "message"), "type"),
    ],
)
def test_a_part_that_slack_would_not_send_is_named(
    kinds: str | tuple[str, ...], path: str, values: tuple[object, ...], part: str
) -> None:
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        for value in values:
            with pytest.raises(PayloadError) as refusal:
                check(changed(kind, path, value))
            assert str(refusal.value) == f"{part} is missing or wrong", (kind, value)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ts", WRONG_IDS),
        ("thread_ts", WRONG_IDS),
        ("user", WRONG_IDS),
        ("text", (5, ["x"])),
        ("blocks", ("x", {"a": {}}, ["x"], [{}, None])),
        ("attachments", ("x", {"a": {}}, ["x"], [{}, None])),
        ("files", ("x", {"a": {}}, ["x"], [{}, None])),
        ("edited", ("x", ["x"], {"ts": 5}, {"ts": "a b"})),
    ],
)
def test_so_is_a_part_of_what_is_written(name: str, values: tuple[object, ...]) -> None:
    for kind, place in WRITTEN.items():
        for value in values:
            with pytest.raises(PayloadError) as refusal:
                check(changed(kind, f"{place}.{name}", value))
            assert str(refusal.value) == f"{place}.{name} is missing or wrong", (kind, value)


@pytest.mark.parametrize(
    ("kinds", "path", "values"),
    [
        ("command", "text", (GONE, "")),
        (("mention", "home"), "is_ext_shared_channel", (GONE, None, True, False)),
        ("mention", "event.is_ext_shared_channel", (GONE, None, True, False)),
        (("mention", "direct message"), "event.user", (GONE, None, "B1")),
        ("edit", "event.previous_message", (GONE, None, {})),
        ("home", "event.user", ("W1", "U" + "1" * 30)),
        ("mention", "event.channel", ("a" * 128, "C-1:2_3.4")),
        (INTERACTIONS, "channel", (GONE, None, {}, {"id": None})),
        (INTERACTIONS, "container", (GONE, None, {}, {"message_ts": None, "thread_ts": None})),
        (INTERACTIONS, "response_url", (GONE, None, "")),
        (INTERACTIONS, "trigger_id", (GONE, None, "")),
        (("button", "shortcut"), "view", (GONE, None, {}, {"id": None})),
        (("button", "old button"), "actions.0.value", (GONE, None, "")),
        (("button", "menu"), "actions.0.selected_option", (GONE, None, {}, {"value": None})),
        ("old button", "user", (GONE, 5)),
        ("dialog", "user", (GONE, 5)),
        ("modal", "view.state", (GONE, {}, {"values": {}}, {"values": {"typed": {}}})),
        ("modal", FIELDS, ({"typed": {}}, {"typed": {"value": None}})),
    ],
)
def test_what_slack_leaves_out_or_adds_is_taken(
    kinds: str | tuple[str, ...], path: str, values: tuple[object, ...]
) -> None:
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        for value in values:
            payload = changed(kind, path, value)
            assert check(payload) is payload, (kind, value)


@pytest.mark.parametrize("name", ["thread_ts", "user", "text", "blocks", "attachments", "files", "edited"])
def test_of_what_is_written_nearly_everything_may_be_missing(name: str) -> None:
    for kind, place in WRITTEN.items():
        for value in (GONE, None):
            payload = changed(kind, f"{place}.{name}", value)
            assert check(payload) is payload, (kind, value)


# Bodies.


@pytest.mark.parametrize(
    ("body", "content_type", "payload"),
    [
        (b'{"a": "\xc3\xa9"}', "application/json", {"a": "é"}),
        (b'{"a": [1]}', "", {"a": [1]}),
        (b"[]", "text/plain", []),
        (b"command=%2Fivig&text=a+payload", FORM, {"command": "/ivig", "text": "a payload"}),
        (b"command=%2Fivig&text=", FORM, {"command": "/ivig", "text": ""}),
        (b"text=%C3%A9", " Application/X-WWW-Form-URLencoded ; charset=utf-8; q=1", {"text": "é"}),
        (b"payload=%7B%22a%22%3A+1%7D&text=x", FORM, {"a": 1}),
        (b"&".join([b"a=1"] * 200), FORM, {"a": "1"}),
    ],
)
def test_a_body_is_a_form_or_json(body: bytes, content_type: str, payload: object) -> None:
    assert parse(body, content_type) == payload


def test_a_form_is_read_as_pythons_own_reader_reads_it() -> None:
    pieces = (
        "a",
        "b",
        "=",
        "&",
        "+",
        "%",
        "%2",
        "%2B",
        "%26",
        "%3D",
        "%C3%A9",
        "%C3",
        "%E2%82",
        "%zz",
        "é",
        "€",
        ";",
        " ",
    )
    chance = random.Random(7)  # noqa: S311  # no secret
    forms = ["".join(chance.choices(pieces, k=chance.randrange(12))) for _ in range(3_000)]
    assert [form for form in forms if parse(form.encode(), FORM) != dict(parse_qsl(form, keep_blank_values=True))] == []


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (b"\xff", "application/json", "not UTF-8"),
        (b"text=\xff", FORM, "not UTF-8"),
        (b"[" * 200_000, "application/json", "nested too deeply"),
        (b"", "application/json", "neither JSON nor a form"),
        (b"text=kawasaki", "application/json", "neither JSON nor a form"),
        (b"payload=kawasaki", FORM, "neither JSON nor a form"),
        (b"&".join([b"a=1"] * 201), FORM, "neither JSON nor a form"),
    ],
)
def test_of_any_other_body_only_that_is_said(body: bytes, content_type: str, fault: str) -> None:
    with pytest.raises(PayloadError) as refusal:
        parse(body, content_type)
    assert str(refusal.value) == fault


# What the listeners read.

MENTION = SENT["mention"]["event"]
ASKED = Question("C1", MENTION["ts"], Writing("kawasaki"), "U1", by_person=True)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({}, {}),
        ({"thread_ts": THREAD}, {"parent_ts": THREAD}),
        ({"edited": {"ts": THREAD, "user": "U1"}}, {"edited_ts": THREAD}),
        ({"edited": None}, {}),
        ({"is_ext_shared_channel": True}, {"abroad": True}),
        ({"is_ext_shared_channel": False}, {}),
        ({"user": None}, {"user": None, "by_person": False}),
        ({"bot_id": "B9"}, {"by_person": False}),
        ({"bot_id": None}, {}),
        ({"subtype": "bot_message"}, {"by_person": False}),
        ({"subtype": "file_share"}, {}),
        ({"subtype": "thread_broadcast"}, {}),
        ({"subtype": "me_message"}, {}),
        ({"channel": "D1"}, {"channel": "D1"}),
    ],
)
def test_a_message_is_read(change: Json, read: Json) -> None:
    question = replace(ASKED, **read)
    assert Question.read(MENTION | change) == question
    assert Question.read(MENTION | change, abroad=True) == replace(question, abroad=True)


EDIT = SENT["edit"]["event"]
AGAIN = Question(
    EDIT["channel"], EDIT["message"]["ts"], Writing("kawasaki"), "U1", by_person=True, edited_ts=EDIT["ts"]
)


@pytest.mark.parametrize(
    ("change", "in_message", "read"),
    [
        ({}, {}, {}),
        ({"previous_message": None}, {}, {}),
        ({}, {"ts": None}, {"ts": EDIT["ts"]}),
        ({}, {"thread_ts": THREAD}, {"parent_ts": THREAD}),
        ({"is_ext_shared_channel": True}, {}, {"abroad": True}),
        ({}, {"edited": None}, {"edited_ts": None, "by_person": False}),
        ({"previous_message": {"text": "kawasaki"}}, {}, {"by_person": False}),
        ({}, {"bot_id": "B9"}, {"by_person": False}),
    ],
)
def test_so_is_an_edit_and_what_is_only_reported_as_one(change: Json, in_message: Json, read: Json) -> None:
    event = {**EDIT, **change, "message": {**EDIT["message"], **in_message}}
    assert Question.read(event) == replace(AGAIN, **read)


@pytest.mark.parametrize(
    ("channel", "parent", "direct", "thread"),
    [
        ("C1", None, False, "1.2"),
        ("C1", THREAD, False, THREAD),
        ("D1", None, True, None),
        ("D1", THREAD, True, THREAD),
        ("CD", None, False, "1.2"),
    ],
)
def test_where_its_answer_goes(channel: str, parent: str | None, direct: bool, thread: str | None) -> None:
    question = replace(ASKED, channel=channel, ts="1.2", parent_ts=parent)
    assert (question.direct, question.thread_ts) == (direct, thread)
    assert question.key == f"{channel}:1.2"


@pytest.mark.parametrize(
    ("container", "read"),
    [
        ({"message_ts": "1.2"}, {"message_ts": "1.2"}),
        ({"message_ts": "1.2", "thread_ts": THREAD}, {"message_ts": "1.2", "thread_ts": THREAD}),
        ({"message_ts": THREAD, "thread_ts": THREAD}, {"message_ts": THREAD}),
        ({"view_id": "V1"}, {}),
        (None, {}),
    ],
)
def test_who_pressed_a_button_and_where(container: Json | None, read: Json) -> None:
    pressed = SENT["button"] | {"container": container}
    asker = Asker("U1", "C1", response_url=pressed["response_url"], **read)
    assert Asker.pressing(pressed) == asker
    assert Asker.pressing(pressed | {"channel": None}) == replace(asker, channel=None)
    assert Asker.pressing({name: pressed[name] for name in ("user", "container")}) == Asker("U1", **read)


def test_who_took_a_shortcut_and_where() -> None:
    taken = SENT["message's shortcut"]
    asker = Asker("U1", "C1", response_url=taken["response_url"], message_ts=taken["message"]["ts"])
    assert Asker.taking(taken) == asker
    assert Asker.taking(taken | {"message": taken["message"] | {"thread_ts": THREAD}}) == replace(
        asker, thread_ts=THREAD
    )
    assert Asker.pressing(SENT["shortcut"]) == Asker("U1")


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ({"value": "kawasaki"}, "kawasaki"),
        ({"selected_option": {"value": "kawasaki"}}, "kawasaki"),
        ({"selected_option": {"value": "kawasaki"}, "value": "itp"}, "kawasaki"),
        ({"selected_option": None, "value": "itp"}, "itp"),
        ({"selected_option": {"value": None}, "value": "itp"}, ""),
        ({"value": None}, ""),
        ({}, ""),
    ],
)
def test_what_a_button_or_an_option_carries(action: Json, value: str) -> None:
    assert value_of(action) == value


@pytest.mark.parametrize(
    ("view", "typed"),
    [
        (SUBMITTED["view"], "kawasaki"),
        ({"state": {"values": {"typed": {"typed": {"value": None}}}}}, ""),
        ({"state": {"values": {"typed": {"typed": {}}}}}, ""),
        ({"state": {"values": {"typed": {"other": {"value": "itp"}}}}}, ""),
        ({"state": {"values": {"other": {"typed": {"value": "itp"}}}}}, ""),
        ({"state": {"values": {}}}, ""),
        ({"state": {}}, ""),
        ({}, ""),
    ],
)
def test_what_was_typed_into_a_field(view: Json, typed: str) -> None:
    assert typed_in(view, "typed") == typed
