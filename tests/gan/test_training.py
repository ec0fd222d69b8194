"""One training step: what it changes, who learns from whom, and equal bits."""

from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import artgan.gan.training
from artgan.data.pictures import batch_indices
from artgan.gan.classes import Labelled
from artgan.gan.training import (
    GAN,
    discriminator_step,
    next_batch,
    sample_latents,
    scale_pictures,
    train,
    train_step,
    update_ema,
)
from artgan.storage.checkpoints import gan_variables

eager_step = train_step.python_function  # tracing one takes seconds


def weights(network):
    """Copies of a network's numbers."""
    return [weight.copy() for weight in network.get_weights()]


def state_of(gan):
    """A copy of all that training changes."""
    return [variable.numpy().copy() for variable in gan_variables(gan).values()]


def restore(gan, state):
    """Bring back what `state_of` told."""
    for variable, value in zip(gan_variables(gan).values(), state, strict=True):
        variable.assign(value)


def same_bits(one, other):
    """Whether two lists of arrays are equal."""
    return all((a == b).all() for a, b in zip(one, other, strict=True))


def all_changed(before, network):
    """Whether each array changed, but for the last bias: the hinge may not use it."""
    pairs = zip(before, weights(network), strict=True)
    return all((old != new).any() for old, new in pairs if old.size > 1)


@pytest.fixture(scope="module")
def one_gan(tiny_config):
    """A GAN of this module's own, for tracing a step takes seconds."""
    return GAN(tiny_config)


@pytest.fixture
def gan(one_gan):
    """A GAN that has learnt nothing yet, whatever a test does with it."""
    state = state_of(one_gan)
    yield one_gan
    restore(one_gan, state)


def test_a_step_changes_every_part_of_both_networks(gan, tiny_images):
    networks = gan.generator, gan.discriminator, gan.generator_ema
    before, step = [weights(network) for network in networks], int(gan.step.numpy())
    losses = train_step(gan, tiny_images[:2])
    assert len(losses) == 3 and np.isfinite(losses).all() and 0 <= losses[2] <= 1
    for old, network in zip(before, networks, strict=True):
        assert all_changed(old, network), network.name
        assert all(np.isfinite(weight).all() for weight in weights(network))
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    counts = [int(optimizer.iterations.numpy()) for optimizer in optimizers]
    assert [int(gan.step.numpy()), *counts] == [step + 1, 1, 1]
    decay = min(gan.config.ema_decay, 0.5 ** (1 / max(1, step / 20)))
    now = zip(before[2], gan.generator.weights, gan.generator_ema.weights, strict=True)
    for old, fast, mean in now:  # batch statistics are averaged, too
        expected = decay * old + (1 - decay) * fast
        np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {"precision": "bfloat16"},
        {"precision": "float16"},
        {"width": 64, "discriminator": "dcgan"},
    ],
    ids=lambda changes: next(iter(changes.values())),
)
def test_other_configs_take_a_step(changes, tiny_config):
    gan = GAN(replace(tiny_config, **changes))
    images = np.random.default_rng(0).integers(0, 256, [2, *gan.config.shape, 3])
    networks = gan.generator, gan.discriminator
    before = [weights(network) for network in networks]
    assert np.isfinite(eager_step(gan, images.astype(np.uint8))).all()
    for old, network in zip(before, networks, strict=True):
        assert all_changed(old, network)
        assert all(np.isfinite(weight).all() for weight in weights(network))
        assert {weight.dtype for weight in network.weights} == {"float32"}


