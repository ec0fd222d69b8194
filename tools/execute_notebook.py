"""Run a notebook from top to bottom without a browser, and write a page of it.

python tools/execute_notebook.py GAN_generation.ipynb --fast
python tools/execute_notebook.py GAN_generation.ipynb --set minutes=2 --set seed=7
python tools/execute_notebook.py GAN_generation.ipynb --write-back
"""

import argparse
import ast
import asyncio
import queue
import signal
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

# The whole notebook in half a minute: enough to show that every cell works.
FAST = {"run_name": "fast", "steps": 4, "size": 32}
WIDGET = "application/vnd.jupyter.widget-view+json"


class WatchedClient(NotebookClient):
    """A client that prints headings, and hands Ctrl-C to the cell, which may save."""

    stopped = False

    def press(self):
        """Interrupt the cell, after which none runs; the second time, end Python."""
        end = self.km.shutdown_kernel(now=True) if self.stopped else None
        asyncio.ensure_future(end or self.km.interrupt_kernel())
        self.stopped = True

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        if sys.platform != "win32":  # which keeps its own Ctrl-C
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self.press)
        ask = client.shell_channel.get_msg

        async def ask_again(timeout=None):
            # A widget can swallow the sign that an answer has come, and whoever waits
            # for it waits for ever (https://github.com/jupyter/nbclient/issues/312).
            while timeout is None:
                try:
                    return await ask(timeout=1)
                except queue.Empty:
                    pass
            return await ask(timeout=timeout)

        client.shell_channel.get_msg = ask_again
        return client

    async def async_execute_cell(self, cell, cell_index, **options):
        if self.stopped:
            raise KeyboardInterrupt
        if cell.cell_type == "markdown" and "# " in cell.source:
            heading = cell.source.rpartition("# ")[2].splitlines()[0]
            print(f"{cell_index + 1:>3}/{len(self.nb.cells)}  {heading}", flush=True)
        return await super().async_execute_cell(cell, cell_index, **options)


def set_parameters(notebook, values):
    """Write other values below those of the cell `parameters`, which checks them."""
    [cell] = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    lines, end, known = cell.source.split("\n"), 0, set()
    for node in ast.parse(cell.source).body:
        if not isinstance(node, ast.Assign):
            break
        known.add(node.targets[0].id)
        end = node.end_lineno
    assert values.keys() <= known, f"No parameter is called {values.keys() - known}."
    lines[end:end] = [f"{name} = {value!r}" for name, value in values.items()]
    cell.source = "\n".join(lines)


def execute(path, values, results):
    """Run a copy of a notebook with other values; return it and why it failed, or "".

    The copy and a page of it go to `results`, also where it fails, to show where.
    """
    notebook, failure = nbformat.read(path, as_version=4), ""
    set_parameters(notebook, values)
    place = {"metadata": {"path": str(path.parent), "name": path.stem}}
    # Below an error the kernel talks of its transport, not of the notebook.
    options = {"extra_arguments": ["--IPKernelApp.log_level=40"]}
    client = WatchedClient(notebook, timeout=None, resources=place, **options)
    client.coalesce_streams, client.record_timing = True, False
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError, KeyboardInterrupt) as error:
        failure = (
            str(getattr(error, "evalue", "")) or "Python ended; too little memory?"
        )
        failure = "Stopped by Ctrl-C." if client.stopped else failure
    notebook.metadata.pop("widgets", None)
    results.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, results / path.name)
    page, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook, place)
    (results / f"{path.stem}.html").write_text(page, encoding="utf-8")
    return notebook, failure


def store(notebook, results, path):
    """Put an executed notebook in its place, without what differs from run to run."""
    for cell in notebook.cells:
        tags = {k: v for k, v in cell.metadata.items() if k == "tags"}
        cell.metadata = nbformat.from_dict(tags)
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
    nbformat.write(notebook, results / path.name)
    (results / path.name).replace(path)


def setting(text):
    """The pair of `NAME=VALUE`; a value that is no literal is a string."""
    name, _, value = text.partition("=")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def main(arguments=None):
    """Execute the notebook of the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("notebook", type=Path)
    add("--set", metavar="NAME=VALUE", action="append", default=[], type=setting)
    add("--fast", action="store_true", help=f"set {FAST}")
    add("--results", type=Path, default=Path("results"))
    add("--write-back", action="store_true", help="store the run in the notebook")
    options = parser.parse_args(arguments)
    values = (FAST if options.fast else {}) | dict(options.set)
    path, results = options.notebook.resolve(), options.results
    try:
        notebook, failure = execute(path, values, results)
        if options.write_back and not failure:
            store(notebook, results, path)
    except (AssertionError, OSError) as error:
        failure = f"The notebook could not be run: {error}"
    print(f"\n{failure}" if failure else f"\nPage: {results / path.stem}.html")
    return 1 if failure else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until a cell runs, end in silence
    sys.exit(main())
