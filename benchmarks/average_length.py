"""How far back the generator's moving average (EMA) should look.

python benchmarks/average_length.py --data data/vedute --pictures 7400 12000 16000

One training with several averages beside each other, so that chance is the same for
all. The half-life of each is a fraction of the steps so far, as in `update_ema`.
"""

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.time_to_quality import compare, load_pictures, train_until  # noqa: E402

FRACTIONS = (5, 10, 20, 40, 80)  # 20: a twentieth of the steps so far
DEFAULT = 20  # that of `update_ema`, whose step is scaled for the others
FIGURES = ("kid", "swd", "nearest_1st_percentile", "diversity")


def parse(arguments=None):
    """The options."""
    from artgan.commands.train import setting

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="FOLDER")
    add("--pictures", type=int, nargs="+", default=[7400, 12000, 16000])
    add("--set", type=setting, action="append", default=[], metavar="FIELD=VALUE")
    add("--count", type=int, default=512, help="how many pictures are compared")
    return parser.parse_args(arguments)


def several_averages(gan):
    """Averages of a GAN's generator by fraction, and what moves them all by a step."""
    import tensorflow as tf

    from artgan.gan.generator import build_generator
    from artgan.gan.training import update_ema

    averages = {fraction: build_generator(gan.config) for fraction in FRACTIONS}
    for average in averages.values():
        average.set_weights(gan.generator.get_weights())

    def update(gan):
        for fraction, average in averages.items():
            seen_as = tf.cast(gan.step, tf.float32) * (DEFAULT / fraction)
            networks = {"generator": gan.generator, "generator_ema": average}
            update_ema(SimpleNamespace(config=gan.config, step=seen_as, **networks))

    return averages, update


def main():
    """Train, and print the figures of each average at each mark."""
    options = parse()
    from artgan.system.tensorflow import load_quietly

    load_quietly()
    from artgan.gan import training
    from artgan.gan.config import preset

    config = preset("default", **dict(options.set))
    dataset, gan = load_pictures(options.data, config), training.GAN(config)
    averages, training.update_ema = several_averages(gan)
    for mark in sorted(options.pictures):
        train_until(gan, dataset.images, 0.0, pictures=mark)
        for fraction, gan.generator_ema in averages.items():
            figures, _ = compare(gan, dataset, options.count)
            told = ", ".join(f"{name} {figures[name]:.3f}" for name in FIGURES)
            print(f"{mark:,} pictures, 1/{fraction}: {told}", flush=True)


if __name__ == "__main__":
    main()
