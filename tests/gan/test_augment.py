"""Augmentations, on oblong pictures; their gradients: test_gradients.py."""

import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.augment import AUGMENTATIONS, augment, cut_out, translate

EVERYTHING = ",".join(AUGMENTATIONS)
SHAPES = [(16, 24), (24, 16)]


def pictures(count=4, height=16, width=24):
    """Pictures in [-1, 1] with no zero in them."""
    values = np.random.default_rng(5).uniform(0.1, 1, [count, height, width, 3])
    signs = np.random.default_rng(6).choice([-1, 1], values.shape)
    return tf.constant(values * signs, tf.float32)


def copies(count, *shape):
    """The same picture several times."""
    return tf.repeat(pictures(1, *shape), count, axis=0)


@pytest.mark.parametrize("name", [*AUGMENTATIONS, EVERYTHING])
def test_each_draws_for_each_picture_by_the_seed_alone(name):
    images = copies(6)
    one, again, other = (augment(images, s, name) for s in ([1, 2], [1, 2], [1, 3]))
    assert (one.numpy() == again.numpy()).all() and not np.allclose(one, other)
    assert len(np.unique(one, axis=0)) > 3
    compiled = tf.function(lambda x, seed: augment(x, seed, name))
    assert np.allclose(compiled(images, tf.constant([1, 2])), one, atol=1e-6)
    for dtype in tf.bfloat16, tf.float64:
        images = tf.cast(pictures(), dtype)
        changed = augment(images, [1, 2], name)
        assert (changed.shape, changed.dtype) == (images.shape, dtype)
        assert np.abs(tf.cast(changed - images, tf.float32)).max() > 0.1


def moves(before, after, reach):
    """Every (rows, columns) by which `before` may have been moved to give `after`."""
    (height, width), found = before.shape[:2], []
    padded = np.pad(before, [(reach, reach), (reach, reach), (0, 0)], "symmetric")
    for row, column in np.ndindex(2 * reach + 1, 2 * reach + 1):
        if (padded[row : row + height, column : column + width] == after).all():
            found.append((row - reach, column - reach))
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("fraction", "reach"), [(0, 0), (1 / 8, 2)])
def test_translation_moves_by_a_part_of_the_shorter_side_and_mirrors_the_edge(
    shape, fraction, reach
):
    images, offsets = copies(90, *shape), set()
    changed = translate(images, [8, 9], fraction).numpy()
    for before, after in zip(images.numpy(), changed, strict=True):
        [offset] = moves(before, after, reach)
        offsets.add(offset)
    every = set(range(-reach, reach + 1))
    assert {row for row, _ in offsets} == {column for _, column in offsets} == every


@pytest.mark.parametrize("shape", SHAPES)
def test_cutout_blanks_one_square_of_a_part_of_the_shorter_side(shape, side=4):
    images, heights, middles = copies(90, *shape), [], []
    changed = cut_out(images, [1, 1], side / 16).numpy()
    for before, after in zip(images.numpy(), changed, strict=True):
        hole = (after == 0).all(axis=2)
        rows, columns = np.flatnonzero(hole.any(1)), np.flatnonzero(hole.any(0))
        assert hole.sum() == len(rows) * len(columns)
        assert np.ptp(rows) == len(rows) - 1 and np.ptp(columns) == len(columns) - 1
        assert (after[~hole] == before[~hole]).all()
        heights += [len(rows), len(columns)]
        middles.append((rows.mean(), columns.mean()))
    # At the edge a part of the square is outside.
    assert side / 2 - 1 <= min(heights) and side - 1 <= max(heights) <= side
    assert (np.ptp(middles, axis=0) > np.array(shape) - side).all()  # anywhere
