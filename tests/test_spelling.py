"""Which words a misspelt one is nearest to: as many are passed over uncompared, beside comparing it with every one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from slackbot.matching.spelling import Spellings

WORDS = ("kawasaki", "myasthenia", "myasthenic", "nephropathy", "neuropathy", "purpura", "sjögren")


@pytest.mark.parametrize(
    ("typed", "slips", "nearest"),
    [
        ("kawasaki", 0, ("kawasaki", 0)),
        ("kawaski", 1, ("kawasaki", 1)),
        ("kawasakii", 1, ("kawasaki", 1)),
        ("kavasaki", 1, ("kawasaki", 1)),
        ("kaawsaki", 1, ("kawasaki", 1)),  # turned round, two letters are one slip
        ("kaawsaki", 0, None),
        ("kvasaki", 1, None),
        ("kvasaki", 2, ("kawasaki", 2)),
        ("kaawskai", 2, ("kawasaki", 2)),
        ("wasaki", 2, ("kawasaki", 2)),
        ("kawasakixx", 2, ("kawasaki", 2)),
        ("zawazaki", 2, ("kawasaki", 2)),
        ("zawazaqi", 2, None),
        ("asaki", 2, None),
        ("myastheniq", 1, ("myasthenia", 1)),  # the first of two that are as near
        ("nuropathy", 2, ("neuropathy", 1)),
        ("neropathy", 2, ("neuropathy", 1)),
        ("sjogren", 1, ("sjögren", 1)),
        ("sjøgren", 1, ("sjögren", 1)),
        ("", 2, None),
    ],
)
def test_the_nearest_word_is_the_first_with_the_fewest_slips(
    typed: str, slips: int, nearest: tuple[str, int] | None
) -> None:
    assert Spellings(WORDS).nearest(typed, slips) == nearest


def test_nothing_is_near_where_there_are_no_words() -> None:
    assert Spellings([]).nearest("kawasaki", 2) is None
    assert Spellings([]).all_nearest("kawasaki", 2) == []


# Of few letters, so that many are near and many as near as others.
words = st.text("abcé", max_size=6)


@given(st.lists(words, max_size=30, unique=True), words, st.integers(0, 2))
def test_it_is_as_if_every_word_were_compared(listed: list[str], typed: str, slips: int) -> None:
    spellings = Spellings(listed)
    first = process.extractOne(typed, listed, scorer=OSA.distance, score_cutoff=slips)
    near = process.extract(typed, listed, scorer=OSA.distance, score_cutoff=slips, limit=4)
    assert spellings.nearest(typed, slips) == (first and first[:2])
    assert spellings.all_nearest(typed, slips) == [word for word, distance, _ in near if distance == near[0][1]]
