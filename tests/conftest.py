"""What loads the fixtures, and the bot with them, in the processes that run tests."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Who only hands out the tests to others starts them half a second earlier without."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("shared_fixtures")
