import hashlib
import json

import numpy as np
import pytest

from artgan.evaluation.mobilenet import MOBILENET_SHA256, load_mobilenet
from artgan.system.files import shipped


def test_features_are_those_of_another_program_in_every_batch_and_precision():
    import keras

    squares = np.random.default_rng(0).integers(0, 256, [12, 4, 4, 3], "uint8")
    images, network = squares.repeat(8, 1).repeat(8, 2), load_mobilenet()
    features = network(images)
    assert features.shape == (12, 1280) and features.dtype == np.float32
    expected = [0, 0.00271875, 0.88304806, 0, 0.070595, 0]
    assert features[0, :6] == pytest.approx(expected, abs=0.02)
    assert features.mean() == pytest.approx(0.32095698, abs=4e-3)
    assert network(images[10:])[0] == pytest.approx(features[10], abs=1e-4)
    keras.config.set_dtype_policy("mixed_bfloat16")  # reset by a fixture
    assert load_mobilenet()(images) == pytest.approx(features, abs=1e-4)


@pytest.mark.parametrize("name", ["mobilenet-v2", "efficientnet-lite0"])
def test_what_ships_is_what_is_written_beside_it(name):
    entry = json.loads(shipped("features", "features.json").read_text("utf-8"))[name]
    data = shipped("features", entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "Apache-2.0" and entry["source"]
    assert (entry["sha256"] == MOBILENET_SHA256) == (name == "mobilenet-v2")
    assert "Version 2.0" in shipped("features", "LICENSE").read_text("utf-8")
