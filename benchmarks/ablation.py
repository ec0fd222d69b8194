"""From the classic DCGAN to the default preset, one switch after another.

python benchmarks/ablation.py --data data/vedute --minutes 8
python benchmarks/ablation.py --minutes 4 --rows 0 3 4    # some switches at once

Trains each row for the same minutes (as in time_to_quality.py), seed and pictures. A
row is kept in --out when it is done, so a run that was stopped goes on with the next;
at the end come the table benchmarks/ablation.csv and the strip imgs/ablation.jpg.
"""

import argparse
import csv
import dataclasses
import sys
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.time_to_quality import add_row, follow, load_pictures  # noqa: E402

# Which fields of the default each switch takes over; the classic has its own.
SWITCHES = {
    "classic DCGAN": (),
    "+ moving average (EMA)": ("ema_decay",),
    "+ augmentation, flips, crops": ("augmentations", "flip", "crops"),
    "+ slim networks": (
        "generator",
        "latent_size",
        "latent_distribution",
        "initial_resolution",
        "base_channels",
        "max_channels",
    ),
    "+ frozen feature network": (
        "discriminator",
        "loss",
        "generator_learning_rate",
        "discriminator_learning_rate",
        "beta_1",
        "beta_2",
        "batch_size",
    ),
    "+ modulation": ("generator",),
}
COLUMNS = 8  # pictures in a row of the strip


def configs(**changes):
    """Yield (name, config) of each row: the switches up to its own are turned on."""
    from artgan.gan.config import preset

    config, default = preset("dcgan", **changes), preset("default", **changes)
    slim = dataclasses.replace(default, generator="slim")
    for name, fields in SWITCHES.items():
        goal = default if name == "+ modulation" else slim
        taken = {field: getattr(goal, field) for field in fields}
        config = dataclasses.replace(config, **taken)
        yield name, config


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, default=ROOT / "data/vedute", metavar="FOLDER")
    add("--held-out", type=Path, metavar="FOLDER", help="pictures to compare with")
    add("--minutes", type=float, nargs=1, default=[8.0], help="for each row")
    add("--rows", type=int, nargs="+", default=range(len(SWITCHES)), metavar="N")
    add("--count", type=int, default=512, help="how many pictures are compared")
    add("--size", type=int, default=128)
    add("--precision", default="auto")
    add("--out", type=Path, default=Path("results/ablation"), metavar="FOLDER")
    add("--table", type=Path, default=ROOT / "benchmarks/ablation.csv", metavar="CSV")
    add("--strip", type=Path, default=ROOT / "imgs/ablation.jpg", metavar="JPG")
    parser.set_defaults(pictures=None)
    return parser.parse_args(arguments)


def train_row(number, name, config, options):
    """Train a row, and keep its figures and its first pictures in --out."""
    from artgan.gan.training import GAN

    folders = options.data, options.held_out
    dataset, others = (load_pictures(folder, config) for folder in folders)
    [(row, images)] = follow(GAN(config), dataset, others, options, name)
    print(row, flush=True)
    Image.fromarray(np.hstack(images[:COLUMNS])).save(options.out / f"{number}.png")
    add_row(options.out / "rows.csv", row)  # last, for it says that the row is done


def rows_done(out):
    """The rows that are kept in a folder: {name: row}."""
    path = out / "rows.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def draw_strip(rows, pictures):
    """The pictures [h, w, 3] of each row beside its name and figures: an image."""
    left, height = 210, pictures[0].shape[0]
    size = left + pictures[0].shape[1], len(rows) * (height + 4) - 4
    strip, font = Image.new("RGB", size, "white"), ImageFont.load_default(16)
    draw = ImageDraw.Draw(strip)
    for number, (row, picture) in enumerate(zip(rows, pictures, strict=True)):
        top, figures = number * (height + 4), (float(row["kid"]), float(row["swd"]))
        words = "{}\nKID {:.2f}, SWD {:.0f}\n{:,} pictures".format(
            textwrap.fill(row["name"], 24), *figures, int(row["pictures"])
        )
        draw.multiline_text((6, top + 6), words, "black", font)
        strip.paste(Image.fromarray(picture), (left, top))
    return strip


def main():
    """Train the rows that are not done, and show all."""
    options = parse()
    from artgan.system.tensorflow import load_quietly

    load_quietly()
    options.out.mkdir(parents=True, exist_ok=True)
    changes = {"size": options.size, "precision": options.precision}
    for number, (name, config) in enumerate(configs(**changes)):
        if number in options.rows and name not in rows_done(options.out):
            train_row(number, name, config, options)
    done = rows_done(options.out)
    numbers = [n for n, name in enumerate(SWITCHES) if name in done]
    rows = [done[name] for name in SWITCHES if name in done]
    options.table.unlink(missing_ok=True)
    for row in rows:
        add_row(options.table, row)
    paths = [options.out / f"{number}.png" for number in numbers]
    pictures = [np.asarray(Image.open(path)) for path in paths]
    draw_strip(rows, pictures).save(options.strip, quality=88)
    print(f"The table: {options.table}; the strip: {options.strip}.")


if __name__ == "__main__":
    main()
