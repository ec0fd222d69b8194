"""Walks through latent space: closed loops of pictures that turn into each other."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from artgan.paint.animation import save_animation
from artgan.paint.paint import (
    facts_of,
    paint_latents,
    resample,
    run_generator,
    seed_latents,
)
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.gan.config import Config
    from artgan.storage.open_model import Model

FINENESS = 2  # pictures measured for each frame
ROUNDS = 2  # times that the frames are laid anew
MOST_PIXELS = 500_000_000  # of all frames together, which memory must hold


def slerp(start, end, fraction):
    """The point that lies `fraction` of the way along the great circle to `end`.

    start, end: [latent_size]; fraction: 0 to 1. Normal latents lie near a sphere; a
    straight line cuts through its inside, where the generator never learnt to paint.
    Source: White, Sampling Generative Networks, https://arxiv.org/abs/1609.04468
    """
    lengths = [max(np.linalg.norm(point), 1e-12) for point in (start, end)]
    angle = np.arccos(np.clip(np.dot(start, end) / np.prod(lengths), -1, 1))
    if np.sin(angle) < 1e-6:
        return lerp(start, end, fraction)
    first = np.sin((1 - fraction) * angle) * start / lengths[0]
    second = np.sin(fraction * angle) * end / lengths[1]
    length = lerp(*lengths, fraction)
    return length * (first + second) / np.sin(angle)


def lerp(start, end, fraction):
    """The point that lies `fraction` of the way straight to `end`."""
    return (1 - fraction) * start + fraction * end


def closed_walk(waypoints: np.ndarray, positions: np.ndarray, between=slerp):
    """Points of the loop that passes all waypoints and ends where it began.

    waypoints: [count, latent_size]; positions: fractions of the way round, 0 at the
    first waypoint, 1 there again. Returns [len(positions), latent_size].
    """
    points = []
    for place in np.mod(positions, 1) * len(waypoints):
        number = min(int(place), len(waypoints) - 1)
        following = waypoints[(number + 1) % len(waypoints)]
        points.append(between(waypoints[number], following, place - number))
    return np.float32(points)


def step_lengths(pictures: Iterable[np.ndarray]):
    """How far each picture of a loop is from the next, and the last from the first.

    pictures: [count, side, side, 3] of any range. Root mean square of the colours.
    """
    steps = np.roll(pictures, -1, axis=0) - pictures
    return np.sqrt(np.mean(np.square(steps), axis=(1, 2, 3)))


def retime(positions: np.ndarray, lengths, frames: int):
    """Positions in [0, 1) at which `frames` frames of a loop are equally far apart.

    positions: increasing from 0, of the pictures whose `lengths` are those of the
    steps from each to the next.
    """
    travelled = np.concatenate([[0], np.cumsum(lengths + 1e-9)])
    wanted = np.arange(frames) / frames * travelled[-1]
    return np.interp(wanted, travelled, [*positions, 1])


def paint_between(model, start, end, fraction, truncation=1.0):
    """Paint `fraction` of the way between two latents: [size, size, 3] uint8.

    model: what has a config and an EMA generator; start, end: [latent_size]; fraction
    and truncation: 0 to 1.
    """
    between = interpolation(model.config)
    latents = np.float32([between(truncation * start, truncation * end, fraction)])
    painted = run_generator(model.generator_ema, model.config.pixel_range, latents)
    return painted[0].numpy()


def interpolation(config):
    """The way from one latent to another that stays where latents lie."""
    return lerp if config.latent_distribution == "uniform" else slerp


def waypoints_of(config: "Config", seeds: Sequence[int]):
    """The latents that a walk passes: one for each seed.

    From a single seed it goes halfway to the next two, and back.
    """
    if len(seeds) > 1:
        return seed_latents(config, seeds)
    here, *others = seed_latents(config, [(seeds[0] + n) % 2**31 for n in range(3)])
    between = interpolation(config)
    return np.stack([here, *(between(here, other, 0.5) for other in others)])


def shrink(picture: np.ndarray, side: int = 32):
    """Average a picture [size, size, 3] over squares: [side, side, 3] or as it was."""
    squares = max(1, len(picture) // side)
    grid = picture.reshape(len(picture) // squares, squares, -1, squares, 3)
    return grid.mean(axis=(1, 3))


def walk_pictures(
    model: "Model",
    seeds: Sequence[int],
    frames: int,
    truncation: float = 1.0,
    start: np.ndarray | None = None,
):
    """Paint a walk through the seeds: a list of `frames` pictures, and their steps.

    start: latents [n, latent_size] where it begins, such as those that `invert` finds.
    The loop is first painted with evenly laid latents, measured, and laid again, so
    that the picture changes as much in each step. Returns pictures [size, size, 3]
    uint8 and the lengths of the steps between them, in levels of 256.
    """
    between = interpolation(model.config)
    waypoints = truncation * waypoints_of(model.config, seeds)
    if start is not None:
        latents = np.concatenate([start, seed_latents(model.config, seeds)])
        waypoints = truncation * latents
    positions = np.arange(FINENESS * frames) / (FINENESS * frames)
    for _ in range(ROUNDS):
        points = closed_walk(waypoints, positions, between)
        lengths = measure(follow(model, points, "Measuring the walk"))
        positions = retime(positions, lengths, frames)
    points = closed_walk(waypoints, positions, between)
    pictures = list(follow(model, points, "Painting the walk"))
    return pictures, measure(pictures)


def measure(pictures: Iterable[np.ndarray]):
    """The lengths of the steps between the pictures of a loop, seen from afar."""
    return step_lengths(np.stack([shrink(picture) for picture in pictures]))


def follow(model: "Model", latents: np.ndarray, words: str):
    """Yield the pictures of latents with a progress bar."""
    return tqdm(paint_latents(model, latents), words, len(latents), disable=None)


def check_walk(seeds: Sequence[int], frames: int, size: int) -> None:
    """Raise ArtganError if a walk would jump, or take too much memory."""
    if frames < 2 * len(seeds):
        raise ArtganError(
            f"{frames} frames are too few to walk through {len(seeds)} seeds; give "
            f"--frames {2 * len(seeds)} or more. Nothing was painted."
        )
    if frames * size * size > MOST_PIXELS:
        raise ArtganError(
            f"{frames} frames of {size} pixels do not fit into memory; ask for fewer "
            "or smaller ones. Nothing was painted."
        )


def save_walk(
    model: "Model",
    seeds: Sequence[int],
    target: Path,
    frames: int = 60,
    fps: float = 15,
    size: int | None = None,
    truncation: float = 1.0,
):
    """Paint a walk into a .gif, .webp or .mp4 file; return the lengths of its steps."""
    size = size or model.config.size
    check_walk(seeds, frames, size)
    pictures, steps = walk_pictures(model, seeds, frames, truncation)
    facts = facts_of(model, size, truncation) | {"seeds": str(list(seeds))}
    images = (resample(picture, size) for picture in pictures)
    save_animation(images, target, fps, json.dumps(facts))
    return steps


def smoothness(steps: int | None):
    """The largest step over the median one: 1 is perfect, and a standstill is 1."""
    return np.max(steps) / np.median(steps) if np.median(steps) else 1.0
