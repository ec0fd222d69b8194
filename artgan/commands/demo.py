"""A page in the browser to play with: seeds, mixes, walks, photographs, trainings."""

import argparse
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from artgan.commands.types import (
    add_checkpoints_folder,
    add_runs_folder,
    whole_number,
)
from artgan.system.errors import ArtganError
from artgan.system.signals import ended_politely
from artgan.system.tensorflow import load_quietly

EXAMPLES = ("demo", "demo flowers --port 8000", "demo villas --no-browser")
# Gradio would tell its makers of each start, and keep a history; this is yours alone.
SILENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
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
        tempfile.TemporaryDirectory(prefix="artgan-demo-") as place,
    ):
        os.environ.update(SILENT, GRADIO_TEMP_DIR=place)
        serve_page(options, Path(place))


def serve_page(options: argparse.Namespace, place: Path) -> None:
    """Serve the page, with what it makes in `place`, until Ctrl-C."""
    from artgan.demo.models import Models
    from artgan.demo.page import make_page
    from artgan.demo.server import listen, make_app, serve
    from artgan.storage.run_folder import is_name, is_run

    name, made = options.model, place / "made"
    made.mkdir()
    with listen(options.port) as server:
        young = name and is_name(name) and is_run(options.runs / name)
        young = young and not has_checkpoint(options.runs / name)
        models = Models(options.runs, options.checkpoints, None if young else name)
        if not young:
            print(models.open(models.first).opened)
        page = make_page(models, made, name if young else None)
        serve(make_app(page, made), server, not options.no_browser)


def has_checkpoint(folder: Path) -> bool:
    """Tell whether a run has saved anything to paint with."""
    return any(folder.glob("checkpoints/step-*"))
