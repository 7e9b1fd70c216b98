"""What follows `/ivig`: who sees the answer, and what of it is kept."""

import pytest
from reading import match, matcher_of, signed_cards_of
from test_choice import labels

from slackbot.content.schema import Content
from slackbot.slack.blocks import message
from slackbot.slack.command import answer


@pytest.mark.parametrize(
    ("text", "private", "public", "same_as"),
    [
        ("kawasaki", False, True, "kawasaki"),
        ("kawasaki", True, False, "kawasaki"),
        ("me kawasaki", False, False, "kawasaki"),
        ("Me  kawasaki", False, False, "kawasaki"),
        ("me\tkawasaki", False, False, "kawasaki"),
        ("here kawasaki", True, True, "kawasaki"),
        ("here kawasaki", False, True, "kawasaki"),
        ("here MRN 1234567 Kawasaki disease", True, False, "kawasaki"),
        ("here Kawasaki disease MRN 1234567", False, False, "kawasaki"),
        ("kawasaki here", True, False, "kawasaki here"),
        ("me list", False, False, "list"),
        ("here list", False, False, "list"),
        ("hereditary", False, False, "hereditary"),
    ],
)  # fmt: skip
def test_me_and_here(text: str, private: bool, public: bool, same_as: str, content: Content) -> None:
    answered = answer(text, matcher_of(content), private=private)
    assert answered.public is public
    assert answered.message.text == message(signed_cards_of(content).card(match(same_as, content))).text
    assert answered.response_type == ("in_channel" if public else "ephemeral")
    assert ("Share in channel" in labels(answered.message)) is (
        not public and bool(answered.match.answered or "list" in text)
    )


@pytest.mark.parametrize("text", ["me", "Me", "here", " me "])
def test_a_wish_alone_is_asked_back(text: str, content: Content) -> None:
    answered = answer(text, matcher_of(content))
    assert answered.message.text.startswith("Which condition?")
    assert not answered.public
    assert "Choose an entry" in labels(answered.message)


def test_an_answer_is_kept_by_what_was_matched_and_not_by_what_was_typed(content: Content) -> None:
    kept = answer("ivig for kawasaki, pt Zaphod, MRN 4711?", matcher_of(content))
    assert answer("ivig for kawasaki, pt Trillian, MRN 42?", matcher_of(content)) is kept
    assert answer("me kawasaki", matcher_of(content)) is not answer("kawasaki", matcher_of(content))
