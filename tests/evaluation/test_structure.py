import numpy as np
import pytest

from artgan.evaluation.structure import motif, structure


def drawings(seed, count, height=64, width=64):
    """Grey squares, in another place each time: [count, height, width, 3] uint8."""
    rng = np.random.default_rng(seed)
    squares = rng.integers(0, 256, [count, 8, 8, 1], np.uint8)
    large = squares.repeat(height // 8, 1).repeat(width // 8, 2).repeat(3, 3)
    moves = rng.integers(0, height, [count, 2])
    return np.stack([np.roll(x, m, (0, 1)) for x, m in zip(large, moves, strict=True)])


def tinted(drawing, count=10):
    """One drawing in many tints and contrasts: [count, h, w, 3] uint8."""
    tints = np.random.default_rng(1).uniform(0.3, 1, [count, 1, 1, 3])
    return np.uint8(drawing * tints)


def test_one_drawing_in_ten_tints_has_no_structure():
    real = drawings(0, 40)
    assert structure(real, tinted(real[0])) == pytest.approx(0, abs=0.03)
    assert structure(real, drawings(1, 10)) == pytest.approx(1, abs=0.1)


def test_structure_falls_with_each_picture_that_repeats_a_drawing():
    real, painted = drawings(0, 40), drawings(1, 20)
    figures = []
    for count in (0, 5, 10, 20):
        painted[:count] = tinted(painted[0], 20)[:count]
        figures.append(structure(real, painted))
    assert figures == sorted(figures, reverse=True)
    assert figures[2] == pytest.approx(1 - 90 / 380, abs=0.15)  # 10 x 9 of 20 x 19


def test_motif_is_the_mean_correlation_over_pairs():
    x = drawings(0, 5)
    x[3:] = x[:2] // 2
    same = 4  # of 20 ordered pairs
    others = motif(drawings(0, 5)[:3])
    assert motif(x) == pytest.approx(same / 20 + 16 / 20 * others, abs=0.05)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (128, 192), (96, 72)])
def test_any_shape_will_do(height, width):
    images = drawings(0, 9, height, width)
    assert motif(images) < 0.5 < 0.97 < motif(tinted(images[0]))


@pytest.mark.filterwarnings("error")
def test_plain_pictures_are_all_alike():
    plain = np.uint8([10, 90, 200])[:, None, None, None] * np.ones([64, 64, 3], "uint8")
    assert motif(plain) == pytest.approx(1)
