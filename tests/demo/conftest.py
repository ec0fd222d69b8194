"""A folder with a run and published weights, and the models of it."""

import json

import numpy as np
import pytest
from painters import wild_model
from PIL import Image

from artgan.demo.models import Models
from artgan.storage.checkpoints import save_checkpoint


@pytest.fixture(scope="session")
def wild(tiny_config):
    """An untrained model whose pictures differ."""
    return wild_model(tiny_config)


@pytest.fixture
def runs(tiny_gan, tmp_path):
    """A folder of runs with one, `villas`, that has a checkpoint, a log and a grid."""
    folder = tmp_path / "runs" / "villas"
    save_checkpoint(tiny_gan, folder / "checkpoints")
    write_log(folder, 3)
    Image.fromarray(np.zeros([8, 8, 3], np.uint8)).save(folder / "latest.png")
    return folder.parent


def write_log(folder, looks, time=1000.0):
    """Write a log of 30 steps, with so many looks at the health."""
    rows = [
        {"step": step, "discriminator_loss": 1.0, "generator_loss": 2.0, "time": time}
        for step in range(10, 31, 10)
    ]
    figures = {"distance": 0.5, "diversity": 0.9, "nearest": 1.0}
    rows += [{"step": 30, "time": time} | figures] * looks
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "log.jsonl").write_text(lines, "utf-8")


@pytest.fixture
def models(runs, tmp_path):
    """The models that the page would offer: the one run."""
    return Models(runs, tmp_path / "checkpoints")


@pytest.fixture
def photo(tmp_path):
    """The path of an oblong photograph."""
    values = np.random.default_rng(0).integers(0, 256, [40, 60, 3], np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(values).save(path)
    return path
