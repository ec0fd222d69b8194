"""What each field may be. Whoever adds a field adds its ends to a table here."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artgan.gan.config import Config, checked_config, preset
from artgan.system.errors import ArtganError

# field: lowest and highest that works, and what is just too low and too high
WHOLE = {
    "size": (32, 1024, 31, 1056),
    "width": (0, 1024, 31, 1056),
    "crops": (1, 9, 0, 10),
    "batch_size": (1, 512, 0, 513),
    "latent_size": (1, 4096, 0, 4097),
    "initial_resolution": (1, 32, 0, 64),
    "base_channels": (1, 4096, 0, 4097),
    "max_channels": (1, 4096, 0, 4097),
    "mixing_channels": (1, 1024, 0, 1025),
    "head_channels": (1, 4096, 0, 4097),
    "seed": (0, 2**31 - 1, -1, 2**31),
    "classes_begin": (0, 12_000, -1, 2**40 + 1),
    "classes_full": (4_000, 2**40, 3_999, 2**40 + 1),
}
REAL = {
    "pixel_range": (0.01, 1.0, 0.0, 1.01),
    "ema_decay": (0.0, 0.9999, -1e-9, 1.0),
    "generator_learning_rate": (1e-9, 1.0, 0.0, 1.1),
    "discriminator_learning_rate": (1e-9, 1.0, 0.0, 1.1),
    "beta_1": (0.0, 0.9999, -1e-9, 1.0),
    "beta_2": (0.0, 0.9999, -1e-9, 1.0),
}
SWITCHES = ["cut_bars", "shuffle", "flip"]
# field: what works, and what is no choice
CHOICES = {
    "fit": (["crop", "squash"], ["", "stretch", "Crop"]),
    "latent_distribution": (["normal", "uniform"], ["cauchy"]),
    "generator": (["modulated", "slim", "dcgan"], ["", "unet", "Slim"]),
    "precision": (["auto", "float32", "bfloat16"], ["float8"]),
    "discriminator": (["projected", "dcgan"], ["", "patch", "Dcgan"]),
    "loss": (["hinge", "cross_entropy"], ["wishes", "hinge "]),
    "augmentations": (
        ["", "color", "cutout,color", "translation"],
        ["rotation", "color, cutout", "color:", "color:0.3"],
    ),
    "classes": (
        ["", "Canaletto:112,Guardi:41", "a:b:2"],
        ["a", "a:", ":3", "a:0", "a:-1", "a:1.5", "a:3,", "a:3,a:4", "a:3,b", ","],
    ),
    "classes_from": (["", "folder", "artist", "8"], []),
}
ODD = st.none() | st.booleans() | st.text() | st.binary() | st.lists(st.integers())
NUMBERS = st.integers() | st.floats()


def refused(field, value, **others):
    """What is said of a value, which names the field and fits a terminal."""
    with pytest.raises(ArtganError) as caught:
        checked_config({field: value, **others})
    said = str(caught.value)
    assert re.match(f"The config field '{field}' ", said)
    assert said.endswith(".") and len(said) < 300 and said.isprintable()
    return said


def test_the_table_has_every_field():
    fields = {field.name for field in dataclasses.fields(Config)}
    assert {*WHOLE, *REAL, *SWITCHES, *CHOICES} == fields


@pytest.mark.parametrize("field", [*WHOLE, *REAL])
def test_both_ends_work_and_what_lies_beyond_is_refused(field):
    lowest, highest, *beyond = (WHOLE | REAL)[field]
    for value in lowest, highest:
        assert getattr(checked_config({field: value}), field) == value
    for value in (*beyond, 10**30, -(10**30), float("nan"), float("inf")):
        refused(field, value)
    if field in WHOLE:
        assert "a whole number" in refused(field, lowest + 0.5)
    else:  # a whole number will do for a real one
        whole = 1 if lowest else 0
        assert getattr(checked_config({field: whole}), field) == whole


@pytest.mark.parametrize("fields", [[*WHOLE, *REAL], SWITCHES, list(CHOICES)])
@given(data=st.data())
def test_another_type_is_refused(fields, data):
    field = data.draw(st.sampled_from(fields))
    kind = {f.name: f.type for f in dataclasses.fields(Config)}[field]
    value = data.draw(ODD if kind in (int, float) else ODD | NUMBERS)
    if type(value) is not kind:
        assert "it must be " in refused(field, value)


@pytest.mark.parametrize("field", CHOICES)
def test_a_text_is_one_of_those_known(field):
    working, wrong = CHOICES[field]
    for value in working:
        assert getattr(checked_config({field: value}), field) == value
    for value in wrong:
        assert repr(value) in refused(field, value)
    for value in ("x" * 10**6, "\x1b[2J") if wrong else ():
        refused(field, value)


def test_fields_that_do_not_go_together_are_told():
    for size in (100, 16, 48):
        assert "a multiple of 32" in refused("size", size)
        assert "a multiple of 32" in refused("width", size)
    assert "a power of two" in refused("initial_resolution", 3)
    assert "341 pictures of 192x128 pixels" in refused("batch_size", 342, width=192)
    assert "too large for" in refused("initial_resolution", 32, size=192, width=96)
    assert "at 9,000" in refused("classes_full", 8_000, classes_begin=9_000)
    assert "no classes" in refused("discriminator", "dcgan", classes="a:3,b:4")


def test_a_preset_refuses_the_same():
    assert preset("dcgan", size=16, initial_resolution=4).shape == (16, 16)
    with pytest.raises(ArtganError, match="'size' is 100"):
        preset("dcgan", size=100)
    with pytest.raises(ArtganError, match="'initial_resolution' is 8: too large"):
        preset("dcgan", size=16)
