"""Publish what a run has learnt, with figures, hashes and a sheet of samples.

python tools/publish_weights.py runs/flowers --name flowers-256 --alias flowers \\
    --data data/flowers/images --list data/flowers.csv

Writes checkpoints/NAME/ and enters it in checkpoints/catalogue.json. --earlier names
the runs that it began with (`train --from`), whose pictures and minutes count too.
"""

import argparse
import os
import platform
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
LONGEST_GAP = 120  # seconds between two lines of a log: more was a pause


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
    parser.add_argument("--earlier", type=Path, action="append", default=[])
    parser.add_argument("--licence", default="MIT", help="of the weights")
    parser.add_argument("--features", type=Path, help="as for `artgan evaluate`")
    parser.add_argument("--pictures", type=int, default=512, help="to compare")
    return parser.parse_args(arguments)


def minutes_trained(runs):
    """Minutes between the lines of the runs' logs, pauses left out."""
    from artgan.paint.grid import read_log

    total = 0
    for run in runs:
        times = [row["time"] for row in read_log(run / "log.jsonl")]
        gaps = [b - a for a, b in zip(times, times[1:], strict=False)]
        total += sum(gap for gap in gaps if 0 < gap < LONGEST_GAP)
    return total / 60


def pictures_seen(gans):
    """How many times a picture was shown to the discriminators, changed or not."""
    return sum(int(gan.step) * gan.config.batch_size for gan in gans)


def judged(options, config):
    """The figures of the run's pictures beside those of its dataset."""
    from artgan.data.dataset import Dataset
    from artgan.evaluation.evaluation import describe, evaluate
    from artgan.evaluation.features import downloaded_weights, feature_network
    from artgan.storage.open_model import open_model

    model = open_model(options.run)
    dataset = Dataset(options.data, config.size, config.fit)
    network = feature_network(options.features or downloaded_weights())
    figures, _ = evaluate(model, dataset, network, options.pictures)
    print(describe(figures))
    return {k: v and round(v, 4) for k, v in figures.items()}, dataset


def facts_of(options, runs, gans):
    """What the card tells beside config, step and hashes."""
    figures, dataset = judged(options, gans[-1].config)
    return {
        "licence": options.licence,
        "date": str(date.today()),
        "data": options.list or options.data.name,
        "pictures": len(dataset),
        "began_with": [run.name for run in runs[:-1]],
        "pictures_seen": pictures_seen(gans),
        "training_minutes": round(minutes_trained(runs), 1),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "painted_pictures_compared": options.pictures,
        **figures,
    }


def main(arguments=None):
    """Publish the run of the command line; return the exit status."""
    options = parse(arguments)
    import numpy as np

    from artgan.paint.grid import picture_grid
    from artgan.paint.paint import paint_seeds
    from artgan.runs.run import load_gan
    from artgan.storage.catalogue import add_to_catalogue
    from artgan.storage.open_model import open_model
    from artgan.storage.publishing import publish
    from artgan.system.errors import ArtganError

    folder, runs = ROOT / "checkpoints" / options.name, [*options.earlier, options.run]
    try:
        gans = [load_gan(run) for run in runs]
        card = publish(gans[-1], folder, facts_of(options, runs, gans))
        add_to_catalogue(folder, options.aliases)
        pictures = np.stack(list(paint_seeds(open_model(folder), range(24))))
        picture_grid(pictures, 6).save(folder / "samples.jpg", quality=90)
    except ArtganError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{folder}: {card['bytes']} bytes, and samples.jpg. Look at it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
