"""What is written in a message: its text, and what stands in its blocks, its attachments and its files' titles.

Slack repeats a message's text in its blocks, and integrations theirs in attachments. Nothing is read twice: said
again, a name would stand outside the sentence that denies it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Self

from msgspec import Struct

from slackbot.slack.markup import plain
from slackbot.words.tokens import MASKED

LINES_MOST = 200  # of blocks, of an attachment, of files: more is no question

_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"\.\w{1,5}$")
_APART = "\n\n"  # no name is read across it


class Writing(Struct, frozen=True):
    """What a message says, without Slack's mark-up."""

    text: str
    files_alone: bool = False
    """Whether there are files, and no word beside them."""

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Self:
        """Read a message as an event or a shortcut brings it, of which `check` has seen that its parts are lists."""
        text = plain(message.get("text") or "")
        blocks = list(islice(_of_blocks(message.get("blocks")), LINES_MOST))
        attachments = [list(islice(_of_attachment(each), LINES_MOST)) for each in message.get("attachments") or ()]
        titles = [[title] for title in islice(_titles(message.get("files")), LINES_MOST)]
        in_blocks = "\n".join(blocks)
        parts = [blocks] if _holds(in_blocks, text) and not _holds(text, in_blocks) else [[text], blocks]
        body = _joined([*parts, *attachments])
        return cls(_joined([[body], *titles]), bool(titles) and not _WORD.search(body))


def _joined(parts: Iterable[list[str]]) -> str:
    """The parts, without lines whose words stand in what is there already."""
    text = ""
    for lines in parts:
        fresh: list[str] = []
        for line in lines:
            if _WORD.search(line) and not _holds("\n".join([text, *fresh]), line):
                fresh.append(line)
        text = _APART.join(filter(None, (text, "\n".join(fresh))))
    return text or next((line for lines in parts for line in lines), "")


def _holds(text: str, part: str) -> bool:
    """Whether the words of the part stand in the text, in this order and beside each other."""
    return f" {_words(part)} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


# Blocks.


def _of_blocks(blocks: object) -> Iterator[str]:
    """What people read in blocks, line by line. What buttons and menus are called is nobody's question."""
    for block in _objects(blocks):
        match block:
            case {"type": "rich_text"}:
                yield from _of_rich_text(block)
            case {"type": "header" | "section"}:
                yield _of_text(block.get("text"))
                yield from map(_of_text, _objects(block.get("fields")))
            case {"type": "context"}:
                yield " ".join(map(_of_text, _objects(block.get("elements"))))
            case {"type": "image" | "video"}:
                yield _of_text(block.get("title"))
                yield _of_text(block.get("description"))
            case {"type": "markdown", "text": str(text)}:
                yield plain(text)
            case {"type": "table"}:
                yield from map(_of_row, _lists(block.get("rows")))


def _of_text(text: object) -> str:
    match text:
        case {"type": "mrkdwn" | "plain_text", "text": str(written)}:
            return plain(written)
    return ""


def _of_row(cells: list[Any]) -> str:
    return " | ".join(_of_cell(cell) for cell in _objects(cells))


def _of_cell(cell: Mapping[str, Any]) -> str:
    match cell:
        case {"type": "raw_text", "text": str(text)}:
            return text
    return " ".join(_of_rich_text(cell))


def _of_rich_text(block: Mapping[str, Any]) -> Iterator[str]:
    for element in _objects(block.get("elements")):
        match element:
            case {"type": "rich_text_list"}:
                yield from (_of_run(item.get("elements")) for item in _objects(element.get("elements")))
            case {"type": "rich_text_preformatted"}:
                yield plain(f"```{_of_run(element.get('elements'))}```")
            case _:
                yield _of_run(element.get("elements"))


def _of_run(elements: object) -> str:
    return "".join(map(_of_element, _objects(elements)))


def _of_element(element: Mapping[str, Any]) -> str:
    """As `plain` reads the same in a text."""
    match element:
        case {"style": {"strike": True}}:
            return f" {MASKED} "
        case {"type": "text", "text": str(text), "style": {"code": True}}:
            return plain(f"`{text}`")
        case {"type": "text" | "link", "text": str(text)} if text.strip() or element["type"] == "text":
            return plain(text)
        case {"type": "user"}:
            return " "
    return f" {MASKED} "


# Attachments and files.


def _of_attachment(attachment: Mapping[str, Any]) -> Iterator[str]:
    """What an integration, a preview or a forwarded message shows; its fallback, where it shows nothing else."""
    lines = list(filter(_WORD.search, _shown(attachment)))
    yield from lines or [plain(_text(attachment, "fallback"))]


def _shown(attachment: Mapping[str, Any]) -> Iterator[str]:
    for name in ("pretext", "title", "text"):
        yield plain(_text(attachment, name))
    for field in _objects(attachment.get("fields")):
        yield plain(": ".join(filter(None, (_text(field, "title"), _text(field, "value")))))
    yield from _of_blocks(attachment.get("blocks"))
    for forwarded in _objects(attachment.get("message_blocks")):
        message = forwarded.get("message")
        yield from _of_blocks(message.get("blocks") if isinstance(message, dict) else None)
    yield from _titles(attachment.get("files"))


def _titles(files: object) -> Iterator[str]:
    """What files are called, written as people write."""
    for file in _objects(files):
        title = _text(file, "title") or _text(file, "name")
        yield _SUFFIX.sub("", plain(title).strip()).replace("_", " ")


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _objects(items: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; what else stands there, nobody knows how to read."""
    return (item for item in items if isinstance(item, dict)) if isinstance(items, list) else iter(())


def _lists(items: object) -> Iterator[list[Any]]:
    return (item for item in items if isinstance(item, list)) if isinstance(items, list) else iter(())
