"""Sentences of general English, with a place for a name, and nothing that is evidence for any entry.

They are made here, of common words, by a small grammar of our own, so that they are ours to ship under the project's
licence: 2,250 sentences, the same each time. `python tests/general_english.py` reads every ambiguous name of the data
file in every one of them; exit status 1 if any brings a card.
"""

import sys
from itertools import cycle, product

from slackbot.content.load import load_content
from slackbot.matching.match import Matcher
from slackbot.settings import shipped

OPENERS = (
    "The {} {} {}.", "My {} {} {}.", "Somebody said the {} {} {} again.", "We think that {} {} {}.",
    "Yesterday a {} {} {} twice.", "No {} {} ever {}.", "Every {} {} {} on Sundays.", "This {} {} quietly {}.",
    "One more {} {} {} by noon.", "Perhaps an {} {} {} later.",
)  # fmt: skip
THINGS = (
    "bicycle", "garden fence", "choir", "newspaper", "football club", "ferry", "printer", "ticket machine", "kettle",
    "violin", "parking space", "bakery", "umbrella", "tax form", "podcast",
)  # fmt: skip
DOINGS = (
    "was sold to a neighbour", "closed early", "made everyone laugh", "broke in the rain", "was worth eleven pounds",
    "travelled north by train", "won the village prize", "needs new paint", "blocked the driveway",
    "played an old song", "disappeared behind the library", "smelled of coffee", "ran out of paper",
    "was painted bright green", "surprised the mayor",
)  # fmt: skip
SENTENCES = [opener.format("{}", thing, doing) for opener, thing, doing in product(OPENERS, THINGS, DOINGS)]


def answered_in(sentences: list[str], matcher: Matcher, *, in_turn: bool = False) -> list[str]:
    """The sentences that bring a card with an ambiguous name in them: with each name, or with one each in turn."""
    names = [each.name for entry in matcher.content.entries for each in entry.ambiguous]
    pairs = zip(sentences, cycle(names), strict=False) if in_turn else product(sentences, names)
    return [text for text in (sentence.format(name) for sentence, name in pairs) if matcher.match(text).answered]


if __name__ == "__main__":
    matcher = Matcher(load_content(shipped("data/ivig.yaml")))
    answered = answered_in(SENTENCES, matcher)
    print(*answered, f"{len(SENTENCES)} sentences of general English: {len(answered)} texts answered", sep="\n")
    sys.exit(bool(answered))
