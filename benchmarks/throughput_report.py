"""What `throughput.py` prints and writes."""

import csv
import importlib.metadata
import importlib.util
import os
import platform
from datetime import date
from pathlib import Path

import numpy as np
import psutil

LABELS = {
    "artgan": "this project",
    "keras": "idiomatic Keras",
    "tutorial": "TensorFlow's tutorial",
    "torch": "PyTorch, eager",
}


def make_rows(batch, timings, peaks, operations):
    """One dictionary for each implementation in each precision.

    timings: {(name, precision): (seconds of each step, GiB)}; peaks: {precision:
    operations a second}; operations: {name: operations a picture}.
    """
    speeds = {
        task: batch / float(np.median(seconds))
        for task, (seconds, _) in timings.items()
    }
    own = {task[1]: speed for task, speed in speeds.items() if task[0] == "artgan"}
    rows = []
    for (name, precision), (seconds, memory) in timings.items():
        speed, work = speeds[name, precision], operations[name]
        slow, fast = batch / np.percentile(seconds, (90, 10))
        row = {"implementation": LABELS[name], "precision": precision}
        row |= {"pictures/s": round(speed, 2), "spread": f"{slow:.2f} to {fast:.2f}"}
        if own:
            row["project is faster by"] = round(own[precision] / speed, 2)
            row["and at its best by"] = round(max(own.values()) / speed, 2)
        row["GFLOP/picture"] = round(work / 1e9, 2)
        row["GFLOP/s"] = round(work * speed / 1e9, 1)
        row["% of peak"] = round(100 * work * speed / peaks[precision], 1)
        rows.append(row | {"GiB": round(memory, 2)})
    return rows


def print_table(rows):
    """Print rows as a Markdown table."""
    lines = [list(rows[0]), *(list(map(str, row.values())) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        cells = (cell.ljust(n) for cell, n in zip(line, widths, strict=True))
        print("| " + " | ".join(cells) + " |")


def describe_processor():
    """The processor, its cores, and how it can multiply."""
    model, flags, cpu = platform.processor(), "", Path("/proc/cpuinfo")
    if cpu.exists():
        lines = cpu.read_text("utf-8", "replace").splitlines()
        fields = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
        fields = {key.strip(): value.strip() for key, value in fields.items()}
        model = fields.get("model name", model)
        flags = fields.get("flags", "").split()
    found = [flag for flag in ("amx_bf16", "avx512_bf16", "avx2") if flag in flags]
    return f"{model}, {psutil.cpu_count()} cores, {' '.join(found) or 'flags unknown'}"


def describe(options):
    """What was measured, where, with what, when: {name: words}."""
    versions = {"python": platform.python_version()}
    for name in ("tensorflow", "keras", "torch"):
        if importlib.util.find_spec(name):
            versions[name] = importlib.metadata.version(name)
    return {
        "date": str(date.today()),
        "machine": f"{describe_processor()}, {platform.platform()}",
        "other programs": f"{psutil.cpu_percent(1):.0f} % of the processor before",
        "versions": ", ".join(f"{name} {text}" for name, text in versions.items()),
        "preset": f"{options.preset}, {options.size} pixels, batch {options.batch}",
        "pictures": str(options.data or "made up"),
        "steps": f"{options.rounds} rounds of {options.steps} after {options.warm_up}",
        "clock": options.clock,
        "seed": str(options.seed),
    }


def write_csv(path, rows, about):
    """Write the rows, each with all about it, so that a line can stand alone."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*rows[0], *about])
        table.writeheader()
        table.writerows(row | about for row in rows)
    os.replace(temporary, path)
