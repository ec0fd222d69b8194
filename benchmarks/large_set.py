"""A training on a large set: memory beside the map, and how soon the first step comes.

python benchmarks/large_set.py --pictures 20000
python benchmarks/large_set.py --pictures 200000 --size 128    # 10 GB of disk

The pictures are made up and prepared already: a folder of empty files stands for them,
and the memory-mapped array lies where the preparation would have left it.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.machine import describe_machine  # noqa: E402


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--pictures", type=int, default=20_000)
    add("--size", type=int, default=128, help="side of the pictures in pixels")
    add("--steps", type=int, default=20, help="to train (default: 20)")
    add("--place", type=Path, help="a folder for pictures and run (default: temporary)")
    return parser.parse_args(arguments)


def make_pictures(place, count, size):
    """Prepare made-up pictures, and return the folder that stands for their files."""
    from artgan.data import preparation
    from artgan.data.dataset import Dataset
    from artgan.gan.config import preset

    folder = place / "pictures"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:06d}.png").touch()

    def write(folder, paths, settings, out):
        """Write blocks of colours where `write_pieces` writes pictures."""
        draw = np.random.default_rng(0)
        for _ in paths:
            colours = draw.integers(0, 256, [8, 8, 3], np.uint8)
            out.write(colours.repeat(size // 8, 0).repeat(size // 8, 1).tobytes())
        names = [path.name for path in paths]
        notes = {"names": names, "remarks": {}, "fingerprint": "0" * 16}
        return notes | {"stretch": 1.0}

    before, preparation.write_pieces = preparation.write_pieces, write
    Dataset.as_in(preset("default", size=size), folder)
    preparation.write_pieces = before
    return folder


def own_memory():
    """The memory in GiB of this process beside mapped files, on Linux."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    [line] = [line for line in lines if line.startswith("RssAnon")]
    return int(line.split()[1]) / 2**20


def measure(folder, size, steps):
    """Train; return seconds to the first step, and the most memory beside the map."""
    import artgan

    began, seconds, memory = time.perf_counter(), [], []

    def note(gan, losses):
        seconds.append(time.perf_counter() - began)
        memory.append(own_memory())

    place = {"runs": folder.parent / "runs"}
    artgan.train(folder, "large", steps=steps, size=size, callbacks=[note], **place)
    return seconds, max(memory)


def main():
    """Make the pictures, train on them, print what it took."""
    options = parse()
    with tempfile.TemporaryDirectory() as temporary:
        place = (options.place or Path(temporary)).resolve()
        os.environ["ARTGAN_CACHE"] = str(place / "cache")
        folder = make_pictures(place, options.pictures, options.size)
        seconds, memory = measure(folder, options.size, options.steps)
    gigabytes = options.pictures * options.size**2 * 3 / 1e9
    pause = 1000 * np.median(np.diff(seconds))
    print(describe_machine())
    print(f"{options.pictures:,} pictures of {options.size} px, {gigabytes:.1f} GB:")
    print(f"first step after {seconds[0]:.1f} s, then {pause:.0f} ms a step;")
    print(f"{memory:.2f} GiB of memory beside the map.")


if __name__ == "__main__":
    main()
