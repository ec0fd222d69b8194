"""Twice the resolution, begun so that it paints and judges as half of it did.

A grown network has a new layer next to the pictures. Were there only noise in it, what
the other layers have learnt would be torn apart before it made sense.
"""

import numpy as np

from artgan.training import draw_latents

SHIFT = 3  # deviations that lift colours above 0, where LeakyReLU changes nothing
# A kernel on a grid doubled bilinearly, as one on a grid whose pixels were copied.
BLUR = np.array([[0.75, 0.25, 0], [0.25, 0.5, 0.25], [0, 0.25, 0.75]])
ALIKE = (
    "output_stride kernel discriminator_kernel gated shortcut upsample most_channels"
).split()


def can_grow(config, other):
    """Whether a GAN of the first config can begin as one of the other, doubled."""
    alike = all(getattr(config, field) == getattr(other, field) for field in ALIKE)
    widths = other.width / 2, other.discriminator_width / 2
    fitting = widths == (config.width, config.discriminator_width)
    wide = config.width >= 3 and config.discriminator_width >= 6
    plain = config.output_stride == 2 and not config.gated and config.shortcut
    nearest = config.upsample == "nearest" and config.kernel == len(BLUR)
    return config.size == 2 * other.size and all([alike, fitting, wide, plain, nearest])


def grow_generator(network, other, config):
    """Let the first three channels of the last grid be colours at half the size.

    network: the generator of `config`; other: one of half the size. Where that painted,
    the new last layer doubles what it finds, and blends in what is new.
    """
    kernel, bias = other.get_layer("paint").get_weights()
    kernel = np.einsum("ai,bj,ijcf->abcf", BLUR, BLUR, kernel)
    latents = draw_latents(config, 64, [config.seed, 0])
    colors = np.arctanh(np.clip(other.predict_on_batch(latents), -0.999, 0.999)) - bias
    mean, deviation = colors.mean((0, 1, 2)), colors.std((0, 1, 2)) + 1e-3
    lifted = deviation, mean + SHIFT * deviation, mean, deviation**2
    name = f"up_{config.size // 2}"
    change(network, name, lambda new: [first_outputs(new, kernel)])
    change(
        network, f"{name}_normalization", lambda *new: map(first_outputs, new, lifted)
    )
    if config.excitation and config.size // 32 >= config.first_side:
        change(network, f"excitation_{config.size // 2}_out", keep_first)
    change(
        network,
        "paint",
        lambda new, _: [copy_first(new), bias - SHIFT * deviation],
    )


def grow_discriminator(network, other, config):
    """Let the first channels of the first grid be the picture at half the size.

    As LeakyReLU would bend them, six channels hold the colours and their negatives.
    """
    half, quarter = (f"down_{config.size // part}" for part in (2, 4))
    signs = np.kron(np.eye(3), [1, -1])  # [3, 6]
    change(network, half, lambda new, *rest: [first_outputs(new, 0 * signs[0]), *rest])
    change(
        network,
        f"{half}_shortcut",
        lambda new, *rest: [first_outputs(new, signs), *rest],
    )
    for name in (quarter, f"{quarter}_shortcut"):
        kernel, *rest = other.get_layer(name).get_weights()
        learnt = np.einsum("hwcf,cs->hwsf", kernel, signs)
        change(network, name, lambda new, *_: [first_inputs(new, learnt), *rest])  # noqa: B023


def change(network, name, function):
    """Give a layer the weights that a function makes of those it has."""
    layer = network.get_layer(name)
    layer.set_weights(list(function(*(w.copy() for w in layer.get_weights()))))


def first_outputs(weights, learnt):
    """The weights with those of the first output channels replaced."""
    weights[..., : learnt.shape[-1]] = learnt
    return weights


def first_inputs(weights, learnt):
    """The kernel with that of the first input channels replaced, the others small."""
    weights *= 0.1 * learnt.std() / weights.std()
    weights[:, :, : learnt.shape[2]] = learnt
    return weights


def keep_first(kernel, bias):
    """An excitation that leaves the first three channels nearly as they are."""
    kernel[..., :3], bias[:3] = 0, 4
    return kernel, bias


def copy_first(kernel):
    """A kernel that copies the first three channels and adds a little of the others."""
    kernel = 0.1 * kernel
    kernel[:, :, :3] = 0
    kernel[kernel.shape[0] // 2, kernel.shape[1] // 2, :3] = np.eye(3)
    return kernel
