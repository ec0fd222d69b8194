"""The catalogue of published weights: their names, files, sizes and hashes.

`checkpoints/catalogue.json` maps each model's name to its aliases, licence and files;
a file has its size in bytes, its SHA-256, and the addresses it can be fetched from. The
files lie in `checkpoints/NAME/`; those in the repository need no address.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from artgan.storage.json_file import read_object, write_object
from artgan.storage.tensor_file import LARGEST_FILE
from artgan.storage.weights import NETWORKS, read_network
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.program import program

CHECKPOINTS = "checkpoints"  # The folder of the repository that holds the catalogue.
FORMAT = 2  # of the catalogue, not of the files in it


def read_catalogue(checkpoints: str | Path = CHECKPOINTS):
    """The models of a catalogue: {name: {"aliases", "licence", "files"}}.

    A model's "files" are {file name: {"bytes", "sha256", "addresses"}}. Raises
    ArtganError if the catalogue is missing, damaged or of a newer format.
    """
    path = Path(checkpoints, "catalogue.json")
    if not path.is_file():
        raise ArtganError(
            f"There is no catalogue {printable(path)}. Name a folder or file of "
            "weights, or the folder of the catalogue with --checkpoints."
        )
    catalogue = read_object(path)
    if catalogue.get("format") != FORMAT:
        raise ArtganError(
            f"{printable(path)} is not a catalogue of format {FORMAT}, which this "
            "program reads. Get a newer version of it."
        )
    try:
        for name, model in catalogue["models"].items():
            check_model(name, model)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtganError(f"{printable(path)} is damaged: {error!r:.200}.") from None
    return catalogue["models"]


def check_model(name: str, model: dict) -> None:
    """Raise an error if an entry lacks something, or names a file elsewhere."""
    assert_text(name, *model["aliases"], model["licence"], *model["files"])
    if not all(map(is_plain_name, model["aliases"])):
        raise ValueError(f"an alias of {name} is not a plain name")
    for file_name, file in model["files"].items():
        if not all(map(is_plain_name, (name, file_name))):
            raise ValueError(f"{name}/{file_name} is not a plain file name")
        assert_text(file["sha256"], *file["addresses"])
        if type(file["bytes"]) is not int or not 0 < file["bytes"] <= LARGEST_FILE:
            raise ValueError(f"{file_name} has no size that can be")


def assert_text(*values) -> None:
    """Raise TypeError if one of the values is not text."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not text")


def is_plain_name(name: str):
    """Tell whether a name stays in its folder on every system."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name))


def find_model(name: str, checkpoints: str | Path = CHECKPOINTS):
    """The (name, entry) of a model by its name or alias; else an ArtganError."""
    models = read_catalogue(checkpoints)
    for full_name, model in models.items():
        if name in names_of(full_name, model):
            return full_name, model
    known = [", ".join(names_of(full, model)) for full, model in models.items()]
    there = "None are published yet: name a folder or file of weights, or train some."
    if known:
        there = f"The published ones are: {'; '.join(known)}."
    raise ArtganError(f"There are no weights '{printable(name)}'. {there}")


def published_folder(name: str, checkpoints: str | Path = CHECKPOINTS):
    """The folder of a published model by name or alias, every file in it verified.

    Raises ArtganError listing the names if there is no such model, saying how to fetch
    it if files are missing, and naming a file that is not what the catalogue says.
    """
    full_name, model = find_model(name, checkpoints)
    folder = Path(checkpoints, full_name)
    for file_name, file in model["files"].items():
        path = folder / file_name
        if not path.is_file():
            raise ArtganError(
                f"{path} is not on this machine. `{program()} weights fetch "
                f"{full_name}` gets it."
            )
        verify_file(path, file)
    return folder


def names_of(full_name: str, model: dict) -> list[str]:
    """A model's name and its aliases."""
    return [full_name, *model["aliases"]]


def verify_file(path: Path, file: dict) -> None:
    """Raise ArtganError unless a file has the size and hash of its catalogue entry."""
    found = describe_file(path)
    for fact, name in (("bytes", "size"), ("sha256", "SHA-256")):
        if found[fact] != file[fact]:
            raise ArtganError(
                f"{printable(path)} is not what the catalogue says: its {name} is "
                f"{found[fact]}, not {printable(file[fact])}. It was not used."
            )


def add_to_catalogue(
    folder: str | Path, aliases: Iterable[str] = (), mirrors: Iterable[str] = ()
):
    """Enter the weights published in checkpoints/NAME, replacing an older entry.

    mirrors: addresses of folders in which the same files lie, each ending in "/"; none
    for files that are in the repository. Returns the entry. Raises ArtganError if a
    file is damaged, the card names no licence, or an alias is taken.
    """
    folder = Path(folder).resolve()
    if not is_plain_name(folder.name):
        raise ArtganError(f"Name the folder {folder.name} with a-z, 0-9 and hyphens.")
    card = read_object(folder / "card.json")
    if not card.get("licence"):
        raise ArtganError(f"{folder / 'card.json'} names no licence. Publish with one.")
    files = ["card.json"]
    for network in NETWORKS:
        if network == NETWORKS[0] or (folder / f"{network}.safetensors").exists():
            read_network(folder, network)
            files.append(f"{network}.safetensors")
    path = folder.parent / "catalogue.json"
    models = read_catalogue(folder.parent) if path.exists() else {}
    models.pop(folder.name, None)
    taken = {name for full, model in models.items() for name in names_of(full, model)}
    for name in sorted(taken & {folder.name, *aliases}):
        raise ArtganError(f"The name '{name}' is taken in {path}. Choose another.")
    entry = {"aliases": list(aliases), "licence": card["licence"], "files": {}}
    for name in files:
        addresses = [mirror + name for mirror in mirrors]
        entry["files"][name] = describe_file(folder / name) | {"addresses": addresses}
    models[folder.name] = entry
    write_object(path, {"format": FORMAT, "models": dict(sorted(models.items()))})
    return entry


def describe_file(path: Path):
    """A file's size in bytes and its SHA-256; ArtganError if there is no file."""
    if not path.is_file():
        raise ArtganError(f"There is no file {printable(path)}.")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256}
