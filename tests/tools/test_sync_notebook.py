"""The check that the notebook's definitions are the package's, text for text."""

import nbformat
import pytest
import sync_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ADD = 'def add(a, b):\n    """Return the sum."""\n    return a + b'
POINT = "@dataclass(frozen=True)\nclass Point:\n    x: int = 0\n\n    y: int = 0"


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
    house.cells(f"import os\n\n{ADD}\n\nadd(1, 2)", f"x = 1\n{POINT}", "add(3, 4)")
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
    house.cells(f"# start\n{ADD}\n\n\n{old}\n\nadd(1, 2)  # end", "print('as it was')")
    assert house.run("--write") == 0
    first = f"# start\n{longer}\n\n\n{POINT}\n\nadd(1, 2)  # end"
    assert house.sources() == [first, "print('as it was')"]
    assert house.run() == 0


def test_a_definition_the_package_lacks_fails_even_when_writing(house, capsys):
    house.module("sums.py", ADD + "\n")
    house.cells(ADD.replace("a + b", "b"), "def lonely():\n    pass")
    assert house.run("--write") == 1
    assert "lonely is in the notebook, not in the package." in capsys.readouterr().out
    assert house.sources()[0] == ADD


def test_a_name_defined_twice_in_the_package_fails(house, capsys):
    house.module("one.py", ADD + "\n")
    house.module("two.py", ADD + "\n")
    house.cells(ADD)
    assert house.run() == 1
    assert "more than once: one.py and two.py" in capsys.readouterr().out


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


def test_the_notebook_and_the_package_agree(capsys):
    assert sync_notebook.main([]) == 0, capsys.readouterr()
