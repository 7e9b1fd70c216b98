"""How long a pong may take: the measured round trip, smoothed as TCP's retransmission timer is (RFC 6298)."""

from dataclasses import dataclass, field

SHORTEST_WAIT = 1.0
FIRST_WAIT = 3.0  # before anything is measured


@dataclass
class RoundTrip:
    """The round trip on a line, from one end."""

    smooth: float | None = None
    variation: float = 0.0

    def measured(self, seconds: float) -> None:
        """Take one more measurement in."""
        if self.smooth is None:
            self.smooth, self.variation = seconds, seconds / 2
        else:
            self.variation += (abs(self.smooth - seconds) - self.variation) / 4
            self.smooth += (seconds - self.smooth) / 8

    def wait(self, first: float = FIRST_WAIT) -> float:
        """How long an answer may take before something is wrong; `first` is said where nothing is measured yet."""
        if self.smooth is None:
            return first
        return max(SHORTEST_WAIT, self.smooth + 4 * self.variation)


@dataclass
class Pulse:
    """The pings sent on one socket, and what is heard on it; the caller tells the time."""

    line: RoundTrip
    first_wait: float = FIRST_WAIT
    heard_at: float = 0.0
    _number: int = field(default=0, init=False)
    _sent: dict[int, float] = field(default_factory=dict, init=False)

    def ping(self, now: float) -> bytes:
        """Note a ping; what it carries, by which its pong is known."""
        self._number += 1
        self._sent[self._number] = now
        return b"%d" % self._number

    def pong(self, carried: bytes, now: float) -> None:
        """Note a pong: it answers its ping and all before it."""
        self.heard(now)
        number = int(carried) if carried.isdigit() and len(carried) < 20 else 0
        if (sent := self._sent.get(number)) is not None:
            self.line.measured(now - sent)
            self._sent = {later: at for later, at in self._sent.items() if later > number}

    def heard(self, now: float) -> None:
        """Note that anything came: the line is alive."""
        self.heard_at = now

    def due(self) -> float | None:
        """When something must have been heard; None while no pong is waited for."""
        if not self._sent:
            return None
        return max(min(self._sent.values()), self.heard_at) + self.line.wait(self.first_wait)
