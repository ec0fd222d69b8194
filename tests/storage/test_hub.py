"""Pushing to and pulling from the Hub, here a server on this machine."""

import base64
import hashlib
import json
import re
import sys

import pytest
from painters import publish_gan
from werkzeug import Response

from artgan.paint.painter import open_model
from artgan.storage.hub import FILES, pull_weights, push_weights
from artgan.system.errors import ArtganError

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


def test_what_is_pushed_can_be_pulled_and_paints_the_same(hub, tiny, tmp_path):
    (tiny / "notes.txt").write_text("mine", "utf-8")
    assert "me/tiny" in push_weights(tiny, "me/tiny")
    names = {path.name for path in tiny.iterdir()}
    assert set(hub.files) == names - {"notes.txt"} <= set(FILES)
    assert b"license: mit" in hub.files["README.md"]
    folder = pull_weights("me/tiny", tmp_path / "new" / "roses")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == hub.files
    assert open_model(folder).sha256 == open_model(tiny).sha256
    assert [path.name for path in folder.parent.iterdir()] == ["roses"]


def test_only_files_of_weights_are_pulled(hub, tiny, tmp_path):
    push_weights(tiny, "me/tiny")
    hub.files |= {"../up.py": b"1", "setup.py": b"1", "sub/card.json": b"{}"}
    folder = pull_weights("me/tiny", tmp_path / "new")
    assert {path.name for path in folder.iterdir()} <= set(FILES)
    assert not [asked for asked in hub.asked if "setup.py" in asked]


def damage(hub):
    data = bytearray(hub.files["generator.safetensors"])
    data[-1] ^= 1
    hub.files["generator.safetensors"] = bytes(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (damage, "damaged|SHA-256|hash|changed"),
        (lambda hub: hub.files.pop("generator.safetensors"), "There is no file"),
    ],
)
def test_what_cannot_be_used_leaves_nothing(hub, tiny, tmp_path, change, words):
    push_weights(tiny, "me/tiny")
    change(hub)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArtganError, match=words):
        pull_weights("me/tiny", tmp_path / "roses")
    assert sorted(tmp_path.rglob("*")) == before


def test_what_the_hub_refuses_is_a_sentence(hub, tiny, tmp_path, httpserver):
    httpserver.clear()
    httpserver.expect_request("/").respond_with_data(status=500)
    for call in (
        lambda: push_weights(tiny, "me/tiny"),
        lambda: push_weights(tiny, "no name at all!"),
        lambda: pull_weights("me/tiny", tmp_path / "new"),
    ):
        with pytest.raises(ArtganError, match="The Hub did not") as caught:
            call()
        assert "\n" not in str(caught.value)


def test_a_folder_that_exists_is_left_alone(tmp_path):
    with pytest.raises(ArtganError, match="exists already"):
        pull_weights("me/tiny", tmp_path)


def test_without_the_library_it_is_a_sentence(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ArtganError, match="pip install huggingface_hub"):
        pull_weights("me/tiny", tmp_path / "new")
    with pytest.raises(ArtganError, match="pip install huggingface_hub"):
        push_weights(tiny, "me/tiny")


def test_a_name_on_the_hub_opens_and_is_kept(hub, tiny, tmp_path, monkeypatch):
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    push_weights(tiny, "me/tiny")
    model = open_model("me/tiny")
    assert (model.name, model.opened[:18]) == ("tiny", "Weights in me/tiny")
    assert model.sha256 == open_model(tiny).sha256
    assert model.arrays("discriminator")
    with pytest.raises(ArtganError, match="'me/nobody' on the Hub has no"):
        hub.files.clear()
        open_model("me/nobody")
