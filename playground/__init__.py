"""The bot in a browser, without Slack: the stand-in, the bot's own HTTP door, and a page."""
