"""run.py ends every trouble in a sentence; no test here makes a real environment."""

import os
import signal
import subprocess
import sys
import time

import pytest

import run

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell stands in")
FILES = ("run.py", "tools/setup_problems.py", "tools/setup_programs.py")

# What stands in for an interpreter in .venv: `sh` instead of Python, in milliseconds.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
  *"import pip"*) echo check >> "{log}"; {check} ;;
  *) echo "$@" >> "{log}" ;;
esac
case "$*" in
  *ensurepip*) {ensurepip} ;;
  *pip*install*) {pip} ;;
  *"import tensorflow"*) {tensorflow} ;;
  *pytest*) {pytest} ;;
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
# run.py as it is, but for the module that makes environments.
START = "import run, sys; run.MAKE_VENV = [sys.executable, {!r}]; "
START += "sys.exit(run.main(sys.argv[1:]))"
NO_PIP = "echo \"ModuleNotFoundError: No module named 'pip'\"; exit 1"


class Project:
    """A folder with run.py in it, whose venv and pip are made up."""

    def __init__(self, folder):
        self.root = folder / "a folder with spaces"
        self.log = folder / "calls.txt"
        self.venv = self.root / ".venv"
        self.python = self.venv / "bin" / "python"
        for name in FILES:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_bytes((run.ROOT / name).read_bytes())
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.root / name).write_text("something>=1\n", encoding="utf-8")
        self.module = folder / "fake_venv.py"
        self.outer = folder / "fake_python"
        self.makes()

    def makes(self, venv="", **does):
        """Let run.py make an interpreter that `does` something else where told."""
        self.has(self.outer, **does)
        module = FAKE_VENV.format(fake=str(self.outer), first=venv)
        self.module.write_text(module, encoding="utf-8")

    def has(self, path=None, **does):
        """Put such an interpreter into .venv, made by somebody else than run.py."""
        path, usual = path or self.python, "check ensurepip pip tensorflow pytest"
        does = {**dict.fromkeys(usual.split(), "exit 0"), **does, "log": self.log}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FAKE_PYTHON.format(**does), encoding="utf-8")
        path.chmod(0o755)

    def start(self, *arguments, **variables):
        return subprocess.Popen(
            [sys.executable, "-c", START.format(str(self.module)), *arguments],
            cwd=self.root,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments, **variables):
        process = self.start(*arguments, **variables)
        out, error = process.communicate()
        assert "Traceback" not in error
        return process.returncode, out, error

    def calls(self):
        """What .venv was called for since this was last asked."""
        calls = self.log.read_text(encoding="utf-8").splitlines()
        self.log.unlink()
        return calls


def pip(name="requirements.txt"):
    return f"-m pip --no-input install --no-user --target= --quiet -r {name}"


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
        (["test", "--help"], 2, ["-m", "pytest", "--help"]),
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


def test_alone_it_opens_the_notebook_in_the_projects_folder():
    files, command = run.plan([])
    assert files == ["requirements.txt"]
    assert command[:3] == ["-m", "notebook", run.NOTEBOOK]
    assert f"--ServerApp.root_dir={run.ROOT}" in command


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_printed_also_by_a_python_that_cannot_run_it(word, capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    with pytest.raises(SystemExit) as stop:
        run.main([word])
    assert stop.value.code == 0
    assert "python3 run.py --headless" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["tset", "--headles", "-k"])
def test_an_unknown_word_prints_what_it_can_do(word, capsys):
    with pytest.raises(SystemExit) as stop:
        run.main([word])
    assert stop.value.code == 2
    shown = capsys.readouterr()
    assert word in shown.err and "python3 run.py --headless" in shown.err
    assert shown.out == ""


def test_it_stays_small():
    assert len((run.ROOT / "run.py").read_text(encoding="utf-8").splitlines()) < 180


@POSIX_ONLY
def test_the_first_start_makes_all_and_the_second_installs_nothing(project):
    assert project.run("--headless", "--fast")[0] == 0
    assert project.calls() == [
        pip(),
        "-c import tensorflow",
        "tools/execute_notebook.py GAN_generation.ipynb --fast",
    ]
    status, out, _ = project.run("--headless")
    assert (status, out) == (0, "")
    assert project.calls() == [
        "check",
        "tools/execute_notebook.py GAN_generation.ipynb",
    ]


@POSIX_ONLY
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_changed_requirements_are_installed_again(project, name):
    project.run("test")
    project.calls()
    (project.root / name).write_text("other\n", encoding="utf-8")
    assert project.run("test", "-q")[0] == 0
    tried = ["-c import tensorflow"] * (name == "requirements.txt")
    assert project.calls() == ["check", pip(name), *tried, "-m pytest -q"]


@POSIX_ONLY
@pytest.mark.parametrize("fault", ["exit 1", "exit 77", NO_PIP, "kill -9 $$"])
def test_its_own_environment_is_rebuilt_when_broken(project, fault):
    project.run("test")
    project.has(check=fault, ensurepip="exit 1")
    (project.venv / "lib").mkdir()
    (project.venv / "link").symlink_to(project.root, target_is_directory=True)
    status, out, _ = project.run("test")
    assert status == 0 and "Rebuilding .venv." in out
    assert project.python.read_bytes() == project.outer.read_bytes()
    assert not (project.venv / "lib").exists()
    assert (project.root / "requirements.txt").exists()  # it was no part of .venv


@POSIX_ONLY
def test_its_own_is_rebuilt_where_making_it_was_interrupted(project):
    project.makes(venv="sys.exit('Error: interrupted')")
    assert project.run("test")[0] == 1
    project.makes()
    status, out, _ = project.run("test")
    assert status == 0 and "Rebuilding .venv." in out


