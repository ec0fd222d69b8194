"""A page in the browser to play with: seeds, mixes, walks, photographs, trainings."""

import os
import tempfile
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from artgan.commands.options import MODEL, number, option, verb
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.processes import ended_politely
from artgan.system.tensorflow import load_quietly

# Gradio would tell its makers of each start, and keep a history; this is yours alone.
SILENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
}


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
        except OSError as error:
            told = f"The page cannot be served ({printable(error)})."
            raise ArtganError(f"{told} Name another port with --port.") from None
        say(f"The page is at {page.local_url} on this machine only. Ctrl-C ends it.")
        page.block_thread()
