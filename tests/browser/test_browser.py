"""The notebook in a real browser, in what `python3 run.py` opens: Notebook 7."""

import json
import shutil
from contextlib import suppress

import nbformat
import pytest
from browser.conftest import serving
from execute_notebook import FAST, set_parameters
from playwright.sync_api import TimeoutError

pytestmark = pytest.mark.browser

NAME = "GAN_generation.ipynb"
LAST = "every cell of the notebook has run"
# A windowed notebook keeps only the cells in view in the page; these keep them all.
SETTINGS = ".jupyter/lab/user-settings/@jupyterlab/notebook-extension/tracker"
# What it shows once the kernel listens; what is run before it is lost.
READY = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
BUSY = READY.replace("idle", "busy")
ERRORS = '.jp-OutputArea [data-mime-type="application/vnd.jupyter.error"]'
ENDED = f"""() => document.querySelector('{ERRORS}')
    || [...document.querySelectorAll('.jp-OutputArea-output')]
        .some(output => output.textContent.includes('{LAST}'))"""
# Pictures that are not shown, or have no words.
BAD = """pictures => pictures.map(picture => picture.outerHTML.slice(0, 200)).filter(
    (_, n) => !(pictures[n].naturalWidth && pictures[n].alt.trim()))"""


@pytest.fixture
def served(tmp_path):
    """A folder, and the address and token at which Notebook 7 serves it."""
    folder, home = tmp_path / "served", tmp_path / "home"
    settings = home / f"{SETTINGS}.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": "none"}), encoding="utf-8")
    folder.mkdir()
    options = "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"
    with serving(home / "log", "notebook", *options, HOME=home) as (_, url):
        yield folder, *url.split("/tree?")


def test_the_notebook_runs_and_shows_its_pictures(served, browser, repository):
    folder, url, token = served
    few = shutil.ignore_patterns("bernardo-*", "canaletto_*")  # Guardi's are enough
    for part in ("data/vedute", "imgs", "checkpoints/features"):
        shutil.copytree(repository / part, folder / part, ignore=few)
    notebook = nbformat.read(repository / NAME, as_version=4)
    set_parameters(notebook, FAST)
    notebook.cells.append(nbformat.v4.new_code_cell(f"print({LAST!r})"))
    nbformat.write(notebook, folder / NAME)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(180_000)
    page.goto(f"{url}/notebooks/{NAME}?{token}")
    page.wait_for_selector(READY)
    for _ in range(5):  # a page that is not quite there forgets the order
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with suppress(TimeoutError):
            page.wait_for_selector(BUSY, timeout=20_000)
            break
        with suppress(TimeoutError):  # which kernel? it asks where that is slow
            page.locator("dialog .jp-mod-accept").click(timeout=1_000)
    page.wait_for_function(ENDED, timeout=600_000)
    assert page.locator(ERRORS).all_inner_texts() == []
    page.locator('.jp-OutputArea img[src^="data:image/gif"]').last.wait_for()
    written = ".jp-OutputArea img, .jp-MarkdownOutput img"
    assert page.eval_on_selector_all(written, BAD) == []
    cut = "labels => labels.filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.eval_on_selector_all(".widget-interact .widget-label", cut) == 0
    sliders = page.locator(".widget-interact").first
    before = sliders.locator("img").first.get_attribute("src")
    # By mouse: the page takes arrow keys for itself, to go from cell to cell.
    sliders.locator(".noUi-target").nth(2).click(position={"x": 20, "y": 2})
    changed = "before => document.querySelector('.widget-interact img').src != before"
    page.wait_for_function(changed, arg=before, timeout=10_000)
