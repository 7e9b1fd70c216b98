"""Slack's mark-up, taken off at the door: what Slack sends → the plain text that people see.

What is seen but not to be read (an address, code, a channel, a picture, struck text) becomes MASKED: something
stands there, and it is no part of a name.
"""

import re

from slackbot.words.tokens import MASKED

NAME_MOST = 60  # characters of code that may be a name

# One pass from left to right; each alternative ends at the first character that can end it, so none goes back.
_MARKUP = re.compile(
    r"```(?P<block>.*?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<@(?P<user>[^<>]*)>"
    r"|<(?P<link>[A-Za-z][A-Za-z0-9+.-]*:[^<>|]*)(?:\|(?P<label>[^<>]*))?>"
    r"|<(?P<reference>[#!][^<>]*)>"  # a channel, @here, a group, a date
    r"|(?<![\w~])~(?P<struck>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
    r"|(?<![\w:])(?P<emoji>(?::[\w+'-]{1,100}:)+)(?!\w)",
    re.DOTALL,
)
_NAME = re.compile(r"[\w']+(?:[ -][\w']+)*")
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ESCAPED = re.compile("|".join(_ESCAPES))


def plain(text: str) -> str:
    """The text without Slack's mark-up.

    Of a link its label is left, of code what may be a name; users go without a trace, as they are only spoken to.
    """
    return _ESCAPED.sub(lambda escape: _ESCAPES[escape[0]], _MARKUP.sub(_seen, text))


def _seen(markup: re.Match[str]) -> str:
    kind, content = markup.lastgroup, markup[markup.lastgroup or 0]
    match kind:
        case "user":
            return " "
        case "label" if content.strip():
            return content
        case "block" | "code" if _is_name(content):
            return f" {content} "
    return f" {MASKED} "


def _is_name(code: str) -> bool:
    return len(code) <= NAME_MOST and "_" not in code and bool(_NAME.fullmatch(code.strip(" ")))
