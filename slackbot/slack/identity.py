"""Who the bot is at Slack, and whether its token is still taken."""

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial

from slack_bolt.authorization import AuthorizeResult

from slackbot import logs
from slackbot.settings import Settings
from slackbot.slack.api import OPEN_CALL_SECONDS, RefusedError, call, patiently, web_client

GRACE_SECONDS = 600.0  # for so long a refused token may be a trouble of Slack's
TELL_SECONDS = 60.0
RECHECK_SECONDS = 1.0


@dataclass
class Identity:
    """Who the bot is at Slack: unknown until `auth.test` has said so, and when its token has been refused for long."""

    introduced: AuthorizeResult | None = None
    doubt: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a call has found the token refused, so that `auth.test` should be asked again."""
    _trouble: RefusedError | None = field(default=None, init=False)
    _since: float = field(default=0.0, init=False)
    _told: float = field(default=float("-inf"), init=False)

    @property
    def known(self) -> AuthorizeResult | None:
        """Who it is; None while that can't be said, and then `/healthz` does not say ready."""
        return None if self.lost and not self._only_scopes else self.introduced

    @property
    def lost(self) -> bool:
        """Whether its token has been refused for so long that only an operator can help."""
        return self._trouble is not None and _now() - self._since >= GRACE_SECONDS

    def refused(self, error: RefusedError) -> None:
        """Note that a call was refused for the token or its scopes, and tell the operator once a minute."""
        if self._trouble is None:
            self._since = _now()
        self._trouble = error
        self.doubt.set()
        if _now() - self._told >= TELL_SECONDS:
            self._told = _now()
            todo = "reinstall the app in Slack's settings, then set SLACK_BOT_TOKEN anew"
            logs.event("token", outcome="operator_needed", error=f"{error.reason}: {todo}", level=logging.ERROR)

    def accepted(self) -> None:
        """Note that a post was taken, so the token and its scopes are as they should be."""
        self._trouble = None

    def introduce(self, introduced: AuthorizeResult) -> None:
        """Note that `auth.test` has taken the token, which says nothing about its scopes."""
        self.introduced = introduced
        self.doubt.clear()
        if not self._only_scopes:
            self._trouble = None

    @property
    def _only_scopes(self) -> bool:
        return self._trouble is not None and self._trouble.concerns_scopes


async def introduce(settings: Settings, identity: Identity) -> None:
    """Ask `auth.test` until Slack answers, and tell `identity`. Raises RefusedError for a wrong token."""
    client = web_client(settings, settings.bot_token)
    answer = await patiently("auth.test", partial(call, client.auth_test, OPEN_CALL_SECONDS))
    identity.introduce(
        AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_id=answer.get("bot_id"),
            bot_user_id=answer.get("user_id"),
            bot_token=settings.bot_token,
        )
    )
    logs.event("auth.test", outcome="ready")


async def stay_known(settings: Settings, identity: Identity) -> None:
    """Introduce the bot where nobody has, and again whenever a call finds its token refused; runs until cancelled."""
    while True:
        if identity.introduced is not None:
            await identity.doubt.wait()
        try:
            await introduce(settings, identity)
            await asyncio.sleep(RECHECK_SECONDS)
        except RefusedError as error:
            identity.refused(error)
            await asyncio.sleep(TELL_SECONDS)


def _now() -> float:
    return asyncio.get_running_loop().time()
