"""The commands where names cannot be printed and nobody reads on."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes streams")
SMALL = ["size=32", "base_channels=2", "max_channels=4", "precision=float32"]


@pytest.fixture
def place(tmp_path):
    """A folder with pictures of odd names."""
    (tmp_path / "絵 [2024]").mkdir()
    draw = np.random.default_rng(0)
    for name in (b"1.png", b"caf\xe9.png", b"\x1b[2J.png", "絵.png".encode()):
        values = draw.integers(0, 256, [40, 40, 3], np.uint8)
        path = os.path.join(os.fsencode(tmp_path / "絵 [2024]"), name)
        try:
            with open(path, "wb") as file:
                Image.fromarray(values).save(file, "PNG")
        except OSError:  # a file system that takes no such name
            continue
    (tmp_path / "絵 [2024]" / "\x1b[31mnone.jpg").write_text("none", "utf-8")
    return tmp_path


def run_in(place, repository, streams, *arguments):
    """Run a command with a narrow encoding: (status, output)."""
    shell = f'exec "$@" {streams}'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "artgan", *arguments]
    odd = {"PYTHONIOENCODING": "cp1252", "LC_ALL": "C", "PYTHONPATH": str(repository)}
    done = subprocess.run(
        command, cwd=place, env=os.environ | odd, capture_output=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_pictures_of_odd_names_are_taken_on_a_narrow_terminal(place, repository):
    settings = [f"--set={setting}" for setting in SMALL]
    train = ["train", "--data", "絵 [2024]", "--dry-run", "--preset", "dcgan"]
    status, output = run_in(place, repository, "", *train, *settings)
    assert status == 0 and b"Two steps ran" in output, output
    assert b"\x1b" not in output and b"none.jpg" in output


def test_who_reads_no_further_is_told_nothing(place, repository):
    status, output = run_in(place, repository, "| true", "weights", "list")
    assert (status, output) == (0, b"")


def test_a_name_that_cannot_be_printed_is_told_in_escapes(place, repository):
    status, output = run_in(place, repository, "", "train", "--data", "無い\x1b[2J")
    assert status == 2 and b"\x1b" not in output
    assert b"no folder" in output and b"\\u7121" in output or b"\\udc" in output
