"""What pip installs, and that the README tells the truth about it."""

import re
import shlex
import tomllib

import pytest

from artgan.commands.parser import make_parser


@pytest.fixture(scope="module")
def project(repository):
    """The table [project] of pyproject.toml."""
    text = (repository / "pyproject.toml").read_text("utf-8")
    return tomllib.loads(text)["project"]


@pytest.fixture(scope="module")
def readme(repository):
    """The text of the README."""
    return (repository / "README.md").read_text("utf-8")


def requirements(lines):
    """{library: the versions that will do} of some lines."""
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    return {re.match(r"[\w-]+", line)[0]: line for line in lines}


def test_the_program_needs_what_the_notebook_needs_without_jupyter(repository, project):
    text = (repository / "requirements.txt").read_text("utf-8")
    notebook = requirements(text.splitlines())
    program = requirements(project["dependencies"])
    assert {*notebook} - {*program} == {"notebook", "ipywidgets"}
    assert {name: notebook[name] for name in program} == program


def test_what_the_checks_need_of_the_extras_is_what_they_bring(repository, project):
    brought = requirements(sum(project["optional-dependencies"].values(), []))
    for file in ("requirements-dev.txt", ".ci/requirements.txt"):
        lines = (repository / file).read_text("utf-8").splitlines()
        for name, line in requirements(lines).items():
            assert "==" in line or brought.get(name, line) == line


def test_the_licences_come_along(repository, project):
    assert all((repository / path).is_file() for path in project["license-files"])


def test_the_readme_fits_a_few_screens(readme):
    assert len(readme.split()) < 1000


def test_the_readme_links_to_what_is_there(repository, readme):
    paths = re.findall(r'\]\(([^)#:]+)\)|src="([^"]+)"', readme)
    for path in {first or second for first, second in paths}:
        assert (repository / path).exists(), path
    assert all(
        re.findall(r'<img [^>]*alt="[^"]{10,}"', tag)
        for tag in re.findall(r"<img [^>]*>", readme)
    )


def test_the_readmes_commands_are_commands(readme):
    blocks = re.findall(r"```\n(.*?)```", readme, re.DOTALL)
    lines = [line.partition("#")[0] for block in blocks for line in block.splitlines()]
    commands = re.findall(r"^(?:.*&& )?artgan (.+)$", "\n".join(lines), re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        assert make_parser().parse_args(shlex.split(command))


def test_the_readmes_extras_are_extras(readme, project):
    named = set(re.findall(r"`([a-z0-9]+)`", readme.partition("Extras:")[2][:90]))
    named |= set(re.findall(r"\[([a-z0-9]+)\]'`", readme))
    assert named == set(project["optional-dependencies"])
