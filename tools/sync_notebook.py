"""Keep what the notebook defines the same, text for text, as in the package.

python tools/sync_notebook.py            show differences; exit 1 if there are any
python tools/sync_notebook.py --write    copy the package's text into the notebook

Writing also inserts what a copied definition uses of the package and no cell has: the
functions of a new loss come with the table that names them. A name that no cell has
defined in time is told, and fails the check.
"""

import argparse
import ast
import difflib
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parent.parent
# What only the notebook has: it shows pictures in the page, tells whether what is
# trained has changed, or belongs to an exercise.
OWN = {
    *("Diary", "mixed", "show", "train_and_draw"),
    *("print_ladder", "source_of"),
    *("check", "power_step", "spread"),
}


SMALLER = {"Config"}  # the notebook's has only the settings that do something there


class Definition(NamedTuple):
    """A function, class or CONSTANT: lines first:end of a cell or of a module."""

    name: str
    first: int
    end: int
    text: str
    path: Path | None


def parse(source):
    """The syntax tree of a module or a cell; an IPython magic reads as `pass`."""
    return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE))


def definitions(source, path=None):
    """List the top-level definitions in `source`, decorators included."""
    lines, found = source.split("\n"), []
    for node in parse(source).body:
        name = getattr(node, "name", "")
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id if node.targets[0].id.isupper() else ""
        if name:
            starts = [node, *getattr(node, "decorator_list", [])]
            first, end = min(part.lineno for part in starts) - 1, node.end_lineno
            found.append(
                Definition(name, first, end, "\n".join(lines[first:end]), path)
            )
    return found


def read_package(folder):
    """Every definition in a package: {name: [Definition, ...]}."""
    index = defaultdict(list)
    for path in sorted(Path(folder).rglob("*.py")):
        for definition in definitions(path.read_text("utf-8"), path):
            index[definition.name].append(definition)
    return index


def code_cells(notebook):
    """The cells of a notebook that are code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def compare(notebook, index):
    """What differs: ([(cell, notebook's Definition, package's), ...], [fault, ...]).

    A fault is a sentence on a name that has no home in the package, or two. Constants
    may be the notebook's own.
    """
    differences, faults = [], []
    for cell in code_cells(notebook):
        for old in definitions(cell.source):
            if old.name in SMALLER:
                continue
            found = index.get(old.name, [])
            homes = " and ".join(new.path.name for new in found)
            if len(found) == 1 and old.name not in OWN:
                if old.text != found[0].text:
                    differences.append((cell, old, found[0]))
            elif old.name in OWN and found:
                faults.append(f"{old.name} is the notebook's own, and in {homes}.")
            elif found and old.text not in [new.text for new in found]:
                faults.append(f"{old.name} is in the package more than once: {homes}.")
            elif not found and old.name not in OWN and not old.name.isupper():
                faults.append(f"{old.name} is in the notebook, not in the package.")
    return differences, faults


def show(old, new):
    """Print a difference as a unified diff from the notebook to the package."""
    texts = old.text.split("\n"), new.text.split("\n")
    labels = f"notebook: {old.name}", f"{new.path.name}: {new.name}"
    print("\n".join(difflib.unified_diff(*texts, *labels, lineterm="")))


def put(cell, first, end, text):
    """Put a text in the place of lines first:end of a cell."""
    lines = cell.source.split("\n")
    lines[first:end] = text.split("\n")
    cell.source = "\n".join(lines)


def missing(notebook, index):
    """Yield (cell, user, definition): what a definition uses and no cell has.

    It is of the user's module, or the only one of its name in the package.
    """
    cells = code_cells(notebook)
    known = {name for cell in cells for name in bound(parse(cell.source).body)}
    for cell in cells:
        for user in definitions(cell.source):
            homes = {home.path for home in index.get(user.name, [])}
            for name in sorted(used(user.text) - known) if homes else []:
                found = index.get(name, [])
                for new in found:
                    if new.path in homes or len(found) == 1:
                        yield cell, user, new


def bound(nodes):
    """The names that statements define, import or assign, not within functions."""
    for node in nodes:
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        else:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            yield from bound(ast.iter_child_nodes(node))


def used(text):
    """The names that a definition reads and does not assign itself."""
    nodes = [*ast.walk(parse(text))]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    stored |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {node.id for node in names} - stored


def write(notebook, index, differences):
    """Copy the package's text into the cells, with what it uses; return the names."""
    # From the last up, so that the line numbers of those before stay right.
    for cell, old, new in reversed(differences):
        put(cell, old.first, old.end, new.text)
    written = [new.name for _, _, new in differences]
    while found := next(missing(notebook, index), None):
        cell, user, new = found
        gap = "" if new.name.isupper() else "\n\n"
        put(cell, user.first, user.first, new.text + gap)
        written.append(new.name)
    return written


def main(arguments=None):
    """Check or write the notebook of the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="change the notebook")
    parser.add_argument("--notebook", type=Path, default=ROOT / "GAN_generation.ipynb")
    parser.add_argument("--package", type=Path, default=ROOT / "artgan")
    options = parser.parse_args(arguments)
    notebook = nbformat.read(options.notebook, as_version=4)
    index = read_package(options.package)
    differences, faults = compare(notebook, index)
    for _, old, new in differences:
        show(old, new)
    if options.write and (written := write(notebook, index, differences)):
        half = options.notebook.with_suffix(".half")
        half.write_text(nbformat.writes(notebook) + "\n", "utf-8", newline="\n")
        half.replace(options.notebook)
        print(f"Written into {options.notebook.name}: {', '.join(written)}.")
    print(*faults, sep="\n", end="\n" * bool(faults))
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--isolated"]
    ruff += ["--select", "F821", str(options.notebook)]
    undefined = subprocess.run(ruff, check=False).returncode
    return 1 if faults or undefined or differences and not options.write else 0


if __name__ == "__main__":
    sys.exit(main())