@POSIX_ONLY
def test_its_own_unproven_one_is_made_anew_for_another_python(project):
    project.makes(tensorflow="exit 1")
    assert project.run("test")[0] == 1
    (project.venv / "made-by-run.txt").write_text("3.13 win32", encoding="utf-8")
    project.makes()
    status, out, _ = project.run("test")
    assert status == 0 and "Rebuilding .venv." in out
    (project.venv / "made-by-run.txt").write_text("3.13 win32", encoding="utf-8")
    assert project.run("test")[1] == ""  # TensorFlow works there


@POSIX_ONLY
@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ({"check": "echo it is of Python 3.10 >&2; exit 1"}, "it is of Python 3.10."),
        ({"check": NO_PIP, "ensurepip": "exit 1"}, "No module named 'pip'."),
        ({"check": "exit 127"}, "its Python ends with 127."),
    ],
)
def test_what_others_made_is_left_alone(project, does, reason):
    project.has(**does)
    before = project.python.read_bytes()
    status, _, error = project.run("test")
    first, second = error.splitlines()
    assert status == 1
    assert first.startswith(f"{project.venv} cannot be used: ")
    assert first.endswith(reason)
    assert second.startswith("run.py did not make it") and "Rename it" in second
    assert project.python.read_bytes() == before
    assert os.listdir(project.venv) == ["bin"]


@POSIX_ONLY
@pytest.mark.parametrize("kind", ["file", "python is gone", "another machine's"])
def test_what_is_no_environment_is_left_alone(project, kind):
    if kind == "file":
        project.venv.write_text("my-environment", encoding="utf-8")
    else:
        project.python.parent.mkdir(parents=True)
    if kind == "python is gone":
        project.python.symlink_to(project.root / "nowhere")
    if kind == "another machine's":
        project.python.write_bytes(b"MZ\0\0")
        project.python.chmod(0o755)
    status, _, error = project.run("test")
    assert status == 1 and "cannot be used: " in error and "Rename it" in error
    assert os.path.lexists(project.venv if kind == "file" else project.python)


@POSIX_ONLY
def test_what_others_made_is_used_where_it_works(project):
    project.has()
    assert project.run("test")[0] == 0
    assert project.calls()[-1] == "-m pytest"
    assert not (project.venv / "made-by-run.txt").exists()


@POSIX_ONLY
def test_an_environment_without_pip_is_given_one(project, tmp_path):
    has_pip = tmp_path / "has pip"
    project.has(
        check=f"test -e '{has_pip}' || {{ {NO_PIP}; }}",
        ensurepip=f"touch '{has_pip}'",
    )
    assert project.run("test")[0] == 0
    assert project.calls()[:3] == ["check", "-m ensurepip", "check"]


@POSIX_ONLY
def test_an_empty_folder_is_used(project):
    project.venv.mkdir()
    status, out, _ = project.run("test")
    assert status == 0 and "Making .venv." in out


@POSIX_ONLY
def test_a_pip_that_fails_is_a_sentence_and_is_tried_again(project):
    project.makes(pip="echo a strange thing >&2; exit 1")
    status, _, error = project.run("test")
    assert status == 1
    assert error.splitlines() == [
        "a strange thing",
        "",
        "pip could not install the libraries.",
        "a strange thing",
        "Mend what it names, and run this again.",
    ]
    project.has()
    status, out, _ = project.run("test")
    assert status == 0 and "Installing requirements.txt" in out


@POSIX_ONLY
def test_a_tensorflow_that_does_not_start_is_a_sentence_until_it_does(project):
    project.makes(tensorflow="kill -ILL $$")
    for _ in range(2):
        status, _, error = project.run("test")
        first, second, third = error.splitlines()
        assert status == 1 and first.startswith("TensorFlow is installed, but ")
        assert second == "It was ended by SIGILL." and "has no AVX" in third
    project.has()
    assert project.run("test")[0] == 0
    assert project.calls()[-3:] == ["check", "-c import tensorflow", "-m pytest"]


def test_a_folder_that_cannot_be_written_is_a_sentence(project):
    project.makes(venv="sys.exit('Error: [Errno 13] Permission denied')")
    status, _, error = project.run()
    first, second, third = error.splitlines()
    assert status == 1
    assert first == f"Python could not make {project.venv}."
    assert second == "Error: [Errno 13] Permission denied"
    assert third.startswith("That needs a folder you may write to")


@POSIX_ONLY
def test_a_stamp_that_cannot_be_written_is_a_sentence(project):
    (project.venv / "requirements.txt.sha256").mkdir(parents=True)
    project.has()
    status, _, error = project.run("test")
    assert status == 1
    assert error.startswith("The project's folder could not be used.\n[Errno")


@POSIX_ONLY
def test_missing_requirements_are_a_sentence(project):
    (project.root / "requirements.txt").unlink()
    project.has()
    status, _, error = project.run("test")
    assert status == 1 and "requirements.txt" in error


@POSIX_ONLY
@pytest.mark.parametrize("slow", ["pip", "venv", "tensorflow", "pytest"])
def test_ctrl_c_ends_in_a_sentence(project, slow):
    begun = project.root / "begun"
    if slow == "venv":
        wait = f"open({str(begun)!r}, 'w'); import time; time.sleep(30)"
    else:
        wait = f"touch '{begun}'; sleep 30"
    project.makes(**{slow: wait})
    process = project.start("test")
    while not begun.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    error = process.communicate()[1]
    assert process.returncode == 1
    assert error.endswith("\nStopped. Run the same command again to go on.\n")
    assert "Traceback" not in error
