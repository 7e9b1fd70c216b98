"""Cards: a match and the data file become what Slack shows, be it a message, a modal or the Home.

A card is drafted block by block, and its plain text (what phones notify and screen readers read) grows with
it, so the two can't differ. Every draft ends in `_Draft.finish`, which adds the safety reminder: no card can
leave without it. Everything shown comes from the data file; nothing typed is repeated.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any, TypeVar

from slackbot.cards.choice import VALUE_MOST, Ask
from slackbot.content.schema import Content, Entry, LookAlike, Review, Source, Statement, TopicKind
from slackbot.matching.match import Match, Outcome
from slackbot.matching.rules import Rule
from slackbot.words.tokens import phrase

Block = dict[str, Any]

TITLE = "Look up IVIG"
APOLOGY = "Sorry, something went wrong on our side. Please try again; `/ivig list` shows every entry."
EMERGENCY = ":rotating_light: *Not for emergencies: follow your local emergency protocol.*"
SAYS_NOTHING = "which says nothing about whether IVIG is used for it"
MISS = f"*No entry found.* The document may not have this condition, {SAYS_NOTHING}."
MISS_LINE = "No entry found for this: the document may not have it. `/ivig list` shows what it covers."
THANKS = "You're welcome. `/ivig` and a condition's name brings its card."
HOW_TO_ASK = (
    "Type `/ivig` and a condition, or mention me with a question. With `/ivig me` and a condition, only you see the "
    "answer. `/ivig safety` and `/ivig about` say more."
)
HOW_TO_ASK_AT_HOME = (
    "Type `/ivig` and a condition in any channel, mention me in a thread, write to me here under *Messages*, "
    f"or choose *{TITLE}* from the menu of a message."
)
MONITORING = "The document does not say how or how often to monitor."
NO_VERDICT = "The bot finds entries in a reference document; it does not assess a patient."
MISS_IN_MESSAGE = f"*No entry found in this message.* The document may not have the condition, {SAYS_NOTHING}."
CHOOSE = "Look up an entry of the document:"
GONE = "This entry is no longer in the document's list."
NOT_SHARED = "Sorry, the card could not be shared. Please look it up again and share the new card."
MAYBE_SHARED = (
    "Slack did not say whether the card was shared. If it is not there, please look it up again and share the new card."
)
CHOOSE_ENTRY = "Choose an entry"
DID_YOU_MEAN = "Did you mean …"
OR_TYPE = "or type the name"
LONG_CARDS = 1  # entries shown in full; two or three are shown in short, more as a list
SHORT_CARDS = 3

SHARE = "share"  # the action_id of the button that shares a card
ASK = "ask."  # how the action_ids of all other buttons and menus begin
ACTIONS = 3  # at most, on a card
OPTIONS = 100  # at most, in a menu
LABEL = 75  # characters of a button or an option
LABEL_SHOWN = 30  # of a button, before Slack cuts it
HOME_ENTRIES = 80
# The blocks of a message hold 13,000 characters together.
MENU_CHARACTERS = 8_500
LIST_CHARACTERS = 8_000
LIST_CHARACTERS_BESIDE_MENU = 1_500


@dataclass(frozen=True)
class Message:
    """What Slack is sent: Block Kit blocks, and the same content as plain text."""

    text: str
    blocks: list[Block]


class Audience(StrEnum):
    """Who sees a card, which decides what can be done with it."""

    CHANNEL = "channel"  # everybody in a channel, or in a thread
    ASKER = "asker"  # the asker alone, who may share it
    DIRECT = "direct"  # the asker, in the bot's direct messages


def card(
    found: Match,
    content: Content,
    today: dt.date | None = None,
    *,
    audience: Audience = Audience.CHANNEL,
    thread_ts: str | None = None,
) -> Message:
    """The whole card for what was asked.

    `today` (default: the date now, UTC) decides if a review is overdue. `thread_ts` is the thread it is shared into.
    """
    draft = _Draft(content, today)
    _fill(draft, found, content)
    return draft.finish(*_actions(found, content, audience, thread_ts))


def shared(
    found: Match, content: Content, today: dt.date | None = None, *, user: str, thread_ts: str | None = None
) -> Message:
    """The card for everybody; its first line says who shared it. `user` is an id, checked before: it goes live."""
    draft = _Draft(content, today)
    draft.shared_by(user)
    _fill(draft, found, content)
    return draft.finish(*_actions(found, content, Audience.CHANNEL, thread_ts))


def thread_reply(
    found: Match, content: Content, today: dt.date | None = None, *, thread_ts: str | None = None
) -> Message:
    """What a mention gets in its thread: the card, or one short line when there is none to show."""
    match found.outcome:
        case Outcome.MISS:
            line = MISS_LINE
        case Outcome.THANKS:
            line = THANKS
        case Outcome.HELP:
            line = HOW_TO_ASK
        case Outcome.SUGGESTED if not found.topics:
            line = f"Did you mean {_either(_titles(found.suggested, content))}?"
        case _:
            return card(found, content, today, thread_ts=thread_ts)
    draft = _Draft(content, today)
    draft.section(line)
    return draft.finish_short()


def choices(
    found: Match, content: Content, today: dt.date | None = None, *, thread_ts: str | None = None
) -> Message | None:
    """What goes with a thread's reply, to the asker alone: buttons or a menu, when there is something to choose."""
    draft = _Draft(content, today)
    if found.suggested:
        draft.section(_did_you_mean(found, content))
        return draft.finish_short(*_suggestions(found, content, ACTIONS, thread_ts))
    if found.outcome in (Outcome.MISS, Outcome.HELP):
        return _offer(draft, CHOOSE, content, thread_ts)
    return None


