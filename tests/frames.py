"""Names of other diseases, bare and in the questions in which people type them: none may bring a card.

    python tests/frames.py NAMES

NAMES is a list of names that are none of the entries, one a line. Prints what was answered, and the counts of each
frame; exit status 1 if anything was answered, brought a topic other than the frame's own, or was offered too often.
"""

import sys
from collections import Counter
from pathlib import Path

from slackbot.content.load import load_content
from slackbot.matching.match import Match, Matcher
from slackbot.settings import shipped

FRAMES: dict[str, tuple[str, ...]] = {
    "{}": (),
    "is IVIG used for {}?": (),
    "{} ivig dose": ("dose",),
    "pt with {} on ivig": (),
    "ivig in {}?": (),
}
"""Each question, and the topics that it asks about itself."""

REACTION = "emergency"
"""A name may itself be a severe reaction: that is counted apart."""

MOST_OFFERED = 0.005
"""The part of the names that may be offered as "did you mean"."""


def main(path: Path) -> int:
    """Read every name in every frame; the exit status."""
    names = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    matcher = Matcher(load_content(shipped("data/ivig.yaml")))
    ordinary = {name for name in names if names_a_topic(name, matcher)}
    failed = not names
    for frame, own in FRAMES.items():
        counts = Counter[str]()
        for name in names:
            match = matcher.match(frame.format(name))
            for fault in faults(match, own):
                if fault == "topic" and name in ordinary:
                    fault = "itself"
                counts[fault] += 1
                if fault in ("answered", "topic"):
                    failed = True
                    print(f"{fault.upper()} {match.answered or match.topics}  {frame.format(name)!r}")
        failed = failed or counts["offered"] > MOST_OFFERED * len(names)
        print(f"{frame!r}: {len(names)} names, " + ", ".join(f"{counts[what]} {what}" for what in WHAT))
    return int(failed)


WHAT = ("answered", "topic", "itself", "reaction", "offered", "refused")


def names_a_topic(name: str, matcher: Matcher) -> bool:
    """Whether the name is itself a topic's ("SCIg"), or made of words of a question ("DOC"): counted apart."""
    if matcher.match(f"kawasaki disease {name}").public:
        return True
    topics = matcher.content.topics
    return any(
        phrase.casefold() in name.casefold() and len(name.split()) - len(phrase.split()) <= 1
        for topic in topics
        for phrase in (*topic.phrases, topic.label)
    )


def faults(match: Match, own: tuple[str, ...]) -> list[str]:
    """What the match brings that a name of another disease should not, or should only seldom."""
    others = [topic for topic in match.topics if topic not in own]
    return [
        what
        for what, holds in zip(
            WHAT,
            (
                bool(match.answered),
                any(topic != REACTION for topic in others),
                False,
                REACTION in others,
                bool(match.suggested),
                bool(match.lookalikes),
            ),
            strict=True,
        )
        if holds
    ]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
