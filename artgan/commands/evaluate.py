"""Judge what a run paints: how near to its pictures, how copied, varied and smooth."""

import argparse
import hashlib
from pathlib import Path

from artgan.commands.tensorflow import load_quietly
from artgan.commands.types import add_runs_folder, count, seed

EXAMPLES = (
    "evaluate villas --data data/villas",
    "evaluate villas --data data/villas --pictures 1000 --out figures",
    "evaluate villas --data data/villas --features mobilenet_v2.weights.h5",
)


def add_options(command):
    """Add the options of this command to its parser."""
    command.add_argument("run", metavar="RUN", help="a run, or published weights")
    command.add_argument(
        "--data", required=True, metavar="FOLDER", help="the pictures it learnt from"
    )
    command.add_argument(
        "--pictures",
        type=several,
        default=512,
        metavar="N",
        help="how many to paint and compare (default: 512)",
    )
    command.add_argument(
        "--features",
        type=Path,
        metavar="FILE",
        help="Keras weights for MobileNetV2 without its top layer; without this option "
        "Keras downloads those learnt from ImageNet, once",
    )
    command.add_argument("--seed", type=seed, default=0, help="of the first picture")
    command.add_argument(
        "--out", type=Path, metavar="FOLDER", help="default: results/RUN"
    )
    add_runs_folder(command)


def several(text):
    """A whole number above one."""
    if count(text) < 2:
        raise argparse.ArgumentTypeError("comparing takes 2 pictures or more")
    return int(text)


def run(options):
    """Do it."""
    load_quietly()
    from artgan.data.dataset import load_collection
    from artgan.evaluation.evaluation import describe, evaluate, save_evaluation
    from artgan.evaluation.features import downloaded_weights, feature_network
    from artgan.storage.open_model import open_model

    model = open_model(options.run, options.runs)
    collection = load_collection(options.data, model.config.size, model.config.fit)
    weights = options.features or downloaded_weights()
    network = feature_network(weights)
    out = options.out or Path("results", model.name)
    out.mkdir(parents=True, exist_ok=True)  # not after minutes of work
    amount = options.pictures, options.seed
    figures, sheet = evaluate(model, collection, network, *amount)
    print(describe(figures))
    facts = facts_of(options, model, collection, weights)
    report, picture = save_evaluation(out, facts | figures, sheet)
    print(f"The figures: {report}; samples beside real pictures: {picture}.")


def facts_of(options, model, collection, weights):
    """What was compared with what, and by which weights: figures of others differ."""
    with open(weights, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "run": options.run,
        "step": model.step,
        "weights_sha256": model.sha256,
        "data": options.data,
        "real_pictures": len(collection),
        "painted_pictures": options.pictures,
        "seed": options.seed,
        "features": f"MobileNetV2 {Path(weights).name}",
        "features_sha256": digest,
    }
