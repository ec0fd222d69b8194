"""run.py makes its environment once, and ends every trouble in a sentence."""

import os
import sys
import textwrap

import pytest

import run

PIP = [*run.PIP, "--quiet", "-r"]


class Project:
    """A folder for run.py, and the commands that it gave there; none is run."""

    def __init__(self, root):
        self.root, self.venv, self.calls, self.failing = root, root / ".venv", [], ""
        for name in ("requirements.txt", "requirements-dev.txt"):
            (root / name).write_text("something>=1\n", "utf-8")

    def call(self, *command):
        self.calls.append(list(command[1:]))
        if "venv" in command:
            self.venv.mkdir()
        return int(bool(self.failing) and self.failing in " ".join(command))

    def run(self, *arguments):
        """The exit status or the sentence of a start, and what it called for."""
        self.calls.clear()
        try:
            return run.main([*arguments]), self.calls
        except SystemExit as stop:
            return stop.code, self.calls


@pytest.fixture
def project(tmp_path, monkeypatch):
    project = Project(tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", project.venv)
    monkeypatch.setattr(run, "call", project.call)
    return project


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 4), (3, 13, 0, "final", 0)])
def test_supported_versions_pass(version):
    run.check_python(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 10, 9), (3, 14)])
def test_other_versions_are_told_which_to_install(version):
    told = "This is Python .*: install Python 3.12.*start with it.*python3.12 run.py"
    with pytest.raises(SystemExit, match=told):
        run.check_python(version)


def test_the_first_start_makes_all_and_the_second_installs_nothing(
    project, monkeypatch
):
    status, calls = project.run("--headless", "--fast")
    check, tensorflow = ["-c", run.USABLE], ["-c", "import tensorflow"]
    execute = ["tools/execute_notebook.py", "GAN_generation.ipynb", "--fast"]
    install = [*PIP, "requirements.txt"]
    venv = ["-m", "venv", str(project.venv)]
    assert (status, calls) == (0, [venv, check, install, tensorflow, execute])
    monkeypatch.setattr(sys, "version_info", (3, 14))  # of .venv it is another
    assert project.run("--headless", "--fast") == (0, [check, execute])
    (project.root / "requirements.txt").write_text("other\n", "utf-8")
    assert install in project.run("--headless")[1]


def test_the_tests_run_on_all_cores_and_take_options(project):
    _, calls = project.run("test", "-k", "x")
    assert [*PIP, "requirements-dev.txt"] in calls
    assert calls[-1] == ["-m", "pytest", *run.PARALLEL, "-k", "x"]


def test_alone_it_opens_the_notebook_in_the_projects_folder(project):
    command = project.run()[1][-1]
    assert command[:3] == ["-m", "notebook", "GAN_generation.ipynb"]
    assert f"--ServerApp.root_dir={project.root}" in command


def test_help_and_unknown_words_show_what_it_can_do(project, capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))  # of which it says nothing
    assert project.run("--help") == (0, [])
    assert "python3 run.py --headless" in capsys.readouterr().out
    assert project.run("tset") == (2, [])
    assert "python3 run.py --headless" in capsys.readouterr().err


def test_an_installation_that_fails_is_a_sentence_and_is_tried_again(project):
    for failing, told in {"pip": "pip could not", "tensorflow": "not start"}.items():
        project.failing = f"-m {failing}" if failing == "pip" else f"import {failing}"
        sentence, _ = project.run("test")
        assert told in sentence and "When something fails" in sentence
    project.failing = ""
    assert [*PIP, "requirements.txt"] in project.run("test")[1]


def test_an_environment_that_cannot_be_made_leaves_nothing(project):
    project.failing = "-m venv"
    assert "The project's folder could not be used" in project.run("test")[0]
    assert not project.venv.exists()


def test_an_environment_that_does_not_work_is_left_alone(project):
    project.venv.mkdir()
    (project.venv / "mine.txt").touch()
    project.failing = "import pip"
    assert "rename or remove it" in project.run("test")[0]
    assert (project.venv / "mine.txt").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_waits_for_the_program_and_ends_in_a_sentence(project, monkeypatch):
    monkeypatch.undo()
    program = """
        import os, signal, sys, time
        try:
            os.kill(os.getppid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(20)
        except KeyboardInterrupt:
            time.sleep(0.5)  # longer than Python waits by itself
            open(sys.argv[1], "w").close()
    """
    saved = project.root / "saved"
    with pytest.raises(KeyboardInterrupt):
        run.call(sys.executable, "-c", textwrap.dedent(program), str(saved))
    assert saved.exists()


def test_what_the_user_has_set_for_other_pythons_stays_outside(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror/simple")
    code = "import os, sys; e = os.environ; sys.exit(20 * ('PYTHONPATH' in e) + "
    code += "(e.get('PIP_INDEX_URL') != 'https://mirror/simple'))"
    assert run.call(sys.executable, "-c", code) == 0
