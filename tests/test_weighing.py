"""What the words around a name weigh: they hold an answer back, or are evidence; where the weights stand."""

import re
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from reading import cards_and_offers, match
from tables import CIDP, DM, GBS, ITP, KD, LE, MG

from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.matching.rules import AGAINST, FOR, MOST_FOR_PRINT, Rule
from slackbot.matching.weighing import FARTHEST, weigh
from slackbot.words.lists import BASE, ENGLISH, TEXT, Weights, WordListError, load_language


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("The last lady in that side room had ITP. This one is a #NOF, plts 310, ignore the old door sign", ITP),
        (
            "The CIDP story never held together, amyloid has been shown on the nerve biopsy. Tafamidis funding form?",
            CIDP,
        ),
        ("TV drama got the myasthenia storyline so wrong, did you see it", MG),
        ("Tomisaku Kawasaki lecture notes anyone?", KD),
    ],
)
def test_what_the_rules_would_answer_is_held_back_where_the_words_around_speak_against_it(
    text: str, entry: str, content: Content
) -> None:
    assert cards_and_offers(text, content) == ((entry,), ())
    found = match(text, content)
    assert (found.answered, found.suggested) == ((), (entry,))
    assert [reading.rule for reading in found.readings if reading.target == entry] == [Rule.OUTWEIGHED]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("BCG scar reactivation as a diagnostic clue in KD under one year of age", KD),
        ("Deucravacitinib, a TYK2 inhibitor, in SLE: PAISLEY phase 2", LE),
        ("severe persistent ITP nplate or ivig?", ITP),
        ("Guillain-Barré syndrome associated with the Zika virus epidemic in Bahia", GBS),
    ],
)
def test_an_ambiguous_name_answers_where_the_words_around_speak_for_it(text: str, entry: str, content: Content) -> None:
    assert cards_and_offers(text, content) == ((), (entry,))
    assert match(text, content).answered == (entry,)


@pytest.mark.parametrize(
    ("text", "weight", "expected"),
    [
        ("shelf for KD!", FOR, ((KD,), ())),
        ("shelf for KD!", FOR - 1, ((), (KD,))),
        ("shelf: KD!", FOR, ((), (KD,))),  # two words are too few to be weighed
        ("everybody posts to #KD!", FOR, ((), (KD,))),
        ("ivig today on the shelf of KD", FOR, ((KD,), ())),
        ("ivig for qwilby on the shelf of KD", FOR, ((), (KD,))),  # IVIG is for another
        ("DM me the ivig list", FOR, ((), (DM,))),
        ("DM me the ivig list", FOR - 1, ((), ())),
        ("DM me the list", FOR, ((), ())),
        ("the dermatomyositis shelf is empty!", AGAINST, ((DM,), ())),
        ("the dermatomyositis shelf is empty!", AGAINST - 1, ((), (DM,))),
        ("the dermatomyositis shelf!", AGAINST - 1, ((DM,), ())),  # two words beside it never speak against it
    ],
)
def test_a_name_is_read_by_what_the_words_around_it_weigh(
    text: str,
    weight: int,
    expected: tuple[tuple[str, ...], tuple[str, ...]],
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matcher.lexicon, "weights", {"name": {BASE: weight}, TEXT: {BASE: 0}})
    found = matcher.match(text)
    assert (found.answered, found.suggested) == expected


@pytest.mark.parametrize(
    ("weights", "is_answered"),
    [
        ({"name": {BASE: AGAINST}, TEXT: {BASE: -990}}, True),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 9}}, False),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 10}}, True),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 0, "<unknown>": 10}}, True),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 0, "<capital>": 5, "<full-stop>": 5}}, True),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 0, "<capital>": 5, "<entry>": 5}}, True),
        ({"name": {BASE: AGAINST - 10}, TEXT: {BASE: 0, "ward": 10}}, False),
        ({"name": {BASE: AGAINST - MOST_FOR_PRINT}, TEXT: {BASE: 990}}, True),
        ({"name": {BASE: AGAINST - MOST_FOR_PRINT - 1}, TEXT: {BASE: 990}}, False),
    ],
)
def test_the_odds_that_a_text_was_printed_count_for_its_names(
    weights: Weights, is_answered: bool, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher.lexicon, "weights", weights)
    match = matcher.match("Myasthenia gravis frightens the young and the old.\n")
    assert match.answered == ((MG,) if is_answered else ())


