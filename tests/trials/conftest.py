"""What several trials use."""

import random

import pytest
from trials.limits import enlarge, set_modes, small_disk, with_file_limit


@pytest.fixture(params=["file limit", "small disk"])
def cramped(request, trial_seed, tmp_path):
    """Where a trial works, and a function that makes its process run out of room.

    Where no disk can be mounted, a limit of another seed takes its place. A module says
    with KILOBYTES and BYTES between what the disk and the longest file are drawn.
    """
    kilobytes = getattr(request.module, "KILOBYTES", (90, 200))
    most_bytes = getattr(request.module, "BYTES", (4_000, 20_000))
    draw_size, place = random.Random(f"{trial_seed} {request.param}"), tmp_path / "disk"
    mounting = request.param == "small disk"
    with small_disk(place, draw_size.randint(*kilobytes)) as mounted:
        if mounting and mounted:
            yield place, lambda *work: work, lambda: enlarge(place)
        else:
            most = draw_size.randint(*most_bytes)
            yield tmp_path / "set", with_limit(most), lambda: None


def with_limit(most):
    """Return a function that puts a file limit before some work."""
    return lambda *work: (with_file_limit, most, *work)


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


@pytest.fixture(scope="module")
def pretended(tmp_path_factory):
    """A run that nothing disturbs, whose steps need no gradients."""
    from trials.tiny_runs import Undisturbed  # loads TensorFlow

    return Undisturbed(tmp_path_factory.mktemp("pretended"), pretend=True)
