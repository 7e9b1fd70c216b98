"""Every sentence the bot says; what a statement says comes from the data file. *bold* and `code` are the only marks."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import urlencode

COMMAND = "/ivig"  # unless the operator names it otherwise

TITLE = "Look up IVIG"
ALL_ENTRIES = "What the document covers"
SEVERAL_ENTRIES = "Several entries"
ABOUT_BOT = "About this bot"
NOT_COVERED = "Not covered by the document"
SAFETY_MONITORING = "Safety monitoring"
BOXED_WARNING = "Boxed warning and sources"
NOT_FROM_DOCUMENT = "Not from the document:"
BENEFIT = "Benefit"  # how the label of a benefit begins in the data file
THE_DOCUMENT = "The document "  # how a status begins that says whose view it is

Hindrance = Literal["archived", "restricted", "absent", ""]
_NOT_THERE: dict[Hindrance, str] = {
    "archived": "the channel is archived",
    "restricted": "posting there is restricted",
    "absent": "I am not in the channel",
    "": "Slack does not let me post there",
}

APOLOGY = "Sorry, something went wrong on our side. Please try again."
EMERGENCY = "Not for emergencies: follow your local emergency protocol."
REACTION = "The document does not cover managing a reaction."
MONITORING = "The document does not say how or how often to monitor."
SYMPTOM = (
    "The document does not say what a symptom after IVIG means, how serious it is or what to do. "
    "Not listed here does not mean none."
)
NO_VERDICT = "The bot finds entries in a reference document; it does not assess a patient."
STANDING = "Not for emergencies. No patient identifiers in chat."
UNREVIEWED = "*not yet reviewed by a clinician*."
READINGS_UNREVIEWED = "*How questions are read is not yet reviewed.*"
OPERATOR = "whoever runs this bot"

_NO_VERDICT_EITHER = "That does not tell whether IVIG is used for it."
_REACTION_NOW = "For a reaction now: your local emergency protocol."
MISS = f"*No entry found.* The document may not have this condition. {_NO_VERDICT_EITHER} {_REACTION_NOW}"
MISS_IN_MESSAGE = f"*No entry found in this message.* The document may not have the condition. {_NO_VERDICT_EITHER}"
FILES = "I can't read files. Please write the name of the condition, or choose it."
MISS_LINE = f"No entry found for this: the document may not have it. {_NO_VERDICT_EITHER} {_REACTION_NOW}"
UNREAD = f"The text is long: only its beginning was read, and it names no entry. {_REACTION_NOW}"
THANKS = "You're welcome."
HOW_TO_ASK_IN_THREAD = (
    f"Mention me with a condition or a question, or choose *{TITLE}* from the menu of a message: then only you see "
    "the answer."
)
ONLY_YOU = "Only you see what you type and the answer."
ASK_BACK = "Which condition? Only you will see the answer."
CHOOSE = "Look up an entry of the document:"
CHOOSE_SUGGESTED = "Open what you meant:"
GONE = "This entry is no longer in the bot's data file."
NOT_SHARED = "Sorry, the card could not be shared. Please look it up again and share the new card."
MAYBE_SHARED = (
    "Slack did not say whether the card was shared. If it is not there, please look it up again and share the new card."
)

CLOSE = "Close"
SEARCH = "Condition or question"
SEARCH_HERE = "Look up a condition or a question: press Enter"
SEARCH_BUTTON = "Look up"
SEARCH_NAMES = "Or find a name"
OPEN = "Open"
MORE_BUTTON = "More"
MORE_READ_OUT = "More: all that the document says about it"
BOXED_BUTTON = "Boxed warning and sources"
LIST_BUTTON = "All entries"
LIST_READ_OUT = "All entries of the document"
ABOUT_BUTTON = "About IVIG"
ABOUT_READ_OUT = "About IVIG and this bot"
CHOOSE_ENTRY = "Choose an entry"
DID_YOU_MEAN = "Did you mean …"
OR_TYPE = "or type the name"
MISSPELLING = "Read as a misspelling."
CUT = "… and more. Ask about fewer at once."

_NAMED = 5  # forms named in one sentence; of more, the number says enough


def how_to_ask(command: str) -> str:
    """How to ask, by the command's name."""
    return (
        f"Type `{command}` and a condition, or mention me with a question. With `{command} me` and a condition, only "
        f"you see the answer. `{command} safety` and `{command} about` say more."
    )


def how_to_ask_at_home(command: str) -> str:
    """How to ask, and where."""
    return (
        f"Look it up here, or type `{command}` and a condition in any channel, mention me in a thread, write to me "
        f"under *Messages*, or choose *{TITLE}* from the shortcuts or the menu of a message."
    )


def name_of(name: str, title: str) -> str:
    """A name of an entry or of a form of it, to choose from."""
    return f"{name} ({title})"


def more_entries(count: int) -> str:
    """That so many entries are left out."""
    return f"… and {count} more: type the name."


def more(count: int) -> str:
    """That so many lines are left out."""
    return f"… and {count} more."


def shared_by(person: str) -> str:
    """Who shared the card below; `person` as the platform writes a person."""
    return f"{person} shared this:"


def answered_here(channel: str, hindrance: Hindrance = "") -> str:
    """Why an answer comes by direct message. `channel` as the platform writes one; `hindrance`: see `_NOT_THERE`."""
    return f"You asked me in {channel}. The answer comes here, since {_NOT_THERE[hindrance]}."


