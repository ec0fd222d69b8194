"""The browser that these tests drive, and the servers that it visits."""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest


@pytest.fixture(scope="package")
def browser():
    """Chromium of the system, without a window."""
    from playwright.sync_api import sync_playwright

    chromium = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}
    with sync_playwright() as playwright:
        with playwright.chromium.launch(**chromium) as browser:
            yield browser


@contextmanager
def serving(log, *command, **environment):
    """Run a module as a server that prints into a log: (process, address it tells)."""
    with log.open("w", encoding="utf-8") as file:
        words = [sys.executable, "-u", "-m", *map(str, command)]
        environment = os.environ | {name: str(x) for name, x in environment.items()}
        process = subprocess.Popen(words, env=environment, stdout=file, stderr=file)
    while not (found := re.search(r"http://127\S+", log.read_text("utf-8"))):
        assert process.poll() is None, log.read_text("utf-8")
        time.sleep(0.2)
    try:
        yield process, found[0]
    finally:
        process.terminate()
        process.wait()
