"""Give the parameters of a notebook other values, by papermill's convention."""

import ast

import nbformat
from stored_notebook import NotebookError


def parameters_index(notebook):
    """Return the index of the one cell tagged `parameters`, or raise NotebookError."""
    cells = enumerate(notebook.cells)
    tagged = [i for i, cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise NotebookError(f"{len(tagged)} cells are tagged parameters, not one.")
    return tagged[0]


def assigned_names(source):
    """Return the set of names assigned at the top level of Python `source`."""
    body = ast.parse(source).body
    assigns = [node for node in body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    names = [n for a in assigns for n in ast.walk(a) if isinstance(n, ast.Name)]
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def add_overrides(notebook, values):
    """Insert a cell that sets `values` after the parameters cell.

    values: name -> Python value. A name the parameters cell does not set is a
    NotebookError, so that a misspelt or renamed parameter cannot pass unnoticed.
    """
    index = parameters_index(notebook)
    known = assigned_names(notebook.cells[index].source)
    unknown = ", ".join(sorted(set(values) - known))
    if unknown:
        has = ", ".join(sorted(known))
        raise NotebookError(f"The notebook has no parameter {unknown}; it has {has}.")
    source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = ["injected-parameters"]
    notebook.cells.insert(index + 1, cell)
