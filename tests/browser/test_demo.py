"""The page of `artgan demo` in a real browser, as somebody uses it who visits it."""

import shutil
import signal
from dataclasses import replace
from urllib.parse import urlparse

import pytest
from browser.conftest import serving
from demo.conftest import make_runs
from PIL import Image

pytestmark = pytest.mark.browser

SEEN = "pictures => pictures.filter(p => p.checkVisibility()).map(p => p.alt)"


@pytest.fixture(scope="module")
def runs(tiny_gan, tmp_path_factory):
    from artgan.gan.training import GAN
    from artgan.storage.checkpoints import save_checkpoint

    runs = make_runs(tiny_gan, tmp_path_factory.mktemp("demo") / "runs")
    classes = {"classes": "ducks:30,geese:10", "classes_begin": 0, "classes_full": 1}
    birds = GAN(replace(tiny_gan.config, **classes))
    birds.step.assign(9)  # from then on classes count in full
    save_checkpoint(birds, runs / "birds" / "checkpoints")
    return runs


@pytest.fixture(scope="module")
def address(runs):
    """The address of the page, served by the command, which leaves nothing behind."""
    log, temporary = runs.parent / "log", runs.parent / "tmp"
    temporary.mkdir()
    command = "artgan", "demo", "tiny", "--no-browser", "--runs", runs
    with serving(log, *command, TMPDIR=temporary) as (process, url):
        yield url
        assert list(temporary.glob("*-artgan-demo"))
        process.send_signal(signal.SIGINT)  # Ctrl-C
        assert process.wait(60) == 0 and "Traceback" not in log.read_text("utf-8")
    assert not list(temporary.glob("*-artgan-demo"))


@pytest.fixture
def page(browser, address):
    """The page once its pictures are there; it may ask nothing of other machines."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    hosts = set()
    page.set_default_timeout(60_000)
    page.on("request", lambda request: hosts.add(urlparse(request.url).hostname))
    page.goto(address)
    page.wait_for_selector("#thumbnails img")
    page.wait_for_selector("#mix img")
    yield page
    assert all(page.locator("img").evaluate_all(SEEN))  # each has words
    page.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data and blobs of the page's own


def pick(page, control, name):
    """Choose a name in a list."""
    page.get_by_role("combobox", name=control).click()
    page.get_by_role("option", name=name).filter(visible=True).click()


def open_tab(page, name):
    """Open a tab; returns what it holds."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel").filter(visible=True)


def slide(place, control, number):
    """Type a number in place of moving a slider."""
    box = place.get_by_label(f"number input for {control}", exact=True)
    box.fill(str(number))
    box.press("Tab")


def test_seeds_are_chosen_and_mixed_on_a_telephone_too(page):
    thumbnails = page.locator("#thumbnails img")
    assert thumbnails.evaluate_all(SEEN) == [f"seed {seed}" for seed in range(12)]
    assert not page.get_by_label("Class of the first seed").is_visible()
    page.locator("#thumbnails button").nth(4).click()
    page.get_by_alt_text("Painted by tiny: 50 % seed 4, 50 % seed 7").wait_for()
    page.get_by_role("button", name="Previous 12").click()
    page.get_by_role("button", name="Next 12").click()
    page.get_by_alt_text("seed 23", exact=True).wait_for()
    page.get_by_role("radio", name="Second seed").check()
    page.locator("#thumbnails button").nth(2).click()
    page.get_by_alt_text("50 % seed 4, 50 % seed 14").wait_for()
    slide(page, "Mix", 0.9)
    page.get_by_alt_text("10 % seed 4, 90 % seed 14").wait_for()
    pick(page, "Model", "birds")
    page.get_by_alt_text("Painted by birds").wait_for()
    before = page.locator("#mix img").get_attribute("src")
    pick(page, "Class of the second seed", "geese")
    page.wait_for_function(f"document.querySelector('#mix img').src != '{before}'")
    page.get_by_role("spinbutton", name="First seed").fill("99999999999")
    page.get_by_role("status").get_by_text("a seed must be a whole number").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    places = page.locator("#thumbnails img, #mix img, [role=tab]").all()
    boxes = [place.bounding_box() for place in places]
    assert max(box["x"] + box["width"] for box in boxes if box) <= 390
    assert len([box for box in boxes if box]) >= 12 + 1 + 4


def test_the_keyboard_is_enough(page):
    def tab_to(selector):
        for _ in range(90):
            page.keyboard.press("Tab")
            if page.evaluate("css => document.activeElement.matches(css)", selector):
                return
        pytest.fail(f"The keyboard does not reach {selector}")

    tab_to("[aria-label='range slider for Mix']")
    page.keyboard.press("ArrowRight")
    page.get_by_alt_text("49 % seed 3, 51 % seed 7").wait_for()
    tab_to("[aria-label='Thumbnail 10 of 12']")
    page.keyboard.press("Enter")
    page.get_by_alt_text("49 % seed 9, 51 % seed 7").wait_for()
    tab_to("[role=tab]:nth-of-type(2)")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Paint the walk").filter(visible=True).wait_for()


def test_the_nearest_of_a_photograph_is_found_and_walked_from(page, repository):
    photo = open_tab(page, "Photo")
    chosen = repository / "imgs" / "demo.jpg"
    photo.locator("input[type=file]").first.set_input_files(chosen)
    slide(photo, "Steps: more come closer", 20)
    photo.get_by_role("button", name="Find it").click()
    photo.get_by_alt_text("The nearest after 20 of 20 steps: distance").wait_for()
    walk = open_tab(page, "Walk")
    walk.get_by_role("checkbox").check()
    walk.get_by_role("radio", name="WebP").check()
    slide(walk, "Frames", 30)
    walk.get_by_role("button", name="Paint the walk").click()
    walk.get_by_alt_text("A walk through the seeds 3, 7, 11 by tiny").wait_for()
    with page.expect_download() as download:
        walk.get_by_label("Download").filter(visible=True).last.click()
    assert download.value.suggested_filename == "tiny-walk.webp"
    assert Image.open(download.value.path()).n_frames == 30


def test_a_run_is_followed(page, runs):
    training = open_tab(page, "Training")
    training.get_by_text("tiny has written nothing yet").wait_for()
    pick(page, "Run to follow", "young")
    training.get_by_alt_text("18 pictures of fixed seeds at step 30").wait_for()
    training.get_by_alt_text("Curves of the losses and the health").wait_for()
    with (runs / "young" / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"step": 1234}\n')
    training.get_by_text("step 1,234").wait_for()
    shutil.rmtree(runs / "young")
    training.get_by_text("There is no such run").wait_for()
