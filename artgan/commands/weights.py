"""Files of weights: listed, verified, shared, exported and imported."""

from argparse import Namespace
from pathlib import Path

from artgan.commands.options import CHECKPOINTS, MODEL, opened, option, verb
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, program


@verb(
    option("ACTION", "list, verify or push", choices=("list", "verify", "push")),
    option(
        "NAMES",
        "of published weights, their alias or folder; verify takes files too; push "
        "takes the Hub's name as well, such as me/roses",
        nargs="*",
    ),
    CHECKPOINTS,
    examples=(
        "weights list",
        "weights verify flowers my/generator.safetensors",
        "weights push flowers me/flowers-256",
    ),
)
def weights(options: Namespace) -> None:
    """List or verify published weights; share them on the Hub."""
    names, checkpoints = options.names, options.checkpoints
    if options.action == "list":
        return list_weights(names, checkpoints)
    if options.action == "verify":
        return verify_weights(names, checkpoints)
    if len(names) != 2:
        raise ArtganError("Give a name and the Hub's, such as: flowers me/flowers-256.")
    from artgan.storage.publishing import push_weights

    print(f"{push_weights(published(names[0], checkpoints), names[1])} has them.")


def published(name: str, checkpoints: Path | None) -> Path:
    """The folder of published weights; ArtganError for anything else."""
    from artgan.storage.resolve import resolve

    if (path := resolve(name, "", checkpoints).paths[0]).is_dir():
        return path
    told = "tools/publish_weights.py makes one of a run"
    raise ArtganError(f"{printable(name)} is no folder of published weights; {told}.")


def list_weights(names: list[str], checkpoints: Path | None) -> None:
    """Print all published weights, or those named."""
    from artgan.storage.resolve import published_names
    from artgan.system.files import read_object

    known = published_names(checkpoints)
    for folder in dict.fromkeys([known.get(name, name) for name in names or known]):
        path = published(folder, checkpoints)
        size = sum(file.stat().st_size for file in path.glob("*.safetensors")) / 1e6
        aliases = [alias for alias, full in known.items() if full == folder != alias]
        licence = printable(read_object(path / "card.json").get("licence"), 60)
        print(f"{' or '.join([folder, *aliases])}: {size:.1f} MB, licence {licence}")


def verify_weights(names: list[str], checkpoints: Path | None) -> None:
    """Check the models named, or all published; ArtganError tells all that is wrong."""
    from artgan.paint.painter import open_model
    from artgan.storage.resolve import published_names
    from artgan.storage.weights import networks_in

    problems = []
    for name in names or dict.fromkeys(published_names(checkpoints).values()):
        try:
            model = open_model(name, "", checkpoints)
            for network in networks_in(model.place):
                model.arrays(network)
            numbers = model.generator_ema.count_params()
            print(f"{model.opened} It is right: a generator of {numbers:,} numbers.")
        except ArtganError as error:
            problems.append(str(error))
    if problems:
        raise ArtganError(" ".join(problems))


@verb(
    option("--to", "what to write", required=True, choices=("keras", "onnx")),
    option("--out PATH", "default: results/MODEL with a fitting ending", Path),
    *MODEL,
    examples=(
        "export flowers --to onnx",
        "export my/generator.safetensors --to keras --out roses.keras",
    ),
)
def export(options: Namespace) -> None:
    """Write weights as a file that paints with no code of this project."""
    model = opened(options)
    from artgan.gan.classes import class_counts
    from artgan.storage.generators import export_generator

    place = options.out or Path("results", model.name)
    path = place / model.name if options.out and place.is_dir() else place
    path = export_generator(model.generator_ema, options.to, path)
    config, most = model.config, model.config.pixel_range
    kind = "uniform in [-1, 1]" if config.latent_distribution == "uniform" else "normal"
    width, (height, across) = model.generator_ema.input_shape[1], config.shape
    latents = f"latents [n, {width}], float32, {kind}"
    pictures = f"pictures [n, {height}, {across}, 3] in [-{most:g}, {most:g}]"
    print(f"{path} paints: {latents}, become {pictures}, black to white.")
    if config.stretch != 1:
        print("They are bent; stretch them to {} by {} pixels.".format(*config.shown))
    if names := ", ".join(class_counts(config)):
        print(f"The last latents are shares of the classes, 1 in all: {names}.")


@verb(
    option("ANCESTOR", "architecture or flowers", choices=("architecture", "flowers")),
    option("PATH", "of TensorFlow's checkpoint, or for flowers PyTorch's file", Path),
    option("--out FOLDER", "default: checkpoints/imported-ANCESTOR", Path),
    examples=(
        "import-weights architecture models/model.ckpt",
        "import-weights flowers model/art-flower.pth --out flowers-2020",
    ),
)
def import_weights(options: Namespace) -> None:
    """Read the weights of the two programs this one descends from."""
    from artgan.system.tensorflow import load_quietly

    folder = options.out or Path("checkpoints", f"imported-{options.ancestor}")
    if folder.exists() and any(folder.iterdir()):
        raise ArtganError(f"{folder} is not empty. Name another --out, or remove it.")
    load_quietly()
    from artgan.storage.legacy import read_ancestor
    from artgan.storage.publishing import write_weights

    settings, arrays = read_ancestor(options.ancestor, options.path)
    facts = {"imported_from": options.path.name}
    write_weights(folder, {"generator": arrays}, settings, 0, facts)
    print(f"{folder} has its generator. `{program()} generate -w {folder}` paints.")
