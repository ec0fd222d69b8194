"""Disks that are full and folders that are read-only, for a process on trial."""

import ctypes
import os
import subprocess
import sys
from contextlib import contextmanager

from trials.killing import run_to_end

CAPABILITY_VERSION = 0x20080522
OVERRIDES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def with_file_limit(most_bytes, function, *arguments):
    """Call a function in a process that can write no file longer than this."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    return function(*arguments)


def obeying_modes(function, *arguments):
    """Call a function in a process that must obey the modes of files even as root."""
    if os.geteuid() == 0:
        give_up_overrides()
    return function(*arguments)


def give_up_overrides():
    """Give up root's right to write where no mode lets anybody write (Linux)."""
    if sys.platform != "linux":
        raise RuntimeError("run the trials as another user than root")
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits
    if library.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    sets[0] &= ~OVERRIDES
    sets[1] &= ~OVERRIDES
    if library.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")


@contextmanager
def small_disk(place, kilobytes):
    """Mount a disk of a few kilobytes for the block; yield whether that is allowed."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "trial", str(place)]
    try:
        mount = subprocess.run(["mount", *options], stderr=subprocess.DEVNULL)
        mounted = mount.returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


def enlarge(place):
    """Make room on a small disk."""
    command = ["mount", "-o", "remount,size=8m", str(place)]
    subprocess.run(command, check=True)


def set_modes(folder, writable):
    """Let nobody, or the owner again, change anything under a folder."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755 if writable else 0o555)
        else:
            path.chmod(0o644 if writable else 0o444)


def run_out(log, *work):
    """Run until there is no room; it must end well, or with one sentence."""
    code, output = run_to_end(log, *work)
    assert code in (0, 2), output
    assert "Traceback" not in output
    if code == 2:
        assert output.splitlines()[-1].startswith("artgan: "), output
    return code
