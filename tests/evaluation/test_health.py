"""The sentence on a training's health, and the figures that it is made of."""

import numpy as np
import pytest

from artgan.evaluation.health import LOWEST, health_figures, health_sentence

NAN = float("nan")
GOOD = {
    **{"diversity_within_classes": 0.9, "structure_within_classes": 0.6},
    **{"distance": 1.0, "diversity": 0.82, "distinctness": 0.9, "structure": 0.8},
    **{"nearest": 1.1, "nearest_5th_percentile": 0.9, "discriminator_accuracy": 0.8},
    **{"discriminator_loss": 1.2, "generator_loss": 0.3},
}


def history(count=40, **changes):
    """Rows every 100 steps; changes: name -> function of the row's number."""
    return [
        {"step": 100 * n} | GOOD | {name: value(n) for name, value in changes.items()}
        for n in range(count)
    ]


def improving(number):
    return 10 / (1 + number) + 0.5


def after(start, value, before):
    return lambda number: value if number >= start else before


def slow(number):
    return 0.2 + 0.01 * number


def wave(name):
    return lambda number: GOOD[name] * (1 + 0.1 * np.sin(number * number))


@pytest.mark.parametrize(
    "changes",
    [
        {"distance": improving},
        {"distance": lambda n: 14 - 0.2 * n, "diversity": slow, "distinctness": slow},
        {"distance": lambda n: 0.02 * np.sin(n * n)},  # chance
        {n: wave(n) for n in ("distance", "diversity", "structure", "nearest")},
        {"discriminator_accuracy": after(15, 0.99, 0.8), "distance": improving},
    ],
)
def test_a_good_run_is_left_alone(changes):
    rows = history(100, **changes)
    assert not any(health_sentence(rows[:n]) for n in range(101))


def test_nothing_alarms_in_the_first_minutes():
    bad = {name: lambda n: 0.1 for name in ("diversity", "structure", "nearest")}
    rows = history(9, distance=lambda n: 12 - n % 3, **bad)
    assert not any(health_sentence(rows[:n]) for n in range(1, 10))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("nearest", 0.52), ("nearest_5th_percentile", 0.3), ("diversity", 0.31)],
        *[("distinctness", 0.4), ("structure", 0.5)],
        *[("diversity_within_classes", 0.4), ("structure_within_classes", 0.25)],
    ],
)
def test_copies_and_pictures_that_become_alike_are_told(name, value):
    changes = {name: after(30, value, GOOD[name])}
    rows = history(distance=lambda n: improving(min(n, 29)), **changes)
    sentence = health_sentence(rows, "mine")
    assert sentence.startswith(f"{LOWEST[name][2]}: {name} {value:.2f}, it was")
    back = "go back (`-w mine@best` paints, `--from mine@best` begins a new run)"
    assert f"at step 2,900; {back} or add pictures." in sentence
    assert health_sentence(rows, "mine", {LOWEST[name][2]}) is None  # told already
    assert health_sentence(rows[:31]) is None  # one odd row rings no bell


@pytest.mark.parametrize("name", ["nearest", "structure"])
def test_what_was_low_at_the_best_distance_too_is_told(name):
    rows = history(distance=improving, **{name: lambda n: 0.35})
    assert f"{name} 0.35" in health_sentence(rows)
    assert "@best" not in health_sentence(rows)  # for that is no better
    assert health_sentence(rows[:19]) is None  # at first all figures are bad


def test_getting_worse_is_told_after_half_as_long_as_it_got_better():
    worse = history(50, distance=lambda n: improving(n) if n < 20 else 1.0 + 0.05 * n)
    sentence = health_sentence(worse)
    assert sentence.startswith("The pictures have been getting worse since step 1,900")
    assert "it was 1.00;" in sentence and "-w RUN@best" in sentence
    assert health_sentence(worse[:25]) is None
    rows = history(151, distance=lambda n: improving(n) if n < 100 else 2.0)
    assert "getting worse since step 9,900" in health_sentence(rows)
    assert health_sentence(rows[:140]) is None


def test_a_discriminator_that_wins_for_long_is_told():
    winning = {"discriminator_accuracy": after(15, 0.99, 0.8)}
    rows = history(distance=lambda n: improving(min(n, 14)), **winning)
    sentence = health_sentence(rows)
    assert sentence.startswith("The discriminator wins since step 2,700 (accuracy 0.99")
    assert health_sentence(rows[:20]) is None


@pytest.mark.parametrize(
    ("accuracy", "losses", "words"),
    [
        (1.0, (7.97, 1e-7), "The discriminator wins since step"),
        (0.9, (1.3, 1e-7), "Nothing is learnt since step"),
        (0.9, (1e-9, 3.0), "Nothing is learnt since step"),
        (0.9, (1.3, 1e-2), "None"),
    ],
)
def test_a_dead_game_is_told_without_features_too(accuracy, losses, words):
    names = "discriminator_loss", "generator_loss", "discriminator_accuracy"
    figures = dict(zip(names, (*losses, accuracy), strict=True))
    sentence = str(health_sentence([{"step": 10 * n} | figures for n in range(60)]))
    assert sentence.startswith(words)
    assert "@best" not in sentence  # which is kept by features only


def test_numbers_that_are_none_are_told_at_once():
    rows = history(3)
    rows[-1]["generator_loss"] = NAN
    broken = "Training has broken down: generator_loss is nan at step 200; go back (`-w"
    assert health_sentence(rows, "mine").startswith(broken)


def features(seed, count, spread=1.0, shift=0.0, dimensions=100):
    draw = np.random.default_rng(seed)
    scale = np.geomspace(1, 10, dimensions)  # no feature may drown the others
    return scale * (shift + spread * draw.standard_normal([count, dimensions]))


@pytest.mark.parametrize("count", [2, 16, 31, 32, 64])
def test_real_pictures_are_near_as_many_others_or_have_no_distance(count):
    """However they are halved, nothing alarms; the distance of a few is chance."""
    rows = np.maximum(features(count, 2 * count, shift=-0.5), 0)  # often 0
    draw, looks = np.random.default_rng(0), []
    for step in range(40):
        real, others = np.split(draw.permutation(rows), 2)
        looks.append({"step": step} | health_figures(real, others))
        assert health_sentence(looks) is None
    distances = [row["distance"] for row in looks]
    if count < 32:
        assert np.isnan(distances).all()
    else:
        assert abs(np.median(distances)) < 0.1


@pytest.mark.filterwarnings("error")
def test_copies_and_collapse_have_their_figures():
    real = features(0, 256)
    copies = health_figures(real, real[:64])
    assert copies["nearest"] < 1e-3 and copies["nearest_5th_percentile"] < 1e-3
    one = health_figures(real, real[:1] + features(1, 64, 0.01))
    assert one["diversity"] < 0.05 and one["distinctness"] < 0.05
    motifs = real[:8].repeat(8, axis=0) + features(1, 64, 0.2)
    repeated = health_figures(real, motifs)
    assert repeated["diversity"] > 0.8 and repeated["distinctness"] < 0.4
    some = np.concatenate([real[:4], features(1, 60)])
    assert health_figures(real, some)["nearest_5th_percentile"] < 0.5
    alike = health_figures(np.zeros([20, 3]), features(0, 20, dimensions=3))
    assert not np.isfinite(alike["diversity"])
