"""A folder of pictures as one memory-mapped array, prepared once and kept."""

from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from artgan.data.folder import (
    FEWEST,
    OTHER,
    check_folder,
    folder_classes,
    large_classes,
    list_files,
    plain_name,
    told_classes,
)
from artgan.data.pictures import shape_of
from artgan.data.preparation import find_or_prepare
from artgan.system.arguments import check_whole, in_a_sentence, wrong
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

PASSED_OVER = "passed over: hidden, notes, raw photographs, runs or not opened"


class Dataset:
    """The pictures of a folder in one shape, ready for training; it is only read.

    images: [count, height, width, 3] uint8, on disk until read; names: the file of
    each; remarks: what is odd, or why it is not used -> files; fingerprint: identifies
    the images by their pixels; stretch: how much wider the files are, their median.
    size: 128, (192, 128) or "192x128"; crops: how many pieces are cut from an oblong
    picture. ArtganError of fewer than 2 usable pictures.
    """

    @in_a_sentence()
    def __init__(
        self,
        folder: str | Path,
        size: int | tuple[int, int] | str,
        fit: str = "crop",
        crops: int = 1,
        cut_bars: bool = True,
    ) -> None:
        self.folder = check_folder(folder)
        if fit not in ("crop", "squash"):
            raise wrong("fit", fit, "crop or squash")
        settings = {"size": shape_of(size), "fit": fit, "cut_bars": bool(cut_bars)}
        settings["crops"] = check_whole("crops", crops, 1, 9)
        paths, passed = list_files(self.folder)
        self.images, notes = find_or_prepare(self.folder, paths, settings)
        self.names, self.fingerprint = notes["names"], notes["fingerprint"]
        self.stretch = notes["stretch"]
        self.files, self.remarks = len(paths), {PASSED_OVER: passed} | notes["remarks"]
        folders = {*large_classes(self.names, folder_classes(self.names))} - {OTHER}
        if len(folders) > 1:
            self.remarks["folders that could be classes"] = sorted(folders)
        if (count := len(set(self.names))) < 2:
            raise ArtganError(
                f"{printable(folder)} has {count} usable picture{'s' * (count != 1)}; "
                f"it takes 2 or more. {self.report()}"
            )

    @classmethod
    def as_in(cls, config, folder: str | Path) -> "Dataset":
        """The pictures of a folder, prepared as the settings of a run say."""
        height, width = config.shape
        return cls(folder, (width, height), config.fit, config.crops, config.cut_bars)

    def __len__(self) -> int:
        return len(self.images)

    @in_a_sentence()
    def labels(self, kind: str) -> tuple[list[str], np.ndarray]:
        """The class of each picture: (names of classes, their numbers int [count]).

        kind: "folder", the first level of folders, a column of metadata.csv in the
        folder, or a .json file there, as StyleGAN's. Raises ArtganError.
        """
        if kind == "folder":
            told = folder_classes(self.names)
        else:
            said = told_classes(self.folder, kind)
            told = [plain_name(said.get(name) or "") for name in self.names]
        classes = np.array(large_classes(self.names, told))
        found, numbers = np.unique(classes, return_inverse=True)
        if len(found) < 2:
            where = f"By {printable(kind, 40)}, {printable(self.folder)}"
            raise ArtganError(f"{where} has no two classes, of {FEWEST} pictures each.")
        return found.tolist(), numbers

    def report(self) -> str:
        """Say what was found, used and left out, and what to look at."""
        used = len(set(self.names))
        text = f"{self.files} file{'s' * (self.files != 1)}: "
        text += "all used" if used == self.files > 0 else f"{used} used"
        text += f" (as {len(self)} pieces)." if len(self) > used else "."
        told = []
        for words, names in self.remarks.items():
            shown = [printable(name, 60) for name in names[:3]]
            shown += ["..."] * (len(names) > 3)
            told += [f"{len(names)} {words} ({', '.join(shown)})"] * bool(names)
        return f"{text} {'; '.join(told)}." if told else text


def commonest_shape(folder: str | Path) -> tuple[int, int]:
    """The commonest (width, height) of pictures, multiples of 32, the shorter 128."""
    shapes = Counter([(128, 128)])
    for path in list_files(check_folder(folder))[0]:
        with suppress(Exception), Image.open(path) as file:  # told when it is prepared
            turned = file.getexif().get(0x0112, 1) > 4
            sides = file.size[::-1] if turned else file.size
            width, height = (round(4 * side / min(sides)) * 32 for side in sides)
            shapes[min(width, 1024), min(height, 1024)] += 1  # the most of a config
    return shapes.most_common(1)[0][0]
