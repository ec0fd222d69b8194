import numpy as np
import pytest

from artgan.evaluation.copies import Pair, nearest_pairs, pair_sheet
from artgan.evaluation.nearest import nearest_distances


def plain(*greys):
    """Plain pictures of these shades: [n, 4, 4, 3] uint8."""
    return np.uint8(greys)[:, None, None, None].repeat(4, 1).repeat(4, 2).repeat(3, 3)


def pairs_of(real, *fakes, **options):
    """The pairs of features of one number each."""
    real, *fakes = (np.array(x, float)[:, None] for x in (real, *fakes))
    nearest = np.stack([nearest_distances(real, fake) for fake in fakes])
    return nearest_pairs(nearest, fakes, real, **options)


def test_the_most_alike_come_first():
    pairs = pairs_of([0, 10, 30], [14, 29, 1, 10.5])
    assert [(pair.painted, pair.real) for pair in pairs] == [
        (3, 1),
        (1, 2),
        (2, 0),
        (0, 1),
    ]
    assert [pair.distance for pair in pairs] == pytest.approx([0.05, 0.1, 0.1, 0.4])
    assert not any(pair.mirrored for pair in pairs)


def test_mirrored_copies_count():
    pairs = pairs_of([0, 10, 30], [5, 5, 11], [30.5, 4, 20])
    assert pairs == [
        Pair(0, 2, pytest.approx(0.05), mirrored=True),
        Pair(2, 1, pytest.approx(0.1), mirrored=False),
        Pair(1, 0, pytest.approx(0.4), mirrored=True),
    ]


def test_only_so_many_are_listed():
    assert len(pairs_of(range(30), range(40))) == 16
    assert len(pairs_of(range(30), range(40), count=3)) == 3


def test_the_sheet_shows_painted_pictures_beside_their_nearest():
    real, painted = plain(10, 60, 200), plain(190, 70)
    pairs = [Pair(1, 1, 0.1, False), Pair(0, 2, 0.2, False)]
    sheet = np.asarray(pair_sheet(pairs, painted, real, ["a", "b/c.png", "é.png"], 3))
    middles = [6 + 64, 6 + 134 + 64, 6 + 274 + 64, 6 + 274 + 134 + 64]
    assert list(sheet[18 + 64, middles, 0]) == [70, 60, 190, 200]


def test_a_mirrored_match_is_shown_mirrored():
    real = plain(0, 0)
    real[1, :, 2:] = 255
    for mirrored, expected in ((False, [0, 1]), (True, [1, 0])):
        pair = Pair(0, 1, 0.1, mirrored)
        sheet = np.asarray(pair_sheet([pair], plain(9), real))
        colours = sheet[18 + 64, [140 + 16, 140 + 112], 0]
        assert list(colours > 128) == expected


@pytest.mark.parametrize("count", [1, 4, 5, 16])
def test_a_sheet_of_few_pictures_and_strange_names(count):
    names = ["x" * 300, "two\nlines.png", "\udcff.png", "絵.jpg"] * 4
    pairs = [Pair(n, n, n / 10, n % 2 == 0) for n in range(count)]
    images = plain(*range(0, 160, 10))
    sheet = pair_sheet(pairs, images, images, names)
    assert sheet.width == min(count, 4) * 274 + 6
    assert sheet.height == -(-count // 4) * 152 + 24
    assert pair_sheet(pairs, images, images).size == sheet.size
