"""Generators from stored settings."""

import tracemalloc
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest

from artgan.storage.builders import build_stored_generator, stored_config
from artgan.storage.legacy.flowers import FlowersConfig
from artgan.storage.weights import load_arrays, named_arrays
from artgan.system.errors import ArtganError


def test_stored_settings_give_the_same_network_in_float32(tiny_gan):
    config = stored_config(asdict(tiny_gan.config))
    assert config == tiny_gan.config
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = build_stored_generator(config)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}
    load_arrays(generator, named_arrays(tiny_gan.generator_ema), "the GAN")
    latents = np.random.default_rng(0).normal(size=[2, 6]).astype(np.float32)
    np.testing.assert_allclose(
        generator(latents), tiny_gan.generator_ema(latents), atol=1e-5
    )


def test_the_flowers_generator_has_the_ancestors_ladder():
    small = {"builder": "flowers", "width": 2, "size": 32, "latent_size": 5}
    generator = build_stored_generator(stored_config(small))
    shapes = [tuple(weight.shape) for weight in generator.weights]
    kernels = [shape for shape in shapes if len(shape) == 4]
    assert kernels == [(4, 4, 8, 12), (4, 4, 4, 8), (4, 4, 2, 4), (4, 4, 3, 2)]
    assert shapes[0] == (5, 48) and len(shapes) == 1 + 4 + 3 * 4  # no biases
    assert generator(np.zeros([2, 5])).shape == (2, 32, 32, 3)
    narrow = replace(FlowersConfig(), width=1)
    assert build_stored_generator(narrow).output_shape == (None, 256, 256, 3)


def test_a_network_with_more_numbers_than_its_file_is_not_built(tiny_gan):
    numbers = tiny_gan.generator_ema.count_params()
    add_weight = keras.Layer.add_weight
    assert build_stored_generator(tiny_gan.config, numbers).count_params() == numbers
    with pytest.raises(ArtganError, match=f"larger network than the {numbers - 1:,} "):
        build_stored_generator(tiny_gan.config, numbers - 1)
    assert keras.Layer.add_weight is add_weight


@pytest.mark.parametrize(
    "settings",
    [
        {"size": 1024, "latent_size": 4096},
        {"builder": "flowers", "size": 2**20, "width": 2**20, "latent_size": 2**20},
    ],
)
def test_huge_settings_cost_no_memory(settings):
    tracemalloc.start()
    with pytest.raises(ArtganError, match="20,000 numbers in their file"):
        build_stored_generator(stored_config(settings), 20_000)
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"builder": ["castles"]}, "cannot build"),
        ({"builder": "castles"}, "cannot build. Get a newer version"),
        ({"builder": "flowers", "wings": 2}, "does not know: wings"),
        ({"builder": "flowers", "size": "x"}, "are no good"),
        ({"builder": "flowers", "size": 40}, "multiple of 16"),
        ({"builder": "flowers", "width": -1}, "width: it must be a whole number"),
        ({"builder": "flowers", "latent": "normal"}, "latent"),
        ({"size": 32, "wings": 2}, "does not know: wings"),
        ({"size": "large"}, "are no good"),
        ({"size": None}, "are no good"),
        ({"size": 33}, "it must be a power of two"),
    ],
)
def test_settings_that_build_nothing_are_refused(settings, words):
    with pytest.raises(ArtganError, match=words):
        stored_config(settings)
