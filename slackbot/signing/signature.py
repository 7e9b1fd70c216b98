"""Signing a content: the records are written into the data file's text, and nothing else in it is touched."""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec.structs import asdict

from slackbot.content.load import ContentError, load_content, parse
from slackbot.content.schema import Content, Review, Signed, read
from slackbot.matching.match import Matcher
from slackbot.signing.digests import digests

# The key and what stands indented (or as a list) below it, up to the next key or comment.
_REVIEW = re.compile(r"^review:[^\S\r\n]*(?:\[\])?[^\S\r\n]*(\r?\n)(?:(?:[ \t]+|-[ \t])[^\r\n]*\r?\n)*", re.MULTILINE)


class SignatureError(Exception):
    """The records can't be written; `str()` says why, and what to do. The file is as it was."""


def sign(path: Path, parts: Collection[Signed], by: str, due: dt.date, day: dt.date) -> None:
    """Write into the data file at `path` that these parts of it, as they are, were signed.

    A record of something else, or of the same by the same person, gives way to the new one.
    Raises ContentError when the file has faults, SignatureError when it can't be signed so.
    """
    content = load_content(path)
    reckoned = digests(Matcher(content))
    written = {Signed.CARDS: reckoned.cards, Signed.READINGS: reckoned.readings}
    reviews = [
        review
        for review in content.review
        if review.of not in parts or (review.digest == written[review.of] and review.by != by)
    ]
    for of in parts:
        review = read({"of": of, "digest": written[of], "by": by, "on": day, "due": due}, Review)
        if review is None:
            raise SignatureError("--by must be a name and a role, of 100 characters at most.")
        reviews.append(review)
    text = path.read_bytes().decode("utf-8")
    signed = _with_reviews(text, reviews)
    _compare(path, content, signed, reviews)
    path.write_bytes(signed.encode("utf-8"))


def _with_reviews(text: str, reviews: list[Review]) -> str:
    """The text with these records below `review:`. Raises SignatureError."""
    places = _REVIEW.findall(text)
    if len(places) != 1:
        raise SignatureError("The file has no line `review:` with its records below it; write one, and sign again.")
    end = places[0]
    lines = ["review:", *(line for review in reviews for line in _record(review))]
    return _REVIEW.sub(lambda _: end.join([*lines, ""]), text)


def _record(review: Review) -> Iterator[str]:
    yield f"  - of: {review.of}"
    yield f'    digest: "{review.digest}"'
    yield f"    by: {json.dumps(review.by, ensure_ascii=False)}"
    yield f"    on: {review.on}"
    yield f"    due: {review.due}"


def _compare(path: Path, before: Content, signed: str, reviews: list[Review]) -> None:
    """Read the new text again: the records stand there, and all else is as it was.

    Raises ContentError for a record that is none, SignatureError.
    """
    after, faults = parse(signed)
    if after is None:
        raise ContentError(path, faults)
    if asdict(after) != asdict(before) | {"review": tuple(reviews)}:
        raise SignatureError("The records could not be written without touching something else; write them by hand.")
