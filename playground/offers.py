"""What the manifest registers with Slack: the playground offers that and nothing else, as Slack does."""

from dataclasses import dataclass

from slackbot import manifest


@dataclass(frozen=True)
class Command:
    """A slash command."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True)
class Shortcut:
    """An entry in the menu of a message, or in the menu of shortcuts."""

    name: str
    callback_id: str


@dataclass(frozen=True)
class Offers:
    """The app as people meet it in Slack, and the events it is told of."""

    name: str
    description: str
    mention: str
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    """In the menu of a message."""
    global_shortcuts: tuple[Shortcut, ...]
    """From anywhere."""
    events: frozenset[str]
    interactive: bool
    home: bool
    messages: bool


def offers() -> Offers:
    """What the manifest says."""
    app = manifest.read()
    features, settings, display = app["features"], app["settings"], app["display_information"]
    home = features.get("app_home", {})

    def shortcuts(kind: str) -> tuple[Shortcut, ...]:
        listed = features.get("shortcuts", [])
        return tuple(Shortcut(each["name"], each["callback_id"]) for each in listed if each["type"] == kind)

    return Offers(
        name=display["name"],
        description=display["description"],
        mention=features["bot_user"]["display_name"],
        commands=tuple(
            Command(each["command"], each["description"], each.get("usage_hint", ""))
            for each in features.get("slash_commands", [])
        ),
        shortcuts=shortcuts("message"),
        global_shortcuts=shortcuts("global"),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        interactive=settings.get("interactivity", {}).get("is_enabled", False),
        home=home.get("home_tab_enabled", False),
        messages=home.get("messages_tab_enabled", False),
    )
