"""A run whose GAN costs nothing, in tests of what surrounds a training."""

import numpy as np
import pytest

from artgan.runs.run import Run


class Pictures:
    """Stands in for a Dataset."""

    def __init__(self, folder, count=3, fingerprint="abc"):
        self.folder, self.count, self.fingerprint = folder, count, fingerprint

    def __len__(self):
        return self.count


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
def pictures(tmp_path):
    """Three pictures in a folder, as a run sees them."""
    (tmp_path / "photos").mkdir()
    return Pictures(tmp_path / "photos")


@pytest.fixture
def run(pictures, tmp_path, tiny_config):
    """A run of which nothing is saved yet, beside its pictures."""
    run = Run(tmp_path / "runs [1]" / "mine")
    run.checkpoints.mkdir(parents=True)
    run.write(tiny_config, pictures)
    return run


@pytest.fixture
def contents():
    """A function: every file under a folder with its bytes, but for locks."""

    def read(folder):
        files = (path for path in folder.rglob("*") if path.is_file())
        return {p: p.read_bytes() for p in files if p.name != ".lock"}

    return read
