"""Published weights: half precision, no pickles, with a card that proves what they are.

The format is safetensors, https://github.com/huggingface/safetensors: a JSON header of
names, shapes and offsets, and then the numbers; there is nothing in it that could run.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save

from artgan.files import replacing


def load_published(gan, folder):
    """Give a GAN the weights published in `folder`; return their card, a dictionary.

    The files' SHA-256 must be those on the card, and the networks those of the card's
    config. Raises FileNotFoundError where nothing is published, ValueError otherwise;
    the GAN is then as it was.
    """
    card = json.loads((Path(folder) / "card.json").read_text("utf-8"))
    networks = {"generator": gan.averaged, "discriminator": gan.discriminator}
    loaded = {}
    for name, network in networks.items():
        data = (Path(folder) / f"{name}.safetensors").read_bytes()
        if hashlib.sha256(data).hexdigest() != card["sha256"][name]:
            raise ValueError(f"{folder}/{name}.safetensors is not what its card says.")
        arrays = load(data)
        loaded[name] = [arrays[f"{i:03d}"] for i in range(len(network.weights))]
    for name, network in networks.items():
        network.set_weights(loaded[name])
    gan.generator.set_weights(loaded["generator"])
    return card


def publish(gan, folder, facts):
    """Write the averaged generator and the discriminator as fp16 with a card.

    facts: what the card shall tell beside the config, the step and the hashes.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    networks = {"generator": gan.averaged, "discriminator": gan.discriminator}
    for name, network in networks.items():
        arrays = {f"{i:03d}": half(w) for i, w in enumerate(network.get_weights())}
        data = save(arrays, {"network": name})
        hashes[name] = hashlib.sha256(data).hexdigest()
        with replacing(folder / f"{name}.safetensors") as temporary:
            temporary.write_bytes(data)
    card = {"config": asdict(gan.config), "step": int(gan.step), "sha256": hashes}
    text = json.dumps(card | facts, indent=2, ensure_ascii=False) + "\n"
    with replacing(folder / "card.json") as temporary:
        temporary.write_text(text, "utf-8")


def half(array):
    """The nearest fp16 numbers; what is too large for them becomes the largest."""
    limits = np.finfo(np.float16)
    return np.clip(array, limits.min, limits.max).astype(np.float16)
