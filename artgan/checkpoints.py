"""Everything a run needs to go on to the bit, saved and found again."""

import json
from dataclasses import asdict
from pathlib import Path

import tensorflow as tf


def make_manager(gan, folder, keep=3):
    """TensorFlow's manager of the last few checkpoints of everything that changes.

    The config travels inside the checkpoint, so that no file can be taken for another.
    """
    checkpoint = tf.train.Checkpoint(
        generator=gan.generator,
        discriminator=gan.discriminator,
        averaged=gan.averaged,
        generator_optimizer=gan.generator_optimizer,
        discriminator_optimizer=gan.discriminator_optimizer,
        step=gan.step,
        config=tf.Variable(json.dumps(asdict(gan.config))),
    )
    try:
        return tf.train.CheckpointManager(checkpoint, str(folder), keep)
    except ValueError:  # TensorFlow's list of them is damaged, and can be done without
        (Path(folder) / "checkpoint").unlink()
        return tf.train.CheckpointManager(checkpoint, str(folder), keep)


def save_checkpoint(gan, manager):
    """Write the whole state; a checkpoint counts only once all of it is on disk."""
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

    Every value is read, which checks every checksum; a damaged checkpoint is named and
    the one before it is tried. Raises ValueError if there are some and none is whole.
    """
    paths = sorted(Path(folder).glob("ckpt-*.index"), key=checkpoint_step)
    for path in [str(path.with_suffix("")) for path in reversed(paths)]:
        try:
            reader = tf.train.load_checkpoint(path)
            for name in reader.get_variable_to_shape_map():
                reader.get_tensor(name)
            return path, json.loads(reader.get_tensor(CONFIG_NAME))
        except (tf.errors.OpError, LookupError, ValueError, RuntimeError) as error:
            print(f"{path} is damaged, so the one before it is used ({error}).")
    if paths:
        raise ValueError(f"No checkpoint in {folder} is whole.")
    return None, None


CONFIG_NAME = "config/.ATTRIBUTES/VARIABLE_VALUE"


def checkpoint_step(path):
    """The step in a name such as ckpt-1200.index."""
    return int(path.stem.split("-")[-1])


def compare_configs(stored, wanted):
    """Raise ValueError naming the fields in which two configs differ."""
    differing = [
        f"{field} was {stored.get(field)!r} and is now {wanted.get(field)!r}"
        for field in stored | wanted
        if stored.get(field) != wanted.get(field)
    ]
    if differing:
        raise ValueError(f"The run had another config: {', '.join(differing)}.")
