"""Write weights as a file that paints with no code of this project."""

from pathlib import Path

from artgan.commands.tensorflow import load_quietly
from artgan.commands.types import add_runs_folder

EXAMPLES = (
    "export flowers --to onnx",
    "export my/generator.safetensors --to keras --out roses.keras",
    "export villas --to savedmodel",
)
SUFFIXES = {"keras": ".keras", "savedmodel": "", "onnx": ".onnx"}


def add_options(command):
    """Add the options of this command to its parser."""
    command.add_argument(
        "weights",
        metavar="WEIGHTS",
        help="published weights by name, a run, or a file or folder of weights",
    )
    command.add_argument("--to", choices=SUFFIXES, required=True, dest="kind")
    command.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="default: results/WEIGHTS with .keras, .onnx, or -model for the folder",
    )
    add_runs_folder(command)


def run(options):
    """Do it."""
    load_quietly()
    from artgan.storage.export import export_generator
    from artgan.storage.open_model import open_model

    model = open_model(options.weights, options.runs)
    config, path = model.config, options.out or default(options)
    path = export_generator(model.generator_ema, options.kind, path)
    kind = "uniform in [-1, 1]" if config.latent == "uniform" else "normal"
    size, most = config.size, config.pixel_range
    print(
        f"{path} paints: latents [n, {config.latent_size}], float32, {kind}, become "
        f"pictures [n, {size}, {size}, 3] in [-{most:g}, {most:g}], black to white."
    )


def default(options):
    """Where an export goes unless told."""
    stem = Path(options.weights).stem
    stem += "-model" if options.kind == "savedmodel" else SUFFIXES[options.kind]
    return Path("results", stem)
