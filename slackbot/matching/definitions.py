"""What a text itself says that letters in it stand for: "Krabbe disease (KD)" is no Kawasaki disease."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from slackbot.matching.lexicon import JOINING, Effect, Name, Span
from slackbot.words.tokens import Gap, Token

_DEFINING = frozenset({"aka", "meaning", "meant", "means"})


class Definitions:
    """The words of a text, what each does, and the names found at their places."""

    def __init__(self, words: Sequence[Token], effects: Sequence[Effect], named: Mapping[int, Name]) -> None:
        self._words = words
        self._effects = effects
        self._named = named
        self._elsewhere: dict[tuple[str, str], bool] = {}

    @cached_property
    def _initials(self) -> str:
        return "".join(token.word[0] for token in self._words)

    def give_another(self, span: Span) -> bool:
        """Whether the text itself says what the letters stand for, and it is not the entry: "Krabbe disease (KD)".

        Two letters are taken at their word only behind or before a bracket, three only beside it: "in the past"
        begins with ITP too.
        """
        letters, target = self._words[span.start].word, span.name.target
        if any(self._stands_for_another(places, letters, target) for places in self._beside_brackets(span)):
            return True
        if len(letters) < 3:
            return False
        return self._spelt_out_at(span.start - len(letters), letters, target) or (
            len(letters) > 3 and self._spelt_out_somewhere(letters, target)
        )

    def may_give_another(self, span: Span) -> bool:
        """Whether words before a bracket, the first unheard of, hold the letters in order: "gallbladder sludge (GBS)".

        Fewer words than letters, that is; after Schwartz and Hearst, "A simple algorithm for identifying
        abbreviation definitions in biomedical text", 2003.
        """
        letters = self._words[span.start].word
        if len(letters) < 3 or self._words[span.start].gap is not Gap.SOFT:
            return False
        return any(
            self._initials[first] == letters[0]
            and (
                name.target != span.name.target
                if (name := self._named.get(first))
                else self._effects[first] is Effect.UNKNOWN
            )
            and _in_order(letters, "".join(token.word for token in self._words[first : span.start]))
            for first in range(max(0, span.start - len(letters) + 1), span.start)
        )

    def _beside_brackets(self, span: Span) -> Iterator[list[int]]:
        """The places of as many words as letters, before the name and after, with and without small words."""
        count, after = len(self._words[span.start].word), span.end
        around: list[range] = []
        if self._words[span.start].gap is Gap.SOFT:
            around.append(range(span.start - 1, max(-1, span.start - 2 * count - 1), -1))
        if after < len(self._words) and (self._words[after].gap is Gap.SOFT or self._words[after].word in _DEFINING):
            around.append(range(after, min(len(self._words), after + 2 * count)))
        for places in around:
            said = [i for i in places if self._words[i].word not in _DEFINING]
            yield sorted(said[:count])
            yield sorted([i for i in said if self._effects[i] is not Effect.LINKING][:count])

    def _spelt_out_somewhere(self, letters: str, target: str) -> bool:
        key = (letters, target)
        if key not in self._elsewhere:
            places = (i for i in range(len(self._words)) if self._initials.startswith(letters, i))
            self._elsewhere[key] = any(self._spelt_out_at(i, letters, target) for i in places)
        return self._elsewhere[key]

    def _spelt_out_at(self, first: int, letters: str, target: str) -> bool:
        end = first + len(letters)
        return self._is_one_phrase(first, end) and self._stands_for_another(range(first, end), letters, target)

    def _stands_for_another(self, places: Sequence[int], letters: str, target: str) -> bool:
        """Whether the words there begin with these letters and are no name of the entry `target`."""
        return "".join(self._words[i].word[0] for i in places) == letters and not any(
            name.target == target for i in places if (name := self._named.get(i))
        )

    def _is_one_phrase(self, start: int, end: int) -> bool:
        """Whether these words stand together, and no small word is among them."""
        return (
            start >= 0
            and end <= len(self._words)
            and JOINING.isdisjoint(self._effects[start:end])
            and all(self._words[i].gap is Gap.NONE for i in range(start + 1, end))
        )


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
