"""Read the weights of the two programs that this one descends from."""

import argparse
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.program import program
from artgan.system.tensorflow import load_quietly

EXAMPLES = (
    "import-weights architecture models/model.ckpt",
    "import-weights flowers model/art-flower.pth --out flowers-2020",
)
ANCESTORS = ("architecture", "flowers")


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("ancestor", choices=ANCESTORS)
    command.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="architecture: a TensorFlow checkpoint; flowers: a PyTorch file",
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="default: checkpoints/imported-architecture or -flowers",
    )


def run(options: argparse.Namespace) -> None:
    """Do it."""
    folder = options.out or Path("checkpoints", f"imported-{options.ancestor}")
    if folder.exists() and any(folder.iterdir()):
        raise ArtganError(f"{folder} is not empty. Name another --out, or remove it.")
    load_quietly()
    from artgan.storage.publishing import write_weights

    networks, settings, remarks = reader(options.ancestor)(options.path)
    facts = {"imported_from": options.path.name, "remarks": remarks}
    write_weights(folder, networks, settings, 0, facts)
    for remark in remarks:
        print(remark)
    print(f"{folder} has them. `{program()} generate -w {folder}` paints.")


def reader(ancestor: str):
    """The function that reads an ancestor's weights."""
    if ancestor == "architecture":
        from artgan.storage.legacy.architecture_file import read_architecture

        return read_architecture
    from artgan.storage.legacy.flowers_file import read_flowers

    return read_flowers
