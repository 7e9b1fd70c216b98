"""Cards: a match and the data file become the message Slack shows.

A card is drafted block by block, and its plain text (what phones notify and screen readers read) grows with
it, so the two can't differ. Every draft ends in `_Draft.finish`, which adds the safety reminder: no card can
leave without it. Everything shown comes from the data file; nothing typed is repeated.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slackbot.catalog import Catalog, Entry, LookAlike, Review, Source, Statement, TopicKind
from slackbot.matching import Match, Outcome, Rule
from slackbot.normalize import phrase

Block = dict[str, Any]

APOLOGY = "Sorry, something went wrong on our side. Please try again; `/ivig list` shows every entry."
EMERGENCY = ":rotating_light: *Not for emergencies: follow your local emergency protocol.*"
SAYS_NOTHING = "which says nothing about whether IVIG is used for it"
MISS = f"*No entry found.* The document may not have this condition, {SAYS_NOTHING}."
MISS_LINE = "No entry found for this: the document may not have it. `/ivig list` shows what it covers."
THANKS = "You're welcome. `/ivig` and a condition's name brings its card."
HOW_TO_ASK = "Type `/ivig` and a condition, or mention me with a question. `/ivig safety` and `/ivig about` say more."
MONITORING = "The document does not say how or how often to monitor."
NO_VERDICT = "The bot finds entries in a reference document; it does not assess a patient."
PRIVACY = "No patient identifiers in chat, please."
LONG_CARDS = 1  # entries shown in full; two or three are shown in short, more as a list
SHORT_CARDS = 3


@dataclass(frozen=True)
class Message:
    """What Slack is sent: Block Kit blocks, and the same content as plain text."""

    text: str
    blocks: list[Block]


def card(found: Match, catalog: Catalog, today: dt.date | None = None) -> Message:
    """The whole card for what was asked. `today` (default: the date now, UTC) decides if a review is overdue."""
    draft = _Draft(catalog, today or dt.datetime.now(dt.UTC).date())
    match found.outcome:
        case Outcome.HELP | Outcome.THANKS:
            draft.header("Look up IVIG")
            draft.section(HOW_TO_ASK)
            _list(draft, catalog.entries)
        case Outcome.LIST:
            draft.header("What the document covers")
            _list(draft, catalog.entries)
        case Outcome.ABOUT:
            _about(draft, catalog)
        case Outcome.MISS:
            draft.section(MISS)
            _list(draft, catalog.entries)
        case _:
            _answer(draft, found, catalog)
    return draft.finish()


def thread_reply(found: Match, catalog: Catalog, today: dt.date | None = None) -> Message:
    """What a mention gets in its thread: the card, or one short line when there is none to show."""
    match found.outcome:
        case Outcome.MISS:
            line = MISS_LINE
        case Outcome.THANKS:
            line = THANKS
        case Outcome.HELP:
            line = HOW_TO_ASK
        case Outcome.SUGGESTED if not found.topics:
            line = f"Did you mean {_either(_titles(found.suggested, catalog))}?"
        case _:
            return card(found, catalog, today)
    draft = _Draft(catalog, today or dt.datetime.now(dt.UTC).date())
    draft.section(line)
    return draft.finish_short()


def apology() -> Message:
    """What the asker gets when something failed on our side."""
    return Message(APOLOGY, [_section(APOLOGY)])


def is_answer(found: Match) -> bool:
    """Whether the card answers what was asked; a miss, a refusal and a question back do not."""
    return found.outcome not in (Outcome.MISS, Outcome.REFUSED, Outcome.SUGGESTED)


class _Draft:
    """A card being put together: its blocks, and the same content as plain text."""

    def __init__(self, catalog: Catalog, today: dt.date) -> None:
        self._catalog = catalog
        self._today = today
        self._blocks: list[Block] = []
        self._lines: list[str] = []

    def header(self, title: str) -> None:
        self._blocks.append({"type": "header", "text": {"type": "plain_text", "text": title}})
        self._lines.append(title)

    def section(self, text: str) -> None:
        self._blocks.append(_section(text))
        self._lines.append(_plain(text))

    def fields(self, fields: Sequence[tuple[str, str]]) -> None:
        if fields:
            texts = [_mrkdwn(f"*{label}*\n{text}") for label, text in fields]
            self._blocks.append({"type": "section", "fields": texts})
            self._lines += [_plain(f"{label}: {text}") for label, text in fields]

    def context(self, *texts: str) -> None:
        if texts:
            self._blocks.append({"type": "context", "elements": [_mrkdwn(text) for text in texts]})
            self._lines += [_plain(text) for text in texts]

    def divider(self) -> None:
        self._blocks.append({"type": "divider"})

    def finish(self) -> Message:
        """The card, with the safety reminder, the sources and the footer."""
        safety = self._catalog.safety
        self.divider()
        self.section(f":warning: *Safety monitoring*\n{_said(safety.reminder, self._catalog)} {MONITORING}")
        self.context(f"*Not from the document:* {_said(safety.boxed_warning, self._catalog)}")
        self.context(*_sources(self._catalog), _standing(self._catalog, self._today), " ".join(self._catalog.footer))
        return self._message()

    def finish_short(self) -> Message:
        """A short line, with the safety reminder under it."""
        self.context(f":warning: *Safety monitoring:* {_said(self._catalog.safety.reminder, self._catalog)}")
        return self._message()

    def _message(self) -> Message:
        return Message("\n".join(self._lines), self._blocks)


def _answer(draft: _Draft, found: Match, catalog: Catalog) -> None:
    """What an answer, a refusal, a question back or a topic has to say, the weightiest first."""
    if found.outcome is Outcome.EMERGENCY:
        draft.section(EMERGENCY)
    entries = [entry for entry_id in found.answered if (entry := catalog.entry(entry_id))]
    if len(entries) == LONG_CARDS:
        _entry(draft, entries[0], found, catalog)
    elif len(entries) <= SHORT_CARDS:
        for entry in entries:
            _entry_in_short(draft, entry, found, catalog)
    else:
        draft.header("Several entries")
        _list(draft, entries)
    if refusals := _refusals(found, catalog):
        draft.section("\n".join(refusals))
    if found.suggested:
        names = _either(f"*{title}*" for title in _titles(found.suggested, catalog))
        draft.section(f"Did you mean {names}? Type its name after `/ivig`.")
    if not entries and (found.topics and not refusals and not found.suggested):
        draft.header("Safety monitoring" if _only_safety(found, catalog) else "Not covered by the document")
    if notes := _topic_notes(found, catalog, bool(entries)):
        draft.section("\n".join(notes))


def _entry(draft: _Draft, entry: Entry, found: Match, catalog: Catalog) -> None:
    draft.header(entry.title)
    draft.context(*_how_read(entry, found))
    draft.section(_cited(entry.status, catalog))
    draft.fields([(statement.label, _cited(statement, catalog)) for statement in entry.statements])
    draft.context(_silence(entry))


def _entry_in_short(draft: _Draft, entry: Entry, found: Match, catalog: Catalog) -> None:
    draft.section(f"*{entry.title}*\n{_cited(entry.status, catalog)}")
    draft.context(*_how_read(entry, found), _silence(entry))


def _list(draft: _Draft, entries: Iterable[Entry]) -> None:
    lines = [f"• *{entry.title}*: {_unmarked(entry.status.text)}" for entry in entries]
    for start in range(0, len(lines), 10):
        draft.section("\n".join(lines[start : start + 10]))


def _about(draft: _Draft, catalog: Catalog) -> None:
    source = catalog.sources[catalog.document]
    draft.header("About this bot")
    draft.section(f"{NO_VERDICT} The document: “{source.title}”, {source.about}.")
    draft.section("\n".join(f"• {_cited(statement, catalog)}" for statement in catalog.general))
    not_covered = [topic.label for topic in catalog.topics if topic.kind is TopicKind.NOT_COVERED]
    if not_covered:
        draft.context(f"The document does not cover: {' · '.join(not_covered)}")


def _how_read(entry: Entry, found: Match) -> list[str]:
    """How the text was read, whenever it was not by the entry's plain name."""
    lines = []
    for reading in found.readings:
        if reading.target != entry.id or reading.outcome is not Outcome.ANSWERED:
            continue
        if reading.rule is Rule.MISSPELLING:
            lines.append(f"Read a misspelling as {entry.name}.")
        elif not set(phrase(reading.words)) <= set(phrase(entry.name)):
            lines.append(f"Read *{reading.words}* as {entry.name}.")
        if reading.note:
            lines.append(reading.note)
    return list(dict.fromkeys(lines))


