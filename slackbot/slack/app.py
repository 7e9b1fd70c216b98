"""The Bolt app: its listeners, and the one place where failures are answered."""

import asyncio
import logging
import time

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import logs
from slackbot.cards import wording
from slackbot.matching.match import Matcher
from slackbot.settings import Settings
from slackbot.slack import blocks, look_up
from slackbot.slack.api import PROMPT_SECONDS, PassingError, web_client
from slackbot.slack.delivery import tell
from slackbot.slack.identity import Identity
from slackbot.slack.listeners import Listeners, register
from slackbot.slack.payloads import Asker, Payload, PayloadError, check, is_own, kind_of
from slackbot.work.claims import Claims, MemoryClaims
from slackbot.work.running import Running


def build_app(
    settings: Settings,
    matcher: Matcher,
    identity: Identity,
    claims: Claims | None = None,
    running: Running | None = None,
) -> AsyncApp:
    """The app with its listeners. `identity` may become known later: commands are answered without it.

    What the listeners leave to the background is in `running`, which a door waits for before it stops.
    Bolt reads the environment for what it is not given: the bot token, unused beside `authorize`, and the
    OAuth variables, which the settings refuse.
    """
    way = web_client(settings)
    app = AsyncApp(
        name="ivig-bot",
        logger=logging.getLogger("slack_bolt"),
        client=way,
        signing_secret=settings.signing_secret,
        authorize=_Authorize(identity, settings.bot_token, way),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        # The HTTP door does these, before anything comes here.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,  # `dispatch` does
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_answer_failure)
    claims, running = claims or MemoryClaims(), running or Running()
    listeners = Listeners(matcher, identity, claims, running, settings.private, settings.command)
    register(app, listeners)
    look_up.register(app, look_up.LookUp(listeners.matcher, listeners.cards))
    return app


class _Authorize(AsyncAuthorize):
    """Who the bot is, for Bolt; a plain function would have its parameters looked up at each request."""

    def __init__(self, identity: Identity, bot_token: str, way: AsyncWebClient) -> None:
        self._identity = identity
        self._unknown = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=bot_token)
        self._way = way

    async def __call__(self, *, context: AsyncBoltContext, **_: str | None) -> AuthorizeResult:
        """See AsyncAuthorize."""
        context.client.proxy = self._way.proxy  # Bolt's copy for each request has asked the environment anew
        return self._identity.known or self._unknown


async def dispatch(app: AsyncApp, identity: Identity, payload: object) -> BoltResponse:
    """What the app answers to a payload from either door. Never raises.

    5xx means that it may work when Slack delivers it again; 4xx that it never will.
    """
    started = time.perf_counter()
    logs.begin(payload.get("event_id") if isinstance(payload, dict) else None)
    response = await _dispatch(app, identity, payload)
    ms = logs.milliseconds_since(started)
    logs.event("acknowledged", outcome=str(response.status), ms=ms, level=logging.DEBUG)
    return response


async def _dispatch(app: AsyncApp, identity: Identity, payload: object) -> BoltResponse:
    try:
        checked = check(payload)
        # Bolt calls it socket_mode when a payload is parsed already and its signature is no question.
        request = AsyncBoltRequest(mode="socket_mode", body=checked)
    except Exception as error:  # noqa: BLE001  # Bolt reads into the payload here, and raises all sorts
        reason = str(error) if isinstance(error, PayloadError) else type(error).__name__
        logs.event("payload", outcome="rejected", error=reason, level=logging.WARNING)
        return BoltResponse(status=400)
    if kind_of(checked) == "event_callback":
        known = identity.known
        if known is None:
            logs.event("event_callback", event_id=checked.get("event_id"), outcome="not_ready", level=logging.WARNING)
            # Slack switches events off where most get no 200, and nobody would then be told when they come again.
            return BoltResponse(status=200 if identity.lost else 503)
        if is_own(checked["event"], known.bot_user_id, known.bot_id):
            return BoltResponse(status=200)
    try:
        return await app.async_dispatch(request)
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event("payload", outcome="failed", level=logging.ERROR, failure=failure)
        return BoltResponse(status=500)


async def _answer_failure(error: Exception, body: Payload, client: AsyncWebClient) -> BoltResponse:
    """The app's error handler: what Slack and the asker get when no listener could answer."""
    kind = kind_of(body)
    event_id = body["event_id"] if kind == "event_callback" else None  # of others it has not been checked
    if isinstance(error, PassingError):
        logs.event(kind, event_id=event_id, outcome="passing", error=error.reason, level=logging.WARNING)
        return BoltResponse(status=503)
    if isinstance(error, BoltUnhandledRequestError):
        logs.event(kind, event_id=event_id, outcome="unhandled")
        if kind == "event_callback":
            return BoltResponse(status=200)  # anything else, and Slack delivers it thrice more
    else:
        logs.event(kind, event_id=event_id, outcome="failed", level=logging.ERROR, failure=error)
        if kind == "event_callback":
            return BoltResponse(status=500)
    sorry = blocks.line(wording.APOLOGY)
    if kind == "command":
        private = {"response_type": "ephemeral", "text": sorry.text, "blocks": sorry.blocks}
        return BoltResponse(status=200, body=private)
    if kind == "view_submission":  # the modal stays, with what was typed
        return BoltResponse(status=200, body=look_up.APOLOGY)
    if kind in ("block_actions", "message_action", "shortcut"):
        try:
            async with asyncio.timeout(PROMPT_SECONDS):
                await tell(client, sorry, Asker.pressing(body))
        except TimeoutError:  # there is nobody left to tell
            logs.event(kind, outcome="not_told", level=logging.WARNING)
    return BoltResponse(status=200)
