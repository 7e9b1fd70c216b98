"""What a misspelt word is nearly spelt like, letter by letter."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONG = 6  # letters from which a word is compared
SURE_OF_ONE = 7  # letters from which one slip leaves no doubt
SURE_OF_TWO = 11  # letters from which two do not either


class Spellings:
    """Words that a misspelt one is compared with, two slips at most.

    Which of them have a length or a letter is kept as a number, a bit for each word: so those that too many slips part
    from what is typed are passed over together, and few are compared, however many there are.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)

    def nearest(self, word: str, slips: int) -> tuple[str, int] | None:
        """The word nearest to `word`, with its distance; None when it takes more slips."""
        nearest = process.extractOne(word, self._within_reach(word, slips), scorer=OSA.distance, score_cutoff=slips)
        return (nearest[0], int(nearest[1])) if nearest else None

    def all_nearest(self, word: str, slips: int) -> list[str]:
        """The words nearest to `word`, four at most."""
        within_reach = self._within_reach(word, slips)
        near = process.extract(word, within_reach, scorer=OSA.distance, score_cutoff=slips, limit=4)
        return [each for each, distance, _ in near if distance == near[0][1]]

    def _within_reach(self, word: str, slips: int) -> list[str]:
        """Every word that is so few slips from `word`, and some that are more: a slip costs a letter at most."""
        of_length = 0
        for length in range(len(word) - slips, len(word) + slips + 1):
            of_length |= self._having.get(length, 0)
        none = one = two = of_length  # the words that lack none of its letters, one at most, two at most
        for letter in word:
            having = self._having.get(letter, 0)
            two = two & having | one
            one = one & having | none
            none &= having
        bits = f"{(none, one, two)[slips]:0{len(self._words)}b}"
        return [self._words[bit.start()] for bit in re.finditer("1", bits)]

    @cached_property  # at the first misspelt word, so that starting does not wait for it
    def _having(self) -> dict[int | str, int]:
        """For each length and each letter the words that have it; the first word's bit is the highest."""
        bits: defaultdict[int | str, bytearray] = defaultdict(lambda: bytearray(b"0" * len(self._words)))
        bit = ord("1")
        for place, word in enumerate(self._words):
            for trait in (len(word), *word):
                bits[trait][place] = bit
        return {trait: int(each, 2) for trait, each in bits.items()}


def slips(letters: int) -> int:
    """How many letters may be wrong in a word of this length for it still to be compared."""
    return 1 if letters < 8 else 2


def is_sure(word: str, distance: int) -> bool:
    """Whether so many slips in a word of this length leave no doubt what was meant."""
    return len(word) >= (SURE_OF_ONE if distance <= 1 else SURE_OF_TWO)
