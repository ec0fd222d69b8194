"""Directions in latent space along which pictures change most, and names for them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from artgan.storage.run_folder import is_run
from artgan.system.arguments import check_number, check_whole
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, write_object

SHOWN = 6  # rows of a sheet, and sliders of the page
STEPS = np.linspace(-3, 3, 7, dtype=np.float32)  # columns of a sheet
ALIKE = 0.95  # the cosine from which on two directions are the same
FARTHEST = 20.0  # how far a latent may be moved; normal ones are about 11 long


def leading_directions(painter: Any) -> np.ndarray:
    """Directions of length 1, the one that changes most first: [count, latent_size].

    The eigenvectors of A A^T, where A is all that the first layers multiply latents
    with; the largest number of each is above 0, and those of classes are 0. Source:
    Shen and Zhou, SeFa, https://arxiv.org/abs/2007.06600
    """
    size, layers = painter.config.latent_size, painter.generator_ema.layers
    first = [x for x in layers if x.name in ("dense", "mapping_1")]
    kernels = [np.float64(layer.kernel)[:size] for layer in first]
    whole = np.concatenate([each / np.linalg.norm(each) for each in kernels], axis=1)
    vectors = np.linalg.eigh(whole @ whole.T)[1].T[::-1]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(1)[:, None], 1)
    classes = painter.generator_ema.input_shape[1] - size
    return np.pad(np.float32(vectors * np.sign(largest)), [(0, 0), (0, classes)])


def move(
    latents: np.ndarray, ways: Mapping[Any, float] | None, painter: Any
) -> np.ndarray:
    """Latents [n, latent_size + classes] moved along directions of a painter.

    ways: how far along each, {name, or number from 1: -20 to 20}; chance takes a latent
    about as far as 2. Raises ArtganError for a direction that there is not.
    """
    if not ways:
        return latents
    named, vectors = named_directions(painter), leading_directions(painter)
    for way, far in ways.items():
        number = int(way) - 1 if str(way).isdecimal() else len(vectors)
        if way not in named and not 0 <= number < len(vectors):
            raise ArtganError(
                f"There is no direction {str(way)!r:.60}. There are 1 to {len(vectors)}"
                f"{''.join(f', {name}' for name in named)}; `artgan directions` shows "
                "and names them. Nothing was painted."
            )
        vector = named[way] if way in named else vectors[number]
        far = check_number(f"direction {way}", far, -FARTHEST, FARTHEST)
        latents = latents + np.float32(far) * vector
    return latents


def direction_latents(painter: Any, latents: np.ndarray) -> np.ndarray:
    """The latents of a sheet: a row for each leading direction, from -3 to 3 along it.

    latents: [1, latent_size], in the middle of each row. Returns [6 * 7, latent_size].
    """
    vectors = leading_directions(painter)[:SHOWN]
    return np.concatenate([latents + STEPS[:, None] * vector for vector in vectors])


def names_path(painter: Any) -> Path:
    """Where the names of directions are kept: beside the weights, or in the run."""
    place = painter.place or Path()
    folder = place if place.is_dir() else place.parent
    return (folder.parent if is_run(folder.parent) else folder) / "directions.json"


def named_directions(painter: Any) -> dict[str, np.ndarray]:
    """The directions that were given a name: {name: [latent_size + classes]}."""
    path, named = names_path(painter), {}
    for name, numbers in read_object(path).items() if path.is_file() else ():
        try:
            vector = np.array(numbers, np.float32)
        except (TypeError, ValueError):
            vector = np.zeros(0)
        if vector.shape == painter.generator_ema.input_shape[1:]:  # not another model's
            named[name] = vector
    return named


def names_of_leading(painter: Any) -> dict[int, str]:
    """The leading directions that have a name: {number from 1: name}."""
    vectors, named = leading_directions(painter), named_directions(painter)
    return {
        number: name
        for name, vector in named.items()
        for number, leading in enumerate(vectors[:SHOWN], 1)
        if leading @ vector > ALIKE
    }


def name_directions(painter: Any, names: Mapping[str, int]) -> Path:
    """Keep names, {name: number from 1}, in directions.json; return its path.

    The direction itself is kept, so that it is the same when a run has learnt more.
    """
    path, vectors = names_path(painter), leading_directions(painter)
    kept = read_object(path) if path.is_file() else {}
    for name, number in names.items():
        check_whole("the number of a direction", number, 1, len(vectors))
        kept[name] = [round(float(x), 4) for x in vectors[number - 1]]
    try:
        write_object(path, kept)
    except OSError as error:
        raise ArtganError(
            f"{str(path)!r} could not be written ({error.strerror}). Copy the weights "
            "into a folder of yours, and name its path."
        ) from None
    return path
