"""The names one can choose from while typing: those of the entries and of their forms, as the data file has them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from slackbot.cards import wording
from slackbot.cards.card import Open
from slackbot.cards.choice import Choice
from slackbot.content.names import entry_names
from slackbot.content.schema import Content, Entry, Form
from slackbot.matching.match import Matcher, Outcome
from slackbot.words.tokens import Folded, phrase

MOST = 100  # names offered at once


class _Row(NamedTuple):
    words: tuple[Folded, ...]
    name: str
    entry: Entry
    form: Form | None = None


class Typeahead:
    """The names of one content, each with what it opens: what typing the whole name would bring."""

    def __init__(self, matcher: Matcher) -> None:
        """Fold every name once. How a form's name is read is looked up when it is first offered, and kept."""
        self._rows = tuple(_rows(matcher.content))
        self._choice = lru_cache(maxsize=None)(lambda form: _choice(form, matcher))

    def offers(self, text: str, longest: int) -> list[Open]:
        """What fits the words that were typed, or every entry when none were: entries first, each form once.

        A name fits when each word that was typed begins one of its own; those that begin with the first stand first.
        `longest` is how many characters a choice may have, encoded; a name whose choice is longer is not offered.
        """
        typed = phrase(text)
        fitting = [row for row in self._rows if _fits(row, typed)]
        fitting.sort(key=lambda row: (row.form is not None, not _begins(row, typed)))
        offers: dict[tuple[str, str | None], Open] = {}
        for row in fitting:
            form = row.form.name if row.form else None
            if (row.entry.id, form) not in offers:
                choice = self._choice(row.name) if form else None
                button = _form(row, choice) if choice else _entry(row.entry)
                if len(button.choice.encode()) <= longest:
                    offers.setdefault((row.entry.id, form if choice else None), button)
        return list(offers.values())[:MOST]


def _rows(content: Content) -> Iterator[_Row]:
    for at, entry in enumerate(content.entries):
        yield _Row(phrase(entry.title), entry.title, entry)
        for name in entry_names(entry, ("entries", at)):
            form = name.part if isinstance(name.part, Form) else None
            yield _Row(phrase(name.written), name.written, entry, form)


def _choice(form: str, matcher: Matcher) -> Choice | None:
    """What the name of a form opens; None where it is no more than its entry, or is only asked about."""
    match = matcher.match(form)
    choice = Choice.of(match) if match.outcome in (Outcome.ANSWERED, Outcome.REFUSED) else None
    return choice if choice and (choice.forms or choice.lookalikes) else None


def _entry(entry: Entry) -> Open:
    return Open(Choice(entries=(entry.id,)), entry.title, wording.open_entry(entry.title))


def _form(row: _Row, choice: Choice) -> Open:
    label = wording.name_of(row.name, row.entry.short or row.entry.name) if choice.forms else row.name
    return Open(choice, label, wording.open_entry(label))


def _fits(row: _Row, typed: tuple[Folded, ...]) -> bool:
    if not typed:
        return row.form is None
    return all(any(word.startswith(start) for word in row.words) for start in typed)


def _begins(row: _Row, typed: tuple[Folded, ...]) -> bool:
    return bool(typed) and bool(row.words) and row.words[0].startswith(typed[0])
