"""Look for the picture of a model that is most like one of yours (GAN inversion)."""

import argparse
from pathlib import Path

from artgan.commands.types import add_model, add_size, opened_model, whole_number
from artgan.system.errors import ArtganError

EXAMPLES = ("invert vedute view.jpg", "invert my-run view.jpg --steps 600")
PASSED = range(3)  # seeds of the walk that begins with it


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add, count = command.add_argument, whole_number(1, 100_000)
    words = "more come closer (default: 200)"
    add("--steps", type=count, default=200, metavar="N", help=words)
    add("--out", type=Path, metavar="FOLDER", help="default: results")
    add_size(command)
    add_model(command)
    add("picture", type=Path, metavar="PICTURE", help="a file; its middle is looked at")


def run(options: argparse.Namespace) -> None:
    """Do it."""
    model = opened_model(options)
    import numpy as np

    from artgan.data.pictures import read_picture, reason_of
    from artgan.paint.asked import image_size
    from artgan.paint.files import check_targets, save_picture, writing
    from artgan.paint.grid import picture_grid
    from artgan.paint.invert import middle_of
    from artgan.paint.paint import resample, seed_latents

    size, path = image_size(model.config, options.size), options.picture
    try:
        image = np.asarray(read_picture(path, 2 * max(model.config.shape)))
    except Exception as error:  # a damaged picture raises anything
        reason = reason_of(path, error)
        raise ArtganError(f"{str(path)!r:.300} was not used: {reason}.") from None
    start = str(Path(options.out or "results", f"{model.name}-{path.stem}"))
    names = [start + end for end in ("-nearest.png", "-walk.gif", "-latents.npy")]
    sheet, gif, numbers = check_targets(names, options.force)
    latents = model.invert(image, options.steps)
    with writing(numbers) as temporary, temporary.open("wb") as file:
        np.save(file, latents)
    [nearest] = model.generate(latents=latents, size=size)
    beside = np.asarray(resample(np.asarray(middle_of(model, image)), size))
    save_picture(picture_grid(np.stack([beside, nearest])), sheet, {})
    print(f"{sheet}: your picture, and the nearest that {model.name} paints.")
    others = seed_latents(model.config, PASSED, step=model.step)
    walked = np.concatenate([latents, others])
    model.save_walk([], gif, size=size, latents=walked)
    print(f"{gif}: a walk from it. {numbers}: its latents, for `latents=` in Python.")