def direct_reply(found: Match, content: Content, today: dt.date | None = None) -> Message:
    """What a direct message gets."""
    if found.outcome is Outcome.THANKS:
        return thread_reply(found, content, today)
    return card(found, content, today, audience=Audience.DIRECT)


def nothing_in_message(content: Content, today: dt.date | None = None, *, thread_ts: str | None = None) -> Message:
    """What the shortcut gets for a message that asks about nothing the bot knows, with the menu."""
    return _offer(_Draft(content, today), MISS_IN_MESSAGE, content, thread_ts)


def gone(content: Content, today: dt.date | None = None, *, thread_ts: str | None = None) -> Message:
    """What a button gets whose entry has left the data file since, with the menu."""
    return _offer(_Draft(content, today), GONE, content, thread_ts)


def modal(found: Match | None, content: Content, today: dt.date | None = None) -> dict[str, Any]:
    """The card as a modal view; `found` is None when what it was about has left the data file since."""
    draft = _Draft(content, today)
    if found:
        _fill(draft, found, content)
    else:
        draft.section(GONE)
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": TITLE},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": (draft.finish() if found else draft.finish_short()).blocks,
    }


def home(content: Content, today: dt.date | None = None) -> dict[str, Any]:
    """The Home view: every entry with its status and a button that opens its card."""
    draft = _Draft(content, today)
    draft.header(TITLE)
    draft.section(HOW_TO_ASK_AT_HOME)
    for entry in content.entries[:HOME_ENTRIES]:
        draft.section(_listed(entry), _entry_button("Open", entry))
    draft.more(len(content.entries) - HOME_ENTRIES)
    return {"type": "home", "blocks": draft.finish(_about_button(None)).blocks}


def apology() -> Message:
    """What the asker gets when something failed on our side."""
    return notice(APOLOGY)


def notice(text: str) -> Message:
    """A line about the bot's own work, which is no card: an apology, or how sharing went."""
    return Message(text, [_section(text)])


def is_answer(found: Match) -> bool:
    """Whether the card answers what was asked; a miss, a refusal and a question back do not."""
    return found.outcome not in (Outcome.MISS, Outcome.REFUSED, Outcome.SUGGESTED)


