import errno
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from filelock import FileLock

from artgan.system.errors import ArtganError
from artgan.system.processes import ended_politely, only_one, stopped_between_steps


def press(*names):
    """Send signals to this process, as a person or a system does."""
    for name in names:
        signal.raise_signal(getattr(signal, name, signal.SIGTERM))


def test_ctrl_c_waits_until_the_step_is_over_a_second_does_not():
    before = signal.getsignal(signal.SIGINT)
    with stopped_between_steps() as stop_if_asked:
        stop_if_asked("a step", "its losses")
        press("SIGINT")
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked("a step", "its losses")
        with pytest.raises(KeyboardInterrupt):
            press("SIGINT")
        press("SIGINT", "SIGTERM")  # the end is being saved by now
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_a_system_sends_is_as_ctrl_c_once(name):
    before = signal.getsignal(signal.SIGTERM)
    with ended_politely():
        with pytest.raises(KeyboardInterrupt):
            press(name)
        press(name, "SIGTERM")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_what_nohup_ignores_stays_ignored():
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_politely(), stopped_between_steps() as stop_if_asked:
            press("SIGHUP")
            stop_if_asked()
    finally:
        signal.signal(signal.SIGHUP, old)


def test_another_thread_has_no_signals_to_hold_back():
    def work():
        with ended_politely(), stopped_between_steps() as stop_if_asked:
            stop_if_asked()

    with ThreadPoolExecutor() as threads:
        threads.submit(work).result()


INTERRUPTED = """
import builtins, sys
from artgan.__main__ import start
def interrupted(name, *rest, load=builtins.__import__):
    if name == sys.argv[1]:
        raise KeyboardInterrupt
    return load(name, *rest)
builtins.__import__ = interrupted
start()
"""


@pytest.mark.parametrize(
    "name", ["artgan.system.printing", "artgan.commands.parser", "argparse"]
)
def test_ctrl_c_while_the_program_is_loaded_shows_no_traceback(name, repository):
    command = [sys.executable, "-c", INTERRUPTED, name]
    done = subprocess.run(command, capture_output=True, cwd=repository, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


def test_one_after_the_other_and_never_two(tmp_path):
    for _ in range(2):
        with only_one(tmp_path, "training in"):
            with pytest.raises(ArtganError, match="Another process is training in"):
                with only_one(tmp_path, "training in"):
                    pass
        with pytest.raises(KeyError), only_one(tmp_path, "training in"):
            raise KeyError


@pytest.mark.parametrize(
    ("code", "refused"), [("EOPNOTSUPP", False), ("EACCES", True), ("EROFS", True)]
)
def test_a_file_system_without_locks_is_told_and_used_a_read_only_one_refused(
    code, refused, tmp_path, monkeypatch, capsys
):
    def refuse(self, **options):
        raise OSError(getattr(errno, code), f"reason {code}")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    try:
        with only_one(tmp_path, "training in"):
            assert not refused and "knows no locks" in capsys.readouterr().err
    except ArtganError as error:
        assert refused and f"Cannot write in {tmp_path} (reason {code})" in str(error)
