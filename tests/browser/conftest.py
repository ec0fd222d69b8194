"""The browser that these tests drive."""

import shutil
import socket

import pytest


@pytest.fixture(scope="package")
def browser():
    """Chromium of the system, without a window."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "install chromium: the browser tests drive it"
    options = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        launch = playwright.chromium.launch
        with launch(executable_path=chromium, args=options) as browser:
            yield browser


@pytest.fixture(scope="session")
def free_port():
    """A port on this machine that nothing listens on."""

    def port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    return port
