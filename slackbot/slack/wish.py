"""Who is to see the answer, when the question says so: a wish to be private, however written, wins."""

import re
from typing import Self

from msgspec import Struct

from slackbot.matching.match import Match, Matcher, Outcome

# "me", with what people put round it; "(me)", "just me:", "for me only".
_ME = r"(?:(?:just|only|for|to|with)\s+){0,3}me\b(?:\s+(?:only|alone)\b)?"
_SECRETLY = (
    r"(?:privately|confidentially|discreetly|quietly|secretly|in\s+(?:private|confidence|secret)"
    r"|for\s+my\s+eyes(?:\s+only)?|my\s+eyes\s+only|between\s+us)\b"
)
_PLAINLY = r"(?:private|confidential|ephemeral|whisper)\b"
_TO_ME = r"(?:dm|pm|whisper)\s+me\b"
_NOT_THE_DISEASE = r"(?!['’]|\W{0,3}cfs\b)"  # of ME/CFS
_POLITELY = r"(?:please|pls|thanks|thank\s+you)"
_FIRST = r"\W*(?:(?:please|pls|hi|hey|hello|ok|okay|so|and)\b\W*){0,3}"
_ALL = re.IGNORECASE | re.DOTALL
_OPEN = " \t\n([{,;:-–—/*_~`\"'“‘"  # what would be left open where a wish was taken off the end

_LEADING = re.compile(
    rf"{_FIRST}(?P<wish>{_TO_ME}(?=\W+\w)|{_ME}|{_SECRETLY}|{_PLAINLY}){_NOT_THE_DISEASE}(?:\W+{_POLITELY}\b)?"
    r"\W*(?P<rest>.*)",
    _ALL,
)
_TRAILING = re.compile(
    rf"(?P<rest>.*?)(?<!cfs/)(?<![^\W_])(?P<wish>{_ME}|{_SECRETLY}|{_PLAINLY})(?:\W+{_POLITELY})?\W*",
    _ALL,
)
_AMONG = re.compile(
    rf"(?P<wish>\b(?:just|only)\s+(?:(?:for|to|with)\s+)?me\b|\bme\s+(?:only|alone)\b|[(\[]\s*me\s*[)\]]|\b{_SECRETLY})",
    _ALL,
)
_HERE = re.compile(r"\W*here\b(?!['’])\W*(?P<rest>.*)", _ALL)


class Wish(Struct, frozen=True):
    """What is asked, and who is to see the answer."""

    text: str
    """What is asked, without the wish."""
    private: bool | None = None
    """True: the asker alone. False: everybody. None: nothing is wished."""
    whole: str | None = None
    """What is asked if "ME", in capitals, was no wish but a short form."""

    @classmethod
    def read(cls, text: str) -> Self:
        """Take the wish off a text that is written to the bot."""
        rest, private = text, None
        if here := _HERE.fullmatch(text):
            rest, private = here["rest"], False
        if wish := _LEADING.fullmatch(rest) or _TRAILING.fullmatch(rest):
            question = wish["rest"].rstrip(_OPEN)
            in_capitals = "ME" in wish["wish"].split()
            if in_capitals and not _says_something(question):
                return cls(text)
            return cls(question, private=True, whole=rest if in_capitals else None)
        if wish := _AMONG.search(rest):
            return cls(f"{rest[: wish.start()]} {rest[wish.end() :]}", private=True)
        return cls(rest, private)

    @property
    def alone(self) -> bool:
        """Whether it is wished, and nothing is asked."""
        return self.private is not None and not _says_something(self.text)

    def match(self, matcher: Matcher) -> Match:
        """What is asked about."""
        match = matcher.match(self.text)
        if self.whole and match.outcome in (Outcome.MISS, Outcome.HELP, Outcome.ABOUT):
            whole = matcher.match(self.whole)
            return whole if whole.answered or whole.suggested or whole.lookalikes else match
        return match


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
