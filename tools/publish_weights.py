"""Publish what a run has learnt, with figures, hashes and a sheet of samples.

python tools/publish_weights.py runs/flowers --name flowers-256 --alias flowers \\
    --data data/flowers/images --list data/flowers.csv

Writes checkpoints/NAME/, a model card in it, and enters it in
checkpoints/catalogue.json. --earlier names the runs or weights that it began with
(`train --from`), whose pictures and minutes count too.
"""

import argparse
import json
import os
import platform
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def parse(arguments):
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("--name", required=True, help="such as flowers-256")
    parser.add_argument("--alias", action="append", default=[], dest="aliases")
    parser.add_argument("--data", type=Path, required=True, help="what it learnt from")
    parser.add_argument("--list", help="the file that lists those pictures")
    parser.add_argument("--held-out", type=Path, help="others, to compare with")
    parser.add_argument("--earlier", type=Path, action="append", default=[])
    parser.add_argument("--best", action="store_true", help="its best checkpoint")
    parser.add_argument("--licence", default="MIT", help="of the weights")
    parser.add_argument("--pictures", type=int, default=512, help="to compare")
    return parser.parse_args(arguments)


def history(place, model):
    """(pictures seen, minutes trained) of a run, or of weights published before."""
    from artgan.runs.log import minutes_trained, read_log

    card = place / "card.json"
    if card.is_file():
        facts = json.loads(card.read_text("utf-8"))
        return facts["pictures_seen"], facts["training_minutes"]
    seen = model.step * model.config.batch_size
    rows = read_log(place / "log.jsonl")  # its best checkpoint may not be the last
    return seen, minutes_trained([row for row in rows if row["step"] <= model.step])


def compared(options, model):
    """The figures of the model's pictures beside real ones, and the size of its data.

    The real ones are those that it learnt from, or others that were held out.
    """
    from artgan.data.dataset import Dataset
    from artgan.evaluation.report import describe, evaluate_model

    learnt = real = Dataset.as_in(model.config, options.data)
    facts = {"pictures": len(learnt)}
    if options.held_out:
        real = Dataset.as_in(model.config, options.held_out)
        facts["held_out"] = len(real)
    evaluation, _ = evaluate_model(model, real, options.pictures)
    print(describe(evaluation.figures))
    figures = {k: v and round(v, 4) for k, v in evaluation.figures.items()}
    return facts | figures


def facts_of(options, runs, models):
    """What the card tells beside the settings and the step."""
    seen, minutes = zip(*map(history, runs, models), strict=True)
    return {
        "licence": options.licence,
        "date": str(date.today()),
        "data": options.list or options.data.name,
        "began_with": [run.name for run in runs[:-1]],
        "pictures_seen": sum(seen),
        "training_minutes": round(sum(minutes), 1),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "painted_pictures_compared": options.pictures,
        **compared(options, models[-1]),
    }


def main(arguments=None):
    """Publish the run of the command line; return the exit status."""
    options = parse(arguments)
    import numpy as np

    from artgan.paint.grid import picture_grid
    from artgan.paint.paint import paint_seeds
    from artgan.storage.catalogue import add_to_catalogue
    from artgan.storage.model_card import model_card
    from artgan.storage.open_model import open_model
    from artgan.storage.publishing import publish
    from artgan.system.errors import ArtganError

    folder, runs = ROOT / "checkpoints" / options.name, [*options.earlier, options.run]
    best = "@best" if options.best else ""
    try:
        models = [open_model(run) for run in options.earlier]
        models.append(open_model(f"{options.run}{best}"))
        card = publish(models[-1], folder, facts_of(options, runs, models))
        add_to_catalogue(folder, options.aliases)
        pictures = np.stack(list(paint_seeds(open_model(folder), range(24))))
        picture_grid(pictures, 6).save(folder / "samples.jpg", quality=90)
        text = model_card(options.name, card)
        (folder / "README.md").write_text(text, "utf-8", newline="\n")
    except ArtganError as error:
        print(error, file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors")) / 1e6
    print(f"{folder}: {size:.1f} MB, and samples.jpg. Look at it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