@pytest.mark.parametrize(
    "text",
    [
        "GBS",
        "itp ivig",
        "Guillain-Barré syndrome",
        "acute ITP",
        "Kawasaki disease protocol",
        "what is the dose for a patient, 44F, with SLE?",
    ],
)
def test_two_words_beside_a_name_and_a_bare_question_are_not_weighed(
    text: str, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_learnt = matcher.match(text)
    assert as_learnt.answered
    monkeypatch.setattr(matcher.lexicon, "weights", {"name": {BASE: -990}, TEXT: {BASE: 0}})
    assert matcher.match(text) == as_learnt


def test_a_channel_and_a_persons_full_name_are_no_evidence(content: Content) -> None:
    for text in ("post it in #lupus please, everybody", "Yuki Kawasaki, ivig dose for the pt?"):
        assert match(text, content).answered == ()


@pytest.mark.parametrize("words", [FARTHEST, FARTHEST + 1, FARTHEST + 2, FARTHEST + 300])
def test_what_stands_far_from_a_name_weighs_nothing(words: int, matcher: Matcher) -> None:
    sentence = matcher.sentence("no " * words + "Guillain-Barré" + " no" * words)
    around = sentence.surroundings(sentence.spans[0])
    for place in ("before", "after", "clause before", "clause after"):
        assert list(around[place]) == ["no"] * FARTHEST


@pytest.mark.parametrize(("words", "holds"), [(FARTHEST, ["<first>"]), (FARTHEST + 1, []), (FARTHEST + 2, [])])
def test_a_sentence_that_begins_far_from_a_name_is_not_the_first(
    words: int, holds: list[str], matcher: Matcher
) -> None:
    sentence = matcher.sentence("no " * words + "Guillain-Barré. No")
    assert list(sentence.surroundings(sentence.spans[0])["sentence"]) == holds


@pytest.mark.parametrize(
    ("text", "around"),
    [
        (
            "60mg pred for ITP 44 years, Qwilby saw XYZ and zork. PANDAS",
            {
                "name": ["<AmbiguousName>", "<own>"],
                "before": ["<number>", "pred", "for"],
                "after": ["<number>", "year", "<proper>", "saw", "<capitals>", "and", "<unknown>", "<capitals>"],
            },
        ),
        ("ITP after qUIZ", {"after": ["after", "<unknown>"]}),
        (
            "CIDP not TTP, nor porphyria. No ivig",
            {"after": ["not", "<look-alike>", "nor", "<disease>", "no", "<ivig>"]},
        ),
        ("GBS. CIDP", {"after": ["<entry>"]}),
        (
            "Bed 3. Ward round, the ITP went home, later. A dose?",
            {
                "before": ["bed", "<number>", "ward", "round", "the"],
                "clause before": ["the"],
                "clause after": ["<unknown>", "<unknown>"],
                "close before": ["ward", "round", "the"],
                "close after": ["<unknown>", "<unknown>", "later"],
                "sentence": [],
            },
        ),
        ("the old ITP (a bed", {"close before": ["the", "old"], "clause before": ["the", "old"], "clause after": []}),
        ("no, ITP, yes", {"clause before": [], "clause after": []}),
        (
            "ITP",
            {
                "before": [],
                "after": [],
                "next before": ["<start>", ""],
                "next after": ["<end>", ""],
                "pair before": ["<start>_<start>"],
                "pair after": ["<end>_<end>"],
                "either side": ["<start>_<end>"],
                "sentence": ["<first>", "<last>"],
            },
        ),
        (
            "no ITP yes",
            {
                "next before": ["no", ""],
                "next after": ["yes", ""],
                "pair before": ["<start>_no"],
                "pair after": ["yes_<end>"],
                "either side": ["no_yes"],
            },
        ),
        (
            "the bed, ITP (no yes",
            {
                "next before": ["bed", ","],
                "next after": ["no", "("],
                "pair before": ["the_bed"],
                "pair after": ["no_yes"],
                "either side": ["bed_no"],
            },
        ),
        ("no ivig. No ITP, yes? No dose", {"sentence": ["?"]}),
        ("No ITP, no ivig. Yes", {"sentence": ["<first>", "<ivig>"]}),
        ("Yes! No ivig, no ITP", {"sentence": ["<last>", "<ivig>"]}),
        ("Yes! The dose, in ITP, no. Yes", {"sentence": ["<topic>"]}),
        ("Yes! ITP the dose! Yes", {"sentence": ["<topic>"]}),
        ("The dose! ITP yes! The dose", {"sentence": []}),
        ("Yes. No, ITP. Yes", {"sentence": []}),
    ],
)
def test_what_stands_around_a_name_is_weighed_by_its_place_and_its_kind(
    text: str, around: dict[str, list[str]], matcher: Matcher
) -> None:
    sentence = matcher.sentence(text)
    places = sentence.surroundings(sentence.spans[0])
    assert {place: list(places[place]) for place in around} == around


def test_each_word_weighs_at_each_place_it_stands_at() -> None:
    weights: Weights = {"name": {BASE: 10, "<own>": 5}, "before": {"no": -20}, "after": {"no": 40}}
    assert weigh({"name": ["<own>"], "before": ["no", "no", "maybe"], "elsewhere": ["no"]}, weights) == -25


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the lists, to be broken."""
    return copytree(ENGLISH, tmp_path / "en")


def without_base(text: str) -> str:
    return text.replace(BASE, "<each>")


def without_base_of_texts(text: str) -> str:
    return re.sub(rf"^{TEXT}\t.*{BASE}.*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda text: f"before\theavy\tno\n{text}", "is not a place, a weight and words"),
        (lambda text: f"before -1 no\n{text}", "is not a place, a weight and words"),
        (without_base, f"has no weight of {BASE} at 'name'"),
        (without_base_of_texts, f"has no weight of {BASE} at 'text'"),
    ],
)
def test_a_broken_file_of_weights_is_told_with_its_line(broken: Callable[[str], str], fault: str, folder: Path) -> None:
    path = folder / "weights.tsv"
    path.write_text(broken(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(WordListError) as error:
        load_language(folder)
    assert str(error.value) == f"{path}:1: {fault}; write the file anew: 'make weights'"


def test_every_word_that_is_weighed_is_one_of_ours() -> None:
    """Only words of the lists, the data file's and kinds of words are weighed, none that somebody typed besides."""
    weights = load_language().weights
    assert {place for place in weights if not place.startswith(("pair", "either"))} == {
        "name", "before", "after", "clause before", "clause after", "close before", "close after", "next before",
        "next after", "sentence", TEXT,
    }  # fmt: skip
    assert {"<own>", "<thought-before>", "<may-turn>", "<another-last>"} < weights["name"].keys()
    assert {"<capital>", "<full-stop>", "<entry>"} < weights[TEXT].keys()
    assert all(-100 < weight < 100 for of_place in weights.values() for weight in of_place.values())
