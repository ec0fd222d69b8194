"""The notebook itself: its size and order, and run alone, as a learner would."""

import ast
import json
import shutil
import time
from itertools import pairwise

import execute_notebook
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

NAME = "GAN_generation.ipynb"
NEEDED = "data/vedute", "checkpoints/features"
WRONG = {
    "size": [100, "128"],
    "minutes": [None, -1, True],
    "first_minutes": [0],
    "steps": [0, 1.5],
    "seed": [-1],
    "source": ["vilas"],
    "own_folder": [None, ""],
    "repository": [None],
    "run_name": ["a/b"],
    "gather": [-1],
    "wikiart": [3],
}


@pytest.fixture(scope="module")
def stored(repository):
    """The notebook as it is stored."""
    return nbformat.read(repository / NAME, as_version=4)


@pytest.fixture
def parameters(stored):
    """A notebook of its cell of parameters alone."""
    cells = [c for c in stored.cells if "parameters" in c.metadata.get("tags", [])]
    return nbformat.from_dict(nbformat.v4.new_notebook(cells=cells))


def code_in(notebook):
    """The sources of its code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def texts_in(notebook):
    """The sources of its text cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_it_is_short(stored):
    lines = [line for source in code_in(stored) for line in source.split("\n")]
    assert len(stored.cells) <= 112  # 20 of them exercises
    assert sum(bool(line.strip()) for line in lines) <= 1420
    assert max(len(source.split("\n")) for source in code_in(stored)) <= 50


def test_the_first_pictures_of_its_own_come_by_cell_40(stored):
    places = enumerate(stored.cells, 1)
    first = next(n for n, cell in places if "\ntrain_and_draw(gan" in cell.source)
    assert first <= 40


def test_it_stands_alone(stored):
    for node in ast.walk(ast.parse("\n".join(code_in(stored)))):
        names = [alias.name for alias in getattr(node, "names", [])]
        names += [getattr(node, "module", None) or ""]
        assert not [name for name in map(str, names) if name.startswith("artgan")]


def test_its_headings_skip_no_level_and_its_contents_lead_somewhere(stored):
    lines = [line for text in texts_in(stored) for line in text.splitlines()]
    headings = [line for line in lines if line.startswith("#")]
    levels = [len(heading.split()[0]) for heading in headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    anchors = {h.lstrip("# ").replace(" ", "-") for h in headings}
    links = [line.split("](#")[1].split(")")[0] for line in lines if "](#" in line]
    assert len(links) > 10 and set(links) <= anchors


def test_its_pictures_have_words_and_travel_with_it(stored, repository):
    for cell in stored.cells:
        for part in cell.source.split("![")[1:] if cell.cell_type == "markdown" else ():
            words, _, place = part.partition("](")
            kind, _, name = place.partition(")")[0].rpartition(":")
            assert words.strip()
            assert name in cell.attachments if kind else (repository / name).exists()


def test_what_is_stored_is_one_clean_run_of_few_bytes(stored, repository):
    text = nbformat.writes(stored)
    codes = [cell for cell in stored.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in codes]
    assert counts == list(range(1, len(codes) + 1))
    kinds = {o.output_type for cell in codes for o in cell.outputs}
    assert "error" not in kinds and "widget-view" not in text
    assert len(text.encode()) < 1_500_000 and "/home/" not in text


def test_alone_it_gets_what_it_needs_and_runs_to_the_end(repository, museum, tmp_path):
    for name in NEEDED:
        shutil.copytree(repository / name, tmp_path / "packed" / "project" / name)
    archive = shutil.make_archive(tmp_path / "main", "zip", tmp_path / "packed")
    museum.add_many("veduta", 3)
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(repository / NAME, alone)
    values = {"repository": archive, "gather": 2, "wikiart": museum.url}
    values |= execute_notebook.FAST
    done, failure = execute_notebook.execute(alone / NAME, values, alone / "results")
    assert failure == ""
    outputs = [o for cell in done.cells for o in cell.get("outputs", [])]
    printed = "".join(output.get("text", "") for output in outputs)
    assert "pictures of 32 x 32 pixels" in printed and "Left out" not in printed
    assert "equal bit for bit" in printed and "KID (MobileNetV2)" in printed
    assert "2 paintings gathered" in printed
    pages = [o.get("data", {}).get("text/html", "") for o in outputs]
    assert sum("data:image/gif;base64," in page for page in pages) == 2
    assert all('alt="' in page for page in pages if "<img" in page)
    (folder,) = (alone / "runs").glob("fast-*")
    last = json.loads((folder / "log.jsonl").read_text("utf-8").splitlines()[-1])
    assert last["step"] == execute_notebook.FAST["steps"]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_parameter_is_one_sentence(parameters, name, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    source = parameters.cells[0].source
    for value in WRONG[name]:
        parameters.cells[0].source = source
        execute_notebook.set_parameters(parameters, {name: value})
        with pytest.raises(
            Exception, match=f"{name} cannot be .*: read the line"
        ) as told:
            exec(compile(parameters.cells[0].source, NAME, "exec"), {})
        assert told.value._render_traceback_() == [str(told.value)]


def test_a_wrong_parameter_stops_cells_that_are_sent_after_it(parameters):
    execute_notebook.set_parameters(parameters, {"size": 100})
    manager, client = start_new_kernel()
    try:
        client.execute(parameters.cells[0].source)
        time.sleep(0.5)  # as a browser sends the cells of Run All, one by one
        later = client.execute("print('This cell ran.')", reply=True, timeout=30)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert later["content"]["status"] == "aborted"


def test_without_pictures_it_says_what_to_do(stored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [source] = [source for source in code_in(stored) if "Set repository" in source]
    start = "import re, shutil, zipfile\nimport requests\nfrom pathlib import Path\n"
    start += "class ArtganError(Exception):\n    pass\nrepository, source = '', 'x'\n"
    with pytest.raises(Exception, match="nothing to learn from in .*Set repository"):
        exec(compile(start + "own_folder = 'mine'\n" + source, NAME, "exec"), {})
