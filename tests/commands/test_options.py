"""What each option takes: whole numbers, numbers and names, at their ends."""

import dataclasses
from argparse import ArgumentTypeError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from artgan.commands.parser import COMMANDS, make_parser
from artgan.commands.types import (
    direction,
    naming,
    number,
    picture_size,
    run_name,
    seeds,
    setting,
    whole_number,
)
from artgan.gan.config import Config
from artgan.system.errors import ArtganError

settings.register_profile("slow machines", deadline=None)
settings.load_profile("slow machines")
TYPED = some.one_of(
    *(some.text(), some.integers(-99, 99).map(str), some.floats().map(str)),
    some.sampled_from(["9" * 5000, "1e400", "1_0", "0x10", "\u0663" * 30, "\xb2", " "]),
)


def outcome(kind, text):
    """What an option's type makes of a text, or "refused" if it says so in a line."""
    try:
        return kind(text)
    except (ArgumentTypeError, ArtganError) as error:
        assert len(str(error)) < 300 and not set("\x1b\n\r") & set(str(error))
        return "refused"


@given(TYPED)
def test_a_whole_number_is_one_in_range(text):
    found = outcome(whole_number(3, 70), text)
    assert found == "refused" or type(found) is int and 3 <= found <= 70
    if text in map(str, range(3, 71)):
        assert found == int(text)


@given(TYPED)
def test_a_number_is_one_in_range(text):
    found = outcome(number(0.1, 70), text)
    assert found == "refused" or type(found) is float and 0.1 <= found <= 70
    if text in map(str, range(1, 71)):
        assert found == float(text)


@given(TYPED)
def test_seeds_are_a_list_of_them(text):
    found = outcome(seeds, text)
    assert found == "refused" or found and len(set(found)) == len(found) <= 10_000
    assert outcome(seeds, "3,7-9,8") == [3, 7, 8, 9]
    for bad in "5-2", "1,,2", "0-2000000000", "1-":
        assert outcome(seeds, bad) == "refused"


@given(TYPED)
def test_directions_are_moved_along_and_named(text):
    for option, kind in ((direction, float), (naming, int)):
        found = outcome(option, text)
        assert found == "refused" or type(found[1]) is kind
    assert (direction("light:-2.5"), naming("2=light")) == (
        ("light", -2.5),
        ("light", 2),
    )
    assert {outcome(direction, bad) for bad in ("light", "1:99", ":2")} == {"refused"}
    assert {outcome(naming, bad) for bad in ("1=2", "light", "0=a", "1=")} == {
        "refused"
    }


@given(TYPED)
def test_a_name_of_a_run_is_plain(text):
    found = outcome(run_name, text)
    assert found in ("refused", text)
    assert not {"/", "\\", "\0", "\n"} & set(found) and found not in ("", ".", "..")


@pytest.mark.parametrize("name", ["a", "my run", "2024-05", "vill\xe4", "a.b_c"])
def test_names_as_people_give_them_are_taken(name):
    assert run_name(name) == name


@given(some.sampled_from([field.name for field in dataclasses.fields(Config)]), TYPED)
def test_a_setting_is_taken_or_a_sentence(field, text):
    kind = {f.name: f.type for f in dataclasses.fields(Config)}[field]
    if (found := outcome(setting, f"{field}={text}")) != "refused":
        assert found[0] == field and type(found[1]) is kind
        assert found[1] == found[1]  # no nan


def test_a_size_is_a_height_or_a_width_and_height():
    assert outcome(picture_size, "256") == 256
    assert outcome(picture_size, "384x256") == (384, 256)
    for text in ("0", "x", "384x", "1x2x3", "4097x8", "-1"):
        assert outcome(picture_size, text) == "refused"


def test_each_number_and_name_is_checked_by_one_of_these():
    found = {"check": set(), "seeds": set(), "run_name": set(), "setting": set()}
    for verb in COMMANDS:
        parser = make_parser([verb])._subparsers._group_actions[0].choices[verb]
        for action in parser._actions:
            if action.option_strings and action.type:
                kinds = found.setdefault(action.type.__name__, set())
                kinds.add(action.option_strings[-1])
    assert found["seeds"] == {"--seeds"} and found["run_name"] == {"--run"}
    assert found["setting"] == {"--set"} and found["picture_size"] == {"--size"}
    assert found["check"] >= {
        *("--delay", "--fps", "--frames", "--images", "--limit", "--minutes"),
        *("--pictures", "--seed", "--steps", "--truncation"),
        *("--port", "--until-step"),
    }
    assert not {"int", "float"} & found.keys()
