"""What is wrong with a text that is no YAML, line by line and in an editor's words; and what nobody can see in it.

A YAML parser stops at the first fault, often far below the line that holds it. The data file is laid out more plainly
than YAML allows (every text on its line, or below `>-`), so each line can be judged by itself.
"""

import re
from typing import Any, NamedTuple

import yaml

from slackbot.content.fault import Fault

COMMENT = "a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line of its own"
CURLY = "curly quotes (“ ”) are no quotes here; type straight ones"

_UNSEEN = "\u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff"  # spaces that look like one, or like nothing
_KEY = r"[A-Za-z_][\w-]*"
_LEADING = re.compile(rf"(?:[ \t{_UNSEEN}]|-(?=[ \t{_UNSEEN}]))*(?:{_KEY}:[{_UNSEEN}]+)?")
_SUSPECT = re.compile(f"[\t\u0085\u2028\u2029{_UNSEEN}]")
_BREAKS = re.compile("[\u0085\u2028\u2029]")
_LINE = re.compile(rf"(?P<indent> *)(?P<dashes>(?:-(?: +|$))*)(?:(?P<key>{_KEY})[ ]*:(?: +|$))?(?P<value>.*)$")
_TIGHT_KEY = re.compile(rf"(?P<key>{_KEY}):(?!//)\S")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
_CLOSING = {"[": "]", "{": "}"}


def hashes_behind(text: str) -> list[int]:
    """Where a # stands behind something else on a line that is no comment itself."""
    before = (
        (m.start(), text[text.rfind("\n", 0, m.start()) + 1 : m.start()].lstrip()) for m in re.finditer("#", text)
    )
    return [place for place, start in before if start and not start.startswith("#")]


def in_curly_quotes(text: str) -> bool:
    """Whether curly quotes stand around the whole of a text, in place of straight ones."""
    return len(text) > 1 and text[0] in "“”‘’„" and text[-1] in "“”‘’" and not re.search("[“”„]", text[1:-1])


def without_invisible(text: str) -> tuple[list[Fault], str]:
    """The faults that nobody can see, and the text as it would be without them."""
    if not _SUSPECT.search(text):
        return [], text
    faults, lines = [], text.split("\n")
    for i, line in enumerate(lines):
        leading = _LEADING.match(line)[0]  # type: ignore[index]  # it matches the empty text too
        if "\t" in leading:
            faults.append(Fault(i + 1, "a tab stands before the text; indent with spaces"))
        if re.search(f"[{_UNSEEN}]", leading):
            what = re.sub(f"[-:{_UNSEEN}]", " ", leading).strip() or re.split("[:\\s]", line[len(leading) :])[0]
            faults.append(
                Fault(i + 1, f"an invisible space that is no plain one stands by '{what}'; delete it, type a space")
            )
        if _BREAKS.search(line):
            faults.append(Fault(i + 1, "an invisible line break stands in this line; delete it"))
        plain = re.sub(f"[{_UNSEEN}]", " ", leading.replace("\t", "    "))
        lines[i] = plain + _BREAKS.sub(" ", line[len(leading) :])
    return faults, "\n".join(lines)


def faults(text: str, error: yaml.MarkedYAMLError) -> list[Fault]:
    """Every syntax fault that can be found in a text which the parser refused with `error`."""
    scan = _Scan(text)
    noted = scan.faults
    rest = error if not noted else None if scan.slipped else _refusal("\n".join(scan.mended))
    if rest and (mark := rest.problem_mark or rest.context_mark) and all(mark.line + 1 != f.line for f in noted):
        noted.append(Fault(mark.line + 1, f"not YAML: {rest.problem}; check the indent and the quotes"))
    return noted


def _refusal(text: str) -> yaml.MarkedYAMLError | None:
    loader: Any = yaml.CSafeLoader(text)
    try:
        while loader.get_event():
            pass
    except yaml.MarkedYAMLError as error:
        return error
    return None


class _Column(NamedTuple):
    """Where the keys or dashes of one block begin."""

    column: int
    line: int
    what: str
    key: str = ""  # the one behind a dash


