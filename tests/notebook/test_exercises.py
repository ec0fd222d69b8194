"""The exercises: each check is passed by its solution, and by nothing less."""

import ast
import io
import re
from contextlib import redirect_stdout

import nbformat
import numpy as np
import pytest

KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.AnnAssign)
NAMES = ("BatchNormalization", "recent", "stateless_normal", "stateless_uniform")


@pytest.fixture(scope="module")
def cells(repository):
    """The cells of the notebook."""
    return nbformat.read(repository / "GAN_generation.ipynb", as_version=4).cells


@pytest.fixture(scope="module")
def taught(cells):
    """What the notebook defines, without its trainings, and a few made-up pictures."""
    space = {"__name__": "notebook"}
    for cell in cells:
        if cell.cell_type == "code" and not cell.metadata.get("tags"):
            tree = ast.parse(cell.source)
            tree.body = [node for node in tree.body if is_definition(node)]
            exec(compile(tree, cell.id, "exec"), space)
    draw = np.random.default_rng(0)
    pictures = draw.integers(0, 256, [12, 32, 32, 3], np.uint8)
    space |= {"seed": 0, "config": space["Config"](), "images": pictures}
    space |= {"chosen": pictures, "unit": 1.0, "judge": means_of}
    return space | {"real": means_of(pictures)}


def is_definition(node):
    """Whether a statement only defines something, and quickly."""
    names = [getattr(target, "id", "") for target in getattr(node, "targets", [])]
    wanted = any(name.isupper() or name in NAMES for name in names)
    decorated = getattr(node, "name", "") == "mixed"
    return (isinstance(node, KEPT) or wanted) and not decorated


def means_of(pictures):
    """Features that stand in for the judge's: the mean colours of a picture, small."""
    return np.float32(pictures).mean((1, 2)) / 255


def told(taught, source):
    """What a check says of an answer."""
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "exercise", "exec"), dict(taught))
    return printed.getvalue().splitlines()[-1]


def solution(cells, number):
    """The code between backticks in a line of the folded solutions."""
    [text] = [cell.source for cell in cells if "<summary>Solutions" in cell.source]
    return re.search(rf"^{number}\. `(.+?)`", text, re.MULTILINE).group(1)


@pytest.mark.parametrize("number", range(1, 10))
def test_a_check_is_passed_by_its_solution_and_not_without(cells, taught, number):
    tag = f"exercise-{number}"
    [source] = [c.source for c in cells if tag in c.metadata.get("tags", [])]
    assert told(taught, source).endswith("not answered yet.")
    answer = solution(cells, number)
    if number == 7:
        lines = "".join(f"    {line.strip()}\n" for line in answer.split(";"))
        solved = source.replace('length 1."""\n', f'length 1."""\n{lines}')
    else:
        name = answer.split(" = ")[0]
        solved = re.sub(rf"^{name} = None.*", lambda _: answer, source, flags=re.M)
    assert solved != source
    assert told(taught, solved).endswith("right."), told(taught, solved)
