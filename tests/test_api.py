"""The names that `import artgan` offers, and the example of the README."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

import artgan
import artgan.api
import artgan.runs.stopping
from artgan.gan.config import PRESETS

SMALL = {"size": 32, "base_channels": 4, "max_channels": 16, "latent_size": 6}
SMALL |= {"batch_size": 2, "precision": "float32", "discriminator": "dcgan"}


@pytest.fixture
def place(tmp_path, monkeypatch, draw_pictures):
    """A folder with pictures, where the default preset is tiny and a step is enough."""
    draw_pictures(tmp_path / "my" / "photos", 4)
    from artgan.gan.training import train, train_step

    def train_a_step(gan, images, steps, minutes, after_step, labels=None, go=None):
        step = train_step.python_function  # tracing one takes seconds
        train(gan, images, steps=steps or 1, after_step=after_step, go=step)

    monkeypatch.setitem(PRESETS, "default", SMALL)
    monkeypatch.setattr(artgan.runs.stopping, "train", train_a_step)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def vedute(place, monkeypatch):
    """Published weights of the name that the README uses."""
    from painters import named_arrays, wild_model

    from artgan.storage.publishing import write_weights

    config = artgan.preset()
    arrays = {"generator": named_arrays(wild_model(config).generator_ema)}
    folder = place / "published" / "vedute-32"
    write_weights(folder, arrays, vars(config), 5, {"aliases": ["vedute"]})
    monkeypatch.setattr("artgan.storage.resolve.shipped", lambda: folder.parent)


def example(repository):
    """The README's lines of Python."""
    text = (repository / "README.md").read_text("utf-8")
    [block] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return block


def test_models_open_in_several_threads_at_once(vedute):
    with ThreadPoolExecutor(4) as threads:
        models = [*threads.map(artgan.load, 4 * ["vedute"])]
    assert len({model.generate([3]).tobytes() for model in models}) == 1


