import dataclasses
import subprocess
import sys

import pytest

import artgan.gan.config
from artgan.gan.augment import AUGMENTATIONS, augmentations_in
from artgan.gan.config import (
    PRESETS,
    Config,
    checked_config,
    fastest_precision,
    preset,
)
from artgan.gan.discriminator import DISCRIMINATORS
from artgan.gan.generator import GENERATORS
from artgan.gan.losses import LOSSES
from artgan.system.errors import ArtganError


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_complete_config(name):
    config = preset(name)
    assert isinstance(config, Config)
    assert config.precision in ("float32", "bfloat16")  # "auto" is resolved
    assert config.loss in LOSSES and config.discriminator in DISCRIMINATORS
    assert config.generator in GENERATORS and config.shape == (128, 128)
    assert set(augmentations_in(config.augmentations)) <= set(AUGMENTATIONS)
    default = dataclasses.asdict(Config())  # what it names is no repetition
    assert all(default[field] != value for field, value in PRESETS[name].items())


def test_the_seed_preset_has_the_faults_that_dcgan_mends():
    seed, dcgan = preset("seed"), preset("dcgan")
    fields = [field.name for field in dataclasses.fields(Config)]
    differing = {f for f in fields if getattr(seed, f) != getattr(dcgan, f)}
    assert differing == {"fit", "pixel_range", "shuffle"}
    assert (seed.fit, seed.pixel_range, seed.shuffle) == ("squash", 0.5, False)
    assert (dcgan.fit, dcgan.pixel_range, dcgan.shuffle) == ("crop", 1.0, True)


def test_the_seed_preset_trains_as_its_ancestor_did():
    config = preset("seed")
    latents = config.latent_size, config.latent_distribution
    assert (config.size, *latents) == (128, 100, "uniform")
    assert (config.discriminator, config.loss) == ("dcgan", "cross_entropy")
    assert (config.augmentations, config.flip, config.ema_decay) == ("", False, 0)
    rates = config.generator_learning_rate, config.discriminator_learning_rate
    assert (*rates, config.beta_1) == (2e-4, 5e-5, 0.5)


def test_changes_win_and_the_config_is_frozen():
    config = preset("dcgan", size=64, seed=9)
    assert (config.size, config.seed, config.latent_size) == (64, 9, 100)
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.size = 32
    assert preset("dcgan", size=64, seed=9) == config
    assert preset("default", size=64, width=96).shape == (64, 96)
    with pytest.raises(ArtganError, match="no preset 'best'.*default, dcgan, seed"):
        preset("best")
    with pytest.raises(ArtganError, match="no config field 'widht'.*latent_size"):
        preset("default", widht=3)


def test_stored_settings_are_completed_and_checked():
    stored = dataclasses.asdict(preset("dcgan", seed=7))
    assert checked_config(stored) == preset("dcgan", seed=7)
    assert checked_config({}) == Config()
    assert checked_config({"seed": 4}) == Config(seed=4)
    for damage in {"size": None}, {"loss": ["hinge"]}, {"flip": 1}, {"seed": {}}:
        [field] = damage
        with pytest.raises(ArtganError, match=f"'{field}' cannot be used: it must be"):
            checked_config(stored | damage)


TOLD_WITHOUT_TENSORFLOW = """
import sys
from artgan.gan.config import checked_config, preset
from artgan.system.errors import ArtganError
try:
    preset("default", size=100)
except ArtganError as error:
    print(error)
checked_config({"seed": 3})
preset("default", precision="float32")
assert not {"tensorflow", "keras"} & set(sys.modules)
"""


def test_a_wrong_number_is_told_before_tensorflow_is_loaded(repository):
    command = [sys.executable, "-c", TOLD_WITHOUT_TENSORFLOW]
    options = {"cwd": repository, "capture_output": True, "text": True}
    done = subprocess.run(command, **options, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "'size' is 100: it must be a multiple of 32" in done.stdout


def test_precision_follows_the_processor(monkeypatch, tmp_path):
    class Cpu(type(tmp_path)):
        flags = "flags : fma avx512_bf16"

        def exists(self):
            return True

        def read_text(self, *arguments):
            return self.flags

    gpus = "tensorflow.config.list_physical_devices"
    monkeypatch.setattr(gpus, lambda kind: [])
    monkeypatch.setattr(artgan.gan.config, "Path", Cpu)
    assert fastest_precision() == "bfloat16"
    assert preset("default").precision == "bfloat16"
    assert preset("default", precision="float32").precision == "float32"
    monkeypatch.setattr(Cpu, "flags", "flags : fma avx2")
    assert preset("default").precision == "float32"


@pytest.mark.parametrize(
    ("capability", "precision"), [((8, 0), "bfloat16"), ((7, 5), "float32")]
)
def test_precision_follows_the_gpu(monkeypatch, capability, precision):
    device = "tensorflow.config"
    monkeypatch.setattr(f"{device}.list_physical_devices", lambda kind: ["0"])
    details = {"compute_capability": capability}
    about = f"{device}.experimental.get_device_details"
    monkeypatch.setattr(about, lambda gpu: details)
    assert fastest_precision() == precision
