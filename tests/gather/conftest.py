"""What tests of gathering share."""

from types import SimpleNamespace

import pytest

from artgan.gather import session


@pytest.fixture
def waits(monkeypatch):
    """The seconds that a session would have waited; it does not."""
    seconds = []
    monkeypatch.setattr(session, "time", SimpleNamespace(sleep=seconds.append))
    return seconds
