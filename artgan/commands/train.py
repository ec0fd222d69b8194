"""Train a GAN on a folder of pictures; the same command again goes on with it."""

import signal
from contextlib import contextmanager

from artgan.commands.tensorflow import load_quietly
from artgan.commands.types import (
    add_runs_folder,
    count,
    positive,
    run_name,
    seed,
    setting,
)
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

EXAMPLES = (
    "train --data data/villas --run villas --minutes 10",
    "train --data my/photos --run photos --preset dcgan --steps 3000",
    "train --data my/photos --run wide --set width=48 --set batch_size=16",
    "train --data my/photos --run mine --from architecture",
    "train --dry-run",
)


def add_options(command):
    """Add the options of this command to its parser."""
    command.add_argument(
        "--data", metavar="FOLDER", help="a folder of pictures, with any nesting"
    )
    command.add_argument(
        "--run",
        type=run_name,
        default="default",
        metavar="NAME",
        help="keep it in runs/NAME",
    )
    command.add_argument(
        "--preset", default="default", help="default, dcgan or seed (default: default)"
    )
    amount = command.add_mutually_exclusive_group()
    amount.add_argument(
        "--minutes",
        type=positive,
        default=20,
        help="train this much longer (default: 20)",
    )
    amount.add_argument(
        "--steps",
        type=count,
        metavar="N",
        help="train until the run has N steps in all",
    )
    command.add_argument(
        "--seed", type=seed, default=0, help="all that is random follows from it"
    )
    command.add_argument(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the config, may be given again; --dry-run lists them",
    )
    command.add_argument(
        "--from",
        dest="beginning",
        metavar="NAME",
        help="begin a new run with what published weights, or another run, have learnt",
    )
    command.add_argument(
        "--fresh", action="store_true", help="start over; the old run is set aside"
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="print the config, train two steps on made-up pictures, keep nothing",
    )
    add_runs_folder(command)


def run(options):
    """Do it."""
    load_quietly()
    from artgan.gan.config import preset
    from artgan.runs.run import dry_run, open_run, run_training
    from artgan.runs.warm_start import begin_with, open_beginning

    config = preset(options.preset, **{"seed": options.seed} | dict(options.set))
    if options.dry_run:
        return dry_run(config)
    images = load_images(options.data, config)
    folder = options.runs / options.run
    other = options.beginning and open_beginning(options.beginning, options.runs)
    with open_run(folder, config, options.fresh) as (gan, recorder):
        if other and gan.step == 0:
            print(begin_with(gan, other))
            recorder.save_sample(gan)
        print(f"{folder} is at step {int(gan.step)}. Ctrl-C stops and saves.")
        amount = {"steps": options.steps, "minutes": options.minutes}
        with ended_politely():
            gif, curves = run_training(gan, recorder, images, **amount)
        print(f"Step {int(gan.step)}. The pictures: {gif}; the losses: {curves}.")


@contextmanager
def ended_politely():
    """Let a system that ends this process stop it as Ctrl-C does, so that it saves."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def load_images(folder, config):
    """The prepared pictures of a folder, the unusable ones named."""
    from artgan.data.dataset import Dataset

    if not folder:
        raise ArtganError("Name a folder of pictures, such as --data data/villas.")
    dataset = Dataset(folder, config.size, config.fit)
    print(f"From {printable(folder)}: {dataset.report()}")
    return dataset.images