def test_a_step_looks_once_at_the_real_given_and_once_at_the_generators_fakes(
    gan, tiny_images, monkeypatch
):
    seen, views, project = [], [], gan.project

    def discriminate(gan, view, really=artgan.gan.training.discriminate):
        views.append(view)
        return really(gan, view)

    plain = replace(gan.config, augmentations="", flip=False)
    monkeypatch.setattr(gan, "config", plain)
    monkeypatch.setattr(gan, "project", lambda x: seen.append(x) or project(x))
    monkeypatch.setattr(artgan.gan.training, "discriminate", discriminate)
    gan.step.assign(7)
    seeds = tf.random.experimental.stateless_split(tf.constant([3, 7], tf.int64), 5)
    expected = gan.generator(sample_latents(gan.config, 2, seeds[2]), training=True)
    eager_step(gan, tiny_images[:2])
    np.testing.assert_allclose(seen[0], tiny_images[:2] / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(seen[1], expected, atol=1e-5)
    real_view, fake_view, again = views
    assert len(seen) == 2 and real_view[3] is seen[0] and fake_view[3] is seen[1]
    assert all(x is y for x, y in zip(fake_view, again, strict=True))


def test_the_discriminator_learns_alone_then_teaches_the_generator(
    gan, tiny_images, monkeypatch
):
    told, after, losses = [], [], artgan.gan.training.LOSSES
    optimizers = gan.discriminator_optimizer, gan.generator_optimizer
    for name, optimizer in zip("DG", optimizers, strict=True):

        def apply(gradients, variables, name=name, really=optimizer.apply):
            really(gradients, variables)
            told.append((name, max(np.abs(gradient).max() for gradient in gradients)))
            networks = gan.discriminator, gan.generator
            after.append([[w.numpy() for w in y.trainable_variables] for y in networks])

        monkeypatch.setattr(optimizer, "apply", apply)

    def nothing(logits):
        told.append("loss of G")
        return 0.0 * tf.reduce_mean(logits)

    monkeypatch.setitem(losses, "hinge", (losses["hinge"][0], nothing))
    start = [w.numpy() for w in gan.generator.trainable_variables]
    before = weights(gan.discriminator)
    eager_step(gan, tiny_images[:2])
    (first, moved), *between, (last, sent) = told
    assert [first, *between, last] == ["D", *["loss of G"] * 4, "G"]
    assert moved > 0 and sent == 0  # nothing of what D learns from reaches G
    assert all_changed(before, gan.discriminator)
    assert same_bits(after[0][1], start) and same_bits(after[0][0], after[1][0])


@pytest.mark.parametrize(
    ("real", "fake", "accuracy"),
    [([3.0, -1.0], [-1.0, -2.0], 0.75), ([0.0, 0.0], [0.0, 0.0], 0.0)],
)
def test_accuracy_is_how_many_logits_are_right(real, fake, accuracy, monkeypatch):
    """Who does not know is not right; heads of one logit and of many count the same."""
    monkeypatch.setattr(artgan.gan.training, "discriminate", lambda gan, view: view)
    gan = SimpleNamespace(
        config=SimpleNamespace(loss="hinge"),
        discriminator=SimpleNamespace(trainable_variables=[tf.Variable(1.0)]),
        discriminator_optimizer=SimpleNamespace(apply=lambda gradients, _: None),
    )
    real, fake = np.float32(real)[:, None], np.float32(fake)[:, None]
    maps = np.tile(real[:, :, None, None], [1, 5, 5, 1])
    loss, found = discriminator_step(gan, [real, maps], [fake, fake])
    assert float(found) == pytest.approx(accuracy)
    each = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    assert float(loss) == pytest.approx(each)


def test_a_loss_that_is_no_number_stops_before_anything_is_recorded(gan, tiny_images):
    calls = []
    first = gan.generator.trainable_variables[0]
    first.assign(tf.fill(first.shape, np.nan))
    with pytest.raises(FloatingPointError, match="nan.* at step 1"):
        train(gan, tiny_images, steps=5, after_step=[lambda *a: calls.append(a)])
    assert calls == []


@pytest.fixture
def pretended(monkeypatch):
    """Steps that only count, on a clock that moves a second at each look."""
    clock = iter(range(10**6))
    monkeypatch.setattr(artgan.gan.training.time, "monotonic", lambda: next(clock))
    seen = []

    def go(gan, batch):
        images, *labels = batch if isinstance(batch, tuple) else (batch,)
        seen.append((images.ravel().tolist(), *(each.tolist() for each in labels)))
        gan.step.assign_add(1)
        return 0.5, 1.5, 0.75

    config = SimpleNamespace(batch_size=2, seed=4, shuffle=True)
    return SimpleNamespace(step=tf.Variable(0), config=config), go, seen


NUMBERED = np.arange(5, dtype=np.uint8)[:, None, None, None]  # they know their number


def test_train_makes_so_many_more_steps_or_minutes_and_reports_each(pretended, capsys):
    gan, go, _ = pretended
    calls = []
    actions = [lambda gan, losses: calls.append((int(gan.step.numpy()), losses))]
    train(gan, NUMBERED, steps=3, after_step=actions, go=go)
    train(gan, NUMBERED, steps=2, after_step=actions, go=go)
    assert calls == [(step, [0.5, 1.5, 0.75]) for step in (1, 2, 3, 4, 5)]
    for minutes, least, most in (0.5, 7, 30), (0.001, 1, 1):
        gan.step.assign(0)
        train(gan, NUMBERED, minutes=minutes, go=go)
        assert least <= gan.step.numpy() <= most
    told = capsys.readouterr().out
    assert "step 5, D 0.50, G 1.50, D right 75%, 2.0 pictures/s" in told


def test_train_takes_the_batches_and_labels_that_follow_from_seed_and_step(pretended):
    gan, go, seen = pretended
    gan.step.assign(7)
    train(gan, Labelled(NUMBERED, 10 * np.arange(5)), steps=4, go=go)
    for step, (images, labels) in enumerate(seen, start=7):
        assert images == sorted(batch_indices(5, step, 2, seed=4).tolist())
        assert labels == [10 * number for number in images]
    gan.config.shuffle, gan.config.batch_size = False, 3
    gan.step.assign(1)
    assert next_batch(gan, NUMBERED).ravel().tolist() == [0, 3, 4]


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_latents_follow_from_the_seed_alone(kind):
    config = SimpleNamespace(latent_distribution=kind, latent_size=50)
    one = sample_latents(config, 40, [1, 2]).numpy()
    tf.random.normal([3])
    assert (sample_latents(config, 40, [1, 2]).numpy() == one).all()
    assert not np.isclose(sample_latents(config, 40, [1, 3]).numpy(), one).any()
    assert one.shape == (40, 50) and one.dtype == np.float32
    deviation = 1 if kind == "normal" else 3**-0.5
    assert abs(one.mean()) < 0.1 and one.std() == pytest.approx(deviation, rel=0.1)


def test_pictures_are_scaled_and_about_half_of_them_mirrored():
    config = SimpleNamespace(pixel_range=0.5, flip=True)
    images = np.zeros([64, 4, 6, 3])
    images[:, :, 0], images[:, :, 3] = 255, 127.5
    scaled = scale_pictures(config, images, [1, 2]).numpy()
    assert set(scaled.ravel()) == {-0.5, 0, 0.5}
    mirrored = scaled[:, 0, 5, 0] == 0.5
    assert (mirrored != (scaled[:, 0, 0, 0] == 0.5)).all() and 16 < mirrored.sum() < 48
    config.flip = False
    assert (scale_pictures(config, images, [1, 2]).numpy()[:, :, 0] == 0.5).all()


@pytest.mark.parametrize(
    ("ema_decay", "step", "decay"),
    [(0.995, 0, 0.5), (0.995, 400, 0.5**0.05), (0.995, 10**6, 0.995), (0.0, 5, 0.0)],
)
def test_the_moving_average_ramps_up(ema_decay, step, decay):
    slow, fast = keras.Variable([10.0, -4.0]), keras.Variable([20.0, 0.0])
    gan = SimpleNamespace(
        config=SimpleNamespace(ema_decay=ema_decay),
        step=tf.Variable(step),
        generator_ema=SimpleNamespace(variables=[slow]),
        generator=SimpleNamespace(variables=[fast]),
    )
    update_ema(gan)
    expected = [10 * decay + 20 * (1 - decay), -4 * decay]
    assert slow.numpy() == pytest.approx(expected, abs=1e-4)
