"""The review pack: all there is to review, as one page of HTML to read, print and sign. It loads nothing from outside.

Each part of it is an item: a card as people see it, with what it stands on beside it; or the names of one entry,
look-alike or topic, each with what the matcher makes of it. Of two contents, the items that differ are shown.
"""

import datetime as dt
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from slackbot.cards import wording
from slackbot.cards.card import (
    Alarm,
    Card,
    Cards,
    Fact,
    Heading,
    Listing,
    Menu,
    Notes,
    Open,
    Paragraph,
    Part,
    Share,
    Suggestions,
)  # fmt: skip
from slackbot.content.load import ContentError, load_content, parse
from slackbot.content.names import Name, names
from slackbot.content.schema import Ambiguous, Content, Form, Source
from slackbot.matching.match import Match, Matcher
from slackbot.signing.digests import Digests, digests, in_short
from slackbot.signing.records import signed_cards, standings

STYLE = Path(__file__).with_name("pack.css").read_text(encoding="utf-8")
INTENDED_USE = (
    "For health professionals who want to know what one reference document says about treating a condition with "
    "intravenous immunoglobulin. The bot finds entries in that document; it does not assess a patient, and gives no "
    "dose, no rate, no triage and no verdict.",
    "Not for emergencies, not for patients, and no substitute for the product label, the local protocol, a specialist "
    "or a pharmacist.",
)
WITHOUT_SOURCE = (
    "This pack was made without the document: beside each card stand the numbers of its sentences alone. Make it with "
    "--source, and it holds the sentences themselves."
)
ONLY_PARTS = "Below each of these stand the safety reminder and the boxed warning's heading, as on every card."
SECTIONS = {
    "Entries": "",
    "General cards": "",
    "Forms": ONLY_PARTS,
    "Topics": ONLY_PARTS,
    "Refusals": ONLY_PARTS,
    "Names": "Each name, typed alone, and what it brings. Beside an ambiguous one stands what else it may mean.",
    "Words that count as evidence": "A name that may mean something else answers where one of these stands beside it.",
    "Spellings": "Words that are read as another.",
}


class PackError(Exception):
    """The pack can't be made; `str()` says why, and what to do."""


class Item(Struct, frozen=True):
    """One thing to look at and tick off."""

    title: str
    shown: str
    """As people see it, in HTML."""
    beside: str = ""
    """What it stands on, in HTML."""
    rows: tuple[str, ...] = ()
    """In place of both, a list: each row is ticked off by itself."""


Items = Mapping[tuple[str, str], Item]  # by section and name


def page(path: Path, source: Path | None, since: str | None, day: dt.date) -> str:
    """The pack of the data file at `path`, as it stands on a day.

    `source` is the reader's own copy of the document, `since` another data file or a revision of git: then only what
    differs from that is shown. Raises ContentError when the file has faults, PackError when the pack can't be made.
    """
    matcher = Matcher(load_content(path))
    sentences = _sentences(source, matcher.content) if source else None
    items = _items(matcher, sentences)
    earlier = Matcher(_earlier(path, since)) if since else None
    body = [
        *_head(matcher, day, earlier, since),
        *([] if sentences else [_p(WITHOUT_SOURCE, "none")]),
        *(_changes(_items(earlier, sentences), items) if earlier else _whole(items)),
    ]
    title = f"Review pack {digests(matcher).version}"
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">',
            f'<head><meta charset="utf-8"><title>{title}</title>\n<style>{STYLE}</style></head>',
            *["<body>", *body, "</body>", "</html>", ""],
        ]
    )


# What it is made of.