def _refusals(found: Match, catalog: Catalog) -> list[str]:
    others = {other.name: other for other in catalog.look_alikes}
    lines = []
    for name in found.lookalikes:
        if other := others.get(name):
            lines.append(_not_that(other, catalog))
        else:
            lines.append(f"*{_capital(name)}* is a form the document does not mention, {SAYS_NOTHING}.")
    return lines


def _not_that(other: LookAlike, catalog: Catalog) -> str:
    entries = [entry for entry_id in other.not_ if (entry := catalog.entry(entry_id))]
    taken_for = _either(entry.short or entry.name for entry in entries)
    return f"*{_capital(other.name)} is not {taken_for}.* The document has no entry for {other.name}, {SAYS_NOTHING}."


def _topic_notes(found: Match, catalog: Catalog, with_entry: bool) -> list[str]:
    lines = []
    for topic in catalog.topics:
        if topic.id not in found.topics:
            continue
        if topic.kind in (TopicKind.NOT_COVERED, TopicKind.BOXED_WARNING):
            lines.append(f"The document does not cover *{topic.label}*.")
        if topic.note:
            lines.append(topic.note)
    if with_entry and not lines:
        return []
    return lines


def _only_safety(found: Match, catalog: Catalog) -> bool:
    kinds = {topic.kind for topic in catalog.topics if topic.id in found.topics}
    return kinds <= {TopicKind.SAFETY, TopicKind.EMERGENCY}


