import errno
import subprocess
import sys

import pytest

from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

LOCKLESS = ("ENOSYS", "EOPNOTSUPP", "ENOTSUP", "ENOLCK", "EINVAL", "EIO")

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


@pytest.mark.parametrize("code", LOCKLESS)
def test_a_file_system_without_locks_is_told_once_and_used(
    code, tmp_path, monkeypatch, capsys
):
    def refuse(file):
        raise OSError(getattr(errno, code), f"reason {code}")

    monkeypatch.setattr("artgan.system.lock.lock", refuse)
    monkeypatch.setattr("artgan.system.lock.warned", set())
    for _ in range(2):
        with only_one(tmp_path, "training in") as held:
            assert held is False
    words = capsys.readouterr().err
    assert words.count("cannot lock files") == 1 and f"reason {code}" in words


@pytest.mark.parametrize("code", ["EAGAIN", "EACCES", "EDEADLK"])
def test_a_lock_that_another_process_holds_is_respected(code, tmp_path, monkeypatch):
    def refuse(file):
        raise OSError(getattr(errno, code), "held")

    monkeypatch.setattr("artgan.system.lock.lock", refuse)
    with pytest.raises(ArtganError, match="Another process is training in"):
        with only_one(tmp_path, "training in"):
            pass


def test_a_folder_that_takes_no_file_is_a_sentence(tmp_path):
    with pytest.raises(ArtganError, match="Cannot write in"):
        with only_one(tmp_path / "missing", "training in"):
            pass


def test_the_lock_is_told_to_be_held(tmp_path):
    with only_one(tmp_path, "training in") as held:
        assert held is True
