"""Pictures of your own, in a folder with any nesting."""

import os
from pathlib import Path

from artgan.gather.sources.problems import SourceError

PICTURE_SUFFIXES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
)


def list_folder(folder):
    """List the picture files under a folder, sorted by path, as Path objects.

    Hidden files and folders are left out, linked folders followed, each once.
    Raises SourceError when the folder is missing or holds no picture files.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise SourceError(
            f"There is no folder {folder}. Check the spelling, or make it and put "
            "pictures in it."
        )
    files = sorted(picture_files(folder))
    if not files:
        kinds = ", ".join(suffix[1:] for suffix in PICTURE_SUFFIXES)
        raise SourceError(
            f"The folder {folder} holds no pictures ({kinds}), nor do the folders in "
            "it. Put some there, or name another folder."
        )
    return files


def picture_files(folder):
    """Yield the picture files under a folder, which may link back to itself."""
    visited = set()
    for place, folder_names, file_names in os.walk(folder, followlinks=True):
        real_place = os.path.realpath(place)
        if real_place in visited:
            folder_names.clear()
            continue
        visited.add(real_place)
        folder_names[:] = sorted(n for n in folder_names if not n.startswith("."))
        for name in file_names:
            path = Path(place, name)
            if is_picture_name(name) and path.is_file():
                yield path


def is_picture_name(name):
    """Tell whether a file name is that of a picture, and not hidden."""
    return not name.startswith(".") and name.lower().endswith(PICTURE_SUFFIXES)