def _sentences(file: Path, content: Content) -> list[str]:
    """The document's sentences in the reader's own copy. Raises PackError when it is another text."""
    source = content.sources[content.document]
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise PackError(f"{file} can't be read as UTF-8 text: give your copy of the document.") from None
    digest = hashlib.sha256(raw).hexdigest()
    if source.sha256 and digest != source.sha256:
        told = f"its digest is {digest}, and the data file names {source.sha256}"
        raise PackError(f"{file} is not the text that the sentences are counted in: {told}.")
    while text.startswith(source.title):
        text = text.removeprefix(source.title).strip()
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) != source.sentences:
        raise PackError(f"{file} has {len(sentences)} sentences, and the data file counts {source.sentences}.")
    return sentences


def _earlier(path: Path, since: str) -> Content:
    """The content of another data file, or of this one in a revision of git. Raises PackError."""
    other = Path(since)
    try:
        if other.is_file():
            return load_content(other)
        content, faults = parse(_at_revision(path, since))
    except ContentError as error:
        raise PackError(f"{since} is no data file this bot reads:\n{error}") from None
    if content is None:
        first = min(faults)
        raise PackError(f"{path.name} at {since} is no data file this bot reads: line {first.line}: {first.message}")
    return content


def _at_revision(path: Path, revision: str) -> str:
    git = shutil.which("git")
    if git is None or revision.startswith("-"):
        raise PackError(f"{revision} is no file, and no revision that can be asked for.")
    command = [git, "-C", str(path.resolve().parent), "show", f"{revision}:./{path.name}"]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # git itself, and no option
    if done.returncode:
        raise PackError(f"{revision} is no file, and git has no {path.name} of that revision.")
    return done.stdout.decode("utf-8", errors="replace")


def _items(matcher: Matcher, sentences: list[str] | None) -> Items:
    return dict(
        [
            *_items_of_cards(matcher.content, sentences),
            *_items_of_names(matcher),
            *_items_of_words(matcher.content),
        ]
    )


def _items_of_cards(content: Content, sentences: list[str] | None) -> Iterator[tuple[tuple[str, str], Item]]:
    forms = {f"form {form.name} of {entry.id}": form for entry in content.entries for form in entry.forms}
    source = content.sources[content.document]
    for name, card in Cards(content).every_card():
        kind = name.partition(" ")[0]
        section = {"entry": "Entries", "form": "Forms", "topic": "Topics", "look-alike": "Refusals"}.get(kind)
        whole = section in (None, "Entries")
        shown = "".join(_card(card, whole=whole))
        beside = _why(forms[name]) if name in forms else ""
        beside += _stands_on(replace(card, details=()) if "in full" not in name else card, source, sentences, whole)
        yield (section or "General cards", name), Item(wording.capital(name), shown, beside)


def _items_of_names(matcher: Matcher) -> Iterator[tuple[tuple[str, str], Item]]:
    for owner, listed in groupby(names(matcher.content), key=lambda name: name.belongs_to):
        rows = tuple(_name(name, matcher) for name in listed)
        yield ("Names", owner), Item(wording.capital(owner), "", rows=rows)


def _items_of_words(content: Content) -> Iterator[tuple[tuple[str, str], Item]]:
    for entry in content.entries:
        rows = tuple(f"<b>{escape(group)}:</b> {escape(', '.join(words))}" for group, words in entry.evidence.items())
        yield ("Words that count as evidence", entry.id), Item(entry.title, "", rows=rows)
    for key, listed in (("same", content.spellings.same), ("misspellings", content.spellings.misspellings)):
        rows = tuple(
            f"<b>{escape(right)}</b> ← {escape(', '.join(others))}" for right, others in sorted(listed.items())
        )
        yield ("Spellings", key), Item(wording.capital(key), "", rows=rows)


def _name(name: Name, matcher: Matcher) -> str:
    also = f" (also: {escape(name.part.also)})" if isinstance(name.part, Ambiguous) else ""
    outcome = escape(_outcome(matcher.match(name.written)))
    return f'<b>{escape(name.written)}</b>{also} <span class="outcome">→ {outcome}</span>'


