"""Published weights: what comes back, and what is refused."""

import json

import numpy as np
import pytest

from artgan.gallery import generate
from artgan.training import GAN
from artgan.weights import half, load_published, publish


@pytest.fixture(scope="module")
def published(tiny_gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    publish(tiny_gan, folder, {"pictures": "made up"})
    return folder


def test_the_same_seed_paints_the_same_picture_after_loading(
    published, tiny_gan, tiny_config
):
    gan = GAN(tiny_config)
    card = load_published(gan, published)
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)
    wanted, painted = generate(tiny_gan, 4), generate(gan, 4)
    assert np.abs(wanted.astype(int) - painted).max() <= 3  # what half precision costs
    np.testing.assert_array_equal(
        gan.generator.get_weights()[0], gan.averaged.get_weights()[0]
    )


def test_a_changed_file_is_refused_and_changes_nothing(
    published, tiny_config, tmp_path
):
    for path in published.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "discriminator.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    gan = GAN(tiny_config)
    before = generate(gan, 2)
    with pytest.raises(ValueError, match="is not what its card says"):
        load_published(gan, tmp_path)
    np.testing.assert_array_equal(generate(gan, 2), before)


def test_weights_are_half_precision_and_small(published, tiny_gan):
    size = (published / "generator.safetensors").stat().st_size
    numbers = sum(w.size for w in tiny_gan.averaged.get_weights())
    assert 2 * numbers < size < 2 * numbers + 10_000
    assert json.loads((published / "card.json").read_text("utf-8"))["config"]["size"]


def test_nothing_published_is_a_missing_file(tiny_gan, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_published(tiny_gan, tmp_path)


def test_what_is_too_large_for_half_precision_stays_finite():
    assert np.isfinite(half(np.float32([1e9, -1e9, 0.1]))).all()
