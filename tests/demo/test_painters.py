"""Models are opened once, by the names that are offered; what cannot be is told."""

import socket

from painters import publish_gan

from artgan.__main__ import main
from artgan.commands import explore
from artgan.storage.checkpoints import save_checkpoint


def test_runs_are_offered_before_published_weights(painters, tiny_gan):
    weights = painters.checkpoints / "roses-32"
    publish_gan(tiny_gan, weights, {"aliases": ["roses"]})
    assert painters.names("roses") == ["roses", "tiny", "young"]
    assert painters.names("tiny@best") == ["tiny@best", "tiny", "young", "roses-32"]


def test_a_model_is_opened_once_until_its_run_has_learnt_more(painters, tiny_gan):
    painter = painters.open("tiny")
    assert painters.open("tiny") is painter
    save_checkpoint(tiny_gan, painters.runs / "tiny" / "checkpoints", "best")
    assert painters.open("tiny") is not painter
    assert painters.open("tiny@best") is painters.open("tiny@best")


def test_what_cannot_be_served_is_told(monkeypatch, runs, capsys):
    def said(*options):
        assert main(["demo", "--no-browser", "--runs", str(runs), *options]) == 2
        return capsys.readouterr().err

    for name in (*explore.SILENT, "GRADIO_TEMP_DIR"):
        monkeypatch.setenv(name, "")  # and it is as before after the test
    assert "tiny, young" in said("roses")
    assert "no checkpoint yet" in said("young")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert "port is taken" in said("tiny", "--port", str(server.getsockname()[1]))
    monkeypatch.setattr(explore, "find_spec", lambda name: None)
    assert "pip install 'artgan[demo]'" in said()