def test_importing_loads_nothing_heavy(repository):
    program = (
        "import sys, artgan\n"
        "assert not [name for name in sys.modules if name.startswith('artgan.')]\n"
        "artgan.load, artgan.train, artgan.Config, artgan.ArtganError\n"
        "assert not {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=repository, check=True)


def test_the_names_on_offer_are_there():
    assert {*artgan.__all__} <= {*dir(artgan)} and not hasattr(artgan, "paint_it")
    assert all(getattr(artgan, name) for name in artgan.__all__)


def test_the_example_of_the_readme_runs(repository, vedute, place, capsys):
    code = example(repository)
    assert len(code.strip().splitlines()) <= 8
    names: dict = {}
    exec(compile(code, "README.md", "exec"), names)  # noqa: S102
    assert names["images"].dtype == np.uint8
    assert names["images"].shape == (8, 32, 32, 3)
    assert Image.open("walk.gif").n_frames == 60
    assert (place / "runs" / "mine" / "run.json").is_file()
    assert "'kid'" in capsys.readouterr().out


def test_a_training_calls_back_goes_on_and_is_saved_where_one_stops_it(place):
    seen = []

    def look(gan, losses):
        seen.append((int(gan.step), len(losses)))

    def stop(gan, losses):
        raise KeyboardInterrupt

    first = artgan.train("my/photos", steps=2, callbacks=[look], seed=4)
    assert seen == [(1, 3), (2, 3)]
    assert (first.name, first.step, first.config.seed) == ("photos", 2, 4)
    more = artgan.train(run="photos", steps=1)
    assert more.step == 3
    again = artgan.load("photos").generate([7], size=20)
    np.testing.assert_array_equal(again, more.generate([7], size=20))
    assert again.shape == (1, 20, 20, 3)
    from_it = {"warm_start": "photos", "callbacks": [stop]}
    assert artgan.train("my/photos", "other", steps=9, **from_it).step == 1
    with pytest.raises(artgan.ArtganError, match="seed was 4 and is now 5"):
        artgan.train(run="photos", steps=1, seed=5)


NAN = float("nan")
TWO = np.zeros([2, 8, 8, 3], np.uint8)
BEYOND = [
    lambda: artgan.train(),
    lambda: artgan.train("my/photos", colour="red"),
    lambda: artgan.preset("best"),
    lambda: artgan.train("my/photos", steps=0),
    lambda: artgan.train("my/photos", minutes=NAN),
    lambda: artgan.train("my/photos", "x" * 300, steps=1),
    lambda: artgan.train("my/photos", runs="my", steps=1),
    lambda: artgan.train(np.zeros(3), steps=1),
    lambda: artgan.train("", "photos", steps=1),
    lambda: artgan.train("my/photos", warm_start=3, steps=1),
    lambda: artgan.train("my/photos", devices=1.5, steps=1),
    lambda: artgan.load("x" * 300),
    lambda: artgan.load(b"flowers"),
    lambda: artgan.load(runs=""),
    lambda: artgan.Dataset("my/photos", 10**9),
    lambda: artgan.Dataset("my/photos", "16x"),
    lambda: artgan.Dataset("my/photos", 16, fit="x"),
    lambda: artgan.Dataset(None, 16),
    lambda: artgan.load("published/vedute-32").generate([-1]),
    lambda: artgan.load("published/vedute-32").generate(truncation=NAN),
    lambda: artgan.load("published/vedute-32").walk(frames=NAN),
    lambda: artgan.load("published/vedute-32").walk(frames=6, size=-1),
    lambda: artgan.evaluate([], TWO),
    lambda: artgan.save_grid(np.float32(TWO), "a.png"),
    lambda: artgan.save_grid(TWO, "a.xyz"),
    lambda: artgan.save_grid(TWO, "a.png", columns=0),
    lambda: artgan.train("my/photos", callbacks=print, steps=1),
    lambda: artgan.train("my/photos", callbacks=[3], steps=1),
    lambda: artgan.train("my/photos", classes=0, steps=1),
    lambda: artgan.preset(["dcgan"]),
    lambda: artgan.load("published/vedute-32", checkpoints=3),
    lambda: artgan.load("published/vedute-32", checkpoints=""),
    lambda: artgan.load("published/vedute-32").generate(np.array(3)),
    lambda: artgan.load("published/vedute-32").generate(directions=[1]),
    lambda: artgan.load("published/vedute-32").walk(class_name=3),
    lambda: artgan.Dataset("my/photos", np.array([16, 16])),
    lambda: artgan.Dataset("my/photos", 16).labels(None),
    lambda: artgan.evaluate(TWO[:, :1], TWO[:, :1]),
    lambda: artgan.save_grid(TWO, "a\0.png"),
    lambda: artgan.save_grid(TWO.repeat(2000, 2), "a.webp"),
    lambda: artgan.save_animation([], "a.gif"),
    lambda: artgan.save_animation(TWO, "a.mp4", fps=NAN),
]


def test_what_is_beyond_the_ends_is_a_sentence_and_writes_nothing(place, vedute):
    before = sorted(place.rglob("*"))
    for call in BEYOND:
        with pytest.raises(artgan.ArtganError, match=r"\.$"):
            call()
    assert sorted(place.rglob("*")) == before


def test_a_sheet_and_a_film_are_saved(tmp_path):
    images = np.zeros([4, 8, 8, 3], np.uint8)
    assert Image.open(artgan.save_grid(images, tmp_path / "a.png")).size == (18, 18)
    assert Image.open(artgan.save_grid(images, tmp_path / "b.png", 4)).size == (38, 8)
    images[1:] = np.arange(3, dtype=np.uint8)[:, None, None, None] * 80 + 40
    path = artgan.save_animation(images, tmp_path / "c.gif", fps=10)
    assert Image.open(path).n_frames == 4
