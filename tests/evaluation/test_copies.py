import numpy as np
import pytest

from artgan.evaluation.copies import Pair, nearest_pairs, pair_sheet
from artgan.evaluation.nearest import nearest_distances


def plain(*greys):
    """Plain pictures of these shades: [n, 4, 4, 3] uint8."""
    return np.uint8(greys)[:, None, None, None] * np.ones([4, 4, 3], np.uint8)


def pairs_of(real, *fakes, **options):
    """The pairs of features of one number each."""
    real, *fakes = (np.array(x, float)[:, None] for x in (real, *fakes))
    nearest = np.stack([nearest_distances(real, fake) for fake in fakes])
    return nearest_pairs(nearest, fakes, real, **options)


def test_the_most_alike_come_first_and_mirrored_copies_count():
    found = pairs_of([0, 10, 30], [14, 29, 1, 10.5])
    assert [(p.painted, p.real) for p in found] == [(3, 1), (1, 2), (2, 0), (0, 1)]
    assert [p.distance for p in found] == pytest.approx([0.05, 0.1, 0.1, 0.4])
    assert pairs_of([0, 10, 30], [5, 5, 11], [30.5, 4, 20]) == [
        Pair(0, 2, pytest.approx(0.05), mirrored=True),
        Pair(2, 1, pytest.approx(0.1), mirrored=False),
        Pair(1, 0, pytest.approx(0.4), mirrored=True),
    ]
    assert len(pairs_of(range(30), range(40), count=3)) == 3


def test_the_sheet_shows_painted_pictures_beside_their_nearest_mirrored_if_so():
    real, painted = plain(10, 60, 0), plain(190, 70)
    real[2, :, 2:] = 255
    pairs = [Pair(1, 1, 0.1, False), Pair(0, 2, 0.2, True)]
    sheet = np.asarray(pair_sheet(pairs, painted, real, ["a", "b/c.png", "é.png"], 3))
    lefts, rights = (sheet[64, [x, 134 + x, 268 + x, 402 + x], 0] for x in (16, 112))
    assert list(lefts) == [70, 60, 190, 255]
    assert list(rights // 2) == [35, 30, 95, 0]
    captions = sheet[130:146].min((0, 2))
    assert all(captions[x : x + 128].min() < 128 for x in (0, 134, 268, 402))


@pytest.mark.parametrize("count", [1, 16])
def test_a_sheet_of_few_pictures_wide_ones_and_strange_names(count):
    names = ["x" * 300, "two\nlines.png", "\udcff.png", "絵.jpg"] * 4
    pairs = [Pair(n, n, n / 10, n % 2 == 0) for n in range(count)]
    images = plain(*range(16)).repeat(2, axis=2)
    sheet = pair_sheet(pairs, images, images, names)
    assert sheet.size == (min(count, 4) * 268 - 6, -(-count // 4) * 152 - 6)
