"""A folder of pictures as one memory-mapped array, prepared once and kept beside it."""

import io
import sys
import warnings
from pathlib import Path

import numpy as np
from tqdm import tqdm

from artgan.data.cache import (
    Prepared,
    cache_name,
    cache_places,
    clear_leavings,
    content_key,
    fingerprint_of,
    read_cache,
    remove_outdated,
    settings_key,
    working_beside,
    writable_place,
    write_cache,
)
from artgan.data.folder import check_folder, list_pictures
from artgan.data.likeness import flat_images, repeated_images
from artgan.data.pictures import MOST_PIXELS, prepare_pictures
from artgan.data.report import describe_files, describe_flat, describe_repeats
from artgan.system.errors import ArtganError
from artgan.system.printing import ForgivingStream, printable, say


class Dataset:
    """The pictures of a folder as squares, ready for training.

    images: [count, size, size, 3] uint8, on disk until read; names: the file of each,
    relative to the folder; problems: file -> why it is not used; fingerprint: short
    text that identifies the squares by their pixels.

    fit: "crop" or "squash"; crops: how many squares are cut from an oblong picture;
    cut_bars: whether black bars go; most_pixels: of a file that is read. Raises
    ArtganError when fewer than 2 pictures are usable. The files are never changed.
    """

    def __init__(
        self,
        folder,
        size,
        fit="crop",
        crops=1,
        cut_bars=True,
        most_pixels=MOST_PIXELS,
        progress=True,
    ):
        self.folder = Path(folder)
        check_folder(self.folder)
        paths, others = list_pictures(self.folder)
        settings = {"size": size, "fit": fit, "crops": crops, "cut_bars": cut_bars}
        settings["most_pixels"] = most_pixels
        self.prepared = find_or_prepare(self.folder, paths, settings, progress)
        self.images, self.names = self.prepared.images, self.prepared.names
        self.fingerprint = self.prepared.fingerprint
        others = {relative_name(path, self.folder): why for path, why in others.items()}
        self.problems = dict(sorted((others | self.prepared.problems).items()))
        if len(set(self.names)) < 2:
            raise ArtganError(
                f"{printable(folder)} has {len(set(self.names))} usable picture(s); "
                f"training needs 2 or more. {self.report()}"
            )

    def __len__(self):
        return len(self.images)

    def report(self):
        """Say what was found, used and left out, and warn of poor pictures."""
        used = len(set(self.names))
        sentences = [
            describe_files(used, len(self), self.problems),
            describe_flat(self.prepared.flat),
            describe_repeats(self.prepared.repeats, used),
        ]
        return " ".join(sentence for sentence in sentences if sentence)


def relative_name(path, folder):
    """The name of a file in a folder, with slashes on every system."""
    return path.relative_to(folder).as_posix()


def find_or_prepare(folder, paths, settings, progress):
    """Open what an earlier call prepared of these files, or prepare them: a Prepared.

    settings: keyword arguments of `prepare_pictures`.
    """
    name, size = cache_name(folder), settings["size"]
    keys = f"{settings_key(settings)}.{content_key(folder, paths)}"
    file_name = f"{name}.{size}px.{keys}.npy"
    for place in cache_places(folder):
        clear_leavings(place)
        try:
            return read_cache(place / file_name, size)
        except Exception:  # not there; or damaged, which raises anything
            continue
    try:
        cached = writable_place(folder) / file_name
        prepared = prepare_cache(cached, folder, paths, settings, progress)
        remove_outdated(cached, name)
        return prepared
    except (OSError, ArtganError) as error:
        # numpy tells no reason
        reason = getattr(error, "strerror", None) or "no space is left"
        say(
            "The prepared pictures cannot be kept on disk "
            f"({reason}), so they are prepared in memory, and again next time.",
            sys.stderr,
        )
        return prepare_in_memory(folder, paths, settings, progress)


def prepare_cache(cached, folder, paths, settings, progress):
    """Prepare pictures into a cache file and open it; raises OSError on a full disk."""
    size = settings["size"]
    with working_beside(cached.parent) as work:
        raw = work / "raw"
        with raw.open("wb") as out:
            names, problems = prepare_into(out, folder, paths, settings, progress)
        if len(set(names)) < 2:  # of no use; the caller says so
            return summarize(np.fromfile(raw, np.uint8), names, problems, size)
        rows = np.memmap(raw, np.uint8, "r")
        write_cache(work, cached, summarize(rows, names, problems, size))
        del rows  # Windows deletes no file that is mapped
    return read_cache(cached, size)


def prepare_in_memory(folder, paths, settings, progress):
    """Prepare pictures where no file can be written."""
    out = io.BytesIO()
    names, problems = prepare_into(out, folder, paths, settings, progress)
    pixels = np.frombuffer(out.getbuffer(), np.uint8)
    return summarize(pixels, names, problems, settings["size"])


def prepare_into(out, folder, paths, settings, progress):
    """Write the pixels of all squares to a binary file: (names, problems)."""
    names, problems = [], {}
    stream = ForgivingStream(sys.stderr) if sys.stderr else None
    quiet = not (progress and stream) or None  # None: unless it is a terminal
    bar = tqdm(paths, "Preparing pictures", disable=quiet, file=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about odd metadata
        for path, square, problem in prepare_pictures(bar, **settings):
            if problem:
                problems[relative_name(path, folder)] = problem
            else:
                names.append(relative_name(path, folder))
                out.write(square.tobytes())
    return names, problems


def summarize(pixels, names, problems, size):
    """Make a Prepared of pixels [count * size * size * 3] uint8, and look at them."""
    images = pixels.reshape(len(names), size, size, 3)
    flat = flat_images(images)
    repeats = {
        names[later]: names[first]
        for later, first in repeated_images(images).items()
        if not {later, first} & set(flat) and names[later] != names[first]
    }
    flat_names = list(dict.fromkeys(names[number] for number in flat))
    return Prepared(
        images, names, problems, fingerprint_of(images), flat_names, repeats
    )
