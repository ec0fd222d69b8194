import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.augment import (
    AUGMENTATIONS,
    augment,
    augmentations_in,
    change_color,
    cut_out,
    translate,
)

EVERYTHING = ",".join(AUGMENTATIONS)


def pictures(count=4, side=16):
    """Pictures in [-1, 1] with no zero in them."""
    values = np.random.default_rng(5).uniform(0.1, 1, [count, side, side, 3])
    signs = np.random.default_rng(6).choice([-1, 1], values.shape)
    return tf.constant(values * signs, tf.float32)


def copies(count=6, side=16):
    """The same picture several times."""
    return tf.repeat(pictures(1, side), count, axis=0)


@pytest.mark.parametrize("name", [*AUGMENTATIONS, EVERYTHING])
def test_shape_and_dtype_stay(name):
    for dtype in tf.bfloat16, tf.float32, tf.float64:
        images = tf.cast(pictures(), dtype)
        changed = augment(images, [1, 2], name)
        assert (changed.shape, changed.dtype) == (images.shape, dtype)
        assert np.abs(tf.cast(changed - images, tf.float32)).max() > 0.1


@pytest.mark.parametrize("name", [*AUGMENTATIONS, EVERYTHING])
def test_the_seed_decides(name):
    images = pictures()
    one, again, other = (augment(images, s, name) for s in ([1, 2], [1, 2], [1, 3]))
    assert (one.numpy() == again.numpy()).all()
    assert not np.allclose(one, other)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_picture_has_a_draw_of_its_own(name):
    changed = augment(copies(), [0, 7], name).numpy()
    assert len(np.unique(changed, axis=0)) > 3


def test_no_policy_changes_nothing():
    images = pictures()
    assert augment(images, [0, 0], "") is images


def test_a_policy_names_augmentations():
    found = augmentations_in("color,translation,cutout")
    assert found == ["color", "translation", "cutout"]
    assert augmentations_in("") == []


def test_colour_is_a_shift_a_saturation_and_a_contrast():
    images = pictures(3)
    changed = change_color(images, [3, 4]).numpy()
    for before, after in zip(images.numpy(), changed, strict=True):
        # Contrast scales the differences of brightness; saturation those of colour.
        grey_before, grey_after = before.mean(axis=2), after.mean(axis=2)
        shift = after.mean() - before.mean()
        contrast = (grey_after - after.mean()) / (grey_before - before.mean())
        assert -0.5 <= shift <= 0.5
        assert np.allclose(contrast, contrast[0, 0], rtol=1e-2)
        assert 0.5 <= contrast[0, 0] <= 1.5
        colour = (after - grey_after[..., None]) / (before - grey_before[..., None])
        assert np.allclose(colour, colour[0, 0, 0], rtol=1e-2, atol=1e-3)
        assert 0 <= colour[0, 0, 0] / contrast[0, 0] <= 2.01


def moves(before, after, reach):
    """Every (rows, columns) by which `before` may have been moved to give `after`."""
    size, found = before.shape[0], []
    padded = np.pad(before, [(reach, reach), (reach, reach), (0, 0)], "symmetric")
    for row in range(2 * reach + 1):
        for column in range(2 * reach + 1):
            if (padded[row : row + size, column : column + size] == after).all():
                found.append((row - reach, column - reach))
    return found


def test_translation_moves_by_an_eighth_at_most_and_mirrors_the_edge():
    images, offsets = copies(40), set()
    for before, after in zip(images.numpy(), translate(images, [8, 9]), strict=True):
        [offset] = moves(before, after.numpy(), 2)
        offsets.add(offset)
    assert {row for row, _ in offsets} == {column for _, column in offsets}
    assert {row for row, _ in offsets} == {-2, -1, 0, 1, 2}


def test_cutout_blanks_one_square_of_half_the_side_and_nothing_else():
    images = copies(60)
    heights = []
    for before, after in zip(images.numpy(), cut_out(images, [1, 1]), strict=True):
        hole = (after.numpy() == 0).all(axis=2)
        rows, columns = np.flatnonzero(hole.any(1)), np.flatnonzero(hole.any(0))
        assert hole.sum() == len(rows) * len(columns)
        assert np.ptp(rows) == len(rows) - 1 and np.ptp(columns) == len(columns) - 1
        assert (after.numpy()[~hole] == before[~hole]).all()
        heights.append(len(rows))
    assert min(heights) >= 3  # at the edge a part of the square is outside
    assert 7 <= max(heights) <= 8


def test_a_fraction_is_of_the_size():
    images = copies(40)
    assert (translate(images, [8, 9], fraction=0).numpy() == images.numpy()).all()
    shifted = translate(images, [8, 9], fraction=1 / 4).numpy()
    far = [moves(*pair, 4) for pair in zip(images.numpy(), shifted, strict=True)]
    assert max(abs(row) for [(row, _)] in far) == 4
    small = (cut_out(images, [1, 1], fraction=1 / 4).numpy() == 0).all(axis=3)
    assert small.sum(axis=(1, 2)).max() <= 16


def test_a_compiled_step_draws_what_an_eager_one_does():
    images = pictures()
    compiled = tf.function(lambda x, seed: augment(x, seed, EVERYTHING))
    eager = augment(images, tf.constant([1, 2]), EVERYTHING)
    assert np.allclose(compiled(images, tf.constant([1, 2])), eager, atol=1e-6)


@pytest.mark.parametrize("name", [*AUGMENTATIONS, EVERYTHING])
def test_gradients_flow_to_the_pictures(name):
    images = pictures()
    with tf.GradientTape() as tape:
        tape.watch(images)
        changed = augment(images, [4, 4], name)
        total = tf.reduce_sum(changed * changed)
    gradient = tape.gradient(total, images).numpy()
    assert np.isfinite(gradient).all()
    assert (np.abs(gradient).reshape(4, -1).max(axis=1) > 0).all()


def test_the_hole_has_no_gradient():
    images = pictures()
    with tf.GradientTape() as tape:
        tape.watch(images)
        changed = cut_out(images, [4, 4])
    gradient = tape.gradient(changed, images).numpy()
    assert ((gradient == 0) == (changed.numpy() == 0)).all()
