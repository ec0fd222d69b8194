"""Which names the cells of a notebook define and use, statement by statement."""

import ast
import builtins
import re
import symtable
from collections import namedtuple

from stored_notebook import NotebookError

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ALWAYS_THERE = {*dir(builtins), "display", "get_ipython", "__name__", "_"}
# bound: what a statement defines; now: what it needs to run; later: what the function
# or class that it defines needs to be used.
Names = namedtuple("Names", "bound now later")


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


def code_cells(notebook):
    """Yield (number from 1, cell, its top-level statements) of each code cell."""
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(codes, 1):
        yield number, cell, parse_cell(cell).body


def names_of(statement):
    """The `Names` of a top-level statement."""
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    symbols = table.get_symbols()
    bound = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    now = {s.get_name() for s in symbols if s.is_referenced()}
    later = set()
    for depth, scope in scopes_in(table):
        body_of_class = depth == 1 and scope.get_type() == "class"
        runs_now = body_of_class or not isinstance(statement, DEFINITIONS)
        found = {s.get_name() for s in scope.get_symbols() if s.is_global()}
        (now if runs_now else later).update(found)
    return Names(bound, now - bound, later)


def scopes_in(table, depth=1):
    """Yield (depth, scope) for each function, class and lambda within a scope."""
    for child in table.get_children():
        yield depth, child
        yield from scopes_in(child, depth + 1)


def undefined_names(notebook):
    """Yield (number of the code cell, name) where a name is not defined in time.

    A statement needs what it names; by the end of its cell also what the functions
    that it names need.
    """
    bound, needs, told = set(ALWAYS_THERE), {}, set()
    for number, _, statements in code_cells(notebook):
        used, missing = set(), set()
        for names in map(names_of, statements):
            missing |= names.now - bound
            used |= names.now
            bound |= names.bound
            needs |= {name: (number, names.later) for name in names.bound}
        missing |= reachable(used, needs) - bound
        yield from ((number, name) for name in sorted(missing - told))
        told |= missing
    for number, later in needs.values():
        yield from ((number, name) for name in sorted(later - bound - told))
        told |= later


def reachable(names, needs):
    """Some names, those that their functions need, those that these need, and so on."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += needs[name][1] if name in needs else ()
    return found
