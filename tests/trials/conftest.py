"""What several trials use."""

import pytest
from fake_museum import open_museum
from trials.work import fill_museum


@pytest.fixture(scope="module")
def museum():
    """A museum that has pictures, and sends them in pieces."""
    with open_museum(page_size=5) as museum:
        fill_museum(museum)
        yield museum


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """A run that nothing disturbs."""
    from trials.tiny_runs import Undisturbed  # loads TensorFlow

    return Undisturbed(tmp_path_factory.mktemp("undisturbed"))
