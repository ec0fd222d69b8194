from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import artgan.gan.training
from artgan.data.pictures import batch_indices
from artgan.gan.config import Config
from artgan.gan.training import (
    GAN,
    discriminator_step,
    draw_latents,
    next_batch,
    scale_pictures,
    steepness,
    train,
    train_step,
    update_average,
)


def weights(network):
    """Copies of a network's numbers."""
    return [weight.copy() for weight in network.get_weights()]


def changed(before, network):
    """For each array of a network, whether any number in it changed.

    Lone numbers are left out, for the hinge loss often has no use for the last bias.
    """
    pairs = zip(before, network.weights, strict=True)
    kept = [(old, w) for old, w in pairs if old.size > 1]
    return [bool((old != np.asarray(weight)).any()) for old, weight in kept]


def finite(network):
    return all(np.isfinite(weight).all() for weight in weights(network))


def test_a_step_changes_every_part_of_both_networks(tiny_gan, tiny_images):
    networks = tiny_gan.generator, tiny_gan.discriminator, tiny_gan.generator_ema
    before, step = [weights(network) for network in networks], int(tiny_gan.step)
    optimizers = tiny_gan.generator_optimizer, tiny_gan.discriminator_optimizer
    counts = [optimizer.iterations.numpy() for optimizer in optimizers]
    losses = train_step(tiny_gan, tiny_images[:2])
    assert np.isfinite(losses).all() and len(losses) == 2
    assert int(tiny_gan.step) == step + 1
    for old, network in zip(before, networks, strict=True):
        assert all(changed(old, network)), network.name
        assert finite(network)
    assert [optimizer.iterations.numpy() - 1 for optimizer in optimizers] == counts


def test_a_discriminator_step_leaves_the_generator_alone(tiny_gan, tiny_images):
    before = weights(tiny_gan.generator), weights(tiny_gan.discriminator)
    real = scale_pictures(tiny_gan.config, tiny_images[:2], [0, 1])
    seeds = tf.constant([[0, 1], [2, 3]])
    loss, real_logits = discriminator_step(tiny_gan, real, -real, seeds)
    assert np.isfinite(loss) and real_logits.shape == (2, 1)
    assert not any(changed(before[0], tiny_gan.generator))
    assert any(changed(before[1], tiny_gan.discriminator))


def test_steepness_is_half_the_mean_squared_slope():
    weight, real, fake = tf.Variable([1.0, 2.0, 3.0]), *tf.ones([2, 2, 2, 2, 3])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as tape:
            tape.watch([real, fake])
            logits = [tf.reduce_sum(weight * i, [1, 2, 3]) for i in (real, 2 * fake)]
        steep = steepness(tape, logits, [real, fake])
    # Four places with the slopes 1, 2, 3, or twice as much.
    assert steep == 4 * (14 + 4 * 14) / 2
    assert np.allclose(outer.gradient(steep, weight), [20, 40, 60])


def test_a_penalty_makes_a_discriminator_less_steep(tiny_config, tiny_images):
    config = replace(tiny_config, size=16, reconstruct=False, discriminator_rate=0.01)
    gan = GAN(replace(config, gradient_penalty=10.0, penalty_every=1))
    real = scale_pictures(config, tiny_images[:2, :16, :16], [0, 1])

    def steep():
        with tf.GradientTape() as tape:
            tape.watch(real)
            logits = gan.discriminator(real)
        return steepness(tape, [logits, logits], [real, real])

    before = steep()
    for _ in range(5):
        discriminator_step(gan, real, -real, tf.constant([[0, 1], [2, 3]]), True)
    assert steep() < before / 2


@pytest.mark.parametrize(
    ("weight", "every", "due"), [(0.0, 2, ""), (0.1, 1, "0 1 2 3 4"), (0.1, 2, "0 2 4")]
)
def test_a_penalty_comes_every_so_many_steps(monkeypatch, weight, every, due):
    gan = SimpleNamespace(config=Config(gradient_penalty=weight, penalty_every=every))
    asked = []
    monkeypatch.setattr(
        artgan.gan.training, "compiled_step", lambda gan, images, yes: asked.append(yes)
    )
    for gan.step in range(5):
        train_step(gan, None)
    assert [step for step in range(5) if asked[step]] == [*map(int, due.split())]


def test_a_seldom_penalty_counts_for_all_the_steps_between(tiny_config, tiny_images):
    real, ends = scale_pictures(tiny_config, tiny_images[:2], [0, 1]), []
    for weight, every in (8.0, 1), (2.0, 4):
        penalty = {"gradient_penalty": weight, "penalty_every": every}
        gan = GAN(replace(tiny_config, **penalty))
        discriminator_step(gan, real, -real, tf.constant([[0, 1], [2, 3]]), True)
        ends.append(weights(gan.discriminator))
    assert all((one == other).all() for one, other in zip(*ends, strict=True))


def test_the_same_step_on_the_same_pictures_gives_the_same_bits(tiny_gan, tiny_images):
    parts = [tiny_gan.generator, tiny_gan.discriminator, tiny_gan.generator_ema]
    variables = [v for part in parts for v in part.variables]
    variables += tiny_gan.generator_optimizer.variables + [tiny_gan.step]
    variables += tiny_gan.discriminator_optimizer.variables
    start = [variable.numpy().copy() for variable in variables]
    ends = []
    for _ in range(2):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        for _ in range(3):
            train_step(tiny_gan, tiny_images[:2])
        ends.append([variable.numpy().copy() for variable in variables])
    assert all((a == b).all() for a, b in zip(*ends, strict=True))


