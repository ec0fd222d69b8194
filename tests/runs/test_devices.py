"""Any number of devices, and of computers, comes to the same result and ends well."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from artgan.runs.log import read_log
from artgan.storage.checkpoints import checkpoint_paths
from artgan.storage.weights import first_whole

WORK = Path(__file__).with_name("devices_work.py")
LONGEST = 600  # seconds that anything may take on a busy machine
pytestmark = pytest.mark.trial  # a minute or two: not each time


class Computer:
    """A process that trains, or one of several that do; its output lies in files."""

    def __init__(self, place, *words, number=None, ports=()):
        places = f"{WORK.parents[2]}{os.pathsep}{WORK.parents[1]}"
        environment = os.environ | {"PYTHONPATH": places}
        if ports:
            config = {"cluster": {"worker": [f"127.0.0.1:{port}" for port in ports]}}
            config["task"] = {"type": "worker", "index": number}
            environment["TF_CONFIG"] = json.dumps(config)
        self.files = [place / f"{kind}-{number}-{words[-1]}" for kind in ("out", "err")]
        with self.files[0].open("wb") as out, self.files[1].open("wb") as err:
            command = [sys.executable, WORK, *words]
            self.process = subprocess.Popen(
                command, cwd=place, env=environment, stdout=out, stderr=err
            )

    @property
    def losses(self):
        """Of each run, what its callback was told after each step."""
        lines = self.files[0].read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("[[")]

    @property
    def told(self):
        """What it said on the standard error output."""
        return self.files[1].read_text("utf-8")

    @property
    def made(self):
        """The steps that it has made so far, of all its runs."""
        return [int(step) for step in re.findall(r"^made (\d+)$", self.told, re.M)]

    def wait(self):
        """Wait for its end and return the exit code."""
        try:
            return self.process.wait(LONGEST)
        finally:
            self.process.kill()


def two_computers(place, *asked, odd=((), ())):
    """Start two that train together over the loopback; odd: the last words of each."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    words = [("runs", *asked, *odd[n]) for n in range(2)]
    return [Computer(place, *words[n], number=n, ports=ports) for n in range(2)]


def until(condition, computers):
    """Wait until something is so; fail if it takes too long, or one has ended."""
    began = time.monotonic()
    while not condition():
        ended = [each.told for each in computers if each.process.poll() is not None]
        assert not ended and time.monotonic() < began + LONGEST, ended
        time.sleep(0.05)


def state(place, run):
    """(step, {name: array}) of the newest checkpoint of a run."""
    paths = checkpoint_paths(place / "runs" / run / "checkpoints")
    _, (arrays, about) = first_whole(paths)
    return int(about["step"]), arrays


def weights_apart(one, other):
    """The largest difference between the weights of two states."""
    names = [name for name in one[1] if "optimizer" not in name]
    return max(np.abs(one[1][name] - other[1][name]).max() for name in names)


@pytest.fixture(scope="module")
def place(tmp_path_factory, draw_pictures):
    """A folder with two folders of six pictures."""
    place = tmp_path_factory.mktemp("devices")
    for name in "photos", "others":
        draw_pictures(place / name, 6, (32, 32))
    return place


@pytest.fixture(scope="module")
def here(place):
    """One computer trained as two devices, as one, and a run first so, then so."""
    runs = ["two,default,3,photos,2", "one,default,3,photos,1"]
    runs += [f"mixed,dcgan,1,photos,{n}" for n in (2, 1)]
    computer = Computer(place, "runs", *runs, "straight,dcgan,3,photos,1")
    assert computer.wait() == 0, computer.told
    return computer


@pytest.fixture(scope="module")
def there(here, place):
    """Two train, go on with a run until one is to end, and have other pictures."""
    ways = ("", "photos"), (",,3", "others")
    odd = [(f"mixed,dcgan,99,photos{end}", f"odd,dcgan,1,{of}") for end, of in ways]
    pair = two_computers(place, "pair,default,3,photos", odd=odd)
    assert [each.wait() for each in pair] == [1, 1], [each.told for each in pair]
    return pair


def test_two_devices_compute_what_one_does(here, place):
    two, one = here.losses[:2]
    np.testing.assert_allclose(two, one, rtol=0, atol=1e-5)
    states = state(place, "two"), state(place, "one")
    assert states[0][0] == states[1][0] == 3
    assert weights_apart(*states) < 1e-6


def test_two_computers_compute_the_very_bits_of_two_devices(here, there, place):
    assert there[0].losses[0] == there[1].losses[0] == here.losses[0]
    ours, theirs = state(place, "pair")[1], state(place, "two")[1]
    assert ours.keys() == theirs.keys()
    assert all((ours[name] == theirs[name]).all() for name in ours)


def test_any_number_of_devices_goes_on_with_a_run_of_another(here, there, place):
    """Two devices, then one, then two computers made a step each."""
    steps = [*here.losses[2], *here.losses[3], *there[0].losses[1]]
    np.testing.assert_allclose(steps, here.losses[4], rtol=0, atol=1e-4)
    mixed, straight = state(place, "mixed"), state(place, "straight")
    assert mixed[0] == 3 and weights_apart(mixed, straight) < 1e-6


def test_what_ends_one_computer_ends_all_after_the_same_step(there, place):
    last = there[0].made[-1]
    assert there[1].made[-1] == last == state(place, "mixed")[0] == 3
    assert all("Stopped. Saving" in each.files[0].read_text() for each in there)


def test_the_chief_alone_keeps_the_run(there, place):
    rows = read_log(place / "runs" / "pair" / "log.jsonl")
    steps = [row["step"] for row in rows if "structure" not in row]
    assert steps == [1]  # and no second row of it
    assert "Watch " not in there[1].files[0].read_text()


def test_different_pictures_are_told_with_the_computer_that_has_them(there, place):
    for each in there:
        assert "told: Worker 1 has other pictures than worker 0." in each.told
    assert not (place / "runs" / "odd").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_ctrl_c_ends_the_wait_for_a_computer_that_never_comes(place):
    with socket.create_server(("127.0.0.1", 0)) as free:
        ports = free.getsockname()[1], 1  # where nobody is
    lone = Computer(place, "runs", "lone,dcgan,1,photos", number=0, ports=ports)
    until(lambda: "Waiting until 127.0.0.1" in lone.files[0].read_text(), [lone])
    time.sleep(1)
    lone.process.send_signal(signal.SIGINT)
    assert lone.wait() == -signal.SIGINT


def test_a_computer_that_dies_ends_the_other_within_a_minute(place):
    asked = [[f"killed{n},dcgan,{end},photos" for end in (2, 99999)] for n in range(2)]
    pairs = [two_computers(place, *words) for words in asked]
    for (chief, worker), victim in zip(pairs, (0, 1), strict=True):
        until(lambda chief=chief: len(chief.made) > 5, [chief, worker])
        (chief, worker)[victim].process.kill()  # one of each
    began = time.monotonic()
    for number, other in enumerate([pairs[0][1], pairs[1][0]]):
        assert other.wait() == 1 and time.monotonic() < began + 60
        assert "Start it again, on all its computers" in " ".join(other.told.split())
        assert state(place, f"killed{number}")[0] == 2  # the next goes on from there
