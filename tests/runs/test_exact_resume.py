"""A run that was stopped, however it was stopped, goes on to the very same bits."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from artgan.__main__ import main
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.weights import read_tensors

SETTINGS = {"size": 16, "initial_resolution": 4, "base_channels": 2, "latent_size": 3}
SETTINGS |= {"batch_size": 2, "augmentations": "translation,cutout"}
SETTINGS |= {"ema_decay": 0.9, "flip": True, "precision": "float32"}

# Makes a step and then saves, again and again, until it is killed.
SAVE_ALL_THE_TIME = """
import sys
import artgan.__main__
from artgan.system.tensorflow import load_quietly
load_quietly()
import artgan.runs.recorder, artgan.runs.stopping
train = artgan.runs.stopping.train
def train_two_steps(gan, images, steps, minutes, after_step, go=None):
    train(gan, images, 2, None, after_step)
save = artgan.runs.recorder.Recorder.save
def save_on(recorder, gan):
    print("saves", flush=True)
    while True:
        save(recorder, gan)
artgan.runs.stopping.train = train_two_steps
artgan.runs.recorder.Recorder.save = save_on
artgan.__main__.main(sys.argv[1:])
"""
TENSORFLOW_FIRST = """
import sys, tensorflow
from artgan.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory, draw_pictures):
    """A folder with five pictures."""
    return draw_pictures(tmp_path_factory.mktemp("data") / "five", 5, (24, 24))


def train_command(data, run, *amount):
    """The arguments that train a run, made of settings that use all that is random."""
    changes = [f"--set={field}={value}" for field, value in SETTINGS.items()]
    place = ["--runs", f"{run.parent}", "--run", run.name, "--preset", "dcgan"]
    return ["train", "--data", f"{data}", *place, *amount, *changes]


def start(repository, *arguments, **environment):
    """Start another Python process that knows the package."""
    environment = os.environ | {"PYTHONPATH": f"{repository}"} | environment
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *arguments], env=environment, **pipes)


def newest(run):
    """What the newest checkpoint holds: (arrays, about)."""
    return read_tensors(checkpoint_paths(run / "checkpoints")[0])


def last_step(run):
    return checkpoint_step(checkpoint_paths(run / "checkpoints")[0])


def state(run):
    """All that must be the same: every array, the losses by their step, the grid."""
    arrays = {name: array.tobytes() for name, array in newest(run)[0].items()}
    assert len(arrays) > 50
    lines = (run / "log.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if "structure" not in row]  # a look, after a minute
    losses = [(r["step"], r["discriminator_loss"], r["generator_loss"]) for r in rows]
    grid = run / "samples" / f"{last_step(run):07d}.png"
    return arrays, losses, grid.read_bytes()


@pytest.fixture(scope="module")
def stopped(repository, data, tmp_path_factory):
    """A run that another process began and that Ctrl-C ended in the middle."""
    run = tmp_path_factory.mktemp("runs") / "stopped"
    # To Windows no other process can send Ctrl-C.
    amount = ["--steps", "9"] if os.name == "nt" else ["--minutes", "60"]
    arguments = train_command(data, run, *amount)
    with start(repository, "-m", "artgan", *arguments) as process:
        while not (run / "log.jsonl").exists() and process.poll() is None:
            time.sleep(0.05)
        if os.name != "nt":
            process.send_signal(signal.SIGINT)
        output, _ = process.communicate()
    return run, process.returncode, output


@pytest.fixture(scope="module")
def steps(stopped):
    """How many steps the runs that are compared have in all."""
    return last_step(stopped[0]) + 6


@pytest.fixture(scope="module")
def undisturbed(data, steps, tmp_path_factory):
    """A run that was never stopped."""
    run = tmp_path_factory.mktemp("runs") / "undisturbed"
    assert main(train_command(data, run, "--until-step", f"{steps}")) == 0
    return run


def test_a_stopped_run_goes_on_to_the_bit_in_another_process(
    stopped, data, steps, undisturbed
):
    run, returncode, output = stopped
    assert returncode == 0 and f"Step {last_step(run)}." in output
    if os.name != "nt":
        assert "Stopped. Saving; the same command, without --fresh, goes on." in output
    assert main(train_command(data, run, "--until-step", f"{steps}")) == 0
    assert last_step(run) == last_step(undisturbed) == steps
    assert state(run) == state(undisturbed)


def test_a_run_killed_while_it_saves_goes_on_to_the_bit(
    repository, data, steps, undisturbed, tmp_path
):
    run = tmp_path / "runs" / "killed"
    arguments = train_command(data, run)
    with start(repository, "-c", SAVE_ALL_THE_TIME, *arguments) as process:
        assert any(line.strip().endswith("saves") for line in process.stdout)
        time.sleep(random.uniform(0, 0.5))
        process.kill()
    assert process.returncode not in (0, 1, 2)
    assert main(train_command(data, run, "--until-step", f"{steps}")) == 0
    assert state(run) == state(undisturbed)


def test_a_run_goes_on_with_other_kernels_and_says_so(
    repository, data, undisturbed, steps, tmp_path
):
    run = shutil.copytree(undisturbed, tmp_path / "runs" / "copied")
    assert json.loads(newest(run)[1]["kernels"])["oneDNN"]
    arguments = train_command(data, run, "--until-step", f"{steps + 1}")
    slow = {"TF_ENABLE_ONEDNN_OPTS": "0"}
    with start(repository, "-c", TENSORFLOW_FIRST, *arguments, **slow) as process:
        output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert errors.count("TensorFlow was loaded before artgan") == 1
    assert "computed with oneDNN" in output and "goes on without oneDNN" in output
    assert not json.loads(newest(run)[1]["kernels"])["oneDNN"]
