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


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("ancestor", choices=("architecture", "flowers"))
    file = "architecture: a TensorFlow checkpoint; flowers: a PyTorch file"
    command.add_argument("path", type=Path, metavar="PATH", help=file)
    usual = "default: checkpoints/imported-architecture or -flowers"
    command.add_argument("--out", type=Path, metavar="FOLDER", help=usual)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    folder = options.out or Path("checkpoints", f"imported-{options.ancestor}")
    if folder.exists() and any(folder.iterdir()):
        raise ArtganError(f"{folder} is not empty. Name another --out, or remove it.")
    load_quietly()
    from artgan.storage.legacy import read_ancestor
    from artgan.storage.publishing import write_weights

    settings, arrays = read_ancestor(options.ancestor, options.path)
    facts = {"imported_from": options.path.name}
    write_weights(folder, {"generator": arrays}, settings, 0, facts)
    print("Only the generator is read: it paints, and cannot be trained further.")
    print(f"{folder} has it. `{program()} generate -w {folder}` paints.")
