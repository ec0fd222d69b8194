"""A process of a training on several devices, for test_devices.py.

python devices_work.py RUNS NAME,PRESET,STEPS,PICTURES[,DEVICES[,END]] ...

Trains each run in turn and prints its losses as a line of JSON; after the step END it
asks itself to end. TF_CONFIG makes it one of several computers.
"""

import functools
import json
import signal
import sys

import artgan
from artgan.system.tensorflow import load_quietly

TINY = {"size": 32, "base_channels": 4, "max_channels": 16, "latent_size": 6}
TINY |= {"mixing_channels": 4, "head_channels": 8, "batch_size": 4, "seed": 3}
TINY |= {"precision": "float32"}


def work(runs, *asked):
    """Train, with an epsilon that lets a weight move as its gradient does."""
    load_quietly()
    import tensorflow as tf
    from arrays import averages

    import artgan.gan.discriminator as discriminator
    import artgan.gan.training as training

    discriminator.Projection = averages
    training.Adam = functools.partial(training.Adam, epsilon=1.0)
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    for word in asked:
        name, preset, steps, pictures, devices, end = f"{word},,".split(",")[:6]
        losses = []

        def note(gan, found, losses=losses, end=end):
            losses.append(found)
            print(f"made {gan.step.numpy()}", file=sys.stderr, flush=True)
            if f"{gan.step.numpy()}" == end:
                signal.raise_signal(signal.SIGTERM)

        options = TINY | {"preset": preset, "steps": int(steps), "runs": runs}
        options |= {"devices": int(devices)} if devices else {}
        # Tracing takes seconds: the runs that others are compared with go without.
        tf.config.run_functions_eagerly(bool(devices) and name != "two")
        artgan.train(pictures, name, callbacks=[note], **options)
        print(json.dumps(losses), flush=True)


try:
    work(*sys.argv[1:])
except artgan.ArtganError as error:
    sys.exit(f"told: {error}")
