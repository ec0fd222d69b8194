"""Everything a run needs to go on to the bit, saved and found again."""

import json
from dataclasses import asdict
from pathlib import Path

import tensorflow as tf

from artgan.gan.config import EARLIER


def make_manager(gan, folder, keep=3):
    """TensorFlow's manager of the last few checkpoints of everything that changes.

    The config travels inside the checkpoint, so that no file can be taken for another.
    """
    settings = {"format": FORMAT} | asdict(gan.config)
    checkpoint = tf.train.Checkpoint(
        **{part: by_name(getattr(gan, part)) for part in PARTS},
        step=gan.step,
        config=tf.Variable(json.dumps(settings)),
    )
    try:
        return tf.train.CheckpointManager(checkpoint, str(folder), keep)
    except ValueError:  # TensorFlow's list of them is damaged, and can be done without
        (Path(folder) / "checkpoint").unlink()
        return tf.train.CheckpointManager(checkpoint, str(folder), keep)


def by_name(owner):
    """The variables of a network or an optimiser by name, as no order of them lasts."""
    return {variable.path: variable.value for variable in owner.variables}


def save_checkpoint(gan, manager):
    """Write the whole state; a checkpoint counts only once all of it is on disk.

    Raises FloatingPointError, and writes nothing, if a weight is no longer a number.
    """
    for network in gan.generator, gan.discriminator:
        for weight in network.weights:
            if not tf.reduce_all(tf.math.is_finite(weight)):
                raise FloatingPointError(
                    f"{weight.path} of the {network.name} is not finite at step "
                    f"{int(gan.step)}"
                )
    return manager.save(checkpoint_number=int(gan.step))


def restore_newest(gan, manager):
    """Bring back the newest checkpoint that is whole, and return its path, or None.

    Raises ValueError naming the fields if it was made with another config, or if
    there are checkpoints and none of them is whole.
    """
    path, stored = newest_checkpoint(manager.directory)
    if path:
        compare_configs(stored, asdict(gan.config))
        try:
            manager.checkpoint.restore(path).assert_existing_objects_matched()
        except AssertionError:
            raise ValueError(f"{path} holds other networks than these.") from None
    return path


def newest_checkpoint(folder):
    """Find the newest checkpoint that is whole: its path and config, or (None, None).

    One whose saving was cut short does not count; a damaged one is named, and the one
    before it is tried. Raises ValueError if none of those is whole, or if the newest
    was made by another version of this program.
    """
    damaged = False
    for path in checkpoint_paths(folder):
        try:
            config = read_checkpoint(path)
        except DAMAGE as error:
            if not Path(f"{path}_temp").exists():
                print(f"{path} is damaged, so the one before it is used ({error}).")
                damaged = True
            continue
        if (found := config.pop("format", 1)) != FORMAT:
            age = "a newer" if found > FORMAT else "an older"
            raise ValueError(f"{path} was made by {age} version of this program.")
        return path, EARLIER | config
    if damaged:
        raise ValueError(f"No checkpoint in {folder} is whole.")
    return None, None


FORMAT = 2  # Of checkpoints; those before told variables by their order.
PARTS = (
    "generator",
    "discriminator",
    "generator_ema",
    "generator_optimizer",
    "discriminator_optimizer",
)
DAMAGE = tf.errors.OpError, LookupError, ValueError, RuntimeError, MemoryError
STORED = "{}/.ATTRIBUTES/VARIABLE_VALUE"  # What TensorFlow calls a variable's numbers.


def checkpoint_paths(folder):
    """All checkpoints in a folder, damaged ones too, the newest first.

    Paths without an ending, for each is two files, one of which may be missing.
    """
    paths = {path.with_suffix("") for path in Path(folder).glob("ckpt-*.*")}
    paths = [path for path in paths if path.name[5:].isdecimal()]
    return [str(path) for path in sorted(paths, key=checkpoint_step, reverse=True)]


def checkpoint_step(path):
    """The step in a name such as ckpt-1200."""
    return int(path.name[5:])


def read_checkpoint(path):
    """The settings in a checkpoint. Raises one of DAMAGE if any of it is damaged.

    Every value is read, which checks every checksum.
    """
    reader = tf.train.load_checkpoint(path)
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)
    step = reader.get_tensor(STORED.format("step"))
    if step != checkpoint_step(Path(path)):
        raise ValueError(f"it is the one of step {step}")
    return json.loads(reader.get_tensor(STORED.format("config")))


def compare_configs(stored, wanted):
    """Raise ValueError naming the fields in which two configs differ."""
    differing = [
        f"{field} was {stored.get(field)!r} and is now {wanted.get(field)!r}"
        for field in stored | wanted
        if stored.get(field) != wanted.get(field)
    ]
    if differing:
        raise ValueError(f"The run had another config: {', '.join(differing)}.")
