"""Looking into a model: its directions, and the picture of it that is most like one."""

from argparse import Namespace
from pathlib import Path

from artgan.commands.options import PAINTING, number, opened, option, seed, verb

INVERTED = "-nearest.png", "-walk.gif", "-latents.npy"


def naming(text: str) -> tuple[str, int]:
    """NUMBER=NAME for a direction that is given a name."""
    number, _, name = text.partition("=")
    if not name or name.isdecimal():
        raise ValueError
    return name, int(number)


@verb(
    option("--seed N", "of the picture that changes", seed, 0),
    option(
        "--name NUMBER=NAME",
        "name a row instead of painting; --direction NAME:2 goes along it",
        naming,
        action="append",
    ),
    option("--out FILE", "default: results/MODEL-directions.png", Path),
    *PAINTING,
    examples=(
        "directions vedute",
        "directions my-run --name 1=light --name 2=distance",
        "generate my-run --direction light:2",
    ),
)
def directions(options: Namespace) -> None:
    """Show the directions in which pictures change most, and name them."""
    model = opened(options)
    from artgan.paint import directions
    from artgan.paint.files import check_targets, picture_grid, save_picture
    from artgan.paint.paint import seed_latents

    if options.name:
        path = directions.name_directions(model, dict(options.name))
        return print(f"{path} keeps the names.")
    target = options.out or Path("results", f"{model.name}-directions.png")
    check_targets([target], options.force)
    middle = seed_latents(model.config, [options.seed], step=model.step)
    latents = directions.direction_latents(model, middle)
    sheet = picture_grid(model.generate(latents=latents, size=options.size), columns=7)
    save_picture(sheet, target, model.facts(options.size, 1.0, seed=options.seed))
    print(f"{target}: a row for each of the first, from -3 to 3 along it.")
    for row, name in directions.names_of_leading(model).items():
        print(f"{row} is called {name}.")


@verb(
    option("--steps N", "more come closer", number(int, 1, 100_000), 200),
    option("--out FOLDER", "where to", Path, Path("results")),
    *PAINTING,
    option("PICTURE", "a file; its middle is looked at", Path),
    examples=("invert vedute view.jpg", "invert my-run view.jpg --steps 600"),
)
def invert(options: Namespace) -> None:
    """Look for the picture of a model that is most like one of yours."""
    model, path = opened(options), options.picture
    import numpy as np

    from artgan.data.pictures import read_picture, reason_of
    from artgan.paint.files import check_targets, picture_grid, save_picture, writing
    from artgan.paint.invert import middle_of
    from artgan.paint.paint import resample
    from artgan.system.errors import ArtganError

    try:
        image = np.asarray(read_picture(path, 2 * max(model.config.shape)))
    except Exception as error:  # a damaged picture raises anything
        reason = reason_of(path, error)
        raise ArtganError(f"{str(path)!r:.300} was not used: {reason}.") from None
    names = [f"{model.name}-{path.stem}{end}" for end in INVERTED]
    targets = check_targets([options.out / name for name in names], options.force)
    sheet, gif, numbers = targets
    latents = model.invert(image, options.steps)
    with writing(numbers) as temporary, temporary.open("wb") as file:
        np.save(file, latents)
    [nearest] = model.generate(latents=latents, size=options.size)
    middle = resample(np.asarray(middle_of(model, image)), nearest.shape[1::-1])
    save_picture(picture_grid(np.stack([middle, nearest])), sheet, {})
    print(f"{sheet}: your picture, and the nearest that {model.name} paints.")
    model.save_walk([], gif, size=options.size, latents=latents)
    print(f"{gif}: a walk from it. {numbers}: its latents, for `latents=` in Python.")
