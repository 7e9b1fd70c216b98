"""A review is bound to what was reviewed: whatever changes after it shows on every card."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
import yaml
from doors import FROZEN, ROOT, read_once
from msgspec import structs
from reading import digests_once, matcher_of
from test_broken_files import SMALL
from test_cards import texts

from slackbot import logs
from slackbot.__main__ import main
from slackbot.cards import wording
from slackbot.cards.card import Card
from slackbot.cards.plain import plain
from slackbot.content.load import load_content, parse
from slackbot.content.schema import Content, Review, Signed, read
from slackbot.matching.match import Match, Matcher
from slackbot.signing.digests import Digests, digests, in_short, sentences
from slackbot.signing.records import signed_cards
from slackbot.slack import socket_mode
from slackbot.slack.blocks import message
from slackbot.words.lists import load_language

# A content of two entries that nobody has signed: what is said of where one stands hangs on none of its texts.
UNSIGNED = re.sub(r"(?m)^review:\n(?:  .*\n)+", "review:\n", SMALL)
BY = "Dr A. Reader, immunologist"
ON, DUE = dt.date(2026, 3, 1), dt.date(2027, 3, 1)
THREAD = "1700000000.000100"


@pytest.fixture(scope="module")
def content() -> Content:
    """The small content."""
    content, faults = parse(UNSIGNED)
    assert content is not None, faults
    return content


def record(of: Signed, digest: str, on: dt.date = ON, due: dt.date = DUE, by: str = BY) -> Review:
    return Review(of=of, digest=digest, by=by, on=on, due=due)


def signed(content: Content, *, cards: str | None = None, readings: str | None = None) -> Content:
    """The content signed as it is, or with other digests than its own."""
    own = digests_once(matcher_of(content))
    records = (record(Signed.CARDS, cards or own.cards), record(Signed.READINGS, readings or own.readings))
    return structs.replace(content, review=records)


def standing_of(content: Content, day: dt.date = ON) -> str:
    """What the card of the first entry says of where it stands."""
    cards = signed_cards(Matcher(content), day)
    return dict(cards.every_card())[f"entry {content.entries[0].id}"].standing


def digests_of(text: str) -> Digests:
    content, faults = parse(text)
    assert content is not None, faults
    return digests(Matcher(content))


OTHER = "0" * 64


@pytest.mark.parametrize(
    ("cards", "readings", "day", "line"),
    [
        (None, None, ON, "reviewed by Dr A. Reader, immunologist, 1 March 2026, due 1 March 2027."),
        (None, None, DUE, "reviewed by Dr A. Reader, immunologist, 1 March 2026, due 1 March 2027."),
        (None, None, DUE + dt.timedelta(1),
         "reviewed by Dr A. Reader, immunologist, 1 March 2026; *review overdue since 1 March 2027*."),
        (OTHER, None, ON, "⚠️ *changed since the review of 1 March 2026: not reviewed*."),
        (OTHER, OTHER, DUE + dt.timedelta(1), "⚠️ *changed since the review of 1 March 2026: not reviewed*."),
        (None, OTHER, ON, "reviewed by Dr A. Reader, immunologist, 1 March 2026, due 1 March 2027. "
         "⚠️ *How questions are read has changed since the review of 1 March 2026: not reviewed.*"),
    ],
)  # fmt: skip
def test_every_card_says_where_it_stands(
    cards: str | None, readings: str | None, day: dt.date, line: str, content: Content
) -> None:
    version = digests_once(matcher_of(content)).version
    reviewed = signed(content, cards=cards, readings=readings)
    for name, card in signed_cards(Matcher(reviewed), day).every_card():
        assert card.standing.startswith(f"Content {version} · {line}"), name


def test_a_record_of_one_part_says_nothing_of_the_other(content: Content) -> None:
    own = digests_once(matcher_of(content))
    only_cards = structs.replace(content, review=(record(Signed.CARDS, own.cards),))
    assert "1 March 2027. *How questions are read is not yet reviewed.*" in standing_of(only_cards)
    only_readings = structs.replace(content, review=(record(Signed.READINGS, own.readings),))
    assert "*not yet reviewed by a clinician*" in standing_of(only_readings)
    early = record(Signed.READINGS, own.readings, due=dt.date(2026, 6, 1))
    late = structs.replace(content, review=(record(Signed.CARDS, own.cards), early))
    assert "*How questions are read: review overdue since 1 June 2026.*" in standing_of(late, dt.date(2026, 7, 1))


def test_of_several_records_one_that_fits_counts(content: Content) -> None:
    own = digests_once(matcher_of(content))
    records = (
        record(Signed.CARDS, own.cards),
        record(Signed.CARDS, OTHER, on=dt.date(2026, 4, 1)),
        record(Signed.READINGS, own.readings),
    )
    assert "due 1 March 2027" in standing_of(structs.replace(content, review=records))


def test_short_lines_say_it_too(content: Content) -> None:
    cards = signed_cards(matcher_of(content))
    for card in (
        cards.gone(),
        cards.nothing_in_message(),
        cards.ask_back(),
        cards.thread_reply(matcher_of(content).match("x")),
    ):
        assert isinstance(card, Card)
        assert card.standing.startswith("Content ")
        assert card.standing.replace("*", "") in plain(card)


def test_a_signed_card_is_still_read_at_a_glance() -> None:
    for name, card in signed_cards(Matcher(signed(read_once(FROZEN))), ON).every_card():
        if name.startswith("entry ") and not name.endswith("in full"):
            words = [word for text in texts(message(card)) for word in text.split()]
            assert len(words) <= 130, name


# One letter changed.


def in_the_file(old: str, new: str) -> Callable[[], Digests]:
    assert UNSIGNED.count(old) == 1, old
    return lambda: digests_of(UNSIGNED.replace(old, new))


def in_the_code(name: str, old: str, new: str) -> Callable[[], Digests]:
    value = getattr(wording, name)
    assert old in value

    def changed() -> Digests:
        with mock.patch.object(wording, name, value.replace(old, new)):
            return digests_of(UNSIGNED)

    return changed


def in_a_word_list(name: str, word: str) -> Callable[[], Digests]:
    def changed() -> Digests:
        language = load_language()
        words = language.effects[name]
        assert word in words
        effects = {**language.effects, name: words - {word} | {f"{word}x"}}
        content, _ = parse(UNSIGNED)
        assert content is not None
        return digests(Matcher(content, structs.replace(language, effects=effects)))

    return changed


CHANGES = [
    ("a text", in_the_file("calls it *standard*", "calls it *stendard*"), {"cards"}),
    ("the reminder", in_the_file("needs *careful", "needs *cereful"), {"cards"}),
    ("the footer", in_the_file("For health professionals", "For heelth professionals"), {"cards"}),
    ("what is silent", in_the_file("      - timing\n", "      - tuming\n"), {"cards"}),
    ("an entry's name", in_the_file("    name: Beta disease\n", "    name: Bete disease\n"), {"cards", "readings"}),
    ("another name", in_the_file("Adam syndrome,", "Adem syndrome,"), {"readings"}),
    ("a word list", in_a_word_list("ordinary", "review"), {"readings"}),
    ("a sentence of the code", in_the_code("MISS", "not", "nit"), {"cards"}),
    ("a sentence that is seldom shown", in_the_code("NOT_SHARED", "could not", "could nit"), {"cards"}),
    ("a button", in_the_code("MORE_BUTTON", "More", "Mare"), {"cards"}),
]


@pytest.mark.parametrize(("changed", "differ"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_one_letter_changed_shows(changed: Callable[[], Digests], differ: set[str], content: Content) -> None:
    before, after = digests_once(matcher_of(content)), changed()
    assert {name for name in ("cards", "readings") if getattr(before, name) != getattr(after, name)} == differ


def test_a_changed_decision_of_the_code_shows(content: Content) -> None:
    names = ["Beta disease", "Eve syndrome"]
    before = digests_once(matcher_of(content))
    matcher = Matcher(content)
    asked = matcher.match
    with mock.patch.object(matcher, "match", lambda text: Match() if text in names else asked(text)):
        after = digests(matcher)
    assert before.cards == after.cards
    assert before.readings != after.readings


def test_every_sentence_of_the_code_is_in_the_digest() -> None:
    named = {name.partition(" ")[0] for name, _ in sentences()}
    public = {name for name, value in vars(wording).items() if not name.startswith("_") and callable(value)}
    own = {name for name in public if getattr(wording, name).__module__ == wording.__name__}
    assert own <= named


# What is no change.


def test_another_order_of_keys_is_the_same() -> None:
    raw = yaml.load(FROZEN.read_text(encoding="utf-8"), yaml.CSafeLoader)
    as_tuples = json.loads(json.dumps(backwards_of(raw)), object_hook=with_tuples)
    turned = read({**as_tuples, "review": ()}, Content)
    assert turned is not None
    assert list(turned.spellings.same) == list(read_once(FROZEN).spellings.same)[::-1]
    assert digests(Matcher(turned)) == digests_once(matcher_of(read_once(FROZEN)))


def with_tuples(mapping: dict[str, object]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in mapping.items()}


def backwards_of(value: object) -> object:
    if isinstance(value, dict):
        return {key: backwards_of(value[key]) for key in reversed(value)}
    return [backwards_of(each) for each in value] if isinstance(value, list) else value


def test_what_a_deployment_sets_is_no_part_of_it() -> None:
    own = digests_once(matcher_of(read_once(FROZEN)))
    variables = {
        "IVIG_COMMAND": "/ivig-staging", "IVIG_CONTACT": "Pharmacy, bleep 7", "IVIG_REPLY": "private",
        "IVIG_REQUIRE_REVIEW": "1", "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C",
    }  # fmt: skip
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "slackbot", "--version"], cwd=ROOT, timeout=30, capture_output=True, text=True,
        encoding="utf-8", env={**os.environ, "IVIG_DATA": str(FROZEN), "PYTHONUTF8": "1", **variables},
    )  # fmt: skip
    assert f"(content {own.version}, readings {in_short(own.readings)})" in done.stdout


def test_the_contact_and_the_records_are_no_part_of_it(content: Content) -> None:
    own = digests_once(matcher_of(content))
    local = structs.replace(content, contact="Pharmacy", issues="https://example.org/issues/new")
    assert digests(Matcher(signed(local))) == own


# Records that are none.

RECORD = f'  - {{of: cards, digest: "{"ab12" * 16}", by: "Dr X, role", on: 2026-03-01, due: 2028-03-01}}'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        (", due: 2028-03-01", "", ["#1 › due: is missing; add it"]),
        (', by: "Dr X, role"', "", ["#1 › by: is missing; add it"]),
        (f'digest: "{"ab12" * 16}", by', "by", ["#1 › digest: is missing; add it"]),
        ("on: 2026-03-01, ", "", ["#1 › on: is missing; add it"]),
        ("of: cards, ", "", ["#1 › of: is missing; add it"]),
        ("on: 2026-03-01", "on: 2998-03-01", ["#1 › on: is still to come; give the day it was signed"]),
        ("2028-03-01", "2026-03-01", []),  # unwise, and what was signed
        ("2028-03-01", "2026-02-28", ["#1 › due: is before 'on'; give the day it is to be read again"]),
        ("2028-03-01", "2028-03-02", ["#1 › due: is more than 24 months after 'on'; give an earlier day"]),
        ("2028-03-01", "soon", ["#1 › due: must be a date, as 2026-12-31, without quotes"]),
        ("of: cards", "of: card", ["#1 › of: must be one of: cards, readings; did you mean 'cards'?"]),
        ("ab12" * 16, "3f9a-1c7e",
         ["#1 › digest: must be the whole digest; let `python -m slackbot sign` write it"]),
        (", by:", ", who: me, by:", ["#1 › who: is no key here; check its spelling, or remove it"]),
        (RECORD, "  reviewed_by: Dr X", ["is a list of records since format 2; leave it empty, and let "
         "`python -m slackbot sign` write them"]),
    ],
)  # fmt: skip
def test_half_a_record_is_a_fault(old: str, new: str, expected: list[str]) -> None:
    text = UNSIGNED.replace("\nreview:\n", f"\nreview:\n{RECORD.replace(old, new)}\n")
    _, faults = parse(text)
    assert [fault.message.removeprefix("review").strip(" ›:") for fault in faults] == expected


@pytest.mark.parametrize(("days", "faults"), [(0, 0), (1, 1)])
def test_the_day_of_signing_may_be_today_wherever_that_is(days: int, faults: int) -> None:
    latest = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date()  # on the islands where a day begins
    record = RECORD.replace("2026-03-01", str(latest + dt.timedelta(days))).replace("2028-03-01", "2999-01-01")
    _, found = parse(UNSIGNED.replace("\nreview:\n", f"\nreview:\n{record}\n"))
    assert sum("is still to come" in fault.message for fault in found) == faults


# Signing a file.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The small content's data file."""
    path = tmp_path / "ivig.yaml"
    path.write_text(UNSIGNED, encoding="utf-8")
    return path


