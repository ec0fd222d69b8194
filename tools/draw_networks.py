"""Draw the two networks of a preset from the shapes of their layers.

python tools/draw_networks.py --preset dcgan --out imgs
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parse(arguments):
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="dcgan", help="whose networks to draw")
    parser.add_argument("--out", type=Path, default=Path("imgs"), help="folder to fill")
    parser.add_argument(
        "--picture",
        type=Path,
        default=ROOT / "data" / "villas" / "villa_006.jpg",
        help="the picture that goes in and out",
    )
    return parser.parse_args(arguments)


def read_picture(path):
    """Return the picture at `path` cut to a square; ArtganError if there is none."""
    from PIL import Image, ImageOps

    from artgan.system.errors import ArtganError

    try:
        with Image.open(path) as image:
            return ImageOps.fit(image.convert("RGB"), [min(image.size)] * 2)
    except OSError:
        raise ArtganError(
            f"{path} is not a picture that can be read. Name one after --picture."
        ) from None


def draw_preset(name, folder, picture):
    """Write generatorarch.png and discriminatorarch.png of a preset to `folder`.

    picture: a square Pillow image. Returns the paths; raises ArtganError for a preset
    that does not exist.
    """
    from network_drawing.diagram import draw_network, save_figure
    from network_drawing.stages import read_network

    from artgan.gan.config import preset
    from artgan.gan.networks import build_discriminator, build_generator

    config = preset(name)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for build in (build_generator, build_discriminator):
        model = build(config)
        paths.append(folder / f"{model.name}arch.png")
        save_figure(draw_network(read_network(model), model.name, picture), paths[-1])
    return paths


def main(arguments=None):
    """Draw what the command line asks for and return the exit status."""
    options = parse(arguments)
    # TensorFlow takes seconds to load, so it is loaded once the command line is right.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.path.insert(0, str(ROOT))
    from artgan.system.errors import ArtganError

    try:
        picture = read_picture(options.picture)
        for path in draw_preset(options.preset, options.out, picture):
            print(path)
    except ArtganError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Not all is drawn: {error}. Name another --out.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
