"""What a figure was measured on."""

import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


def describe_machine():
    """The processor and what limits it, in a line, and the programs in another."""
    cpu = Path("/proc/cpuinfo")
    text = cpu.read_text("utf-8", "replace") if cpu.exists() else ""
    names = [line.split(": ")[1] for line in text.splitlines() if "model name" in line]
    flags = [flag for flag in FLAGS if flag in text.split()]
    limit, chosen = (
        os.environ.get(name, "not set")
        for name in ("ONEDNN_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS")
    )
    return (
        f"{os.cpu_count()} cores of {(names or ['an unknown processor'])[0]} with "
        f"{', '.join(flags)}; ONEDNN_MAX_CPU_ISA is {limit}\n"
        f"TensorFlow {version('tensorflow')}; TF_ENABLE_ONEDNN_OPTS is {chosen}; "
        f"{time.strftime('%d %B %Y')}"
    )


def peak_memory(children=False):
    """The most memory in GiB that this process, or one it started, has held.

    Not a number where the system does not tell.
    """
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    unit = 2**30 if sys.platform == "darwin" else 2**20
    return resource.getrusage(who).ru_maxrss / unit
