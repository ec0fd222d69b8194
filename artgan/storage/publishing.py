"""Writing weights to publish: half precision, no pickles, with a card."""

import hashlib
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from artgan.storage.card import FORMAT
from artgan.storage.tensor_file import fingerprint
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError
from artgan.system.files import replacing

LARGEST_PUBLISHED = 15_000_000  # Bytes of one file, so that a repository can hold it.


def publish(gan, folder, facts):
    """Write the averaged generator and the discriminator as fp16; return their card.

    facts: what the card shall tell beside the config, the step and the hashes, such as
    pictures seen, wall time, machine, data, KID and its deviation, nearest, diversity,
    date and licence. Raises ArtganError, the folder as it was, if a file would be
    larger than 15 MB.
    """
    networks = {"generator": gan.generator_ema, "discriminator": gan.discriminator}
    arrays = {
        name: {key: half(array) for key, array in named_arrays(network).items()}
        for name, network in networks.items()
    }
    config, step = asdict(gan.config), int(gan.step)
    return write_weights(folder, arrays, config, step, facts, LARGEST_PUBLISHED)


def half(array):
    """The nearest fp16 numbers; what is too large for them becomes the largest."""
    limits = np.finfo(np.float16)
    return np.clip(array, limits.min, limits.max).astype(np.float16)


def write_weights(folder, networks, config, step, facts, largest=None):
    """Write {network name: its `named_arrays`} and a card; return the card.

    config: a dictionary of settings, with "builder" where it is not that of
    `artgan.gan.networks`. largest: bytes that no file may exceed, else ArtganError.
    """
    folder, files = Path(folder), {}
    for name, arrays in networks.items():
        files[name] = pack(name, arrays, config, step)
        if largest and len(files[name]) > largest:
            raise ArtganError(
                f"The {name} takes {len(files[name]):,} bytes, and published weights "
                f"may have {largest:,} a file. Nothing was written."
            )
    card = facts | {
        "format": FORMAT,
        "step": step,
        "bytes": {name: len(data) for name, data in files.items()},
        "sha256": {n: hashlib.sha256(data).hexdigest() for n, data in files.items()},
        "config": config,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    files = {f"{name}.safetensors": data for name, data in files.items()}
    with ExitStack() as stack:  # All are written before the first takes its place.
        for name, data in (files | {"card.json": text.encode("utf-8")}).items():
            temporary = stack.enter_context(replacing(folder / name))
            temporary.write_bytes(data)
    return card


def pack(name, arrays, config, step):
    """One network as the bytes of a safetensors file that says what it is."""
    about = {"format": str(FORMAT), "network": name, "step": str(step)}
    about["config"] = json.dumps(config)
    arrays = {key: np.ascontiguousarray(array) for key, array in arrays.items()}
    about["sha256"] = fingerprint(name, save(arrays, about))
    return save(arrays, about)
