"""How good the pictures are after so many minutes of training.

python benchmarks/time_to_quality.py --data data/villas --minutes 20
python benchmarks/time_to_quality.py --data FOLDER --presets default --minutes 60
python benchmarks/time_to_quality.py --data FOLDER --from villas --set noise_start=0.75

Trains presets one after another in this process and judges each every few minutes by
the kernel inception distance (KID), with its deviation, and by how near and how varied
the pictures are. Writes a CSV, a plot of KID against minutes, and the last pictures.

A minute is a minute of all cores: the processor time of this process divided by their
number. On an idle machine that is a little less than a minute of the clock; on a shared
one it leaves out what others take. Judging and the first step are not counted.
"""

import argparse
import csv
import os
import platform
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
COLUMNS = "minutes steps pictures kid kid_deviation nearest diversity".split()


def shared_options(description):
    """A parser of the options that ablation.py has too."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=20, help="for each")
    parser.add_argument(
        "--every", type=float, default=4, help="minutes between judging"
    )
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--features", type=Path, help="weights that are on disk")
    parser.add_argument("--out", type=Path, default=Path("results"), metavar="FOLDER")
    return parser


def parse():
    """The options."""
    from artgan.commands.types import setting

    parser = shared_options(__doc__)
    parser.add_argument("--presets", nargs="+", default=["default", "dcgan"])
    parser.add_argument(
        "--set", type=setting, action="append", default=[], metavar="FIELD=VALUE"
    )
    parser.add_argument(
        "--from", dest="beginning", metavar="NAME", help="published weights, or a run"
    )
    return parser.parse_args()


def spent():
    """Seconds that all cores together have worked for this process."""
    return time.process_time() / os.cpu_count()


def train_for(gan, images, seconds):
    """Train until so many seconds of all cores are spent; return how many were."""
    from artgan.gan.training import next_batch, train_step

    began = spent()
    while spent() - began < seconds:
        losses = train_step(gan, next_batch(gan, images))
        float(losses[0])  # waits for the step
    return spent() - began


class Judge:
    """Compares what a GAN paints with one set of real pictures."""

    def __init__(self, images, features):
        from artgan.evaluation.evaluation import some_of
        from artgan.evaluation.features import (
            downloaded_weights,
            feature_network,
            picture_features,
        )

        self.network = feature_network(features or downloaded_weights())
        self.real = some_of(picture_features(self.network, images))

    def __call__(self, gan, count=512):
        """The figures of the GAN's first `count` seeds, by name."""
        from artgan.evaluation.evaluation import paint_all
        from artgan.evaluation.features import picture_features
        from artgan.evaluation.metrics import (
            diversity_ratio,
            kernel_distance,
            nearest_ratio,
        )
        from artgan.paint.paint import seed_latents

        latents = seed_latents(gan.config, range(count))
        fake = picture_features(self.network, paint_all(gan, latents, "Painting"))
        kid, deviation = kernel_distance(self.real, fake)
        ratios = nearest_ratio(self.real, fake), diversity_ratio(self.real, fake)
        return dict(zip(COLUMNS[3:], (kid, deviation, *ratios), strict=True))


def follow(name, gan, images, judge, options):
    """Train a GAN; yield a row of figures every few minutes, and its pictures."""
    from artgan.gan.training import next_batch, train_step
    from artgan.paint.grid import generate, picture_grid

    train_step(gan, next_batch(gan, images))
    minutes = 0
    while minutes < options.minutes - 0.01:
        share = min(options.every, options.minutes - minutes)
        minutes += train_for(gan, images, 60 * share) / 60
        steps = int(gan.step)
        row = {"name": name, "minutes": round(minutes, 2), "steps": steps}
        row |= {"pictures": steps * gan.config.batch_size}
        row |= {key: round(float(value), 4) for key, value in judge(gan).items()}
        print(row, flush=True)
        yield row, picture_grid(generate(gan, 24), 8)


def describe(options, config):
    """One line on what was measured where."""
    return (
        f"{options.data.name}, {config.size} px, seed {options.seed}, "
        f"{config.precision}, {os.cpu_count()} cores of {platform.machine()}, "
        f"{date.today()}"
    )


def write_rows(path, rows):
    """Write rows as CSV, replacing what was there."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", *COLUMNS])
        writer.writeheader()
        writer.writerows(rows)


def plot(path, rows, title):
    """Draw KID with its deviation against minutes, a line for each name."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    for name in dict.fromkeys(row["name"] for row in rows):
        mine = [row for row in rows if row["name"] == name]
        kid, deviation = ([row[key] for row in mine] for key in COLUMNS[3:5])
        axes.errorbar(
            [r["minutes"] for r in mine], kid, deviation, label=name, capsize=3
        )
    axes.set(xlabel="minutes of training", ylabel="KID", title=title, ylim=(0, None))
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main():
    """Measure each preset."""
    options = parse()
    from artgan.data.dataset import Dataset
    from artgan.gan.config import preset
    from artgan.gan.training import GAN
    from artgan.runs.warm_start import begin_with, open_beginning

    options.out.mkdir(parents=True, exist_ok=True)
    rows, target = [], options.out / f"time_to_quality-{options.data.name}"
    images = Dataset(options.data, options.size).images
    judge = Judge(images, options.features)
    for name in options.presets:
        fields = dict(options.set) | {"size": options.size, "seed": options.seed}
        gan = GAN(preset(name, **fields))
        if options.beginning:
            print(begin_with(gan, open_beginning(options.beginning, Path("runs"))))
        for row, sheet in follow(name, gan, images, judge, options):
            rows.append(row)
            write_rows(f"{target}.csv", rows)
            plot(f"{target}.png", rows, describe(options, gan.config))
            sheet.save(f"{target}-{name}.png")
    print(
        f"{describe(options, gan.config)}. The figures: {target}.csv and {target}.png."
    )


if __name__ == "__main__":
    main()
