import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from artgan.__main__ import main
from artgan.evaluation import report
from artgan.evaluation.report import describe
from artgan.paint import painter as painters
from artgan.system.errors import ArtganError

FIGURES = {
    **{"kid": 0.4012, "kid_deviation": 0.0301, "swd": 84.3, "swd_floor": 28.2},
    **{"told_apart": 0.66, "diversity": 0.8712, "structure": 0.62, "nearest": 1.154},
    **{"nearest_1st_percentile": 0.871, "nearest_planted": 0.452},
    **{"walk_variation": 0.3, "walk_largest_step": 2.5},
}


def run(*arguments):
    """Run the command in this process; return its exit code."""
    try:
        return main(["evaluate", *map(str, arguments)])
    except SystemExit as error:
        return error.code


CONFIG = {"size": 32, "shape": (32, 32), "fit": "crop", "crops": 1, "cut_bars": True}
CONFIG |= {"latent_size": 8, "latent_distribution": "normal", "classes": ""}
CONFIG |= {"classes_from": ""}
TINY = SimpleNamespace(  # a model's stand-in, painted with by the fixture below
    config=SimpleNamespace(**CONFIG, flip=True),
    **{"name": "tiny", "sha256": "0" * 64, "step": 7, "opened": "tiny stands in."},
)


@pytest.fixture
def painter(monkeypatch):
    """Have TINY opened; it paints what the first of its latents say."""

    def paint(model, latents):
        for row in latents:
            square = 128 + 100 * np.tanh(row[:3].reshape(1, 1, 3))
            yield np.uint8(square * np.ones([32, 32, 1]))

    def latents_of(config, seeds, step):
        rng = [np.random.default_rng(seed) for seed in seeds]
        return np.stack([one.normal(size=8) for one in rng])

    def open_painter(name, runs, checkpoints):
        if name != "tiny":
            raise ArtganError(f"There is no model '{name}'.")
        return TINY

    monkeypatch.setattr(report, "paint_latents", paint)
    monkeypatch.setattr(report, "seed_latents", latents_of)
    monkeypatch.setattr(report, "WALK_STEPS", 8)
    monkeypatch.setattr(painters, "open_model", open_painter)


@pytest.fixture(scope="module")
def data(tmp_path_factory, tiny_images):
    """A folder of the five pictures of `tiny_images`."""
    folder = tmp_path_factory.mktemp("data") / "pictures"
    folder.mkdir()
    for number, image in enumerate(tiny_images):
        Image.fromarray(image).save(folder / f"veduta {number}.png")
    return folder


@pytest.mark.usefixtures("painter")
def test_a_model_is_evaluated_from_end_to_end(data, tmp_path, capsys):
    out = tmp_path / "o"
    arguments = "--data", data, "--pictures", 9, "--seed", 4, "--out", out
    assert run("-w", "tiny", *arguments) == 0
    output = capsys.readouterr().out
    assert output.startswith("tiny stands in.") and "under 30 pictures" in output
    stored = json.loads((out / "evaluation.json").read_text("utf-8"))
    assert stored["model"] == "tiny" and stored["step"] == 7 and stored["seed"] == 4
    assert stored["real_pictures"] == 5 and stored["painted_pictures"] == 9
    assert stored["features"] == "MobileNetV2"
    assert FIGURES.keys() <= stored.keys() and stored["kid"] is None
    assert isinstance(stored["structure"], float)
    assert str(out / "evaluation.json") in output
    with Image.open(out / "nearest.png") as sheet:
        assert sheet.width > 1000
    assert {path.name for path in out.iterdir()} == {"evaluation.json", "nearest.png"}
    assert run("tiny", *arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out) == stored


def test_the_table_names_every_figure_and_how_to_read_it():
    text = describe(FIGURES)
    lines = dict(line.split("  ", 1) for line in text.splitlines() if "   " in line)
    told = {
        "KID (MobileNetV2 features)": ["0.401 ± 0.030"],
        "SWD (patches)": ["84", "28"],
        "told apart (patches)": ["0.66"],
        "diversity": ["0.87"],
        "structure": ["0.62", "same place"],
        "nearest, median": ["1.15"],
        "nearest, 1st percentile": ["0.87", "shifted by 3 pixels", "0.45"],
        "walk, largest step": ["2.50"],
    }
    for name, words in told.items():
        assert all(word in lines[name] for word in words), name
    assert "https://arxiv.org/abs/2203.06026" in text
    assert max(map(len, text.splitlines())) <= 80
    short = {name: x for name, x in FIGURES.items() if not name.startswith("walk")}
    assert "walk" not in describe(short)
    lacking = describe(FIGURES | dict.fromkeys(["nearest", "kid", "kid_deviation"]))
    assert "nan" not in lacking and "under 30 pictures" in lacking


@pytest.mark.usefixtures("painter")
@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("nobody", {}, "nobody"),
        ("tiny", {"--data": "nowhere"}, "nowhere"),
        ("tiny", {"--data": "."}, "usable"),
        ("tiny", {"--pictures": "1"}, "from 2 to 10,000"),
        ("tiny", {"--out": "FILE/deeper"}, "FILE"),
    ],
)
def test_a_mistake_is_a_sentence(
    name, changes, words, data, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (9, 9)).save("FILE", "PNG")
    given = [part for pair in ({"--data": data} | changes).items() for part in pair]
    assert run(name, *given) == 2
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error
    assert not (tmp_path / "results").exists()


def test_the_table_has_a_row_for_each_class():
    within = {"guardi": {"diversity": 0.812, "structure": 0.634}}
    rows = describe(FIGURES | {"within_classes": within}).splitlines()
    assert any("guardi" in row and "0.81" in row and "0.63" in row for row in rows)
