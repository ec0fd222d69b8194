"""Published weights: half precision, no pickles, with a card that proves what they are.

A folder of them holds `generator.safetensors` (the averaged generator), maybe
`discriminator.safetensors`, and `card.json` with config, step, sizes and SHA-256. Each
file carries the config too, so that one file alone says what it is for. Arrays go by
name, for the order of a network's layers changes with how it is written.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load

from artgan.storage.card import check_format, read_card
from artgan.storage.tensor_file import (
    check_fingerprint,
    check_kind,
    check_vouched,
    read_arrays,
    read_file,
)
from artgan.system.errors import ArtganError


def load_published(gan, folder):
    """Give a GAN the weights published in `folder`; return their card, a dictionary.

    The files' SHA-256 must be those on the card, and the networks those of the card's
    config. Raises FileNotFoundError where nothing is published, ValueError otherwise;
    the GAN is then as it was.
    """
    card = json.loads((Path(folder) / "card.json").read_text("utf-8"))
    networks = {"generator": gan.generator_ema, "discriminator": gan.discriminator}
    loaded = {}
    for name, network in networks.items():
        data = (Path(folder) / f"{name}.safetensors").read_bytes()
        if hashlib.sha256(data).hexdigest() != card["sha256"][name]:
            raise ValueError(f"{folder}/{name}.safetensors is not what its card says.")
        arrays = load(data)
        wanted = {weight.path: tuple(weight.shape) for weight in network.weights}
        if {key: array.shape for key, array in arrays.items()} != wanted:
            raise ValueError(f"{folder}/{name}.safetensors is for other networks.")
        loaded[name] = [arrays[key] for key in wanted]
    for name, network in networks.items():
        network.set_weights(loaded[name])
    gan.generator.set_weights(loaded["generator"])
    return card


def named_arrays(network):
    """The numbers of a Keras network by name: {"up_16/kernel": array, ...}."""
    return {weight.path: weight.numpy() for weight in network.weights}


def name_in_order(network, arrays):
    """Name arrays that come in the order of a Keras network's weights, as float32.

    Raises ValueError if there are more or fewer.
    """
    pairs = zip(network.weights, arrays, strict=True)
    return {weight.path: np.ascontiguousarray(a, np.float32) for weight, a in pairs}


def read_generator(place):
    """Read the generator in a folder or file of weights: (config, arrays, card).

    config: a dictionary of settings; arrays: float32, by name as in `named_arrays`;
    card: a dictionary, made from the file where it has none. Size and SHA-256 are
    checked against the card before anything is parsed; a file without a card is checked
    against the SHA-256 that it carries. Raises ArtganError for whatever is missing, cut
    short, changed, swapped, of another format, or not such a file.
    """
    return read_network(place, "generator")


def read_network(place, network):
    """Read "generator" or "discriminator" as `read_generator` does."""
    place = Path(place)
    path = place / f"{network}.safetensors" if place.is_dir() else place
    data = read_file(path)
    check_kind(path, data)
    card_path = path.with_name("card.json")
    has_card = path.name == f"{network}.safetensors" and card_path.exists()
    card = read_card(card_path) if has_card else {}
    sha256 = hashlib.sha256(data).hexdigest()
    if has_card:
        size = card.get("bytes", {}).get(network)
        check_vouched(path, data, size, card["sha256"].get(network), "its card")
    metadata, arrays = read_arrays(path, data)
    config = check_metadata(path, metadata, network, card)
    if not has_card:
        check_fingerprint(path, data)
        card = {"step": metadata.get("step"), "sha256": {network: sha256}}
    return config, arrays, card


def check_metadata(path, metadata, network, card):
    """The config in a file, or ArtganError: of another format or network, swapped."""
    check_format(path, metadata.get("format", "unknown"))
    found = metadata.get("network", network)
    if found != network:
        raise ArtganError(f"{path} is a {found}; a {network} is needed here.")
    try:
        config = json.loads(metadata["config"]) if "config" in metadata else {}
    except (ValueError, RecursionError):
        raise ArtganError(f"{path} is damaged: its config is not readable.") from None
    config = config or card.get("config")
    if not isinstance(config, dict):
        raise ArtganError(f"{path} does not say what networks it is for.")
    for field in config | card.get("config", {}):
        if card and config.get(field) != card["config"].get(field):
            raise ArtganError(
                f"{path} is for other networks than its card: {field} is "
                f"{config.get(field)!r}, not {card['config'].get(field)!r}."
            )
    return config


def fill(network, arrays, place):
    """Give a Keras network its `named_arrays`. Raises ArtganError if they misfit."""
    wanted = {weight.path: list(weight.shape) for weight in network.weights}
    found = {name: list(array.shape) for name, array in arrays.items()}
    for name in wanted | found:
        if wanted.get(name) != found.get(name):
            raise ArtganError(
                f"The weights in {place} do not fit the network of their config: "
                f"{name} is {found.get(name, 'missing')} where "
                f"{wanted.get(name, 'nothing')} is needed."
            )
    network.set_weights([arrays[name] for name in wanted])
