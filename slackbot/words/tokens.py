"""Typed text into comparable words.

One function serves both sides: the names in the data file and what a clinician types go through
`tokens`, so that a name in the file is found however it is written: case, accents, hyphens and dashes,
width variants, possessives and plurals make no difference. A chat platform's mark-up is taken off before.
"""

import re
import unicodedata
from enum import IntEnum
from itertools import filterfalse
from typing import NewType

from msgspec import Struct


class Gap(IntEnum):
    """What stands before a word; a name may be read across all but a hard one."""

    NONE = 0  # a space, hyphen, apostrophe or formatting mark
    SOFT = 1  # a comma, bracket, slash, plus sign or a dash between spaces
    LINE = 2  # the end of a line, which may be no more than where a text was wrapped
    HARD = 3  # the end of a sentence or paragraph, or something masked


Folded = NewType("Folded", str)
"""A word in its comparable form; only `fold`, `phrase` and `tokens` make one."""


class Token(Struct, gc=False):  # made in a third of a dataclass's time, and nothing is made as often
    """One word of a text."""

    word: Folded
    upper: bool  # written in capitals, two letters or more
    gap: Gap  # what stands before it
    mark: str = ""  # the punctuation before it, spaces left out: "(", "=", "->"
    written: str = ""  # as typed, for names that count only in their own spelling
    misspelt: bool = False  # a well-known misspelling, put right

    def as_word(self, word: Folded, *, misspelt: bool = False) -> "Token":
        """The same place in the text, read as another word."""
        return Token(word, self.upper, self.gap, self.mark, self.written, misspelt)


LONGEST = 4_000  # characters that are read: a question is no essay
MOST_LETTERS = 4  # letters that one character stands for ("½", "㎎"); some Arabic ones stand for whole sentences
MASKED = Folded("\N{REPLACEMENT CHARACTER}")  # an address, a file name, what a door has masked: never read, but there

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ADDRESS = re.compile(
    r"\w://|^\W*www\.|\w@\w"  # links and e-mail addresses
    r"|^[^\w@#:]*(?:@\w|#\d|#\w+[-_]\w)"  # @user, #3 and #a-channel
    r"|^\W?/\w+/"  # /a/path
    r"|\w\.(?:com|org|net|gov|edu|io|uk|de|eu|info)\b"
    r"|\w\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|txt|csv|md|py|ya?ml|json|html?)\b"
    r"|[^\W_]_+[^\W_]",  # a_file_name
    re.IGNORECASE,
)
_IN_ADDRESSES = frozenset("/.@#_")  # no address without one of these
_EMOJI = re.compile(r"[^\w:]*:[\w+-]+:[^\w:]*")
_WORD = re.compile(
    r"[+-]ve\b"
    r"|[^\W\d_](?:[.-][^\W\d_])+(?![^\W_])\.?"  # initials: G.B.S., S.L.E, G-B-S
    r"|[^\W_]+(?:'[^\W_]+)*|[^\w\s]+?(?=[+-]ve\b)|[^\w\s]+|_+"
)
_INITIALS = re.compile(r"[^\W\d_](?:[.-][^\W\d_])+\.?")
_ABBREVIATED = {"i.e": "ie", "e.g": "eg"}
_INSERTED = re.compile(r"(?<=[^\W\d_])\(([^\W\d_]+)\)(?=[^\W\d_])")  # poly(radiculo)neuropathy
_NONE = frozenset("øØ∅⊘")  # how notes write "no"
_SLASHED = {
    "h/o": "hx",
    "w/o": "without",
    "r/o": "ro",
    "c/o": "complains",
    "f/h": "fhx",
    "k/c/o": "known",
    "s/o": "suggestive",
    "r/o'd": "excluded",
    "w/": "with",
}
_JOINED_BY = {"+": "plus", "&": "and"}
_POSSESSIVE = re.compile(r"'s?$")
_HARD = frozenset(".;:?!|•·…")
_CLOSING = ",.?!;:)"  # what most often stands right behind a word
# A full stop after these ends no sentence.
_CUT_SHORT = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "vs", "incl", "esp", "cf"})
_NO_BREAK = frozenset("-'\"*~_")
_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
    | dict.fromkeys("‐‑‒−﹣", "-")
    | dict.fromkeys("‘’ʼ´′ʹ", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", " ")  # a footnote's number is no part of the word
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)


def tokens(text: str) -> list[Token]:
    """The words of a text's first LONGEST characters, folded, in order; what is masked becomes `MASKED`."""
    text = text[:LONGEST]
    bare = text.strip(" \t\n?")
    # "M.G." alone; in a sentence it is somebody's initials.
    if len(bare) < 12 and not bare.isalpha() and _INITIALS.fullmatch(bare):
        text = bare.replace(".", "").replace("-", "")
    if not text.isascii():
        if not _NONE.isdisjoint(text):
            text = " ".join("no" if chunk in _NONE else chunk for chunk in text.split(" "))
        text = _NOT_ASCII.sub(_plain_letters, text.replace("`", "'"))[:LONGEST]
    reader = _Reader()
    for line in text.splitlines():
        reader.read_line(line)
    return reader.tokens


