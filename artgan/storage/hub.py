"""Weights on the Hugging Face Hub: pushed with a model card, pulled and verified."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from artgan.storage.json_file import read_object
from artgan.storage.model_card import model_card
from artgan.storage.weights import NETWORKS, read_network
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

WEIGHTS = [f"{network}.safetensors" for network in NETWORKS]
FILES = ["card.json", *WEIGHTS, "samples.jpg", "README.md"]
NEEDED = ["card.json", WEIGHTS[0]]
MOST_BYTES = 200_000_000  # of all files together


def push_weights(folder: str | Path, repo: str) -> str:
    """Send published weights to a repository of the Hub; return its address.

    folder: with card.json and generator.safetensors; repo: such as "me/roses", made if
    it is not there. The token is the one that `hf auth login` stored, or HF_TOKEN.
    Raises ArtganError if the weights are damaged, or the Hub does not take them.
    """
    folder = Path(folder)
    card = read_object(folder / "card.json")
    there = [name for name in FILES if (folder / name).is_file()]
    for name in set(there) & set(WEIGHTS):
        read_network(folder, name.removesuffix(".safetensors"))
    with of_the_hub("take", repo) as hub:
        api = hub.HfApi()
        address = api.create_repo(repo, exist_ok=True)
        add = hub.CommitOperationAdd
        files = [add(name, str(folder / name)) for name in there if name != "README.md"]
        text = model_card(folder.resolve().name, card)
        files.append(add("README.md", text.encode("utf-8")))
        api.create_commit(repo, files, commit_message="Publish with artgan")
    return str(address)


def pull_weights(repo: str, folder: str | Path) -> Path:
    """Get weights from a repository of the Hub into a new folder, and verify them.

    Only files of the names that published weights have are fetched. Raises
    ArtganError, the folder as it was, if it exists, a file is missing, too large or
    damaged, or the Hub does not give it.
    """
    folder = Path(folder)
    if folder.exists():
        raise ArtganError(f"{printable(folder)} exists already. Choose another name.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        with of_the_hub("give", repo) as hub:
            fetch_files(hub.HfApi(), repo, Path(place, "files"))
        whole = Path(place, "whole")
        whole.mkdir()
        for name in FILES:
            if Path(place, "files", name).is_file():
                os.replace(Path(place, "files", name), whole / name)
        for name in WEIGHTS:
            if (whole / name).exists():
                read_network(whole, name.removesuffix(".safetensors"))
        os.replace(whole, folder)
    return folder


def fetch_files(api: Any, repo: str, folder: Path) -> None:
    """Fetch what belongs to published weights, all of one revision, into a folder."""
    about = api.model_info(repo, files_metadata=True)
    sizes = {file.rfilename: file.size or 0 for file in about.siblings}
    for name in NEEDED:
        if name not in sizes:
            raise ArtganError(f"{printable(repo)} has no {name}: no weights of artgan.")
    wanted = [name for name in FILES if name in sizes]
    if (total := sum(sizes[name] for name in wanted)) > MOST_BYTES:
        raise ArtganError(
            f"{printable(repo)} has {total:,} bytes; {MOST_BYTES:,} are the most."
        )
    for name in wanted:
        api.hf_hub_download(repo, name, revision=about.sha, local_dir=folder)


@contextmanager
def of_the_hub(does: str, repo: str) -> Iterator[Any]:
    """Give the Hub's library for the block; its errors become an ArtganError."""
    try:
        import huggingface_hub
    except ImportError:
        raise ArtganError(
            "The Hub needs one more library: pip install huggingface_hub."
        ) from None
    try:
        yield huggingface_hub
    except ArtganError:
        raise
    except Exception as error:  # of HTTP, of names, of tokens: each has its own kind
        reason = printable(next(iter(str(error).split("\n")), "")) or "no reason given"
        raise ArtganError(
            f"The Hub did not {does} {printable(repo)}: {type(error).__name__}, "
            f"{reason}. See the name, the network, and your token (`hf auth login`)."
        ) from error
