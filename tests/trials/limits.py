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
        assert sys.platform == "linux", "run the trials as another user than root"
        library = ctypes.CDLL(None, use_errno=True)
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
        assert library.capget(header, sets) == 0
        sets[0] &= ~OVERRIDES
        sets[1] &= ~OVERRIDES
        assert library.capset(header, sets) == 0
    return function(*arguments)


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
    subprocess.run(["mount", "-o", "remount,size=8m", str(place)], check=True)


def set_modes(folder, writable):
    """Let nobody, or the owner again, change anything under a folder."""
    for path in (folder, *folder.rglob("*")):
        run = 0o111 if path.is_dir() else 0
        path.chmod(0o444 + run + (0o200 if writable else 0))


def run_out(log, *work):
    """Run until there is no room; it must end well, or with one sentence."""
    code, output = run_to_end(log, *work)
    assert code in (0, 2) and "Traceback" not in output, output
    if code == 2:
        assert output.splitlines()[-1].startswith("artgan: "), output
    return code
