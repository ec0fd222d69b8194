"""Twice the resolution, begun so that it paints and judges as half of it did.

A grown network has a new layer next to the pictures. Were there only noise in it, what
the other layers have learnt would be torn apart before it made sense.
"""

import numpy as np

from artgan.gan.training import draw_latents

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
    last = config.size // 2
    set_first_outputs(network.get_layer(f"up_{last}"), kernel)
    set_first_outputs(network.get_layer(f"up_{last}_normalization"), *lifted)
    if config.noise:
        set_first_outputs(network.get_layer(f"up_{last}_noise"), np.zeros(3))
    if config.excitation and last // 16 >= config.first_side:
        # A weight of sigmoid(4) leaves the colours nearly as they are.
        excitation = network.get_layer(f"excitation_{last}_out")
        set_first_outputs(excitation, np.zeros(3), np.full(3, 4))
    paint = network.get_layer("paint")
    copying = copy_first(paint.get_weights()[0])
    paint.set_weights([copying, bias - SHIFT * deviation])


def grow_discriminator(network, other, config):
    """Let the first channels of the first grid be the picture at half the size.

    As LeakyReLU would bend them, six channels hold the colours and their negatives.
    """
    half, quarter = (f"down_{config.size // part}" for part in (2, 4))
    signs = np.kron(np.eye(3), [1, -1])  # [3, 6]
    set_first_outputs(network.get_layer(half), np.zeros(6))
    set_first_outputs(network.get_layer(f"{half}_shortcut"), signs)
    for name in (quarter, f"{quarter}_shortcut"):
        kernel, *rest = other.get_layer(name).get_weights()
        learnt = np.einsum("hwcf,cs->hwsf", kernel, signs)
        layer = network.get_layer(name)
        layer.set_weights([first_inputs(layer.get_weights()[0], learnt), *rest])


def set_first_outputs(layer, *learnt):
    """Replace the first output channels of the first weights; keep the rest."""
    weights = [weight.copy() for weight in layer.get_weights()]
    for weight, new in zip(weights, learnt, strict=False):
        weight[..., : new.shape[-1]] = new
    layer.set_weights(weights)


def first_inputs(kernel, learnt):
    """The kernel with that of the first input channels replaced, the others small."""
    kernel = kernel * (0.1 * learnt.std() / kernel.std())
    kernel[:, :, : learnt.shape[2]] = learnt
    return kernel


def copy_first(kernel):
    """A kernel that copies the first three channels and adds a little of the others."""
    kernel = 0.1 * kernel
    kernel[:, :, :3] = 0
    kernel[kernel.shape[0] // 2, kernel.shape[1] // 2, :3] = np.eye(3)
    return kernel
