"""Synthetic names, entries and questions, the same on every machine: made from a seed, nothing downloaded."""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from msgspec import convert
from msgspec.structs import replace

from slackbot.content.schema import Content, Entry

NAME_ALONE = "kawasaki"

_REPORT = (
    "62 year old man admitted with ascending weakness over ten days, areflexia and facial diplegia. CSF protein "
    "1.4 with 2 cells. Nerve conduction studies show prolonged distal latencies and absent F waves. Working "
    "diagnosis Guillain-Barre syndrome, variant with cranial nerve involvement. He has a background of "
    "hypertension, type 2 diabetes on metformin and a previous deep vein thrombosis in 2014. His mother had lupus "
    "and a cousin has myasthenia gravis. No features of botulism. On examination alert, vital capacity 1.9 "
    "litres, single breath count 21, neck flexion weak. Power 3/5 proximally in the legs and 4/5 in the arms. "
    "Sensation reduced to pinprick below the knees. Plantars flexor. Bloods: Hb 134, platelets 288, creatinine "
    "96, IgA level pending, CK normal, HIV and hepatitis serology negative, campylobacter stool culture sent. MRI "
    "spine without cord compression. Discussed with neurology: plan IVIG 0.4 g/kg for five days, monitor vital "
    "capacity four hourly, telemetry, thromboprophylaxis. "
)

NAMES_OF_ONE = 10  # names of one synthetic entry, its own included

_PARTS = {
    "start": "ab ac ad al an ar bar bel ca cer cor dar den der do er fa fer gan gel gor hal hem hy is ka kel lan lep",
    "middle": "a ba ca da de di do fa ga go la le li lo ma me mi mo na ne ni no pa ra re ri ro sa ta te ti to va vi",
    "end": "bria cosis dal dema fen gia ges ketosis lar lepsy lin lith mal nosis path phin plasia rin sin tan tosis",
    "before": "acute chronic congenital familial juvenile primary recurrent secondary",
    "after": "anaemia arthropathy deficiency disease fever nephropathy neuropathy palsy syndrome",
}
_PART = {place: parts.split() for place, parts in _PARTS.items()}


def names(count: int, seed: int = 7) -> list[str]:
    """So many different names, of two to four words, as lists of diseases have them."""
    return list(islice(_different(_names(random.Random(seed))), count))


def _different(given: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in given:
        if name not in seen:
            seen.add(name)
            yield name


def _names(chance: random.Random) -> Iterator[str]:
    while True:
        own = [_word(chance) for _ in range(chance.choice((1, 1, 1, 2)))]
        before = [chance.choice(_PART["before"])] if chance.random() < 0.3 else []
        after = [chance.choice(_PART["after"])] if len(own) == 1 or chance.random() < 0.3 else []
        yield " ".join((*before, *own, *after)).capitalize()


def _word(chance: random.Random) -> str:
    middle = (chance.choice(_PART["middle"]) for _ in range(chance.randint(1, 3)))
    return "".join((chance.choice(_PART["start"]), *middle, chance.choice(_PART["end"])))


def misspelt(name: str, chance: random.Random) -> str:
    """The name with two neighbouring letters of its longest word changed round."""
    word = max(name.split(), key=len)
    at = chance.choice([i for i in range(1, len(word) - 1) if word[i] != word[i + 1]])
    return name.replace(word, f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}")


def entries(count: int) -> list[dict[str, Any]]:
    """So many entries as the data file has them, with `NAMES_OF_ONE` names each."""
    given = names(count * NAMES_OF_ONE)
    return [_entry(i, given[i * NAMES_OF_ONE : (i + 1) * NAMES_OF_ONE]) for i in range(count)]


def _entry(number: int, given: list[str]) -> dict[str, Any]:
    said = {"source": "article", "sentences": (number % 20 + 1,)}
    return {
        "id": f"synthetic-{number}",
        "name": given[0],
        "status": {"text": "Used in *certain cases*; the document does not say which", **said},
        "statements": (
            {"label": "Condition", "text": "The immune system attacks the body's own tissue; weakness", **said},
            {"label": "Benefit", "text": "Symptoms less severe and shorter when it is given early", **said},
        ),
        "silent_about": ("dose", "severity", "other treatments"),
        "names": tuple(given[1:]),
    }


def catalog_of(shipped: Content, count: int) -> Content:
    """The shipped content with `count` names of synthetic entries besides its own."""
    more = convert(tuple(entries(count // NAMES_OF_ONE)), tuple[Entry, ...])
    return replace(shipped, entries=shipped.entries + more)


LONGEST_LINE = 100_000  # no text of a data file goes on over the end of a line


def data_file(shipped: Path, count: int, folder: Path) -> Path:
    """A data file of `count` entries: the shipped one's, then synthetic ones."""
    raw = yaml.load(shipped.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    raw["entries"] += entries(count - len(raw["entries"]))
    path = folder / f"{count}.yaml"
    text = yaml.dump(raw, Dumper=_WithoutAliases, allow_unicode=True, sort_keys=False, width=LONGEST_LINE)
    path.write_text(text, encoding="utf-8")
    return path


class _WithoutAliases(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:  # a comma wants quotes in a data file
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if "," in data else None)


_WithoutAliases.add_representer(str, _WithoutAliases.represent_str)


def report(characters: int) -> str:
    """A patient's report, invented, of so many characters: the same again and again, so that its names are many."""
    return (_REPORT * (characters // len(_REPORT) + 1))[:characters]


def questions(content: Content) -> list[str]:
    """Sentences as people write them in a chat, about each entry by its name or short form."""
    asked = (
        "Is IVIG used for {} in adults?",
        "Can we give ivig to a patient with severe {} who is not responding to steroids?",
        "morning all, quick one about a child on the ward with {}, would immunoglobulin be an option?",
    )
    called = [name for entry in content.entries for name in (entry.name, entry.short or entry.name)]
    return [asked[i % len(asked)].format(name) for i, name in enumerate(called)]
