"""No payload, however bent, gets a 5xx, a traceback, or more than the sender's own answer."""

import json
from typing import Any

from doors import Door, send
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapes import bent, every_kind

from standin.slack import Slack

PAYLOADS = every_kind(Slack())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_over_http(open_http: Door, data: st.DataObject) -> None:
    payload: Any = data.draw(bent(PAYLOADS))
    body = json.dumps(payload).encode()
    headers = open_http.slack.signed(body)
    status, said = open_http.run(send("POST", f"{open_http.url}/slack/events", body, headers))
    assert status in (200, 400)
    assert "Traceback" not in said


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=200), form=st.booleans())
def test_bytes(open_http: Door, body: bytes, form: bool) -> None:
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = open_http.slack.signed(body, content_type=kind)
    status, said = open_http.send("POST", "/slack/events", body, headers)
    assert (status in (400, 401), said) == (True, "")  # what is no text can't be signed either


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_over_socket_mode(open_socket: Door, data: st.DataObject) -> None:
    payload: Any = data.draw(bent(PAYLOADS))
    ack = open_socket.run(open_socket.slack.post_socket(payload, "interactive", timeout=3))
    assert ack is not None  # what can't be read is acknowledged, or it would come again for ever
