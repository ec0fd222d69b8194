"""The notebook itself: its size and order, and run alone, as a learner would."""

import ast
import json
import shutil
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import execute_notebook
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

NAME = "GAN_generation.ipynb"
FEATURES, VEDUTE = "checkpoints/features", "data/vedute"


@pytest.fixture(scope="module")
def stored(repository):
    """The notebook as it is stored."""
    return nbformat.read(repository / NAME, as_version=4)


def code_in(cells, kind="code"):
    """The sources of the cells of a kind among cells."""
    return [cell.source for cell in cells if cell.cell_type == kind]


def filled(source):
    """The lines of a text that are not blank."""
    return [line for line in source.split("\n") if line.strip()]


def test_it_is_short_and_the_generator_comes_early(stored):
    texts = [cell.source for cell in stored.cells]
    first = next(n for n, text in enumerate(texts) if text.startswith("## Exercises"))
    last = next(n for n, text in enumerate(texts) if "<summary>Solutions" in text)
    lesson = stored.cells[:first] + stored.cells[last + 1 :]
    lines = [line for text in code_in(lesson) for line in filled(text)]
    assert len(lesson) <= 72 and len(lines) <= 1100
    assert sum(len(filled(s)) for s in code_in(stored.cells)) - len(lines) <= 150
    assert max(len(source.split("\n")) for source in code_in(stored.cells)) <= 60
    starts = [line.partition("(")[0] for line in lines]
    assert starts.index("def build_dcgan_generator") < 90
    painted = next(n for n, text in enumerate(texts) if "\ntrain_and_draw(gan" in text)
    assert painted < 40


def test_it_stands_alone(stored):
    for node in ast.walk(ast.parse("\n".join(code_in(stored.cells)))):
        names = [alias.name for alias in getattr(node, "names", [])]
        names += [getattr(node, "module", None) or ""]
        assert not [name for name in map(str, names) if name.startswith("artgan")]


def test_its_headings_skip_no_level_and_its_contents_lead_somewhere(stored):
    lines = "\n".join(code_in(stored.cells, "markdown")).splitlines()
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
    assert [cell.execution_count for cell in codes] == [*range(1, len(codes) + 1)]
    assert '"output_type": "error"' not in text and "widget-view" not in text
    assert len(text.encode()) < 1_500_000 and "/home/" not in text


def test_alone_it_gets_what_it_needs_and_runs_to_the_end(repository, museum, tmp_path):
    packed = tmp_path / "packed" / "project"
    shutil.copytree(repository / FEATURES, packed / FEATURES)
    (packed / VEDUTE).mkdir(parents=True)
    few = sorted((repository / VEDUTE).glob("*.jpg"))[::9]  # to be seen by the judge
    for path in [*few, repository / VEDUTE / "metadata.csv"]:
        shutil.copy(path, packed / VEDUTE)
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


@pytest.mark.parametrize(("name", "wrong"), [("size", 100), ("source", "vilas")])
def test_a_wrong_value_is_named(stored, name, wrong):
    [cell] = [c for c in stored.cells if "parameters" in c.metadata.get("tags", [])]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict(dict(cell))])
    execute_notebook.set_parameters(notebook, {name: wrong})
    with pytest.raises(ValueError, match=f"{name} must be one of .*, not {wrong!r}"):
        exec(compile(notebook.cells[0].source, NAME, "exec"), {})


def test_without_pictures_it_says_what_to_do(stored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [source] = [s for s in code_in(stored.cells) if "Set repository" in s]
    names = {"Path": Path, "repository": "", "source": "x", "own_folder": "mine"}
    with pytest.raises(Exception, match="There is no mine .*Set repository"):
        exec(compile(source, NAME, "exec"), names)


def test_a_changed_function_or_table_is_seen_no_other(stored, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    [source] = [s for s in code_in(stored.cells) if "def source_of(" in s]
    shell, found = InteractiveShell(), []
    shell.run_cell("import inspect, re\n" + source[source.index("def source_of(") :])
    flatten = SimpleNamespace(flatten=lambda table: sum(table.values(), ()))
    shell.user_ns["tf"] = SimpleNamespace(nest=flatten)
    step = "class GAN:\n    def step(self):\n        return TABLE['{}'][0]()\n"
    step += "def other():\n    return {}\ndef loss():\n    return {}\n"
    for name, *numbers in ("a", 1, 2), ("a", 3, 2), ("a", 1, 4), ("b", 1, 2):
        shell.run_cell(step.format(name, *numbers) + f"TABLE = {{'{name}': (loss,)}}")
        found.append(shell.user_ns["source_of"]("GAN"))
    assert {*found[0]} == {"GAN", "loss"} and found[0] == found[1]
    assert found[0] != found[2] and found[0] != found[3]
