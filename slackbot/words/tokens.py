"""Typed text into comparable words.

One function serves both sides: the names in the data file and what a clinician types go through
`tokens`, so that a name in the file is found however it is written: case, accents, hyphens and dashes,
width variants, possessives, plurals and Slack's markup make no difference.
"""

import re
import unicodedata
from enum import IntEnum
from typing import NamedTuple


class Gap(IntEnum):
    """What stands before a word; a name may be read across all but a hard one."""

    NONE = 0  # a space, hyphen, apostrophe or formatting mark
    SOFT = 1  # a comma, bracket, slash, plus sign or a dash between spaces
    LINE = 2  # the end of a line, which may be no more than where a text was wrapped
    HARD = 3  # the end of a sentence or paragraph, or something masked


class Token(NamedTuple):
    """One word of a text."""

    word: str  # folded: lower case, no accents, singular
    upper: bool  # written in capitals, two letters or more
    gap: Gap  # what stands before it
    misspelt: bool = False  # a well-known misspelling, put right


LONGEST = 40_000  # characters: what Slack takes for a message
MASKED = "\N{REPLACEMENT CHARACTER}"  # a link, code span, user, channel or file name: never read, but it is there

_SPAN = re.compile(
    r"```.*?```"  # code block
    r"|`[^`\n]+`"  # code span
    r"|<(?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>]*>",  # Slack's user, channel, broadcast and link markup
    re.DOTALL,
)
_USER = re.compile(r"<@[^<>]*>")
_ADDRESS = re.compile(
    r"\w://|^\W*www\.|\w@\w"  # links and e-mail addresses
    r"|^[^\w@#:]*[@#]\w"  # @user and #channel
    r"|^[^\w:]*:[\w+-]+:"  # :emoji:
    r"|^\W?/\w+/"  # /a/path
    r"|\w\.(?:com|org|net|gov|edu|io|uk|de|eu|info)\b"
    r"|\w\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|txt|csv|md|py|ya?ml|json|html?)\b"
    r"|[^\W_]_+[^\W_]",  # a_file_name
    re.IGNORECASE,
)
_WORD = re.compile(r"\+ve\b|(?:[^\W\d_]\.){2,}|[^\W_]+(?:'[^\W_]+)*|\n|[^\w\s]+|_+")
_INSERTED = re.compile(r"(?<=[^\W\d_])\(([^\W\d_]+)\)(?=[^\W\d_])")  # poly(radiculo)neuropathy
_DOTTED = re.compile(r"\s*(?:[^\W\d_]\.){2,}\s*\??\s*")  # "M.G." typed alone; in a sentence it is somebody's initials
_JOINED_BY = {"+": "plus", "&": "and"}
_POSSESSIVE = re.compile(r"'s?$")
_HARD = re.compile(r"[.;:?!|•·…]")
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "vs"})  # a full stop after these ends no sentence
_NO_BREAK = frozenset("-'\"*~_")
_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
    | dict.fromkeys("‐‑‒−﹣", "-")
    | dict.fromkeys("‘’ʼ`´′ʹ", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)


def tokens(text: str) -> list[Token]:
    """The words of a text, folded, in order; links, code, users, channels and file names become `MASKED`."""
    text = _SPAN.sub(_mask, text[:LONGEST])
    if _DOTTED.fullmatch(text):
        text = text.replace(".", "")
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if not text.isascii():
        text = _plain_letters(text)[:LONGEST]
    found: list[Token] = []
    gap = Gap.HARD
    for line in text.splitlines():
        for chunk in line.split():
            if chunk.isalnum():  # a plain word, as most are
                found.append(_token(chunk, gap))
                gap = Gap.NONE
            elif _ADDRESS.search(chunk):
                found.append(Token(MASKED, False, Gap.HARD))
                gap = Gap.HARD
            else:
                gap = _read_chunk(chunk, gap, found)
        gap = max(gap, Gap.LINE) if line.strip() else Gap.HARD
    return found


def phrase(text: str) -> tuple[str, ...]:
    """The folded words of a name from the data file; empty when it has none."""
    if text.isascii() and text.isalnum():  # a plain word, as most of the file's are
        return (fold(text),)
    return tuple(token.word for token in tokens(text))


def fold(word: str) -> str:
    """One word in its comparable form: lower case, and singular where it is long enough to tell."""
    word = word.casefold()
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


def _mask(match: re.Match[str]) -> str:
    return " " if _USER.fullmatch(match[0]) else f" {MASKED} "


def _plain_letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)[:LONGEST].translate(_LETTERS)  # one character may become eighteen
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _token(word: str, gap: Gap) -> Token:
    return Token(fold(word), len(word) > 1 and word.isupper(), gap)


def _read_chunk(chunk: str, gap: Gap, found: list[Token]) -> Gap:
    """Add the words of one run of non-blank characters; return the gap before whatever follows it."""
    if chunk in _JOINED_BY:
        found.append(Token(_JOINED_BY[chunk], False, gap))
        return Gap.NONE
    if "(" in chunk:
        chunk = _INSERTED.sub(r"\1", chunk)
    for part in _WORD.finditer(chunk):
        piece = part[0]
        if piece[0].isalnum():
            dotted = "." in piece
            word = piece.replace(".", "") if dotted else _POSSESSIVE.sub("", piece).replace("'", "")
            if dotted and len(word) < 3:  # "K.D." is somebody's initials
                word = MASKED
            found.append(_token(word, gap))
            gap = Gap.NONE
        elif MASKED in piece:
            found.append(Token(MASKED, False, Gap.HARD))
            gap = Gap.HARD
        elif _says_positive(piece, part.end(), chunk):
            found.append(Token("positive", False, Gap.NONE))
        else:
            title = piece == "." and found and found[-1].word in _TITLES
            gap = Gap.NONE if title else max(gap, _gap(piece, alone=len(piece) == len(chunk)))
    return gap


def _says_positive(piece: str, end: int, chunk: str) -> bool:
    """ "GBS+" and "GBS +ve" say positive; a plus between two words ("GBS+CIDP") only joins them."""
    return piece == "+ve" or (piece[0] == "+" and len(chunk) > 1 and end == len(chunk))


def _gap(piece: str, *, alone: bool) -> Gap:
    if _HARD.search(piece):
        return Gap.HARD
    if not alone and _NO_BREAK.issuperset(piece):
        return Gap.NONE
    return Gap.SOFT
