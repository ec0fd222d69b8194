"""Walks that close, keep to the sphere, and neither jump nor stall."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from artgan.paint.paint import paint, paint_latents, seed_latents
from artgan.paint.walk import (
    blend,
    closed_walk,
    lerp,
    slerp,
    step_lengths,
    walk_pictures,
    waypoints_of,
)
from artgan.system.errors import ArtganError


def smoothness(pictures):
    """The largest step over the median one: 1 is perfect."""
    steps = step_lengths(pictures)
    return steps.max() / np.median(steps)


def test_a_slerp_keeps_to_its_sphere_and_turns_evenly():
    start, end = np.random.default_rng(0).normal(size=[2, 50])
    end *= 2
    points = [slerp(start, end, fraction) for fraction in np.linspace(0, 1, 5)]
    np.testing.assert_allclose(points[0], start)
    np.testing.assert_allclose(points[-1], end)
    lengths = np.linalg.norm(points, axis=1)
    np.testing.assert_allclose(np.diff(lengths), np.diff(lengths)[0])
    units = points / lengths[:, None]
    cosines = np.sum(units[1:] * units[:-1], axis=1)
    np.testing.assert_allclose(cosines, cosines[0])


def test_a_slerp_between_equal_points_or_none_is_a_line():
    point = np.array([3.0, 4.0])
    np.testing.assert_allclose(slerp(point, point, 0.3), point)
    np.testing.assert_allclose(slerp(point, 2 * point, 0.5), 1.5 * point)
    assert (slerp(0 * point, 0 * point, 0.5) == 0).all()


def test_a_walk_passes_its_waypoints_and_comes_back(tiny_config):
    config, waypoints = replace(tiny_config, latent_size=3), np.eye(3)
    points = closed_walk(config, waypoints, [0, 1 / 3, 0.5, 2 / 3, 0.999999999, 1])
    assert points.dtype == np.float32
    for number, station in ((0, 0), (1, 1), (3, 2), (4, 0), (5, 0)):
        np.testing.assert_allclose(points[number], waypoints[station], atol=1e-6)
    np.testing.assert_allclose(points[2], [0, 0.5**0.5, 0.5**0.5], atol=1e-6)


def test_steps_are_measured_all_the_way_round_and_from_afar():
    pictures = np.zeros([4, 64, 64, 3])
    pictures[1], pictures[2], pictures[3] = 1, 3, 7
    pictures[:, ::2] += 5  # stripes that are not seen from afar
    pictures[::2, ::2] -= 10
    pictures[::2] += 5
    np.testing.assert_allclose(step_lengths(pictures[:, :, :32]), [1, 2, 4, 7])


def test_a_walk_neither_jumps_nor_stalls(model):
    latents, frames = seed_latents(model.config, [1, 5, 9]), 36
    even = closed_walk(model.config, latents, np.arange(frames) / frames)
    unretimed = list(paint_latents(model, even))
    pictures = walk_pictures(model, latents, frames)
    steps = step_lengths(pictures)
    assert len(pictures) == frames and smoothness(pictures) < 1.5
    assert smoothness(pictures) - 1 < 0.7 * (smoothness(unretimed) - 1)
    assert steps.min() / np.median(steps) > 0.6
    assert (pictures[0] == paint(model, [1])[0]).all()
    assert (model.walk([1, 5, 9], frames) == pictures).all()
    still = walk_pictures(model, latents, 4, truncation=0.0)
    assert (np.array(still) == still[0]).all()


def test_one_seed_is_a_loop_around_it(model):
    last = 2**31 - 1
    pictures = model.walk([last], 18)
    assert smoothness(pictures) < 1.5
    assert (pictures[0] == paint(model, [last])[0]).all()
    here, *others = waypoints_of(model.config, seed_latents(model.config, [4]), 4)
    lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(here)
    assert (others @ here > 0.5 * lengths).all()


@pytest.mark.parametrize(("kind", "between"), [("normal", slerp), ("uniform", lerp)])
def test_between_latents_are_blended_as_their_kind_asks_and_classes_mix(
    tiny_config, kind, between
):
    config = replace(tiny_config, latent_distribution=kind, classes="a:3,b:2")
    [start], [end] = (seed_latents(config, [n], np.eye(2)[[n - 3]]) for n in (3, 4))
    middle = blend(config, start, end, 0.25)
    np.testing.assert_allclose(middle[:6], between(start[:6], end[:6], 0.25))
    np.testing.assert_allclose(middle[6:], [0.75, 0.25])


def test_a_walk_is_saved_in_the_size_asked_for(model, tmp_path):
    target = tmp_path / "walk.gif"
    model.save_walk([1, 2], target, frames=6, size=40)
    with Image.open(target) as image:
        assert image.size == (40, 40) and image.n_frames == 6
        facts = json.loads(image.info["comment"])
    assert facts["weights"] == "tiny-32" and facts["seeds"] == "[1, 2]"
    assert "resampled from 32" in facts["size"]
    assert list(tmp_path.iterdir()) == [target]


def test_what_would_jump_or_burst_is_refused(model):
    with pytest.raises(ArtganError, match="frames must be a whole number from 6 to"):
        model.walk([1, 2, 3], frames=5)
    with pytest.raises(ArtganError, match="frames must be a whole number from 2 to 29"):
        model.walk([1], frames=1000, size=4096)
