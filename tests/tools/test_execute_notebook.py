"""Executing a notebook: parameters, what is written, what a failure says."""

import asyncio
import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

import execute_notebook
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_parameters import parameters_in, set_parameters
from run_notebook import asked_again
from stored_notebook import WIDGET, NotebookError, store_form, stored_faults

TOOL = Path(execute_notebook.__file__)
PARAMETERS = 'source = "villas"\nsteps: int = 3  # few\nminutes, seed = 8.0, 0'
BAR = """
import sys
for step in range(steps):
    print(f"\\rstep {step}", end="", flush=True)
print()
"""
PICTURE = """
from pathlib import Path
from IPython.display import HTML, display
Path("runs/toy").mkdir(parents=True)
Path("runs/toy/training.gif").write_bytes(b"GIF89a")
display(HTML('<img src="data:image/gif;base64,R0lGODlh" alt="toy">'))
"""


def make_notebook(folder, *sources):
    """Write a notebook with the parameters and `sources` as cells; return its path."""
    parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Toy"), parameters, new_markdown_cell("## The rest")]
    path = folder / "toy.ipynb"
    nbformat.write(
        new_notebook(cells=cells + [new_code_cell(s) for s in sources]), path
    )
    return path


def executed(path):
    return nbformat.read(path.parent / "results" / path.name, as_version=4)


def run(path, *arguments):
    results = str(path.parent / "results")
    return execute_notebook.main([str(path), "--results", results, *arguments])


def test_a_run_writes_a_copy_and_a_page_and_names_the_gif(tmp_path, capsys):
    path = make_notebook(tmp_path, BAR, PICTURE)
    before = path.read_bytes()
    assert run(path, "--set", "steps=2") == 0
    shown = capsys.readouterr().out
    titles = [line.partition(" (")[0] for line in shown.splitlines()[:2]]
    assert titles == ["  1/3  Toy", "  2/3  The rest"]
    assert f"GIF: {Path('runs', 'toy', 'training.gif')}" in shown
    assert path.read_bytes() == before
    bar = executed(path).cells[3].outputs
    assert [output.text for output in bar] == ["step 1\n"]
    page = (tmp_path / "results" / "toy.html").read_text(encoding="utf-8")
    assert 'src="data:image/gif;base64,R0lGODlh"' in page and 'alt="toy"' in page


def test_a_failing_cell_is_one_short_message_and_the_copy_shows_it(tmp_path, capsys):
    path = make_notebook(tmp_path, "steps", "1 / 0", "never = 1")
    assert run(path) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith("The notebook failed at 'The rest' with ZeroDivisionError")
    assert "\n" not in error
    cells = executed(path).cells
    assert cells[4].outputs[0].ename == "ZeroDivisionError"
    assert cells[5].execution_count is None


def test_write_back_stores_a_clean_run(tmp_path):
    path = make_notebook(tmp_path, BAR, "seed")
    assert run(path, "--write-back") == 0
    stored = nbformat.read(path, as_version=4)
    assert [c.execution_count for c in stored.cells if c.cell_type == "code"] == [
        1,
        2,
        3,
    ]
    assert stored.metadata.kernelspec.name == "python3"
    assert "version" not in stored.metadata.language_info
    assert stored.cells[1].metadata == {"tags": ["parameters"]}
    assert "widgets" not in stored.metadata


