"""Presets, and what each field may be."""

import dataclasses
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import artgan.gan.config
from artgan.gan.config import PRESETS, Config, fastest_precision, preset
from artgan.gan.validate import RANGES, USUAL
from artgan.system.errors import ArtganError

# field: what works, and what is no choice
TEXTS = {
    "fit": (["crop", "squash"], ["", "stretch", "Crop"]),
    "latent_distribution": (["normal", "uniform"], ["cauchy"]),
    "generator": (["modulated", "slim", "dcgan"], ["", "unet", "Slim"]),
    "precision": (["float32", "bfloat16"], ["float8"]),
    "discriminator": (["projected", "dcgan"], ["", "patch"]),
    "loss": (["hinge", "cross_entropy"], ["wishes", "hinge ", "hinge,hinge"]),
    "augmentations": (
        ["", "cutout"],
        ["rotation", "translation, cutout", "cutout:0.3"],
    ),
    "classes": (
        ["", "Canaletto:112,Guardi:41", "a:b:2"],
        ["a", "a:", ":3", "a:0", "a:1.5", "a:3,", "a:3,a:4", ",", "x" * 10**6, "\x1b["],
    ),
    "classes_from": (["", "folder", "artist", "8"], []),
}
TYPES = {field.name: field.type for field in dataclasses.fields(Config)}
NUMBERS = [field for field, kind in TYPES.items() if kind in USUAL]
ODD = st.none() | st.booleans() | st.text() | st.lists(st.integers()) | st.floats()


def refused(**settings):
    """What is said of the first of some settings: a sentence that fits a terminal."""
    with pytest.raises(ArtganError) as caught:
        preset("default", **settings)
    said = str(caught.value)
    assert re.match(f"The config field '{next(iter(settings))}' is ", said)
    assert said.endswith(".") and len(said) < 300 and said.isprintable()
    return said


@pytest.mark.parametrize("field", NUMBERS)
def test_what_lies_beyond_its_range_is_refused(field):
    low, high = RANGES.get(field, USUAL[TYPES[field]])
    for value in (low - 1, high + 1, 10**30, -(10**30), float("nan"), float("inf")):
        refused(**{field: value})


@pytest.mark.parametrize("field", TEXTS)
def test_a_text_is_one_of_those_known(field):
    working, wrong = TEXTS[field]
    for value in working:
        assert getattr(preset("default", **{field: value}), field) == value
    for value in wrong:
        assert repr(value)[:60] in refused(**{field: value})


@given(field=st.sampled_from([*TYPES]), value=ODD)
def test_another_type_is_refused(field, value):
    if type(value) is not TYPES[field]:
        assert "it must be " in refused(**{field: value})


def test_fields_that_do_not_go_together_are_told():
    assert "a multiple of 32" in refused(size=16)
    assert "a multiple of 32" in refused(width=48)
    assert "no power of two" in refused(initial_resolution=3)
    assert "341 pictures of 192x128 pixels" in refused(batch_size=342, width=192)
    assert "too large for" in refused(initial_resolution=32, size=192, width=96)
    assert "at 9,000" in refused(classes_full=8_000, classes_begin=9_000)
    assert "no classes" in refused(discriminator="dcgan", classes="a:3,b:4")
    assert "no classes" in refused(generator="slim", classes="a:3,b:4")
    assert preset("dcgan", size=16, initial_resolution=4).shape == (16, 16)
    with pytest.raises(ArtganError, match="no preset 'best'.*default, dcgan, seed"):
        preset("best")
    with pytest.raises(ArtganError, match="no config field 'widht'.*latent_size"):
        preset("default", widht=3)


def test_changes_win_and_the_config_is_frozen():
    config = preset("dcgan", size=64, width=96, seed=9)
    assert (config.shape, config.seed, config.latent_size) == ((64, 96), 9, 100)
    shown = [preset(size=64, width=96, stretch=by).shown for by in (1, 1.5, 0.5)]
    assert shown == [(96, 64), (144, 64), (96, 128)]
    config = preset(size=np.int64(64), ema_decay=0, beta_2=np.float32(0), flip=np.True_)
    values = config.size, config.ema_decay, config.beta_2, config.flip
    assert [*map(type, values)] == [int, float, float, bool]
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.size = 32


def test_presets_are_the_ancestors_and_what_mends_them():
    default, dcgan, seed = (vars(preset(name)) for name in PRESETS)
    faults = {"fit": "squash", "pixel_range": 0.5, "shuffle": False}
    assert seed == dcgan | faults
    assert all(default[field] != value for field, value in PRESETS["seed"].items())
    assert (seed["latent_size"], seed["latent_distribution"]) == (100, "uniform")
    rest = [seed[field] for field in ("loss", "flip", "ema_decay")]
    assert rest == ["cross_entropy", False, 0]
    assert (seed["generator_learning_rate"], seed["beta_1"]) == (2e-4, 0.5)


def test_a_wrong_number_is_told_before_tensorflow_is_loaded(repository):
    code = "import sys; from artgan.gan.config import preset\n"
    code += "try: preset('default', size=100)\n"
    code += "except Exception as error: print(error)\n"
    code += "preset('default', precision='float32')\n"
    code += "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    options = {"cwd": repository, "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, "-c", code], **options, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "'size' is 100: it must be a multiple of 32" in done.stdout


def test_precision_follows_the_processor_and_the_gpu(monkeypatch, tmp_path):
    class Cpu(type(tmp_path)):
        flags = "flags : fma avx512_bf16"

        def exists(self):
            return True

        def read_text(self, *arguments):
            return self.flags

    def see(gpus, capability=None):
        config, details = "tensorflow.config", {"compute_capability": capability}
        monkeypatch.setattr(f"{config}.list_physical_devices", lambda kind: gpus)
        about = f"{config}.experimental.get_device_details"
        monkeypatch.setattr(about, lambda gpu: details)

    see([])
    monkeypatch.setattr(artgan.gan.config, "Path", Cpu)
    assert preset("default").precision == "bfloat16"
    assert preset("default", precision="float32").precision == "float32"
    monkeypatch.setattr(Cpu, "flags", "flags : fma avx2")
    assert preset("default").precision == "float32"
    for capability, precision in {(8, 0): "bfloat16", (7, 5): "float32"}.items():
        see(["0"], capability)
        assert fastest_precision() == precision
