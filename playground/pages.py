"""What a page is told: everything once, then what has changed. Plain data, as it goes over the wire."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache

from msgspec import structs

from playground.editing import Change, Edition
from playground.offers import Offers
from playground.scene import CHANNELS, PEOPLE, SLACKBOT, Scene, Typed
from slackbot.matching.match import Matcher, Outcome
from standin.payloads import Payload
from standin.workspace import Posted


class Page:
    """One open page of one person: what it has been told already."""

    def __init__(self, scene: Scene, user: str) -> None:
        """A page that has been told nothing yet."""
        self._scene, self._user = scene, user
        self._lines: dict[str, Typed | Posted] = {}
        self._parts: Payload = {}

    def news(self) -> Payload:
        """What it has to be told now, once; empty when nothing has changed."""
        lines, parts = self._scene.lines(self._user), _parts(self._scene, self._user)
        nothing = object()
        news = {name: part for name, part in parts.items() if self._parts.get(name, nothing) != part}
        if new := [_line(self._scene, line) for ts, line in lines.items() if self._lines.get(ts) is not line]:
            news["lines"] = new
        if gone := [ts for ts in self._lines if ts not in lines]:
            news["gone"] = gone
        self._lines, self._parts = lines, parts
        return news


def _line(scene: Scene, line: Typed | Posted) -> Payload:
    if isinstance(line, Typed):
        return asdict(line)
    return {
        "ts": line.ts,
        "channel": line.channel,
        "author": scene.slack.bot_user_id,
        "text": line.text,
        "blocks": line.blocks,
        "thread_ts": line.thread_ts,
        "only_for": line.user,
        "via": line.via,
        "reading": scene.reading_behind(line),
    }


def _parts(scene: Scene, user: str) -> Payload:
    """Everything beside the lines: who and what there is, Home and modal, refusals, the data file."""
    return {
        "workspace": _workspace(scene, user),
        "home": scene.home(user),
        "modal": scene.modal(user),
        "refusals": [asdict(refusal) for refusal in scene.slack.refusals],
        "data": _data(scene.edition),
    }


def _workspace(scene: Scene, user: str) -> Payload:
    offers = scene.offers
    return {
        "people": [asdict(person) for person in PEOPLE],
        "channels": [asdict(channel) for channel in CHANNELS],
        "direct": scene.slack.workspace.direct_channel(user).id,
        "bot": scene.slack.bot_user_id,
        "slackbot": SLACKBOT,
        "app": {
            "name": offers.name,
            "description": offers.description,
            "mention": offers.mention,
            "commands": [asdict(each) for each in offers.commands],
            "shortcuts": [asdict(each) for each in offers.shortcuts],
            "global_shortcuts": [asdict(each) for each in offers.global_shortcuts],
            "home": offers.home,
        },
        "examples": [{"label": label, "text": text} for label, text in _examples(scene.edition.matcher, offers)],
    }


@lru_cache(maxsize=2)
def _examples(matcher: Matcher, offers: Offers) -> tuple[tuple[str, str], ...]:
    """What a newcomer may try first, with names from the data file."""
    command, content = offers.commands[0].command, matcher.content
    plain, other = content.entries[0], content.entries[-1]
    examples = [
        ("A condition", f"{command} {plain.short or plain.name}"),
        ("A question, answered in a thread", f"@{offers.mention} is {other.name} in the document?"),
    ]
    examples += [("A slip of the pen", f"{command} {slip}") for slip in _slips(other.name, matcher)][:1]
    examples += [("A similar name", f"{command} {each.name}") for each in content.look_alikes[:1]]
    return tuple(examples)


def _slips(name: str, matcher: Matcher) -> Iterator[str]:
    """The name with a letter left out, wherever the bot asks back then."""
    for at in range(len(name) - 1, 0, -1):
        slip = name[:at] + name[at + 1 :]
        if name[at].isalpha() and matcher.match(slip).outcome is Outcome.SUGGESTED:
            yield slip


def _data(edition: Edition) -> Payload:
    return {
        "path": str(edition.path),
        "read_at": edition.read_at,
        "saves": edition.saves,
        "entries": len(edition.content.entries),
        "faults": [fault._asdict() for fault in edition.faults],
        "changes": [_change(change) for change in edition.changes],
    }


def _change(change: Change) -> Payload:
    return {
        "question": change.question,
        "before": structs.asdict(change.before) if change.before else None,
        "after": structs.asdict(change.after) if change.after else None,
    }
