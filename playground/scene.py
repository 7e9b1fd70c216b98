"""A small clinic on the stand-in: people type and press, the bot is told as Slack would tell it, a page looks on.

Nothing here knows how the bot answers: what it says arrives at the stand-in, and is shown from there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playground.editing import Edition
from playground.offers import Offers
from slackbot.content.schema import Content
from slackbot.matching.match import Match
from slackbot.slack import command
from standin import payloads
from standin.payloads import Payload
from standin.slack import HttpReply, Slack
from standin.workspace import Posted

PACE = 1 / 60  # a minute that Slack waits before it delivers an event again is a second here
SHOWN_MOST = 500  # characters of a typed text in "how was this read"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Person:
    """Somebody in the clinic."""

    id: str
    name: str
    role: str


@dataclass(frozen=True)
class Channel:
    """A channel and what it is there to show."""

    id: str
    name: str
    purpose: str
    bot_is_member: bool = True


PEOPLE = (Person("U1", "Robin Hale", "doctor"), Person("U2", "Sam Okoro", "pharmacist"))
CHANNELS = (
    Channel("C1", "immunology", "Questions on IVIG. The bot is a member here."),
    Channel("C2", "pharmacy", "Edit the data file, save it, ask again: the card has changed."),
    Channel("C3", "ward-7", "The bot is no member here: commands work all the same, mentions do not reach it.", False),
)


@dataclass(frozen=True)
class Typed:
    """What a person wrote, escaped as Slack does, or what Slack itself says to `only_for`."""

    ts: str
    channel: str
    author: str
    text: str
    thread_ts: str | None = None
    only_for: str | None = None


@dataclass(frozen=True)
class _Deed:
    """The last thing done in a place, and how the text was read; None when nothing was typed."""

    ts: str
    channel: str
    threads: frozenset[str | None]
    reading: Payload | None


class NotDone(Exception):  # noqa: N818 - Slack says no, which is an answer
    """What Slack would tell the person instead of doing it."""


class Scene:
    """The clinic, the bot at `url`, and what everybody has done so far."""

    def __init__(self, slack: Slack, url: str, offers: Offers, edition: Edition) -> None:
        """An opened workspace with its people and channels; the first question waits in the first channel."""
        self.slack = slack
        self.offers = offers
        self.edition = edition
        self.over = False
        self._url = url
        self._typed_lines: list[Typed] = []
        self._deeds: list[_Deed] = []
        self._modals: dict[str, list[str]] = {}
        for channel in CHANNELS:
            slack.add_channel(
                channel.id,
                name=channel.name,
                members={person.id for person in PEOPLE},
                bot_is_member=channel.bot_is_member,
            )
        for person in PEOPLE:
            slack.workspace.direct_channel(person.id)
        name = edition.content.entries[-1].name
        self._write(CHANNELS[0].id, PEOPLE[1].id, f"Morning! Does the document say anything about {name}?")

    def edit(self, edition: Edition) -> None:
        """Show a new edition of the data file."""
        self.edition = edition
        self.slack.note_change()

    def end(self) -> None:
        """Let the pages go: nothing will happen any more."""
        self.over = True
        self.slack.note_change()

    # What people do.

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> None:
        """Somebody sends what stands in the composer. Raises NotDone."""
        if not text.strip():
            raise NotDone("There is nothing to send.")
        if text.startswith("/"):
            await self._command(user, channel, text, thread_ts)
        elif channel.startswith("D"):
            await self._direct_message(user, text, thread_ts)
        else:
            await self._message(user, channel, text, thread_ts)

    async def press(self, user: str, source: str, action: Mapping[str, str]) -> None:
        """Somebody presses a button, or takes a menu's option, in the message or view `source`. Raises NotDone."""
        if not self.offers.interactive:
            raise NotDone("This app is not configured to handle interactive responses.")
        view = self.slack.views.get(source)
        message = None if view else self._posted(user, source)
        payload = self.slack.action(
            action["action_id"],
            action.get("value"),
            user=user,
            message=message,
            view=view,
            kind=action["kind"],
            label=action["label"],
            block_id=action["block_id"],
        )
        if message:
            self._note(message.channel, frozenset({message.thread_ts, message.ts}), None)
        await self._interact(user, payload, from_modal=view is not None and view["type"] == "modal")

    async def take_shortcut(self, user: str, source: str, callback_id: str) -> None:
        """Somebody takes a shortcut from the menu of the message `source`. Raises NotDone."""
        line = self._line(user, source)
        thread = frozenset({None, line.thread_ts, line.ts})
        if isinstance(line, Posted):
            payload = self.slack.shortcut(callback_id, line, user=user)
        else:
            message = payloads.human_message(self.slack.workspace.app, line.author, line.text, line.ts)
            message |= {"thread_ts": line.thread_ts} if line.thread_ts else {}
            payload = self.slack.shortcut(callback_id, message, user=user, channel=line.channel)
        self._note(line.channel, thread, line.text)
        await self._interact(user, payload)

    async def take_global_shortcut(self, user: str, callback_id: str) -> None:
        """Somebody takes a shortcut from the menu beside the message box. Raises NotDone."""
        await self._interact(user, self.slack.global_shortcut(callback_id, user=user))

    async def submit(self, user: str, source: str, values: Mapping[str, str | None]) -> None:
        """Somebody sends off what stands in the fields of the modal `source`, by their action_ids. Raises NotDone."""
        reply = await self._interact(user, self.slack.submission(self._view(source), values, user=user))
        if reply.body and (errors := reply.json().get("errors")):
            raise NotDone(" ".join(errors.values()))

    async def suggest(self, user: str, source: str, action_id: str, value: str) -> list[Payload]:
        """What the app offers somebody who types into a list of names of the view `source`. Raises NotDone."""
        payload = self.slack.suggestion(action_id, value, view=self._view(source), user=user)
        reply = await self._interact(user, payload)
        options: list[Payload] = reply.json().get("options", []) if reply.body else []
        return options

    async def open_home(self, user: str) -> None:
        """Somebody opens the app's Home. Raises NotDone."""
        if "app_home_opened" in self.offers.events:
            await self._event(self.slack.home_opened(user=user))

    def close_modal(self, user: str) -> None:
        """Somebody closes the modal that is open before them; the one below is open again."""
        del self._modals.get(user, [])[-1:]
        self.slack.note_change()

    async def _command(self, user: str, channel: str, text: str, thread_ts: str | None) -> None:
        name, rest = (*text.split(maxsplit=1), "")[:2]
        if name not in {each.command for each in self.offers.commands}:
            raise NotDone(f"{name[:40]} is not a valid command.")
        if thread_ts:
            raise NotDone(f"{name} is not supported in threads. Sorry!")
        payload = self.slack.command(rest, user=user, channel=channel, command=name)
        match = command.answer(rest, self.edition.matcher).match  # without "me" or "here" before it
        ts, count = self._note(channel, frozenset({None}), rest, match), len(self.slack.answers)
        reply = await self.slack.post_http(self._url, payload)
        if not reply.ok:
            error = "operation_timeout" if reply.failure == "http_timeout" else "dispatch_failed"
            raise NotDone(f"{name} failed with the error “{error}” ({_status(reply)}).")
        # Slack shows the command to everybody when it is answered in public, and to nobody otherwise.
        if any(answer.response_type == "in_channel" for answer in self.slack.answers[count:]):
            self._typed_lines.append(Typed(ts, channel, user, _escape(text)))
            self.slack.note_change()

    async def _message(self, user: str, channel: str, text: str, thread_ts: str | None) -> None:
        mention = f"<@{self.slack.bot_user_id}>"
        message = re.sub(rf"@{re.escape(self.offers.mention)}\b", mention, _escape(text), flags=re.IGNORECASE)
        if mention not in message:
            self._write(channel, user, message, thread_ts)
        elif not self.slack.workspace.channels[channel].bot_is_member:
            self._write(channel, user, message, thread_ts)
            self._write(
                channel,
                SLACKBOT,
                f"You mentioned {mention}, but they’re not in this channel.",
                thread_ts,
                only_for=user,
            )
        else:
            payload = self.slack.mention(message, user=user, channel=channel, thread_ts=thread_ts)
            ts = payload["event"]["ts"]
            self._add(Typed(ts, channel, user, message, thread_ts))
            self._note(channel, frozenset({thread_ts or ts}), message)
            await self._event(payload)

    async def _direct_message(self, user: str, text: str, thread_ts: str | None) -> None:
        if not (self.offers.messages and "message.im" in self.offers.events):
            raise NotDone("Sending messages to this app has been turned off.")
        message = _escape(text)
        payload = self.slack.direct_message(message, user=user, thread_ts=thread_ts)
        ts, channel = payload["event"]["ts"], payload["event"]["channel"]
        self._add(Typed(ts, channel, user, message, thread_ts))
        self._note(channel, frozenset({thread_ts, thread_ts or ts}), message)
        await self._event(payload)

    async def _event(self, payload: Payload) -> None:
        replies = await self.slack.deliver_event_http(self._url, payload, pace=PACE)
        if not replies[-1].ok:
            raise NotDone(f"The bot did not take the event, in {len(replies)} deliveries ({_status(replies[-1])}).")

    async def _interact(self, user: str, payload: Payload, *, from_modal: bool = False) -> HttpReply:
        before = set(self.slack.views)
        reply = await self.slack.post_http(self._url, payload)
        modals = [view_id for view_id, view in self.slack.views.items() if view["type"] == "modal"]
        if new := [view_id for view_id in modals if view_id not in before]:
            below = self._modals.get(user, []) if from_modal else []
            self._modals[user] = [*below, new[-1]]
            self.slack.note_change()
        if not reply.ok:
            raise NotDone(f"Something went wrong: the bot answered with {_status(reply)}.")
        return reply

    def _view(self, source: str) -> Payload:
        view = self.slack.views.get(source)
        if view is None:
            raise NotDone("This view is no longer there.")
        return view

    def _write(
        self, channel: str, author: str, text: str, thread_ts: str | None = None, only_for: str | None = None
    ) -> None:
        self._add(Typed(self.slack.workspace.ts(), channel, author, text, thread_ts, only_for))

    def _add(self, line: Typed) -> None:
        self._typed_lines.append(line)
        self.slack.note_change()

    def _note(self, channel: str, threads: frozenset[str | None], text: str | None, match: Match | None = None) -> str:
        """Note what was done where, and return when that was."""
        ts = self.slack.workspace.ts()
        matcher = self.edition.matcher
        reading = None if text is None else _reading(text, match or matcher.match(text), matcher.content)
        self._deeds.append(_Deed(ts, channel, threads, reading))
        return ts

    # What there is to see.

    def lines(self, user: str) -> dict[str, Typed | Posted]:
        """All that this person can see, by its timestamp."""
        own = self.slack.workspace.direct_channel(user).id
        messages = [*self.slack.answers, *self.slack.messages]
        return {
            **{line.ts: line for line in self._typed_lines if _is_for(user, own, line.channel, line.only_for)},
            **{line.ts: line for line in messages if _is_for(user, own, line.channel, line.user)},
        }

    def home(self, user: str) -> Payload | None:
        """This person's Home, as the bot published it last."""
        return self.slack.homes.get(user)

    def modal(self, user: str) -> Payload | None:
        """The modal that is open before this person."""
        open_ones = self._modals.get(user, [])
        return self.slack.views.get(open_ones[-1]) if open_ones else None

    def reading_behind(self, message: Posted) -> Payload | None:
        """How the text was read that was asked last where this was posted."""
        for deed in reversed(self._deeds):
            if deed.ts < message.ts and deed.channel == message.channel and message.thread_ts in deed.threads:
                return deed.reading
        return None

    def _line(self, user: str, ts: str) -> Typed | Posted:
        line = self.lines(user).get(ts)
        if line is None:
            raise NotDone("This message is no longer there.")
        return line

    def _posted(self, user: str, ts: str) -> Posted:
        line = self._line(user, ts)
        if not isinstance(line, Posted):
            raise NotDone("This message is not the bot’s.")
        return line


def _is_for(user: str, own_channel: str, channel: str, only_for: str | None) -> bool:
    return only_for in (None, user) and (not channel.startswith("D") or channel == own_channel)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _status(reply: HttpReply) -> str:
    return reply.failure or f"status {reply.status}"


def _reading(text: str, match: Match, content: Content) -> Payload:
    return {
        "text": text if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]}…",
        "outcome": match.outcome,
        "public": match.public,
        "words": [
            {"words": each.words, "outcome": each.outcome, "target": _title(each.target, content), "rule": each.rule}
            for each in match.readings
        ],
    }


def _title(target: str, content: Content) -> str:
    entry = content.entry(target)
    return entry.title if entry else target
