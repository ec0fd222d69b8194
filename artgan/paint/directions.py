"""What is changed on the way from seeds to pictures: directions, styles, classes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from artgan.paint.paint import named_latents, truncate
from artgan.storage.generators import build_in_float32
from artgan.storage.resolve import is_run
from artgan.system.arguments import check_number, check_seeds, check_whole
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, write_object

SHOWN = 6  # rows of a sheet, and sliders of the page
STEPS = np.linspace(-3, 3, 7, dtype=np.float32)  # columns of a sheet
ALIKE = 0.95  # the cosine from which on two directions are the same
FARTHEST = 20.0  # how far a latent may be moved; normal ones are about 11 long
FINE = 32  # pixels of the first map that is fine; in small pictures a quarter of theirs


def leading_directions(painter: Any) -> np.ndarray:
    """Directions of length 1, that which changes most first: [count, latent_size].

    Eigenvectors of A A^T; A: what first layers multiply latents with. The largest
    number of each is above 0. Source: https://arxiv.org/abs/2007.06600
    """
    size, layers = painter.config.latent_size, painter.generator_ema.layers
    first = [x for x in layers if x.name in ("dense", "mapping_1")]
    kernels = [np.float64(layer.kernel)[:size] for layer in first]
    whole = np.concatenate([each / np.linalg.norm(each) for each in kernels], axis=1)
    vectors = np.linalg.eigh(whole @ whole.T)[1].T[::-1]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(1)[:, None], 1)
    classes = painter.generator_ema.input_shape[1] - size
    return np.pad(np.float32(vectors * np.sign(largest)), [(0, 0), (0, classes)])


def move(latents: np.ndarray, ways: Mapping | None, painter: Any) -> np.ndarray:
    """Latents [n, latent_size + classes] moved: {name, or number from 1: -20 to 20}.

    Chance takes a latent about as far as 2. An unknown direction is an ArtganError.
    """
    if not ways:
        return latents
    leading, named = leading_directions(painter), named_directions(painter)
    vectors = {str(n): vector for n, vector in enumerate(leading, 1)} | named
    for way, far in ways.items():
        if str(way) not in vectors:
            known = ", ".join([f"1 to {len(leading)}", *named])
            raise ArtganError(
                f"There is no direction {str(way)!r:.60}. There are {known}; `artgan "
                "directions` shows and names them."
            )
        far = check_number(f"direction {way}", far, -FARTHEST, FARTHEST)
        latents = latents + np.float32(far) * vectors[str(way)]
    return latents


def direction_latents(painter: Any, latents: np.ndarray) -> np.ndarray:
    """Rows of 7 latents through one [1, n]: along each leading direction."""
    vectors = leading_directions(painter)[:SHOWN]
    return np.concatenate([latents + STEPS[:, None] * vector for vector in vectors])


def names_path(painter: Any) -> Path:
    """Where the names of directions are kept: beside the weights, or in the run."""
    place = painter.place or Path()
    if place.is_file() and not is_run(place.parent.parent):
        return place.with_suffix(".directions.json")
    return (place if place.is_dir() else place.parent.parent) / "directions.json"


def named_directions(painter: Any) -> dict[str, np.ndarray]:
    """The directions that were given a name: {name: [latent_size + classes]}."""
    path, length = names_path(painter), painter.generator_ema.input_shape[1]
    kept = read_object(path) if path.is_file() else {}
    return {n: np.float32(row) for n, row in kept.items() if np.shape(row) == (length,)}


def names_of_leading(painter: Any) -> dict[int, str]:
    """The leading directions that have a name: {number from 1: name}."""
    vectors, named = leading_directions(painter)[:SHOWN], named_directions(painter)
    alike = {n: np.flatnonzero(vectors @ vector > ALIKE) for n, vector in named.items()}
    return {int(number) + 1: name for name, rows in alike.items() for number in rows}


def name_directions(painter: Any, names: Mapping[str, int]) -> Path:
    """Keep names, {name: number from 1}, and the directions, which a run may lose."""
    path, vectors = names_path(painter), leading_directions(painter)
    kept = read_object(path) if path.is_file() else {}
    for name, number in names.items():
        check_whole("the number of a direction", number, 1, len(vectors))
        kept[name] = [round(float(x), 4) for x in vectors[number - 1]]
    write_object(path, kept)
    return path


@lru_cache(2)
def mixing_painter(painter: Any) -> Any:
    """A painter with latents twice as long: of the coarse maps, then of the fine ones.

    w may differ between layers. Source: StyleGAN, https://arxiv.org/abs/1812.04948
    """
    first = min(FINE, painter.config.size // 4)
    layers = (layer.name for layer in painter.generator_ema.layers)
    names = [re.fullmatch(r"up_(\d+)_style", name) for name in layers]
    styles = [name[0] for name in names if name and int(name[1]) >= first]
    if not styles:
        raise ArtganError(
            f"{painter.name} has its latent in the first layer only, no styles to mix."
        )
    generator = build_in_float32(painter.config)
    generator.set_weights(painter.generator_ema.get_weights())
    fine = [generator.get_layer(name).output for name in styles]
    paint = keras.Model([generator.input, *fine], generator.output)
    both = keras.Input([2 * generator.input_shape[1]])
    coarse, other = keras.ops.split(both, 2, axis=1)
    found = keras.tree.flatten(keras.Model(generator.input, fine)(other))
    mixing = keras.Model(both, paint([coarse, *found]))
    return replace(painter, generator_ema=mixing)


def asked_latents(
    painter: Any,
    seeds: Sequence[int],
    truncation: float,
    latents: np.ndarray | None = None,
    directions: Mapping[Any, float] | None = None,
    style: int | np.ndarray | None = None,
    class_name: str | None = None,
) -> tuple[Any, np.ndarray]:
    """What paints, and its latents, as of `Painter.generate`; style may be latents."""

    def moved(latents):
        return move(truncate(painter.config, latents, truncation), directions, painter)

    latents = named_latents(painter, seeds, class_name, latents)
    if style is None:
        return painter, moved(latents)
    if not isinstance(style, np.ndarray):
        style = named_latents(painter, check_seeds([style]), class_name)
    both = moved(latents), moved(style).repeat(len(latents), 0)
    return mixing_painter(painter), np.hstack(both)
