"""What a run finds in its pictures: their stretch, and classes of folders or others."""

from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from artgan.data.dataset import Dataset
from artgan.data.folder import FEWEST, OTHER, large_classes, plain_name
from artgan.gan.classes import class_counts
from artgan.gan.config import Config, resolved_config
from artgan.gan.feature_network import load_features
from artgan.gather.table import read_table, write_table
from artgan.paint.files import picture_grid, stretched
from artgan.paint.painter import Painter
from artgan.runs.begin import Plan
from artgan.runs.health import features_of
from artgan.runs.run import Run
from artgan.system.arguments import check_whole
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, replacing, write_object
from artgan.system.printing import printable

TABLE, LABELS, SHEET = "classes.csv", "labels.json", "classes.png"
SHOWN = 8  # pictures of a class on its sheet


def with_found(plan: Plan, dataset: Dataset) -> tuple[Plan, np.ndarray | None]:
    """A plan whose config has stretch and classes; each picture's label: int [n]."""
    config = plan.config
    if plan.begins and config.fit == "squash" and config.stretch == 1:
        config = replace(config, stretch=dataset.stretch)
    if not config.classes_from:
        return replace(plan, config=config), None
    found = classes_in(dataset, config) if plan.begins else None
    names, labels = found or kept_classes(plan.run, dataset)
    counts = np.bincount(labels, minlength=len(names)).tolist()
    told = [f"{name}:{count}" for name, count in zip(names, counts, strict=True)]
    config = resolved_config(asdict(config) | {"classes": ",".join(told)})
    kind = printable(config.classes_from)
    print(f"Classes, by {kind}, and their pieces: {', '.join(told)}.")
    print(f"They count in full once {config.classes_full:,} pictures were seen.")
    if plan.begins and OTHER in names:
        print(f"What has fewer than {FEWEST} pictures is in {OTHER!r}.")
    return replace(plan, config=config), labels


def classes_in(dataset: Dataset, config: Config) -> tuple[list[str], np.ndarray]:
    """The names of a dataset's classes, and the label of each picture: int [n]."""
    if not config.classes_from.isdecimal():
        return dataset.labels(config.classes_from)
    most = check_whole("classes", int(config.classes_from[:9]), 2, 1024)
    try:
        from sklearn.cluster import KMeans
    except ImportError:
        raise ArtganError(
            "Finding classes needs scikit-learn: pip install 'artgan[classes]'."
        ) from None
    seen = features_of(dataset.images, load_features())
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    means = KMeans(min(most, len(seen)), n_init=4, random_state=0)
    found = [f"class {number + 1}" for number in means.fit_predict(seen)]
    names, labels = np.unique(large_classes(dataset.names, found), return_inverse=True)
    if len(names) < 2:
        raise ArtganError(f"Of {most} classes none had {FEWEST} pictures; find fewer.")
    return names.tolist(), labels


def kept_classes(run: Run, dataset: Dataset) -> tuple[list[str], np.ndarray]:
    """The classes of a run that goes on, as `keep_classes` wrote them."""
    table = read_table(run.folder / TABLE, "name")
    try:
        kept = read_object(run.folder / LABELS)
        names = [plain_name(row["name"]) for row in table]
        if kept["fingerprint"] != dataset.fingerprint:
            raise ArtganError("The pictures are others.")
        labels = np.array(kept["labels"], np.int64)
        had = [f"{count}" for count in np.bincount(labels)]
        if [row["pieces"] for row in table] != had or len({*names}) < len(had):
            raise ArtganError(f"{TABLE} needs its rows in order, each with a name.")
    except (ArtganError, LookupError, OSError, TypeError, ValueError) as error:
        raise ArtganError(
            f"The classes of {run} are not found again: {printable(error)} Nothing was "
            f"changed. Mend it, or begin another --run --from {printable(run.name)}."
        ) from None
    return names, labels


def class_names(painter: Painter, dataset: Dataset) -> np.ndarray | None:
    """The class of each picture, of a painter's run or by name; None if unknown."""
    names, kind = list(class_counts(painter.config)), painter.config.classes_from
    if not names:
        return None
    with suppress(ArtganError, IndexError):
        labels = kept_classes(Run((painter.place or Path()).parents[1]), dataset)[1]
        return np.array(names)[labels]
    with suppress(ArtganError):  # classes were found, or these pictures tell none
        names, labels = dataset.labels(kind)
        return np.array(names)[labels]
    return None


def keep_classes(plan: Plan, dataset: Dataset, labels: np.ndarray) -> None:
    """Write a sheet with a row for each class, its name to be changed, and labels."""
    folder, counts = plan.run.folder, class_counts(plan.config)
    first = np.unique(dataset.names, return_index=True)[1]  # piece of each picture
    rows = (first[labels[first] == number] for number in range(len(counts)))
    chosen = np.concatenate([np.resize(row, SHOWN) for row in rows])
    shown = stretched(dataset.images[chosen], plan.config)
    with replacing(folder / SHEET) as temporary:
        picture_grid(shown, SHOWN).save(temporary, "PNG")
    table = [{"name": name, "pieces": f"{n}"} for name, n in counts.items()]
    write_table(folder / TABLE, (), table)
    kept = {"fingerprint": dataset.fingerprint, "labels": labels.tolist()}
    write_object(folder / LABELS, kept)
    print(f"{folder / SHEET} shows each. To rename: {folder / TABLE}, then train on.")
