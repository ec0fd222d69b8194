"""run.py ends every trouble in a sentence; no test here makes a real environment."""

import os
import signal
import subprocess
import sys
import time

import pytest

import run

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell stands in")

# What stands in for an interpreter in .venv: `sh` instead of Python, in milliseconds.
FAKE_PYTHON = """#!/bin/sh
echo "$@" >> "{log}"
case "$*" in
  "-c import pip") exit {broken} ;;
  *pip*install*) {pip} ;;
esac
"""
# What stands in for Python's own venv module: it makes the interpreter above.
FAKE_VENV = """
import shutil, sys
from pathlib import Path
{first}
place = Path(sys.argv[-1], "bin")
place.mkdir(parents=True, exist_ok=True)
shutil.copy({fake!r}, place / "python")
"""


class Project:
    """A folder with run.py in it, whose venv and pip are made up."""

    def __init__(self, folder):
        self.root = folder / "a folder with spaces"
        self.log = folder / "calls.txt"
        self.python = self.root / ".venv" / "bin" / "python"
        self.root.mkdir()
        (self.root / "run.py").write_bytes((run.ROOT / "run.py").read_bytes())
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.root / name).write_text("something>=1\n", encoding="utf-8")
        self.modules = folder / "modules"
        self.modules.mkdir()
        self.fake(folder / "fake_python")

    def fake(self, path, pip="exit 0", broken=0, venv=""):
        text = FAKE_PYTHON.format(log=self.log, pip=pip, broken=broken)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        if path != self.python:
            module = FAKE_VENV.format(fake=str(path), first=venv)
            (self.modules / "venv.py").write_text(module, encoding="utf-8")
            self.outer = path

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, self.root / "run.py", *arguments],
            env={**os.environ, "PYTHONPATH": str(self.modules)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments):
        process = self.start(*arguments)
        out, error = process.communicate()
        assert "Traceback" not in error
        return process.returncode, out, error

    def calls(self):
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 4), (3, 13, 0, "final", 0)])
def test_supported_versions_pass(version):
    run.check_python(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 10, 9), (3, 14), (4, 0)])
def test_other_versions_are_told_which_to_install(version):
    with pytest.raises(SystemExit) as stop:
        run.check_python(version)
    message = stop.value.code
    assert message.startswith(f"This is Python {version[0]}.{version[1]}, ")
    assert "install Python 3.12" in message and "\n" not in message


@pytest.mark.parametrize(
    ("arguments", "files", "command"),
    [
        (["test", "-k", "x"], 2, ["-m", "pytest", "-k", "x"]),
        (
            ["--headless", "--set", "steps=2"],
            1,
            ["tools/execute_notebook.py", run.NOTEBOOK, "--set", "steps=2"],
        ),
    ],
)
def test_the_command_line_is_passed_on(arguments, files, command):
    assert run.plan(arguments) == (
        ["requirements.txt", "requirements-dev.txt"][:files],
        command,
    )


def test_alone_it_opens_the_notebook():
    files, command = run.plan([])
    assert files == ["requirements.txt"]
    assert command[:3] == ["-m", "notebook", run.NOTEBOOK]


def test_an_unknown_word_prints_what_it_can_do(capsys):
    with pytest.raises(SystemExit) as stop:
        run.main(["tset"])
    assert "python3 run.py --headless" in stop.value.code


def test_it_stays_under_a_hundred_lines():
    assert len((run.ROOT / "run.py").read_text(encoding="utf-8").splitlines()) < 100


@POSIX_ONLY
def test_the_first_start_makes_all_and_the_second_installs_nothing(project):
    assert project.run("--headless", "--fast")[0] == 0
    assert project.calls() == [
        "-m pip --no-input install --quiet -r requirements.txt",
        "tools/execute_notebook.py GAN_generation.ipynb --fast",
    ]
    project.log.unlink()
    status, out, _ = project.run("--headless")
    assert (status, out) == (0, "")
    assert project.calls() == [
        "-c import pip",
        "tools/execute_notebook.py GAN_generation.ipynb",
    ]


@POSIX_ONLY
def test_changed_requirements_are_installed_again(project):
    project.run("test")
    project.log.unlink()
    (project.root / "requirements-dev.txt").write_text("other\n", encoding="utf-8")
    assert project.run("test", "-q")[0] == 0
    assert project.calls() == [
        "-c import pip",
        "-m pip --no-input install --quiet -r requirements-dev.txt",
        "-m pytest -q",
    ]


@POSIX_ONLY
def test_a_broken_environment_is_rebuilt(project):
    project.fake(project.python, broken=1)
    status, out, _ = project.run("--headless")
    assert status == 0 and "Rebuilding .venv." in out
    assert project.calls()[-1].startswith("tools/execute_notebook.py")
    assert project.python.read_bytes() == project.outer.read_bytes()


@POSIX_ONLY
def test_a_pip_that_fails_is_a_sentence_and_is_tried_again(project):
    project.fake(project.outer, pip="echo no route to host >&2; exit 1")
    status, _, error = project.run("test")
    assert status == 1
    reason, sentence = error.splitlines()
    assert reason == "no route to host"
    assert sentence.startswith("pip could not install the libraries.")
    project.fake(project.python)
    status, out, _ = project.run("test")
    assert status == 0 and "Installing requirements.txt" in out


def test_a_folder_that_cannot_be_written_is_a_sentence(project):
    refused = "sys.exit('Error: [Errno 13] Permission denied')"
    project.fake(project.outer, venv=refused)
    status, _, error = project.run()
    assert status == 1
    assert f"Python could not make {project.root / '.venv'}" in error
    assert "needs a writable folder" in error


@POSIX_ONLY
def test_a_stamp_that_cannot_be_written_is_a_sentence(project):
    stamp = project.root / ".venv" / "requirements.txt.sha256"
    stamp.mkdir(parents=True)
    project.fake(project.python)
    status, _, error = project.run("test")
    assert status == 1
    assert error.startswith("The project's folder could not be used: ")


def test_missing_requirements_are_a_sentence(project):
    (project.root / "requirements.txt").unlink()
    project.fake(project.python)
    status, _, error = project.run("test")
    assert status == 1 and "requirements.txt" in error


@POSIX_ONLY
@pytest.mark.parametrize("slow", ["pip", "venv", "command"])
def test_ctrl_c_ends_in_a_sentence(project, slow):
    begun = project.root / "begun"
    wait = f"touch '{begun}'; sleep 30"
    project.fake(
        project.outer,
        pip=wait if slow == "pip" else f"exit 0 ;; *pytest*) {wait}",
        venv=f"open({str(begun)!r}, 'w'); import time; time.sleep(30)"
        if slow == "venv"
        else "",
    )
    process = project.start("test")
    while not begun.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    error = process.communicate()[1]
    assert process.returncode == 1
    assert error.endswith("\nStopped. Run the same command again to go on.\n")
    assert "Traceback" not in error
