"""Damaged pictures through all that reads them, in a process that may die of it.

One trial damages one picture of each kind: 31 of them, so that 200 trials are 6,200.
"""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from trials.mutations import mutate, sources
from trials.reading import SIZE, Reader

from artgan.data.pictures import prepare_pictures

pytestmark = pytest.mark.trial


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    reader = Reader(tmp_path_factory.mktemp("pictures"))
    for name, data in sources().items():
        assert reader(data) == "", name
    yield reader
    reader.end()


def test_damaged_pictures(trial_seed, reader):
    faults = {}
    for name in sources():
        done, data = mutate(random.Random(f"{trial_seed} {name}"), name)
        if fault := reader(data):
            faults[done] = fault
    assert not faults


@pytest.fixture
def examples(request):
    """How many examples hypothesis makes for the trials that are asked for."""
    count = 5 * request.config.getoption("trials")
    off = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=off,
    )


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=12)),
    min_size=1,
    max_size=4,
)


def test_any_edits_of_a_file(examples, reader):
    @examples
    @given(name=st.sampled_from(sorted(sources())), edits=edits)
    def edited(name, edits):
        data = sources()[name]
        for share, lost, new in edits:
            place = int(share * len(data))
            data = data[:place] + new + data[place + lost :]
        assert reader(data) == ""

    edited()


def test_any_bytes(examples, reader):
    starts = sorted({data[:12] for data in sources().values()} | {b""})

    @examples
    @given(start=st.sampled_from(starts), rest=st.binary(max_size=400))
    def anything(start, rest):
        assert reader(start + rest) == ""

    anything()


def test_any_whole_picture_becomes_a_square(examples, tmp_path):
    @examples
    @given(
        mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "I;16"]),
        width=st.integers(1, 70),
        height=st.integers(1, 70),
        seed=st.integers(0, 2**31),
        fit=st.sampled_from(["crop", "squash"]),
    )
    def whole(mode, width, height, seed, fit):
        noise = np.random.default_rng(seed).integers(0, 256, [height, width, 4], "u1")
        image = Image.fromarray(noise).convert("RGB")
        if mode == "I;16":
            image = Image.fromarray(noise[..., 0].astype(np.uint16) * 257)
        elif mode != "RGB":
            image = image.convert(mode)
        image.save(tmp_path / "whole.png")
        [(_, picture, problem)] = prepare_pictures([tmp_path / "whole.png"], SIZE, fit)
        assert problem is None
        assert (picture.shape, picture.dtype) == ((SIZE, SIZE, 3), np.uint8)

    whole()
