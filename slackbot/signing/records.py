"""Where a content stands: what was signed, by whom, and whether it is still what the bot shows and does."""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from slackbot.cards import wording
from slackbot.cards.card import Cards
from slackbot.cards.card import Standing as OnCard
from slackbot.content.schema import Content, Review, Signed
from slackbot.matching.match import Matcher
from slackbot.signing.digests import Digests, digests


class State(StrEnum):
    """Where the cards, or the readings, stand."""

    CURRENT = "current"
    OVERDUE = "overdue"  # signed as it is, and to be read again
    CHANGED = "changed"  # something else was signed
    NOT_REVIEWED = "not reviewed"

    @property
    def is_signed(self) -> bool:
        """Whether somebody has signed what there is now, be it long ago."""
        return self in (State.CURRENT, State.OVERDUE)


class Standing(Struct, frozen=True):
    """Where the cards, or the readings, stand on a day."""

    of: Signed
    digest: str
    state: State
    review: Review | None
    """What was signed last; of what is current, the record that says so."""

    @property
    def is_signed(self) -> bool:
        """Whether somebody has signed what there is now, be it long ago."""
        return self.state.is_signed

    def __str__(self) -> str:
        review = self.review
        if review is None:
            return "not reviewed"
        if self.state is State.CHANGED:
            return f"changed since the review of {review.on} by {review.by}: not reviewed"
        due = f"overdue since {review.due}" if self.state is State.OVERDUE else f"due {review.due}"
        return f"current: reviewed by {review.by}, {review.on}, {due}"


def today() -> dt.date:
    """The date now, UTC."""
    return dt.datetime.now(dt.UTC).date()


def standings(content: Content, reckoned: Digests, day: dt.date) -> tuple[Standing, Standing]:
    """Where the cards and the readings of a content with these digests stand on a day."""
    return (
        _standing(Signed.CARDS, reckoned.cards, content, day),
        _standing(Signed.READINGS, reckoned.readings, content, day),
    )


def state_of(content: Content, reckoned: Digests, day: dt.date) -> State:
    """Where the content stands as a whole: as the worse of its two parts."""
    states = {standing.state for standing in standings(content, reckoned, day)}
    return next(state for state in reversed(State) if state in states)


def warnings(standings: Iterable[Standing]) -> Iterator[str]:
    """One line for each part that was signed, and is no longer what was signed, or is to be read again."""
    for standing in standings:
        if standing.state in (State.CHANGED, State.OVERDUE):
            yield f"{standing.of}: {standing}"


def signed_cards(
    matcher: Matcher, day: dt.date | None = None, *, abroad: bool = False, command: str = wording.COMMAND
) -> Cards:
    """The cards of a content, each of which says where it stands: on this day, or else on the day it is made.

    `command` is what people type to ask. `abroad` is where another organisation reads along: whom to ask here is
    nothing to them.
    """
    content = replace(matcher.content, contact=None) if abroad else matcher.content
    return Cards(content, partial(_on_card, matcher, day), command)


def _standing(of: Signed, digest: str, content: Content, day: dt.date) -> Standing:
    reviews = sorted((review for review in content.review if review.of is of), key=lambda review: review.on)
    if not reviews:
        return Standing(of, digest, State.NOT_REVIEWED, None)
    current = [review for review in reviews if review.digest == digest]
    if not current:
        return Standing(of, digest, State.CHANGED, reviews[-1])
    review = max(current, key=lambda review: review.due)
    return Standing(of, digest, State.OVERDUE if review.due < day else State.CURRENT, review)


def _on_card(matcher: Matcher, day: dt.date | None) -> OnCard:
    reckoned = digests(matcher)
    cards, readings = standings(matcher.content, reckoned, day or today())
    return OnCard(reckoned.version, f"{_said_of_cards(cards)} {_said_of_readings(cards, readings)}".strip())


def _said_of_cards(cards: Standing) -> str:
    match cards:
        case Standing(state=State.CURRENT, review=Review(by=by, on=on, due=due)):
            return wording.reviewed(by, on, due)
        case Standing(state=State.OVERDUE, review=Review(by=by, on=on, due=due)):
            return wording.overdue(by, on, due)
        case Standing(state=State.CHANGED, review=Review(on=on)):
            return wording.changed_since(on)
    return wording.UNREVIEWED


def _said_of_readings(cards: Standing, readings: Standing) -> str:
    """What is said of the readings where they stand worse than the cards."""
    if not cards.is_signed or readings.state is State.CURRENT or readings.state is cards.state:
        return ""
    match readings:
        case Standing(state=State.CHANGED, review=Review(on=on)):
            return wording.readings_changed_since(on)
        case Standing(state=State.OVERDUE, review=Review(due=due)):
            return wording.readings_overdue(due)
    return wording.READINGS_UNREVIEWED
