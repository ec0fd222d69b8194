"""What each option of each command takes at the ends of the numbers."""

import dataclasses
from argparse import ArgumentTypeError

import pytest

from artgan.commands.parser import COMMANDS, make_parser
from artgan.commands.types import run_name, setting, yes_or_no
from artgan.gan.config import Config, preset
from artgan.system.errors import ArtganError

ENDS = (
    ["nan", "inf", "-inf", "-1", "-0.5", "0", "1e-9", "1e400", "1e30", "1_0", "0x10"]
    + [
        "9" * 30,
        "9" * 5000,
        "-" + "9" * 30,
        "0." + "0" * 29 + "1",
        "\u0663" * 30,
        "\xb2",
    ]
    + ["", " ", "x", "\x1b[2J"]
)
# What is a good number there, although it stands at an end.
TAKEN = {
    "--seed": {"0"},
    "--seeds": {"0"},
    "--truncation": {"0", "1e-9", "0." + "0" * 29 + "1"},
    "--minutes": {"1_0"},
    "--fps": {"1_0"},
    "--delay": {"1_0"},
}


def options_of(verb):
    """The options of a verb that take text of a certain kind."""
    subparsers = make_parser([verb])._subparsers._group_actions[0]
    for action in subparsers.choices[verb]._actions:
        if action.type and action.option_strings and action.type.__name__ == "check":
            yield action


def numeric_options():
    """Every (verb, option) that takes a number."""
    for verb in COMMANDS:
        for action in options_of(verb):
            if action.metavar not in ("SLUG", "GENRE", "WORDS"):
                yield verb, action.option_strings[-1]


OPTIONS = sorted(
    set(numeric_options()) | {("generate", "--seeds"), ("walk", "--seeds")}
)
REQUIRED = {
    "evaluate": ["villas", "--data", "somewhere"],
    "scrape": ["--listing", "list.csv", "--out", "somewhere"],
}


def test_the_table_knows_the_options():
    assert {option for _, option in OPTIONS} == {
        *("--delay", "--fps", "--frames", "--images", "--limit", "--minutes"),
        *("--pictures", "--seed", "--seeds", "--size", "--steps", "--truncation"),
        *("--port", "--until-step"),
    }


@pytest.mark.parametrize("end", ENDS, ids=lambda end: ascii(end)[:14])
@pytest.mark.parametrize(("verb", "option"), OPTIONS)
def test_a_number_at_the_ends_is_taken_or_a_sentence(verb, option, end, capsys):
    words = [verb, *REQUIRED.get(verb, []), f"{option}={end}"]
    if end in TAKEN.get(option, ()):
        assert make_parser([verb]).parse_args(words)
        return
    with pytest.raises(SystemExit) as caught:
        make_parser([verb]).parse_args(words)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    last = error.splitlines()[-1]
    assert f"{option}: " in last and len(last) < 200 and "\x1b" not in error
    assert "invalid" not in last  # argparse's own word, with the name of a function


@pytest.mark.parametrize("end", ENDS, ids=lambda end: ascii(end)[:14])
@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Config)])
def test_a_setting_at_the_ends_is_taken_or_a_sentence(field, end):
    try:
        config = preset("default", **dict([setting(f"{field}={end}")]))
    except (ArgumentTypeError, ArtganError) as error:
        assert len(str(error).splitlines()) == 1
        return
    value = getattr(config, field)
    assert value == value and abs(float(value)) < 2**31 if value != "" else True


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "-a", "a" * 300, "a\n", "\x1b[2J"]
)
def test_a_name_of_a_run_is_plain_or_a_sentence(name):
    with pytest.raises(ArgumentTypeError) as caught:
        run_name(name)
    assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["a", "my run", "2024-05", "vill\xe4", "a.b_c"])
def test_other_names_are_taken(name):
    assert run_name(name) == name


def test_yes_and_no():
    assert [yes_or_no(text) for text in ("y", "YES", "n", "No")] == [
        True,
        True,
        False,
        False,
    ]
