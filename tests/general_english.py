"""Sentences of general English, with a place for a name, and nothing that is evidence for any entry.

They are made here, of common words, by a small grammar of our own, so that they are ours to ship under the project's
licence: 2,250 sentences, the same each time. `python tests/general_english.py` reads every ambiguous name of the data
file in every one of them; exit status 1 if any brings a card.
"""

import sys
from itertools import product

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


def answered_in(sentences: list[str], matcher: Matcher, *, every: int = 1) -> list[str]:
    """Of each `every`th pair of a sentence and an ambiguous name, the texts that bring a card."""
    names = [each.name for entry in matcher.content.entries for each in entry.ambiguous]
    texts = [sentence.format(name) for sentence, name in product(sentences, names)]
    return [text for text in texts[::every] if matcher.match(text).answered]


if __name__ == "__main__":
    matcher = Matcher(load_content(shipped("data/ivig.yaml")))
    answered = answered_in(SENTENCES, matcher)
    print(*answered, f"{len(SENTENCES)} sentences of general English: {len(answered)} texts answered", sep="\n")
    sys.exit(bool(answered))