def _silence(entry: Entry) -> str:
    return f"The document does not give: {' · '.join(entry.silent_about)}"


def _titles(entry_ids: Iterable[str], catalog: Catalog) -> list[str]:
    return [entry.title for entry_id in entry_ids if (entry := catalog.entry(entry_id))]


def _said(statements: Iterable[Statement], catalog: Catalog) -> str:
    return " ".join(_cited(statement, catalog) for statement in statements)


def _cited(statement: Statement, catalog: Catalog) -> str:
    """A statement with where it comes from: "… [S16]"."""
    mark = catalog.sources[statement.source].mark
    where = ", ".join(f"{mark}{number}" for number in statement.sentences) or mark
    return f"{statement.text} [{where}]"


def _sources(catalog: Catalog) -> list[str]:
    return [f"Sources: {'; '.join(_source(source) for source in catalog.sources.values())}."]


def _source(source: Source) -> str:
    details = [source.publisher, f"“{source.title}”", source.date, source.about]
    mark = f"[{source.mark}1–{source.mark}{source.sentences}]" if source.sentences else f"[{source.mark}]"
    return f"{mark} {', '.join(detail for detail in details if detail)}"


def _standing(catalog: Catalog, today: dt.date) -> str:
    """Who stands for the content, and whom to ask."""
    review = _review(catalog.review, today)
    return f"{review} · Ask: {catalog.contact}" if catalog.contact else review


def _review(review: Review, today: dt.date) -> str:
    if review.reviewed_by is None or review.reviewed_on is None:
        return "*Not yet reviewed by a clinician.*"
    line = f"Reviewed by {review.reviewed_by}, {_date(review.reviewed_on)}."
    if review.review_due and review.review_due < today:
        return f"{line} *Review overdue since {_date(review.review_due)}.*"
    return line


def _date(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _either(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": _escaped(text)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Without mark-up; escaped all the same, since Slack reads mark-up in a message's text too."""
    for emoji in (":warning: ", ":rotating_light: "):
        text = text.replace(emoji, "")
    return _escaped(_unmarked(text)).replace("\n", ": ", 1) if text.startswith("*") else _escaped(_unmarked(text))


def _unmarked(text: str) -> str:
    return text.replace("*", "")
