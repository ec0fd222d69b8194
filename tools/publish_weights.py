"""Publish what a run has learnt, with figures, a card and a sheet of samples.

python tools/publish_weights.py runs/flowers --name flowers-256 --alias flowers \\
    --data data/flowers/images --list data/flowers.csv

Writes checkpoints/NAME/. --earlier names the runs or weights that it began with
(`train --from`), whose pictures and minutes count too.
"""

import argparse
import os
import platform
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from artgan.paint.painter import open_model  # noqa: E402
from artgan.system.errors import ArtganError  # noqa: E402
from artgan.system.files import read_object  # noqa: E402


def parse(arguments):
    """Return the parsed command line."""
    kind = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=kind)
    add = parser.add_argument
    add("run", help="its folder; @best after it for its best checkpoint")
    add("--name", required=True, help="such as flowers-256")
    add("--alias", action="append", default=[], dest="aliases")
    add("--data", type=Path, required=True, help="what it learnt from")
    add("--list", help="the file that lists those pictures")
    add("--held-out", type=Path, help="others, to compare with too")
    add("--earlier", action="append", default=[])
    add("--licence", default="MIT", help="of the weights")
    add("--pictures", type=int, default=512, help="to compare")
    return parser.parse_args(arguments)


def publish(model, folder, facts):
    """Write the networks of a Painter of a run as fp16 with a card, which is returned.

    facts: what the card shall tell besides the settings: licence, aliases, figures.
    """
    from artgan.storage.publishing import write_weights

    most = np.finfo(np.float16).max  # what is larger becomes this
    networks = {
        network: {
            name: np.float16(np.clip(array, -most, most))
            for name, array in model.arrays(network).items()
        }
        for network in ("generator", "discriminator")
    }
    return write_weights(folder, networks, asdict(model.config), model.step, facts)


def history(model):
    """(pictures seen, minutes trained) of a run, or of weights published before."""
    from artgan.runs.log import minutes_trained, read_log

    place = model.place if model.place.is_dir() else model.place.parents[1]
    if (place / "card.json").is_file():
        facts = read_object(place / "card.json")
        return facts["pictures_seen"], facts["training_minutes"]
    rows = read_log(place / "log.jsonl")  # its best checkpoint may not be the last
    minutes = minutes_trained([row for row in rows if row["step"] <= model.step])
    return model.step * model.config.batch_size, minutes


def compared(options, model):
    """The figures of the model's pictures beside real ones, also beside unseen ones."""
    from artgan.data.dataset import Dataset
    from artgan.evaluation.report import describe, evaluate_model

    found = []
    for folder in filter(None, [options.data, options.held_out]):
        real = Dataset.as_in(model.config, folder)
        evaluation, _ = evaluate_model(model, real, options.pictures)
        print(describe(evaluation.figures))
        figures = {k: v and round(v, 4) for k, v in evaluation.figures.items()}
        found.append({"pictures": len(real)} | figures)
    learnt, *unseen = found
    return learnt | ({"unseen": unseen[0]} if unseen else {})


def main(arguments=None):
    """Publish the run of the command line; return the exit status."""
    options = parse(arguments)
    folder, runs = ROOT / "checkpoints" / options.name, [*options.earlier, options.run]
    try:
        models = [open_model(run) for run in runs]
        from artgan.paint.files import picture_grid
        from artgan.storage.publishing import model_card

        seen, minutes = zip(*map(history, models), strict=True)
        facts = {
            "licence": options.licence,
            "aliases": options.aliases,
            "date": str(date.today()),
            "data": options.list or options.data.name,
            "began_with": [Path(run).name for run in options.earlier],
            "pictures_seen": sum(seen),
            "training_minutes": round(sum(minutes), 1),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}",
            "painted_pictures_compared": options.pictures,
        }
        card = publish(models[-1], folder, facts | compared(options, models[-1]))
        sheet = picture_grid(open_model(folder).generate(range(24)), 6)
        sheet.save(folder / "samples.jpg", quality=90)
        text = model_card(options.name, card)
        (folder / "README.md").write_text(text, "utf-8", newline="\n")
    except ArtganError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{folder}: look at samples.jpg.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
