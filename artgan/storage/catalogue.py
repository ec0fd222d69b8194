"""The catalogue of published weights: their names, files, sizes and hashes.

`checkpoints/catalogue.json` maps each model's name to its aliases, licence and files;
a file has its size in bytes, its SHA-256, and the addresses it can be fetched from. The
files lie in `checkpoints/NAME/`; those in the repository need no address.
"""

import hashlib
import json
import re
from pathlib import Path

from artgan.storage.card import FORMAT, check_format, read_card
from artgan.storage.tensor_file import check_vouched, read_file
from artgan.storage.weights import read_network
from artgan.system.errors import ArtganError
from artgan.system.files import replacing

CHECKPOINTS = "checkpoints"  # The folder of the repository that holds the catalogue.


def read_catalogue(checkpoints=CHECKPOINTS):
    """The models of a catalogue: {name: {"aliases", "licence", "files"}}.

    A model's "files" are {file name: {"bytes", "sha256", "addresses"}}. Raises
    ArtganError if the catalogue is missing, damaged or of a newer format.
    """
    path = Path(checkpoints, "catalogue.json")
    try:
        catalogue = json.loads(path.read_text("utf-8"))
        check_format(path, catalogue["format"])
        for name, model in catalogue["models"].items():
            check_model(name, model)
    except FileNotFoundError:
        raise ArtganError(
            f"There is no catalogue {path}. Run this in the project's own folder, or "
            "name a folder or file of weights."
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ArtganError(f"{path} is damaged: {error!r}.") from None
    return catalogue["models"]


def check_model(name, model):
    """Raise an error if an entry lacks something, or names a file elsewhere."""
    assert_text(name, *model["aliases"], model["licence"], *model["files"])
    for file_name, file in model["files"].items():
        if not all(map(is_plain_name, (name, file_name))):
            raise ValueError(f"{name}/{file_name} is not a plain file name")
        assert_text(file["sha256"], *file["addresses"])
        if not isinstance(file["bytes"], int) or file["bytes"] < 1:
            raise ValueError(f"{file_name} has no size")


def assert_text(*values):
    """Raise TypeError if one of the values is not text."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not text")


def is_plain_name(name):
    """Tell whether a name stays in its folder on every system."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name))


def find_model(name, checkpoints=CHECKPOINTS):
    """The (name, entry) of a model by its name or alias; else an ArtganError."""
    models = read_catalogue(checkpoints)
    for full_name, model in models.items():
        if name in names_of(full_name, model):
            return full_name, model
    known = [", ".join(names_of(full, model)) for full, model in models.items()]
    there = "None are published yet: name a folder or file of weights, or train some."
    if known:
        there = f"The published ones are: {'; '.join(known)}."
    raise ArtganError(f"There are no weights '{name}'. {there}")


def published_folder(name, checkpoints=CHECKPOINTS):
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
                f"{path} is not on this machine. `python -m artgan weights fetch "
                f"{full_name}` gets it."
            )
        verify_file(path, file)
    card = read_card(folder / "card.json")
    for network, sha256 in card["sha256"].items():
        if sha256 != model["files"].get(f"{network}.safetensors", {}).get("sha256"):
            raise ArtganError(f"{folder}: the catalogue and the card do not agree.")
    return folder


def weights_place(name, checkpoints=CHECKPOINTS):
    """The folder or file of weights that a name means: published, or else a path.

    Raises ArtganError as `published_folder` does; only a path may lead past the hashes
    of the catalogue.
    """
    has_catalogue = Path(checkpoints, "catalogue.json").exists()
    models = read_catalogue(checkpoints) if has_catalogue else {}
    known = {short for full, model in models.items() for short in names_of(full, model)}
    if Path(name).exists() and str(name) not in known:
        return Path(name)
    return published_folder(str(name), checkpoints)


def names_of(full_name, model):
    """A model's name and its aliases."""
    return [full_name, *model["aliases"]]


def verify_file(path, file):
    """Raise ArtganError unless a file has the size and hash of its catalogue entry."""
    data = read_file(path)
    check_vouched(path, data, file["bytes"], file["sha256"], "the catalogue")


def add_to_catalogue(folder, aliases=(), mirrors=()):
    """Enter the weights published in checkpoints/NAME, replacing an older entry.

    mirrors: addresses of folders in which the same files lie, each ending in "/"; none
    for files that are in the repository. The sizes and hashes are of the files, which
    are read and checked against the card first. Returns the entry. Raises ArtganError
    if they disagree, the card names no licence, or an alias is taken.
    """
    folder = Path(folder).resolve()
    if not is_plain_name(folder.name):
        raise ArtganError(f"Name the folder {folder.name} with a-z, 0-9 and hyphens.")
    card = read_card(folder / "card.json")
    for network in card["sha256"]:
        read_network(folder, network)
    if not card.get("licence"):
        raise ArtganError(f"{folder / 'card.json'} names no licence. Publish with one.")
    names = ["card.json", *(f"{network}.safetensors" for network in card["sha256"])]
    entry = {
        "aliases": list(aliases),
        "licence": card["licence"],
        "files": {name: describe_file(folder / name, mirrors) for name in names},
    }
    path = folder.parent / "catalogue.json"
    models = read_catalogue(folder.parent) if path.exists() else {}
    models.pop(folder.name, None)
    taken = {name for full, model in models.items() for name in names_of(full, model)}
    for name in sorted(taken & {folder.name, *aliases}):
        raise ArtganError(f"The name '{name}' is taken in {path}. Choose another.")
    models[folder.name] = entry
    write_catalogue(path, models)
    return entry


def describe_file(path, mirrors):
    """A file's entry in the catalogue."""
    data = path.read_bytes()
    addresses = [mirror + path.name for mirror in mirrors]
    sha256 = hashlib.sha256(data).hexdigest()
    return {"bytes": len(data), "sha256": sha256, "addresses": addresses}


def write_catalogue(path, models):
    """Write a catalogue in its place at once."""
    catalogue = {"format": FORMAT, "models": dict(sorted(models.items()))}
    with replacing(path) as temporary:
        text = json.dumps(catalogue, indent=2, ensure_ascii=False) + "\n"
        temporary.write_text(text, "utf-8", newline="\n")