def test_write_back_refuses_overrides(tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(make_notebook(tmp_path), "--write-back", "--set", "steps=1")
    assert "--write-back" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_lets_the_cell_save_and_stops(tmp_path):
    save = "import time\ntry:\n    open('begun', 'w').close()\n    time.sleep(60)\n"
    save += "except KeyboardInterrupt:\n    open('saved', 'w').close()"
    path = make_notebook(tmp_path, save, "open('after', 'w')")
    process = subprocess.Popen(
        [sys.executable, TOOL, path.name],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    error = process.communicate()[1]
    assert process.returncode == 1
    assert error.strip() == "Stopped by Ctrl-C at 'The rest'."
    assert (tmp_path / "saved").exists() and not (tmp_path / "after").exists()


def test_values_are_written_into_the_cell_of_parameters(tmp_path):
    notebook = nbformat.read(make_notebook(tmp_path), as_version=4)
    set_parameters(notebook, {"steps": 20, "source": "folder", "seed": 4})
    told = "source = 'folder'\nsteps: int = 20  # few\nminutes, seed = 8.0, 0\nseed = 4"
    assert notebook.cells[1].source == told


@pytest.mark.parametrize("names", [["stepz"], ["steps", "nothing"]])
def test_an_unknown_parameter_is_refused_by_name(tmp_path, names):
    notebook = nbformat.read(make_notebook(tmp_path), as_version=4)
    with pytest.raises(NotebookError, match=f"no parameter {names[-1]}"):
        set_parameters(notebook, dict.fromkeys(names, 1))


def test_a_notebook_without_a_parameters_cell_is_refused():
    with pytest.raises(NotebookError, match="0 cells are tagged parameters"):
        set_parameters(new_notebook(), {"steps": 1})


def test_parameters_are_what_the_cell_begins_with():
    source = "a = b = 1\nc: int = 2\ne, f = 4, 5\nif a:\n    d = 3\ng = 6"
    assert set(parameters_in(source)) == {"a", "b", "c", "e", "f"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=20", 20),
        ("a=None", None),
        ("a=villas", "villas"),
        ("a=['x', 'y']", ["x", "y"]),
    ]
    + [("a=http://127.0.0.1:80/?b=c", "http://127.0.0.1:80/?b=c"), ("a=", "")],
)
def test_a_setting_is_a_literal_or_else_a_string(text, value):
    assert execute_notebook.read_setting(text) == ("a", value)


def shown(data):
    output = nbformat.v4.new_output("display_data", data)
    return new_code_cell("show()", outputs=[output], execution_count=1)


def test_widgets_are_dropped_from_the_stored_form(tmp_path):
    notebook = new_notebook(cells=[shown({WIDGET: {}, "text/plain": "0%"})])
    notebook.metadata["widgets"] = {"state": {}}
    store_form(notebook)
    assert notebook.cells[0].outputs == []
    assert stored_faults(notebook, tmp_path) == []


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (shown({"text/plain": f"{Path.home()}/pictures"}), "shows this machine's"),
        (shown({"image/png": "A" * 1_600_000}), "1,500,000 are allowed"),
        (new_code_cell("x", execution_count=7), "did not run in order"),
    ],
)
def test_what_may_not_be_stored_is_said(tmp_path, cell, fault):
    faults = stored_faults(new_notebook(cells=[cell]), tmp_path)
    assert len(faults) == 1 and fault in faults[0]


def test_embedded_pictures_are_not_searched_for_places(tmp_path):
    page = f'<img src="data:image/gif;base64,ab{Path.home()}cd">'
    assert (
        stored_faults(new_notebook(cells=[shown({"text/html": page})]), tmp_path) == []
    )


def test_an_answer_whose_sign_was_lost_is_found_at_the_next_look():
    waited = []

    async def get_message(timeout):
        waited.append(timeout)
        if len(waited) < 3:
            raise queue.Empty
        return "an answer"

    assert asyncio.run(asked_again(get_message, every=0.01)()) == "an answer"
    assert waited == [0.01] * 3  # and never for ever


def test_a_limited_wait_stays_limited():
    async def get_message(timeout):
        raise queue.Empty

    with pytest.raises(queue.Empty):
        asyncio.run(asked_again(get_message)(timeout=0.01))


def test_many_sliders_in_a_row_do_not_hang(tmp_path):
    sliders = "from ipywidgets import interact\n_ = interact(lambda a: a, a=(0, 9))"
    path = make_notebook(tmp_path, *[sliders] * 30)
    assert execute_notebook.main([str(path), "--results", str(tmp_path / "done")]) == 0
