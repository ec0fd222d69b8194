"""Compare what a model paints with its pictures: how near, how copied, how varied."""

import argparse
import json
from pathlib import Path

from artgan.commands.types import add_model, opened_model, seed, whole_number

EXAMPLES = (
    "evaluate vedute --data data/vedute",
    "evaluate vedute --data data/vedute --pictures 1000 --out figures",
    "evaluate vedute --data data/vedute --json",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add, count = command.add_argument, whole_number(2, 10_000)
    words = "the pictures it learnt from"
    add("--data", required=True, metavar="FOLDER", help=words)
    words = "how many to paint and compare (default: 512)"
    add("--pictures", type=count, default=512, metavar="N", help=words)
    add("--seed", type=seed, default=0, help="of the first picture")
    add("--out", type=Path, metavar="FOLDER", help="default: results/MODEL")
    add("--json", action="store_true", help="print the figures as JSON, nothing else")
    add_model(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    from artgan.data.folder import check_folder

    check_folder(options.data)
    model = opened_model(options, say=not options.json)
    from artgan.data.dataset import Dataset
    from artgan.evaluation.report import describe, evaluate_model
    from artgan.paint.files import save_picture
    from artgan.runs.classes import class_names
    from artgan.storage.json_file import write_object

    dataset = Dataset.as_in(model.config, options.data)
    out = options.out or Path("results", model.name)
    out.mkdir(parents=True, exist_ok=True)  # not after minutes of work
    classes, amount = class_names(model, dataset), (options.pictures, options.seed)
    evaluation, sheet = evaluate_model(model, dataset, *amount, classes)
    told = {
        "model": model.name,
        "step": model.step,
        "weights_sha256": model.sha256,
        "data": options.data,
        "real_pictures": len(dataset),
        "painted_pictures": options.pictures,
        "seed": options.seed,
        "features": "MobileNetV2",
    } | evaluation.figures
    report, picture = out / "evaluation.json", out / "nearest.png"
    write_object(report, told)
    save_picture(sheet, picture, {})
    if options.json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    print(describe(evaluation.figures))
    print(
        f"The figures: {report}; the painted pictures most like real ones: {picture}."
    )
