"""Keep what the notebook defines the same, text for text, as in the package.

python tools/sync_notebook.py            show differences; exit 1 if there are any
python tools/sync_notebook.py --write    copy the package's text into the notebook
"""

import argparse
import ast
import difflib
import re
import sys
from collections import defaultdict
from pathlib import Path

from stored_notebook import NotebookError, read_notebook, write_notebook

ROOT = Path(__file__).resolve().parent.parent
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def parse_cell(cell):
    """Return the syntax tree of a code cell; an IPython magic reads as `pass`."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.MULTILINE)
    try:
        return ast.parse(plain)
    except SyntaxError as error:
        raise NotebookError(
            f"A cell is not Python: {error.msg}:\n{cell.source}"
        ) from None


def defined_name(node):
    """The name of a function, class or CONSTANT; "" for any other statement."""
    if isinstance(node, DEFINITIONS):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        return name if name.isupper() else ""
    return ""


def definitions(tree, source):
    """Yield (name, first, end, text) of each top-level definition in `source`.

    Its lines are `source.split("\\n")[first:end]`, decorators included.
    """
    lines = source.split("\n")
    for node in tree.body:
        if name := defined_name(node):
            decorators = getattr(node, "decorator_list", [])
            starts = [node.lineno, *(item.lineno for item in decorators)]
            first, end = min(starts) - 1, node.end_lineno
            yield name, first, end, "\n".join(lines[first:end])


def package_index(package):
    """Return name -> list of (path, text) for every definition under `package`."""
    index = defaultdict(list)
    for path in sorted(Path(package).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for name, _, _, text in definitions(ast.parse(source, str(path)), source):
            index[name].append((path, text))
    return index


def compare(notebook, index):
    """Return what differs between the notebook's definitions and the package's.

    Returns (differences, faults). A difference is (cell, first, end, name, path, text):
    the lines first:end of the cell should read `text`, from `path`. A fault is a
    sentence on a name that the package defines never, or more than once. Constants may
    be the notebook's own.
    """
    differences, faults = [], []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for name, first, end, text in definitions(parse_cell(cell), cell.source):
            found = index.get(name, [])
            if name.isupper() and (not found or text in dict(found).values()):
                continue  # its own constant, or one that two modules have
            if not found:
                faults.append(f"{name} is in the notebook, not in the package.")
            elif len(found) > 1:
                places = " and ".join(path.name for path, _ in found)
                faults.append(f"{name} is in the package more than once: {places}.")
            elif found[0][1] != text:
                differences.append((cell, first, end, name, *found[0]))
    return differences, faults


def show(difference):
    """Print one difference as a unified diff from the notebook to the package."""
    cell, first, end, name, path, text = difference
    shown = cell.source.split("\n")[first:end]
    labels = f"notebook: {name}", f"{path.name}: {name}"
    print(
        "\n".join(difflib.unified_diff(shown, text.split("\n"), *labels, lineterm=""))
    )


def apply(differences):
    """Copy the package's text into the cells."""
    # From the last up, so that the line numbers of those before stay right.
    for cell, first, end, _, _, text in reversed(differences):
        lines = cell.source.split("\n")
        cell.source = "\n".join([*lines[:first], text, *lines[end:]])


def main(arguments=None):
    """Check or write the notebook of the command line and return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="change the notebook")
    parser.add_argument("--notebook", type=Path, default=ROOT / "GAN_generation.ipynb")
    parser.add_argument("--package", type=Path, default=ROOT / "artgan")
    options = parser.parse_args(arguments)
    try:
        notebook = read_notebook(options.notebook)
        differences, faults = compare(notebook, package_index(options.package))
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    for fault in faults:
        print(fault)
    for difference in differences:
        show(difference)
    if options.write and differences:
        apply(differences)
        write_notebook(notebook, options.notebook)
        print(f"{len(differences)} definitions written into {options.notebook.name}.")
    return 1 if faults or (differences and not options.write) else 0


if __name__ == "__main__":
    sys.exit(main())
