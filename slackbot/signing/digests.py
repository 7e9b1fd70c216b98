"""Digests of what the bot shows and of how it reads: two are the same only where both come to the same.

They stand on plain data written as canonical JSON, so they are the same on every machine, under every version of
Python and in whatever order the file has its keys. What a deployment sets is no part of them: neither the contact, nor
the day, nor who has reviewed what.
"""

import datetime as dt
import hashlib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from slackbot.cards import wording
from slackbot.cards.card import Cards
from slackbot.cards.choice import Choice
from slackbot.content.names import names
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher

SHOWN = 8  # digits of a digest that people see


class Digests(Struct, frozen=True):
    """The whole SHA-256 of what is shown, and of how texts are read, in hexadecimal."""

    cards: str
    readings: str

    @property
    def version(self) -> str:
        """The digits by which people tell one content from another, as every card shows them."""
        return in_short(self.cards)


def in_short(digest: str) -> str:
    """A digest as people see it: 3f9a-1c7e."""
    return f"{digest[: SHOWN // 2]}-{digest[SHOWN // 2 : SHOWN]}"


@lru_cache(maxsize=4)  # a matcher's content never changes, and reckoning takes a while
def digests(matcher: Matcher) -> Digests:
    """The digests of a content, by the matcher that reads it. Reckoned once for each matcher."""
    return Digests(_digest(_shown(matcher.content)), _digest(_read(matcher)))


def _digest(data: object) -> str:
    return hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()


# Everything shown.


def _shown(content: Content) -> dict[str, Any]:
    """Every card of the content, and every sentence of the code."""
    return {
        "cards": {name: _plain(card) for name, card in Cards(content).everything()},
        "wording": dict(sentences()),
    }


def _plain(value: object) -> Any:
    """A part of a card as plain data; what a button carries, as it carries it."""
    kind: type = type(value)
    if kind is str:  # as most parts are
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Choice):
        return value.encode()
    if isinstance(value, msgspec.Struct):
        return {"is": kind.__name__} | {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return value


# What each sentence of `wording` is filled in with, by the type of the place.
_EXAMPLES: Mapping[Any, tuple[Any, ...]] = {
    str: ("{text}",),
    str | None: ("{text}", None),
    int: (12,),
    bool: (False, True),
    dt.date: (dt.date(2026, 12, 31),),
    Iterable[str]: (("{one}",), ("{one}", "{two}", "{three}")),
    Sequence[str]: (("{one}",), tuple(f"{{{number}}}" for number in range(1, 13))),
}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence that stands in the code, each with a name: as it is, or filled in with examples."""
    for name, value in vars(wording).items():
        if isinstance(value, str) and name.isupper():
            yield name, value
        elif inspect.isfunction(value) and value.__module__ == wording.__name__ and not name.startswith("_"):
            kinds = get_type_hints(value)
            kinds.pop("return")
            for number, filled in enumerate(product(*map(_examples, kinds.values())), start=1):
                yield f"{name} {number}", value(*filled)


def _examples(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else _EXAMPLES[kind]


# How texts are read.

_OF_ENTRIES = ("id", "name", "short", "names", "misspellings", "ambiguous", "evidence", "ask", "forms")
_NAMING = ("look_alikes", "topics", "ivig", "spellings")


def _read(matcher: Matcher) -> dict[str, Any]:
    """The names and words that texts are read by, and what becomes of every name that is listed."""
    content, language = matcher.content, matcher.language
    return {
        "names": {name: getattr(content, name) for name in _NAMING}
        | {"entries": [{name: getattr(entry, name) for name in _OF_ENTRIES} for entry in content.entries]},
        "effects": {name: sorted(words) for name, words in language.effects.items()},
        "contexts": {name: sorted(phrases) for name, phrases in language.contexts.items()},
        "weights": language.weights,
        "outcomes": {written: _outcome(matcher, written) for written in {name.written for name in names(content)}},
    }


def _outcome(matcher: Matcher, text: str) -> tuple[Any, ...]:
    match = matcher.match(text)
    return match.outcome, match.answered, match.suggested, match.lookalikes, match.topics
