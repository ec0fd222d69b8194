"""What the tests of pictures share."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """A cache folder of each test's own."""
    place = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("ARTGAN_CACHE", str(place))
    return place / "pictures"


@pytest.fixture
def folder(tmp_path):
    """Three usable pictures, one of them nested, and three files that are not."""
    folder = tmp_path / "my pictures"
    (folder / "inner").mkdir(parents=True)
    for name, colour in (("b.png", "red"), ("a.png", "lime"), ("inner/c.png", "blue")):
        Image.new("RGB", (40, 30), colour).save(folder / name)
    (folder / "page.jpg").write_text("<html>403</html>", encoding="utf-8")
    (folder / "empty.png").touch()
    (folder / "torn.png").write_bytes((folder / "a.png").read_bytes()[:60])
    return folder


@pytest.fixture
def fill():
    """A function that fills a folder with pictures that differ, and returns it."""

    def write(folder, count, mode="RGB", size=(40, 30), name="{}.png", seed=0):
        draw = np.random.default_rng(seed)
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            blocks = Image.fromarray(draw.integers(0, 256, [3, 4, 3], np.uint8))
            blocks = blocks.resize(size, Image.Resampling.NEAREST).convert(mode)
            blocks.save(folder / name.format(number))
        return folder

    return write
