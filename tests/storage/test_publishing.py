"""The card of published weights, the tool that publishes a run, and the Hub."""

import json
import os
import shutil
import sys
from unittest.mock import create_autospec

import pytest
from painters import publish_gan
from PIL import Image

from artgan.paint.painter import open_model
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.publishing import SHARED, model_card, push_weights
from artgan.system.errors import ArtganError

FIGURES = {"kid": 0.5, "kid_deviation": 0.01, "nearest": 1.1067, "diversity": None}
UNSEEN = {"pictures": 40, "kid": 0.25, "swd": 31.4}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A folder in the place of a repository of the Hub, and the library's API to it."""
    library = pytest.importorskip("huggingface_hub", reason="pip install .[hub]")
    api = create_autospec(library.HfApi, instance=True)

    def upload(repo_id, folder_path, allow_patterns):
        (tmp_path / "hub").mkdir()
        names = os.listdir(folder_path)
        for name in library.utils.filter_repo_objects(
            names, allow_patterns=allow_patterns
        ):
            shutil.copy(folder_path / name, tmp_path / "hub")

    api.create_repo.side_effect = lambda repo, exist_ok: f"https://hub/{repo}"
    api.upload_folder.side_effect = upload
    api.snapshot_download.return_value = str(tmp_path / "hub")
    monkeypatch.setattr(library, "HfApi", lambda: api)
    return api


@pytest.fixture
def tiny(tiny_gan, tmp_path):
    """A published folder."""
    folder = tmp_path / "tiny-32"
    publish_gan(tiny_gan, folder, {"licence": "MIT", "pictures": 5})
    return folder


def test_what_is_pushed_opens_by_its_name(hub, tiny, tmp_path):
    (tiny / "notes.txt").write_text("mine", "utf-8")
    (tiny / "directions.json").write_text("{}", "utf-8")
    assert push_weights(tiny, "me/tiny") == "https://hub/me/tiny"
    there = {path.name for path in (tmp_path / "hub").iterdir()}
    assert there == {*SHARED} - {"samples.jpg"} and "directions.json" in there
    model = open_model("me/tiny")
    assert (model.name, model.opened[:18]) == ("tiny", "Weights in me/tiny")
    assert model.sha256 == open_model(tiny).sha256 and model.arrays("discriminator")
    hub.snapshot_download.assert_called_with("me/tiny", allow_patterns=SHARED)


def test_damaged_weights_are_neither_pushed_nor_opened(hub, tiny, tmp_path):
    push_weights(tiny, "me/tiny")
    for name, change in (("hub/generator", b"x"), ("tiny-32/discriminator", b"y")):
        path = tmp_path / f"{name}.safetensors"
        path.write_bytes(path.read_bytes()[:-1] + change)
    with pytest.raises(ArtganError, match="is damaged"):
        open_model("me/tiny")
    with pytest.raises(ArtganError, match="is damaged"):
        push_weights(tiny, "me/tiny")
    assert hub.upload_folder.call_count == 1


def test_what_the_hub_refuses_is_a_sentence(hub, tiny, monkeypatch):
    hub.create_repo.side_effect = hub.snapshot_download.side_effect = OSError("a\nb")
    for call in (lambda: push_weights(tiny, "me/x"), lambda: open_model("me/x")):
        with pytest.raises(ArtganError, match=r"The Hub did not .*'a\\nb'"):
            call()
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ArtganError, match="pip install huggingface_hub"):
        push_weights(tiny, "me/tiny")


def test_a_card_tells_shape_classes_and_figures_or_asks():
    config = {"size": 128, "width": 192, "classes": "guardi:3,canaletto:2"}
    card = FIGURES | {"config": config, "unseen": UNSEEN, "began_with": ["vedute", "a"]}
    text = model_card("views", card | {"licence": "MIT"})
    assert text.startswith("---\n") and "\nlicense: mit\n" in text
    for words in (
        "# views\n",
        "192 by 128 pixels",
        "It began with: vedute, a. Classes and their pieces: guardi:3, canaletto:2.",
        "? painted pictures beside those it learnt from",
        "\n\nBeside 40 pieces that it never saw: KID 0.250, SWD 31.\n\nA GAN",
        "| KID (MobileNetV2 features) | 0.5 ± 0.01 | 0: like real pictures |",
        "| diversity | ? |",
        "under MIT.",
    ):
        assert words in text
    assert "never saw" not in model_card("x", {"licence": 'a "b": {c}'})


def test_a_run_is_published_with_its_figures(tiny_gan, tmp_path, monkeypatch):
    import publish_weights

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
