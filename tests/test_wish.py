"""A wish to be private, however written: a table of (typed, what is asked, who sees it)."""

import time

import pytest
from reading import match, matcher_of

from slackbot.content.schema import Content
from slackbot.slack.command import answer
from slackbot.slack.wish import Wish


@pytest.mark.parametrize(
    ("typed", "text", "private"),
    [
        # Before the question.
        ("me kawasaki", "kawasaki", True),
        ("Me kawasaki", "kawasaki", True),
        ("ME kawasaki", "kawasaki", True),
        ("me: kawasaki", "kawasaki", True),
        ("me:kawasaki", "kawasaki", True),
        ("me, kawasaki", "kawasaki", True),
        ("me - kawasaki", "kawasaki", True),
        ("me – kawasaki", "kawasaki", True),
        ("(me) kawasaki", "kawasaki", True),
        ("[me] kawasaki", "kawasaki", True),
        ("*me* kawasaki", "kawasaki", True),
        ("--me kawasaki", "kawasaki", True),
        ("me\nkawasaki", "kawasaki", True),
        ("just me kawasaki", "kawasaki", True),
        ("just for me: kawasaki", "kawasaki", True),
        ("only me kawasaki", "kawasaki", True),
        ("for me only, kawasaki", "kawasaki", True),
        ("please, me: kawasaki", "kawasaki", True),
        ("hi, me kawasaki", "kawasaki", True),
        ("me please: kawasaki", "kawasaki", True),
        ("dm me kawasaki", "kawasaki", True),
        ("privately kawasaki", "kawasaki", True),
        ("private: kawasaki", "kawasaki", True),
        ("in private, kawasaki", "kawasaki", True),
        ("for my eyes only: kawasaki", "kawasaki", True),
        # Behind it.
        ("kawasaki me", "kawasaki", True),
        ("kawasaki (me)", "kawasaki", True),
        ("kawasaki, me", "kawasaki", True),
        ("kawasaki ME", "kawasaki", True),
        ("kawasaki just me", "kawasaki", True),
        ("kawasaki for me only", "kawasaki", True),
        ("kawasaki, only to me please", "kawasaki", True),
        ("kawasaki me, thanks!", "kawasaki", True),
        ("kawasaki privately", "kawasaki", True),
        ("kawasaki (private)", "kawasaki", True),
        ("kawasaki in confidence", "kawasaki", True),
        ("dose in kawasaki? me", "dose in kawasaki?", True),
        # Within it.
        ("show only me kawasaki", "show kawasaki", True),
        ("is it (just for me) used in kawasaki?", "is it ( ) used in kawasaki?", True),
        ("can you privately tell what kawasaki needs", "can you tell what kawasaki needs", True),
        # It wins over a wish to be seen.
        ("here kawasaki", "kawasaki", False),
        ("HERE: kawasaki", "kawasaki", False),
        ("here me kawasaki", "kawasaki", True),
        ("here kawasaki me", "kawasaki", True),
        # No wish.
        ("kawasaki", "kawasaki", None),
        ("tell me about kawasaki", "tell me about kawasaki", None),
        ("measles", "measles", None),
        ("some kawasaki", "some kawasaki", None),
        ("hereditary angioedema", "hereditary angioedema", None),
        ("kawasaki here", "kawasaki here", None),
        ("here's kawasaki", "here's kawasaki", None),
        # The disease of this name.
        ("ME", "ME", None),
        ("ME?", "ME?", None),
        ("ME/CFS", "ME/CFS", None),
        ("me cfs", "me cfs", None),
        ("CFS/ME", "CFS/ME", None),
    ],
)
def test_who_is_to_see_the_answer(typed: str, text: str, private: bool | None) -> None:
    wish = Wish.read(typed)
    assert (" ".join(wish.text.split()), wish.private, wish.alone) == (text, private, False)


@pytest.mark.parametrize("typed", ["me", "Me", "(me)", "me:", "just me", "privately", "here", " me "])
def test_a_wish_alone(typed: str, content: Content) -> None:
    assert Wish.read(typed).alone
    answered = answer(typed, matcher_of(content))
    assert (answered.public, answered.message.text.startswith("Which condition?")) == (False, True)


def test_the_short_form_is_asked_about(content: Content) -> None:
    assert not answer("ME", matcher_of(content)).message.text.startswith("Which condition?")


@pytest.mark.parametrize(
    ("typed", "same_as"), [("ME kawasaki", "kawasaki"), ("ME list", "list"), ("ME about", "about")]
)
def test_in_capitals_it_is_a_wish_when_something_else_is_asked(typed: str, same_as: str, content: Content) -> None:
    answered = answer(typed, matcher_of(content))
    assert (answered.match, answered.public) == (match(same_as, content), False)


@pytest.mark.parametrize("piece", ["me ", "only ", "me(", "please ", "(me", "just for ", " ", "hi ", "m", "privately "])
def test_no_text_takes_long(piece: str) -> None:
    started = time.perf_counter()
    Wish.read(f"{piece * (40_000 // len(piece))}x")
    assert time.perf_counter() - started < 0.5
