"""What `artgan demo` says where there is no page to show."""

import socket

import pytest

from artgan.__main__ import main
from artgan.commands import demo


@pytest.fixture
def said(monkeypatch, runs, capsys):
    """A function that runs the command and returns what it said when it failed."""
    for name in (*demo.SILENT, "GRADIO_TEMP_DIR"):
        monkeypatch.setenv(name, "")  # and it is as before after the test

    def run(*options):
        assert main(["demo", "--no-browser", "--runs", str(runs), *options]) == 2
        return capsys.readouterr().err

    return run


def test_without_gradio_it_says_how_to_get_it(said, monkeypatch):
    monkeypatch.setattr(demo, "find_spec", lambda name: None)
    assert "pip install 'artgan[demo]'" in said()


def test_an_unknown_model_is_told_with_those_there_are(said):
    assert "tiny, young" in said("roses")
    assert "no checkpoint yet" in said("young")


def test_a_port_in_use_is_told(said):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert "--port" in said("tiny", "--port", str(server.getsockname()[1]))
