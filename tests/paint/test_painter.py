import numpy as np
import pytest
from painters import wild_model

from artgan.paint import painter
from artgan.paint.paint import paint_seeds
from artgan.paint.painter import Painter, open_painter
from artgan.system.errors import ArtganError


@pytest.fixture
def model(tiny_config, monkeypatch):
    """What any name opens."""
    model = wild_model(tiny_config)
    monkeypatch.setattr(painter, "open_model", lambda *names: model)
    return open_painter("any")


def test_a_name_opens_a_painter(model):
    assert isinstance(model, Painter)
    assert (model.name, model.step) == ("tiny-32", 5)


def test_pictures_are_those_of_their_seeds(model):
    pictures = model.generate([3, 9])
    assert pictures.shape == (2, 32, 32, 3) and pictures.dtype == np.uint8
    wanted = np.stack(list(paint_seeds(model, [3, 9])))
    np.testing.assert_array_equal(pictures, wanted)
    assert model.generate().shape == (8, 32, 32, 3)
    assert model.generate(range(1), size=50).shape == (1, 50, 50, 3)
    assert (model.generate([3], truncation=0.2) != wanted[:1]).any()


def test_a_walk_is_closed_and_of_any_size(model):
    frames = model.walk([1, 2], frames=6, size=20)
    assert frames.shape == (6, 20, 20, 3) and frames.dtype == np.uint8
    with pytest.raises(ArtganError, match="too few"):
        model.walk(range(9), frames=4)
