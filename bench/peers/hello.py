"""Hello-world: the bot's server and the bot's settings for Bolt, with nothing behind them but a constant card.

It may not do without the signature: where the bot checks it in its own door, this leaves it to Bolt.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

card = json.loads(Path(os.environ["BENCH_CARD"]).read_text())
bot = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=os.environ["SLACK_BOT_TOKEN"])


async def authorize() -> AuthorizeResult:
    """Who the bot is, without asking Slack, as in the bot."""
    return bot


app = AsyncApp(
    client=AsyncWebClient(base_url=os.environ["SLACK_API_URL"], timeout=2, retry_handlers=[]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    authorize=authorize,
    process_before_response=True,
    raise_error_for_unhandled_request=True,
    ssl_check_enabled=False,
    attaching_function_token_enabled=False,
    attaching_conversation_kwargs_enabled=False,
)


@app.command("/ivig")
async def hello(ack: AsyncAck) -> None:
    """Answer the same whatever was asked."""
    await ack(**card)


@app.event("app_mention")
async def hello_there(event: dict[str, Any], client: AsyncWebClient) -> None:
    """Post the same in the mention's thread."""
    await client.chat_postMessage(
        channel=event["channel"], thread_ts=event["ts"], text=card["text"], blocks=card["blocks"]
    )


api = AsyncSlackRequestHandler(app, path="/slack/events")


async def _over_socket_mode() -> None:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler  # HTTP starts faster without it

    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], ping_interval=2)
    await handler.start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(_over_socket_mode())
