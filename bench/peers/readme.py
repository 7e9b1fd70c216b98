"""Bolt for Python as its README has it: `app.start(port)`, or Socket Mode when the word `socket` is given.

Two things differ: it asks the stand-in in place of Slack, and it listens on 127.0.0.1 alone.
"""

import json
import os
import sys
from functools import partial
from http.server import HTTPServer
from pathlib import Path

import slack_bolt.app.app
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

card = json.loads(Path(os.environ["BENCH_CARD"]).read_text())
app = App(
    client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


@app.command("/ivig")
def hello(ack: Ack) -> None:
    """Answer the same whatever was asked."""
    ack(**card)


def _local(server: type[HTTPServer], address: tuple[str, int], handler: type) -> HTTPServer:
    return server(("127.0.0.1", address[1]), handler)


if __name__ == "__main__":
    if "socket" in sys.argv:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]
    else:
        slack_bolt.app.app.HTTPServer = partial(_local, HTTPServer)  # type: ignore[assignment, attr-defined]
        app.start(port=int(os.environ["PORT"]))
