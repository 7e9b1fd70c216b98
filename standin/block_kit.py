"""What Slack accepts as a message or a view, as pure functions: payload in, Slack's error lines out.

The wording of the lines is Slack's own ("[ERROR] must be less than 151 characters [json-pointer:…]").
Kinds of block and element that this project has no use for are known by name only: Slack takes them,
and so does this, without looking inside.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Check = Callable[[Any, str], Iterator[str]]

TEXT_MOST = 40_000
BLOCKS_CHARACTERS_MOST = 13_000
# Ours: Slack gives no line for it, only the error msg_blocks_too_long.
BLOCKS_TOO_LONG = f"[ERROR] blocks exceed {BLOCKS_CHARACTERS_MOST} characters together [json-pointer:/blocks]"
BLOCKS_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """Error lines for a message payload (`text`, `blocks`); an empty list when Slack would take it."""
    return [*_check_text(payload), *_check_blocks(payload.get("blocks"), "message", "/blocks")]


def check_view(view: Mapping[str, Any]) -> list[str]:
    """Error lines for a modal or Home view; an empty list when Slack would take it."""
    match view.get("type"):
        case "modal":
            lines = [*_MODAL(view, "/view"), *_check_submit(view)]
            return lines + _check_blocks(view.get("blocks"), "modal", "/view/blocks")
        case "home":
            lines = list(_HOME(view, "/view"))
            return lines + _check_blocks(view.get("blocks"), "home", "/view/blocks")
    return [_error("must be a valid enum value", "/view/type")]


def check_options(answer: Any) -> list[str]:
    """Error lines for what is answered to a name that is being typed; an empty list when Slack would take it."""
    return list(_OPTIONS(answer, ""))


def _check_submit(view: Mapping[str, Any]) -> Iterator[str]:
    """What people fill in needs a button that sends it."""
    blocks = view.get("blocks")
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    if "input" in kinds and "submit" not in view:
        yield _error("missing required field: submit", "/view")


def _check_text(payload: Mapping[str, Any]) -> list[str]:
    text = payload.get("text")
    if not text and not payload.get("blocks") and not payload.get("attachments"):
        return ["[ERROR] no_text"]
    return list(string(TEXT_MOST, least=0)(text, "/text")) if text is not None else []


def _check_blocks(blocks: Any, surface: Surface, pointer: str) -> list[str]:
    if blocks is None:
        return [] if surface == "message" else [_error("missing required field: blocks", "/view")]
    most = BLOCKS_MOST[surface]
    lines = list(array(_one_of(_blocks_of(surface)), most, least=0)(blocks, pointer))
    if not isinstance(blocks, list):
        return lines
    rows = _objects(blocks, pointer)
    lines += _duplicates("block_id", rows)
    for at, block in rows:
        elements = block.get("elements")
        if block.get("type") == "actions" and isinstance(elements, list):
            lines += _duplicates("action_id", _objects(elements, f"{at}/elements"))
    # Slack does not say how it counts; written out as JSON is the strictest reading of what people saw.
    characters = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    if surface == "message" and len(characters) > BLOCKS_CHARACTERS_MOST:
        lines.append(BLOCKS_TOO_LONG)
    return lines


def _objects(items: list[Any], pointer: str) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{pointer}/{index}", item) for index, item in enumerate(items) if isinstance(item, dict)]


def _duplicates(key: str, rows: list[tuple[str, dict[str, Any]]]) -> list[str]:
    seen: set[Any] = set()
    lines = []
    for at, item in rows:
        value = item.get(key)
        if isinstance(value, str) and value in seen:
            lines.append(_error(f'`{key}` "{value}" already exists', f"{at}/{key}"))
        elif isinstance(value, str):
            seen.add(value)
    return lines


def _error(problem: str, pointer: str) -> str:
    return f"[ERROR] {problem} [json-pointer:{pointer}]"


# What a value may be: each of these makes a check.


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _error("must provide a string", pointer)
        elif len(value) > most:
            yield _error(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield _error(f"must be more than {least - 1} characters", pointer)

    return check


def choice(*values: str) -> Check:
    """One of the given words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in values:
            yield _error("must be a valid enum value", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield _error("must provide a boolean", pointer)


def integer(value: Any, pointer: str) -> Iterator[str]:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield _error("must provide an integer", pointer)


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    """Whatever it is, taken as it is."""
    yield from ()


def array(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` such items."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _error("must provide an array", pointer)
            return
        if len(value) > most:
            yield _error(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield _error(f"must provide at least {least} items", pointer)
        for index, entry in enumerate(value):
            yield from item(entry, f"{pointer}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with exactly these keys (and `type`, which whoever chose this check has looked at)."""
    fields = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _error("must provide an object", pointer)
            return
        for key in required:
            if key not in value:
                yield _error(f"missing required field: {key}", pointer)
        for key, part in value.items():
            if key in fields:
                yield from fields[key](part, f"{pointer}/{key}")
            elif key != "type":
                yield _error(f"invalid additional property: {key}", pointer)

    return check


def text(most: int, *kinds: str) -> Check:
    """A text object of one of these kinds, with 1 to `most` characters."""
    parts: dict[str, Check] = {
        "plain_text": record({"text": string(most)}, {"emoji": boolean}),
        "mrkdwn": record({"text": string(most)}, {"verbatim": boolean}),
    }

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _error("must provide an object", pointer)
        elif "type" not in value:
            yield _error("missing required field: type", pointer)
        elif value["type"] not in kinds:
            yield _error("must be a valid enum value", f"{pointer}/type")
        else:
            lines = list(parts[value["type"]](value, pointer))
            if lines and len(kinds) > 1:
                yield _error("failed to match all allowed schemas", pointer)
            yield from lines

    return check


def _one_of(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` names the check it has to pass."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _error("must provide an object", pointer)
        elif "type" not in value:
            yield _error("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield _error(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check


def _unlooked(*names: str) -> dict[str, Check]:
    return dict.fromkeys(names, anything)


def _plain(most: int) -> Check:
    return text(most, "plain_text")


def _any_text(most: int) -> Check:
    return text(most, "plain_text", "mrkdwn")


# Composition objects and elements.

_ID: dict[str, Check] = {"action_id": string(255)}

_OPTION = record({"text": _plain(75), "value": string(150)}, {"description": _plain(75)})

_BUTTON = record(
    {"text": _plain(75)},
    {
        **_ID,
        "url": string(3000),
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": anything,
        "accessibility_label": string(75),
    },
)

_SELECT = record(
    {"options": array(_OPTION, 100)},
    {**_ID, "initial_option": _OPTION, "placeholder": _plain(150), "confirm": anything, "focus_on_load": boolean},
)

_INTERACTIVE: dict[str, Check] = {
    "button": _BUTTON,
    "static_select": _SELECT,
    "external_select": record(
        {},
        {
            **_ID,
            "initial_option": _OPTION,
            "placeholder": _plain(150),
            "min_query_length": integer,
            "confirm": anything,
            "focus_on_load": boolean,
        },
    ),
    **_unlooked("overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker", "workflow_button"),
    **_unlooked("users_select", "conversations_select", "channels_select"),
    **_unlooked("multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select"),
    **_unlooked("multi_channels_select"),
}
_PLAIN_TEXT_INPUT = record(
    {},
    {
        **_ID,
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": integer,
        "max_length": integer,
        "placeholder": _plain(150),
        "dispatch_action_config": record(
            {}, {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)}
        ),
        "focus_on_load": boolean,
    },
)
_INPUTS: dict[str, Check] = {
    "plain_text_input": _PLAIN_TEXT_INPUT,
    "static_select": _SELECT,
    "external_select": _INTERACTIVE["external_select"],
    **_unlooked("radio_buttons", "checkboxes", "datepicker", "timepicker", "datetimepicker", "number_input"),
    **_unlooked("email_text_input", "url_text_input", "rich_text_input", "file_input"),
    **_unlooked("users_select", "conversations_select", "channels_select", "multi_static_select"),
    **_unlooked("multi_external_select", "multi_users_select", "multi_conversations_select"),
    **_unlooked("multi_channels_select"),
}
_ACTIONS = {**_INTERACTIVE, **_unlooked("datetimepicker")}
_ACCESSORIES = {**_INTERACTIVE, **_unlooked("image")}
_IN_CONTEXT = {
    "plain_text": text(3000, "plain_text"),
    "mrkdwn": text(3000, "mrkdwn"),
    **_unlooked("image"),
}


_OPTIONS = record({"options": array(_OPTION, 100, least=0)})


# Blocks and views.


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record(required, {"block_id": string(255), **(optional or {})})


def _section(value: Any, pointer: str) -> Iterator[str]:
    yield from _SECTION(value, pointer)
    if "text" not in value and "fields" not in value:
        yield _error("missing required field: text", pointer)


_SECTION = _block(
    {},
    {
        "text": _any_text(3000),
        "fields": array(_any_text(2000), 10),
        "accessory": _one_of(_ACCESSORIES),
        "expand": boolean,
    },
)

_EVERYWHERE: dict[str, Check] = {
    "header": _block({"text": _plain(150)}, {"level": integer}),
    "section": _section,
    "divider": _block({}),
    "context": _block({"elements": array(_one_of(_IN_CONTEXT), 10)}),
    "actions": _block({"elements": array(_one_of(_ACTIONS), 25)}),
    "input": _block(
        {"label": _plain(2000), "element": _one_of(_INPUTS)},
        {"hint": _plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    **_unlooked("image", "rich_text", "video"),
}

_ONLY: dict[Surface, dict[str, Check]] = {
    "message": _unlooked(
        "markdown", "table", "file", "context_actions", "task_card", "plan", "card", "carousel", "container"
    ),
    "modal": _unlooked("alert"),
    "home": {},
}


def _blocks_of(surface: Surface) -> dict[str, Check]:
    return {**_EVERYWHERE, **_ONLY[surface]}


_VIEW: dict[str, Check] = {
    "blocks": anything,
    "private_metadata": string(3000, least=0),
    "callback_id": string(255),
    "external_id": string(255, least=0),
}

_MODAL = record(
    {"title": _plain(24)},
    {
        **_VIEW,
        "submit": _plain(24),
        "close": _plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record({}, _VIEW)
