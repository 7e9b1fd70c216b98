"""What an editor may have meant by a word that the schema does not know."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import Indel

_ALIKE = 0.7  # of two words' letters that are the same in order


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of the words that is spelt most like it; empty when none is near."""
    close = process.extractOne(word, list(words), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    return close[0] if close else ""


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A question to add to a message; empty when no word is near."""
    close = nearest(word, words)
    return f"did you mean '{close}'?" if close else ""
