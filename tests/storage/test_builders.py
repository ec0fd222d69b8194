"""Generators from stored settings and arrays."""

import tracemalloc
from dataclasses import asdict
from threading import Thread

import keras
import numpy as np
import pytest

from artgan.storage.builders import (
    build_stored_generator,
    load_generator,
    stored_config,
)
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError

HUGE = {"latent_size": 4096, "max_channels": 4096, "base_channels": 4096}


def test_stored_settings_give_the_same_network_in_float32(tiny_gan):
    config = stored_config(asdict(tiny_gan.config))
    assert config == tiny_gan.config
    arrays = dict(reversed(named_arrays(tiny_gan.generator_ema).items()))
    keras.config.set_dtype_policy("mixed_bfloat16")
    generator = load_generator(config, arrays)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    keras.config.set_dtype_policy("float32")
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}
    latents = np.random.default_rng(0).normal(size=[2, 6]).astype(np.float32)
    wanted = tiny_gan.generator_ema(latents)
    np.testing.assert_allclose(generator(latents), wanted, atol=1e-5)


def test_several_threads_open_at_once_and_keras_stays_as_it_was(tiny_gan):
    arrays, opened = named_arrays(tiny_gan.generator_ema), []
    add_weight = keras.Layer.add_weight

    def load():
        for _ in range(2):
            opened.append(load_generator(tiny_gan.config, arrays).count_params())

    threads = [Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    with pytest.raises(ArtganError, match="do not fit"):
        load_generator(stored_config({"size": 64}), arrays)
    for thread in threads:
        thread.join()
    assert opened == 8 * [tiny_gan.generator_ema.count_params()]
    assert keras.Layer.add_weight is add_weight
    assert keras.layers.Dense(500)(np.zeros([1, 500])).shape == (1, 500)


def test_weights_that_do_not_fit_are_refused_by_name(tiny_gan):
    whole, dense = named_arrays(tiny_gan.generator_ema), "dense/kernel"
    fewer = {name: array for name, array in whole.items() if name != dense}
    for arrays, words in (
        (whole | {dense: np.ones([1, 2])}, r"dense/kernel' is \[1, 2\] where \[6, "),
        (whole | {"wing": np.ones(3)}, r"wing' is \[3\] where nothing is needed"),
        (fewer, r"dense/kernel' is missing where \[6, "),
    ):
        with pytest.raises(ArtganError, match=words):
            load_generator(tiny_gan.config, arrays)


def test_huge_settings_cost_no_memory(tiny_gan):
    config = stored_config(asdict(tiny_gan.config) | HUGE)
    tracemalloc.start()
    with pytest.raises(ArtganError, match="do not fit the network"):
        load_generator(config, named_arrays(tiny_gan.generator_ema))
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_the_flowers_generator_has_the_ancestors_ladder():
    small = {"generator": "flowers", "size": 32, "initial_resolution": 2}
    small |= {"base_channels": 1, "max_channels": 12, "latent_size": 5}
    generator = build_stored_generator(stored_config(small))
    shapes = [tuple(weight.shape) for weight in generator.weights]
    kernels = [shape for shape in shapes if len(shape) == 4]
    assert kernels == [(4, 4, 8, 12), (4, 4, 4, 8), (4, 4, 2, 4), (4, 4, 3, 2)]
    assert shapes[0] == (5, 48) and len(shapes) == 1 + 4 + 3 * 4  # no biases
    assert generator(np.zeros([2, 5])).shape == (2, 32, 32, 3)


@pytest.mark.parametrize(
    "settings",
    [
        {"generator": "castles"},
        {"generator": ["slim"]},
        {"size": 32, "wings": 2},
        {"name": "default"},
        {"size": "large"},
        {"size": None},
        {"size": 33},
        {"seed": -1},
        {"seed": 0.5},
        {"pixel_range": float("nan")},
        {"pixel_range": 1e308},
        {"pixel_range": "1"},
    ],
)
def test_settings_that_build_nothing_are_refused(settings):
    with pytest.raises(ArtganError, match="are no good"):
        stored_config(settings)
