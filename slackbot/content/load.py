"""The data file, read once, checked strictly, and refused whole when anything is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from slackbot.content import shape
from slackbot.content.checks import check, check_places
from slackbot.content.fault import Fault
from slackbot.content.file import Document
from slackbot.content.schema import Content, read

FORMAT = 2


class ContentError(Exception):
    """The data file has faults; `str()` lists every one as `file:line: what is wrong; what to do`."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{path}:{fault.line}: {fault.message}" for fault in self.faults))


def load_content(path: Path, contact: str | None = None) -> Content:
    """Read and check the data file at `path`; a `contact` given here wins over the file's.

    Raises ContentError, with every fault and its line, when the file can't be read or anything is wrong with it.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ContentError(path, [Fault(1, f"can't be read: {error.strerror}; check the path (IVIG_DATA)")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError(path, [Fault(line, "not UTF-8; save the file with the encoding UTF-8")]) from None
    content, faults = parse(text)
    if content is None:
        raise ContentError(path, faults)
    return msgspec.structs.replace(content, contact=contact) if contact else content


def _other_format(document: Document, raw: Mapping[str, Any]) -> Fault:
    """The one fault of a file in another format, whose other faults would only mislead."""
    if "format" in raw:
        line = document.line(("format",))
        return Fault(line, f"format: this bot reads format {FORMAT}; install the version of the bot the file is for")
    return Fault(
        1,
        f"format: is missing. Since format {FORMAT} the English words stand in slackbot/words/en/, no longer under "
        f"`words` in this file: CHANGELOG.md says how to move a file over; then write 'format: {FORMAT}'",
    )


def parse(text: str) -> tuple[Content | None, list[Fault]]:
    """The content in a data file's text, or None and every fault found in it."""
    document = Document()
    raw = document.read(text)
    if raw is None:
        return None, document.faults
    if raw.get("format") != FORMAT:
        return None, [_other_format(document, raw)]
    if raw.get("review", ()) is None:  # nobody has signed
        raw["review"] = ()
    content = read(raw, Content)
    if content is None:
        check_places(document, raw)
        shape.note(document, raw)
    check(document, content or raw)
    return (None if document.faults else content), document.faults
