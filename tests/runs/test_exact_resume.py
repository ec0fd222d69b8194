"""A run that was stopped, however it was stopped, goes on to the very same bits."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import artgan.runs.run
import artgan.runs.saving
from artgan.__main__ import main
from artgan.storage.checkpoints import (
    checkpoint_paths,
    checkpoint_step,
    save_checkpoint,
)
from artgan.storage.weights import read_tensors
from artgan.system.signals import ended_politely

SETTINGS = {
    "size": 16,
    "initial_resolution": 4,
    "base_channels": 2,
    "latent_size": 3,
    "batch_size": 2,
    "augmentations": "color,translation,cutout",
    "ema_decay": 0.9,
    "flip": True,
    "precision": "float32",
}

# Saves after every step, and then, without making more, for as long as it is let.
SAVE_ALL_THE_TIME = """
import sys
from artgan.system.tensorflow import load_quietly
load_quietly()
from artgan.data.dataset import Dataset
from artgan.gan.config import preset
from artgan.runs.run import open_run
from artgan.gan.training import train
folder, data, settings = sys.argv[1:]
config = preset("dcgan", **eval(settings))
images = Dataset(data, config.size, config.fit).images
with open_run(folder, config) as (gan, recorder):
    recorder.seconds_between_saves = 0
    assert "matplotlib" not in sys.modules  # for which nobody should wait
    print("begins", flush=True)
    train(gan, images, steps=2, after_step=[recorder])
    print("saves", flush=True)
    while True:
        recorder.save(gan)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with five pictures."""
    folder, draw = tmp_path_factory.mktemp("data") / "five", np.random.default_rng(0)
    folder.mkdir()
    for number in range(5):
        values = draw.integers(0, 256, [20, 24, 3], np.uint8)
        Image.fromarray(values).save(folder / f"{number}.png")
    return folder


def train_command(data, run, *amount):
    """The arguments that train a run, made of settings that use all that is random."""
    changes = [f"--set={field}={value}" for field, value in SETTINGS.items()]
    place = ["--runs", str(run.parent), "--run", run.name]
    return [
        "train",
        "--data",
        str(data),
        "--preset",
        "dcgan",
        *place,
        *amount,
        *changes,
    ]


def start(repository, *arguments):
    """Start another Python process that knows the package."""
    environment = os.environ | {"PYTHONPATH": str(repository)}
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def last_step(run):
    """The step of the newest checkpoint."""
    return checkpoint_step(checkpoint_paths(run / "checkpoints")[0])


def read_newest(run):
    """What the newest checkpoint holds: (arrays, about)."""
    return read_tensors(checkpoint_paths(run / "checkpoints")[0])


def state(run):
    """The bytes of every array in the newest checkpoint."""
    arrays, _ = read_newest(run)
    return {name: array.tobytes() for name, array in arrays.items()}


def losses(run):
    """The losses in the log by their step."""
    lines = (run / "log.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["step"] for row in rows] == sorted({row["step"] for row in rows})
    return {
        row["step"]: (row["discriminator_loss"], row["generator_loss"]) for row in rows
    }


@pytest.fixture(scope="module")
def stopped(repository, data, tmp_path_factory):
    """A run that another process began and that Ctrl-C ended in the middle."""
    run = tmp_path_factory.mktemp("runs") / "stopped"
    if os.name == "nt":  # no other process can be sent Ctrl-C
        arguments = train_command(data, run, "--steps", "9")
    else:
        arguments = train_command(data, run, "--minutes", "60")
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
    assert main(train_command(data, run, "--until-step", str(steps))) == 0
    return run


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no Ctrl-C to one process")
def test_ctrl_c_saves_and_says_how_to_go_on(stopped):
    run, returncode, output = stopped
    assert returncode == 0
    assert "Stopped. Saving; the same command goes on from here." in output
    assert f"Step {last_step(run)}." in output
    assert (run / "training.gif").exists() and (run / "curves.png").exists()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_system_that_ends_it_makes_it_save_too(
    data, tmp_path, monkeypatch, capsys, name
):
    number = getattr(signal, name, signal.SIGTERM)

    def train(gan, images, steps, minutes, after_step):
        signal.raise_signal(number)
        gan.step.assign_add(3)
        for action in after_step:
            action(gan, [1.0, 1.0, 0.5])

    def save(gan, folder):
        signal.raise_signal(signal.SIGTERM)  # an impatient system asks once more
        return save_checkpoint(gan, folder)

    monkeypatch.setattr(artgan.runs.run, "train", train)
    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save)
    before, run = signal.getsignal(number), tmp_path / "runs" / "ended"
    assert main(train_command(data, run, "--minutes", "9")) == 0
    assert last_step(run) == 3
    assert "Stopped. Saving; the same command goes on" in capsys.readouterr().out
    assert signal.getsignal(number) is before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGHUP")
def test_what_nohup_ignores_stays_ignored(monkeypatch):
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_politely():
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, old)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGHUP")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_in_the_background_of_a_shell_a_closed_terminal_makes_it_save(
    repository, data, tmp_path, name
):
    run = tmp_path / "runs [1]" / "left"
    arguments = train_command(data, run, "--minutes", "60")
    ignoring = "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    program = (
        ignoring + "from artgan.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    with start(repository, "-c", program, *arguments) as process:
        while not (run / "log.jsonl").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(getattr(signal, name))
        output, _ = process.communicate()
    assert process.returncode == 0 and "Stopped. Saving" in output
    assert last_step(run) > 0


def test_a_stopped_run_goes_on_to_the_bit_in_another_process(
    stopped, data, steps, undisturbed
):
    run = stopped[0]
    assert main(train_command(data, run, "--until-step", str(steps))) == 0
    assert last_step(run) == last_step(undisturbed) == steps
    assert len(state(run)) > 50
    assert state(run) == state(undisturbed)
    assert losses(run) == losses(undisturbed)
    name = f"samples/{steps:07d}.png"
    assert (run / name).read_bytes() == (undisturbed / name).read_bytes()


def test_a_run_killed_while_it_saves_goes_on_to_the_bit(
    repository, data, steps, undisturbed, tmp_path
):
    run, script = tmp_path / "runs" / "killed", ["-c", SAVE_ALL_THE_TIME]
    arguments = [str(run), str(data), repr(SETTINGS)]
    for moment in ("begins", "saves"):
        with start(repository, *script, *arguments) as process:
            assert any(line.strip() == moment for line in process.stdout)
            while not list(run.glob("checkpoints/step-*.safetensors")):
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.5))
            process.kill()
    assert process.returncode not in (0, 1)
    assert main(train_command(data, run, "--until-step", str(steps))) == 0
    assert state(run) == state(undisturbed)
    assert losses(run) == losses(undisturbed)


TENSORFLOW_FIRST = """
import sys, tensorflow
from artgan.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_run_goes_on_with_other_kernels_and_says_so(
    repository, data, undisturbed, steps, tmp_path
):
    run = shutil.copytree(undisturbed, tmp_path / "runs" / "copied")
    assert json.loads(read_newest(run)[1]["kernels"])["oneDNN"]
    arguments = train_command(data, run, "--until-step", str(steps + 1))
    environment = os.environ | {"PYTHONPATH": str(repository)}
    environment["TF_ENABLE_ONEDNN_OPTS"] = "0"
    command = [sys.executable, "-c", TENSORFLOW_FIRST, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert "TensorFlow was loaded before artgan" in done.stderr
    assert done.stderr.count("set that variable and start again") == 1
    assert "with oneDNN" in done.stdout and "now is without oneDNN" in done.stdout
    assert not json.loads(read_newest(run)[1]["kernels"])["oneDNN"]
    assert not json.loads((run / "run.json").read_text("utf-8"))["kernels"]["oneDNN"]
