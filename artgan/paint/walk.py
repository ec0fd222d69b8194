"""Walks through latent space: closed loops of pictures that turn into each other."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from tqdm import tqdm

from artgan.paint.directions import move
from artgan.paint.paint import paint_latents, seed_latents, truncate

FINENESS = 2  # pictures measured for each frame
ROUNDS = 2  # times that the frames are laid anew


def slerp(start, end, fraction):
    """The point a `fraction` of the way along the great circle from start to end.

    Normal latents lie near a sphere. Source: https://arxiv.org/abs/1609.04468
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


def blend(config, start, end, fraction):
    """The latent a `fraction` of the way to another, as its kind asks; classes mix.

    start, end: [latent_size + classes].
    """
    between = slerp if config.latent_distribution == "normal" else lerp
    size = config.latent_size
    latents = between(start[:size], end[:size], fraction)
    return np.concatenate([latents, lerp(start[size:], end[size:], fraction)])


def closed_walk(config, waypoints, positions):
    """Points [n, latent_size] of the loop through waypoints [count, latent_size].

    positions: n fractions of the way round; 0 and 1 are at the first waypoint.
    """
    points = []
    for place in np.mod(positions, 1) * len(waypoints):
        number = min(int(place), len(waypoints) - 1)
        following = waypoints[(number + 1) % len(waypoints)]
        points.append(blend(config, waypoints[number], following, place - number))
    return np.float32(points)


def step_lengths(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """How far each picture [h, w, 3] of a loop is from the next, seen from afar."""
    small = []
    for picture in pictures:
        side = max(1, len(picture) // 32)
        rows, columns = (length // side for length in picture.shape[:2])
        squares = picture[: rows * side, : columns * side]
        small.append(squares.reshape(rows, side, columns, side, 3).mean((1, 3)))
    steps = np.roll(small, -1, axis=0) - small
    return np.sqrt(np.mean(np.square(steps), axis=(1, 2, 3)))


def retime(positions: np.ndarray, lengths: np.ndarray, frames: int) -> np.ndarray:
    """Positions in [0, 1) of frames equally far apart; lengths: of the steps now."""
    travelled = np.concatenate([[0], np.cumsum(lengths + 1e-9)])
    wanted = np.arange(frames) / frames * travelled[-1]
    return np.interp(wanted, travelled, [*positions, 1])


def waypoints_of(config: Any, latents: np.ndarray, seed: int = 0) -> np.ndarray:
    """Latents to pass; from a single one halfway to the two seeds after its own."""
    if len(latents) > 1:
        return latents
    others = seed_latents(config, [(seed + n) % 2**31 for n in (1, 2)])
    others[:, config.latent_size :] = latents[0, config.latent_size :]  # of one class
    halves = [blend(config, latents[0], other, 0.5) for other in others]
    return np.stack([latents[0], *halves])


def walk_pictures(
    model: Any,
    latents: np.ndarray,
    frames: int,
    truncation: float = 1.0,
    directions: Mapping[Any, float] | None = None,
    seed: int = 0,
) -> list[np.ndarray]:
    """Paint a closed walk through latents: `frames` pictures [h, w, 3] uint8.

    They are laid evenly, measured, and laid again: each step changes as much.
    """
    waypoints = waypoints_of(model.config, np.float32(latents), seed)
    waypoints = truncate(model.config, waypoints, truncation)
    positions = np.arange(FINENESS * frames) / (FINENESS * frames)

    def painted(words: str) -> Iterable[np.ndarray]:
        points = closed_walk(model.config, waypoints, positions)
        points = move(points, directions, model)
        return tqdm(paint_latents(model, points), words, len(points), disable=None)

    for _ in range(ROUNDS):
        lengths = step_lengths(painted("Measuring the walk"))
        positions = retime(positions, lengths, frames)
    return list(painted("Painting the walk"))
