"""What a process that was killed while it saved has left in a run's folder."""

import shutil
from pathlib import Path

import tensorflow as tf

from artgan.storage.checkpoints import DAMAGE, checkpoint_paths, read_checkpoint
from artgan.system.files import replacing


def clear_remains(run):
    """Remove half files from a run's folder, and list its checkpoints anew.

    TensorFlow's manager removes the checkpoints on its list when they are old. Only the
    process that holds the run may call this, before it makes a manager.
    """
    folder = Path(run, "checkpoints")
    remove_files(Path(run).glob("samples/*.part"))
    remove_files(folder.glob("checkpoint.tmp*"))
    remove_unfinished(folder)
    paths = [Path(path) for path in reversed(checkpoint_paths(folder))]
    complete = [path for path in paths if path.with_suffix(".index").exists()]
    for path in paths[: paths.index(complete[-1])] if complete else []:
        if path not in complete:  # It was being removed.
            remove_files(folder.glob(f"{path.name}.*"))
    if complete and listed_paths(folder) != [str(path) for path in complete]:
        list_checkpoints(folder, complete)


def remove_unfinished(folder):
    """Remove the checkpoints whose saving was cut short.

    While TensorFlow saves ckpt-7, and until all of it is in place, there is a folder
    ckpt-7_temp.
    """
    for temporary in Path(folder).glob("ckpt-*_temp"):
        path = temporary.with_name(temporary.name.removesuffix("_temp"))
        try:
            read_checkpoint(str(path))
        except DAMAGE:
            remove_files(path.parent.glob(f"{path.name}.*"))
        shutil.rmtree(temporary)  # Last, for it tells that the others are no good.


def remove_files(paths):
    """Remove some files."""
    for path in list(paths):
        path.unlink()


def listed_paths(folder):
    """The paths on TensorFlow's list of checkpoints, [] where there is no such list."""
    try:
        state = tf.train.get_checkpoint_state(str(folder))
    except ValueError:
        state = None
    return list(state.all_model_checkpoint_paths) if state else []


def list_checkpoints(folder, paths):
    """Write TensorFlow's list of checkpoints, the oldest first."""
    lines = [f'model_checkpoint_path: "{paths[-1].name}"']
    lines += [f'all_model_checkpoint_paths: "{path.name}"' for path in paths]
    times = [path.with_suffix(".index").stat().st_mtime for path in paths]
    lines += [f"all_model_checkpoint_timestamps: {time}" for time in times]
    lines += ["last_preserved_timestamp: 0", ""]
    with replacing(folder / "checkpoint") as temporary:
        temporary.write_text("\n".join(lines), "utf-8")
