import importlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from artgan.system import tensorflow as loading
from artgan.system.errors import ArtganError
from artgan.system.tensorflow import check_processor, hidden, load_quietly

SHOW = """
import sys
sys.path.insert(0, {repository!r})
from artgan.system.tensorflow import load_quietly
load_quietly()
import os, keras
print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format(),
      os.environ["TF_ENABLE_ONEDNN_OPTS"])
"""


def loaded_with(repository, home, **environment):
    """What Keras is set to, in a process with another home and environment."""
    program = SHOW.format(repository=str(repository))
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)} | environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.split()


def test_a_users_settings_of_keras_change_nothing(repository, tmp_path):
    settings = {
        "floatx": "float64",
        "epsilon": 1e-7,
        "backend": "torch",
        "image_data_format": "channels_first",
    }
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(settings), "utf-8")
    environment = {"KERAS_BACKEND": "jax", "TF_ENABLE_ONEDNN_OPTS": "0"}
    found = loaded_with(repository, tmp_path, **environment)
    assert found[:3] == ["tensorflow", "float32", "channels_last"]
    assert found[3] == "0"  # that is the user's choice


@pytest.fixture
def processor(tmp_path, monkeypatch):
    """Pretend to be on a processor with these flags, and that TensorFlow dies there."""
    monkeypatch.setattr(loading.platform, "machine", lambda: "x86_64")
    died = SimpleNamespace(returncode=-6)
    monkeypatch.setattr(loading.subprocess, "run", lambda *args, **options: died)

    def write(flags):
        path = tmp_path / "cpuinfo"
        path.write_text(f"processor : 0\nflags\t\t: {flags}\nbugs : none\n", "utf-8")
        return path

    return write


def test_a_processor_without_avx_is_told_before_tensorflow_aborts(processor):
    with pytest.raises(ArtganError, match="has no AVX"):
        check_processor(processor("fpu sse4_2 avxlike"))


@pytest.mark.parametrize("flags", ["fpu avx sse", "fpu avx2 avx"])
def test_a_processor_with_avx_is_not_tried(processor, flags):
    check_processor(processor(flags))


def test_a_tensorflow_built_for_an_older_processor_is_used(processor, monkeypatch):
    lives = SimpleNamespace(returncode=0)
    monkeypatch.setattr(loading.subprocess, "run", lambda *args, **options: lives)
    check_processor(processor("fpu sse4_2"))


def test_other_systems_have_no_such_file(tmp_path):
    check_processor(tmp_path / "none")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImportError("DLL load failed while importing x\nmore"), "Redistributable"),
        (ModuleNotFoundError("No module named 'tensorflow'"), "No module named"),
        (AssertionError(), "keras.json"),
    ],
)
def test_what_cannot_be_loaded_is_a_sentence(monkeypatch, error, words):
    @loading.contextmanager
    def fail(name):
        raise error
        yield

    monkeypatch.setattr(loading, "hidden", fail)
    with pytest.raises(ArtganError, match=words) as caught:
        loading.import_both()
    assert "\n" not in str(caught.value)


def test_another_backend_that_is_loaded_already_is_a_sentence(monkeypatch):
    load_quietly()
    monkeypatch.setattr("keras.config.backend", lambda: "torch")
    with pytest.raises(ArtganError, match="Keras was loaded with torch"):
        load_quietly()


def test_a_package_is_hidden_for_a_while_only(monkeypatch):
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with pytest.raises(ImportError, match="wave"), hidden("wave"):
        importlib.import_module("wave")
    with hidden("json"):
        assert importlib.import_module("json") is json  # in use already
    assert importlib.import_module("wave").open


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes streams")
def test_a_closed_standard_error_is_no_reason_to_fail(repository):
    program = "from artgan.system.tensorflow import silent_errors\n"
    program += "with silent_errors(): print('done')"
    command = ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, program]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"done")
