"""What the two networks want, as formulas.

Each takes logits of any shape: above 0, the discriminator believes that it sees a real
picture. To add a loss, write its two functions and name them in LOSSES.
"""

import tensorflow as tf


def cross_entropy_discriminator_loss(real_logits, fake_logits):
    """-log D(x) - log(1 - D(G(z))), where D is the sigmoid of the logits."""
    real, fake = tf.nn.softplus(-real_logits), tf.nn.softplus(fake_logits)
    return tf.reduce_mean(real) + tf.reduce_mean(fake)


def cross_entropy_generator_loss(fake_logits):
    """-log D(G(z)), the non-saturating form. Source: https://arxiv.org/abs/1406.2661"""
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def hinge_discriminator_loss(real_logits, fake_logits):
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))). Source: https://arxiv.org/abs/1705.02894"""
    real, fake = tf.nn.relu(1.0 - real_logits), tf.nn.relu(1.0 + fake_logits)
    return tf.reduce_mean(real) + tf.reduce_mean(fake)


def hinge_generator_loss(fake_logits):
    """-D(G(z))."""
    return -tf.reduce_mean(fake_logits)


LOSSES = {
    "cross_entropy": (cross_entropy_discriminator_loss, cross_entropy_generator_loss),
    "hinge": (hinge_discriminator_loss, hinge_generator_loss),
}
