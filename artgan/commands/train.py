"""Train a GAN on a folder of pictures; `train --run NAME` goes on with it."""

import argparse
from typing import TYPE_CHECKING

from artgan.commands.types import (
    add_runs_folder,
    count,
    minutes,
    run_name,
    seed,
    setting,
)
from artgan.system.signals import ended_politely
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    from artgan.gan.training import GAN
    from artgan.runs.recorder import Recorder

EXAMPLES = (
    "train --data data/villas --minutes 10",
    "train --run villas",
    "train --data my/photos --run classic --preset dcgan --steps 3000",
    "train --data my/photos --run mine --from architecture",
    "train --dry-run",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument(
        "--data",
        metavar="FOLDER",
        help="a folder of pictures, with any nesting (default: the run's own)",
    )
    command.add_argument(
        "--run",
        type=run_name,
        metavar="NAME",
        help="keep it in runs/NAME, or go on with what is there (default: the name of "
        "the folder of pictures)",
    )
    add_amount(command)
    add_settings(command)
    command.add_argument(
        "--from",
        dest="beginning",
        metavar="NAME",
        help="begin a new run with what published weights, or another run, have learnt",
    )
    command.add_argument(
        "--fresh", action="store_true", help="start over; the old run is set aside"
    )
    add_switches(command)
    add_runs_folder(command)


def add_switches(command: argparse.ArgumentParser) -> None:
    """Add what is either asked for or not."""
    command.add_argument(
        "--new-data",
        action="store_true",
        help="go on although the pictures are not those that the run began with",
    )
    command.add_argument(
        "--tensorboard",
        action="store_true",
        help="also write for TensorBoard, into runs/NAME/tensorboard",
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="print the config, train two steps on made-up pictures, keep nothing",
    )


def add_amount(command: argparse.ArgumentParser) -> None:
    """Add the options that say how much to train."""
    amount = command.add_mutually_exclusive_group()
    amount.add_argument(
        "--minutes",
        type=minutes,
        default=20,
        help="train this much longer (default: 20)",
    )
    amount.add_argument(
        "--steps", type=count, metavar="N", help="train so many more steps"
    )
    amount.add_argument(
        "--until-step", type=count, metavar="N", help="train up to step N"
    )


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add the options that make the config."""
    command.add_argument(
        "--preset", help="default, dcgan or seed (default: the run's own, or default)"
    )
    command.add_argument(
        "--seed", type=seed, help="all that is random follows from it (default: 0)"
    )
    command.add_argument(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the config, may be given again; --dry-run lists them",
    )


def run(options: argparse.Namespace):
    """Do it."""
    from artgan.runs.begin import find_run, load_dataset, wanted_config
    from artgan.storage.resolve import resolve

    if options.dry_run:
        return dry_run_of(options)
    named = options.data, options.run, options.runs, options.fresh
    folder, data, known = find_run(*named)
    if options.beginning and not known:
        resolve(options.beginning, options.runs)
    config = wanted_config(known, options.preset, changes_in(options))
    load_quietly()
    from artgan.runs.run import open_run, run_training
    from artgan.runs.run_file import write_run_file

    learnt = learnt_elsewhere(options, known)
    dataset = load_dataset(data, config, folder, None if options.new_data else known)
    place = folder, config, dataset.images, options.fresh, options.tensorboard
    with open_run(*place) as (gan, recorder):
        write_run_file(folder, config, dataset)
        if learnt and gan.step == 0:
            warm_start_run(gan, learnt, recorder)
        print(f"{folder} is at step {int(gan.step)}. Ctrl-C stops and saves.")
        print(f"Watch {recorder.latest}.")
        if not (amount := amount_of(options, int(gan.step))):
            return
        with ended_politely():
            gif, curves = run_training(gan, recorder, dataset.images, **amount)
        drawn = f" The pictures: {gif}; the curves: {curves}." if gif else ""
        print(f"Step {int(gan.step)}.{drawn}")


def dry_run_of(options: argparse.Namespace) -> None:
    """Try the settings that the options name."""
    from artgan.runs.begin import wanted_config

    config = wanted_config(None, options.preset, changes_in(options))
    load_quietly()
    from artgan.runs.run import dry_run

    dry_run(config)


def changes_in(options: argparse.Namespace):
    """The fields of the config that the options change."""
    seed = {} if options.seed is None else {"seed": options.seed}
    return seed | dict(options.set)


def learnt_elsewhere(options: argparse.Namespace, known: dict | None):
    """What a new run begins with: {network: arrays}; None where it begins anew."""
    if not options.beginning:
        return None
    if known:
        print("The run goes on from where it is; --from is for a new one.")
        return None
    from artgan.paint.painter import open_model

    model = open_model(options.beginning, options.runs)
    print(model.opened)
    return {name: model.arrays(name) for name in ("generator", "discriminator")}


def warm_start_run(gan: "GAN", learnt: dict, recorder: "Recorder") -> None:
    """Let a new run begin with what another has learnt."""
    from artgan.runs.warm_start import warm_start

    print(warm_start(gan, learnt))
    recorder.save_sample(gan)


def amount_of(options: argparse.Namespace, step: int):
    """How much to train: {"steps": N} or {"minutes": M}; {} if nothing is left."""
    if options.until_step is None:
        return {"steps": options.steps, "minutes": options.minutes}
    if options.until_step <= step:
        print("The run has made these steps already; --steps makes more.")
        return {}
    return {"steps": options.until_step - step}