class _Bracket(NamedTuple):
    """A bracket that is open."""

    opening: str
    line: int
    indent: int


class _Scan:
    """One walk over the lines: what is wrong with each, and how it would read if it were mended."""

    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self.mended = text.split("\n")
        self._columns: list[_Column] = []
        self._opens = True  # whether the line before may have a deeper block below it
        self._folded: int | None = None  # the indent above a text that stands below >- or |
        self._brackets: list[_Bracket] = []
        self._last = text.rstrip().count("\n")
        self._lost = False  # after an unclosed quote, lines may be the rest of its text
        self._shifted: int | None = None  # where a line with the wrong indent begins: what is below it moves with it
        self.slipped = False  # whether any line has the wrong indent, which is not mended here
        for i, line in enumerate(self.mended.copy()):
            self._line(i, line)
        self._close_brackets(len(self.mended), at_end=True)

    def _note(self, i: int, message: str) -> None:
        self.faults.append(Fault(i + 1, message))

    def _line(self, i: int, line: str) -> None:
        bare = line.strip()
        if not bare or bare.startswith("#"):
            return
        indent = len(line) - len(line.lstrip(" "))
        if self._folded is not None:
            if indent > self._folded:
                return
            self._folded = None
        if self._brackets:
            if not (indent <= self._brackets[0].indent and re.match(rf"(?:- +)?{_KEY}:(?: |$)", bare)):
                self._in_brackets(i, line, 0)
                return
            self._close_brackets(i)
        if not bare.startswith(("---", "...", "%")):
            self._in_block(i, line)

    # Blocks: one key or dash a line.

    def _in_block(self, i: int, line: str) -> None:
        parts = _LINE.match(line)
        assert parts  # noqa: S101  # every line matches
        indent, dashes, key, value = parts["indent"], parts["dashes"], parts["key"], parts["value"]
        if not dashes and re.match(r"-[^\s-]", value):
            self._note(i, "put a space behind the -")
            self.mended[i] = f"{indent}- {value[1:]}"
            self._in_block(i, self.mended[i])
            return
        tight = None if key else _TIGHT_KEY.match(value)
        if tight and not self._lost:
            self._note(i, f"put a space behind '{tight['key']}:'")
            self.mended[i] = f"{indent}{dashes}{tight['key']}: {value[len(tight['key']) + 1 :]}"
            self._in_block(i, self.mended[i])
            return
        if not (dashes or key):
            self._neither(i, indent, value)
            return
        self._lost = False
        column = len(indent)
        for dash in re.findall(r"- *", dashes):
            column = self._place(i, column, "-", key or "") + 2
            self._opens = True
            if len(dash) > 2:
                self._note(i, "more than one space stands behind the -; keep one")
                self.slipped = True
        if key:
            self._place(i, column, key)
        self._opens = not value or value.startswith("#")
        offset = len(line) - len(value)
        self._value(i, line, offset)

    def _neither(self, i: int, indent: str, value: str) -> None:
        """A line with no key and no dash."""
        self.mended[i] = f"{indent}# {value}"
        if self._lost:
            return
        if value.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            self._note(i, "a mark left by a merge stands here; keep one of the two versions and delete the marks")
        elif re.match(r"[*•–—·] ", value):
            self._note(i, f"a list's item begins with a plain '- ', not with '{value[0]}'; type it anew")
        else:
            cut = ", or the file is cut off" if i >= self._last else ""
            self._note(
                i, f"this line is neither 'key: value' nor '- item'; join it to the line above, or add the key{cut}"
            )

    def _place(self, i: int, column: int, what: str, key: str = "") -> int:
        """Note a key, or a dash before a key, that stands beside none of its kind; the column on which it stands."""
        if self._shifted is not None and column > self._shifted:
            return column
        self._shifted = None
        last: _Column | None = None
        alike = next((each for each in reversed(self._columns) if (each.what, each.key) == (what, key)), None)
        while self._columns and self._columns[-1].column > column:
            last = self._columns.pop()
        above = self._columns[-1] if self._columns else None
        if above and above.column == column:
            if above.what == "-" != what:
                self._note_key(i, column, what, above)
            elif above.what != "-" == what and not self._opens:
                self._note_dash(i, column, above, alike)
            return column
        if self._opens and last is None:
            self._columns.append(_Column(column, i, what, key))
            return column
        near = (each for each in (last, above) if each)
        beside = min(near, key=lambda each: ((each.what == "-") != (what == "-"), abs(each.column - column)))
        self._note_shift(i, column, what, beside)
        self._shifted = min(column, beside.column) if what == "-" else column - 1
        return column

    def _note_shift(self, i: int, column: int, what: str, beside: _Column) -> None:
        spaces, way = abs(column - beside.column), "many" if column > beside.column else "few"
        self._note(
            i,
            f"{spaces} {'space' if spaces == 1 else 'spaces'} too {way} before '{what}': "
            f"line it up with '{beside.what}' on line {beside.line + 1}",
        )
        self.slipped = True

    def _note_key(self, i: int, column: int, what: str, dash: _Column) -> None:
        """Note a key right below a dash: its own dash is missing, or it belongs to the item of the one above."""
        if dash.key and dash.key != what:
            self._note_shift(i, column, what, _Column(dash.column + 2, dash.line, dash.key))
        else:
            self._note(i, f"'- ' is missing before '{what}', which stands in a list")
        self.slipped = True
        self._shifted = column - 1

    def _note_dash(self, i: int, column: int, above: _Column, alike: _Column | None) -> None:
        """Note a dash among keys: an item that has slipped sideways, or one in the wrong place."""
        self.slipped = True
        if alike:
            self._note_shift(i, column, "-", alike)
            self._shifted = min(column, alike.column)
        else:
            self._note(i, f"a '- ' stands here among keys like '{above.what}'; delete it, or move the item to its list")
            self._shifted = column

    def _value(self, i: int, line: str, offset: int) -> None:
        value = line[offset:]
        first = value[:1]
        if re.match(r"[|>][-+\d]*\s*(?:#|$)", value):
            parts = _LINE.match(line)
            self._folded = len(parts["indent"]) if parts else 0
        elif first in _CLOSING:
            self._in_brackets(i, line, offset)
        elif first in _QUOTED:
            self._quoted(i, line, offset)
        elif first in ("“", "„", "‘"):
            self._note(i, CURLY)
            self._quote(i, offset)
        elif re.match(r"[*&!%@`,|>\]}]|[-?](?: |$)", value):
            self._note(i, f"a text can't begin with {first}; put it in quotes")
            self._quote(i, offset)
        elif re.search(r":(?: |$)", text := _uncommented(value)):
            self._note(i, "a colon stands in this text; put the text in quotes")
            self._quote(i, offset)
        elif text != value:
            self._note(i, COMMENT)
            self._quote(i, offset)

    def _quoted(self, i: int, line: str, offset: int) -> None:
        quote = line[offset]
        whole = _QUOTED[quote].match(line, offset)
        if not whole:
            self._note(i, f"the quote that opens here is not closed on this line; add {quote} at the end of the text")
            self._quote(i, offset)
            self._lost = True
        elif quote == '"' and re.search(r"(?<!\\)(?:\\\\)*\\[^\"\\/nt]", whole[0]):
            self._note(i, "a backslash stands in this text; write it twice, or put the text in single quotes")
            self._quote(i, offset)
        elif (rest := line[whole.end() :].strip()) and not rest.startswith("#"):
            self._note(
                i, "this text goes on behind its closing quote; put one pair of \" around all of it, and use ' inside"
            )
            self._quote(i, offset)

    def _quote(self, i: int, offset: int) -> None:
        """Mend a line as if the whole of its value stood in quotes."""
        line = self.mended[i]
        inner = line[offset:].strip().strip("\"'“”").replace("\\", "").replace('"', "'")
        self.mended[i] = f'{line[:offset]}"{inner}"'

    # Brackets: [a, b] and {key: value}, over any number of lines.

    def _in_brackets(self, i: int, line: str, place: int) -> None:  # noqa: C901, PLR0912  # one branch for each sign
        fresh, keyed = True, False  # at the beginning of an item; behind the colon of a {key: value}
        while place < len(line):
            char = line[place]
            if char == "#" and line[place - 1 : place].strip() == "":
                return
            if char in _QUOTED and fresh:
                place = self._item_in_quotes(i, place)
                line, fresh = self.mended[i], False
                continue
            if char in _CLOSING and fresh:
                self._brackets.append(_Bracket(char, i, len(line) - len(line.lstrip(" "))))
                keyed = False
            elif char in "]}":
                fresh = False
                if char != _CLOSING[self._brackets[-1].opening]:
                    self._note(i, f"a {char} stands here and a {_CLOSING[self._brackets[-1].opening]} is wanted")
                    self._mend(i, place, place + 1, _CLOSING[self._brackets[-1].opening])
                self._brackets.pop()
                if not self._brackets:
                    self._behind_bracket(i, place + 1)
                    return
            elif char == ",":
                fresh, keyed = True, False
            elif fresh and char in "*&!%@`":
                self._note(i, f"a text can't begin with {char}; put it in quotes")
                self._mend(i, place, place + 1, " ")
                line, fresh = self.mended[i], False
            elif char in "[{":
                self._note(i, f"a {char} stands in this text; put the text in quotes")
                self._mend(i, place, place + 1, "(")
                line = self.mended[i]
            elif char == ":" and line[place + 1 : place + 2] in (",", "}") and self._brackets[-1].opening == "{":
                key = re.split("[{,]", line[:place])[-1].strip()
                self._note(i, f"nothing stands behind '{key}:'; fill it in, or remove the key")
                self._mend(i, place, place + 1, ": ''")
                line, place = self.mended[i], place + 4
                continue
            elif char == ":" and line[place + 1 : place + 2] in ("", " ") and self._brackets[-1].opening == "{":
                if keyed:
                    self._note(i, "a colon stands in this text; put the text in quotes")
                    self._mend(i, place, place + 1, ";")
                    line = self.mended[i]
                fresh = keyed = True
                place += 1
                continue
            elif char != " ":
                fresh = False
            place += 1

    def _item_in_quotes(self, i: int, place: int) -> int:
        """Note what is wrong with an item in quotes; where it ends."""
        line = self.mended[i]
        quote = line[place]
        whole = _QUOTED[quote].match(line, place)
        if not whole:
            self._note(i, f"the quote that opens here is not closed on this line; add {quote} at the end of the text")
            end = re.compile(r"[,\]}]|$").search(line, place).start()  # type: ignore[union-attr]  # $ is always there
            self._mend(i, end, end, quote)
            return end + 1
        rest = line[whole.end() :].lstrip()
        following = rest or next((text for text in map(str.strip, self.mended[i + 1 :]) if text), "")
        if following[:1] not in (",", "]", "}", ":", "#", ""):
            self._note(i, f"a comma is missing behind {whole[0]}; or put one pair of quotes around all of the text")
            self._mend(i, whole.end(), whole.end(), ",")
        return whole.end()

    def _behind_bracket(self, i: int, place: int) -> None:
        rest = self.mended[i][place:].strip()
        if rest and not rest.startswith("#"):
            self._note(i, f"'{rest}' stands behind the closing bracket; delete it, or put the whole text in quotes")
            self.mended[i] = self.mended[i][:place]

    def _mend(self, i: int, start: int, end: int, new: str) -> None:
        self.mended[i] = self.mended[i][:start] + new + self.mended[i][end:]

    def _close_brackets(self, i: int, *, at_end: bool = False) -> None:
        if not self._brackets:
            return
        opened = self._brackets[0]
        closing = "".join(_CLOSING[bracket.opening] for bracket in reversed(self._brackets))
        cut = ", or the file is cut off" if at_end else ""
        self._note(opened.line, f"the {opened.opening} that opens here is not closed; add {closing}{cut}")
        last = max(j for j in range(min(i, len(self.mended))) if self.mended[j].strip())
        self.mended[last] += closing
        self._brackets.clear()


def _uncommented(value: str) -> str:
    return re.split(r"\s#", value, maxsplit=1)[0]
