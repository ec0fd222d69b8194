"""What a training is to do, checked as far as it goes before TensorFlow is loaded."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from artgan.data.dataset import Dataset, commonest_shape
from artgan.data.folder import check_folder
from artgan.data.pictures import shape_of
from artgan.gan.config import Config, compare_configs, preset, resolved_config
from artgan.runs.run import Run
from artgan.storage.resolve import resolve
from artgan.storage.weights import first_whole, read_weights
from artgan.system.arguments import check_path, wrong
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

FEW = 20  # pictures
BUILT = "size width fit generator latent_size latent_distribution initial_resolution"
BUILT += " base_channels max_channels discriminator mixing_channels head_channels"


@dataclass(frozen=True)
class Plan:
    """A training of which all that can be checked quickly is right."""

    run: Run
    pictures: Path
    config: Config
    warm_start: str | None  # the model that it begins or began with
    begins: bool  # nothing was saved yet
    fresh: bool  # an old run of the name is set aside
    new_data: bool  # pictures will do that it has not learnt from


def plan_training(
    data: str | Path | None,
    name: str | None,
    runs: str | Path = "runs",
    *,
    preset: str | None = None,
    changes: dict[str, Any],
    warm_start: str | Path | None = None,
    fresh: bool = False,
    new_data: bool = False,
) -> Plan:
    """What to train, from what was asked for; ArtganError for what cannot work.

    data: the folder of pictures, None for the run's own; name: of the run, None for
    that of the pictures' folder; changes: of fields of the config.
    """
    runs = check_path("runs", runs)
    data = None if data is None else check_path("data", data)
    run = Run(runs / run_name(data, name))
    known = None if fresh and preset else run.read()
    pictures = check_folder(data or run.find_pictures())
    run.check_place(pictures)
    begins = fresh or not run.saved
    model = known.get("warm_start") if known else None
    if warm_start is not None:
        wanted = str(check_path("warm_start", warm_start))
        if not begins and wanted != model:
            raise ArtganError(
                f"{run} is there already and began with {printable(model or 'noise')}. "
                "Nothing was changed. Leave --from (warm_start) out to go on, or name "
                "another --run."
            )
        model = wanted
    changes = with_shape(changes, pictures)
    if model and begins:
        learnt = first_whole(resolve(model, runs).paths, read_weights)[1].settings
        if not (known or preset):  # then it is built as what it begins with
            changes = {n: learnt[n] for n in BUILT.split() if n in learnt} | changes
    config = wanted_config(known, preset, changes, begins)
    return Plan(run, pictures, config, model, begins, fresh, new_data)


def run_name(data: Path | None, name: str | None) -> str:
    """The name of a run: its own, or that of the folder of pictures."""
    if not (data or name):
        raise ArtganError(
            "Name a folder of pictures, such as --data data/vedute, or a run to go on "
            "with, such as --run vedute."
        )
    if name is None and data:
        name = re.sub(r"[^\w .-]+", "-", data.resolve().name)[:100].strip(" .-")
    if not (isinstance(name, str) and re.fullmatch(r"\w([\w .-]{0,98}\w)?", name)):
        plain = "a plain name: up to 100 letters, digits, spaces and -._"
        raise wrong("run", name, plain)
    return name


def with_shape(changes: dict[str, Any], pictures: Path | None) -> dict[str, Any]:
    """Its size may be 128, (192, 128), "192x128", or "auto": as pictures are."""
    if (size := changes.get("size")) is None:
        return changes
    told = pictures if size == "auto" else None
    width, height = commonest_shape(told) if told else shape_of(size)
    return {"width": width if width != height else 0} | changes | {"size": height}


def wanted_config(
    known: dict | None, name: str | None, changes: dict[str, Any], begins: bool
) -> Config:
    """The config of a new run, or of one that goes on: of a preset, if named, changed.

    known: what the run knows of itself; begins: it has nothing to lose yet. ArtganError
    for what cannot work, or is not the run's own.
    """
    if not known:
        return preset(name or "default", **changes)
    stored = asdict(resolved_config(known["config"]))
    if begins:
        stored |= {"stretch": 1.0, "classes": ""}  # for they are found again
    found = "seed", "precision", "stretch", "classes"
    kept = {k: stored[k] for k in found} if name else stored
    config = preset(name or "default", **kept | changes)
    try:
        if not begins:
            compare_configs(stored, asdict(config))
    except ValueError as error:
        raise ArtganError(
            f"{error} Nothing was changed. Leave them out to go on as the run began. "
            "--run with another name begins anew, and --from with this one's name "
            "gives it what this one has learnt; --fresh starts over."
        ) from None
    return config


def load_dataset(plan: Plan) -> Dataset:
    """The pictures of a plan; ArtganError if the run has learnt from others."""
    dataset = Dataset.as_in(plan.config, plan.pictures)
    say(dataset.report())
    copies = dataset.remarks.get("the same as another", [])
    if len({*dataset.names}) < FEW + len(copies):
        print(f"From fewer than {FEW} pictures it will learn to paint copies of them.")
    known = None if plan.begins or plan.new_data else plan.run.read()
    if known and known["data"]["fingerprint"] != dataset.fingerprint:
        had, run = known["data"], printable(plan.run.name)
        raise ArtganError(
            f"The pictures are not those that {run} learns from: it had "
            f"{printable(had.get('pictures'))} pieces of {printable(had['folder'])}, "
            f"not {len(dataset)} of {printable(dataset.folder)}. Nothing was changed. "
            "--new-data goes on with these, if it has no classes; --run OTHER --from "
            f"{run} begins anew with what it has learnt; --fresh starts over."
        )
    return dataset
