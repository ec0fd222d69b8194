"""Train a GAN on a folder of pictures; `train --run NAME` goes on with it."""

import json
from argparse import Namespace
from typing import Any

from artgan.commands.options import RUNS, count, number, one_of, option, seed, verb
from artgan.system.processes import ended_politely
from artgan.system.tensorflow import load_quietly

SET = "change a field of the config; may be given again; --dry-run lists them"


def setting(text: str) -> tuple[str, Any]:
    """FIELD=VALUE as a pair; a number, or true or false, is no text."""
    field, _, value = text.partition("=")
    try:
        return field, json.loads({"True": "true", "False": "false"}.get(value, value))
    except ValueError:
        return field, value


@verb(
    option("--data FOLDER", "of pictures, with any nesting (default: the run's own)"),
    option(
        "--run NAME",
        "keep it in runs/NAME, or go on with what is there (default: the name of the "
        "folder of pictures)",
    ),
    one_of(
        option("--minutes N", "for so long (default: 20)", number(float, 0.01, 1e6)),
        option("--steps N", "so many more", count),
        option("--until-step N", "up to step N", count),
    ),
    option("--preset", "default, dcgan or seed (default: the run's own, or default)"),
    option(
        "--size PIXELS",
        "of what it paints, in multiples of 32: 128 for squares, 192x128 for width and "
        "height, auto for the commonest shape of the pictures; they are cropped to it, "
        "or, by --set fit=squash, squeezed and stretched back (default: 128)",
    ),
    option(
        "--classes KIND",
        "learn classes: folder for the subfolders that pictures lie in, a column of "
        "their metadata.csv, StyleGAN's dataset.json, or how many classes to find",
        dest="classes_from",
    ),
    option("--seed N", "all that is random follows from it (default: 0)", seed),
    option("--set FIELD=VALUE", SET, setting, [], action="append"),
    option("--from MODEL", "begin with its size and knowledge", dest="warm_start"),
    option(
        "--devices N",
        "how many GPUs, or where there are none processors, share a step (default: all "
        "GPUs, or one processor)",
        number(int, 1, 1024),
    ),
    option("--fresh", "start over; the old run is set aside", bool),
    option("--new-data", "go on with other pictures than it began with", bool),
    option("--dry-run", "print the config, train two steps, keep no run", bool),
    RUNS,
    examples=(
        "train --data data/vedute --minutes 10",
        "train --run vedute",
        "train --data my/photos --run classic --preset dcgan --steps 3000",
        "train --data my/photos --run mine --from vedute",
        "train --data my/photos --size 192x128 --classes folder",
        "train --dry-run",
    ),
)
def train(options: Namespace) -> None:
    """Train a GAN on a folder of pictures, or go on with a run."""
    from artgan.gan.config import preset
    from artgan.runs.begin import plan_training, with_shape

    given = {name: getattr(options, name) for name in ("seed", "size", "classes_from")}
    changes = {name: value for name, value in given.items() if value is not None}
    changes |= dict(options.set)
    if options.dry_run and not (options.data or options.run):
        config = preset(options.preset or "default", **with_shape(changes, None))
        load_quietly()
        from artgan.runs.train import dry_run

        return dry_run(config, options.devices)
    names = ["preset", "warm_start", "fresh", "new_data"]
    asked = {name: getattr(options, name) for name in names} | {"changes": changes}
    plan = plan_training(options.data, options.run, options.runs, **asked)
    load_quietly()
    from artgan.runs.train import dry_run, train_run

    if options.dry_run:
        return dry_run(plan.config, options.devices, plan)
    names = ["steps", "until_step", "minutes", "devices"]
    with ended_politely():
        train_run(plan, **{name: getattr(options, name) for name in names})
