"""Runs: their list, their pictures again, and how good what they paint is."""

import json
from argparse import Namespace
from pathlib import Path

from artgan.commands.options import MODEL, RUNS, number, opened, option, seed, verb
from artgan.commands.paint import TRUNCATION
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, program

TITLES = "run", "step", "minutes", "distance", "latest pictures"


@verb(
    RUNS,
    option("--clean-cache", "remove prepared pictures kept for the next time", bool),
    examples=("runs", "runs --runs elsewhere/runs", "runs --clean-cache"),
)
def runs(options: Namespace) -> None:
    """List the runs: how far each is, its distance (lower: better), its pictures."""
    if options.clean_cache:
        from artgan.data.preparation import clean_cache

        return print(clean_cache())
    from artgan.runs.run import Run
    from artgan.storage.resolve import run_names

    found = [Run(options.runs / name).describe() for name in run_names(options.runs)]
    if not found:
        where = printable(options.runs)
        return print(f"There are no runs in {where}. `train` begins one.")
    rows = [TITLES, *found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


@verb(option("RUN", "the name of a run"), RUNS, examples=("gif vedute",))
def gif(options: Namespace) -> None:
    """Make the GIF and the loss curves of a run again."""
    from artgan.runs.run import Run
    from artgan.storage.resolve import is_run

    run = Run(options.runs / options.run)
    if not is_run(run.folder):
        raise ArtganError(f"There is no run {run}. `{program()} runs` lists them.")
    pictures, curves = run.draw()
    print(f"The pictures: {pictures}; the losses: {curves}.")


@verb(
    option("--data FOLDER", "real pictures to compare with", required=True),
    option("--pictures N", "to paint and compare", number(int, 2, 10_000), 512),
    option("--seed N", "of the first picture", seed, 0),
    TRUNCATION,
    option("--out FOLDER", "default: results/MODEL-STEP-DATA", Path),
    option("--json", "print the figures as JSON, nothing else", bool),
    *MODEL,
    examples=(
        "evaluate vedute --data data/vedute --pictures 1000 --out figures",
        "evaluate vedute --data data/vedute --json",
    ),
)
def evaluate(options: Namespace) -> None:
    """Compare what a model paints with its pictures."""
    from artgan.data.folder import check_folder

    check_folder(options.data)
    model = opened(options, say=not options.json)
    from artgan.data.dataset import Dataset
    from artgan.evaluation.report import describe, evaluate_model
    from artgan.paint.files import save_picture
    from artgan.runs.classes import class_names
    from artgan.system.files import write_object

    dataset = Dataset.as_in(model.config, options.data)
    name = f"{model.name}-{model.step}-{dataset.folder.resolve().name}"
    out = options.out or Path("results", name)
    out.mkdir(parents=True, exist_ok=True)  # not after minutes of work
    amount = options.pictures, options.seed, class_names(model, dataset)
    evaluation, sheet = evaluate_model(model, dataset, *amount, options.truncation)
    told = {"model": model.name, "step": model.step, "weights_sha256": model.sha256}
    told |= {"data": options.data, "real_pictures": len(dataset)}
    told |= {"painted_pictures": options.pictures, "seed": options.seed}
    told |= {"truncation": options.truncation, "features": "MobileNetV2"}
    told |= evaluation.figures
    report, picture = out / "evaluation.json", out / "nearest.png"
    write_object(report, told)
    save_picture(sheet, picture, {})
    if options.json:
        return print(json.dumps(told, indent=2, ensure_ascii=False))
    print(describe(evaluation.figures))
    print(f"The figures: {report}; the painted pictures most like real ones: {picture}")
