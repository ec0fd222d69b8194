import numpy as np
import pytest

import artgan
from artgan.evaluation import evaluate as module
from artgan.evaluation.evaluate import evaluate, within_classes
from artgan.evaluation.mobilenet import load_mobilenet
from artgan.system.errors import ArtganError


def blocks(seed, count, low=0, high=256, size=32):
    """Pictures of 4 x 4 squares: [count, size, size, 3] uint8."""
    squares = np.random.default_rng(seed).integers(low, high, [count, 4, 4, 3], "uint8")
    return squares.repeat(size // 4, 1).repeat(size // 4, 2)


def means(images):
    """A network's stand-in: the mean colours of sixteen parts of a picture."""
    return np.float32(images)[:, 2::8, 2::8].reshape([len(images), -1]) / 255


def test_figures_are_those_of_another_program():
    painted, real = blocks(1, 39, 64, 192), blocks(0, 42)
    figures = evaluate(painted, real, network=load_mobilenet()).figures
    assert figures["kid"] == pytest.approx(0.363056, rel=0.1)
    assert figures["nearest"] == pytest.approx(1.167713, rel=0.03)
    assert figures["diversity"] == pytest.approx(0.985675, rel=0.03)
    assert 0 < figures["kid_deviation"] < 0.1 and 200 < figures["swd"] < 600
    assert figures["swd_floor"] < figures["swd"] and 0.5 < figures["structure"] < 1.5
    assert 0 < figures["nearest_planted"] < 1


def test_copies_show_in_the_figures_and_in_the_pairs():
    real, painted = blocks(0, 60), blocks(1, 50)
    figures = evaluate(real[:40], real, network=means).figures
    assert figures["nearest"] == pytest.approx(0, abs=1e-4)
    assert figures["diversity"] == pytest.approx(1, abs=0.1)
    assert abs(figures["kid"]) < 0.05
    painted[33] = real[7]
    evaluation = evaluate(painted, real, network=means)
    figures, first = evaluation.figures, evaluation.pairs[0]
    assert figures["nearest"] > 0.8 and figures["nearest_1st_percentile"] < 0.6
    assert (first.painted, first.real, first.mirrored) == (33, 7, False)
    assert first.distance == pytest.approx(0, abs=1e-4)


def test_a_mirrored_copy_counts_where_the_model_learnt_from_mirrored_pictures():
    real, painted = blocks(0, 60, size=64), blocks(1, 50, size=64)
    painted[33] = real[7, :, ::-1]
    plain = evaluate(painted, real, network=means)
    first = evaluate(painted, real, True, network=means).pairs[0]
    assert (first.painted, first.real, first.mirrored) == (33, 7, True)
    assert first.distance < 1e-4 < 0.5 < plain.pairs[0].distance


@pytest.mark.filterwarnings("error")
def test_figures_without_a_value_are_none():
    same = np.zeros([5, 32, 32, 3], np.uint8)
    figures = evaluate(blocks(0, 5), same, walk=same, network=means).figures
    names = "nearest", "diversity", "structure", "walk_variation", "walk_largest_step"
    assert [figures[name] for name in names] == [None] * 5


@pytest.mark.parametrize(("real", "painted"), [(2, 16), (29, 40), (40, 29)])
def test_few_pictures_have_no_kid_but_their_nearest_pairs(real, painted):
    evaluation = evaluate(blocks(1, painted), blocks(0, real), network=means)
    assert evaluation.figures["kid"] is evaluation.figures["told_apart"] is None
    assert len(evaluation.pairs) == 16 and evaluation.figures["swd"] > 0
    enough = evaluate(blocks(1, 30), blocks(0, 30), network=means).figures
    assert abs(enough["kid"]) < 0.2 and 0 <= enough["told_apart"] <= 1


def test_all_real_pictures_are_searched_and_the_same_give_the_same(monkeypatch):
    monkeypatch.setattr(module, "compare_pictures", lambda *rest: {})
    real = blocks(0, 1300)
    first, again = (evaluate(real[[1299, 3, 1200]], real, network=means) for _ in "ab")
    assert sorted(pair.real for pair in first.pairs) == [3, 1200, 1299]
    assert first == again


@pytest.mark.parametrize(("size", "count"), [(128, 512), (256, 128), (2048, 2)])
def test_large_pictures_are_compared_by_fewer_patches(size, count, monkeypatch):
    counts = []
    for name in ("structure", "told_apart"):
        monkeypatch.setattr(module, name, lambda *sets: 0)
    monkeypatch.setattr(module, "shuffled", lambda rows, count: rows[:count])
    monkeypatch.setattr(
        module,
        "sliced_wasserstein_distance",
        lambda *x: counts.extend(map(len, x)) or 0,
    )
    pictures = np.broadcast_to(np.uint8(0), [600, size, size, 3])
    module.compare_pictures(pictures, pictures)
    assert counts == [count, count, count // 2, count // 2]


def test_within_a_class_one_motif_shows_although_the_whole_is_diverse():
    real, painted = blocks(0, 60), blocks(1, 40)
    kinds = ["guardi"] * 30 + ["canaletto"] * 29 + ["alone"]
    painted[::2] = painted[:1] // 2 + np.arange(20, dtype="uint8")[:, None, None, None]
    found = within_classes(real, painted, kinds, ["guardi", "canaletto"] * 20, means)
    assert list(found) == ["canaletto", "guardi"]
    assert found["guardi"]["structure"] < 0.1 < 0.7 < found["canaletto"]["structure"]
    assert found["guardi"]["diversity"] < 0.4 < 0.7 < found["canaletto"]["diversity"]
    numbers = within_classes(real, painted, [3] * 60, [3] * 40, means)
    assert list(numbers) == [3]


@pytest.mark.parametrize(
    ("painted", "real", "words"),
    [
        (blocks(0, 1), blocks(0, 5), "2 pictures or more"),
        (blocks(0, 5), blocks(0, 0), "one or more"),
        (blocks(0, 5) / 255, blocks(0, 5), "pictures are float64"),
        (blocks(0, 5)[0], blocks(0, 5), r"pictures are uint8 \[32, 32, 3\]"),
        (blocks(0, 5), blocks(0, 5)[..., :1], "pictures are uint8"),
        (blocks(0, 5), blocks(0, 5, size=64), "32x32.*64x64"),
        ([], blocks(0, 5), "pictures are"),
        (blocks(0, 5), None, "pictures are"),
        ([blocks(0, 1)[0], blocks(0, 1, size=64)[0]], blocks(0, 5), "pictures are"),
    ],
)
def test_what_does_not_fit_is_a_sentence(painted, real, words):
    with pytest.raises(ArtganError, match=words):
        artgan.evaluate(painted, real)
    with pytest.raises(ArtganError, match=words):
        within_classes(painted, real, [0] * 5, [0] * 5, means)


@pytest.mark.parametrize("labels", [None, 3, "abc", [1, 2], [[1]] * 5, range(6)])
def test_labels_that_do_not_fit_are_a_sentence(labels):
    with pytest.raises(ArtganError, match="one label for each"):
        within_classes(blocks(0, 5), blocks(1, 5), labels, [0] * 5, means)


@pytest.mark.parametrize("mirrored", [None, "yes", np.zeros(3)])
def test_mirrored_is_yes_or_no(mirrored):
    with pytest.raises(ArtganError, match="mirrored"):
        artgan.evaluate(blocks(0, 5), blocks(1, 5), mirrored)
