import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.losses import LOSSES

REAL = np.array([[2.0], [-0.5], [0.0], [30.0]])
FAKE = np.array([[-1.0], [0.25], [3.0], [-40.0]])


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def minus_log(values):
    return -np.log(np.maximum(values, 1e-300))


# name: (discriminator's loss, generator's loss) of (real logits, fake logits)
FORMULAS = {
    "cross_entropy": (
        lambda r, f: minus_log(sigmoid(r)).mean() + minus_log(1 - sigmoid(f)).mean(),
        lambda r, f: minus_log(sigmoid(f)).mean(),
    ),
    "hinge": (
        lambda r, f: np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean(),
        lambda r, f: -f.mean(),
    ),
    "relativistic": (
        lambda r, f: minus_log(sigmoid(r - f)).mean(),
        lambda r, f: minus_log(sigmoid(f - r)).mean(),
    ),
}


def both(name, real, fake):
    """The losses of the discriminator and of the generator as numbers."""
    discriminator_loss, generator_loss = LOSSES[name]
    real, fake = tf.constant(real, tf.float32), tf.constant(fake, tf.float32)
    losses = discriminator_loss(real, fake), generator_loss(fake, real)
    assert all(loss.shape == () for loss in losses)
    return [float(loss) for loss in losses]


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_is_its_formula(name):
    expected = [formula(REAL, FAKE) for formula in FORMULAS[name]]
    assert both(name, REAL, FAKE) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cross_entropy", [2 * np.log(2), np.log(2)]),
        ("hinge", [2, 0]),
        ("relativistic", [np.log(2), np.log(2)]),
    ],
)
def test_a_discriminator_that_does_not_know(name, expected):
    assert both(name, [[0.0]], [[0.0]]) == pytest.approx(expected)


@pytest.mark.parametrize("name", LOSSES)
def test_a_sure_discriminator_is_content_and_the_generator_is_not(name):
    right, wrong = both(name, [[9.0]], [[-9.0]]), both(name, [[-9.0]], [[9.0]])
    assert right[0] < 0.01 < wrong[0]
    assert wrong[1] < right[1]


@pytest.mark.parametrize("name", LOSSES)
def test_extreme_logits_stay_finite_with_a_gradient(name):
    real, fake = tf.constant([[-1e4]]), tf.constant([[1e4]])
    discriminator_loss, generator_loss = LOSSES[name]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        loss_d, loss_g = discriminator_loss(real, fake), generator_loss(fake, real)
    assert np.isfinite([float(loss_d), float(loss_g)]).all()
    d_real, d_fake = (g.numpy().item() for g in tape.gradient(loss_d, [real, fake]))
    assert d_real < 0 < d_fake
    assert tape.gradient(loss_g, fake).numpy().item() <= 0
