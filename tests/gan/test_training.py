from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import artgan.gan.training
from artgan.data.pictures import batch_indices
from artgan.gan.discriminator import DISCRIMINATORS
from artgan.gan.training import (
    GAN,
    discriminate,
    discriminator_step,
    look,
    next_batch,
    sample_latents,
    scale_pictures,
    train,
    train_step,
    update_ema,
)


def weights(network):
    """Copies of a network's numbers."""
    return [weight.copy() for weight in network.get_weights()]


def variables_of(gan):
    """All that training changes."""
    parts = [gan.generator, gan.discriminator, gan.generator_ema]
    parts += [gan.generator_optimizer, gan.discriminator_optimizer]
    return [v for part in parts for v in part.variables] + [gan.step]


def state_of(gan):
    """A copy of all that training changes."""
    return [variable.numpy().copy() for variable in variables_of(gan)]


def restore(gan, state):
    """Bring back what `state_of` told."""
    for variable, value in zip(variables_of(gan), state, strict=True):
        variable.assign(value)


def same_bits(one, other):
    """Whether two lists of arrays are equal."""
    return all((a == b).all() for a, b in zip(one, other, strict=True))


def changed(before, network):
    """For each array of a network, whether any number in it changed.

    Lone numbers are left out, for the hinge loss often has no use for the last bias.
    """
    pairs = zip(before, network.weights, strict=True)
    kept = [(old, w) for old, w in pairs if old.size > 1]
    return [bool((old != np.asarray(weight)).any()) for old, weight in kept]


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


@pytest.fixture
def spied(gan, monkeypatch):
    """A GAN whose every step is traced anew, and what it calls, as (part, images)."""
    calls, step = [], tf.function(train_step.python_function, autograph=False)
    project, discriminator = gan.project, gan.discriminator

    def spied_project(images):
        calls.append(("project", images))
        return project(images)

    class Discriminator:
        variables = discriminator.variables
        trainable_variables = discriminator.trainable_variables

        def __call__(self, view, training):
            assert training
            calls.append(("discriminator", view))
            return discriminator(view, training=training)

    monkeypatch.setattr(gan, "project", spied_project)
    monkeypatch.setattr(gan, "discriminator", Discriminator())
    return calls, step


def test_a_step_changes_every_part_of_both_networks(gan, tiny_images):
    networks = gan.generator, gan.discriminator, gan.generator_ema
    before, step = [weights(network) for network in networks], int(gan.step)
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    counts = [optimizer.iterations.numpy() for optimizer in optimizers]
    losses = train_step(gan, tiny_images[:2])
    assert len(losses) == 3 and np.isfinite(losses).all()
    assert 0 <= losses[2] <= 1
    assert int(gan.step) == step + 1
    for old, network in zip(before, networks, strict=True):
        assert all(changed(old, network)), network.name
        assert all(np.isfinite(weight).all() for weight in weights(network))
    assert [optimizer.iterations.numpy() - 1 for optimizer in optimizers] == counts


def test_a_step_looks_once_at_the_real_and_once_at_the_fakes(gan, spied, tiny_images):
    calls, step = spied
    step(gan, tiny_images[:2])
    assert [part for part, _ in calls] == ["project"] * 2 + ["discriminator"] * 3
    real, fake = (images for part, images in calls if part == "project")
    assert real.shape == fake.shape == (2, 32, 32, 3)
    real_view, fake_view, again = (x for part, x in calls if part == "discriminator")
    assert again is fake_view and real_view is not fake_view


