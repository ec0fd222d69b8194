"""A folder with runs that can be shown on the page."""

import json
import time
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from artgan.storage.checkpoints import save_checkpoint

if find_spec("gradio") is None:  # an extra: .ci/run installs it and tests this folder
    collect_ignore_glob = ["test_*.py"]


def make_runs(gan, runs):
    """Write two runs: `tiny` can paint, and `young` has only a log and a grid yet."""
    save_checkpoint(gan, runs / "tiny" / "checkpoints")
    (runs / "young").mkdir()
    (runs / "young" / "run.json").write_text("{}")
    write_log(runs / "young", 3, time.time())
    Image.fromarray(np.zeros([8, 8, 3], np.uint8)).save(runs / "young" / "latest.png")
    return runs


def write_log(folder, looks, at, nearest=1.0):
    """Write a log of twice so many looks at the health, the second half less so."""
    row = {"step": 30, "discriminator_loss": 1.0, "generator_loss": 2.0, "time": at}
    row |= {"distance": 0.5, "structure": 0.8, "diversity": 0.9, "nearest": 1.0}
    rows = [row] * looks + [row | {"nearest": nearest}] * looks
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "log.jsonl").write_text(text, "utf-8")


@pytest.fixture
def runs(tiny_gan, tmp_path):
    """A folder with the runs `tiny` and `young`."""
    return make_runs(tiny_gan, tmp_path / "runs")


@pytest.fixture(scope="module")
def painters(tiny_gan, tmp_path_factory):
    """The models that the page would offer: the two runs."""
    from artgan.demo.painters import Painters

    place = tmp_path_factory.mktemp("page")
    return Painters(make_runs(tiny_gan, place / "runs"), place / "checkpoints")
