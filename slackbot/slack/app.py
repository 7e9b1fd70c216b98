"""The Bolt app: who the bot is, its listeners, and the one place where failures are answered."""

import logging
from dataclasses import dataclass

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from slackbot import logs
from slackbot.cards import wording
from slackbot.content.schema import Content
from slackbot.matching.match import Matcher
from slackbot.settings import Settings
from slackbot.slack import blocks, listeners
from slackbot.slack.delivery import POST_TIMEOUT, PassingError, RefusedError, patiently, respond
from slackbot.slack.payloads import Payload, PayloadError, check, kind_of
from slackbot.work.claims import Claims, MemoryClaims
from slackbot.work.running import Running

_sdk_log = logging.getLogger("slack_sdk")


@dataclass
class Identity:
    """Who the bot is at Slack: unknown until `auth.test` has said so."""

    known: AuthorizeResult | None = None


def web_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client that never sends twice by itself: slack_sdk's default re-sends a post whose reply got lost."""
    return AsyncWebClient(
        token=token, base_url=settings.api_url, timeout=POST_TIMEOUT, retry_handlers=[], logger=_sdk_log
    )


async def introduce(settings: Settings, identity: Identity) -> None:
    """Ask `auth.test` until Slack answers, and tell `identity`. Raises RefusedError for a wrong token."""
    client = web_client(settings, settings.bot_token)
    answer = await patiently("auth.test", client.auth_test)
    identity.known = AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer.get("team_id"),
        bot_id=answer.get("bot_id"),
        bot_user_id=answer.get("user_id"),
        bot_token=settings.bot_token,
    )
    logs.event("auth.test", outcome="ready")


def build_app(
    settings: Settings,
    content: Content,
    identity: Identity,
    claims: Claims | None = None,
    running: Running | None = None,
) -> AsyncApp:
    """The app with its listeners. `identity` may become known later: commands are answered without it.

    What the listeners leave to the background is in `running`, which a door waits for before it stops.
    Bolt reads the environment for what it is not given: the bot token, unused beside `authorize`, and the
    OAuth variables, which the settings refuse.
    """
    unknown = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=settings.bot_token)

    async def authorize() -> AuthorizeResult:
        return identity.known or unknown

    app = AsyncApp(
        name="ivig-bot",
        logger=logging.getLogger("slack_bolt"),
        client=web_client(settings),
        signing_secret=settings.signing_secret,
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        # The HTTP door does these two, before anything is parsed.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_answer_failure)
    listeners.register(app, Matcher(content), claims or MemoryClaims(), running or Running(), private=settings.private)
    return app


async def dispatch(app: AsyncApp, identity: Identity, payload: object) -> BoltResponse:
    """What the app answers to a payload from either door. Never raises.

    5xx means that it may work when Slack delivers it again; 4xx that it never will.
    """
    try:
        checked = check(payload)
        # Bolt calls it socket_mode when a payload is parsed already and its signature is no question.
        request = AsyncBoltRequest(mode="socket_mode", body=checked)
    except Exception as error:  # noqa: BLE001  # Bolt reads into the payload here, and raises all sorts
        reason = str(error) if isinstance(error, PayloadError) else type(error).__name__
        logs.event("payload", outcome="rejected", error=reason, level=logging.WARNING)
        return BoltResponse(status=400)
    if identity.known is None and kind_of(checked) == "event_callback":
        return await _answer_failure(PassingError("not_ready"), checked)
    try:
        return await app.async_dispatch(request)
    except Exception as failure:  # noqa: BLE001  # logged with its type and place
        logs.event("payload", outcome="failed", level=logging.ERROR, failure=failure)
        return BoltResponse(status=500)


async def _answer_failure(error: Exception, body: Payload) -> BoltResponse:
    """The app's error handler: what Slack and the asker get when no listener could answer."""
    kind, event_id = kind_of(body), body.get("event_id")
    if isinstance(error, PassingError):
        logs.event(kind, event_id=event_id, outcome="passing", error=str(error), level=logging.WARNING)
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
    private = {"response_type": "ephemeral", "text": sorry.text, "blocks": sorry.blocks}
    if kind == "command":
        return BoltResponse(status=200, body=private)
    if isinstance(url := body.get("response_url"), str):
        try:
            await respond(url, {**private, "replace_original": False})
        except (PassingError, RefusedError) as unsent:  # there is nobody left to tell
            logs.event("response_url", outcome="failed", error=str(unsent), level=logging.WARNING)
    return BoltResponse(status=200)
