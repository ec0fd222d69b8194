"""Give the parameters of a notebook other values, by papermill's convention."""

import ast

from stored_notebook import NotebookError


def parameters_index(notebook):
    """Return the index of the one cell tagged `parameters`, or raise NotebookError."""
    cells = enumerate(notebook.cells)
    tagged = [i for i, cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise NotebookError(f"{len(tagged)} cells are tagged parameters, not one.")
    return tagged[0]


def parameters_in(source):
    """Return name -> node of the assignments that Python `source` begins with."""
    found = {}
    for node in ast.parse(source).body:
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            break
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for name in (part for target in targets for part in ast.walk(target)):
            if isinstance(name, ast.Name):
                found[name.id] = node
    return found


def set_parameters(notebook, values):
    """Write other values into the cell of parameters, where they are checked too.

    values: name -> Python value. A name that the cell does not begin with is a
    NotebookError, so that a misspelt or renamed parameter cannot pass unnoticed.
    """
    cell = notebook.cells[parameters_index(notebook)]
    known = parameters_in(cell.source)
    unknown = ", ".join(sorted(set(values) - set(known)))
    if unknown:
        has = ", ".join(sorted(known))
        raise NotebookError(f"The notebook has no parameter {unknown}; it has {has}.")
    lines = cell.source.split("\n")
    # From the last up, so that the line numbers of those before stay right.
    for name in sorted(values, key=lambda name: -known[name].lineno):
        node = known[name]
        if node.lineno < node.end_lineno or isinstance(node.value, ast.Tuple):
            lines.insert(node.end_lineno, f"{name} = {values[name]!r}")
            continue
        line, value = lines[node.lineno - 1], node.value
        before, after = line[: value.col_offset], line[value.end_col_offset :]
        lines[node.lineno - 1] = f"{before}{values[name]!r}{after}"
    cell.source = "\n".join(lines)
