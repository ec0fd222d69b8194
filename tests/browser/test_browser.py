"""The notebook in a real browser, in JupyterLab and in Notebook 7."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from execute_notebook import FAST, set_parameters
from PIL import Image

pytestmark = pytest.mark.browser

NAME = "GAN_generation.ipynb"
TOKEN = "browser-test"
LAST = "every cell of the notebook has run"
PATIENCE = 10 * 60 * 1000  # milliseconds
# A windowed notebook keeps only the cells in view in the page; these keep them all.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# What a front end shows once the kernel listens; what is run before it is lost.
READY = {
    "lab/tree": 'css=#jp-main-statusbar >> text="Python 3 (ipykernel) | Idle"',
    "notebooks": '.jp-Notebook-ExecutionIndicator[data-status="idle"]',
}
ERRORS = '.jp-OutputArea [data-mime-type="application/vnd.jupyter.error"]'
ENDED = f"""() => document.querySelector('{ERRORS}')
    || [...document.querySelectorAll('.jp-OutputArea-output')]
        .some(output => output.textContent.includes('{LAST}'))"""
PICTURES = """pictures => pictures.map(picture => ({
    source: picture.src, alt: picture.alt,
    width: picture.complete ? picture.naturalWidth : 0}))"""


def copy_for_test(repository, folder):
    """Copy what the notebook needs into `folder`, the notebook set to be fast."""
    for part in ("data/vedute", "imgs", "checkpoints/features"):
        if (repository / part).exists():
            shutil.copytree(repository / part, folder / part)
    notebook = nbformat.read(repository / NAME, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    set_parameters(notebook, FAST)
    half = len(LAST) // 2
    source = f"print({LAST[:half]!r} + {LAST[half:]!r})"
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, folder / NAME)


def jupyter_environment(folder):
    """Return an environment in which Jupyter reads and writes only under `folder`."""
    settings = folder / "settings"
    for plugin, values in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    own = {
        "JUPYTERLAB_SETTINGS_DIR": settings,
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "share",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "IPYTHONDIR": folder / "ipython",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


def wait_until_up(url, process):
    """Return when the server answers at `url`; fail if it ends before."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api?token={TOKEN}", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("Jupyter did not start")


@pytest.fixture(scope="module")
def served(tmp_path_factory, free_port):
    """A folder and the address at which one JupyterLab serves it."""
    folder, home = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("home")
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    with (home / "jupyter.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, env=jupyter_environment(home), stdout=log, stderr=log
        )
        try:
            wait_until_up(f"http://127.0.0.1:{port}", process)
            yield folder, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def run_all_cells(page):
    """Run the notebook on `page` by its menu and wait for its end, or an error."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ENDED, timeout=PATIENCE)


def pictures(page, selector):
    """Return source, alt and width in pixels of the pictures that `selector` finds."""
    return page.eval_on_selector_all(selector, PICTURES)


def check_outputs(page):
    """Assert that no cell failed and that pictures and animation are shown."""
    assert page.locator(ERRORS).all_inner_texts() == []
    shown = pictures(page, ".jp-OutputArea img")
    assert len(shown) >= 3
    assert [picture for picture in shown if not picture["width"]] == []
    start = "data:image/gif;base64,"
    gifs = [picture for picture in shown if picture["source"].startswith(start)]
    assert gifs and all(gif["alt"].strip() for gif in gifs)
    content = base64.b64decode(gifs[-1]["source"].removeprefix(start))
    assert Image.open(io.BytesIO(content)).n_frames > 1


def check_sliders(page):
    """Assert that the sliders have whole labels, and a new picture when one moves."""
    sliders = page.locator(".widget-interact").first
    cut = "labels => labels.filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.eval_on_selector_all(".widget-interact .widget-label", cut) == 0
    before = sliders.locator("img").first.get_attribute("src")
    # By mouse: Notebook 7 takes arrow keys for itself, to go from cell to cell.
    sliders.locator(".noUi-target").nth(2).click(position={"x": 20, "y": 2})
    changed = "before => document.querySelector('.widget-interact img').src != before"
    page.wait_for_function(changed, arg=before, timeout=10_000)


@pytest.mark.parametrize("front_end", ["lab/tree", "notebooks"])
def test_the_notebook_runs_and_shows_its_pictures(
    front_end, served, browser, repository, tmp_path
):
    root, url = served
    folder = root / front_end.partition("/")[0]
    folder.mkdir()
    copy_for_test(repository, folder)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{url}/{front_end}/{folder.name}/{NAME}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector(READY[front_end], timeout=60_000)
    run_all_cells(page)
    gif = page.locator('.jp-OutputArea img[src^="data:image/gif"]').last
    if gif.count():
        gif.scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "page.png")
    print(f"\nscreenshot: {tmp_path / 'page.png'}")
    check_outputs(page)
    check_sliders(page)
    written = pictures(page, ".jp-MarkdownOutput img")
    assert [p for p in written if not (p["width"] and p["alt"].strip())] == []
    page.close()
