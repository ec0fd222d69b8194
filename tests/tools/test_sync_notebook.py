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
        self.package = folder / "package"
        self.notebook = folder / "some.ipynb"
        self.package.mkdir()

    def module(self, name, source):
        path = self.package / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")

    def cells(self, *sources):
        cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
        nbformat.write(new_notebook(cells=cells), self.notebook)

    def sources(self):
        cells = nbformat.read(self.notebook, as_version=4).cells
        return [cell.source for cell in cells if cell.cell_type == "code"]

    def run(self, *arguments):
        places = ["--notebook", str(self.notebook), "--package", str(self.package)]
        return sync_notebook.main([*places, *arguments])


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_equal_definitions_pass(house, capsys):
    house.module("sums.py", f"import os\n\n\n{ADD}\n\n\ndef other():\n    pass\n")
    house.module("inner/points.py", f"{POINT}\n")
    house.cells(f"{IMPORT}\n\n{ADD}\n\nadd(1, 2)", f"x = 1\n{POINT}", "add(3, 4)")
    before = house.notebook.read_bytes()
    assert house.run() == 0
    assert house.run("--write") == 0
    assert capsys.readouterr().out == ""
    assert house.notebook.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [("a + b", "a - b"), ("a + b", "a + b  # why"), ("sum.", "total.")],
)
def test_a_difference_is_shown_and_fails(house, capsys, change):
    house.module("sums.py", ADD + "\n")
    house.cells(ADD.replace(*change))
    assert house.run() == 1
    shown = capsys.readouterr().out
    assert "--- notebook: add\n+++ sums.py: add\n" in shown
    assert any(line.startswith("-") and change[1] in line for line in shown.split("\n"))
    assert any(line.startswith("+") and change[0] in line for line in shown.split("\n"))


def test_decorators_are_compared(house):
    house.module("points.py", POINT + "\n")
    house.cells(POINT.replace("(frozen=True)", ""))
    assert house.run() == 1


def test_write_copies_the_package_into_each_cell_and_leaves_the_rest(house):
    longer = ADD.replace("    return", "    # why\n    return")
    house.module("sums.py", f"{longer}\n")
    house.module("points.py", f"{POINT}\n")
    old = POINT.replace("frozen", "order")
    cell = f"{{}}\n\n\n{ADD}\n\n\n{old}\n\nadd(1, 2)  # end".format(IMPORT)
    house.cells(cell, "print('as it was')")
    assert house.run("--write") == 0
    cell = cell.replace(ADD, longer).replace(old, POINT)
    assert house.sources() == [cell, "print('as it was')"]
    assert house.run() == 0


def test_a_definition_the_package_lacks_fails_even_when_writing(house, capsys):
    house.module("sums.py", ADD + "\n")
    house.cells(ADD.replace("a + b", "b"), "def lonely():\n    pass")
    assert house.run("--write") == 1
    assert "lonely is in the notebook, not in the package." in capsys.readouterr().out
    assert house.sources()[0] == ADD


def test_a_name_defined_twice_in_the_package_must_be_one_of_them(house, capsys):
    house.module("one.py", ADD + "\n")
    house.module("two.py", ADD.replace("a + b", "b + a") + "\n")
    house.cells(ADD)
    assert house.run() == 0
    house.cells(ADD.replace("a + b", "a - b"))
    assert house.run() == 1
    assert "more than once: one.py and two.py" in capsys.readouterr().out


def test_a_function_of_the_notebooks_own_is_named_and_not_in_the_package(house, capsys):
    house.module("one.py", ADD + "\n")
    house.cells(ADD, "def paint():\n    return 1")
    assert house.run() == 0
    house.module("two.py", "def paint():\n    return 2\n")
    assert house.run() == 1
    assert "paint is the notebook's own, and in the package" in capsys.readouterr().out


def test_a_name_twice_in_the_package_that_the_notebook_lacks_is_no_matter(house):
    house.module("one.py", f"{ADD}\n\n\ndef helper():\n    pass\n")
    house.module("two.py", "def helper():\n    return 2\n")
    house.cells(ADD)
    assert house.run() == 0


def test_magics_are_tolerated_and_kept(house):
    house.module("sums.py", ADD + "\n")
    magic = "%matplotlib inline\n!ls\nif True:\n    %time add(1, 2)\n"
    house.cells(magic + ADD.replace("a + b", "b"), "x = (7\n     % 2)")
    assert house.run("--write") == 0
    assert house.sources() == [magic + ADD, "x = (7\n     % 2)"]


def test_constants_are_compared_and_copied(house, capsys):
    house.module("sizes.py", "SIZE = 2  # why\nFORMAT = 1\n")
    house.module("files.py", "FORMAT = 2\n")
    house.cells("SIZE = 1  # why\nsmall = SIZE", "FORMAT = 2\nOWN = 3")
    assert house.run() == 1
    assert "-SIZE = 1  # why\n+SIZE = 2  # why" in capsys.readouterr().out
    assert house.run("--write") == 0
    assert house.sources() == ["SIZE = 2  # why\nsmall = SIZE", "FORMAT = 2\nOWN = 3"]
    house.module("files.py", "FORMAT = 3\n")
    assert house.run("--write") == 1
    assert "FORMAT is in the package more than once" in capsys.readouterr().out