def _outcome(match: Match) -> str:
    """What a name brings, in a few words."""
    told = [
        *(f"answers {entry}" for entry in match.answered),
        *(f"refuses {name}" for name in match.lookalikes),
        *(f"asks whether {entry} is meant" for entry in match.suggested),
        *(f"topic {topic}" for topic in match.topics),
    ]
    return "; ".join(told) or str(match.outcome)


def _why(form: Form) -> str:
    return _p(f'<span class="label">Reading:</span> {form.reading}') + _p(
        f'<span class="label">Why:</span> {escape(form.why)}'
    )


def _stands_on(card: Card, source: Source, sentences: list[str] | None, reminder: bool) -> str:
    """The document's sentences that the card names."""
    shown = "".join(_card(card, whole=reminder))
    marks = re.findall(rf"\[({source.mark}\d+(?:, {source.mark}\d+)*)\]", shown)
    numbers = sorted({int(number) for mark in marks for number in re.findall(r"\d+", mark)})
    if sentences is None:
        return _p(", ".join(f"{source.mark}{number}" for number in numbers)) if numbers else ""
    return "".join(_p(f"<b>{source.mark}{number}.</b> {escape(sentences[number - 1])}") for number in numbers)


# How it is laid out.


def _head(matcher: Matcher, day: dt.date, earlier: Matcher | None, since: str | None) -> Iterator[str]:
    content, reckoned = matcher.content, digests(matcher)
    yield "<h1>Review pack</h1>"
    entries = f"{len(content.entries)} entries, {len(content.look_alikes)} look-alikes, {len(content.topics)} topics"
    yield _p(f"Content <b>{reckoned.version}</b>, made {day}: {entries}.")
    if earlier and since:
        other = f"{escape(since)} (content <b>{digests(earlier).version}</b>)"
        yield _p(f"Only what differs from {other}, before and after.")
    yield from (_p(text) for text in INTENDED_USE)
    yield _table(content, reckoned, day)
    line = dict(signed_cards(matcher, day).every_card())["help"].standing
    yield _p(f"At the foot of every card: {_marked(line)}")
    yield '<div class="sign">'
    for of, what in (("cards", "All that is shown"), ("readings", "The names, and how texts are read")):
        lines = "".join(_p(label) for label in ("Name and role", "Date", "To be read again by", "Signature"))
        yield f"<section><b>{what}</b> ({of} {in_short(getattr(reckoned, of))}){lines}</section>"
    yield "</div>"
    yield _p(
        'Once it is signed on paper: <code>python -m slackbot sign --by "name, role" --due DATE</code>. The command '
        "writes down any name; that it was this person is for whoever guards the file to show."
    )


def _table(content: Content, reckoned: Digests, day: dt.date) -> str:
    rows = "".join(
        f"<tr><th>{standing.of}</th><td><code>{standing.digest}</code></td><td>{escape(str(standing))}</td></tr>"
        for standing in standings(content, reckoned, day)
    )
    source = content.sources[content.document]
    text = f"<code>{source.sha256}</code>" if source.sha256 else ""
    rows += f"<tr><th>document</th><td>{text}</td><td>{escape(source.title)}: {escape(source.about or '')}</td></tr>"
    return f"<table>{rows}</table>"


def _whole(items: Items) -> Iterator[str]:
    for section, listed in groupby(_in_order(items), key=lambda key: key[0]):
        yield from _section(section)
        each = [items[key] for key in listed]
        narrow = not any(item.beside for item in each)
        yield '<div class="columns">' if narrow else "<div>"
        yield from (_one(item, narrow=narrow) for item in each)
        yield "</div>"


def _one(item: Item, *, narrow: bool) -> str:
    if item.rows or narrow:
        return f"<section>{_title(item)}{_rows(item.rows) if item.rows else item.shown}</section>"
    return f'{_title(item)}<div class="item"><div>{item.shown}</div><div class="beside">{item.beside}</div></div>'


