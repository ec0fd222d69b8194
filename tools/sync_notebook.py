"""Keep what the notebook defines the same, text for text, as in the package.

python tools/sync_notebook.py            show differences; exit 1 if there are any
python tools/sync_notebook.py --write    copy the package's text into the notebook

Writing also inserts what a copied definition uses and no cell defines: the functions
of a new loss come with the table that names them. A name that is not defined in time,
in the order of the cells, is told, and fails the check.
"""

import argparse
import difflib
import sys
from pathlib import Path

from notebook_names import code_cells, names_of, undefined_names
from package_texts import Package, definitions
from stored_notebook import NotebookError, read_notebook, write_notebook

ROOT = Path(__file__).resolve().parent.parent
# Functions that only the notebook has: shorter ones than the package's, to be read.
OWN = {
    *("find_repository", "read_square", "read_folder", "print_ladder", "paint"),
    *("Diary", "train_and_draw", "save_state", "load_state", "mixed"),
    *("load_eye", "interpolate", "ask", "paintings_in", "list_paintings"),
    "fetch_painting",
}


def compare(notebook, package):
    """Return what differs between the notebook's definitions and the package's.

    Returns (differences, faults). A difference is (cell, old, new): the text of `old`
    in the cell should be that of `new`. A fault is a sentence on a name that the
    package defines never, or more than once and never so, or that is among OWN and in
    the package all the same. Constants may be the notebook's own.
    """
    differences, faults = [], []
    for _, cell, statements in code_cells(notebook):
        for old in definitions(statements, cell.source):
            found = package.index.get(old.name, [])
            same = old.text in [new.text for new in found]
            if same or not found and (old.name.isupper() or old.name in OWN):
                continue
            if old.name in OWN:
                faults.append(f"{old.name} is the notebook's own, and in the package.")
            elif not found:
                faults.append(f"{old.name} is in the notebook, not in the package.")
            elif len(found) > 1:
                places = " and ".join(new.path.name for new in found)
                told = f"{old.name} is in the package more than once: {places}."
                faults.append(told)
            else:
                differences.append((cell, old, found[0]))
    return differences, faults


def show(old, new):
    """Print a difference as a unified diff from the notebook to the package."""
    texts = old.text.split("\n"), new.text.split("\n")
    labels = f"notebook: {old.name}", f"{new.path.name}: {new.name}"
    print("\n".join(difflib.unified_diff(*texts, *labels, lineterm="")))


def copy(differences):
    """Copy the package's text into the cells."""
    # From the last up, so that the line numbers of those before stay right.
    for cell, old, new in reversed(differences):
        replace(cell, old.first, old.end, new.text)


def replace(cell, first, end, *lines):
    """Put other lines in the place of lines first:end of a cell."""
    old = cell.source.split("\n")
    cell.source = "\n".join([*old[:first], *lines, *old[end:]])


def complete(notebook, package):
    """Insert what copied definitions use and no cell defines; return the names."""
    inserted = []
    while found := next(missing_definitions(notebook, package), None):
        insert(package, *found)
        inserted.append(found[-1].name)
    return inserted


def missing_definitions(notebook, package):
    """Yield (cell, its definitions, the one that uses another, that other one)."""
    cells = list(code_cells(notebook))
    known = {n for _, _, body in cells for node in body for n in names_of(node).bound}
    for _, cell, statements in cells:
        here = definitions(statements, cell.source)
        for old in here:
            _, now, later = names_of(old.node)
            for source in package.index.get(old.name, []):
                for name in sorted((now | later) - known):
                    if new := package.find(name, source.path):
                        yield cell, here, old, new


def insert(package, cell, here, user, new):
    """Put a definition into a cell before its user, or where the package has it."""
    if not new.path:  # an import
        joins = cell.source.startswith(("import ", "from "))
        return replace(cell, 0, 0, new.text, *[""] * (not joins))
    order = {
        source.name: source.first
        for old in here
        for source in package.index.get(old.name, [])
        if source.path == new.path
    }
    before = [old for old in here if order.get(old.name, new.first) < new.first]
    after = [old for old in here if order.get(old.name, -1) > new.first]
    gap = [] if new.name.isupper() else ["", ""]
    if user in before and not after:
        return replace(cell, before[-1].end, before[-1].end, "", "", new.text)
    place = after[0] if user in before + after else user
    return replace(cell, place.first, place.first, new.text, *gap)


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
        package = Package(options.package)
        differences, faults = compare(notebook, package)
        for _, old, new in differences:
            show(old, new)
        if options.write:
            write(options.notebook, notebook, package, differences)
            differences = []
        for number, name in undefined_names(notebook):
            faults.append(f"{name} is used in code cell {number}, but not defined yet.")
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    print(*faults, sep="\n", end="\n" * bool(faults))
    return 1 if faults or differences else 0


def write(path, notebook, package, differences):
    """Copy and insert what the notebook lacks, and store it if that changed it."""
    copy(differences)
    inserted = complete(notebook, package)
    if differences or inserted:
        write_notebook(notebook, path)
        print(f"{len(differences)} definitions written into {path.name}.")
    if inserted:
        print(f"Inserted: {', '.join(inserted)}.")


if __name__ == "__main__":
    sys.exit(main())
