"""Every name of a data file, in one walk: the checks and the matcher read the same ones."""

from collections.abc import Iterator
from typing import NamedTuple

from slackbot.content.fault import Where
from slackbot.content.schema import Ambiguous, Content, Entry, Form, LookAlike, Reading, Topic


class Name(NamedTuple):
    """A name as the file writes it."""

    written: str
    key: str  # the key it stands under: name, names, misspellings, ambiguous, ask, short, phrases, events, treatments
    where: Where
    owner: Entry | LookAlike | Topic
    part: Ambiguous | Form | None = None  # the part of an entry it names, where it is one

    @property
    def belongs_to(self) -> str:
        """Whose name it is, for a message."""
        if isinstance(self.owner, LookAlike):
            return f"the look-alike '{self.owner.name}'"
        if isinstance(self.owner, Topic):
            return f"the topic '{self.owner.id}'"
        return f"the form '{self.part.name}' of {self.owner.id}" if isinstance(self.part, Form) else self.owner.id


def names(content: Content) -> Iterator[Name]:
    """Every name of the content, in the order of the file's parts."""
    for i, entry in enumerate(content.entries):
        yield from entry_names(entry, ("entries", i))
    for i, other in enumerate(content.look_alikes):
        yield from look_alike_names(other, ("look_alikes", i))
    for i, topic in enumerate(content.topics):
        yield from topic_names(topic, ("topics", i))


def entry_names(entry: Entry, where: Where) -> Iterator[Name]:
    """An entry's own names, ambiguous ones and those of its forms."""
    yield Name(entry.name, "name", (*where, "name"), entry)
    for key, listed in (("names", entry.names), ("misspellings", entry.misspellings)):
        yield from (Name(written, key, (*where, key, i), entry) for i, written in enumerate(listed))
    for i, ambiguous in enumerate(entry.ambiguous):
        yield Name(ambiguous.name, "ambiguous", (*where, "ambiguous", i, "name"), entry, ambiguous)
    yield from (Name(written, "ask", (*where, "ask", i), entry) for i, written in enumerate(entry.ask))
    for i, form in enumerate(entry.forms):
        for key, listed in (("names", form.names), ("short", form.short)):
            for j, written in enumerate(listed):
                yield Name(written, key, (*where, "forms", i, key, j), entry, form)


def look_alike_names(other: LookAlike, where: Where) -> Iterator[Name]:
    """A look-alike's names."""
    yield Name(other.name, "name", (*where, "name"), other)
    for key, listed in (("names", other.names), ("short", other.short)):
        yield from (Name(written, key, (*where, key, i), other) for i, written in enumerate(listed))


def topic_names(topic: Topic, where: Where) -> Iterator[Name]:
    """The phrases that bring a topic."""
    for key, listed in (("phrases", topic.phrases), ("events", topic.events), ("treatments", topic.treatments)):
        yield from (Name(written, key, (*where, key, i), topic) for i, written in enumerate(listed))


def refusable_names(content: Content) -> dict[str, LookAlike | Form]:
    """Whatever may be refused by name, as the file writes it, and what it names."""
    refusable: dict[str, LookAlike | Form] = {}
    for name in names(content):
        if isinstance(name.owner, LookAlike):
            refusable[name.written] = name.owner
        elif isinstance(name.part, Form) and name.part.reading is Reading.REFUSE:
            refusable[name.written] = name.part
            refusable[name.part.name] = name.part
    return refusable
