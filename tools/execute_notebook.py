"""Run a notebook from top to bottom without a browser and keep what it showed.

python tools/execute_notebook.py GAN_generation.ipynb
python tools/execute_notebook.py GAN_generation.ipynb --fast
python tools/execute_notebook.py GAN_generation.ipynb --set minutes=2 --set seed=7
python tools/execute_notebook.py GAN_generation.ipynb --write-back
"""

import argparse
import ast
import signal
import sys
import time
import warnings
from pathlib import Path

# The whole notebook in about a minute: enough to show that every cell works.
FAST = {"run_name": "fast", "steps": 8, "size": 32}


def read_setting(text):
    """Return (name, value) of `NAME=VALUE`; a value that is no literal is a string."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def parse(arguments):
    """Return the parsed command line, its settings as the dictionary `values`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=read_setting,
        help="give a parameter of the notebook another value; may be repeated",
    )
    parser.add_argument("--fast", action="store_true", help=f"set {FAST}")
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument(
        "--write-back", action="store_true", help="store the run in the notebook itself"
    )
    options = parser.parse_args(arguments)
    options.values = {**(FAST if options.fast else {}), **dict(options.settings)}
    if options.write_back and options.values:
        parser.error("--write-back stores the notebook's own parameters: no --set")
    return options


def gifs_since(folder, began):
    """Return the GIFs under `folder` written at the time `began` or later."""
    gifs = sorted(Path(folder).rglob("*.gif"))
    return [path for path in gifs if path.stat().st_mtime >= began]


def main(arguments=None):
    """Execute the notebook of the command line and return the exit status."""
    options = parse(arguments)
    # Jupyter takes seconds to load, so it is loaded once the command line is right.
    from run_notebook import execute
    from stored_notebook import NotebookError, write_back

    # A note that zmq prints on Windows for every kernel, and means nothing here.
    warnings.filterwarnings("ignore", message="Proactor event loop")
    path, results, began = options.notebook.resolve(), options.results, time.time()
    try:
        notebook = execute(path, options.values, results)
        if options.write_back:
            write_back(notebook, path)
    except NotebookError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"\nPage: {results / path.stem}.html\nNotebook: {results / path.name}")
    for gif in gifs_since(path.parent / "runs", began):
        print(f"GIF: {gif.relative_to(path.parent)}")
    return 0


if __name__ == "__main__":
    # Until the cells run, Ctrl-C ends this in silence.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
