"""Paint pictures with the averaged generator of a run."""

from pathlib import Path

from artgan.commands.tensorflow import load_quietly
from artgan.commands.types import add_runs_folder, count, seed

EXAMPLES = ("generate villas --images 16", "generate villas --seed 7 --out pictures")


def add_options(command):
    """Add the options of this command to its parser."""
    command.add_argument("run", metavar="RUN", help="the name of a run")
    command.add_argument(
        "-i",
        "--images",
        type=count,
        default=16,
        metavar="N",
        help="how many (default: 16)",
    )
    command.add_argument(
        "--seed",
        type=seed,
        default=0,
        help="of the first; the next has the next number",
    )
    command.add_argument(
        "--out", type=Path, metavar="FOLDER", help="default: results/RUN"
    )
    add_runs_folder(command)


def run(options):
    """Do it."""
    load_quietly()
    from artgan.runs import load_gan, paint

    folder = options.out or Path("results", options.run)
    gan = load_gan(options.runs / options.run)
    paths = paint(gan, options.images, options.seed, folder)
    print(f"{len(paths)} pictures, from {paths[0]} to {paths[-1]}.")