def sign(file: Path, *more: str) -> int:
    return main(["sign", str(file), "--by", BY, "--due", str(in_a_year()), *more])


def in_a_year() -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(365)


def check(file: Path, *more: str) -> int:
    return main(["check", str(file), *more])


def test_sign_writes_its_records_and_changes_nothing_else(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_text(encoding="utf-8")
    assert check(file, "--signed") == 1
    assert sign(file) == 0
    assert check(file, "--signed") == 0
    after = file.read_text(encoding="utf-8")
    written = after.splitlines()
    start = written.index("review:") + 1
    assert len(after.splitlines()) == len(before.splitlines()) + 10
    assert "\n".join([*written[:start], *written[start + 10 :], ""]) == before
    printed = capsys.readouterr().out
    assert printed.count(f": current: reviewed by {BY}, ") == 4, "said by sign, and by check"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("empty", ["review:", "review: []", "review:   "])
def test_sign_keeps_line_ends_and_takes_every_empty_review(empty: str, end: str, file: Path) -> None:
    text = UNSIGNED.replace("\nreview:\n", f"\n{empty}\n").replace("\n", end)
    file.write_bytes(text.encode("utf-8"))
    assert sign(file) == 0
    written = file.read_bytes().decode("utf-8")
    assert written.count("\n") == written.count(end)
    assert check(file, "--signed") == 0


def test_signing_again_renews_and_signing_for_another_adds(file: Path) -> None:
    assert sign(file) == sign(file) == 0
    assert [review.of for review in load_content(file).review] == [Signed.CARDS, Signed.READINGS]
    assert main(["sign", str(file), "--by", 'B "Quote": #2', "--due", str(in_a_year()), "--of", "cards"]) == 0
    assert [(review.of, review.by) for review in load_content(file).review] == [
        (Signed.CARDS, BY), (Signed.READINGS, BY), (Signed.CARDS, 'B "Quote": #2')
    ]  # fmt: skip
    file.write_text(file.read_text(encoding="utf-8").replace("*standard*", "*usual*"), encoding="utf-8")
    assert check(file) == 0
    assert check(file, "--signed") == 1
    assert sign(file, "--of", "cards") == 0
    assert [(review.of, review.by) for review in load_content(file).review] == [
        (Signed.READINGS, BY), (Signed.CARDS, BY)
    ]  # fmt: skip
    assert check(file, "--signed") == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--due", "2020-01-01"], "due: is before 'on'"),
        (["--due", "2999-01-01"], "due: is more than 24 months after 'on'"),
        (["--by", "x" * 200], "--by must be a name and a role"),
    ],
)
def test_what_no_record_may_hold_is_not_written(
    arguments: list[str], says: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(file, *arguments) == 2
    assert says in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == UNSIGNED


def test_a_file_whose_review_is_written_in_another_way_is_left_as_it_is(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = UNSIGNED.replace("\nreview:\n", '\n"review":\n')
    file.write_text(text, encoding="utf-8")
    assert sign(file) == 2
    assert capsys.readouterr().err.startswith("The file has no line `review:` with its records below it")
    assert file.read_text(encoding="utf-8") == text


def test_a_file_with_faults_is_not_signed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("format: 2\n", encoding="utf-8")
    assert sign(file) == 2
    assert "the file ends without" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "format: 2\n"


def test_what_changed_since_is_a_warning_and_what_is_overdue_too(
    file: Path, content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    own = digests_once(matcher_of(content))
    lines = [f'  - {{of: {of}, digest: "{digest}", by: B, on: 2024-01-01, due: 2025-01-01}}\n'
             for of, digest in (("cards", own.cards), ("readings", OTHER))]  # fmt: skip
    file.write_text(UNSIGNED.replace("\nreview:\n", f"\nreview:\n{''.join(lines)}"), encoding="utf-8")
    assert check(file) == 0
    told = capsys.readouterr()
    assert f"cards {own.version}: current: reviewed by B, 2024-01-01, overdue since 2025-01-01\n" in told.out
    assert "warning: cards: current: reviewed by B, 2024-01-01, overdue since 2025-01-01\n" in told.err
    assert "warning: readings: changed since the review of 2024-01-01 by B: not reviewed\n" in told.err
    lines = [line.replace(OTHER, own.readings) for line in lines]
    file.write_text(UNSIGNED.replace("\nreview:\n", f"\nreview:\n{''.join(lines)}"), encoding="utf-8")
    assert check(file, "--signed") == 0, "an overdue date only warns"


def test_what_slack_would_not_show_whole_is_a_fault(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FROZEN.read_text(encoding="utf-8")
    lengthy = "Giving it needs careful monitoring and patience. " * 12
    reminder = f"    - {{text: {lengthy}, source: article, sentences: [23]}}\n" * 4
    box = f"    - {{text: {lengthy}, source: label, silence: {lengthy}}}\n" * 2
    reminder = reminder.replace("sentences", f"silence: {lengthy}, sentences")
    footer = f"  - {lengthy}\n" * 4
    for key, more in (("reminder", reminder), ("boxed_warning", box), ("footer", footer)):
        text = re.sub(rf"(?m)^( *{key}:\n)", rf"\1{more}", text, count=1)
    text = re.sub(r"(?ms)^( {4}- text: )(?=>-\n {8}The box calls).*?(?=^ {4}- text: Other)", "", text)
    file.write_text(text, encoding="utf-8")
    assert check(file) == 1
    told = capsys.readouterr().err
    assert ": the card 'entry kawasaki-disease in full' is too long for Slack; shorten its texts" in told


# At the start.


@pytest.mark.parametrize("required", ["1", "0"])
def test_a_bot_that_requires_a_review_does_not_start_without(
    required: str, file: Path, content: Content, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    variables = {"IVIG_DATA": str(file), "IVIG_REQUIRE_REVIEW": required}

    async def open_for_a_moment(*_: object) -> int:
        return 0

    monkeypatch.setattr(socket_mode, "run", open_for_a_moment)
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", **variables}.items():
        monkeypatch.setenv(name, value)
    assert main(["worker"]) == int(required)
    logs.flush()
    out, err = capfd.readouterr()
    version = digests_once(matcher_of(content)).version
    assert f"started door=socket_mode version=0.1.0 content={version} readings=" in out
    assert out.endswith("review=not_reviewed\n")
    refusal = "The bot does not start: IVIG_REQUIRE_REVIEW is 1, and the content is not reviewed."
    assert (refusal in err) is (required == "1")


def test_the_version_names_the_content(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_DATA", str(FROZEN))
    with pytest.raises(SystemExit) as leave:
        main(["--version"])
    assert leave.value.code == 0
    assert f"(content {digests_once(matcher_of(read_once(FROZEN))).version}, readings " in capsys.readouterr().out


def test_a_wrong_card_is_told_by_ids_to_the_contact_or_the_issue_form(content: Content) -> None:
    entry = content.entries[0]
    version = digests_once(matcher_of(content)).version

    def told(name: str, **more: str) -> str:
        return dict(signed_cards(Matcher(structs.replace(content, **more))).every_card())[name].standing

    more = f"entry {entry.id} in full"
    assert told(more, contact="Bleep 7").endswith(f"Wrong card? Tell Bleep 7: {entry.id}, content {version}.")
    assert told(more).endswith(f"Wrong card? Tell whoever runs this bot: {entry.id}, content {version}.")
    address = f"https://x.org/new?template=content-error.yml&card={entry.id}&version={version}"
    assert told(more, issues="https://x.org/new").endswith(f"Wrong card? {address}")
    assert told("miss", contact="Bleep 7").endswith("A condition is missing? Tell Bleep 7; no patient data.")
    assert told("miss", issues="https://x.org/new").endswith("https://x.org/new?template=missing-condition.yml")
    assert "Wrong card?" in told("boxed warning")
