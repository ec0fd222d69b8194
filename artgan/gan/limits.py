"""What the settings of a run may be."""

import math

from artgan.gan.augment import AUGMENTATIONS, augmentations_in
from artgan.gan.losses import LOSSES

CHOICES = {
    "fit": ("crop", "squash"),
    "latent": ("normal", "uniform"),
    "upsample": ("nearest", "transpose"),
    "output_stride": (1, 2),
    "normalization": ("batch", "spectral", "both", "none"),
    "precision": ("auto", "float32", "bfloat16"),
}
# More than this ends in a machine without memory, and so without a sentence.
LARGEST = {
    "size": 1024,
    "latent_size": 4096,
    "width": 4096,
    "most_channels": 4096,
    "kernel": 31,
    "discriminator_width": 4096,
    "discriminator_kernel": 31,
}
LARGEST_BATCH = 2**23  # pixels
POSITIVE = (
    "pixel_range batch_size latent_size width most_channels kernel "
    "discriminator_width discriminator_kernel spectral_gain generator_rate "
    "discriminator_rate penalty_every"
).split()


def problems_of(config):
    """Yield (field, what is wrong with it) for each value that cannot work."""
    for field, allowed in CHOICES.items():
        if getattr(config, field) not in allowed:
            yield field, f"choose one of {', '.join(map(str, allowed))}"
    for field in POSITIVE:
        if not 0 < getattr(config, field) < math.inf:
            yield field, "it must be a number above 0"
    for field, most in LARGEST.items():
        if getattr(config, field) > most:
            yield field, f"it may be {most:,} at most"
    if not 0 <= config.noise_start <= 10:
        yield "noise_start", "it must be from 0 to 10"
    if not 0 <= config.gradient_penalty < math.inf:
        yield "gradient_penalty", "it must be a number, at least 0"
    for field in ("average", "beta_1", "beta_2"):
        if not 0 <= getattr(config, field) < 1:
            yield field, "it must be at least 0 and below 1"
    if not 0 <= config.seed < 2**31:
        yield "seed", "it must be at least 0 and below 2^31"
    for field in ("size", "first_side"):
        side = getattr(config, field)
        if side < 1 or side & (side - 1):
            yield field, "it must be a power of two"
    if config.size < 16:
        yield "size", "pictures need 16 pixels or more"
    most = LARGEST_BATCH // max(config.size, 1) ** 2
    if config.batch_size > most > 0:
        yield "batch_size", f"{most:,} pictures of {config.size} pixels are the most"
    if config.size < 2 * config.first_side * config.output_stride:
        yield "first_side", f"it is too large for pictures of {config.size} pixels"
    if config.loss not in LOSSES:
        yield "loss", f"choose one of {', '.join(LOSSES)}"
    yield from problems_of_policy(config.augment)


def problems_of_policy(policy):
    """Yield ("augment", what is wrong) for each part that augment() could not apply."""
    try:
        augmentations = list(augmentations_in(policy))
    except ValueError:
        yield "augment", "what follows a colon must be a share above 0 and up to 1"
        return
    for name, share in augmentations:
        if name not in AUGMENTATIONS:
            yield "augment", f"'{name}' is none of {', '.join(AUGMENTATIONS)}"
        if not 0 < share <= 1:
            yield "augment", f"{share:g} is no share above 0 and up to 1"
