"""The check that the notebook's definitions are the package's, text for text."""

import nbformat
import pytest
import sync_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ADD = 'def add(a, b):\n    """Return the sum."""\n    return a + b'
POINT = "@dataclass(frozen=True)\nclass Point:\n    x: int = 0\n\n    y: int = 0"
IMPORT = "from dataclasses import dataclass"


class House:
    """A made-up package and notebook, and the tool run on them."""

    def __init__(self, folder):
        self.package, self.notebook = folder / "package", folder / "some.ipynb"
        self.package.mkdir()

    def module(self, name, source):
        (self.package / name).write_text(source + "\n", encoding="utf-8")

    def cells(self, *sources):
        cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
        nbformat.write(new_notebook(cells=cells), self.notebook)

    def sources(self):
        return [cell.source for cell in nbformat.read(self.notebook, 4).cells[1:]]

    def run(self, *arguments):
        places = ["--notebook", str(self.notebook), "--package", str(self.package)]
        return sync_notebook.main([*places, *arguments])


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    house.module("sums.py", ADD)
    house.module("points.py", POINT)
    return house


def test_equal_definitions_pass(house, capsys):
    house.cells(f"{IMPORT}\n\n%time x = 1\n{ADD}\n\nadd(1, 2)", f"OWN = 1\n{POINT}")
    before = house.notebook.read_bytes()
    assert house.run() == house.run("--write") == 0
    assert capsys.readouterr().out == ""
    assert house.notebook.read_bytes() == before


CHANGES = [(ADD, "a + b", "a + b  # why"), (ADD, "sum.", "total.")]
CHANGES += [(POINT, "(frozen=True)", "")]


@pytest.mark.parametrize(("text", "old", "new"), CHANGES)
def test_a_difference_is_shown_and_mended(house, capsys, text, old, new):
    cell = f"!ls\n{IMPORT}\n\n\n{{}}\n\nx = 1  # end"
    house.cells(cell.format(text.replace(old, new)), "print('as it was')")
    assert house.run() == 1
    shown = capsys.readouterr().out
    assert any(line[:1] == "-" and new in line for line in shown.split("\n"))
    assert any(line[:1] == "+" and old in line for line in shown.split("\n"))
    assert house.run("--write") == 0
    assert house.sources() == [cell.format(text), "print('as it was')"]


def test_a_new_loss_comes_with_the_table_that_names_it(house):
    hinge = "def hinge(x):\n    return max(x, 0)"
    square = "def square(x):\n    return halved(x * x)"
    halved = "PARTS = 2  # why\n\n\ndef halved(x):\n    return x / PARTS"
    table = 'LOSSES = {\n    "square": square,\n}'
    house.module("losses.py", "\n\n\n".join([halved, hinge, square, table]))
    house.cells(f"{hinge}\n\n\nLOSSES = {{1: hinge}}", "print(LOSSES)")
    assert house.run() == 1
    assert house.run("--write") == 0 == house.run()
    names = {}
    exec(house.sources()[0], names)
    assert names["LOSSES"]["square"](3) == 4.5


def test_a_name_that_no_cell_has_defined_in_time_fails(house, capfd):
    house.module("sums.py", ADD + " + c")
    house.cells(ADD + " + c", "add(1, 2)", "print(d)", "d = 1")
    assert house.run() == 1
    shown = capfd.readouterr().out
    assert "Undefined name `c`" in shown and "Undefined name `d`" in shown
    house.cells("c, d = 1, 2", ADD + " + c", "add(1, 2)", "print(d)")
    assert house.run() == 0


def test_the_notebook_and_the_package_agree(capfd):
    assert sync_notebook.main([]) == 0, capfd.readouterr()