class _Draft:
    """A card being put together: its blocks, and the same content as plain text."""

    def __init__(self, content: Content, today: dt.date | None) -> None:
        self._content = content
        self._today = today or dt.datetime.now(dt.UTC).date()
        self._blocks: list[Block] = []
        self._lines: list[str] = []

    def shared_by(self, user: str) -> None:
        line = f"<@{user}> shared this:"
        self._blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": line}]})
        self._lines.append(line)

    def header(self, title: str) -> None:
        self._blocks.append({"type": "header", "text": {"type": "plain_text", "text": title}})
        self._lines.append(title)

    def section(self, text: str, accessory: Block | None = None) -> None:
        self._blocks.append({**_section(text), "accessory": accessory} if accessory else _section(text))
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

    def more(self, count: int) -> None:
        """Say that so many entries are left out."""
        if count > 0:
            self.context(f"… and {count} more: type the name.")

    def finish(self, *actions: Block) -> Message:
        """The card, with the safety reminder, the sources and the footer, and what can be pressed."""
        safety = self._content.safety
        self.divider()
        self.section(f":warning: *Safety monitoring*\n{_said(safety.reminder, self._content)} {MONITORING}")
        self.context(f"*Not from the document:* {_said(safety.boxed_warning, self._content)}")
        self.context(*_sources(self._content), _standing(self._content, self._today), " ".join(self._content.footer))
        return self._message(actions)

    def finish_short(self, *actions: Block) -> Message:
        """A short line, with the safety reminder under it."""
        self.context(f":warning: *Safety monitoring:* {_said(self._content.safety.reminder, self._content)}")
        return self._message(actions)

    def _message(self, actions: Sequence[Block]) -> Message:
        pressed = [{"type": "actions", "elements": list(actions)}] if actions else []
        return Message("\n".join(self._lines), [*self._blocks, *pressed])


def _fill(draft: _Draft, found: Match, content: Content) -> None:
    """All that was asked, before the safety reminder."""
    match found.outcome:
        case Outcome.HELP | Outcome.THANKS:
            draft.header(TITLE)
            draft.section(HOW_TO_ASK)
            _list(draft, content.entries, LIST_CHARACTERS_BESIDE_MENU)
        case Outcome.LIST:
            draft.header("What the document covers")
            _list(draft, content.entries)
        case Outcome.ABOUT:
            _about(draft, content)
        case Outcome.MISS:
            draft.section(MISS)
            _list(draft, content.entries, LIST_CHARACTERS_BESIDE_MENU)
        case _:
            _answer(draft, found, content)


def _answer(draft: _Draft, found: Match, content: Content) -> None:
    """What an answer, a refusal, a question back or a topic has to say, the weightiest first."""
    if found.outcome is Outcome.EMERGENCY:
        draft.section(EMERGENCY)
    entries = [entry for entry_id in found.answered if (entry := content.entry(entry_id))]
    if len(entries) == LONG_CARDS:
        _entry(draft, entries[0], found, content)
    elif len(entries) <= SHORT_CARDS:
        for entry in entries:
            _entry_in_short(draft, entry, found, content)
    else:
        draft.header("Several entries")
        _list(draft, entries)
    if refusals := _refusals(found, content):
        draft.section("\n".join(refusals))
    if found.suggested:
        draft.section(_did_you_mean(found, content))
    if not entries and (found.topics and not refusals and not found.suggested):
        draft.header("Safety monitoring" if _only_safety(found, content) else "Not covered by the document")
    if notes := _topic_notes(found, content, bool(entries)):
        draft.section("\n".join(notes))


def _entry(draft: _Draft, entry: Entry, found: Match, content: Content) -> None:
    draft.header(entry.title)
    draft.context(*_how_read(entry, found))
    draft.section(_cited(entry.status, content))
    draft.fields([(statement.label, _cited(statement, content)) for statement in entry.statements])
    draft.context(_silence(entry))


def _entry_in_short(draft: _Draft, entry: Entry, found: Match, content: Content) -> None:
    draft.section(f"*{entry.title}*\n{_cited(entry.status, content)}")
    draft.context(*_how_read(entry, found), _silence(entry))


