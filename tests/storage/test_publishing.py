"""The card of published weights, the tool that publishes a run, and the Hub.

The Hub is a server on this machine.
"""

import base64
import hashlib
import json
import re
import sys

import pytest
from painters import publish_gan
from PIL import Image
from werkzeug import Response

from artgan.paint.painter import open_model
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.publishing import SHARED, model_card, push_weights
from artgan.system.errors import ArtganError

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


REVISION = "5" * 40


class Hub:
    """What the Hub does with the files of repositories, in memory."""

    def __init__(self):
        self.files, self.asked = {}, []

    def __call__(self, request):
        """Answer a request of `huggingface_hub`."""
        path, kind = request.path, request.method
        self.asked.append(f"{kind} {path}")
        if path == "/api/repos/create":
            name = request.get_json()["name"]
            return answer({"url": f"{request.host_url}me/{name}", "name": name})
        if path == "/api/validate-yaml":
            return answer({"errors": [], "warnings": []})
        if "/preupload/" in path:
            names = [file["path"] for file in request.get_json()["files"]]
            modes = {"uploadMode": "regular", "shouldIgnore": False}
            return answer({"files": [{"path": name, **modes} for name in names]})
        if "/commit/" in path:
            return self.commit(request)
        if "/resolve/" in path:
            return self.file(path.rpartition("/")[2])
        if "/tree/" in path:
            items = self.files.items()
            return answer([file_entry(name, data) for name, data in items])
        if path.startswith("/api/models/"):
            return answer(self.about())
        return Response(status=404)

    def commit(self, request):
        """Take the files of a commit."""
        for line in request.get_data().splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                value = entry["value"]
                self.files[value["path"]] = base64.b64decode(value["content"])
        address = f"{request.host_url}me/tiny/commit/{REVISION}"
        return answer({"commitUrl": address, "commitOid": REVISION})

    def about(self):
        """What is told of a repository."""
        siblings = [
            {"rfilename": name, "size": len(data)} for name, data in self.files.items()
        ]
        return {"id": "me/tiny", "sha": REVISION, "siblings": siblings, "tags": []}

    def file(self, name):
        """Give one file."""
        if name not in self.files:
            return Response(status=404, headers={"X-Error-Code": "EntryNotFound"})
        data = self.files[name]
        headers = {
            "ETag": f'"{hashlib.sha1(data).hexdigest()}"',
            "X-Repo-Commit": REVISION,
            "Content-Length": str(len(data)),
        }
        return Response(data, headers=headers)  # without the data if asked by HEAD


def file_entry(name, data):
    """What a repository's tree tells of a file."""
    oid = hashlib.sha1(data).hexdigest()
    return {"type": "file", "path": name, "size": len(data), "oid": oid}


def answer(content):
    """A response of JSON."""
    return Response(json.dumps(content), content_type="application/json")


@pytest.fixture
def hub(httpserver, monkeypatch, tmp_path):
    """A Hub on loopback, and a token for it."""
    constants = pytest.importorskip("huggingface_hub.constants")
    address = httpserver.url_for("").rstrip("/")
    monkeypatch.setattr(constants, "ENDPOINT", address)
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_TOKEN", "hf_of_nobody")
    monkeypatch.chdir(tmp_path)
    hub = Hub()
    httpserver.expect_request(re.compile(".*")).respond_with_handler(hub)
    return hub


@pytest.fixture
def tiny(tiny_gan, tmp_path):
    """A published folder."""
    folder = tmp_path / "tiny-32"
    publish_gan(tiny_gan, folder, {"licence": "MIT", "pictures": 5})
    return folder


def test_what_is_pushed_opens_by_its_name_and_is_kept(hub, tiny):
    (tiny / "notes.txt").write_text("mine", "utf-8")
    (tiny / "directions.json").write_text("{}", "utf-8")
    assert "me/tiny" in push_weights(tiny, "me/tiny")
    names = {path.name for path in tiny.iterdir()}
    assert set(hub.files) == names - {"notes.txt"} == {*SHARED} - {"samples.jpg"}
    assert b"license: mit" in hub.files["README.md"]
    hub.files["setup.py"] = b"1"
    model = open_model("me/tiny")
    assert (model.name, model.opened[:18]) == ("tiny", "Weights in me/tiny")
    assert model.sha256 == open_model(tiny).sha256 and model.arrays("discriminator")
    assert {path.name for path in model.place.iterdir()} == names - {"notes.txt"}
    assert not [asked for asked in hub.asked if "setup.py" in asked]


def damage(files):
    files["generator.safetensors"] = files["generator.safetensors"][:-1] + b"x"


@pytest.mark.parametrize(
    ("change", "words"), [(damage, "damaged|size|hash"), (dict.clear, "cannot be read")]
)
def test_what_cannot_be_used_is_refused(hub, tiny, change, words):
    push_weights(tiny, "me/tiny")
    change(hub.files)
    with pytest.raises(ArtganError, match=words):
        open_model("me/tiny")


def test_damaged_weights_are_not_pushed(hub, tiny):
    (tiny / "discriminator.safetensors").write_bytes(b"x")
    with pytest.raises(ArtganError, match="is damaged"):
        push_weights(tiny, "me/tiny")
    assert not hub.asked


@pytest.mark.parametrize("repo", ["me/tiny", "no name at all!"])
def test_what_the_hub_refuses_is_a_sentence(hub, tiny, httpserver, repo):
    httpserver.clear()
    for call in (lambda: push_weights(tiny, repo), lambda: open_model("me/nobody")):
        with pytest.raises(ArtganError, match="The Hub did not") as caught:
            call()
        assert "\n" not in str(caught.value)


def test_without_the_library_it_is_a_sentence(tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ArtganError, match="pip install huggingface_hub"):
        push_weights(tiny, "me/tiny")


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
    assert "| diversity | ? |" in text and "None" not in text
    held_out = model_card("x", CARD | {"held_out": 40})
    assert "beside 40 that it never saw" in held_out


@pytest.mark.parametrize("card", [{}, {"config": {}}, {"licence": 'a "b": {c}'}])
def test_what_a_card_does_not_tell_is_a_question_mark(card):
    assert "? painted pictures" in model_card("x", card)


def test_a_run_is_published_with_its_figures(
    tiny_gan, tmp_path, monkeypatch, repository
):
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
