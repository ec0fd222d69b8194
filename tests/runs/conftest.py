"""A run whose GAN costs nothing, in tests of what surrounds a training."""

import numpy as np
import pytest

from artgan.data.dataset import Dataset
from artgan.runs.run import Run


@pytest.fixture
def gan(tiny_gan, monkeypatch):
    """A GAN whose pictures cost nothing and whose step a test may set."""
    import artgan.runs.recorder

    before = int(tiny_gan.step)
    pictures = np.zeros([18, 4, 4, 3], np.uint8)
    monkeypatch.setattr(artgan.runs.recorder, "paint", lambda gan, seeds: pictures)
    tiny_gan.step.assign(0)
    yield tiny_gan
    tiny_gan.step.assign(before)


@pytest.fixture
def photos(tmp_path, draw_pictures):
    """A folder with three pictures."""
    return draw_pictures(tmp_path / "photos", 3)


@pytest.fixture
def run(photos, tmp_path, tiny_config):
    """A run of which nothing is saved yet, beside its pictures."""
    run = Run(tmp_path / "runs [1]" / "mine")
    run.checkpoints.mkdir(parents=True)
    run.write(tiny_config, Dataset.as_in(tiny_config, photos))
    return run


@pytest.fixture
def contents():
    """A function: every file under a folder with its bytes, but for locks."""

    def read(folder):
        files = (path for path in folder.rglob("*") if path.is_file())
        return {p: p.read_bytes() for p in files if p.name != ".lock"}

    return read
