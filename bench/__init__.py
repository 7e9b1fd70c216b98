"""How fast and how small the bot is, measured beside its peers: `make bench`."""
