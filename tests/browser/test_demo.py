"""The page of `artgan demo` in a real browser, as somebody uses it who visits it."""

import json
import re
import subprocess
import sys
from urllib.parse import urlparse

import pytest
from PIL import Image

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds
TINY = {
    "size": 32,
    "base_channels": 4,
    "max_channels": 8,
    "latent_size": 6,
    "mixing_channels": 4,
    "head_channels": 8,
    "batch_size": 2,
}
VISIBLE = "lists => lists.some(list => list.checkVisibility())"
MARKED = """([place, words]) => getComputedStyle(
    document.querySelectorAll('#thumbnails button')[place], '::after'
).content === words"""
WIDTHS = "pictures => pictures.map(picture => picture.naturalWidth)"


def artgan(repository, *arguments):
    """Start a command of the project, whose output is read from what this returns."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "artgan", *map(str, arguments)],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process):
    """End a process, if it has not ended, and wait for it."""
    process.terminate()
    process.communicate()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(repository, runs, free_port):
    """The address of the page, served by the command."""
    options = ["--no-browser", "--port", free_port(), "--runs", runs]
    process = artgan(repository, "demo", "villas", *options)
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            yield found[0]
            break
    else:
        pytest.fail(f"The page was not served: {said}")
    ended(process)


@pytest.fixture(scope="module")
def training(repository, runs, address):
    """A process that trains the run `tiny` for a few steps while the page is used."""
    settings = [f"--set={name}={value}" for name, value in TINY.items()]
    options = ["--run", "tiny", "--runs", runs, "--steps", 20, *settings]
    process = artgan(repository, "train", "--data", "data/villas", *options)
    yield process
    ended(process)


@pytest.fixture
def page(browser, address, training):
    """The page once its pictures are there; it may ask nothing of other machines."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    hosts, refused = set(), []
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: hosts.add(urlparse(request.url).hostname))
    page.on("console", lambda said: refused.append(said.text))
    page.goto(address)
    page.wait_for_selector("#thumbnails img")
    page.wait_for_selector("#mixed img")
    yield page
    page.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data and blobs of the page's own
    assert [text for text in refused if "Content Security Policy" in text] == []


def wait_for_mix(page, words):
    """Wait until the alt text of the mixed picture has these words."""
    page.locator(f'#mixed img[alt*="{words}"]').wait_for()


def choose(page, control, number):
    """Type a number in place of moving a slider."""
    name = f"number input for {control}"
    page.get_by_role("spinbutton", name=name, exact=True).fill(str(number))
    page.keyboard.press("Tab")


