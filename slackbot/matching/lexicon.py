"""A content's names and a language's words, made ready for matching: built once, read on every text."""

from itertools import pairwise
from typing import NamedTuple

from slackbot.content.schema import Content, TopicKind, read_as
from slackbot.matching.context import Triggers
from slackbot.matching.effects import Effects
from slackbot.matching.names import Name, Names, condition_names, folded, is_misspelt, refused, topic_names
from slackbot.matching.spelling import LONG, Spellings, is_sure, slips
from slackbot.words.lists import Language
from slackbot.words.phrases import Phrase
from slackbot.words.tokens import Folded, Gap, Token, tokens

CORRECTED_FROM = 3  # letters from which a word beside a name may belong to it


class ReactionWords(NamedTuple):
    """The words by which a text tells of a reaction to an infusion, each field from the list of its name."""

    during: frozenset[Folded]
    infusion: frozenset[Folded]
    causing: frozenset[Folded]
    now: frozenset[Folded]
    hypothetical: frozenset[Folded]
    measured: frozenset[Folded]
    comparing: frozenset[Folded]


class Lexicon:
    """What a content's names and the words of a language mean to the matcher."""

    def __init__(self, content: Content, language: Language) -> None:
        self._same = read_as(content.spellings.same)
        misspellings = read_as(content.spellings.misspellings)
        self._right = {wrong: (right, False) for wrong, right in self._same.items()}
        self._right |= {wrong: (self._same.get(right, right), True) for wrong, right in misspellings.items()}
        listed = list(condition_names(content))
        typed = [(tokens(name.written), name) for name in listed]
        ours = {token.word for words, name in typed if not refused(name) for token in self._put_right(words[:])}
        self._compounds = {word for word in ours | self._same.keys() if len(word) >= LONG + 2}
        self._beginnings = {word[:end] for word in self._compounds for end in range(1, len(word))}
        self.all_names = [(self._phrase(words), name) for words, name in typed]
        self.names = Names(self.all_names)
        self.topics = Names((self._phrase(tokens(name.written)), name) for name in topic_names(content))
        self.evidence = {
            entry.id: frozenset().union(*(folded(group) for group in entry.evidence.values()))
            for entry in content.entries
        }
        foreign = {word for words, name in self.all_names if refused(name) for word in words}
        foreign = {word for word in foreign - ours if len(word) >= LONG - 1}
        of_entries = {word for words in self.evidence.values() for word in words} | {
            word for word in ours if len(word) >= CORRECTED_FROM
        }
        self.effects = Effects(language, of_entries, foreign)
        self.triggers = Triggers(language)
        self.weights = language.weights
        self.reaction_words = ReactionWords(
            *(frozenset(phrase[0] for phrase in language.contexts[name]) for name in ReactionWords._fields)
        )
        self.emergency = next((topic for topic in content.topics if topic.kind is TopicKind.EMERGENCY), None)
        self._prepare_spellings(ours, foreign)

    def _prepare_spellings(self, ours: set[Folded], foreign: set[Folded]) -> None:
        self._own = {word for word in ours if len(word) >= LONG}
        spelt_right = {word for words, name in self.all_names if not is_misspelt(name) for word in words}
        # Of two as near, the first is taken: rather the right spelling than another wrong one.
        ordered = sorted(self._own, key=lambda word: (word not in spelt_right, word))
        self._own_words: dict[str, tuple[Folded, ...]] = {word: (word,) for word in ordered}
        self._own_words |= {word: (Folded(right),) for word, right in self._same.items() if right in self._own}
        self._own_words |= {
            first + second: (first, second)
            for words, name in self.all_names
            if not refused(name)
            for first, second in pairwise(words)
            if len(first) >= LONG and len(second) >= LONG
        }
        self._own_spellings = Spellings(self._own_words)
        self._own_ending_in_s = Spellings(word for word in self._own_words if word.endswith("s"))
        self._others = (foreign | set(self.effects.known())) - self._own_words.keys()
        self._other_spellings = Spellings(sorted(self._others))
        self._joined = {
            "".join(words): name
            for words, name in self.all_names
            if len("".join(words)) >= LONG + 2 and min(map(len, words)) >= LONG - 2
        }
        self._joined_spellings = Spellings(self._joined)

    def read(self, text: str) -> list[Token]:
        """The words of a text, well-known misspellings put right and split words joined."""
        return self._put_right(self._joined_up(tokens(text)))

    def _put_right(self, words: list[Token]) -> list[Token]:
        right = self._right
        for i in [i for i, token in enumerate(words) if token.word in right]:
            word, misspelt = right[words[i].word]
            words[i] = words[i].as_word(Folded(word), misspelt=misspelt)
        return words

    def _phrase(self, words: list[Token]) -> Phrase:
        return tuple([token.word for token in self._put_right(self._joined_up(words))])

    def near_words(self, word: Folded) -> tuple[tuple[Folded, ...], bool]:
        """The word of a name (or two that lost their space) a slip or two from `word`, and whether that is sure.

        Empty when another word is as near.
        """
        if len(word) < LONG or word in self._own or word in self._others:
            return (), False
        # Folding takes a final s for a plural, so a misspelt one may have lost its own.
        for spelt, spellings in ((word, self._own_spellings), (Folded(word + "s"), self._own_ending_in_s)):
            own = spellings.nearest(spelt, slips(len(word)))
            if own and not self._other_spellings.nearest(spelt, own[1]):
                return self._own_words[own[0]], is_sure(spelt, own[1])
        return (), False

    def near_name(self, joined: str, letters: int) -> Name | None:
        """The name that is a slip or two from `joined` (words without spaces), if no other is as near.

        `letters` counts those of the words that say something: "Usher syndrome" has five.
        """
        if len(joined) < LONG + 2:
            return None
        spelt = [joined] if joined in self._joined else self._joined_spellings.all_nearest(joined, slips(letters))
        nearest = [self._joined[name] for name in spelt]
        if not nearest or len({name.target for name in nearest}) > 1 or refused(nearest[0]):
            return None
        return nearest[0]

    def _joined_up(self, words: list[Token]) -> list[Token]:
        """One word is "poly-neuropathy", and so is "poly radiculo neuropathy"."""
        out: list[Token] = []
        read = 0  # the words before this place are in `out`
        beginnings = self._beginnings
        for i in [i for i, token in enumerate(words) if token.word in beginnings]:
            size, word = self._compound(words, i) if i >= read else (1, "")
            if size > 1:
                out += [*words[read:i], words[i].as_word(Folded(word))]
                read = i + size
        return out + words[read:] if read else words

    def _compound(self, words: list[Token], i: int) -> tuple[int, str]:
        """How many words from the one at `i` on are one word written apart, three at most; and that word."""
        size, word = 1, words[i].word
        joined: str = word
        for end in range(i + 1, min(i + 3, len(words))):
            if words[end].gap is not Gap.NONE:
                break
            joined += words[end].word
            if joined in self._compounds:
                size, word = end + 1 - i, Folded(joined)
        return size, word
