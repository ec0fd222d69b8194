import subprocess
import sys

import pytest

from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

HOLD = """
import sys
from artgan.system.lock import only_one
with only_one(sys.argv[1], "holding"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_one_says_so_and_a_killed_one_lets_go(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline().strip() == b"held"
        with pytest.raises(ArtganError, match="Another process is training in"):
            with only_one(tmp_path, "training in"):
                pass
        process.kill()
    with only_one(tmp_path, "training in"):
        pass


def test_one_after_the_other(tmp_path):
    for _ in range(2):
        with only_one(tmp_path, "training in"):
            pass
