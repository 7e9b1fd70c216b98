"""The lists of English words: how they are read, and that each says what it is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy, copytree

import pytest

from slackbot.words.lists import CONTEXTS, EFFECTS, ENGLISH, WordListError, load_language

LISTS = sorted(ENGLISH.glob("*.txt"))
NAMES = [path.stem for path in LISTS]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the lists."""
    return copytree(ENGLISH, tmp_path_factory.mktemp("words") / "en")


@pytest.fixture
def folder(copies: Path, tmp_path: Path) -> Iterator[Path]:
    """The same in a place of the test's own, to be broken; afterwards it is whole again."""
    folder = copies.rename(tmp_path / "en")
    yield folder
    for path in ENGLISH.iterdir():
        if not (folder / path.name).exists() or (folder / path.name).read_bytes() != path.read_bytes():
            copy(path, folder)
    folder.rename(copies)


def faults(folder: Path) -> list[str]:
    """Every fault in the lists of a folder, as `file:line: message`."""
    with pytest.raises(WordListError) as error:
        load_language(folder)
    return str(error.value).replace(f"{folder}/", "").splitlines()


def test_every_list_is_read_and_every_file_is_a_list() -> None:
    language = load_language()
    assert sorted([*language.effects, *language.contexts]) == sorted(NAMES)
    assert [*language.effects] == list(EFFECTS)
    assert [*language.contexts] == list(CONTEXTS)


def test_they_are_read_once() -> None:
    assert load_language() is load_language()


def test_a_word_has_one_effect() -> None:
    language = load_language()
    assert len(frozenset().union(*language.effects.values())) == sum(map(len, language.effects.values()))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("neutral", "# Why.\nmild, Severe,\n\nworse\n", {"mild", "severe", "worse"}),
        ("neutral", "mild,, severe , \n", {"mild", "severe"}),
        ("neutral", "# mild\nPatients, don't, w/o, Ménière's\n", {"patient", "dont", "without", "meniere"}),
    ],
)
def test_a_list_is_words_between_commas_and_line_ends_folded_as_typed_text_is(
    name: str, text: str, words: set[str], folder: Path
) -> None:
    for number, effect in enumerate(EFFECTS):
        (folder / f"{effect}.txt").write_text(f"word{number}\n", encoding="utf-8")
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    assert load_language(folder).effects[name] == words


def test_a_list_of_a_context_holds_phrases_too(folder: Path) -> None:
    (folder / "past.txt").write_text("# Why.\nhistory of, Had\n", encoding="utf-8")
    assert load_language(folder).contexts["past"] == {("history", "of"), ("had",)}


def added(name: str, line: str) -> Callable[[Path], None]:
    """Write a line behind the others of a list."""

    def change(folder: Path) -> None:
        path = folder / f"{name}.txt"
        path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n{line}\n", encoding="utf-8")

    return change


def last(name: str) -> int:
    """The number of the line behind the last of a shipped list."""
    return (ENGLISH / f"{name}.txt").read_text(encoding="utf-8").rstrip().count("\n") + 2


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("neutral", "very severe", "'very severe' is not one word; give each word by itself"),
        ("neutral", "and", "'and' stands in linking.txt too; a word has one effect, keep it once"),
        ("neutral", "AND", "'AND' stands in linking.txt too; a word has one effect, keep it once"),
        ("neutral", "quaint, quaint", "'quaint' stands twice; a word has one effect, keep it once"),
        ("neutral", "quaint, ?!", "'?!' holds no word; give plain letters"),
        ("past", "www.example.org", "'www.example.org' holds no word; give plain letters"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(name: str, line: str, expected: str, folder: Path) -> None:
    added(name, line)(folder)
    assert faults(folder) == [f"{name}.txt:{last(name)}: {expected}"]


def test_every_fault_is_told_at_once(folder: Path) -> None:
    added("linking", "?!")(folder)
    added("neutral", "very severe")(folder)
    added("past", "...")(folder)
    assert faults(folder) == [
        f"linking.txt:{last('linking')}: '?!' holds no word; give plain letters",
        f"neutral.txt:{last('neutral')}: 'very severe' is not one word; give each word by itself",
        f"past.txt:{last('past')}: '...' holds no word; give plain letters",
    ]


def test_a_list_that_is_empty_missing_or_no_text_says_so(folder: Path) -> None:
    (folder / "past.txt").write_text("# Only comments.\n", encoding="utf-8")
    assert faults(folder) == ["past.txt:1: holds no word; give at least one"]
    (folder / "past.txt").unlink()
    load_language.cache_clear()
    assert faults(folder) == ["past.txt:1: can't be read (FileNotFoundError); restore the file from the repository"]
    (folder / "past.txt").write_bytes("naïve\n".encode("latin-1"))
    assert faults(folder) == ["past.txt:1: can't be read (UnicodeDecodeError); restore the file from the repository"]


@pytest.mark.parametrize("path", LISTS, ids=NAMES)
def test_a_list_says_what_its_words_do_and_where_they_come_from(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert len(header) >= 2
    assert lines[: len(header)] == header, "the comments stand above the words"
    assert all(re.fullmatch(r"# \S.*", line) for line in header)
    assert header[-1].endswith(".")
    assert re.search(r"\b(?:our own|after|from|NegEx|ConText|list)\b", " ".join(header), re.IGNORECASE), "its origin"


@pytest.mark.parametrize("path", LISTS, ids=NAMES)
def test_a_list_is_short_enough_to_be_read_aloud(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 130
    words = [word for line in lines if not line.startswith("#") for word in line.split(",") if word.strip()]
    assert all(re.fullmatch(r"[\w/'’.+& -]+", word) for word in words), "plain words and phrases"
    assert len({word.strip().lower() for word in words}) == len(words), "each once"
    assert text.endswith("\n")
