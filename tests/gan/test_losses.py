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


# name: (discriminator's loss of real and fake logits, generator's loss of fake logits)
FORMULAS = {
    "cross_entropy": (
        lambda r, f: minus_log(sigmoid(r)).mean() + minus_log(1 - sigmoid(f)).mean(),
        lambda f: minus_log(sigmoid(f)).mean(),
    ),
    "hinge": (
        lambda r, f: np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean(),
        lambda f: -f.mean(),
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_is_its_formula_whatever_the_shape_of_the_logits(name):
    maps = np.random.default_rng(0).normal(0, 2, [2, 3, 5, 5, 1])
    for real, fake in (REAL, FAKE), maps:
        sets = zip(LOSSES[name], FORMULAS[name], [(real, fake), (fake,)], strict=True)
        for loss, formula, logits in sets:
            found = loss(*[tf.constant(x, tf.float32) for x in logits])
            assert found.shape == ()
            assert float(found) == pytest.approx(formula(*logits), rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_extreme_logits_stay_finite_with_a_gradient(name):
    real, fake = tf.constant([[-1e4]]), tf.constant([[1e4]])
    discriminator_loss, generator_loss = LOSSES[name]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        loss_d, loss_g = discriminator_loss(real, fake), generator_loss(fake)
    assert np.isfinite([float(loss_d), float(loss_g)]).all()
    d_real, d_fake = (g.numpy().item() for g in tape.gradient(loss_d, [real, fake]))
    assert d_real < 0 < d_fake
    assert tape.gradient(loss_g, fake).numpy().item() <= 0