def test_inner_definitions_belong_to_their_outer_one(house):
    house.module("outer.py", "def outer():\n    def inner():\n        pass\n")
    house.cells("def outer():\n    def inner():\n        pass")
    assert house.run() == 0


def test_a_cell_that_is_not_python_is_named(house, capsys):
    house.cells("def broken(:")
    assert house.run() == 1
    assert "def broken(:" in capsys.readouterr().err


def test_a_missing_notebook_is_a_sentence(house, capsys):
    assert house.run() == 1
    assert "There is no notebook" in capsys.readouterr().err


HINGE = "def hinge(x):\n    return relu(x)"
SQUARE = "def square(x):\n    return halved(x * x)"
HALVED = "def halved(x):\n    return x / PARTS"
PARTS = "PARTS = 2  # why"
RELU = "def relu(x):\n    return max(x, 0)"


def table(*names):
    entries = "".join(f'\n    "{name}": {name},' for name in names)
    return f"LOSSES = {{{entries}\n}}"


def test_a_new_loss_brings_all_that_it_uses_in_the_packages_order(house):
    parts = [RELU, HINGE, SQUARE, table("hinge", "square"), HALVED, PARTS]
    house.module("losses.py", "\n\n\n".join(parts) + "\n")
    house.cells(f"{RELU}\n\n\n{HINGE}\n\n\n{table('hinge')}", "LOSSES['hinge'](1)")
    assert house.run() == 1
    assert house.run("--write") == 0
    assert house.sources() == ["\n\n\n".join(parts), "LOSSES['hinge'](1)"]
    assert house.run() == 0
    names = {}
    for source in house.sources():
        exec(source, names)
    assert names["LOSSES"]["square"](3) == 4.5


def test_what_another_module_defines_comes_before_what_uses_it(house):
    house.module("halves.py", f"{PARTS}\n\n\n{HALVED}\n")
    house.module("other.py", "def halved(x):\n    return 0\n")
    house.module("squares.py", f"from package.halves import halved\n\n\n{SQUARE}\n")
    house.cells("x = 3", SQUARE.replace("x * x", "x") + "\n\nsquare(x)")
    assert house.run("--write") == 0
    cell = f"{PARTS}\n{HALVED}\n\n\n{SQUARE}\n\nsquare(x)"
    assert house.sources() == ["x = 3", cell]


def test_what_a_library_defines_is_imported(house):
    root = "def root(x):\n    return math.sqrt(x) * np.pi"
    house.module("roots.py", f"import math, os\nimport numpy as np\n\n\n{root}\n")
    house.cells("import numpy as np", root.replace("math.sqrt(x)", "x"), "root(2)")
    assert house.run("--write") == 0
    cells = ["import numpy as np", f"import math\n\n{root}", "root(2)"]
    assert house.sources() == cells


def test_what_the_notebook_has_from_elsewhere_is_left_alone(house):
    house.module("fast.py", "class Conv:\n    pass\n")
    build = "def build():\n    return Conv()"
    house.module("networks.py", f"from package.fast import Conv\n\n\n{build}\n")
    house.cells("from collections import Counter as Conv", f"{build}\n\nbuild()")
    assert house.run() == 0


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["x = 1", "print(y)"], "y is used in code cell 2"),
        (["print(x)", "x = 1"], "x is used in code cell 1"),
        ([ADD + " + c"], "c is used in code cell 1"),
        ([ADD + " + c", "add(1, 2)", "c = 1"], "c is used in code cell 2"),
        ([ADD + " + c", "T = {1: add}", "c = 1"], "c is used in code cell 2"),
        (["@later\n" + ADD, "later = 1"], "later is used in code cell 1"),
        (["def add(a, b=c):\n    pass", "c = 1"], "c is used in code cell 1"),
        (["class add:\n    size = c", "c = 1"], "c is used in code cell 1"),
        (["[add(c) for add in [abs]]"], "c is used in code cell 1"),
        (["sorted([1], key=lambda n: c)", "c = 1"], "c is used in code cell 1"),
    ],
)
def test_a_name_that_is_not_defined_in_time_fails(house, capsys, cells, told):
    house.module("sums.py", "\n".join(c for c in cells if "add" in c) + "\n")
    house.cells(*cells)
    assert house.run() == 1
    assert f"{told}, but not defined yet." in capsys.readouterr().out


@pytest.mark.parametrize(
    "cells",
    [
        [ADD + " + c", "c = 1", "add(1, 2)"],
        ["class add:\n    def go(self):\n        return c", "c = 1\nadd().go()"],
        ["for x in range(3):\n    print(x)", "print(__name__, x)\ndisplay(x)"],
        ["def add(n):\n    return n and add(n - 1)\n\nadd(3)"],
        ["import os.path as p, sys\nprint(p, sys)\n[q for q in [1] if q]"],
        ["def add(a: int, *b, **c):\n    d = a\n    return lambda e: (b, c, d, e)"],
    ],
)
def test_a_name_that_is_defined_in_time_passes(house, capsys, cells):
    house.module("sums.py", "\n".join(c for c in cells if "add" in c) + "\n")
    house.cells(*cells)
    assert house.run() == 0, capsys.readouterr().out


def test_the_notebook_and_the_package_agree(capsys):
    assert sync_notebook.main([]) == 0, capsys.readouterr()