def _list(draft: _Draft, entries: Sequence[Entry], characters: int = LIST_CHARACTERS) -> None:
    """The entries with their status, as many as fit into so many characters."""
    lines = _within(characters, [f"• {_listed(entry)}" for entry in entries])
    for start in range(0, len(lines), 10):
        draft.section("\n".join(lines[start : start + 10]))
    draft.more(len(entries) - len(lines))


def _listed(entry: Entry) -> str:
    return f"*{entry.title}*: {_unmarked(entry.status.text)}"


def _did_you_mean(found: Match, content: Content) -> str:
    names = _either(f"*{title}*" for title in _titles(found.suggested, content))
    return f"Did you mean {names}? Type its name after `/ivig`."


def _offer(draft: _Draft, line: str, content: Content, thread_ts: str | None) -> Message:
    """A short card that says `line` and lets one choose among all entries."""
    draft.section(line)
    return draft.finish_short(_menu(content.entries, CHOOSE_ENTRY, thread_ts))


def _about(draft: _Draft, content: Content) -> None:
    source = content.sources[content.document]
    draft.header("About this bot")
    draft.section(f"{NO_VERDICT} The document: “{source.title}”, {source.about}.")
    draft.section("\n".join(f"• {_cited(statement, content)}" for statement in content.general))
    not_covered = [topic.label for topic in content.topics if topic.kind is TopicKind.NOT_COVERED]
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


def _refusals(found: Match, content: Content) -> list[str]:
    others = {other.name: other for other in content.look_alikes}
    lines = []
    for name in found.lookalikes:
        if other := others.get(name):
            lines.append(_not_that(other, content))
        else:
            lines.append(f"*{_capital(name)}* is a form the document does not mention, {SAYS_NOTHING}.")
    return lines


def _not_that(other: LookAlike, content: Content) -> str:
    entries = [entry for entry_id in other.not_ if (entry := content.entry(entry_id))]
    taken_for = _either(entry.short or entry.name for entry in entries)
    return f"*{_capital(other.name)} is not {taken_for}.* The document has no entry for {other.name}, {SAYS_NOTHING}."


def _topic_notes(found: Match, content: Content, with_entry: bool) -> list[str]:
    lines = []
    for topic in content.topics:
        if topic.id not in found.topics:
            continue
        if topic.kind in (TopicKind.NOT_COVERED, TopicKind.BOXED_WARNING):
            lines.append(f"The document does not cover *{topic.label}*.")
        if topic.note:
            lines.append(topic.note)
    if with_entry and not lines:
        return []
    return lines


def _only_safety(found: Match, content: Content) -> bool:
    kinds = {topic.kind for topic in content.topics if topic.id in found.topics}
    return kinds <= {TopicKind.SAFETY, TopicKind.EMERGENCY}


def _silence(entry: Entry) -> str:
    return f"The document does not give: {' · '.join(entry.silent_about)}"


def _titles(entry_ids: Iterable[str], content: Content) -> list[str]:
    return [entry.title for entry_id in entry_ids if (entry := content.entry(entry_id))]


def _said(statements: Iterable[Statement], content: Content) -> str:
    return " ".join(_cited(statement, content) for statement in statements)


def _cited(statement: Statement, content: Content) -> str:
    """A statement with where it comes from: "… [S16]"."""
    mark = content.sources[statement.source].mark
    where = ", ".join(f"{mark}{number}" for number in statement.sentences) or mark
    cited = f"{statement.text} [{where}]"
    return f"{cited} {statement.silence}" if statement.silence else cited


def _sources(content: Content) -> list[str]:
    return [f"Sources: {'; '.join(_source(source) for source in content.sources.values())}."]


def _source(source: Source) -> str:
    details = [source.publisher, f"“{source.title}”", source.date, source.about]
    mark = f"[{source.mark}1–{source.mark}{source.sentences}]" if source.sentences else f"[{source.mark}]"
    return f"{mark} {', '.join(detail for detail in details if detail)}"


def _standing(content: Content, today: dt.date) -> str:
    """Who stands for the content, and whom to ask."""
    review = _review(content.review, today)
    return f"{review} · Ask: {content.contact}" if content.contact else review


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


