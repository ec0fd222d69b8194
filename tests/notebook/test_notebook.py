"""The notebook itself, run from top to bottom as a learner would."""

import ast
import json
import shutil

import execute_notebook
import nbformat
import pytest

NAME = "GAN_generation.ipynb"
STEPS = execute_notebook.FAST["steps"]
OFFLINE = "source=wikiart", "wikiart_url=http://127.0.0.1:9"


@pytest.fixture(scope="module")
def clone(repository, tmp_path_factory):
    """A folder with what the notebook needs, for tests that run one after another."""
    folder = tmp_path_factory.mktemp("a clone")
    shutil.copy(repository / NAME, folder)
    for name in ("data/villas", "imgs", "benchmarks", "checkpoints"):
        shutil.copytree(repository / name, folder / name)
    return folder


def run(folder, *settings):
    """Run the notebook in its fast setting; return all that its cells printed."""
    arguments = [str(folder / NAME), "--fast", "--results", str(folder / "results")]
    for setting in settings:
        arguments += ["--set", setting]
    assert execute_notebook.main(arguments) == 0
    done = nbformat.read(folder / "results" / NAME, as_version=4)
    outputs = [o for c in done.cells if c.cell_type == "code" for o in c.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    return "".join(output.get("text", "") for output in outputs), outputs


def test_without_a_network_it_runs_on_the_bundled_pictures_and_shows_a_gif(clone):
    printed, outputs = run(clone, *OFFLINE)
    assert "goes on with the bundled villas" in printed
    assert "256 pictures of 32 x 32 pixels" in printed
    assert f"Saved at step {STEPS + 1} in" in printed  # one was tried before
    pages = [
        o["data"]["text/html"] for o in outputs if "text/html" in o.get("data", {})
    ]
    gifs = [page for page in pages if "data:image/gif;base64," in page]
    assert len(gifs) == 2  # of the training, and of a walk
    assert all('alt="' in gif for gif in gifs)
    assert all('alt="' in page for page in pages if "<img" in page)
    log = clone / "runs" / "fast-villas-default-32" / "log.jsonl"
    assert json.loads(log.read_text("utf-8").splitlines()[-1])["step"] == STEPS


def test_run_again_it_goes_on(clone):
    printed, _ = run(clone, *OFFLINE)
    assert f"fast-villas-default-32 is at step {STEPS + 1}." in printed
    assert f"Saved at step {2 * STEPS + 1} in" in printed


def test_it_gathers_from_wikiart_and_goes_on_from_published_weights(clone, museum):
    museum.add_many("veduta", 4)
    settings = ["source=wikiart", f"wikiart_url={museum.url}", "genres=['veduta']"]
    published = ["from_checkpoint=True", "size=128", "steps=2"]
    printed, _ = run(clone, *settings, *published)
    assert "4 paintings are listed." in printed
    assert "4 pictures of 128 x 128 pixels" in printed
    card = json.loads((clone / "checkpoints/architecture-128/card.json").read_text())
    assert f"architecture-128, trained for {card['step']:,} steps." in printed
    assert len(list((clone / "data/wikiart/images").iterdir())) == 4


def test_its_presets_are_those_of_the_package(repository):
    from artgan.gan.config import PRESETS

    notebook = nbformat.read(repository / NAME, as_version=4)
    cells = [cell.source for cell in notebook.cells if "PRESETS = {" in cell.source]
    assert len(cells) == 1
    names = {}
    exec(compile(ast.parse(cells[0]), NAME, "exec"), names)
    assert names["PRESETS"] == PRESETS


def test_its_headings_skip_no_level_and_its_contents_lead_somewhere(repository):
    notebook = nbformat.read(repository / NAME, as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lines = [line for text in texts for line in text.splitlines()]
    headings = [line for line in lines if line.startswith("#")]
    levels = [len(heading.split()[0]) for heading in headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    anchors = {h.lstrip("# ").replace(" ", "-") for h in headings}
    links = [line.split("](#")[1].split(")")[0] for line in lines if "](#" in line]
    assert len(links) > 10 and set(links) <= anchors


def constants(source):
    """The text of each assignment to a NAME in capitals, by name."""
    return {
        node.targets[0].id: ast.unparse(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").isupper()
    }


def test_its_constants_are_those_of_the_package(repository):
    package, stored = {}, nbformat.read(repository / NAME, as_version=4)
    for path in (repository / "artgan").rglob("*.py"):
        for name, text in constants(path.read_text("utf-8")).items():
            package.setdefault(name, []).append(text)
    seen = {}
    for cell in stored.cells:
        if cell.cell_type == "code":
            seen |= constants(cell.source)
    shared = {name for name in seen if name in package}
    assert {"CLASSIC", "PRESETS", "LOSSES", "AUGMENTATIONS"} <= shared
    for name in shared:
        assert seen[name] in package[name], name
