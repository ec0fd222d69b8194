import numpy as np
import pytest

from artgan.evaluation.health import health_figures, health_sentence

GOOD = {
    "distance": 1.0,
    "diversity": 0.82,
    "distinctness": 0.9,
    "nearest": 1.1,
    "nearest_5th_percentile": 0.9,
    "discriminator_accuracy": 0.8,
    "discriminator_loss": 1.2,
    "generator_loss": 0.3,
}


def history(count=40, **changes):
    """Rows every 100 steps; changes: name -> function of the row's number."""
    rows = []
    for number in range(count):
        changed = {name: value(number) for name, value in changes.items()}
        rows.append({"step": 100 * number} | GOOD | changed)
    return rows


def improving(number):
    return 10 / (1 + number) + 0.5


def after(start, value, before):
    return lambda number: value if number >= start else before


def test_a_run_that_gets_better_is_left_alone():
    assert health_sentence(history(distance=improving)) is None
    assert health_sentence([]) is None


def test_a_noisy_plateau_is_left_alone():
    rng = np.random.default_rng(0)
    noise = 1 + 0.08 * rng.standard_normal(400)
    rows = history(
        400,
        distance=lambda n: improving(min(n, 30)) * noise[n],
        diversity=lambda n: 0.85 * noise[-n],
        nearest=lambda n: 1.0 * noise[n // 2],
    )
    assert not any(health_sentence(rows[:n]) for n in range(1, 401))


def test_nothing_alarms_in_the_first_minutes():
    # Untrained networks paint the same grey for all seeds, and the judge sees it.
    rows = history(
        9,
        distance=lambda n: 12 - n % 3,
        diversity=lambda n: 0.7 - 0.08 * n,
        distinctness=lambda n: 0.1,
        discriminator_accuracy=lambda n: 1.0,
    )
    assert not any(health_sentence(rows[:n]) for n in range(1, 10))


def test_a_slow_start_is_left_alone():
    rows = history(
        60,
        distance=lambda n: 14 - 0.2 * n,
        diversity=lambda n: 0.2 + 0.01 * n,
        distinctness=lambda n: 0.2 + 0.01 * n,
    )
    assert not any(health_sentence(rows[:n]) for n in range(1, 61))


def collapsing(name, value, start=30):
    bad = after(start, value, GOOD[name])
    return history(distance=lambda n: improving(min(n, 29)), **{name: bad})


def test_pictures_that_become_alike_are_told():
    sentence = health_sentence(collapsing("diversity", 0.31), "villas")
    assert sentence == (
        "The pictures are becoming alike: diversity 0.31, it was 0.82 at step 2,900 "
        "(best distance); go back with `-w villas@best` or add pictures."
    )


def test_a_few_motifs_that_repeat_are_told_too():
    sentence = health_sentence(collapsing("distinctness", 0.4))
    assert "becoming alike: distinctness 0.40, it was 0.90" in sentence


def test_copies_are_told():
    sentence = health_sentence(collapsing("nearest", 0.52))
    assert sentence == (
        "The pictures are becoming copies: their distance to the nearest real picture "
        "is 0.52 of that between real ones, it was 1.10 at step 2,900 (best distance); "
        "go back with `-w RUN@best` or add pictures."
    )
    some = health_sentence(collapsing("nearest_5th_percentile", 0.3))
    assert some.startswith("Some pictures are becoming copies: ")


def test_copies_are_told_where_the_best_distance_is_that_of_copies():
    rows = history(distance=improving, nearest=lambda n: 1.2 - 0.02 * n)
    assert health_sentence(rows) == (
        "The pictures are becoming copies: their distance to the nearest real picture "
        "is 0.44 of that between real ones; add pictures, or stop earlier next time."
    )


@pytest.mark.parametrize("name", ["diversity", "distinctness", "nearest"])
def test_one_odd_row_rings_no_bell(name):
    rows = history(distance=lambda n: improving(min(n, 29)))
    rows[-1][name] = 0.0
    assert health_sentence(rows) is None
    rows[-2][name] = 0.0
    assert health_sentence(rows) is not None


def test_getting_worse_for_long_is_told():
    worse = history(50, distance=lambda n: improving(n) if n < 20 else 1.0 + 0.05 * n)
    sentence = health_sentence(worse)
    assert sentence.startswith("The pictures have been getting worse since step 1,900")
    assert "it was 1.00;" in sentence and "-w RUN@best" in sentence
    assert health_sentence(worse[:25]) is None  # not yet for long


def test_the_longer_a_run_the_longer_the_patience():
    rows = history(140, distance=lambda n: improving(n) if n < 100 else 2.0)
    assert health_sentence(rows) is None
    rows = history(151, distance=lambda n: improving(n) if n < 100 else 2.0)
    assert "getting worse since step 9,900" in health_sentence(rows)


def test_chance_is_not_getting_worse():
    rng = np.random.default_rng(0)
    noise = 0.02 * rng.standard_normal(200)
    rows = history(200, distance=lambda n: noise[n])
    assert not any(health_sentence(rows[:n]) for n in range(1, 201))


def test_a_discriminator_that_wins_for_long_is_told():
    winning = {"discriminator_accuracy": after(15, 0.99, 0.8)}
    flat = history(distance=lambda n: improving(min(n, 14)), **winning)
    sentence = health_sentence(flat)
    assert sentence.startswith(
        "The discriminator wins since step 2,700 (accuracy 0.99)"
    )
    assert health_sentence(flat[:20]) is None
    assert health_sentence(history(distance=improving, **winning)) is None


def test_numbers_that_are_none_are_told_at_once():
    rows = history(3)
    rows[-1]["generator_loss"] = float("nan")
    assert health_sentence(rows, "mine") == (
        "Training has broken down: generator_loss is nan at step 200. Go back with "
        "`-w mine@best`."
    )
    rows = history(30, distance=after(20, float("nan"), 1.0))
    assert "distance is nan" in health_sentence(rows)
    rows = history(30, discriminator_loss=after(29, float("inf"), 1.0))
    assert "discriminator_loss is inf" in health_sentence(rows)


def test_rows_may_lack_figures():
    rows = [{"step": n, "distance": 1.0} for n in range(30)]
    assert health_sentence(rows) is None
    assert health_sentence([{"step": n} for n in range(30)]) is None
    rows = [{"step": n, "distance": improving(n)} for n in range(20)]
    rows += [{"step": n, "distance": 3.0} for n in range(20, 50)]
    assert "getting worse since step 19" in health_sentence(rows)


def features(seed, count, spread=1.0, shift=0.0, dimensions=100):
    rng = np.random.default_rng(seed)
    scale = np.geomspace(1, 1000, dimensions)  # no feature may drown the others
    return scale * (shift + spread * rng.standard_normal([count, dimensions]))


def test_other_real_pictures_are_as_good_as_can_be():
    figures = health_figures(features(0, 256), features(1, 64))
    assert figures["distance"] == pytest.approx(0, abs=0.05)
    assert figures["diversity"] == pytest.approx(1, abs=0.1)
    assert figures["distinctness"] == pytest.approx(1, abs=0.1)
    assert figures["nearest"] == pytest.approx(1, abs=0.1)
    assert all(type(value) is float for value in figures.values())


def test_the_distance_does_not_depend_on_how_many_are_painted():
    real = features(0, 256)
    few, many = (
        np.mean(
            [health_figures(real, features(n, m, shift=0.3))["distance"] for n in r]
        )
        for m, r in ((16, range(1, 33)), (128, range(40, 44)))
    )
    assert few == pytest.approx(many, rel=0.1)


def test_the_distance_grows_with_what_is_wrong():
    real = features(0, 256)
    shifts = [health_figures(real, features(1, 64, shift=s)) for s in (0, 0.2, 0.5, 1)]
    distances = [figures["distance"] for figures in shifts]
    assert distances == sorted(distances) and distances[1] > 0.02


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


@pytest.mark.filterwarnings("error")
def test_equal_real_pictures_give_no_figures_and_no_warning():
    for painted in (np.ones([3, 4]), features(0, 3, dimensions=4)):
        figures = health_figures(np.ones([9, 4]), painted)
        assert not np.isfinite(figures["diversity"])
    assert health_sentence([{"step": n} | figures for n in range(20)]) is None
