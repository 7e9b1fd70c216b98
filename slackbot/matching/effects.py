"""What a word does that is no part of a name: one table."""

import re
from collections.abc import Iterable
from enum import StrEnum

from slackbot.words.lists import Language
from slackbot.words.tokens import MASKED, Folded, Token


class Effect(StrEnum):
    """What a word does beside a name."""

    ASKING = "asking"  # of a question; a text with one is a sentence, not a name
    LINKING = "linking"  # a small word, also inside names
    CLINICAL = "clinical"  # a sign that the text is about a patient or a disease
    ORDINARY = "ordinary"  # of prose or of the ward
    NEUTRAL = "neutral"  # leaves the condition beside it the same
    CONDITION = "condition"  # another disease or finding that a patient may have besides
    CHANGING = "changing"  # makes the condition beside it another
    NUMBER = "number"
    MEASURE = "measure"
    MASKED = "masked"
    UNKNOWN = "unknown"


JOINING = frozenset({Effect.ASKING, Effect.LINKING})  # what may stand beside a name that all may see
OF_A_SENTENCE = frozenset({Effect.ASKING, Effect.ORDINARY, Effect.CLINICAL, Effect.MEASURE})
PASSED_OVER = frozenset({Effect.NEUTRAL, Effect.CONDITION, Effect.NUMBER, Effect.MEASURE})

_LISTS = {
    "asking": Effect.ASKING,
    "linking": Effect.LINKING,
    "clinical": Effect.CLINICAL,
    "ordinary": Effect.ORDINARY,
    "neutral": Effect.NEUTRAL,
    "conditions": Effect.CONDITION,
}
AGE = re.compile(r"\d{1,3}(?:yo|yr|y|mo|wk|f|m)$")  # of a patient: 7yo, 44M
WEIGHT = re.compile(r"\d{1,3}kg$")
_NUMBER = re.compile(r"\d+$")
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|yo|yr|y|mo|m|wk|w|d|h|hr|am|pm|min|kg|g|mg|mcg|ml|l|k|f|x)$|[dxq]\d{1,3}[dwh]?$"
)
_DISEASE_SHAPED = re.compile(
    r"\w{3,}(?:itis|itide|itic|osis|oses|oma|omata|pathy|pathie|[aeo]mia|aemia|penia|penic|algia|plasia|plasma|plegia|trophy|trophic"
    r"|uria|lysis|cele|ectasi[as]|sclerosis|oidosis|oid|oides|iform|iasis|genic|genetic|angioma|phobia|philia|rrhea|rrhoea|toxicosis"
    r"|virus|viral|coccus|coccal|bacter|bacterial|fungal|mycosis|ancy|ans|alis|aris|osa|osus|ica|icus|iensis|ylitic|induced)s?$"
)


class Effects:
    """The effect of each word of a language; `own` are words that belong to the entries and change nothing."""

    def __init__(self, language: Language, own: Iterable[Folded], foreign: Iterable[Folded]) -> None:
        lists = language.effects
        self._effects = dict.fromkeys(own, Effect.CONDITION)
        for name, effect in _LISTS.items():
            self._effects |= dict.fromkeys(map(Folded, lists[name]), effect)
        self._animals = lists["animals"]
        beside = lists["changing-beside"] | self._animals
        self._before = lists["changing-before"] | beside
        self._after = lists["changing-after"] | beside
        self._effects |= {Folded(word): Effect.CHANGING for word in self._before | self._after}
        self._foreign = frozenset(foreign) - self._effects.keys()

    def known(self) -> Iterable[Folded]:
        """The words that have an effect."""
        return self._effects.keys()

    def of_all(self, words: Iterable[Token]) -> list[Effect]:
        """What each word of a text does."""
        get = self._effects.get
        return [get(token.word) or self._of_unlisted(token.word) for token in words]

    def changes_before(self, word: Folded) -> bool:
        """Whether the word makes a name that follows it another condition."""
        return word in self._before or self.of_a_disease(word)

    def changes_after(self, word: Folded) -> bool:
        """Whether the word makes a name that it follows another condition, not only a finding of it."""
        return word in self._after or word in self._foreign

    def is_of_an_animal(self, word: Folded) -> bool:
        """Whether the word names an animal, or what is bred of them."""
        return word in self._animals

    def is_foreign(self, word: Folded) -> bool:
        """Whether the word is known from the names of other diseases."""
        return word in self._foreign

    def of_a_disease(self, word: Folded) -> bool:
        """Whether the word is known from the names of other diseases, or is shaped like one."""
        return word in self._foreign or (word not in self._effects and bool(_DISEASE_SHAPED.match(word)))

    def _of_unlisted(self, word: Folded) -> Effect:
        if word == MASKED:
            return Effect.MASKED
        if not word[0].isdigit() and len(word) > 5:
            return Effect.UNKNOWN
        if _NUMBER.match(word):
            return Effect.NUMBER
        return Effect.MEASURE if _MEASURE.match(word) else Effect.UNKNOWN
