"""Reading the TensorFlow 1 checkpoint of the ancestor that painted architecture.

Its generator is that of the `seed` preset, written differently: its transposed
convolutions have biases, which the normalisation after them takes in, and its last
layer may be a convolution, which is a transposed one with its kernel turned. Its
discriminator is not quite that of the preset: the fourth convolution keeps the side.
"""

import glob
import re
import shutil
from contextlib import contextmanager
from dataclasses import asdict
from math import isqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from artgan.gan.config import preset
from artgan.storage.builders import build_stored_generator
from artgan.storage.legacy.architecture import architecture_discriminator
from artgan.storage.weights import load_arrays, name_in_order
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

if TYPE_CHECKING:
    import keras

    from artgan.gan.config import Config

EPSILON = 1.001e-5  # TensorFlow 1's fused normalisation raised the 1e-5 asked for.
NETWORKS = ("generator", "discriminator")


def read_architecture(path: Path):
    """Read a checkpoint such as models/model.ckpt: (networks, settings, remarks).

    networks: {"generator": arrays, "discriminator": arrays}, each float32 and by the
    names of the Keras network; settings: a dictionary for `stored_config`; remarks:
    sentences on what is not the same. Raises ArtganError if it cannot be read, or holds
    other networks.
    """
    path = Path(re.sub(r"\.(index|meta|data-\d+-of-\d+)$", "", str(path)))
    variables, remarks = read_variables(path), []
    try:
        config = config_of(variables["generator"])
        networks = {"generator": generator_arrays(variables["generator"], config)}
        if variables["discriminator"]:
            found = discriminator_arrays(variables["discriminator"], config.size)
            networks["discriminator"] = found
            remarks = discriminator_remarks(list(found.values()))
    except (
        AttributeError,
        IndexError,
        KeyError,
        ValueError,
        ZeroDivisionError,
    ) as error:
        raise ArtganError(
            f"{path} does not hold the networks of the architecture notebook: {error}."
        ) from None
    return networks, asdict(config), remarks


@contextmanager
def opened_checkpoint(path: Path):
    """Give TensorFlow's reader of a checkpoint, whatever signs its path has.

    TensorFlow takes brackets and stars for a pattern, so it is shown a copy.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for part in path.parent.glob(f"{glob.escape(path.name)}*"):
            if part.is_file() and part.suffix != ".meta":
                shutil.copyfile(part, Path(folder, part.name.replace(path.name, "c")))
        yield tf.train.load_checkpoint(str(Path(folder, "c")))


def read_variables(path: Path):
    """A checkpoint's {"generator": {name: array}, "discriminator": {name: array}}.

    The optimisers' own variables are left out.
    """
    networks: dict[str, dict] = {name: {} for name in NETWORKS}
    try:
        with opened_checkpoint(path) as reader:
            for name in reader.get_variable_to_shape_map():
                network, _, rest = name.partition("/")
                if network in networks and not re.search(r"/Adam(_\d+)?$", rest):
                    networks[network][rest] = reader.get_tensor(name)
    except (tf.errors.OpError, LookupError, RuntimeError, ValueError) as error:
        reason = printable(getattr(error, "message", error))
        raise ArtganError(
            f"{printable(path)} cannot be read as a TensorFlow checkpoint: {reason}. "
            "Name it like models/model.ckpt, with its .index and .data files beside it."
        ) from None
    if not networks["generator"]:
        raise ArtganError(f"{path} has no variables named generator/...")
    return networks


def config_of(variables):
    """The `seed` preset with the sizes of a generator's variables."""
    kernels = [variables[f"{name}/kernel"] for name in numbered(variables, "deconv")]
    latent_size, units = variables["dense/kernel"].shape
    side = isqrt(units // kernels[0].shape[3])
    return preset(
        "seed",
        size=side * 2 ** len(kernels),
        initial_resolution=side,
        latent_size=latent_size,
        base_channels=kernels[-1].shape[2],
        max_channels=kernels[0].shape[3],
        precision="float32",
    )


def numbered(variables, kind: str):
    """The layers layer1_KIND, layer2_KIND, ... that there are, in order."""
    matches = [re.match(rf"layer(\d+)_{kind}/", name) for name in variables]
    numbers = sorted({int(match[1]) for match in matches if match})
    return [f"layer{number}_{kind}" for number in numbers]


def generator_arrays(variables, config: "Config"):
    """A generator's arrays by the names of the Keras network."""
    left = dict(variables)
    arrays = [left.pop("dense/kernel"), left.pop("dense/bias")]
    for name in numbered(variables, "deconv"):
        kernel, bias = left.pop(f"{name}/kernel"), left.pop(f"{name}/bias", 0.0)
        number = name.removesuffix("_deconv")
        arrays += [
            kernel,
            *normalization(left, f"{number}_batch_norm", bias, kernel.shape[2]),
        ]
    kernel = left.pop("logits/kernel")
    if kernel.shape[2] != 3:  # not transposed: its channels are [..., in, out]
        kernel = kernel[::-1, ::-1].swapaxes(2, 3)
    arrays += [kernel, left.pop("logits/bias", np.zeros(3))]
    return fitted(build_stored_generator(config), arrays, left)


def normalization(variables, name: str, bias, channels):
    """Gamma, beta, mean and variance of a normalisation that takes in a bias before it.

    Where the ancestor has no normalisation, one that changes nothing but adds the bias.
    """
    found = {
        part: variables.pop(f"{name}/{part}", None)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    one, zero = np.ones(channels), np.zeros(channels)
    if found["moving_variance"] is None:
        return [np.sqrt(one + 1e-5), zero + bias, zero, one]
    gamma = one if found["gamma"] is None else found["gamma"]
    beta = zero if found["beta"] is None else found["beta"]
    variance = found["moving_variance"].astype(np.float64) + EPSILON - 1e-5
    return [gamma, beta, found["moving_mean"] - bias, variance]


def discriminator_arrays(variables, size: int):
    """A discriminator's arrays by the names of the Keras network."""
    left, arrays = dict(variables), []
    for name in numbered(variables, "conv"):
        kernel, number = left.pop(f"{name}/kernel"), name.removesuffix("_conv")
        bias = left.pop(f"{name}/bias", np.zeros(kernel.shape[3]))
        kept = normalization(left, f"{number}_batch_norm", 0.0, kernel.shape[3])
        arrays += [kernel, bias, *kept]
    arrays += [left.pop("dense/kernel"), left.pop("dense/bias")]
    return fitted(architecture_discriminator(arrays, size), arrays, left)


def discriminator_remarks(arrays: list[np.ndarray]) -> list[str]:
    """Say it if the discriminator differs from that of the preset."""
    channels, count = arrays[-8].shape[3], arrays[-2].shape[0]
    if count == 4 * 4 * channels:
        return []
    return [
        "The discriminator is the notebook's: its last convolution but one keeps the "
        f"side, so {count:,} numbers reach its last layer, not {16 * channels:,}, and "
        "training cannot go on from it."
    ]


def fitted(
    network: "keras.Model", arrays: list[np.ndarray], left: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Name arrays that come in a network's order, if they are all that it takes."""
    if left:
        raise ValueError(f"it also has {', '.join(sorted(left))}")
    named = name_in_order(network, arrays)
    load_arrays(network, named, "the checkpoint")
    return named
