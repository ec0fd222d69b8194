"""A page in the browser to play with: seeds, mixes, walks, photographs, trainings."""

import argparse
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.commands.types import (
    add_checkpoints_folder,
    add_runs_folder,
    whole_number,
)
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.signals import ended_politely
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    from artgan.demo.painters import Painters

EXAMPLES = ("demo", "demo flowers --port 8000", "demo vedute --no-browser")
# Gradio would tell its makers of each start, and keep a history; this is yours alone.
SILENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument(
        "model",
        nargs="?",
        metavar="MODEL",
        help="what is shown first: a run, published weights such as flowers, or the "
        "path of weights (default: flowers)",
    )
    add_runs_folder(command)
    add_checkpoints_folder(command)
    command.add_argument(
        "--port",
        type=whole_number(1024, 65535),
        metavar="N",
        help="default: the first free from 7860",
    )
    command.add_argument(
        "--no-browser", action="store_true", help="print the address, open nothing"
    )


def run(options: argparse.Namespace) -> None:
    """Do it."""
    if find_spec("gradio") is None:
        raise ArtganError(
            "The page needs Gradio, which is not here. `pip install 'artgan[demo]'` "
            "brings it; from a checkout, `pip install '.[demo]'`."
        )
    load_quietly()
    # However it is ended, no photograph of a visitor stays behind.
    with (
        ended_politely(),
        tempfile.TemporaryDirectory("-artgan-demo") as place,
    ):
        os.environ.update(SILENT, GRADIO_TEMP_DIR=place)
        serve_page(options, Path(place))


def serve_page(options: argparse.Namespace, place: Path) -> None:
    """Serve the page, with what it makes in `place`, until Ctrl-C."""
    from artgan.demo.page import make_page, make_theme
    from artgan.demo.painters import Painters

    painters = Painters(options.runs, options.checkpoints)
    first, follow = first_model(painters, options.model)
    page = make_page(painters, place, first, follow)
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
    except OSError as error:
        raise ArtganError(
            f"The page cannot be served ({printable(error)}). Name another port with "
            "--port."
        ) from None
    say(f"The page is at {page.local_url} on this machine only. Ctrl-C ends it.")
    page.block_thread()


def first_model(painters: "Painters", name: str | None) -> tuple[str, bool]:
    """The name that is shown first, and whether its training is all there is of it.

    Raises ArtganError if there is no such model, and it is no run that has begun.
    """
    try:
        painter = painters.open(name)
    except ArtganError as error:
        if not name or name not in painters.names():
            raise
        say(f"{error} The page follows its training.")
        return name, True
    say(painter.opened)
    return name or painter.name, False
