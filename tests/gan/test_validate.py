"""What each field may be. Whoever adds a field adds its ends to a table here."""

import dataclasses
import re

import pytest

from artgan.gan.config import Config, checked_config, preset
from artgan.system.errors import ArtganError

NAN, INFINITY = float("nan"), float("inf")

# field: lowest and highest that works, and what is just too low and too high
WHOLE = {
    "size": (16, 1024, 8, 2048),
    "crops": (1, 9, 0, 10),
    "batch_size": (1, 4096, 0, 4097),
    "latent_size": (1, 4096, 0, 4097),
    "initial_resolution": (1, 256, 0, 512),
    "base_channels": (1, 4096, 0, 4097),
    "max_channels": (1, 4096, 0, 4097),
    "mixing_channels": (1, 1024, 0, 1025),
    "head_channels": (1, 4096, 0, 4097),
    "seed": (0, 2**31 - 1, -1, 2**31),
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
        ["rotation", "color, cutout", "color:", "color:0.3", "color,cutout:0.5:0.5"],
    ),
}
# What else a field needs to take its end.
NEEDS = {
    ("size", 16): {"discriminator": "dcgan"},
    ("batch_size", 4096): {"size": 32},
    ("initial_resolution", 256): {"size": 1024},
}
NO_NUMBERS = [True, False, "8", "", None, [8], {}, b"8", 8j]


def refused(field, value, **others):
    """What is said of a value, which names the field and fits a terminal."""
    with pytest.raises(ArtganError) as caught:
        checked_config({field: value, **others})
    said = str(caught.value)
    assert re.match(f"The config field '{field}' ", said)
    assert said.endswith(".") and len(said) < 300
    return said


def test_the_table_has_every_field():
    fields = {field.name for field in dataclasses.fields(Config)}
    assert {*WHOLE, *REAL, *SWITCHES, *CHOICES} == fields


@pytest.mark.parametrize("field", [*WHOLE, *REAL])
def test_both_ends_work_and_what_lies_beyond_is_refused(field):
    lowest, highest, *beyond = (WHOLE | REAL)[field]
    for value in lowest, highest:
        config = checked_config({field: value} | NEEDS.get((field, value), {}))
        assert getattr(config, field) == value
    for value in beyond:
        refused(field, value)


@pytest.mark.parametrize("field", [*WHOLE, *REAL])
def test_no_number_at_all_is_refused(field):
    for value in NO_NUMBERS:
        assert "it must be a " in refused(field, value)


@pytest.mark.parametrize("field", [*WHOLE, *REAL])
def test_absurd_numbers_are_refused(field):
    for value in (10**30, -(10**30), -8):
        assert "is not from" in refused(field, value)
    for value in (NAN, INFINITY, -INFINITY, 1e300, -0.5):
        refused(field, value)


@pytest.mark.parametrize("field", WHOLE)
def test_a_fraction_is_no_whole_number(field):
    lowest, *_ = WHOLE[field]
    for value in (lowest + 0.5, float(lowest), NAN):
        assert "a whole number" in refused(field, value)


@pytest.mark.parametrize("field", REAL)
def test_a_whole_number_will_do_for_a_real_one(field):
    lowest, highest, *_ = REAL[field]
    value = 0 if lowest <= 0 else 1
    assert getattr(checked_config({field: value}), field) == value


@pytest.mark.parametrize("field", SWITCHES)
def test_a_switch_is_on_or_off(field):
    for value in (True, False):
        assert getattr(checked_config({field: value}), field) is value
    for value in (0, 1, 1.0, "true", "", None, []):
        assert "it must be true or false" in refused(field, value)


@pytest.mark.parametrize("field", CHOICES)
def test_a_text_is_one_of_those_known(field):
    working, wrong = CHOICES[field]
    for value in working:
        assert getattr(checked_config({field: value}), field) == value
    for value in wrong:
        assert repr(value) in refused(field, value)
    for value in (1, 0.5, True, None, ["crop"], b"crop"):
        assert "it must be text" in refused(field, value)


@pytest.mark.parametrize("field", ["size", "initial_resolution"])
def test_resolutions_are_powers_of_two(field):
    for value in (3, 100, 96):
        if field == "size" and value < 16:
            continue
        assert "a power of two" in refused(field, value)


def test_fields_that_do_not_go_together_are_told():
    assert "32 pixels or more" in refused("size", 16)
    assert "512 pictures of 128 pixels are the most" in refused("batch_size", 513)
    assert "8 pictures of 1024" in refused("batch_size", 9, size=1024)
    assert "too large for pictures" in refused("initial_resolution", 64)
    assert checked_config({"initial_resolution": 32}).initial_resolution == 32


def test_a_preset_refuses_the_same():
    with pytest.raises(ArtganError, match="'size' is 100"):
        preset("dcgan", size=100)
    with pytest.raises(ArtganError, match="'initial_resolution' is 8: too large"):
        preset("dcgan", size=16)
