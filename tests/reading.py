"""Reading a text against a content, whose matcher is built once."""

from functools import cache

from slackbot.content.schema import Content
from slackbot.matching.match import Match, Matcher

matcher_of = cache(Matcher)


def match(text: str, content: Content) -> Match:
    """What the text asks about."""
    return matcher_of(content).match(text)