def read_as(words: str, name: str) -> str:
    """That these words were read as that entry."""
    return f"Read *{words}* as {name}."


def did_you_mean(titles: Iterable[str]) -> str:
    """The question back."""
    return f"Did you mean {either(f'*{title}*' for title in titles)}?"


def forms_not_discussed(forms: Sequence[str]) -> str:
    """That the document says nothing about these forms in particular."""
    named = [*forms[:_NAMED], f"{len(forms) - _NAMED} more forms"] if len(forms) > _NAMED else forms
    return f"The document does not discuss {either(named)}."


def status_of(name: str, status: str) -> str:
    """The status of an entry behind a sentence about a form of it."""
    if status.startswith(THE_DOCUMENT):
        return f"For {name} it {status.removeprefix(THE_DOCUMENT)}"
    return f"For {name} it says: {status}"


def refusal(name: str, taken_for: Iterable[str]) -> str:
    """That a look-alike is none of the entries it is taken for."""
    not_that = f"{capital(name)} is not {either(taken_for)}."
    return f"*{not_that}* The document has no entry for {name}. {_NO_VERDICT_EITHER}"


def form_refusal(name: str, note: str | None) -> str:
    """What is said of a form that is not answered for; `note` is the data file's own word on it."""
    if note:
        return f"*{capital(name)}:* {note}"
    return f"*{capital(name)}* is a form the document does not mention. {_NO_VERDICT_EITHER}"


def not_covered(label: str) -> str:
    """That the document does not cover a topic."""
    return f"The document does not cover *{label}*."


def not_covered_all(labels: Iterable[str]) -> str:
    """All topics that the document does not cover."""
    return f"The document does not cover: {' · '.join(labels)}"


def silence(gaps: Iterable[str]) -> str:
    """What a reader might look for and the document does not give."""
    return f"The document does not give: {' · '.join(gaps)}"


def silence_in_short(gaps: Sequence[str], most: int) -> str:
    """The first of what the document does not give."""
    return f"Not in the document: {', '.join(gaps[:most])}{' and more' if len(gaps) > most else ''}."


def document(title: str, about: str | None) -> str:
    """What the bot is, and what its document is."""
    return f"{NO_VERDICT} The document: “{title}”{f', {about}' if about else ''}."


def conditions(names: Iterable[str]) -> str:
    """Which conditions the document speaks of."""
    return f"It speaks of {' · '.join(names)}."


def source_in_short(about: str, dated: bool) -> str:
    """What the document is, in a few words: `about` up to its first pause."""
    return f"Source: {re.split('[,;]', about)[0]}{'' if dated else '; undated'}."


def sources(lines: Iterable[str]) -> str:
    """The sources by their marks."""
    return f"Sources: {'; '.join(lines)}."


def standing(version: str, review: str) -> str:
    """Which content this is, and who stands for it."""
    return f"Content {version} · {review}"


def reviewed(by: str, on: dt.date, due: dt.date) -> str:
    """Who reviewed the content, when, and when it is to be done again."""
    return f"reviewed by {by}, {_date(on)}, due {_date(due)}."


def overdue(by: str, on: dt.date, due: dt.date) -> str:
    """That the next review should have been."""
    return f"reviewed by {by}, {_date(on)}; *review overdue since {_date(due)}*."


def changed_since(on: dt.date) -> str:
    """That what is shown is not what was reviewed."""
    return f"⚠️ *changed since the review of {_date(on)}: not reviewed*."


def readings_changed_since(on: dt.date) -> str:
    """That the cards are as they were reviewed, and how texts are read is not."""
    return f"⚠️ *How questions are read has changed since the review of {_date(on)}: not reviewed.*"


def readings_overdue(due: dt.date) -> str:
    """That how texts are read should have been reviewed again."""
    return f"*How questions are read: review overdue since {_date(due)}.*"


def wrong_card(whom: str, ids: Sequence[str], version: str) -> str:
    """Whom to tell that a card is wrong, and what to name."""
    return f"Wrong card? Tell {whom}: {_named(ids, version)}."


def wrong_card_form(address: str, ids: Sequence[str], version: str) -> str:
    """Where to report that a card is wrong: the issue form, filled in with ids."""
    fields = {"template": "content-error.yml", "card": ", ".join(ids), "version": version}
    return f"Wrong card? {address}?{urlencode(fields)}"


def missing(whom: str) -> str:
    """Whom to tell that a condition is missing."""
    return f"A condition is missing? Tell {whom}; no patient data."


def missing_form(address: str) -> str:
    """Where to suggest a condition."""
    return f"A condition is missing? {address}?{urlencode({'template': 'missing-condition.yml'})}"


def contact(person: str) -> str:
    """Whom to ask locally."""
    return f"Ask: {person}"


def open_entry(title: str) -> str:
    """What a button that opens an entry is read out as."""
    return f"Open {title}"


def share_button(in_thread: bool) -> str:
    """The label of the button that shares a card."""
    return f"Share in {_where(in_thread)}"


def share_read_out(in_thread: bool) -> str:
    """What the button that shares a card is read out as."""
    return f"Share in {_where(in_thread)}: everybody there sees this card"


def either(names: Iterable[str]) -> str:
    """One of several names: "A, B or C"."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _named(ids: Sequence[str], version: str) -> str:
    return f"{', '.join(ids)}, content {version}" if version else ", ".join(ids)


def _where(in_thread: bool) -> str:
    return "thread" if in_thread else "channel"


def _date(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
