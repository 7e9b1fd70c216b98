"""Typed text into words: what is typed, the words it is read as, and what stands before each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackbot.content.names import names
from slackbot.content.schema import Content
from slackbot.words.tokens import LONGEST, MASKED, Gap, fold, phrase, tokens

# What stands before a word, in the tables: nothing more than a space, a comma or its like, a line's end, a full stop.
MARKS = {Gap.NONE: "", Gap.SOFT: ",", Gap.LINE: "/", Gap.HARD: "."}


def read(text: str) -> str:
    """The words of a text, each behind the mark of its gap; `#` for one that is masked. The first begins a text."""
    listed = tokens(text)
    assert [token.gap for token in listed[:1]] == [Gap.HARD][: len(listed)]
    words = ["#" if token.word == MASKED else token.word for token in listed]
    return " ".join(
        MARKS[token.gap] * (i > 0) + word for i, (token, word) in enumerate(zip(listed, words, strict=True))
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("?!", ""),
        ("GBS", "gbs"),
        # Case, accents, width, hyphens, apostrophes, plurals.
        ("Guillain-Barré", "guillain barre"),
        ("GUILLAIN–BARRÉ", "guillain ,barre"),
        ("Guillain‑Barre\u0301", "guillain barre"),
        ("ＧＢＳ", "gbs"),
        ("Kawasaki's disease", "kawasaki disease"),
        ("Kawasaki’s diseases", "kawasaki disease"),
        ("don't isn’t", "dont isnt"),
        ("neuropathies lupus crisis illness", "neuropathy lupus crisis illness"),
        ("Sjögren, Ménière, Łódź, cœliac, præ", "sjogren ,meniere ,lodz ,coeliac ,prae"),
        ("neuro\u00adpathy neuro\u200bpathy", "neuropathy neuropathy"),
        ("poly(radiculo)neuropathy", "polyradiculoneuropathy"),
        # Initials, with full stops or hyphens.
        ("G.B.S.", "gbs"),
        ("G-B-S", "gbs"),
        ("S.L.E flare", "sle flare"),
        ("C.I.D.P. today", "cidp today"),
        ("M.G.", "mg"),
        ("M-G", "mg"),
        ("M.G.?", "mg"),
        ("M.G. asked", "# asked"),
        ("for M.G. today", "for # today"),
        ("e.g. GBS, i.e. weak", "eg gbs ,ie weak"),
        ("x-ray", "x ray"),
        # Footnote digits.
        ("GBS¹", "gbs"),
        ("GBS¹² weak", "gbs weak"),
        ("GBS1", "gbs1"),
        # Marks before a word.
        ("GBS, CIDP", "gbs ,cidp"),
        ("GBS (weak) now", "gbs ,weak ,now"),
        ("GBS/CIDP", "gbs ,cidp"),
        ("GBS - CIDP", "gbs ,cidp"),
        ("GBS — CIDP", "gbs ,cidp"),
        ("*GBS* _weak_ ~now~", "gbs weak now"),
        ("GBS. Weak", "gbs .weak"),
        ("GBS; weak: now! yes? no", "gbs .weak .now .yes .no"),
        ("GBS | weak • now … yes", "gbs .weak .now .yes"),
        ("GBS\nweak", "gbs /weak"),
        ("GBS,\nweak", "gbs /weak"),
        ("GBS\n\nweak", "gbs .weak"),
        ("GBS.\nweak", "gbs .weak"),
        ("Dr. Smith vs. GBS", "dr smith vs gbs"),
        (":tada: GBS :+1: weak", "gbs ,weak"),
        # Joined.
        ("GBS + CIDP & MG", "gbs plus cidp and mg"),
        ("GBS+CIDP", "gbs ,cidp"),
        ("GBS+", "gbs positive"),
        ("GBS +ve", "gbs positive"),
        ("GBS -ve", "gbs negative"),
        ("GBS (+ve), MG (-ve)", "gbs positive ,mg ,negative"),
        ("GBS +vest", "gbs ,vest"),
        # Notes.
        ("h/o GBS", "hx gbs"),
        ("H/O GBS", "hx gbs"),
        ("w/o GBS", "without gbs"),
        ("w/ GBS", "with gbs"),
        ("r/o GBS", "ro gbs"),
        ("r/o'd GBS", "excluded gbs"),
        ("c/o f/h k/c/o s/o", "complain fhx known suggestive"),
        ("ø GBS", "no gbs"),
        ("Ø GBS ∅ MG ⊘ KD", "no gbs no mg no kd"),
        # What is never read.
        ("<https://example.org/gbs|GBS> weak", "# .weak"),
        ("www.example.org/gbs weak", "# .weak"),
        ("gbs@example.org weak", "# .weak"),
        ("weak @gbs now", "weak .# .now"),
        ("a/path/gbs /etc/gbs weak", "a ,path ,gbs .# .weak"),
        ("gbs.pdf lupus_guide weak", "# .# .weak"),
        ("#gbs weak", "gbs weak"),
        ("weak #GBS", "weak ,gbs"),
        ("#gbs-team weak", "# .weak"),
        ("#3 weak", "# .weak"),
        # A letter may carry few marks.
        ("e" + "\u0301" * 40 + "x", "ex"),
        ("e" + "\u0301" * 3000 + "x", "ex"),
    ],
)
def test_what_is_typed_is_read_as_words_and_gaps(typed: str, expected: str) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "upper", "marks", "written"),
    [
        ("GBS weak", [True, False], ["", ""], ["GBS", "weak"]),
        ("A gMG", [False, False], ["", ""], ["A", "gMG"]),
        ("(GBS) = 'weak'", [True, False], ["(", ")='"], ["GBS", "weak"]),
        ("#GBS -> G.B.S. now", [True, True, False], ["#", "->", ""], ["GBS", "GBS", "now"]),
        ("GBS's w/o", [True, False], ["", ""], ["GBS's", "w/o"]),
        ("GBS+ (+ve) now", [True, False, False, False], ["", "", "", "()"], ["GBS", "+", "+ve", "now"]),
    ],
)
def test_a_word_keeps_its_capitals_the_mark_before_it_and_how_it_was_written(
    typed: str, upper: list[bool], marks: list[str], written: list[str]
) -> None:
    listed = tokens(typed)
    assert [token.upper for token in listed] == upper
    assert [token.mark for token in listed] == marks
    assert [token.written for token in listed] == written
    assert not any(token.misspelt for token in listed)


def test_only_the_first_four_thousand_characters_are_read() -> None:
    assert LONGEST == 4_000
    assert read("a " * 1998 + "GBS weak").endswith("a gbs")
    assert len(tokens("ﷺ" * LONGEST)) <= LONGEST  # one sign that stands for eighteen letters
    assert sum(len(token.word) for token in tokens("ﷺ" * LONGEST)) <= LONGEST


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Patients", "patient"), ("biopsies", "biopsy"), ("lupus", "lupus"), ("crisis", "crisis"),
        ("weakness", "weakness"), ("legs", "legs"), ("GBS", "gbs"), ("Straße", "strasse"),
    ],
)  # fmt: skip
def test_a_word_is_folded_to_its_singular_where_it_is_long_enough_to_tell(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GBS", ("gbs",)), ("Guillain-Barré", ("guillain", "barre")), ("", ()), ("?!", ()),
        ("www.example.org", (MASKED,)),
    ],
)  # fmt: skip
def test_a_name_is_read_as_typed_text_is(name: str, words: tuple[str, ...]) -> None:
    assert phrase(name) == words


def test_every_name_of_the_file_is_read_as_a_text_of_it_alone(content: Content) -> None:
    texts = {name.written for name in names(content)}
    assert [text for text in texts if phrase(text) != tuple(token.word for token in tokens(text))] == []


@given(st.text())
def test_any_text_is_read_and_a_word_read_again_stays_as_it_is(text: str) -> None:
    for token in tokens(text):
        assert token.word
        assert token.word == MASKED or fold(token.word) == fold(fold(token.word))
