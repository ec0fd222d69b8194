"""A model compared with its pictures from the command to the files, and the table."""

import json
from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model
from PIL import Image

from artgan.__main__ import main
from artgan.evaluation.evaluate import Pair
from artgan.evaluation.report import describe, pair_sheet
from artgan.paint import painter as painters

FIGURES = {
    **{"kid": 0.4012, "kid_deviation": 0.0301, "swd": 84.3, "swd_floor": 28.2},
    **{"told_apart": 0.66, "diversity": 0.8712, "structure": 0.62, "nearest": 1.154},
    **{"nearest_1st_percentile": 0.871, "nearest_planted": 0.452},
}


@pytest.fixture
def place(tmp_path, monkeypatch, tiny_config, tiny_images):
    """A folder with `pictures`, where every name opens a tiny model, stretched."""
    (tmp_path / "pictures").mkdir()
    for number, image in enumerate(tiny_images):
        Image.fromarray(image).save(tmp_path / "pictures" / f"veduta {number}.png")
    model = wild_model(replace(tiny_config, stretch=1.5))
    model = replace(model, opened="tiny stands in.")
    monkeypatch.setattr(painters, "open_model", lambda *rest: model)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_model_is_evaluated_from_end_to_end(place, capsys):
    command = "evaluate tiny --data pictures --pictures 9 --seed 4 --out o".split()
    assert main(command) == 0
    output = capsys.readouterr().out
    assert output.startswith("tiny stands in.") and "of 30 or more" in output
    stored = json.loads((place / "o" / "evaluation.json").read_text("utf-8"))
    assert (stored["model"], stored["step"], stored["seed"]) == ("tiny-32", 5, 4)
    assert (stored["real_pictures"], stored["painted_pictures"]) == (5, 9)
    assert FIGURES.keys() <= stored.keys() and stored["kid"] is None
    assert isinstance(stored["structure"], float)
    with Image.open(place / "o" / "nearest.png") as sheet:
        assert sheet.width > 1000
    assert len(list((place / "o").iterdir())) == 2
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == stored
    assert main([*command, "--json", "--truncation", "0"]) == 0
    alike = json.loads(capsys.readouterr().out)
    assert alike["structure"] < 0.01 < stored["structure"]  # all are one picture


def test_the_table_names_every_figure_and_how_to_read_it():
    within = {"guardi": {"diversity": 0.812, "structure": 0.634}}
    text = describe(FIGURES | {"within_classes": within})
    lines = dict(line.split("  ", 1) for line in text.splitlines() if "   " in line)
    told = {
        "KID (MobileNetV2 features)": ["0.401 ± 0.030"],
        "SWD (patches)": ["84", "28"],
        "told apart (patches)": ["0.66"],
        "diversity": ["0.87"],
        "structure": ["0.62", "same place"],
        "nearest, median": ["1.15"],
        "nearest, 1st percentile": ["0.87", "shifted by 3 pixels", "0.45"],
        "within guardi": ["0.81", "0.63"],
    }
    for name, words in told.items():
        assert all(word in lines[name] for word in words), name
    assert "https://arxiv.org/abs/2203.06026" in text
    assert max(map(len, text.splitlines())) <= 80
    lacking = describe(FIGURES | dict.fromkeys(["nearest", "kid", "kid_deviation"]))
    assert "nan" not in lacking and "of 30 or more" in lacking


def plain(*greys):
    """Plain pictures of these shades: [n, 4, 4, 3] uint8."""
    return np.uint8(greys)[:, None, None, None] * np.ones([4, 4, 3], np.uint8)


def test_the_sheet_shows_painted_pictures_beside_their_nearest_mirrored_if_so():
    real, painted = plain(10, 60, 0), plain(190, 70)
    real[2, :, 2:] = 255
    pairs = [Pair(1, 1, 0.1, False), Pair(0, 2, 0.2, True)]
    names = ["a", "two\nlines" + "x" * 300, "\udcff絵.png"]
    sheet = np.asarray(pair_sheet(pairs, painted, real, names, (8, 4), 3))
    assert sheet.shape == (146, 530, 3)
    lefts, rights = (sheet[32, [x, 134 + x, 268 + x, 402 + x], 0] for x in (16, 112))
    assert list(lefts // 8) == [70 // 8, 60 // 8, 190 // 8, 255 // 8]
    assert list(rights // 8) == [70 // 8, 60 // 8, 190 // 8, 0]
    captions = sheet[130:146].min((0, 2))
    assert all(captions[x : x + 128].min() < 128 for x in (0, 134, 268, 402))
