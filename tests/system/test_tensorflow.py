import json
import os
import subprocess
import sys

import pytest

from artgan.system.errors import ArtganError
from artgan.system.tensorflow import compare_kernels, load_quietly

SHOW = """
import os
from artgan.system.tensorflow import load_quietly
load_quietly()
import keras
print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format(),
      os.environ["TF_ENABLE_ONEDNN_OPTS"])
"""


def test_a_users_settings_of_keras_change_nothing(repository, tmp_path):
    settings = {"floatx": "float64", "epsilon": 1e-7, "backend": "torch"}
    settings["image_data_format"] = "channels_first"
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(settings), "utf-8")
    odd = {"KERAS_BACKEND": "jax", "TF_ENABLE_ONEDNN_OPTS": "0"}  # the user's choice
    odd |= {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    command = [sys.executable, "-c", SHOW]
    environment = os.environ | odd | {"PYTHONPATH": str(repository)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["tensorflow", "float32", "channels_last", "0"]


@pytest.mark.parametrize("error", [ImportError("DLL load failed\n"), AssertionError()])
def test_what_cannot_be_loaded_is_a_sentence(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr("artgan.system.tensorflow.silent_errors", fail)
    with pytest.raises(ArtganError, match="could not be loaded: .* keras.json") as told:
        load_quietly.__wrapped__()
    assert "\n" not in str(told.value)


def test_another_backend_that_is_loaded_already_is_a_sentence(monkeypatch):
    load_quietly()
    monkeypatch.setattr("keras.config.backend", lambda: "torch")
    with pytest.raises(ArtganError, match="Keras was loaded with torch"):
        load_quietly.__wrapped__()


def test_going_on_with_other_kernels_says_how_to_have_the_same():
    now = {"oneDNN": False, "threads": 2}
    assert compare_kernels(now, now) == compare_kernels({}, now) == ""
    sentence = compare_kernels({"oneDNN": True, "threads": 8}, now)
    assert "with oneDNN in 8 threads and goes on without oneDNN in 2" in sentence
    assert "TF_ENABLE_ONEDNN_OPTS=1 TF_NUM_INTRAOP_THREADS=8" in sentence
