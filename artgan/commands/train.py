"""Train a GAN on a folder of pictures; `train --run NAME` goes on with it."""

import argparse

from artgan.commands.types import (
    add_runs_folder,
    count,
    devices,
    minutes,
    run_name,
    seed,
    setting,
)
from artgan.system.signals import ended_politely
from artgan.system.tensorflow import load_quietly

EXAMPLES = (
    "train --data data/vedute --minutes 10",
    "train --run vedute",
    "train --data my/photos --run classic --preset dcgan --steps 3000",
    "train --data my/photos --run mine --from architecture",
    "train --data my/photos --size 192x128 --classes folder",
    "train --dry-run",
)
SWITCHES = {
    "--fresh": "start over; the old run is set aside",
    "--new-data": "go on although the pictures are not those that the run began with",
    "--tensorboard": "also write for TensorBoard, into runs/NAME/tensorboard",
    "--dry-run": "print the config, train two steps on made-up pictures, keep nothing",
}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add = command.add_argument
    add(
        "--data",
        metavar="FOLDER",
        help="a folder of pictures, with any nesting (default: the run's own)",
    )
    add(
        "--run",
        type=run_name,
        metavar="NAME",
        help="keep it in runs/NAME, or go on with what is there (default: the name of "
        "the folder of pictures)",
    )
    add_amount(command)
    add_settings(command)
    add(
        "--from",
        dest="warm_start",
        metavar="NAME",
        help="begin a new run with what published weights, or another run, have learnt",
    )
    add(
        "--devices",
        type=devices,
        metavar="N",
        help="how many GPUs share a step, or all; N without any tries it on processors "
        "(default: all GPUs, or one processor)",
    )
    for name, text in SWITCHES.items():
        add(name, action="store_true", help=text)
    add_runs_folder(command)


def add_amount(command: argparse.ArgumentParser) -> None:
    """Add the options that say how much to train."""
    add = command.add_mutually_exclusive_group().add_argument
    add("--minutes", type=minutes, help="train this much longer (default: 20)")
    add("--steps", type=count, metavar="N", help="train so many more steps")
    add("--until-step", type=count, metavar="N", help="train up to step N")


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add the options that make the config."""
    add = command.add_argument
    add("--preset", help="default, dcgan or seed (default: the run's own, or default)")
    add(
        "--size",
        metavar="PIXELS",
        help="of what it paints, in multiples of 32: 128 for squares, 192x128 for "
        "width and height, auto for the commonest shape of the pictures (default: 128)",
    )
    add(
        "--classes",
        metavar="KIND",
        help="learn classes: folder for the subfolders that pictures lie in, a column "
        "of their metadata.csv, or a number of classes to find",
    )
    add("--seed", type=seed, help="all that is random follows from it (default: 0)")
    add(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the config, may be given again; --dry-run lists them",
    )


def run(options: argparse.Namespace) -> None:
    """Do it."""
    from artgan.runs.begin import MINUTES, asked_shape, plan_training, wanted_config

    given = {"seed": options.seed, "size": options.size}
    given["classes_from"] = options.classes
    changes = {name: value for name, value in given.items() if value is not None}
    changes |= dict(options.set)
    settings = {"preset": options.preset, "changes": changes}
    if options.dry_run:
        changes |= asked_shape(changes.get("size"), None)
        config = wanted_config(None, options.preset, changes, begins=True)
        load_quietly()
        from artgan.runs.train import dry_run

        return dry_run(config, options.devices)
    names = "warm_start", "fresh", "new_data"
    settings |= {name: getattr(options, name) for name in names}
    plan = plan_training(options.data, options.run, options.runs, **settings)
    load_quietly()
    from artgan.runs.train import train_run

    amount = {name: getattr(options, name) for name in ("steps", "until_step")}
    if amount == {"steps": None, "until_step": None}:
        amount = {"minutes": options.minutes or MINUTES}
    others = {name: getattr(options, name) for name in ("tensorboard", "devices")}
    with ended_politely():
        train_run(plan, **amount, **others)
