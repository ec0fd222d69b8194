"""What the notebook teaches has one home in the package, so that it can be edited."""

from notebook_names import code_cells
from package_texts import Package, definitions
from stored_notebook import read_notebook


def test_no_name_of_the_notebook_is_defined_twice(repository):
    """`tools/sync_notebook.py` could not tell which of the two is meant."""
    package = Package(repository / "artgan")
    for _, cell, statements in code_cells(
        read_notebook(repository / "GAN_generation.ipynb")
    ):
        for taught in definitions(statements, cell.source):
            homes = {found.path.name for found in package.index.get(taught.name, [])}
            assert len(homes) < 2, f"{taught.name} is defined in {sorted(homes)}."
