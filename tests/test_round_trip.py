"""How long a pong may take: numbers in, numbers out."""

import pytest

from slackbot.slack.round_trip import Pulse, RoundTrip


@pytest.mark.parametrize(
    ("measured", "wait"),
    [
        ([], 3.0),
        ([0.01], 1.0),  # never less
        ([0.5], 1.5),
        ([4.0], 12.0),
        ([4.0] * 40, 4.0),  # a steady line, however slow, needs no more than its round trip
        ([0.01] * 40 + [4.0], 4.5),
    ],
)
def test_the_wait_follows_the_round_trip(measured: list[float], wait: float) -> None:
    line = RoundTrip()
    for seconds in measured:
        line.measured(seconds)
    assert line.wait() == pytest.approx(wait, abs=0.05)


def test_a_pong_is_due_from_the_oldest_ping_that_has_none() -> None:
    pulse = Pulse(RoundTrip(), first_wait=3.0)
    assert pulse.due() is None
    first, second = pulse.ping(10.0), pulse.ping(11.0)
    assert pulse.due() == 13.0
    pulse.heard(10.5)
    assert pulse.due() == 13.5, "whatever comes is a sign of life"
    pulse.pong(first, 10.5)
    assert (pulse.line.smooth, pulse.due()) == (0.5, 12.5)
    pulse.pong(second, 12.0)
    assert pulse.due() is None


@pytest.mark.parametrize("carried", [b"", b"7", b"-1", b"x", b"\xff", b"9" * 5000])
def test_a_pong_of_no_ping_measures_nothing(carried: bytes) -> None:
    pulse = Pulse(RoundTrip())
    pulse.ping(10.0)
    pulse.pong(carried, 11.0)
    assert pulse.line.smooth is None
    assert pulse.due() == 14.0


def test_a_pong_answers_the_pings_before_it() -> None:
    pulse = Pulse(RoundTrip())
    pulse.ping(10.0)
    pulse.pong(pulse.ping(11.0), 11.2)
    assert pulse.due() is None
