"""Reading a text, as Slack sends it, against a content whose matcher and cards are built once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from unittest import mock

from msgspec.structs import replace

from slackbot.cards.card import Cards
from slackbot.content.load import parse
from slackbot.content.schema import Content
from slackbot.matching.match import Match, Matcher
from slackbot.matching.rules import AGAINST
from slackbot.signing.digests import digests
from slackbot.signing.records import signed_cards
from slackbot.slack.markup import plain
from slackbot.words.lists import BASE, TEXT, Weights, load_language

NEUTRAL: Weights = {"name": {BASE: AGAINST}, TEXT: {BASE: 0}}  # by which nothing is held back, and nothing evidence
matcher_of = cache(Matcher)
cards_of = cache(Cards)
digests_once = cache(digests.__wrapped__)  # theirs keeps those of four matchers, and the tests use more
parse_once = lru_cache(maxsize=32)(parse)  # by the file's text: an edited one is read anew


@contextmanager
def each_text_read_once() -> Iterator[None]:
    """Whoever reads a data file that was read before, be it a verb, gets the same content and matcher."""
    with ExitStack() as stack:
        for module in ("content.load", "signing.signature"):
            stack.enter_context(mock.patch(f"slackbot.{module}.parse", parse_once))
        for module in ("__main__", "doctor", "signing.signature", "signing.pack"):
            stack.enter_context(mock.patch(f"slackbot.{module}.Matcher", matcher_of))
        for module in ("__main__", "doctor", "signing.signature", "signing.pack", "signing.records", "slack.http"):
            stack.enter_context(mock.patch(f"slackbot.{module}.digests", digests_once))
        yield


@cache
def signed_cards_of(content: Content) -> Cards:
    """Its cards as the doors make them, each saying where the content stands."""
    return signed_cards(matcher_of(content))


def match(text: str, content: Content) -> Match:
    """What the text asks about, without Slack's mark-up, which every door takes off."""
    return matcher_of(content).match(plain(text))


@cache
def rules_of(content: Content) -> Matcher:
    """A matcher that reads by its rules alone: what words weigh is learnt anew whenever a table grows."""
    return Matcher(content, replace(load_language(), weights=NEUTRAL))


def cards_and_offers(text: str, content: Content) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The entries that the text brings a card of, and those that it only offers, by the rules alone."""
    found = rules_of(content).match(plain(text))
    return found.answered, found.suggested