def test_the_real_are_those_given_and_the_fakes_the_generators(
    gan, tiny_images, monkeypatch
):
    seen = []
    plain = replace(gan.config, augmentations="", flip=False)
    monkeypatch.setattr(gan, "config", plain)
    project = gan.project
    monkeypatch.setattr(gan, "project", lambda x: seen.append(x) or project(x))
    monkeypatch.setattr(gan, "step", tf.Variable(7, dtype=tf.int64))
    seeds = tf.random.experimental.stateless_split(tf.constant([3, 7], tf.int64), 4)
    latents = sample_latents(plain, 2, seeds[2])
    expected = gan.generator(latents, training=True).numpy()
    train_step.python_function(gan, tiny_images[:2])
    np.testing.assert_allclose(seen[0], tiny_images[:2] / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(seen[1], expected, atol=1e-5)


def views(gan, images):
    """What the discriminator sees of some images and of their negatives."""
    real = scale_pictures(gan.config, images, [0, 1])
    return look(gan, real, [0, 1]), look(gan, -real, [2, 3])


def test_a_discriminator_step_changes_the_discriminator_alone(gan, tiny_images):
    before = weights(gan.generator), weights(gan.discriminator)
    loss, accuracy = discriminator_step(gan, *views(gan, tiny_images[:2]))
    assert np.isfinite(loss) and 0 <= accuracy <= 1
    assert not any(changed(before[0], gan.generator))
    assert all(changed(before[1], gan.discriminator))


def test_the_discriminator_sends_no_gradient_into_the_generator(
    gan, tiny_images, monkeypatch
):
    taken = []
    losses = artgan.gan.training.LOSSES
    nothing = losses["hinge"][0], lambda logits: 0.0 * tf.reduce_mean(logits)
    monkeypatch.setitem(losses, "hinge", nothing)
    monkeypatch.setattr(gan.generator_optimizer, "apply", lambda g, v: taken.extend(g))
    before = weights(gan.discriminator)
    train_step.python_function(gan, tiny_images[:2])
    assert any(changed(before, gan.discriminator))
    assert len(taken) == len(gan.generator.trainable_variables)
    assert all((gradient.numpy() == 0).all() for gradient in taken)


def test_the_generator_learns_from_the_discriminator_after_its_step(
    gan, tiny_images, monkeypatch
):
    order, after = [], []
    optimizers = gan.discriminator_optimizer, gan.generator_optimizer
    for name, optimizer in zip("DG", optimizers, strict=True):

        def apply(gradients, variables, name=name, really=optimizer.apply):
            really(gradients, variables)
            order.append(name)
            after.append(weights(gan.discriminator))

        monkeypatch.setattr(optimizer, "apply", apply)

    def spy(logits):
        order.append("loss of G")
        return -tf.reduce_mean(logits)

    losses = artgan.gan.training.LOSSES
    monkeypatch.setitem(losses, "hinge", (losses["hinge"][0], spy))
    train_step.python_function(gan, tiny_images[:2])
    assert order == ["D", *["loss of G"] * 4, "G"]
    for layer, old, new in zip(gan.discriminator.weights, *after, strict=True):
        if layer.trainable:  # its estimates of norms move on; what it learnt stays
            assert (old == new).all(), layer.path


class Constant:
    """A discriminator of which the logits are known, and can be changed by a weight."""

    def __init__(self):
        self.weight = tf.Variable(1.0)
        self.trainable_variables = [self.weight]

    def __call__(self, view, training):
        return [self.weight * logits for logits in view]


@pytest.mark.parametrize(
    ("real", "fake", "accuracy"),
    [
        ([3.0, 1.0], [-1.0, -0.2], 1.0),
        ([-3.0, -1.0], [1.0, 2.0], 0.0),
        ([3.0, -1.0], [-1.0, -2.0], 0.75),
        ([0.0, 0.0], [0.0, 0.0], 0.0),  # who does not know is not right
    ],
)
def test_accuracy_is_how_many_logits_have_the_right_sign(real, fake, accuracy):
    gan = SimpleNamespace(
        config=SimpleNamespace(loss="hinge"),
        discriminator=Constant(),
        discriminator_optimizer=SimpleNamespace(apply=lambda gradients, _: None),
    )
    # Two heads count the same, whether they have one logit for a picture or many.
    real, fake = np.float32(real)[:, None], np.float32(fake)[:, None]
    maps = np.tile(real[:, :, None, None], [1, 5, 5, 1])
    loss, found = discriminator_step(gan, [real, maps], [fake, fake])
    assert float(found) == pytest.approx(accuracy)
    each = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    assert float(loss) == pytest.approx(2 * each)


def test_the_same_step_on_the_same_pictures_gives_the_same_bits(gan, tiny_images):
    start, ends = state_of(gan), []
    for seed in (1, 2):  # no state is hidden anywhere
        restore(gan, start)
        tf.random.set_seed(seed)
        np.random.seed(seed)
        losses = [train_step(gan, tiny_images[:2]) for _ in range(3)]
        ends.append([*np.array(losses), *state_of(gan)])
    assert same_bits(*ends)


def test_another_step_draws_other_numbers(gan, tiny_images):
    start, losses = state_of(gan), []
    for step in (100, 101):
        restore(gan, start)
        gan.step.assign(step)
        losses.append([float(x) for x in train_step(gan, tiny_images[:2])])
    assert losses[0][:2] != losses[1][:2]


@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_training_at_once_and_in_parts_gives_the_same_bits(
    name, tiny_config, tiny_images
):
    gan = GAN(replace(tiny_config, discriminator=name))
    start = state_of(gan)
    train(gan, tiny_images, steps=6)
    whole = state_of(gan)
    restore(gan, start)
    train(gan, tiny_images, steps=3)
    middle = state_of(gan)
    train(gan, tiny_images, steps=1)  # what is forgotten
    restore(gan, middle)
    train(gan, tiny_images, steps=3)
    assert same_bits(whole, state_of(gan)) and not same_bits(whole, middle)


def test_bfloat16_trains(tiny_config, tiny_images):
    gan, losses = GAN(replace(tiny_config, precision="bfloat16")), []
    before = weights(gan.generator)
    train(gan, tiny_images, steps=3, after_step=[lambda _, x: losses.append(x)])
    assert np.isfinite(losses).all() and all(0 <= x[2] <= 1 for x in losses)
    assert all(changed(before, gan.generator))
    assert {w.dtype for w in gan.generator.weights} == {"float32"}
    assert {w.dtype for w in gan.discriminator.weights} == {"float32"}


def test_it_learns_a_colour(gan):
    orange = np.full([4, 32, 32, 3], (230, 130, 30), np.uint8)
    latents = sample_latents(gan.config, 16, [5, 5])
    wanted = orange[0, 0, 0] / 127.5 - 1

    def distance():
        return np.abs(gan.generator_ema(latents, training=False) - wanted).mean()

    gan.generator_optimizer.learning_rate.assign(1e-2)
    gan.discriminator_optimizer.learning_rate.assign(2e-3)
    before = distance()
    train(gan, orange, steps=320)  # half of them do on most versions
    assert distance() < 0.7 * before


def test_gans_of_one_seed_start_equal_and_of_another_differ(tiny_config):
    same, again = GAN(tiny_config), GAN(tiny_config)
    other = GAN(replace(tiny_config, seed=tiny_config.seed + 1))
    for network in ("generator", "discriminator", "generator_ema"):
        first = weights(getattr(same, network))
        assert not any(changed(first, getattr(again, network)))
        assert any(changed(first, getattr(other, network)))
    assert not any(changed(weights(same.generator), same.generator_ema))


def test_the_optimisers_have_their_slots_before_the_first_step(tiny_config):
    gan = GAN(tiny_config)
    pairs = (
        (gan.generator, gan.generator_optimizer),
        (
            gan.discriminator,
            gan.discriminator_optimizer,
        ),
    )
    for network, optimizer in pairs:
        slots = [v for v in optimizer.variables if v.path.startswith("adam/")]
        assert len(slots) == 2 + 2 * len(network.trainable_variables)
    rates = [float(optimizer.learning_rate.numpy()) for _, optimizer in pairs]
    config = (
        tiny_config.generator_learning_rate,
        tiny_config.discriminator_learning_rate,
    )
    assert rates == pytest.approx(config)


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
    seen, clock = [], iter(range(10**6))

    def step(gan, images):
        seen.append(np.array(images))
        gan.step += 1
        return 0.5, 1.5, 0.75

    monkeypatch.setattr(artgan.gan.training, "train_step", step)
    monkeypatch.setattr(artgan.gan.training.time, "monotonic", lambda: next(clock))
    return seen


def pretended_gan(**changes):
    config = {"batch_size": 2, "seed": 4, "shuffle": True} | changes
    return SimpleNamespace(step=0, config=SimpleNamespace(**config))


def numbered(count):
    """Pictures that know their own number."""
    return np.arange(count, dtype=np.uint8)[:, None, None, None]


def test_train_makes_so_many_more_steps_and_reports_each(pretended, capsys):
    gan, calls = pretended_gan(), []
    actions = [lambda gan, losses: calls.append((gan.step, losses))]
    train(gan, numbered(5), steps=3, after_step=actions)
    train(gan, numbered(5), steps=2, after_step=actions)
    assert calls == [(step, [0.5, 1.5, 0.75]) for step in (1, 2, 3, 4, 5)]
    assert (
        "step 5, D 0.50, G 1.50, D right 75%, 2.0 pictures/s" in capsys.readouterr()[0]
    )


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
    config = SimpleNamespace(latent_distribution=kind, latent_size=50)
    one = sample_latents(config, 40, [1, 2]).numpy()
    tf.random.normal([3])
    assert (sample_latents(config, 40, [1, 2]).numpy() == one).all()
    assert not np.isclose(sample_latents(config, 40, [1, 3]).numpy(), one).any()
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
    ("ema_decay", "step", "decay"),
    [
        (0.995, 0, 0.5),  # a half-life of one step at least
        (0.995, 80, 0.5**0.5),
        (0.995, 400, 0.5**0.1),  # and of a fortieth of the steps so far
        (0.995, 10**6, 0.995),
        (0.0, 5, 0.0),
    ],
)
def test_the_moving_average_ramps_up(ema_decay, step, decay):
    gan = SimpleNamespace(
        config=SimpleNamespace(ema_decay=ema_decay),
        step=tf.Variable(step),
        generator_ema=SimpleNamespace(variables=[keras.Variable([10.0, -4.0])]),
        generator=SimpleNamespace(variables=[keras.Variable([20.0, 0.0])]),
    )
    update_ema(gan)
    expected = [10 * decay + 20 * (1 - decay), -4 * decay]
    assert gan.generator_ema.variables[0].numpy() == pytest.approx(expected, abs=1e-4)


def test_a_step_moves_the_average_by_its_formula(gan, tiny_images):
    slow, step = weights(gan.generator_ema), int(gan.step)
    train_step(gan, tiny_images[:2])
    decay = min(gan.config.ema_decay, 0.5 ** (1 / max(1, step / 40)))
    now = weights(gan.generator), gan.generator_ema.weights
    for old, fast, mean in zip(
        slow, *now, strict=True
    ):  # batch statistics are averaged, too
        expected = decay * old + (1 - decay) * fast
        np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-5)


def test_discriminate_gives_the_logits_of_each_head(gan, tiny_images):
    view, _ = views(gan, tiny_images[:2])
    logits = discriminate(gan, view)
    assert [x.shape for x in logits] == [
        (2, 5, 5, 1),
        *[(2, 1, 1, 1)] * 2,
        (2, 5, 5, 1),
    ]
