"""Run the cells of a notebook in a kernel, and write what they showed."""

import asyncio
import os
import queue
import signal
import time

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from notebook_parameters import set_parameters
from stored_notebook import NotebookError, cell_titles, read_notebook, write_notebook

GRACE = 45  # seconds that a cell has to save its work after Ctrl-C


def asked_again(get_message, every=1):
    """Return `get_message`, waiting for ever in turns of `every` seconds.

    To a widget the client sends messages while it waits for the cell's answer, and a
    message sent can swallow the sign that the answer has come: whoever goes on waiting
    for that sign waits for ever (https://github.com/jupyter/nbclient/issues/312).
    """

    async def get(timeout=None):
        while timeout is None:
            try:
                return await get_message(timeout=every)
            except queue.Empty:
                pass
        return await get_message(timeout=timeout)

    return get


class WatchedClient(NotebookClient):
    """A client that prints a line per section and hands Ctrl-C to the running cell.

    So a cell that trains can save at Ctrl-C; the notebook then ends after that cell.
    """

    def watch(self):
        """Count the code cells and find the heading that each stands under."""
        codes = [i for i, c in enumerate(self.nb.cells) if c.cell_type == "code"]
        self.places = {i: f"{n:>3}/{len(codes)}" for n, i in enumerate(codes, 1)}
        self.titles = cell_titles(self.nb)
        self.presses, self.title, self.began = 0, "the start", None

    async def async_start_new_kernel(self, **options):
        """Take over Ctrl-C, then start the kernel; Windows keeps its own Ctrl-C."""
        try:
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGINT, self.press)
        except NotImplementedError:
            pass
        await super().async_start_new_kernel(**options)

    async def async_start_new_kernel_client(self):
        """Connect to the kernel, and never wait in vain for what it answers."""
        client = await super().async_start_new_kernel_client()
        client.shell_channel.get_msg = asked_again(client.shell_channel.get_msg)
        return client

    def press(self):
        """Interrupt the running cell at Ctrl-C; the second time, end its kernel."""
        self.presses += 1
        if self.presses > 1:
            asyncio.ensure_future(self.km.shutdown_kernel(now=True))
        elif self.code_cells_executed:
            print("stopping; Ctrl-C again will not let it save", end=" ", flush=True)
            asyncio.ensure_future(self.km.interrupt_kernel())
            # A kernel interrupted between two cells may never answer.
            asyncio.get_running_loop().call_later(GRACE, self.press)

    async def async_execute_cell(self, cell, cell_index, **options):
        """Run one cell; the first under a heading prints that heading."""
        if self.presses:
            raise KeyboardInterrupt
        if cell_index not in self.places:
            return cell
        if self.titles[cell_index] != self.title:
            self.end_section()
            self.title, self.began = self.titles[cell_index], time.monotonic()
            print(f"{self.places[cell_index]}  {self.title}", end=" ", flush=True)
        return await super().async_execute_cell(cell, cell_index, **options)

    def end_section(self):
        """Print the seconds that the section took, at the end of its line."""
        if self.began:
            print(f"({time.monotonic() - self.began:.1f} s)", flush=True)


def run_cells(notebook, folder):
    """Run the cells of `notebook` in place, in `folder`; NotebookError if one fails."""
    client = WatchedClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=True,  # sliders that show pictures need it while they run
        # Below an error the kernel talks of its transport, not of the notebook.
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    client.watch()
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError, KeyboardInterrupt) as error:
        raise NotebookError(failure(client, error)) from None
    finally:
        client.end_section()
        notebook.metadata.pop("widgets", None)
        CoalesceStreamsPreprocessor().preprocess(notebook, {})


def failure(client, error):
    """Return in a sentence why `client` ended with `error`."""
    if client.presses or isinstance(error, KeyboardInterrupt):
        return f"Stopped by Ctrl-C at {client.title!r}."
    if isinstance(error, CellExecutionError):
        reason = f"{error.ename}: {error.evalue}"
    else:
        reason = "Python itself ended; was there memory enough?"
    return f"The notebook failed at {client.title!r} with {reason}"


def write_page(notebook, folder, path):
    """Write `notebook` as one HTML page, the pictures it shows from `folder` inside."""
    resources = {"metadata": {"path": str(folder), "name": path.stem}}
    exporter = HTMLExporter(embed_images=True)
    page, _ = exporter.from_notebook_node(notebook, resources)
    half = path.with_name(f".{path.name}.half")
    half.write_text(page, encoding="utf-8")
    os.replace(half, path)


def execute(path, values, results):
    """Run a copy of the notebook at `path` with `values`; write it and a page.

    The copy and the page are written to the folder `results` even if a cell fails, to
    show where. Returns the executed notebook; raises NotebookError.
    """
    notebook = read_notebook(path)
    if values:
        set_parameters(notebook, values)
    results.mkdir(parents=True, exist_ok=True)
    try:
        run_cells(notebook, path.parent)
    finally:
        write_notebook(notebook, results / path.name)
        write_page(notebook, path.parent, results / f"{path.stem}.html")
    return notebook
