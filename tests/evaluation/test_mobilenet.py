import hashlib
import json

import numpy as np
import pytest

from artgan.evaluation import mobilenet
from artgan.evaluation.mobilenet import MOBILENET_SHA256, load_mobilenet
from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped


def blocks(seed, count):
    """Pictures of 4 x 4 squares: [count, 32, 32, 3] uint8."""
    draw = np.random.default_rng(seed)
    return draw.integers(0, 256, [count, 4, 4, 3], "uint8").repeat(8, 1).repeat(8, 2)


@pytest.fixture(scope="module")
def network():
    return load_mobilenet()


def test_features_are_those_of_another_program(network):
    features = network(blocks(0, 12))
    assert features.shape == (12, 1280) and features.dtype == np.float32
    expected = [0, 0.00271875, 0.88304806, 0, 0.070595, 0]
    assert features[0, :6] == pytest.approx(expected, abs=0.02)
    assert features.mean() == pytest.approx(0.32095698, abs=4e-3)


def test_a_picture_has_the_same_features_in_every_batch_and_precision(network):
    import keras

    images = blocks(0, 11)
    together = network(images)
    assert network(images[10:])[0] == pytest.approx(together[10], abs=1e-4)
    mirrored = images[:, :, ::-1]
    assert (network(mirrored) == network(mirrored.copy())).all()
    keras.config.set_dtype_policy("mixed_bfloat16")  # reset by a fixture
    assert load_mobilenet()(images) == pytest.approx(together, abs=1e-4)


@pytest.mark.parametrize("name", ["mobilenet-v2", "efficientnet-lite0"])
def test_what_ships_is_what_is_written_beside_it(name):
    entry = json.loads(shipped("features", "features.json").read_text("utf-8"))[name]
    data = shipped("features", entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "Apache-2.0" and entry["source"]
    assert (entry["sha256"] == MOBILENET_SHA256) == (name == "mobilenet-v2")
    assert "Version 2.0" in shipped("features", "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "empty"])
def test_a_file_that_is_not_mobilenet_is_a_sentence(tmp_path, damage, monkeypatch):
    data = bytearray(shipped(mobilenet.MOBILENET_FILE).read_bytes())
    path = tmp_path / "mobilenet-v2.safetensors"
    monkeypatch.setattr(mobilenet, "MOBILENET_FILE", str(path))
    if damage == "changed":
        data[-1] ^= 1
    if damage != "missing":
        path.write_bytes({"cut": data[:-100], "changed": data, "empty": b""}[damage])
    with pytest.raises(ArtganError, match="mobilenet-v2.safetensors"):
        load_mobilenet()
