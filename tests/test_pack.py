"""The review pack: all there is to review as one page, or only what differs from before."""

import hashlib
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from doors import FROZEN, SMALL, read_once
from reading import digests_once, matcher_of

from slackbot.__main__ import main
from slackbot.cards.card import Cards
from slackbot.content.names import names
from slackbot.content.schema import Content

DATA = FROZEN.read_text(encoding="utf-8")
ARTICLE = "What autoimmune disease is treated with ivig\n" * 2 + " ".join(
    f"Sentence {number} is ours & <short>." for number in range(1, 26)
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pack of the data file, made with a document of our own."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    file = folder / "ivig.yaml"
    digest = hashlib.sha256(ARTICLE.encode()).hexdigest()
    file.write_text(re.sub(r"sha256: \w{64}", f"sha256: {digest}", DATA), encoding="utf-8")
    return pack(file, folder, "--source", str(folder / "article.txt"))


def pack(file: Path, folder: Path, *arguments: str) -> str:
    page = folder / "pack.html"
    assert main(["review", str(file), *arguments, "-o", str(page)]) == 0
    return page.read_text(encoding="utf-8")


def test_the_pack_holds_every_card_as_people_see_it(whole: str, content: Content) -> None:
    bare = unescape(re.sub("</?b>", "", whole))
    for entry in content.entries:
        for statement in (entry.status, *entry.statements):
            assert statement.text.replace("*", "") in bare
        assert all(form.why in bare for form in entry.forms)
    assert all(f"The document has no entry for {other.name}." in bare for other in content.look_alikes)
    assert all(topic.note in unescape(whole) for topic in content.topics if topic.note and "*" not in topic.note)
    assert len(re.findall("<h3>", whole)) >= len(dict(Cards(content).everything()))


def test_beside_each_card_stand_the_sentences_it_is_from(whole: str, content: Content) -> None:
    entry = content.entries[0]
    _, card = whole.split(f"Entry {entry.id} ", 1)
    beside = card.partition("<h3>")[0].partition('class="beside"')[2]
    numbers = {*entry.status.sentences, *content.safety.reminder[0].sentences}
    for number in numbers:
        assert f"<b>S{number}.</b> Sentence {number} is ours &amp; &lt;short&gt;." in beside


def test_every_name_stands_there_with_what_it_brings_and_a_box_to_tick(whole: str, content: Content) -> None:
    rows = re.findall(r'<li>☐ <b>([^<]*)</b>[^<]*<span class="outcome">→ ([^<]*)</span></li>', whole)
    assert [unescape(written) for written, _ in rows] == [name.written for name in names(content)]
    outcomes = dict(rows)
    assert outcomes["Kawasaki disease"] == "answers kawasaki-disease"
    assert outcomes["TTP"] == "refuses TTP"
    assert outcomes["dose"] == "topic dose"


def test_it_says_what_it_is_of_and_has_boxes_to_sign(whole: str) -> None:
    assert whole.count("Signature") == 2
    assert "does not assess a patient" in whole
    assert re.search(r"Content <b>[0-9a-f]{4}-[0-9a-f]{4}</b>", whole)
    assert len(re.findall(r"<code>[0-9a-f]{64}</code>", whole)) == 3


def test_it_loads_nothing_from_outside(whole: str) -> None:
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|src=|href=", whole)
    assert "size: A4" in whole


def test_without_the_document_it_holds_numbers_and_says_so(tmp_path: Path) -> None:
    page = pack(FROZEN, tmp_path)
    assert "made without the document" in page
    assert "<p>S6, S7, S23</p>" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Another text.", "is not the text that the sentences are counted in: its digest is "),
        (None, "can't be read as UTF-8 text: give your copy of the document."),
    ],
)
def test_another_document_is_not_taken(
    text: str | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    if text:
        article.write_text(text, encoding="utf-8")
    output = tmp_path / "pack.html"
    assert main(["review", str(FROZEN), "--source", str(article), "-o", str(output)]) == 2
    assert says in capsys.readouterr().err
    assert not output.exists()


def test_since_shows_only_what_differs(tmp_path: Path) -> None:
    edited = DATA.replace("calls IVIG a *mainstay of management*", "counts IVIG among its *mainstays*")
    edited = edited.replace("      - {name: LGBS, also: nothing common, evidence: little}\n", "")
    assert edited.count("\n") == DATA.count("\n") - 1
    file = tmp_path / "ivig.yaml"
    file.write_text(edited, encoding="utf-8")
    page = pack(file, tmp_path, "--since", str(FROZEN))
    titles = re.findall(r"<h3>(.*?) <span", page)
    assert titles[:2] == ["Entry cidp", "Entry cidp in full"]
    assert titles[-1] == "Guillain-barre-syndrome"
    assert all("kawasaki" not in title for title in titles)
    before, after = page.index("a <b>mainstay of management</b>"), page.index("its <b>mainstays</b>")
    assert before < after
    assert re.search(r'<div class="before"><p class="none">before</p><ul class="names"><li>☐ <b>LGBS</b>', page)
    assert digests_once(matcher_of(read_once(FROZEN))).version in page


def test_since_a_revision_asks_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ivig.yaml"
    file.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "ivig.yaml"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)  # noqa: S603  # git, in a folder of the test
    assert "Nothing that people see, and no name, differs." in pack(file, tmp_path, "--since", "HEAD")
    for since in ("no-such-revision", "--output=x"):
        assert main(["review", str(file), f"--since={since}", "-o", str(tmp_path / "x.html")]) == 2
        assert f"{since} is no file, and" in capsys.readouterr().err
    (tmp_path / "old.yaml").write_text("format: 1\n", encoding="utf-8")
    assert main(["review", str(file), "--since", str(tmp_path / "old.yaml"), "-o", str(tmp_path / "x.html")]) == 2
    assert "old.yaml is no data file this bot reads" in capsys.readouterr().err
