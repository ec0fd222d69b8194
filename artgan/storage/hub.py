"""Weights that come from elsewhere, verified, and those that go to the Hub."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from artgan.storage.publishing import model_card
from artgan.storage.weights import networks_in, read_weights
from artgan.system.errors import ArtganError
from artgan.system.files import read_object

FILES = ["card.json", "generator.safetensors", "discriminator.safetensors"]
FILES += ["samples.jpg", "README.md"]


def push_weights(folder: Path, repo: str) -> str:
    """Send a folder of weights to a repository of the Hub; return its address.

    repo: such as "me/roses", made if it is not there. The token is the one that `hf
    auth login` stored, or HF_TOKEN. Raises ArtganError if the weights are damaged, or
    the Hub does not take them.
    """
    check_weights(folder)
    card, readme = read_object(folder / "card.json"), folder / "README.md"
    with of_the_hub("take", repo) as hub:
        if not readme.exists():
            text = model_card(folder.resolve().name, card)
            readme.write_text(text, "utf-8", newline="\n")
        address = hub.create_repo(repo, exist_ok=True)
        hub.upload_folder(repo_id=repo, folder_path=folder, allow_patterns=FILES)
    return str(address)


def pull_weights(repo: str, folder: Path) -> Path:
    """Get weights from a repository of the Hub into a new folder, and verify them.

    Raises ArtganError, the folder as it was, if it exists, the weights are missing or
    damaged, or the Hub does not give them.
    """
    if folder.exists():
        raise ArtganError(f"{str(folder)!r} exists already. Choose another name.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        whole = Path(place, "whole")
        with of_the_hub("give", repo) as hub:
            hub.snapshot_download(repo, local_dir=whole, allow_patterns=FILES)
        check_weights(whole)
        shutil.rmtree(whole / ".cache", ignore_errors=True)  # the library's own
        os.replace(whole, folder)
    return folder


def check_weights(folder: Path) -> None:
    """Raise ArtganError unless the networks in a folder are whole."""
    for network in dict.fromkeys(["generator", *networks_in(folder)]):
        read_weights(folder, network)


def fetched_repository(repo: str) -> Path:
    """The folder of weights of the Hub, fetched into its cache unless it is there."""
    with of_the_hub("give", repo) as hub:
        folder = Path(hub.snapshot_download(repo, allow_patterns=FILES))
    if not (folder / "generator.safetensors").exists():
        raise ArtganError(f"{repo!r} on the Hub has no generator.safetensors.")
    return folder


def fetched_address(address: str) -> Path:
    """The file at an address that ends in #sha256=, kept in the user's cache."""
    import pooch

    place, _, sha256 = address.partition("#sha256=")
    if not sha256:
        raise ArtganError(
            f"{address!r:.200} does not tell its SHA-256: put #sha256= and it behind."
        )
    name, folder = f"{sha256[:16]}.safetensors", pooch.os_cache("artgan") / "weights"
    pooch.get_logger().setLevel("WARNING")
    try:
        return Path(pooch.retrieve(place, f"sha256:{sha256}", name, folder))
    except (OSError, ValueError) as error:
        raise ArtganError(f"{place!r:.200} was not fetched: {error!r:.300}") from None


@contextmanager
def of_the_hub(does: str, repo: str) -> Iterator[Any]:
    """Give the Hub's API for the block; its errors become an ArtganError."""
    try:
        import huggingface_hub
    except ImportError:
        raise ArtganError(
            "The Hub needs one more library: pip install huggingface_hub."
        ) from None
    try:
        yield huggingface_hub.HfApi()
    except Exception as error:  # of HTTP, of names, of tokens: each has its own kind
        reason = next(iter(str(error).split("\n")))
        raise ArtganError(
            f"The Hub did not {does} {repo!r:.100}: {type(error).__name__}, "
            f"{reason!r:.300}. See the name, the network, and your token (`hf auth "
            "login`)."
        ) from error
