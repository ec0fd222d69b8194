"""Looking into a model: its directions, its nearest to a picture, a page to play."""

import os
import tempfile
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from artgan.commands.options import MODEL, PAINTING, number, opened, option, seed, verb
from artgan.system.errors import ArtganError
from artgan.system.printing import say
from artgan.system.processes import ended_politely
from artgan.system.tensorflow import load_quietly

# Gradio would tell its makers of each start, and keep a history; this is yours alone.
SILENT = {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_RUN_HISTORY": "False"}
SILENT |= {"HF_HUB_OFFLINE": "1"}


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
    print(f"{target}: directions 1, 2, ... from the top, each from -3 to 3.")
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
    from artgan.paint import files
    from artgan.paint.invert import middle_of

    try:
        image = np.asarray(read_picture(path, 2 * max(model.config.shape)))
    except Exception as error:  # a damaged picture raises anything
        told = f"{str(path)!r:.300} was not used: {reason_of(path, error)}."
        raise ArtganError(told) from None
    start, ends = f"{model.name}-{path.stem}", "nearest.png walk.gif latents.npy"
    targets = [options.out / f"{start}-{end}" for end in ends.split()]
    sheet, gif, numbers = files.check_targets(targets, options.force)
    latents = model.invert(image, options.steps)
    with files.writing(numbers) as temporary, temporary.open("wb") as file:
        np.save(file, latents)
    [nearest] = model.generate(latents=latents, size=options.size)
    middle = files.resample(np.asarray(middle_of(model, image)), nearest.shape[1::-1])
    pair = files.picture_grid(np.stack([middle, nearest]))
    files.save_picture(pair, sheet, {})
    print(f"{sheet}: your picture, and the nearest that {model.name} paints.")
    model.save_walk([], gif, size=options.size, latents=latents)
    print(f"{gif}: a walk from it. {numbers}: its latents, for `latents=` in Python.")


@verb(
    *MODEL,
    option("--port N", "default: the first free from 7860", number(int, 1024, 65535)),
    option("--no-browser", "print the address, open nothing", bool),
    examples=("demo", "demo flowers --port 8000", "demo vedute --no-browser"),
)
def demo(options: Namespace) -> None:
    """Open a page to play with: seeds, mixes, walks, photographs, runs."""
    if find_spec("gradio") is None:
        raise ArtganError("The page needs Gradio: pip install 'artgan[demo]'.")
    from artgan.storage.resolve import resolve

    resolve(options.model, options.runs, options.checkpoints)  # fetched, if of the Hub
    load_quietly()
    # However it is ended, no photograph of a visitor stays behind.
    with ended_politely(), tempfile.TemporaryDirectory("-artgan-demo") as place:
        os.environ.update(SILENT, GRADIO_TEMP_DIR=place)
        from artgan.demo import make_page, make_theme
        from artgan.demo.painters import Painters

        painters = Painters(options.runs, options.checkpoints)
        painter = painters.open(options.model)
        say(painter.opened)
        page = make_page(painters, Path(place), options.model or painter.name)
        try:
            page.launch(
                inbrowser=not options.no_browser,
                prevent_thread_lock=True,
                quiet=True,  # its own words invite to share the page
                server_name="127.0.0.1",
                server_port=options.port,
                max_file_size="50mb",
                footer_links=[],
                ssr_mode=False,
                theme=make_theme(),
            )
        except OSError:
            raise ArtganError("That port is taken. Name another --port.") from None
        say(f"The page is at {page.local_url} on this machine only. Ctrl-C ends it.")
        page.block_thread()
