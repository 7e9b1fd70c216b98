"""What English words do: the lists in `en/`, one idea a file, read once.

A list is plain text: comment lines that begin with `#` say what its words do and where they come from, then entries
separated by commas or line ends. An entry is a word or a short phrase, written as people write it; it is folded as
typed text is. Another language is another folder.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from slackbot.words.phrases import Phrase
from slackbot.words.tokens import MASKED, Folded, phrase

Weights = Mapping[str, Mapping[str, int]]
"""For each place around a name what each word there weighs; in angle brackets, what each kind of word does."""
BASE = "<any>"  # what any name weighs by itself, at the place `name`; any text, at the place `text`
TEXT = "text"  # the place of words anywhere in a text: what they weigh for its having been printed
ENGLISH = Path(__file__).parent / "en"

EFFECTS = (
    "asking", "linking", "clinical", "ordinary", "neutral", "conditions",
    "changing-before", "changing-after", "changing-beside", "animals",
)  # fmt: skip
CONTEXTS = (
    "denying-before", "denying-after", "denying-reach", "denying-stop", "denying-object", "denying-reach-after",
    "doubting", "relatives", "having", "past", "wrong", "replacing", "replaced-after", "acting", "titles", "closing",
    "addressing", "retracting", "expecting", "overturned", "past-after", "headings", "switching", "elsewhere",
    "becoming", "renaming", "turning", "past-cues", "during", "infusion", "causing", "now", "hypothetical", "measured",
    "comparing",
)  # fmt: skip


class WordListError(Exception):
    """A word list has faults; `str()` lists each as `file:line: what is wrong; what to do`."""


class Language(Struct, frozen=True):
    """The lists of one language by name. A word has one effect; in the lists of contexts it may stand besides."""

    effects: Mapping[str, frozenset[str]]
    contexts: Mapping[str, frozenset[Phrase]]
    weights: Weights
    """What words around a name weigh for (above nothing) or against its being asked about."""

    def phrases(self, name: str) -> frozenset[Phrase]:
        """The phrases of a list of contexts, or the words of a list of effects."""
        if name in self.contexts:
            return self.contexts[name]
        return frozenset((Folded(word),) for word in self.effects[name])


@cache
def load_language(folder: Path = ENGLISH) -> Language:
    """Read the lists of one language, once. Raises WordListError with every fault and its line."""
    faults: list[str] = []
    owners: dict[str, str] = {}
    effects: dict[str, frozenset[str]] = {}
    for name in EFFECTS:
        path = folder / f"{name}.txt"
        words: set[str] = set()
        for line, entry, folded in _entries(path, faults):
            if len(folded) != 1:
                faults.append(f"{path}:{line}: '{entry}' is not one word; give each word by itself")
            elif folded[0] in owners:
                owner = owners[folded[0]]
                where = "twice" if owner == name else f"in {owner}.txt too"
                faults.append(f"{path}:{line}: '{entry}' stands {where}; a word has one effect, keep it once")
            else:
                owners[folded[0]] = name
                words.add(folded[0])
        effects[name] = frozenset(words)
    contexts = {name: frozenset(folded for *_, folded in _entries(folder / f"{name}.txt", faults)) for name in CONTEXTS}
    weights = _weights(folder / "weights.tsv", faults)
    if faults:
        raise WordListError("\n".join(faults))
    return Language(effects, contexts, weights)


def _weights(path: Path, faults: list[str]) -> Weights:
    """What each word weighs at each place; a line is a place, a weight in tenths and words, with a tab between each."""
    weights: dict[str, dict[str, int]] = {}
    words_once: dict[str, str] = {}  # a word stands at several places, and is kept once
    for number, line in _lines(path, faults):
        try:
            place, weight, words = line.split("\t")
            of_place, each = weights.setdefault(place, {}), int(weight)
            of_place.update({words_once.setdefault(word, word): each for word in words.split()})
        except ValueError:
            faults.append(f"{path}:{number}: is not a place, a weight and words; write the file anew: 'make weights'")
    for place in ("name", TEXT):
        if BASE not in weights.get(place, {}) and not faults:
            faults.append(f"{path}:1: has no weight of {BASE} at '{place}'; write the file anew: 'make weights'")
    return weights


def _lines(path: Path, faults: list[str]) -> list[tuple[int, str]]:
    """Each line of a list with its number, but for comments."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}:1: can't be read ({type(error).__name__}); restore the file from the repository")
        return []
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]


def _entries(path: Path, faults: list[str]) -> list[tuple[int, str, Phrase]]:
    """Each entry with its line and its folded words."""
    unread = len(faults)
    entries = []
    for number, line in _lines(path, faults):
        for entry in filter(None, map(str.strip, line.split(","))):
            folded = phrase(entry)
            if not folded or MASKED in folded:
                faults.append(f"{path}:{number}: '{entry}' holds no word; give plain letters")
            else:
                entries.append((number, entry, folded))
    if not entries and len(faults) == unread:
        faults.append(f"{path}:1: holds no word; give at least one")
    return entries