def tab_to(page, selector, key="Tab"):
    """Press a key until what a selector finds has the focus, and shows that it has."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("css => document.activeElement.matches(css)", selector):
            shown = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(shown) == "solid"
            return
    pytest.fail(f"The keyboard does not reach {selector}")


def test_thumbnails_and_their_mix_are_there_at_first(page):
    thumbnails = page.locator("#thumbnails img")
    alts = thumbnails.evaluate_all("pictures => pictures.map(picture => picture.alt)")
    assert alts == [f"seed {number}" for number in range(24)]
    page.wait_for_function(
        "[...document.querySelectorAll('#thumbnails img')].every(p => p.naturalWidth)"
    )
    assert page.locator("#mixed img").bounding_box()["width"] >= 300
    for place in ("#thumbnails", "#mixed"):  # no scrolling before a picture is seen
        assert page.locator(f"{place} img").first.bounding_box()["y"] < 600
    page.set_viewport_size({"width": 390, "height": 844})
    columns = {thumbnails.nth(n).bounding_box()["x"] for n in range(24)}
    assert max(columns) < 390  # none is cut off in a narrow window


def test_two_seeds_are_chosen_and_mixed(page):
    picture = page.locator("#mixed img")
    page.locator("#thumbnails button").nth(11).click()
    wait_for_mix(page, "50 % seed 11, 50 % seed 7")
    page.get_by_role("radio", name="Second seed").check()
    page.locator("#thumbnails button").nth(2).click()
    wait_for_mix(page, "50 % seed 11, 50 % seed 2")
    for place, words in ((11, "first"), (2, "second")):  # both are framed
        page.wait_for_function(MARKED, arg=[place, f'"{words}"'])
    before = picture.get_attribute("src")
    choose(page, "Mix", 0.9)
    wait_for_mix(page, "10 % seed 11, 90 % seed 2")
    assert picture.get_attribute("src") != before
    page.locator("#first textarea").fill("99999999999")
    told = page.locator("#mixed").get_by_role("alert")
    told.filter(has_text="'99999999999' is no seed").wait_for()
    page.locator("#first textarea").fill("5")
    wait_for_mix(page, "10 % seed 5, 90 % seed 2")


def test_the_keyboard_is_enough(page):
    walk = "[role=tab]:nth-of-type(2)"
    tab_to(page, walk)
    assert not page.locator(".options").evaluate_all(VISIBLE)  # closed again
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Paint the walk").wait_for()
    tab_to(page, "[role=tab]:first-of-type", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "[aria-label='Thumbnail 10 of 24']")
    page.keyboard.press("Enter")
    wait_for_mix(page, "50 % seed 9, 50 % seed 7")
    tab_to(page, "[aria-label='range slider for Mix']")
    page.keyboard.press("ArrowRight")
    wait_for_mix(page, "49 % seed 9, 51 % seed 7")
    tab_to(page, "a[download]")


def test_a_walk_is_painted_and_saved(page, tmp_path):
    page.get_by_role("tab", name="Walk").click()
    choose(page, "Frames", 24)
    page.get_by_role("button", name="Paint the walk").click()
    page.get_by_text("Measuring the walk").wait_for()  # how far it is
    page.get_by_alt_text("A walk through the seeds 3, 7, 11").wait_for()
    with page.expect_download() as download:
        page.locator("#walk a[download]").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    assert target.suffix == ".gif" and Image.open(target).n_frames > 20


def test_a_photograph_becomes_a_seed(page, repository, tmp_path):
    page.get_by_role("tab", name="Your photograph").click()
    (tmp_path / "notes.txt").write_text("no picture", "utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "notes.txt")
    page.get_by_text("notes.txt").wait_for()
    page.get_by_role("button", name="Find the nearest").click()
    told = page.locator("#nearest").get_by_role("alert")
    told.filter(has_text="This file cannot be used").wait_for()
    page.get_by_role("button", name="Clear").click()
    photograph = repository / "data" / "villas" / "villa_003.jpg"
    page.locator("input[type=file]").set_input_files(photograph)
    page.get_by_text("villa_003.jpg").wait_for()
    choose(page, "Steps", 20)
    page.get_by_role("button", name="Find the nearest").click()
    page.get_by_role("progressbar", name="Looking for the nearest picture").wait_for()
    page.get_by_alt_text("Your photograph, cut to a square").wait_for()
    page.get_by_alt_text("The picture of the model that is most like it").wait_for()
    page.get_by_role("button", name="Use it as the first seed").click()
    wait_for_mix(page, "50 % photo 1, 50 % seed 7")
    page.locator("#mixed img").wait_for()  # the tab of seeds is open


def test_a_run_is_followed(page, training, runs):
    output, _ = training.communicate(timeout=120)
    assert training.returncode == 0, output
    page.get_by_role("tab", name="Training").click()
    page.get_by_role("button", name="Look for new runs").click()
    sentence = page.locator("#run-sentence")
    sentence.get_by_text(re.compile("^tiny (is training|rests): step 20,")).wait_for()
    sentence.get_by_text("Health: too early to tell").wait_for()
    page.get_by_alt_text("18 pictures of fixed seeds at about step 20").wait_for()
    page.get_by_alt_text("Curves of the losses and the health").wait_for()
    shown = page.locator("#grid img, #curves img")
    assert min(shown.evaluate_all(WIDTHS)) > 100
    with (runs / "tiny" / "log.jsonl").open("r+", encoding="utf-8") as log:
        row = json.loads(log.readlines()[-1]) | {"step": 1234}
        log.write(json.dumps(row) + "\n")
    sentence.get_by_text("step 1,234").wait_for()
    page.get_by_alt_text(re.compile("^Curves")).wait_for()
    (runs / "tiny").rename(runs.parent / "moved")
    told = sentence.get_by_role("alert")
    told.filter(has_text="There is no run tiny any more").wait_for()
