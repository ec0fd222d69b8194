"""The notebook itself: its size and order, and run as a learner would."""

import ast
import json
import shutil
import time
import warnings
from itertools import pairwise
from pathlib import Path

import execute_notebook
import nbformat
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from PIL import Image, ImageOps

NAME = "GAN_generation.ipynb"
STEPS = execute_notebook.FAST["steps"]
NEEDED = "data/villas", "checkpoints/features"
WRONG = [
    "size=100",
    "size='128'",
    "minutes=None",
    "minutes=-1",
    "minutes=True",
    "first_minutes=0",
    "steps=0",
    "steps=1.5",
    "seed=-1",
    "source=vilas",
    "own_folder=None",
    "own_folder=''",
    "repository=None",
    "run_name=a/b",
    "gather=-1",
    "wikiart=3",
]


@pytest.fixture(scope="module")
def stored(repository):
    """The notebook as it is stored."""
    return nbformat.read(repository / NAME, as_version=4)


@pytest.fixture(scope="module")
def clone(repository, tmp_path_factory):
    """A folder with what the notebook needs, for tests that run one after another."""
    folder = tmp_path_factory.mktemp("a clone")
    shutil.copy(repository / NAME, folder)
    for name in NEEDED:
        shutil.copytree(repository / name, folder / name)
    return folder


def run(folder, *settings, status=0):
    """Run the notebook in its fast setting; return what it printed, and its outputs."""
    arguments = [str(folder / NAME), "--fast", "--results", str(folder / "results")]
    for setting in settings:
        arguments += ["--set", setting]
    assert execute_notebook.main(arguments) == status
    done = nbformat.read(folder / "results" / NAME, as_version=4)
    outputs = [o for c in done.cells if c.cell_type == "code" for o in c.outputs]
    assert status or not [o for o in outputs if o.output_type == "error"]
    return "".join(output.get("text", "") for output in outputs), outputs


def pages_in(outputs):
    """The HTML that outputs show."""
    shown = [output.get("data", {}) for output in outputs]
    return [data["text/html"] for data in shown if "text/html" in data]


