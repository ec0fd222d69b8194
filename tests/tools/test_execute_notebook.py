"""Executing a notebook: parameters, what is written, what a failure says."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import execute_notebook
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'source = "vedute"\nsteps = 3  # few\nassert steps != 13, "13 will not do"'
PICTURE = """
from IPython.display import HTML, display
from ipywidgets import interact
for step in range(steps):
    print(f"\\rstep {step}", end="", flush=True)
display(HTML('<img src="data:image/gif;base64,R0lGODlh" alt="toy">'))
_ = interact(lambda a: a, a=(0, 9))
"""


@pytest.fixture
def execute(tmp_path, capsys):
    """Run a notebook of some cells: (status, what was printed, the executed cells)."""

    def run(*sources, options=()):
        path = make_notebook(tmp_path, *sources)
        options = [str(path), "--results", str(tmp_path / "results"), *options]
        status, done = execute_notebook.main(options), tmp_path / "results" / path.name
        cells = nbformat.read(done, 4).cells if done.exists() else []
        return status, capsys.readouterr().out, cells

    return run


def make_notebook(folder, *sources):
    """Write a notebook with the parameters and `sources` as cells; return its path."""
    parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Toy"), parameters, new_markdown_cell("## The rest")]
    cells += map(new_code_cell, sources)
    nbformat.write(new_notebook(cells=cells), folder / "toy.ipynb")
    return folder / "toy.ipynb"


def test_a_run_writes_a_copy_and_a_page_with_all_pictures(execute, tmp_path):
    options = ["--set", "steps=2", "--set", "source=folder"]
    status, printed, cells = execute(PICTURE, "print(source)", options=options)
    assert status == 0
    assert printed.splitlines()[:2] == ["  1/5  Toy", "  3/5  The rest"]
    assert cells[3].outputs[0].text == "step 1"
    assert cells[4].outputs[0].text == "folder\n"
    page = (tmp_path / "results" / "toy.html").read_text("utf-8")
    assert 'src="data:image/gif;base64,R0lGODlh"' in page and 'alt="toy"' in page
    assert nbformat.read(tmp_path / "toy.ipynb", 4).cells[1].source == PARAMETERS


def test_a_failure_is_one_sentence_and_the_copy_shows_where(execute):
    status, printed, cells = execute("1 / 0", "never = 1")
    assert (status, printed.splitlines()[-1]) == (1, "division by zero")
    assert cells[3].outputs[0].ename == "ZeroDivisionError"
    assert cells[4].execution_count is None
    assert execute(options=["--set", "steps=13"])[1].endswith("13 will not do\n")
    status, printed, _ = execute(options=["--set", "stepz=2"])
    assert status == 1 and "'stepz'" in printed


def test_write_back_stores_a_clean_run(execute, tmp_path):
    assert execute(PICTURE, "1 / 0", options=["--write-back"])[0] == 1
    assert nbformat.read(tmp_path / "toy.ipynb", 4).cells[3].outputs == []
    assert execute(PICTURE, options=["--write-back"])[0] == 0
    stored = nbformat.read(tmp_path / "toy.ipynb", 4)
    assert [stored.cells[n].execution_count for n in (1, 3)] == [1, 2]
    assert stored.cells[1].metadata == {"tags": ["parameters"]}
    assert "widget" not in nbformat.writes(stored).replace("ipywidgets", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_lets_the_cell_save_and_stops(tmp_path):
    save = "import time\ntry:\n    open('begun', 'w').close()\n    time.sleep(60)\n"
    save += "except KeyboardInterrupt:\n    open('saved', 'w').close()"
    path = make_notebook(tmp_path, save, "open('after', 'w')")
    tool = Path(execute_notebook.__file__)
    command, pipe = [sys.executable, tool, path.name], subprocess.PIPE
    process = subprocess.Popen(command, cwd=tmp_path, stdout=pipe, text=True)
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.communicate()[0].endswith("\nStopped by Ctrl-C.\n")
    assert process.returncode == 1
    assert (tmp_path / "saved").exists() and not (tmp_path / "after").exists()