def phrase(text: str) -> tuple[Folded, ...]:
    """The folded words of a name from the data file; empty when it has none."""
    if text.isascii() and text.replace(" ", "").isalnum():  # plain words, as most of the file's are
        return tuple(map(fold, text.split()))
    return tuple(token.word for token in tokens(text))


def fold(word: str) -> Folded:
    """One word in its comparable form: lower case, and singular where it is long enough to tell."""
    folded = Folded(word.casefold())
    if len(folded) > 4 and folded[-1] == "s" and folded[-2] not in "sui":
        return Folded(folded[:-3] + "y" if folded.endswith("ies") else folded[:-1])
    return folded


def _plain_letters(run: re.Match[str]) -> str:
    """Characters without accents, width variants and typographic punctuation."""
    letters = unicodedata.normalize("NFKD", _without_marks(run[0]).translate(_LETTERS))
    return _without_marks(letters[: MOST_LETTERS * len(run[0])]).translate(_LETTERS)


def _without_marks(text: str) -> str:
    return "".join(filterfalse(unicodedata.combining, text))


class _Reader:
    """Makes tokens of a text, run of non-blank characters by run."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self._gap = Gap.HARD
        self._mark = ""

    def read_line(self, line: str) -> None:
        chunks = line.split()
        for chunk in chunks:
            if chunk.isalnum():  # a plain word, as most are
                self._add(chunk, chunk)
            elif (word := chunk.rstrip(_CLOSING)).isalnum():
                self._add(word, word)
                self._add_mark(chunk[len(word) :], alone=False)
            else:
                self._read(chunk)
        self._gap = max(self._gap, Gap.LINE) if chunks else Gap.HARD

    def _read(self, chunk: str) -> None:
        if chunk in _JOINED_BY:
            self._add(_JOINED_BY[chunk], chunk)
        elif len(chunk) == 1 and chunk != MASKED:
            self._add_mark(chunk, alone=True)
        elif "/" in chunk and chunk.lower() in _SLASHED:
            self._add(_SLASHED[chunk.lower()], chunk)
        elif ":" in chunk and _EMOJI.fullmatch(chunk):
            self._gap = max(self._gap, Gap.SOFT)
        elif not _IN_ADDRESSES.isdisjoint(chunk) and _ADDRESS.search(chunk):
            self._add_masked()
        else:
            self._read_parts(_INSERTED.sub(r"\1", chunk) if "(" in chunk else chunk)

    def _read_parts(self, chunk: str) -> None:
        for part in _WORD.finditer(chunk):
            piece = part[0]
            if piece[0].isalnum():
                self._add_piece(piece)
            elif MASKED in piece:
                self._add_masked()
            elif piece == "-ve":
                self._add("negative", piece)
            elif _says_positive(piece, part.end(), chunk):
                self.tokens.append(Token(Folded("positive"), False, Gap.NONE, "", piece))
            else:
                self._add_mark(piece, alone=len(piece) == len(chunk))

    def _add_piece(self, piece: str) -> None:
        if piece.isalnum():
            self._add(piece, piece)
        elif _INITIALS.fullmatch(piece):
            letters = piece.replace(".", "").replace("-", "")
            word = _ABBREVIATED.get(piece.rstrip(".").lower()) or (letters if len(letters) > 2 else MASKED)
            self._add(word, letters)
        else:
            self._add(_POSSESSIVE.sub("", piece).replace("'", ""), piece)

    def _add(self, word: str, written: str) -> None:
        self.tokens.append(Token(fold(word), word.isupper() and len(word) > 1, self._gap, self._mark, written))
        self._gap = Gap.NONE
        self._mark = ""

    def _add_mark(self, mark: str, *, alone: bool) -> None:
        """`alone`: whether spaces stand around it."""
        title = mark == "." and self.tokens and self.tokens[-1].word in _CUT_SHORT
        self._gap = Gap.NONE if title else max(self._gap, _gap(mark, alone=alone))
        self._mark += mark

    def _add_masked(self) -> None:
        self.tokens.append(Token(MASKED, False, Gap.HARD, self._mark))
        self._gap = Gap.HARD
        self._mark = ""


def _says_positive(piece: str, end: int, chunk: str) -> bool:
    """Whether it says positive: "GBS+", "GBS +ve"; a plus between two words ("GBS+CIDP") only joins them."""
    return piece == "+ve" or (piece[0] == "+" and len(chunk) > 1 and end == len(chunk))


def _gap(piece: str, *, alone: bool) -> Gap:
    if not _HARD.isdisjoint(piece):
        return Gap.HARD
    if not alone and _NO_BREAK.issuperset(piece):
        return Gap.NONE
    return Gap.SOFT
