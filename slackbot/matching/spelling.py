"""What a misspelt word is nearly spelt like, letter by letter."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_SLIPS = 2
LONG = 6  # letters from which a word is compared
SURE_OF_ONE = 7  # letters from which one slip leaves no doubt
SURE_OF_TWO = 11  # letters from which two do not either


class Spellings:
    """Words that a misspelt one is compared with: for each length, those that its slips can reach."""

    def __init__(self, words: Iterable[str]) -> None:
        self._within_reach: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            for length in range(len(word) - MOST_SLIPS, len(word) + MOST_SLIPS + 1):
                self._within_reach[length].append(word)

    def nearest(self, word: str, slips: int) -> tuple[str, int] | None:
        """The word nearest to `word`, with its distance; None when it takes more slips."""
        within_reach = self._within_reach.get(len(word), ())
        nearest = process.extractOne(word, within_reach, scorer=OSA.distance, score_cutoff=slips)
        return (nearest[0], int(nearest[1])) if nearest else None

    def all_nearest(self, word: str, slips: int) -> list[str]:
        """The words nearest to `word`, four at most."""
        within_reach = self._within_reach.get(len(word), ())
        near = process.extract(word, within_reach, scorer=OSA.distance, score_cutoff=slips, limit=4)
        return [each for each, distance, _ in near if distance == near[0][1]]


def slips(letters: int) -> int:
    """How many letters may be wrong in a word of this length for it still to be compared."""
    return 1 if letters < 8 else MOST_SLIPS


def is_sure(word: str, distance: int) -> bool:
    """Whether so many slips in a word of this length leave no doubt what was meant."""
    return len(word) >= (SURE_OF_ONE if distance <= 1 else SURE_OF_TWO)
