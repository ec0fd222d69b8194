"""What `throughput.py` starts in a new process: one measurement, told as JSON.

Libraries are imported where they are used: the memory of one is not to be counted for
another.
"""

import dataclasses
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from artgan.data.pictures import prepare_pictures
from artgan.system.errors import ArtganError
from benchmarks.throughput_clock import Clock, best_speed


def find_settings(name, changes):
    """The fields of a preset, and the operations of a step for each picture."""
    from artgan.gan.config import preset
    from benchmarks import throughput_arithmetic as arithmetic
    from benchmarks import throughput_networks as networks

    config = preset(name, **changes)
    pair = networks.build_generator(config), networks.build_discriminator(config)
    counts = dict.fromkeys(IMPLEMENTATIONS, arithmetic.step_operations(*pair))
    passes = arithmetic.TUTORIAL_PASSES
    counts["tutorial"] = arithmetic.step_operations(*pair, passes)
    return {"config": dataclasses.asdict(config), "operations": counts}


def read_pictures(folder, count, size, seed):
    """Pictures of a folder cut to squares, or made-up ones: uint8 [count, h, w, 3].

    A folder with fewer pictures gives some of them again. Raises ArtganError for one
    with none.
    """
    if folder is None:
        shape = [count, size, size, 3]
        return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    prepared = prepare_pictures(paths, size)
    pictures = [picture for _, picture, _ in prepared if picture is not None]
    if not pictures:
        raise ArtganError(f"There is no picture in '{folder}'. Choose another --data.")
    return np.stack(pictures)[np.arange(count) % len(pictures)]


def time_steps(train_step, config, images, steps):
    """Train on batches of images; seconds of each step by both clocks: [steps][2]."""
    clock = Clock()
    for number in range(steps):
        places = number * config.batch_size + np.arange(config.batch_size)
        for loss in train_step(images[places % len(images)]):
            float(loss)  # waits for the step
        clock.tick()
    return clock.seconds


def time_project(config, images, steps):
    """Time this project."""
    from artgan.gan.config import Config
    from artgan.gan.training import GAN, train_step

    gan = GAN(Config(**vars(config)))
    return time_steps(lambda batch: train_step(gan, batch), config, images, steps)


def time_keras(config, images, steps):
    """Time idiomatic Keras."""
    from benchmarks.throughput_keras import fit

    clock = Clock()
    fit(config, images, steps, clock.tick)
    return clock.seconds


def time_tutorial(config, images, steps):
    """Time the tutorial's style."""
    from benchmarks.throughput_tutorial import make_train_step

    return time_steps(make_train_step(config), config, images, steps)


def time_torch(config, images, steps):
    """Time eager PyTorch."""
    from benchmarks.throughput_torch_step import GAN

    return time_steps(GAN(config).train_step, config, images, steps)


def tensorflow_peak(precision, side=4096):
    """Operations a second of TensorFlow's product of two square matrices."""
    import tensorflow as tf

    a, b = (tf.cast(tf.random.normal([side, side]), precision) for _ in range(2))
    return best_speed(lambda: float(tf.matmul(a, b)[0, 0]), 2 * side**3)


def torch_peak(precision, side=4096):
    """Operations a second of PyTorch's product of two square matrices."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = getattr(torch, precision)
    a, b = (torch.randn(side, side, device=device).to(kind) for _ in range(2))
    return best_speed(lambda: float((a @ b)[0, 0]), 2 * side**3)


PEAKS = {"tensorflow peak": tensorflow_peak, "torch peak": torch_peak}
IMPLEMENTATIONS = {
    "artgan": time_project,
    "keras": time_keras,
    "tutorial": time_tutorial,
    "torch": time_torch,
}


def answer(task):
    """What is asked for, ready for JSON."""
    name = task["name"]
    if name == "settings":
        return find_settings(task["preset"], task["changes"])
    config = SimpleNamespace(**task["config"])
    if name in PEAKS:
        return PEAKS[name](config.precision)
    count = 4 * config.batch_size
    images = read_pictures(task["data"], count, config.size, config.seed)
    return IMPLEMENTATIONS[name](config, images, task["steps"])


if __name__ == "__main__":
    try:
        print(json.dumps(answer(json.loads(sys.argv[1]))))
    except ArtganError as error:
        sys.exit(f"{error}")
