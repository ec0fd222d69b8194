"""The card of published weights, and the tool that publishes a run."""

import json

import pytest
from PIL import Image

from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.publishing import model_card

FIGURES = {"kid": 0.5, "kid_deviation": 0.01, "nearest": 1.1067, "diversity": None}
CARD = FIGURES | {
    "licence": "MIT",
    "date": "2026-11-23",
    "data": "data/flowers.csv",
    "pictures": 317,
    "began_with": ["vedute", "architecture"],
    "pictures_seen": 142408,
    "training_minutes": 110.8,
    "machine": "2 cores, x86_64",
    "painted_pictures_compared": 512,
    "config": {"size": 256},
}


@pytest.fixture(autouse=True)
def hub():
    pytest.importorskip("huggingface_hub", reason="an extra: pip install .[hub]")


def test_a_card_tells_the_shape_and_the_classes():
    told = {"config": {"size": 128, "width": 192, "classes": "guardi:3,canaletto:2"}}
    text = model_card("views", CARD | told)
    assert "192 by 128 pixels" in text and "Classes: guardi:3, canaletto:2." in text


def test_a_reader_finds_figures_data_rights_and_limits():
    text = model_card("flowers-256", CARD)
    assert (
        text.startswith("---\n") and "\nlicense: mit\n" in text and text.endswith(".\n")
    )
    for words in (
        "\n- gan\n",
        "# flowers-256\n",
        "](samples.jpg)",
        "256 by 256 pixels",
        "artgan generate flowers-256",
        "It saw 142408 pictures in 110.8 minutes,\non 2 cores, x86_64.",
        "It began with: vedute, architecture.",
        "512 painted pictures beside those it learnt from",
        "| KID (MobileNetV2 features) | 0.5 ± 0.01 | 0: like real pictures |",
        "| nearest real picture, median | 1.1067 | well under 1: mostly copies |",
        "## Limits\n",
        "under MIT.",
    ):
        assert words in text
    assert "diversity |" not in text and "None" not in text
    held_out = model_card("x", CARD | {"held_out": 40})
    assert "beside 40 that it never saw" in held_out


@pytest.mark.parametrize("card", [{}, {"config": {}}, {"licence": 'a "b": {c}'}])
def test_what_a_card_does_not_tell_is_a_question_mark(card):
    assert "? painted pictures" in model_card("x", card)


def test_a_run_is_published_with_its_figures(
    tiny_gan, tmp_path, monkeypatch, repository
):
    monkeypatch.syspath_prepend(repository / "tools")
    import publish_weights

    from artgan.paint.painter import open_model

    monkeypatch.setattr(publish_weights, "ROOT", tmp_path)
    figures = FIGURES | {"pictures": 7}
    monkeypatch.setattr(publish_weights, "compared", lambda *rest: figures)
    run, folder = tmp_path / "runs/tiny", tmp_path / "checkpoints/tiny-32"
    tiny_gan.step.assign(2)
    save_checkpoint(tiny_gan, run / "checkpoints")
    times = {0: 0, 60: 0, 120: 1, 4000: 1, 4060: 2, 4120: 3}  # with a pause
    lines = [json.dumps({"step": n, "time": t}) for t, n in times.items()]
    (run / "log.jsonl").write_text("\n".join(lines), "utf-8")
    words = [str(run), "--name", "tiny-32", "--alias", "tiny", "--data", "pictures"]
    assert publish_weights.main([*words, "--earlier", str(run)]) == 0
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert card["kid"] == 0.5 and card["pictures"] == 7 and card["data"] == "pictures"
    assert card["pictures_seen"] == 2 * 2 * 2  # runs, steps, pictures a batch
    assert card["training_minutes"] == 2 * 3 and card["began_with"] == ["tiny"]
    assert publish_weights.main([*words, "--earlier", str(folder)]) == 0
    again = json.loads((folder / "card.json").read_text("utf-8"))
    assert again["pictures_seen"] == 8 + 4 and again["training_minutes"] == 6 + 3
    assert open_model("tiny", "nowhere", folder.parent).name == "tiny-32"
    assert "# tiny-32\n" in (folder / "README.md").read_text("utf-8")
    assert Image.open(folder / "samples.jpg").size == (6 * 34 - 2, 4 * 34 - 2)
    assert publish_weights.main([str(tmp_path / "no"), *words[1:]]) == 2
