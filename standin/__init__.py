"""A stand-in for Slack: the tests use it, and so does the playground."""
