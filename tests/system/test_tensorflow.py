import json
import os
import subprocess
import sys

import pytest

from artgan.system import tensorflow as loading
from artgan.system.errors import ArtganError
from artgan.system.tensorflow import compare_kernels, load_quietly, tell_processor

SHOW = """
import os, sys
from artgan.system.tensorflow import load_quietly
load_quietly()
import keras
print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format(),
      os.environ["TF_ENABLE_ONEDNN_OPTS"], "matplotlib" in sys.modules)
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
    assert done.stdout.split() == [
        "tensorflow",
        "float32",
        "channels_last",
        "0",
        "False",
    ]


@pytest.mark.parametrize(("flags", "told"), [("sse4_2 avxlike", True), ("avx", False)])
def test_a_processor_without_avx_is_told_before_tensorflow_aborts(
    tmp_path, monkeypatch, capsys, flags, told
):
    monkeypatch.setattr(loading.platform, "machine", lambda: "x86_64")
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags\t: fpu {flags}\n", "utf-8")
    tell_processor(tmp_path / "cpuinfo")
    tell_processor(tmp_path / "on other systems there is none")
    assert ("has no AVX" in capsys.readouterr().err) == told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImportError("DLL load failed while importing x\nmore"), "Redistributable"),
        (ModuleNotFoundError("No module named 'tensorflow'"), "No module named"),
        (AssertionError(), "keras.json"),
    ],
)
def test_what_cannot_be_loaded_is_a_sentence(monkeypatch, error, words):
    def fail():
        raise error

    monkeypatch.setattr(loading, "silent_errors", fail)
    with pytest.raises(ArtganError, match=words) as caught:
        loading.import_both()
    assert "\n" not in str(caught.value)


def test_another_backend_that_is_loaded_already_is_a_sentence(monkeypatch):
    load_quietly()
    monkeypatch.setattr("keras.config.backend", lambda: "torch")
    with pytest.raises(ArtganError, match="Keras was loaded with torch"):
        load_quietly()


def test_going_on_with_other_kernels_says_how_to_have_the_same():
    now = {"oneDNN": False, "threads": 2}
    assert compare_kernels(now, now) == compare_kernels({}, now) == ""
    sentence = compare_kernels({"oneDNN": True, "threads": 8}, now)
    assert "computed with oneDNN on 8 cores, and now is without oneDNN on 2" in sentence
    assert "TF_ENABLE_ONEDNN_OPTS=1 TF_NUM_INTRAOP_THREADS=8" in sentence