def test_it_learns_a_colour(tiny_gan):
    orange = np.full([4, 32, 32, 3], (230, 130, 30), np.uint8)
    latents = draw_latents(tiny_gan.config, 16, [5, 5])
    wanted = orange[0, 0, 0] / 127.5 - 1

    def distance():
        return np.abs(tiny_gan.generator_ema(latents, training=False) - wanted).mean()

    before = distance()
    train(tiny_gan, orange, steps=80)
    assert distance() < 0.8 * before


def test_gans_of_one_seed_start_equal_and_of_another_differ(tiny_config):
    same, again = GAN(tiny_config), GAN(tiny_config)
    other = GAN(replace(tiny_config, seed=tiny_config.seed + 1))
    for network in ("generator", "discriminator", "generator_ema"):
        first = weights(getattr(same, network))
        assert not any(changed(first, getattr(again, network)))
        assert any(changed(first, getattr(other, network)))
    assert not any(changed(weights(same.generator), same.generator_ema))


def test_a_loss_that_is_no_number_stops_before_anything_is_recorded(
    tiny_config, tiny_images
):
    gan, calls = GAN(tiny_config), []
    first = gan.generator.trainable_variables[0]
    first.assign(tf.fill(first.shape, np.nan))
    tf.config.run_functions_eagerly(True)
    try:
        with pytest.raises(FloatingPointError, match="nan.* at step 1"):
            train(gan, tiny_images, steps=5, after_step=[lambda *a: calls.append(a)])
    finally:
        tf.config.run_functions_eagerly(False)
    assert calls == []


@pytest.fixture
def pretended(monkeypatch):
    """Steps that only count, on a clock that moves a second at each look."""
    seen, clock = [], iter(range(10**6))

    def step(gan, images):
        seen.append(np.array(images))
        gan.step += 1
        return 0.5, 1.5

    monkeypatch.setattr(artgan.gan.training, "train_step", step)
    monkeypatch.setattr(artgan.gan.training.time, "monotonic", lambda: next(clock))
    return seen


def pretended_gan(**changes):
    config = {"batch_size": 2, "seed": 4, "shuffle": True} | changes
    return SimpleNamespace(step=0, config=SimpleNamespace(**config))


def numbered(count):
    """Pictures that know their own number."""
    return np.arange(count, dtype=np.uint8)[:, None, None, None]


def test_train_makes_so_many_more_steps_and_reports_each(pretended):
    gan, calls = pretended_gan(), []
    actions = [lambda gan, losses: calls.append((gan.step, losses))]
    train(gan, numbered(5), steps=3, after_step=actions)
    train(gan, numbered(5), steps=2, after_step=actions)
    assert calls == [(step, [0.5, 1.5]) for step in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(("minutes", "most"), [(0.5, 30), (0.001, 1)])
def test_train_stops_after_so_many_minutes(pretended, minutes, most):
    gan = pretended_gan()
    train(gan, numbered(5), minutes=minutes)
    assert 1 <= gan.step <= most
    assert gan.step >= most // 4


def test_train_takes_the_batches_that_follow_from_seed_and_step(pretended):
    gan = pretended_gan()
    gan.step = 7
    train(gan, numbered(5), steps=4)
    for step, images in enumerate(pretended, start=7):
        assert images.ravel().tolist() == batch_indices(5, step, 2, seed=4).tolist()


def test_unshuffled_batches_follow_the_files():
    gan = pretended_gan(shuffle=False, batch_size=3)
    gan.step = 1
    assert next_batch(gan, numbered(5)).ravel().tolist() == [3, 4, 0]


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_latents_follow_from_the_seed_alone(kind):
    config = SimpleNamespace(latent=kind, latent_size=50)
    one = draw_latents(config, 40, [1, 2]).numpy()
    tf.random.normal([3])
    assert (draw_latents(config, 40, [1, 2]).numpy() == one).all()
    assert not np.isclose(draw_latents(config, 40, [1, 3]).numpy(), one).any()
    assert one.shape == (40, 50) and one.dtype == np.float32
    assert abs(one.mean()) < 0.1
    if kind == "uniform":
        assert np.abs(one).max() <= 1 and one.std() == pytest.approx(3**-0.5, rel=0.1)
    else:
        assert np.abs(one).max() > 2 and one.std() == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("pixel_range", [1.0, 0.5])
def test_scaling_keeps_the_range(pixel_range):
    config = SimpleNamespace(pixel_range=pixel_range, flip=False)
    images = np.array([[[[0, 127.5, 255]]]])
    scaled = scale_pictures(config, images, [0, 0]).numpy()
    assert scaled.ravel().tolist() == [-pixel_range, 0, pixel_range]


def test_about_half_of_the_pictures_are_mirrored():
    config = SimpleNamespace(pixel_range=1.0, flip=True)
    images = np.zeros([64, 4, 4, 3], np.uint8)
    images[:, :, 0] = 255
    scaled = scale_pictures(config, images, [1, 2]).numpy()
    mirrored = scaled[:, 0, 3, 0] == 1
    assert (mirrored != (scaled[:, 0, 0, 0] == 1)).all()
    assert 16 < mirrored.sum() < 48


@pytest.mark.parametrize(
    ("average", "step", "decay"),
    [(0.995, 0, 0.1), (0.995, 8, 0.5), (0.995, 10**6, 0.995), (0.0, 5, 0.0)],
)
def test_the_average_ramps_up(average, step, decay):
    gan = SimpleNamespace(
        config=SimpleNamespace(average=average),
        step=tf.Variable(step),
        generator_ema=SimpleNamespace(variables=[keras.Variable([10.0, -4.0])]),
        generator=SimpleNamespace(variables=[keras.Variable([20.0, 0.0])]),
    )
    update_average(gan)
    expected = [10 * decay + 20 * (1 - decay), -4 * decay]
    assert gan.generator_ema.variables[0].numpy() == pytest.approx(expected, abs=1e-4)
