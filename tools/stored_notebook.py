"""What a notebook looks like when it is kept in the repository."""

import json
import os
import re
import sys
from pathlib import Path

import nbformat

LARGEST = 1_500_000  # bytes; viewers refuse or crawl above
WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


class NotebookError(Exception):
    """A notebook cannot be used; the message says why, in a sentence."""


def read_notebook(path):
    """Return the notebook at `path`; NotebookError if there is none or it is broken."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"There is no notebook {path}.") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise NotebookError(f"{path} is not a notebook: {reason}.") from None


def write_notebook(notebook, path):
    """Write `notebook` to `path` in one step, so that no half file is ever seen."""
    path = Path(path)
    half = path.with_name(f".{path.name}.half")
    half.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(half, path)


def cell_titles(notebook):
    """Return, for every cell, the heading it stands under."""
    titles, title = [], "Start"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ +(.+?) *#*$", cell.source, re.MULTILINE)
            title = headings[-1] if headings else title
        titles.append(title)
    return titles


def shown_text(cell):
    """Yield the text in a cell's outputs, embedded pictures left out."""
    for output in cell.get("outputs", []):
        texts = [output.get("text", ""), "\n".join(output.get("traceback", []))]
        data = output.get("data", {})
        texts += [str(data[kind]) for kind in data if kind.startswith("text/")]
        for text in texts:
            yield re.sub(r"base64,[\w+/=]+", "", text)


def store_form(notebook):
    """Drop from an executed notebook, in place, what differs from run to run."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": LANGUAGE}
    )
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            # A widget without its state is a progress bar that stays at nothing.
            cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]


def stored_faults(notebook, folder):
    """Return sentences on why `notebook`, run in `folder`, should not be stored."""
    faults = []
    codes = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    counts = [cell.execution_count for cell in codes]
    if counts != list(range(1, len(codes) + 1)):
        faults.append(f"The cells did not run in order: {counts}.")
    size = len(nbformat.writes(notebook).encode("utf-8"))
    if size > LARGEST:
        faults.append(f"It has {size:,} bytes; {LARGEST:,} are allowed.")
    if WIDGET in json.dumps(notebook):
        faults.append("It holds the state of widgets.")
    places = {str(Path(place).resolve()) for place in (folder, Path.home(), sys.prefix)}
    for count, cell in zip(counts, codes, strict=True):
        if any(output.output_type == "error" for output in cell.outputs):
            faults.append(f"Cell [{count}] shows an error.")
        for place in sorted(places):
            if any(place in text for text in shown_text(cell)):
                faults.append(f"Cell [{count}] shows this machine's {place}.")
    return faults


def write_back(notebook, path):
    """Store the executed `notebook` at `path`; NotebookError names what forbids it."""
    store_form(notebook)
    faults = stored_faults(notebook, path.parent)
    if faults:
        raise NotebookError("Not written back. " + " ".join(faults))
    write_notebook(notebook, path)
