"""What the text of an option becomes: a value in range, or a sentence."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from artgan.commands.explore import naming
from artgan.commands.options import number, path, picture_size, seeds
from artgan.commands.paint import direction
from artgan.commands.train import setting
from artgan.gan.config import Config, preset
from artgan.system.errors import ArtganError

TYPED = some.one_of(
    *(some.text(), some.integers(-99, 99).map(str), some.floats().map(str)),
    some.sampled_from(["9" * 5000, "1e400", "1_0", "0x10", "\u0663" * 30, "\xb2", " "]),
)
FIELDS = {field.name: field.type for field in dataclasses.fields(Config)}
NAMES = {"loss", "generator", "discriminator", "augmentations"}  # loads TensorFlow


def outcome(kind, text):
    """What a kind of option makes of a text; "refused" where that is said."""
    try:
        return kind(text)
    except ArtganError as error:
        assert len(str(error)) < 99 and str(error).isprintable()
    except ValueError:
        pass
    return "refused"


@settings(deadline=None)
@given(TYPED, some.sampled_from([int, float]))
def test_a_number_is_one_in_range(text, kind):
    found = outcome(number(kind, 3, 70), text)
    assert found == "refused" or type(found) is kind and 3 <= found <= 70
    if text in map(str, range(3, 71)):
        assert found == kind(text)


@settings(deadline=None)
@given(TYPED, some.sampled_from([seeds, direction, naming, picture_size]))
def test_any_text_is_taken_or_refused(text, kind):
    outcome(kind, text)


def test_an_empty_name_is_no_folder():
    assert outcome(path, "") == "refused" and outcome(path, "a") == Path("a")


@settings(deadline=None)
@given(some.sampled_from(sorted(FIELDS.keys() - NAMES)), TYPED)
def test_a_setting_is_taken_or_a_sentence(field, text):
    name, value = setting(f"{field}={text}")
    try:
        value = getattr(preset(**{"precision": "float32", name: value}), field)
        assert type(value) in (FIELDS[field], int) and value == value  # no nan
    except ArtganError as error:
        assert len(str(error)) < 999


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (seeds, "3,7-9,8", [3, 7, 8, 9]),
        (seeds, "0-9999", [*range(10_000)]),
        *((seeds, text, "refused") for text in ("5-2", "1,,2", "0-10000", "1-")),
        (direction, "light:-2.5", ("light", -2.5)),
        (direction, "light", "refused"),
        (naming, "2=light", ("light", 2)),
        *((naming, text, "refused") for text in ("1=2", "light", "a=b", "1=")),
        *((picture_size, text, text) for text in ("256", "384x256")),
        *((picture_size, text, "refused") for text in ("0", "384x", "3x2x1", "1x0")),
        (setting, "beta_1=0.5", ("beta_1", 0.5)),
        *((setting, f"flip={text}", ("flip", False)) for text in ("false", "False")),
        (setting, "loss=hinge", ("loss", "hinge")),
    ],
)
def test_what_is_typed_means(kind, text, value):
    assert outcome(kind, text) == value