def _actions(found: Match, content: Content, audience: Audience, thread_ts: str | None) -> list[Block]:
    """What can be pressed on a card, the most wanted first."""
    actions: list[Block] = []
    if audience is Audience.ASKER and found.outcome in _SHARED:
        actions += _share_button(Ask.of(found, thread_ts))
    if audience is not Audience.CHANNEL:
        actions = _suggestions(found, content, ACTIONS - len(actions), thread_ts) + actions
    if found.outcome in (Outcome.HELP, Outcome.THANKS, Outcome.MISS):
        actions.append(_menu(content.entries, CHOOSE_ENTRY, thread_ts))
    elif found.outcome is not Outcome.LIST:
        actions.append(_list_button(thread_ts))
    if found.outcome is not Outcome.ABOUT:
        actions.append(_about_button(thread_ts))
    return actions[:ACTIONS]


_SHARED = frozenset(
    {Outcome.EMERGENCY, Outcome.ANSWERED, Outcome.REFUSED, Outcome.TOPIC, Outcome.LIST, Outcome.ABOUT},
)


def _suggestions(found: Match, content: Content, room: int, thread_ts: str | None) -> list[Block]:
    """A button for each entry that may be meant; one menu of them when there is no room for so many."""
    entries = [entry for entry_id in found.suggested if (entry := content.entry(entry_id))]
    if len(entries) > room:
        return [_menu(entries, DID_YOU_MEAN, thread_ts)]
    return [
        _entry_button(entry.title if len(entry.title) <= LABEL_SHOWN else entry.short or entry.name, entry, thread_ts)
        for entry in entries
    ]


def _entry_button(label: str, entry: Entry, thread_ts: str | None = None) -> Block:
    ask = Ask(entries=(entry.id,), thread_ts=thread_ts)
    return _button(_cut(label, LABEL), ask, f"entry.{entry.id}", f"Open {entry.title}")


def _list_button(thread_ts: str | None) -> Block:
    return _button("All entries", Ask(Outcome.LIST, thread_ts=thread_ts), "list", "Show all entries of the document")


def _about_button(thread_ts: str | None) -> Block:
    return _button("About IVIG", Ask(Outcome.ABOUT, thread_ts=thread_ts), "about", "About IVIG and this bot")


def _share_button(ask: Ask) -> list[Block]:
    """The button that shares a card; none when it would have to carry more than Slack takes."""
    if len(ask.encode()) > VALUE_MOST:
        return []
    where = "thread" if ask.thread_ts else "channel"
    button = _button(f"Share in {where}", ask, "", f"Share this card with everybody in the {where}")
    return [{**button, "action_id": SHARE}]


def _button(label: str, ask: Ask, name: str, read_out: str) -> Block:
    """A button; `name` tells it from the others beside it, `read_out` is what screen readers say."""
    return {
        "type": "button",
        "action_id": f"{ASK}{name}",
        "text": {"type": "plain_text", "text": label},
        "value": ask.encode(),
        "accessibility_label": _cut(read_out, LABEL),
    }


def _menu(entries: Sequence[Entry], placeholder: str, thread_ts: str | None) -> Block:
    """A menu of the entries; of more than fit it holds the first, and says what to do about the others."""
    options = _within(
        MENU_CHARACTERS,
        [
            {
                "text": {"type": "plain_text", "text": _cut(entry.title, LABEL)},
                "value": Ask(entries=(entry.id,), thread_ts=thread_ts).encode(),
            }
            for entry in entries[:OPTIONS]
        ],
    )
    rest = f" {OR_TYPE}" if len(options) < len(entries) else ""
    return {
        "type": "static_select",
        "action_id": f"{ASK}menu",
        "placeholder": {"type": "plain_text", "text": f"{placeholder}{rest}"},
        "options": options,
    }


_Item = TypeVar("_Item")


def _within(characters: int, items: list[_Item]) -> list[_Item]:
    """The first items, as many as take up no more characters when Slack counts them as JSON."""
    sizes = accumulate(len(json.dumps(item, ensure_ascii=False, separators=(",", ":"))) + 1 for item in items)
    return [item for item, size in zip(items, sizes, strict=True) if size <= characters]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


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
