"""No text stalls the bot: by counted steps, which are the same on every machine, and not by a clock.

`tests/adversarial.py` finds the worst texts and explains the count.
"""

import sys

import pytest
from adversarial import filled, kept, steps

from slackbot.content.schema import Content
from slackbot.matching import rules
from slackbot.matching.match import Matcher, Outcome
from slackbot.matching.names import Span
from slackbot.matching.rules import Sentence, Verdict
from slackbot.words.tokens import LONGEST

if sys.version_info < (3, 12):
    pytest.skip("steps are counted by sys.monitoring, which Python has from 3.12 on", allow_module_level=True)

MOST_STEPS = 60  # a character; of 4,000 characters 240,000, some 10 ms of a slow machine
SAME_AGAIN = 1.3  # how much more a character of a text of twice the length may take

KNOWN_ATTACKS = [
    "MS ",
    "ES ",
    "MS, ",
    "a.b.",
    "a.b." + " " * 500 + "x",
    "a.b." + " " * 39_995 + "x",
    "\u0301\u0323",
    "a\u0301\u0323\u0301\u0323\u0301",
]


@pytest.fixture(scope="module")
def matcher(content: Content) -> Matcher:
    built = Matcher(content)
    built.match("kawasaki")
    return built


@pytest.mark.parametrize("unit", KNOWN_ATTACKS)
def test_a_text_takes_a_bounded_number_of_steps_a_character(unit: str, matcher: Matcher) -> None:
    assert steps(matcher, filled(unit, 40_000)) <= MOST_STEPS * LONGEST


@pytest.mark.parametrize("unit", kept())
def test_nor_does_one_of_the_worst_that_were_found_and_a_longer_one_takes_no_more(unit: str, matcher: Matcher) -> None:
    whole = steps(matcher, filled(unit, 40_000))
    assert whole <= MOST_STEPS * LONGEST
    half = LONGEST - LONGEST // 2 // len(unit) * len(unit)  # it ends within the same word
    assert whole <= LONGEST / half * SAME_AGAIN * steps(matcher, filled(unit, half))


def test_what_is_not_read_takes_no_steps(matcher: Matcher) -> None:
    assert steps(matcher, "MS " * 20_000) == steps(matcher, ("MS " * 20_000)[:LONGEST])


def looking_over_the_text_for_each_name(sentence: Sentence, span: Span) -> Verdict | None:
    same = [token for token in sentence.words if token.word == span.name.written]
    alike = [token for token in sentence.words if token.upper == span.name.written.isupper()]
    return rules.DROPPED if len(same) == len(sentence.words) == len(alike) else None


def test_the_count_rises_with_a_rule_that_looks_over_the_text_for_each_name(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = filled("MG ")
    before = steps(matcher, text)
    monkeypatch.setattr(rules, "RULES", (looking_over_the_text_for_each_name, *rules.RULES))
    assert steps(matcher, text) > MOST_STEPS * LONGEST > before


@pytest.mark.parametrize(
    ("text", "cut", "outcome"),
    [
        ("kawasaki", False, Outcome.ANSWERED),
        ("x " * (LONGEST // 2), False, Outcome.MISS),
        ("x " * (LONGEST // 2) + "kawasaki", True, Outcome.MISS),
        ("kawasaki disease? " + "x" * LONGEST, True, Outcome.ANSWERED),
        ("", False, Outcome.HELP),
    ],
)
def test_a_match_says_whether_a_part_of_the_text_was_not_read(
    text: str, cut: bool, outcome: Outcome, matcher: Matcher
) -> None:
    match = matcher.match(text)
    assert (match.cut, match.outcome) == (cut, outcome)
