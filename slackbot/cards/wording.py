"""Every sentence the bot says; what a statement says comes from the data file. *bold* and `code` are the only marks."""

import datetime as dt
from collections.abc import Iterable

TITLE = "Look up IVIG"
ALL_ENTRIES = "What the document covers"
SEVERAL_ENTRIES = "Several entries"
ABOUT_BOT = "About this bot"
NOT_COVERED = "Not covered by the document"
SAFETY_MONITORING = "Safety monitoring"
NOT_FROM_DOCUMENT = "Not from the document:"

APOLOGY = "Sorry, something went wrong on our side. Please try again; `/ivig list` shows every entry."
EMERGENCY = "Not for emergencies: follow your local emergency protocol."
MONITORING = "The document does not say how or how often to monitor."
NO_VERDICT = "The bot finds entries in a reference document; it does not assess a patient."

_SAYS_NOTHING = "which says nothing about whether IVIG is used for it"
MISS = f"*No entry found.* The document may not have this condition, {_SAYS_NOTHING}."
MISS_IN_MESSAGE = f"*No entry found in this message.* The document may not have the condition, {_SAYS_NOTHING}."
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
CHOOSE = "Look up an entry of the document:"
GONE = "This entry is no longer in the document's list."
NOT_SHARED = "Sorry, the card could not be shared. Please look it up again and share the new card."
MAYBE_SHARED = (
    "Slack did not say whether the card was shared. If it is not there, please look it up again and share the new card."
)

CLOSE = "Close"
OPEN = "Open"
LIST_BUTTON = "All entries"
LIST_READ_OUT = "Show all entries of the document"
ABOUT_BUTTON = "About IVIG"
ABOUT_READ_OUT = "About IVIG and this bot"
CHOOSE_ENTRY = "Choose an entry"
DID_YOU_MEAN = "Did you mean …"
OR_TYPE = "or type the name"
UNREVIEWED = "*Not yet reviewed by a clinician.*"


def more(count: int) -> str:
    """That so many entries are left out."""
    return f"… and {count} more: type the name."


def shared_by(person: str) -> str:
    """Who shared the card below; `person` as the platform writes a person."""
    return f"{person} shared this:"


def read_as(words: str, name: str) -> str:
    """That these words were read as that entry."""
    return f"Read *{words}* as {name}."


def misspelling_of(name: str) -> str:
    """That a misspelling was read as that entry."""
    return f"Read a misspelling as {name}."


def did_you_mean(titles: Iterable[str]) -> str:
    """The question back, on a card."""
    return f"Did you mean {either(f'*{title}*' for title in titles)}? Type its name after `/ivig`."


def did_you_mean_line(titles: Iterable[str]) -> str:
    """The question back, as a thread's short line."""
    return f"Did you mean {either(titles)}?"


def refusal(name: str, taken_for: Iterable[str]) -> str:
    """That a look-alike is none of the entries it is taken for."""
    not_that = f"{capital(name)} is not {either(taken_for)}."
    return f"*{not_that}* The document has no entry for {name}, {_SAYS_NOTHING}."


def form_refusal(name: str) -> str:
    """That the document does not mention a form of one of its conditions."""
    return f"*{capital(name)}* is a form the document does not mention, {_SAYS_NOTHING}."


def not_covered(label: str) -> str:
    """That the document does not cover a topic."""
    return f"The document does not cover *{label}*."


def not_covered_all(labels: Iterable[str]) -> str:
    """All topics that the document does not cover."""
    return f"The document does not cover: {' · '.join(labels)}"


def silence(gaps: Iterable[str]) -> str:
    """What a reader might look for and the document does not give."""
    return f"The document does not give: {' · '.join(gaps)}"


def document(title: str, about: str | None) -> str:
    """What the bot is, and what its document is."""
    return f"{NO_VERDICT} The document: “{title}”, {about}."


def sources(lines: Iterable[str]) -> str:
    """The sources by their marks."""
    return f"Sources: {'; '.join(lines)}."


def reviewed(by: str, on: dt.date) -> str:
    """Who reviewed the content, and when."""
    return f"Reviewed by {by}, {_date(on)}."


def overdue(since: dt.date) -> str:
    """That the next review should have been."""
    return f"*Review overdue since {_date(since)}.*"


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
    return f"Share this card with everybody in the {_where(in_thread)}"


def either(names: Iterable[str]) -> str:
    """One of several names: "A, B or C"."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _where(in_thread: bool) -> str:
    return "thread" if in_thread else "channel"


def _date(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
