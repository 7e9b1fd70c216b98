"""What a maintainer of the data file should look at twice. Nothing here stops the bot."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from slackbot.matching.lexicon import Lexicon
from slackbot.matching.names import AmbiguousName, LookAlikeName, Name, PlainName
from slackbot.matching.spelling import LONG

SHORT = 4  # letters up to which a name may well mean something else
NOTHING = "nothing common"


def warnings(lexicon: Lexicon) -> list[str]:
    """One line for each name that is short, found twice, or a letter away from a name of something else."""
    names = [("".join(words), name) for words, name in lexicon.all_names]
    return [*_short(names), *_twice(names), *_near(names)]


def _short(names: list[tuple[str, Name]]) -> Iterator[str]:
    for joined, name in names:
        if isinstance(name, PlainName) and len(joined) <= SHORT:
            yield f"{_where(name)} is short: put it under ambiguous and say under `also` what else it means"


def _twice(names: list[tuple[str, Name]]) -> Iterator[str]:
    first: dict[str, Name] = {}
    for joined, name in names:
        if first.setdefault(joined, name) is not name:
            yield f"{_where(name)} is read the same as '{first[joined].written}': one of the two is enough"


def _near(names: list[tuple[str, Name]]) -> Iterator[str]:
    all_joined = [joined for joined, _ in names]
    for joined, name in names:
        weighed = isinstance(name, LookAlikeName | AmbiguousName) or len(joined) < LONG
        if weighed and not _claims_nothing_else(name):
            continue
        for _, _, place in process.extract(joined, all_joined, scorer=OSA.distance, score_cutoff=1, limit=20):
            other = names[place][1]
            if other.target != name.target:
                advice = "say so under `also`" if _claims_nothing_else(name) else "make sure it is meant"
                yield f"{_where(name)} is a letter away from '{other.written}' ({other.target}): {advice}"
                break


def _claims_nothing_else(name: Name) -> bool:
    return isinstance(name, AmbiguousName) and name.settings.also == NOTHING


def _where(name: Name) -> str:
    return f"{name.target}: '{name.written}'"
