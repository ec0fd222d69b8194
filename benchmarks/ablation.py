"""What each part of the default does: leave one out, and train as long as before.

python benchmarks/ablation.py
python benchmarks/ablation.py --pictures 12000 --rows 0 3    # some rows, longer

Every row sees as many pictures, with the same seed. A row is kept in --out when it is
done, so a run that was stopped goes on with the next; at the end come the table
benchmarks/ablation.csv and the strip imgs/ablation.jpg.
"""

import argparse
import csv
import sys
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.time_to_quality import add_row, follow, load_pictures  # noqa: E402

ROWS = {
    "all of it": {},
    "without modulation": {"generator": "slim"},
    "without the moving average (EMA)": {"ema_decay": 0.0},
    "without augmentation": {"augmentations": ""},
    "without the frozen network": {"discriminator": "dcgan"},
}
COLUMNS = 8  # pictures in a row of the strip


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, default=ROOT / "data/vedute", metavar="FOLDER")
    add("--held-out", type=Path, metavar="FOLDER", help="pictures to compare with")
    add("--pictures", type=int, nargs=1, default=[8000], help="that each row sees")
    add("--rows", type=int, nargs="+", default=range(len(ROWS)), metavar="N")
    add("--count", type=int, default=512, help="how many pictures are compared")
    add("--size", type=int, default=128)
    add("--precision", default="auto")
    add("--out", type=Path, default=Path("results/ablation"), metavar="FOLDER")
    add("--table", type=Path, default=ROOT / "benchmarks/ablation.csv", metavar="CSV")
    add("--strip", type=Path, default=ROOT / "imgs/ablation.jpg", metavar="JPG")
    return parser.parse_args(arguments)


def train_row(number, name, options):
    """Train a row, and keep its figures and its first pictures in --out."""
    from artgan.gan.config import preset
    from artgan.gan.training import GAN

    shared = {"size": options.size, "precision": options.precision}
    config = preset("default", **shared | ROWS[name])
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
        top, name = number * (height + 4), textwrap.fill(row["name"], 24)
        figures = float(row["kid"]), float(row["structure"])
        words = "{}\nKID {:.2f}, structure {:.2f}".format(name, *figures)
        draw.multiline_text((6, top + 6), words, "black", font)
        strip.paste(Image.fromarray(picture), (left, top))
    return strip


def main():
    """Train the rows that are not done, and show all."""
    options = parse()
    from artgan.system.tensorflow import load_quietly

    load_quietly()
    options.out.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(ROWS):
        if number in options.rows and name not in rows_done(options.out):
            train_row(number, name, options)
    done = rows_done(options.out)
    numbers = [n for n, name in enumerate(ROWS) if name in done]
    rows = [done[name] for name in ROWS if name in done]
    options.table.unlink(missing_ok=True)
    for row in rows:
        add_row(options.table, row)
    paths = [options.out / f"{number}.png" for number in numbers]
    pictures = [np.asarray(Image.open(path)) for path in paths]
    draw_strip(rows, pictures).save(options.strip, quality=88)
    print(f"The table: {options.table}; the strip: {options.strip}.")


if __name__ == "__main__":
    main()
