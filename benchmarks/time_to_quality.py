"""How good the pictures are after so many minutes, or pictures, of training.

python benchmarks/time_to_quality.py --data data/vedute --minutes 4 8 16
python benchmarks/time_to_quality.py --data FOLDER --pictures 4000 12000
python benchmarks/time_to_quality.py --data FOLDER --held-out OTHERS --from vedute

At each mark the first seeds are compared with the training pictures, or with others of
the kind that were held out. Writes a row of a CSV file, and a grid of pictures.

A minute is one of all cores: the processor time of this process divided by their
number. On a machine that others use too, it leaves out what they take. The first step
and the comparing are not counted.
"""

import argparse
import csv
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
COLUMNS = ["name", "minutes", "steps", "pictures", "kid", "kid_deviation", "swd"]
COLUMNS += ["nearest", "nearest_1st_percentile", "diversity", "structure", "told_apart"]


def parse(arguments=None):
    """The options."""
    from artgan.commands.train import setting

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="FOLDER")
    add("--held-out", type=Path, metavar="FOLDER", help="pictures to compare with")
    marks = parser.add_mutually_exclusive_group()
    marks.add_argument("--minutes", type=float, nargs="+", default=[4, 8, 16])
    marks.add_argument("--pictures", type=int, nargs="+", help="marks by pictures seen")
    add("--preset", default="default")
    add("--set", type=setting, action="append", default=[], metavar="FIELD=VALUE")
    add("--from", dest="warm_start", metavar="NAME", help="published weights, or a run")
    add("--count", type=int, default=512, help="how many pictures are compared")
    add("--out", type=Path, default=Path("results/time_to_quality"), metavar="FOLDER")
    return parser.parse_args(arguments)


def seconds_spent():
    """Seconds that all cores together have worked for this process."""
    affinity = getattr(os, "sched_getaffinity", None)
    return time.process_time() / (len(affinity(0)) if affinity else os.cpu_count())


def train_until(gan, images, spent, minutes=None, pictures=None):
    """Train up to so many minutes or pictures; return the minutes spent then.

    spent: minutes that were spent before.
    """
    from artgan.gan.training import next_batch, train_step

    began, now = seconds_spent(), spent
    while True:
        seen = int(gan.step.numpy()) * gan.config.batch_size
        if (now >= minutes) if pictures is None else (seen >= pictures):
            return now
        float(train_step(gan, next_batch(gan, images))[0])  # waits for it
        now = spent + (seconds_spent() - began) / 60


def compare(gan, dataset, count):
    """The figures of the first `count` seeds beside the pictures of a Dataset."""
    from artgan.evaluation.evaluate import evaluate
    from artgan.paint.paint import paint

    images = paint(gan, range(count))
    return evaluate(images, dataset.images, gan.config.flip).figures, images


def follow(gan, dataset, others, options, name):
    """Train a GAN; yield a row of figures and the painted pictures at each mark."""
    from artgan.gan.training import next_batch, train_step

    float(train_step(gan, next_batch(gan, dataset.images))[0])  # builds the graph
    by_pictures, minutes = options.pictures is not None, 0.0
    for mark in sorted(options.pictures if by_pictures else options.minutes):
        goal = {"pictures" if by_pictures else "minutes": mark}
        minutes = train_until(gan, dataset.images, minutes, **goal)
        figures, images = compare(gan, others or dataset, options.count)
        row = {"name": name, "minutes": minutes, "steps": int(gan.step.numpy())}
        row |= {"pictures": int(gan.step.numpy()) * gan.config.batch_size} | figures
        rounded = {
            k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()
        }
        yield {column: rounded[column] for column in COLUMNS}, images


def add_row(path, row):
    """Add a row to a CSV file, with a first line of names if it is new."""
    is_new = not path.exists()
    with open(path, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def load_pictures(folder, config):
    """The Dataset of a folder as a config wants it; None of no folder."""
    from artgan.data.dataset import Dataset

    return folder and Dataset.as_in(config, folder)


def main():
    """Train, compare and write."""
    options = parse()
    from artgan.system.tensorflow import load_quietly

    load_quietly()
    from artgan.gan.config import preset
    from artgan.gan.training import GAN
    from artgan.paint.files import picture_grid
    from artgan.paint.painter import open_model
    from artgan.storage.checkpoints import warm_start

    config = preset(options.preset, **dict(options.set))
    dataset, others = (
        load_pictures(folder, config) for folder in (options.data, options.held_out)
    )
    gan = GAN(config)
    if options.warm_start:
        model = open_model(options.warm_start)
        learnt = {name: model.arrays(name) for name in ("generator", "discriminator")}
        print(model.opened, warm_start(gan, learnt), sep="\n")
    options.out.mkdir(parents=True, exist_ok=True)
    for row, images in follow(gan, dataset, others, options, options.preset):
        print(row, flush=True)
        add_row(options.out / "time_to_quality.csv", row)
        sheet = options.out / f"{options.preset}-{row['pictures']:06d}.png"
        picture_grid(images[:24], 8).save(sheet)


if __name__ == "__main__":
    main()