def code_in(notebook):
    """The sources of its code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_it_is_short(stored):
    assert len(stored.cells) <= 70
    lines = [line for source in code_in(stored) for line in source.split("\n")]
    assert sum(bool(line.strip()) for line in lines) <= 1000
    assert max(len(source.split("\n")) for source in code_in(stored)) <= 50


def test_the_first_pictures_of_its_own_come_by_cell_30(stored):
    numbers = [
        number
        for number, cell in enumerate(stored.cells, 1)
        if cell.cell_type == "code" and "\ntrain_and_draw(gan" in cell.source
    ]
    assert numbers and numbers[0] <= 30


def test_it_imports_nothing_of_the_package(stored):
    for source in code_in(stored):
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in getattr(node, "names", [])]
            names += [getattr(node, "module", None) or ""]
            assert not [name for name in map(str, names) if name.startswith("artgan")]


def test_its_headings_skip_no_level_and_its_contents_lead_somewhere(stored):
    texts = [cell.source for cell in stored.cells if cell.cell_type == "markdown"]
    lines = [line for text in texts for line in text.splitlines()]
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


def test_what_it_promises_of_its_run_is_kept(stored):
    sizes = nbformat.writes(stored).encode("utf-8")
    assert len(sizes) < 1_500_000 and b"widget-view" not in sizes


def test_it_runs_goes_on_and_shows_gifs(clone):
    printed, outputs = run(clone)
    assert "256 pictures of 32 x 32 pixels" in printed
    assert "equal to the bit" in printed and "KID (MobileNetV2)" in printed
    pages = pages_in(outputs)
    assert sum("data:image/gif;base64," in page for page in pages) == 2
    assert all('alt="' in page for page in pages if "<img" in page)
    (folder,) = (clone / "runs").glob("fast-*")
    last = json.loads((folder / "log.jsonl").read_text("utf-8").splitlines()[-1])
    assert last["step"] == STEPS
    printed, _ = run(clone)  # as after a restart of the kernel
    assert f"begins at step {STEPS}." in printed
    assert len(list((clone / "runs").glob("fast-*"))) == 1


def test_alone_it_gets_what_it_needs_from_an_archive(repository, tmp_path):
    inner = tmp_path / "packed" / "project-main"
    for name in NEEDED:
        shutil.copytree(repository / name, inner / name)
    archive = shutil.make_archive(tmp_path / "main", "zip", inner.parent)
    (tmp_path / "alone").mkdir()
    shutil.copy(repository / NAME, tmp_path / "alone")
    printed, _ = run(tmp_path / "alone", f"repository={archive}")
    assert "Left out" not in printed and "KID (MobileNetV2)" in printed


def test_alone_with_pictures_of_its_own_it_runs_to_the_end(repository, tmp_path):
    shutil.copy(repository / NAME, tmp_path)
    villas = sorted((repository / "data" / "villas").glob("*.jpg"))[:30]
    (tmp_path / "mine").mkdir()
    for path in villas:
        shutil.copy(path, tmp_path / "mine")
    Image.new("L", (9, 9)).save(tmp_path / "mine" / "._x.png")
    (tmp_path / "mine" / "empty.jpg").touch()
    (tmp_path / "mine" / "page.jpg").write_text("<html>not found</html>")
    printed, outputs = run(tmp_path, "source=folder", "own_folder=mine")
    assert "30 pictures" in printed and "'empty.jpg'" in printed
    assert "Left out, for the frozen networks" in printed
    assert "equal to the bit" in printed and len(pages_in(outputs)) > 6


def test_it_gathers_politely_and_whole_pictures_only(clone, museum, monkeypatch):
    museum.add_many("capriccio", 3)
    printed, _ = run(clone, f"wikiart={museum.url}", "gather=2")
    assert "2 paintings gathered" in printed
    kept = list((clone / "data" / "wikiart").iterdir())
    assert len(kept) == 3  # two pictures, and what is known of them


@pytest.mark.parametrize("setting", WRONG)
def test_a_wrong_parameter_is_one_sentence_in_its_own_cell(stored, setting):
    from execute_notebook import set_parameters

    notebook = nbformat.from_dict(stored)
    name, value = execute_notebook.setting(setting)
    (cell,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    cell = nbformat.from_dict(cell.copy())
    shown = nbformat.v4.new_notebook(cells=[cell])
    set_parameters(shown, {name: value})
    with pytest.raises(Exception, match=f"{name} is .*; it must be ") as told:
        exec(compile(cell.source, NAME, "exec"), {})
    assert told.value._render_traceback_() == [str(told.value)]


def test_a_wrong_parameter_stops_cells_that_are_sent_after_it(stored):
    (cell,) = (c for c in stored.cells if "parameters" in c.metadata.get("tags", []))
    manager, client = start_new_kernel()
    try:
        client.execute(cell.source.replace("size = 128", "size = 100"))
        time.sleep(0.5)  # as a browser sends the cells of Run All, one by one
        later = client.execute("print('This cell ran.')", reply=True, timeout=30)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert later["content"]["status"] == "aborted"


def test_without_villas_it_says_what_to_do(repository, tmp_path):
    shutil.copy(repository / NAME, tmp_path)
    _, outputs = run(tmp_path, status=1)
    (error,) = (o for o in outputs if o.output_type == "error")
    assert error.traceback == [error.evalue]
    assert "Set repository" in error.evalue


@pytest.fixture(scope="module")
def reading(stored):
    """The functions of the notebook that read pictures, by name."""
    [source] = [c.source for c in stored.cells if "def read_square" in c.source]
    parts = ast.parse(source).body
    functions = [part for part in parts if isinstance(part, ast.FunctionDef)]
    names = {"np": np, "Image": Image, "ImageOps": ImageOps, "warnings": warnings}
    names["Path"] = Path
    exec(compile(ast.Module(functions, []), NAME, "exec"), names)
    return names


@pytest.fixture(scope="module")
def read_square(reading):
    return reading["read_square"]


def test_hidden_folders_and_notes_are_passed_over(reading, tmp_path):
    picture = Image.new("RGB", (40, 40), "red")
    for name in ("a", "sub/b.png", ".ipynb_checkpoints/c.png", ".d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        picture.save(tmp_path / name, "PNG")
    (tmp_path / "notes.txt").write_text("Red.")
    (tmp_path / "sub" / "e.jpg").write_text("no picture")
    squares, problems = reading["read_folder"](tmp_path, 32)
    assert squares.shape == (2, 32, 32, 3)
    assert list(problems) == ["sub/e.jpg"]


@pytest.mark.parametrize("colour", ["white", "black"])
def test_shapes_on_transparency_show(read_square, tmp_path, colour):
    picture = Image.new("RGBA", (64, 64), (255, 255, 255, 0))
    picture.paste(colour, (16, 16, 48, 48))
    picture.save(tmp_path / "shape.png")
    square = read_square(tmp_path / "shape.png", 32)
    assert square.shape == (32, 32, 3) and square.dtype == np.uint8
    assert abs(int(square[16, 16, 0]) - int(square[1, 1, 0])) > 100


def test_greys_of_twelve_bits_are_not_black(read_square, tmp_path):
    values = np.tile(np.linspace(0, 4095, 64).astype(np.uint16), (64, 1))
    Image.fromarray(values).save(tmp_path / "scan.png")
    square = read_square(tmp_path / "scan.png", 32)
    assert square.max() > 240 and 100 < square.mean() < 155
