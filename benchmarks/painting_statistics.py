"""What a generator's batch norms should paint with, for painting has no batch.

python benchmarks/painting_statistics.py vedute-128 --data data/vedute

The statistics of many batches are averaged by three rules, and each paints the same
seeds; last, they are painted as in training, by the statistics of their own batch.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BATCHES = 128
RULES = {  # of s squared [batches, channels]
    "mean of s squared": lambda v: v.mean(0),
    "mean of s": lambda v: np.sqrt(v).mean(0) ** 2,
    "mean of 1/s": lambda v: (1 / np.sqrt(v)).mean(0) ** -2,
}


def parse(arguments=None):
    """The options."""
    kind = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=kind)
    add = parser.add_argument
    add("model", help="a run, or weights such as vedute-128")
    add("--data", type=Path, required=True, metavar="FOLDER")
    add("--count", type=int, default=512, help="how many pictures are compared")
    return parser.parse_args(arguments)


def statistics(model, norms):
    """Of each norm's input in many batches: {name: (means, variances)}."""
    import keras

    from artgan.paint.paint import seed_latents

    look = keras.Model(model.generator_ema.input, [layer.input for layer in norms])
    found = {layer.name: ([], []) for layer in norms}
    size = model.config.batch_size
    for first in range(10**6, 10**6 + BATCHES * size, size):
        latents = seed_latents(model.config, range(first, first + size))
        for layer, x in zip(norms, look(latents, training=True), strict=True):
            for kept, figure in zip(found[layer.name], (np.mean, np.var), strict=True):
                kept.append(figure(np.float32(x), (0, 1, 2)))
    return {name: tuple(map(np.array, pair)) for name, pair in found.items()}


def main():
    """Print the figures of each rule."""
    options = parse()
    from artgan.data.dataset import Dataset
    from artgan.evaluation.evaluate import compare
    from artgan.evaluation.features import load_mobilenet
    from artgan.gan.fast import FusedBatchNormalization
    from artgan.paint.paint import paint
    from artgan.paint.painter import open_model

    model, judge = open_model(options.model), load_mobilenet()
    reals = np.asarray(Dataset.as_in(model.config, options.data).images)
    features, layers = judge(reals), model.generator_ema.layers
    norms = [layer for layer in layers if isinstance(layer, FusedBatchNormalization)]

    def report(rule, painter=model):
        images = paint(painter, range(options.count))
        figures = compare((reals, images), (features, judge(images)))
        names = ("kid", "swd", "diversity", "structure", "told_apart")
        told = ", ".join(f"{name} {figures[name]:.3f}" for name in names)
        print(f"{options.model}, {rule}: {told}", flush=True)

    report("as kept")
    found = statistics(model, norms)
    for rule, average in RULES.items():
        for layer in norms:
            means, variances = found[layer.name]
            layer.moving_mean.assign(means.mean(0))
            squared = average(variances + layer.epsilon)
            layer.moving_variance.assign(squared - layer.epsilon)
        report(rule)

    def train(latents, training):
        return model.generator_ema(latents, training=True)

    report("as in training", replace(model, generator_ema=train))


if __name__ == "__main__":
    main()