def _changes(before: Items, after: Items) -> Iterator[str]:
    keys = [key for key in _in_order({**before, **after}) if before.get(key) != after.get(key)]
    if not keys:
        yield _p("Nothing that people see, and no name, differs.", "none")
    for section, listed in groupby(keys, key=lambda key: key[0]):
        yield from _section(section)
        for key in listed:
            old, new = before.get(key), after.get(key)
            yield _title(new or before[key])
            yield f'<div class="item changed">{_side("before", old, new)}{_side("after", new, old)}</div>'


def _side(name: str, item: Item | None, other: Item | None) -> str:
    """One of two that differ; of a list, the rows that do."""
    if item is None:
        told = _p("not there", "none")
    elif item.rows:
        rows = tuple(row for row in item.rows if other is None or row not in other.rows)
        told = _rows(rows) if rows else _p("nothing that the other has not", "none")
    else:
        told = f'{item.shown}<div class="beside">{item.beside}</div>'
    return f'<div class="{name}"><p class="none">{name}</p>{told}</div>'


def _title(item: Item) -> str:
    return f'<h3>{escape(item.title)} <span class="tick">☐ read</span></h3>'


def _rows(rows: tuple[str, ...]) -> str:
    return f'<ul class="names">{"".join(f"<li>☐ {row}</li>" for row in rows)}</ul>'


def _in_order(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """By section; within one, in the order of the file."""
    sections = list(SECTIONS)
    return sorted(items, key=lambda key: sections.index(key[0]))


def _section(name: str) -> Iterator[str]:
    yield f"<h2>{name}</h2>"
    if SECTIONS[name]:
        yield _p(SECTIONS[name], "none")


# A card.


def _card(card: Card, *, whole: bool) -> Iterator[str]:
    yield '<div class="card">'
    for part in card.parts:
        yield from _part(part)
    if whole:
        statements = _marked(" ".join(card.reminder.statements))
        monitoring = "" if card.brief else wording.MONITORING
        yield _p(f"⚠️ <b>{wording.SAFETY_MONITORING}:</b> {statements} {monitoring}")
        if not card.brief:
            yield _p(f"<b>{wording.NOT_FROM_DOCUMENT}</b> {_marked(card.reminder.boxed_warning)}", "small")
    for part in card.details:
        yield from _part(part)
    if whole and card.choices:
        yield _buttons(_label(choice) for choice in card.choices)
    yield "</div>"


def _label(choice: Share | Open) -> str:
    return wording.share_button(choice.choice.thread is not None) if isinstance(choice, Share) else choice.label


def _part(part: Part) -> Iterator[str]:
    match part:
        case Heading(text):
            yield _p(_marked(text), "heading")
        case Alarm(text):
            yield _p(f"🚨 {_marked(text)}", "alarm")
        case Paragraph(lines):
            yield from (_p(_marked(line)) for line in lines)
        case Fact(label, text):
            yield _p(f"<b>{_marked(label)}</b><br>{_marked(text)}")
        case Notes(lines):
            yield from (_p(_marked(line), "small") for line in lines)
        case Listing(rows):
            yield from (_p(f"• {_marked(row.text)}") for row in rows)
        case Suggestions(buttons):
            yield _buttons(button.label for button in buttons)
        case Menu(buttons):
            yield _menu(buttons)


def _menu(buttons: tuple[Open, ...]) -> str:
    return _buttons([f"{wording.CHOOSE_ENTRY} ▾ ({len(buttons)})"])


def _buttons(labels: Iterable[str]) -> str:
    return _p("".join(f'<span class="button">{escape(label)}</span>' for label in labels))


def _marked(text: str) -> str:
    """A text with the data file's marks as HTML."""
    bold = re.sub(r"\*([^*]+)\*", r"<b>\1</b>", escape(text, quote=False))
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", bold)


def _p(html: str, name: str = "") -> str:
    return f'<p class="{name}">{html}</p>' if name else f"<p>{html}</p>"
