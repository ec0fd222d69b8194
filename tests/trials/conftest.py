"""What several trials use."""

import random

import pytest
from fake_museum import open_museum
from trials.limits import enlarge, set_modes, small_disk, with_file_limit
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


@pytest.fixture(params=["file limit", "small disk"])
def cramped(request, trial_seed, tmp_path):
    """Where a trial works, and a function that makes its process run out of room.

    Where no disk can be mounted, a limit of another seed takes its place. Yields
    (folder, function(*work) -> work with too little room, function that makes room).
    """
    draw_size, place = random.Random(f"{trial_seed} {request.param}"), tmp_path / "disk"
    mounting = request.param == "small disk"
    with small_disk(place, draw_size.randint(60, 450)) as mounted:
        if mounting and mounted:
            yield place, lambda *work: work, lambda: enlarge(place)
        else:
            most = draw_size.randint(1_000, 60_000)
            limited = with_file_limit, most
            yield tmp_path / "set", lambda *work: (*limited, *work), lambda: None


@pytest.fixture
def frozen(tmp_path):
    """A function that makes a folder read-only until the test is over."""
    folders = []

    def freeze(folder):
        folders.append(folder)
        set_modes(folder, writable=False)

    yield freeze
    for folder in folders:
        set_modes(folder, writable=True)
