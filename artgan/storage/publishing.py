"""Weights that are shared: written with a card for people, sent to the Hub, fetched."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from artgan.gan.config import Config
from artgan.storage.weights import Arrays, networks_in, read_weights, write_tensors
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, write_object

SHARED = ["card.json", "generator.safetensors", "discriminator.safetensors"]
SHARED += ["directions.json", "samples.jpg", "README.md"]
UNSEEN = "\nBeside {pictures} pieces that it never saw: KID {kid:.3f}, SWD {swd:.0f}.\n"


def write_weights(
    folder: Path, networks: dict[str, Arrays], config: dict, step: int, facts: dict
) -> dict:
    """Write {network name: {array name: array}} and card.json; return the card."""
    about = {"step": str(step), "config": json.dumps(config)}
    for name, arrays in networks.items():
        path = folder / f"{name}.safetensors"
        write_tensors(path, arrays, {"network": name} | about)
    card = facts | {"step": step, "config": config}
    write_object(folder / "card.json", card)
    return card


def model_card(name: str, card: dict[str, Any]) -> str:
    """The README of a published model in the Hub's format, from its card.json.

    Source: https://huggingface.co/docs/hub/model-cards
    """
    unseen, config = card.get("unseen"), Config(**card.get("config", {}))
    began = ", ".join(card.get("began_with", []))
    classes = config.classes.replace(",", ", ")
    ways = {int: "{:,}", float: "{:.3g}", type(None): "?"}
    told = {k: ways.get(type(v), "{}").format(v) for k, v in card.items()} | {
        "name": name,
        "tag": str(card.get("licence", "unknown")).lower(),
        "size": "{} by {} pixels".format(*config.shown),
        "classes": f" Classes and their pieces: {classes}." if classes else "",
        "began": f" It began with: {began}." if began else "",
        "unseen": UNSEEN.format(**unseen) if unseen else "",
    }
    text = Path(__file__).with_name("model_card.md").read_text("utf-8")
    return text.format_map(defaultdict(lambda: "?", told))


def push_weights(folder: Path, repo: str) -> str:
    """Send a folder of weights to a repository of the Hub; return its address.

    repo: such as "me/roses", made if it is not there. The token is the one that `hf
    auth login` stored, or HF_TOKEN. Raises ArtganError if the weights are damaged, or
    the Hub does not take them.
    """
    for network in networks_in(folder):
        read_weights(folder, network)
    readme = folder / "README.md"
    if not readme.exists():
        text = model_card(repo, read_object(folder / "card.json"))
        readme.write_text(text, "utf-8", newline="\n")
    with of_the_hub("take", repo) as hub:
        address = hub.create_repo(repo, exist_ok=True)
        hub.upload_folder(repo_id=repo, folder_path=folder, allow_patterns=SHARED)
    return str(address)


def fetched_repository(repo: str) -> Path:
    """The folder of weights of the Hub, fetched into its cache unless it is there."""
    with of_the_hub("give", repo) as hub:
        return Path(hub.snapshot_download(repo, allow_patterns=SHARED))


@contextmanager
def of_the_hub(does: str, repo: str) -> Iterator[Any]:
    """Give the Hub's API for the block; its errors become an ArtganError."""
    try:
        import huggingface_hub

        yield huggingface_hub.HfApi()
    except ImportError:
        raise ArtganError("The Hub needs: pip install huggingface_hub.") from None
    except Exception as error:  # of HTTP, of names, of tokens: each has its own kind
        raise ArtganError(
            f"The Hub did not {does} {repo!r:.100}: {type(error).__name__}, "
            f"{str(error)!r:.300}. See the name, the network, and your token (`hf auth "
            "login`)."
        ) from error
