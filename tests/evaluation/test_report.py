import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from artgan.__main__ import main
from artgan.evaluation import report
from artgan.evaluation.evaluate import Evaluation
from artgan.evaluation.report import describe, evaluate_model
from artgan.storage import model_names, open_model
from artgan.system.errors import ArtganError

FIGURES = {
    "kid": 0.4012,
    "kid_deviation": 0.0301,
    "swd": 84.3,
    "swd_floor": 28.2,
    "nearest": 1.154,
    "nearest_1st_percentile": 0.871,
    "diversity": 0.8712,
    "walk_variation": 0.3,
    "walk_largest_step": 2.5,
}


def run(*arguments):
    """Run the command in this process; return its exit code."""
    try:
        return main(["evaluate", *map(str, arguments)])
    except SystemExit as error:
        return error.code


@dataclass
class Painter:
    """A model's stand-in, which paints what the first of its latents say."""

    config: object = field(
        default_factory=lambda: SimpleNamespace(
            size=32, fit="crop", crops=1, cut_bars=True, flip=True
        )
    )
    name: str = "tiny"
    sha256: str = "0" * 64
    step: int = 7
    opened: str = "tiny stands in."


@pytest.fixture
def painter(monkeypatch):
    """Have a `Painter` opened and painted with, whatever model is asked for."""

    def paint(model, latents):
        for row in latents:
            square = 128 + 100 * np.tanh(row[:3].reshape(1, 1, 3))
            yield np.uint8(square * np.ones([32, 32, 1]))

    def latents_of(config, seeds):
        rng = [np.random.default_rng(seed) for seed in seeds]
        return np.stack([one.normal(size=8) for one in rng])

    def locate_painter(name, runs, checkpoints):
        if name != "tiny":
            raise ArtganError(f"There is no model '{name}'.")

    def open_painter(name, runs="runs", checkpoints=None):
        return Painter()

    monkeypatch.setattr(report, "paint_latents", paint)
    monkeypatch.setattr(report, "seed_latents", latents_of)
    monkeypatch.setattr(report, "WALK_STEPS", 8)
    monkeypatch.setattr(model_names, "locate_model", locate_painter)
    monkeypatch.setattr(open_model, "open_model", open_painter)
    return Painter()


@pytest.fixture(scope="module")
def data(tmp_path_factory, tiny_images):
    """A folder of the five pictures of `tiny_images`."""
    folder = tmp_path_factory.mktemp("data") / "pictures"
    folder.mkdir()
    for number, image in enumerate(tiny_images):
        Image.fromarray(image).save(folder / f"villa {number}.png")
    return folder


@pytest.mark.usefixtures("painter")
def test_a_model_is_evaluated_from_end_to_end(data, tmp_path, capsys):
    out = tmp_path / "o"
    arguments = "--data", data, "--pictures", 9, "--seed", 4, "--out", out
    assert run("-w", "tiny", *arguments) == 0
    output = capsys.readouterr().out
    assert output.startswith("tiny stands in.")
    stored = json.loads((out / "evaluation.json").read_text("utf-8"))
    assert stored["model"] == "tiny" and stored["step"] == 7 and stored["seed"] == 4
    assert stored["real_pictures"] == 5 and stored["painted_pictures"] == 9
    assert stored["features"] == "MobileNetV2"
    assert all(isinstance(stored[name], float) for name in FIGURES)
    assert f"{stored['kid']:.3f} ± {stored['kid_deviation']:.3f}" in output
    assert str(out / "evaluation.json") in output
    with Image.open(out / "nearest.png") as sheet:
        assert sheet.width > 1000
    assert {path.name for path in out.iterdir()} == {"evaluation.json", "nearest.png"}
    assert run("tiny", *arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out) == stored


def test_pictures_and_walk_are_painted_from_the_seeds(
    painter, monkeypatch, tiny_images
):
    asked = {}

    def evaluate(images, dataset_images, mirrored, walk):
        asked.update(images=images, mirrored=mirrored, walk=walk)
        return Evaluation({}, [])

    monkeypatch.setattr(report, "evaluate", evaluate)
    monkeypatch.setattr(report, "pair_sheet", lambda *drawn: drawn)
    names = [f"{number}.png" for number in range(5)]
    dataset = SimpleNamespace(images=tiny_images, names=names)
    evaluation, drawn = evaluate_model(painter, dataset, count=7, seed=3)
    assert asked["images"].shape == (7, 32, 32, 3) and asked["mirrored"] is True
    assert asked["walk"].shape == (8, 32, 32, 3)
    assert (asked["walk"][0] == asked["images"][0]).all()  # it begins at the first
    assert drawn[0] == [] and drawn[3:] == (names, 3)
    painter.config.flip = False
    evaluate_model(painter, dataset, count=2)
    assert asked["mirrored"] is False


def test_the_table_names_every_figure_and_its_judge():
    text = describe(FIGURES)
    lines = dict(line.split("  ", 1) for line in text.splitlines() if "   " in line)
    assert "0.401 ± 0.030" in lines["KID (MobileNetV2 features)"]
    assert "84" in lines["SWD (patches)"] and "28" in lines["SWD (patches)"]
    assert "1.15" in lines["nearest, median"]
    assert "0.87" in lines["nearest, 1st percentile"]
    assert "0.87" in lines["diversity"]
    assert "2.50" in lines["walk, largest step"]
    assert "https://arxiv.org/abs/2203.06026" in text
    assert max(map(len, text.splitlines())) <= 80


def test_figures_may_lack_a_value_or_a_walk():
    assert "no value" in describe(FIGURES | {"nearest": None, "kid": None})
    short = {name: x for name, x in FIGURES.items() if not name.startswith("walk")}
    assert "walk" not in describe(short)


@pytest.mark.usefixtures("painter")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"RUN": "nobody"}, "no model"),
        ({"--data": "nowhere"}, "nowhere"),
        ({"--data": "ONE"}, "1 usable"),
        ({"--pictures": "1"}, "from 2 to 10,000"),
        ({"--pictures": "0"}, "from 2 to 10,000"),
        ({"--pictures": "many"}, "from 2 to 10,000"),
        ({"--seed": "-1"}, "--seed"),
        ({"--out": "FILE"}, "FILE"),
        ({"--out": "FILE/deeper"}, "FILE"),
    ],
)
def test_a_mistake_is_a_sentence(changes, words, data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").write_text("in the way", "utf-8")
    (tmp_path / "ONE").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "ONE" / "only.png")
    options = {"--data": data} | changes
    name = options.pop("RUN", "tiny")
    given = [part for pair in options.items() for part in pair]
    assert run(name, *given) == 2
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error
    assert not (tmp_path / "results").exists()


def test_a_missing_data_option_is_named(capsys):
    assert run("tiny") == 2
    assert "--data" in capsys.readouterr().err
