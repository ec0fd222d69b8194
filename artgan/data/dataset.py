"""A folder of pictures as one memory-mapped array, prepared once and kept beside it."""

from pathlib import Path

from artgan.data.folder import check_folder, list_pictures
from artgan.data.kinds import PASSED_OVER
from artgan.data.pictures import MOST_PIXELS
from artgan.data.preparation import find_or_prepare, relative_name
from artgan.data.report import (
    describe_files,
    describe_flat,
    describe_repeats,
    plural,
)
from artgan.data.walk import OURS
from artgan.system.arguments import LARGEST_SIDE, check_choice, check_whole
from artgan.system.errors import ArtganError
from artgan.system.printing import printable


class Dataset:
    """The pictures of a folder as squares, ready for training.

    images: [count, size, size, 3] uint8, on disk until read; names: the file of each,
    relative to the folder; problems: file -> why it is not used; passed_over: the
    same of hidden files, notes and our own folders; fingerprint: short text that
    identifies the squares by their pixels.

    fit: "crop" or "squash"; crops: how many squares are cut from an oblong picture;
    cut_bars: whether black bars go; most_pixels: of a file that is read. Raises
    ArtganError when fewer than 2 pictures are usable. The files are never changed.
    """

    def __init__(
        self,
        folder: str | Path,
        size: int,
        fit: str = "crop",
        crops: int = 1,
        cut_bars: bool = True,
        most_pixels: int = MOST_PIXELS,
        progress: bool = True,
    ) -> None:
        self.folder = Path(folder)
        check_folder(self.folder)
        paths, others = list_pictures(self.folder)
        settings = {
            "size": check_whole("size", size, 1, LARGEST_SIDE),
            "fit": check_choice("fit", fit, ("crop", "squash")),
            "crops": check_whole("crops", crops, 1, 9),
            "cut_bars": bool(cut_bars),
            "most_pixels": check_whole("most_pixels", most_pixels, 1, 2**40),
        }
        self.prepared = find_or_prepare(self.folder, paths, settings, progress)
        self.images, self.names = self.prepared.images, self.prepared.names
        self.fingerprint = self.prepared.fingerprint
        named = {relative_name(path, self.folder): why for path, why in others.items()}
        unused = sorted((named | self.prepared.problems).items())
        self.problems = {n: why for n, why in unused if why not in (PASSED_OVER, OURS)}
        self.passed_over = dict(item for item in unused if item[0] not in self.problems)
        if (count := len(set(self.names))) < 2:
            raise ArtganError(
                f"{printable(folder)} has {count} usable {plural(count, 'picture')}; "
                f"training needs 2 or more. {self.report()}"
            )

    @classmethod
    def as_in(cls, config, folder: str | Path) -> "Dataset":
        """The pictures of a folder, prepared as the settings of a run say."""
        return cls(folder, config.size, config.fit, config.crops, config.cut_bars)

    def __len__(self) -> int:
        return len(self.images)

    def report(self) -> str:
        """Say what was found, used and left out, and warn of poor pictures."""
        used = len(set(self.names))
        sentences = [
            describe_files(used, len(self), self.problems | self.passed_over),
            describe_flat(self.prepared.flat),
            describe_repeats(self.prepared.repeats, used),
        ]
        return " ".join(sentence for sentence in sentences if sentence)
