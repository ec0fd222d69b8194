import hashlib
import json

import numpy as np
import pytest
from arrays import unrolled
from safetensors import safe_open

from artgan.evaluation.mobilenet import (
    MOBILENET_BYTES,
    MOBILENET_FILE,
    MOBILENET_SHA256,
    MOBILENET_STAGES,
    load_mobilenet,
    picture_features,
)
from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped


def blocks(seed, count, low=0, high=256):
    """Pictures of 4 x 4 squares: [count, 32, 32, 3] uint8."""
    squares = np.random.default_rng(seed).integers(
        low, high, [count, 4, 4, 3], np.uint8
    )
    return squares.repeat(8, 1).repeat(8, 2)


@pytest.fixture(scope="module")
def network():
    return load_mobilenet()


def test_features_are_those_of_another_program(network):
    features = picture_features(network, blocks(0, 12))
    assert features.shape == (12, 1280) and features.dtype == np.float32
    expected = [0, 0.00271875, 0.88304806, 0, 0.070595, 0]
    assert features[0, :6] == pytest.approx(expected, abs=1e-4)
    assert features.mean() == pytest.approx(0.32095698, abs=1e-5)


def test_a_picture_has_the_same_features_in_every_batch(network):
    images = blocks(0, 5)
    alone = picture_features(network, images[4:])
    for batch in (2, 4, 5):
        together = picture_features(network, images, batch=batch)
        assert together[4] == pytest.approx(alone[0], abs=1e-4)


def test_features_do_not_depend_on_the_precision_of_the_run(network):
    import keras

    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        reduced = picture_features(load_mobilenet(), blocks(0, 2))
    finally:
        keras.config.set_dtype_policy(policy)
    assert reduced.dtype == np.float32
    full = picture_features(network, blocks(0, 2))
    assert reduced == pytest.approx(full, abs=1e-4)


@pytest.mark.filterwarnings("error")
def test_the_pictures_may_be_on_disk_or_mirrored_views(network, tmp_path):
    np.save(tmp_path / "images.npy", blocks(0, 3))
    images = np.load(tmp_path / "images.npy", mmap_mode="r")
    mirrored = picture_features(network, images[:, :, ::-1])
    copied = picture_features(network, np.ascontiguousarray(images[:, :, ::-1]))
    assert (mirrored == copied).all()


def test_the_blocks_are_those_of_the_file():
    with safe_open(shipped(MOBILENET_FILE), "numpy") as file:
        stored = json.loads(file.metadata()["blocks"])
    assert unrolled(MOBILENET_STAGES) == [tuple(block.values()) for block in stored]


@pytest.mark.parametrize("name", ["mobilenet-v2", "efficientnet-lite0"])
def test_what_ships_is_what_is_written_beside_it(name):
    entries = json.loads(shipped("features", "features.json").read_text("utf-8"))
    entry = entries[name]
    data = shipped("features", entry["file"]).read_bytes()
    assert len(data) == entry["bytes"]
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "Apache-2.0" and entry["source"]
    licence = shipped("features", "LICENSE").read_text("utf-8")
    assert "Apache License" in licence and "Version 2.0" in licence
    if name == "mobilenet-v2":
        vouched = (MOBILENET_BYTES, MOBILENET_SHA256)
        assert (entry["bytes"], entry["sha256"]) == vouched


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ArtganError, match="cannot be read.*git checkout"):
        load_mobilenet(tmp_path / "mobilenet-v2.safetensors")


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_a_damaged_file_is_a_sentence(tmp_path, damage):
    data = bytearray(shipped(MOBILENET_FILE).read_bytes())
    if damage == "changed":
        data[-1] ^= 1
    path = tmp_path / "mobilenet-v2.safetensors"
    path.write_bytes({"cut": data[:-100], "changed": data, "empty": b""}[damage])
    with pytest.raises(ArtganError, match="damaged.*2,341,392 bytes.*git checkout"):
        load_mobilenet(path)
