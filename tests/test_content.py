"""What must hold of the content, whatever it says: for whoever edits the data file. `make content` runs these alone.

They read data/ivig.yaml, or the file that IVIG_DATA names. No text, name or number of entries stands here: an edit
that keeps to the rules keeps them green.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from doors import ROOT
from reading import cards_of, match

from slackbot.content.load import load_content
from slackbot.content.names import Name, entry_names, look_alike_names, names, topic_names
from slackbot.content.schema import Content, Entry, Form, LookAlike, Reading, Statement, Topic
from slackbot.matching.match import Match
from slackbot.slack.blocks import message
from standin.block_kit import check_message

RUN = 6  # words in a row that are the article's own
RUNS = ROOT / "tests" / "data" / "article-runs.txt"


def data_file() -> Path:
    """The data file that is edited."""
    return Path(os.environ.get("IVIG_DATA") or ROOT / "data" / "ivig.yaml")


@pytest.fixture(scope="module")
def live() -> Content:
    """What it holds; a fault in it is told as `check` tells it."""
    return load_content(data_file())


def test_every_name_finds_what_it_is_a_name_of(live: Content) -> None:
    lost = [f"{name.belongs_to}: '{name.written}'" for name in names(live) if not _finds(name, live)]
    assert lost == []


# What a topic is named by may also be typed beside IVIG only: a symptom counts after it, a treatment compared with it.
_TEXTS = {"events": "{} after ivig", "treatments": "{} or ivig"}


def _finds(name: Name, content: Content) -> bool:
    """Whether the name, typed alone, brings what the data file says: the card, an offer, a refusal, a topic."""
    found = match(_TEXTS.get(name.key, "{}").format(name.written), content)
    if isinstance(name.owner, LookAlike):
        return name.written in found.lookalikes
    if isinstance(name.owner, Topic):
        return name.owner.id in found.topics or _says_so_otherwise(name.owner, found)
    if isinstance(name.part, Form) and name.part.reading is Reading.REFUSE:
        return any(reading.target == name.written for reading in found.readings)
    return name.owner.id in {*found.answered, *found.suggested}


def _says_so_otherwise(topic: Topic, found: Match) -> bool:
    """Help, the list, thanks: their outcome says it, and they are no topic of a card."""
    return found.outcome.value == topic.kind.value


def test_no_plain_name_is_only_offered(live: Content) -> None:
    for entry in live.entries:
        assert match(entry.name, live).answered == (entry.id,)


def test_every_card_fits_slack_and_holds_the_reminder(live: Content) -> None:
    for text in ("", "list", "about", "safety", *_one_name_of_each_kind(live)):
        shown = message(cards_of(live).card(match(text, live)))
        assert check_message({"channel": "C1", "text": shown.text, "blocks": shown.blocks}) == [], text
        for statement in live.safety.reminder:
            assert statement.text.replace("*", "") in shown.text, text


def _one_name_of_each_kind(content: Content) -> Iterator[str]:
    for i, entry in enumerate(content.entries):
        by_kind = {(name.key, name.part): name.written for name in entry_names(entry, ("entries", i))}
        yield from by_kind.values()
    for i, other in enumerate(content.look_alikes):
        yield next(look_alike_names(other, ("look_alikes", i))).written
    for i, topic in enumerate(content.topics):
        yield next(topic_names(topic, ("topics", i))).written


def test_every_statement_has_a_sentence_of_its_source(live: Content) -> None:
    for statement in _statements(live):
        source = live.sources[statement.source]
        if source.sentences:
            assert statement.sentences, statement.text
            assert max(statement.sentences) <= source.sentences, statement.text


def test_no_run_of_six_words_is_the_document_s(live: Content) -> None:
    """The document is not shipped: its runs of six words are kept as digests, which say nothing of the words."""
    digest, *listed = RUNS.read_text(encoding="ascii").split()
    if live.sources[live.document].sha256 != digest:
        pytest.skip("tests/data/article-runs.txt is of another document")
    runs = set(listed)
    for text in _our_own_words(live):
        for run in _runs(text):
            assert _digest(run) not in runs, f"{' '.join(run)}: say it in other words"


def test_the_digests_are_of_the_document() -> None:
    article = ROOT.parent / "shared" / "source" / "article.txt"
    if not article.is_file():
        pytest.skip("needs ../shared/source/article.txt, which is not part of this repository")
    text = article.read_bytes()
    runs = sorted({_digest(run) for run in _runs(text.decode("utf-8"))})
    assert RUNS.read_text(encoding="ascii").split() == [hashlib.sha256(text).hexdigest(), *runs]


def _statements(content: Content) -> Iterator[Statement]:
    yield from (*content.general, *content.safety.reminder, *content.safety.boxed_warning)
    for entry in content.entries:
        yield from (entry.status, *entry.statements)


def _our_own_words(content: Content) -> Iterator[str]:
    for statement in _statements(content):
        yield from (statement.text, statement.silence or "")
    yield from content.footer
    yield from (text for entry in content.entries for text in _other_texts(entry))
    yield from (topic.note for topic in content.topics if topic.note)


def _other_texts(entry: Entry) -> Iterator[str]:
    yield from entry.silent_about
    yield from (form.note for form in entry.forms if form.note)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"[a-zé]+", re.sub("['’]", "", text.lower()))
    return [tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]


def _digest(run: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:16]
