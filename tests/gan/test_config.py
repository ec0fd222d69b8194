import dataclasses

import pytest

import artgan.gan.config
from artgan.gan.augment import AUGMENTATIONS, augmentations_in
from artgan.gan.config import (
    CLASSIC,
    PRESETS,
    SWITCHES,
    Config,
    fastest_precision,
    preset,
)
from artgan.gan.losses import LOSSES
from artgan.system.errors import ArtganError


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_complete_config(name):
    config = preset(name)
    assert isinstance(config, Config)
    assert config.precision in ("float32", "bfloat16")  # "auto" is resolved
    assert config.loss in LOSSES
    assert {name for name, _ in augmentations_in(config.augment)} <= set(AUGMENTATIONS)


def test_the_seed_preset_has_the_faults_that_dcgan_mends():
    seed, dcgan = preset("seed"), preset("dcgan")
    fields = [field.name for field in dataclasses.fields(Config)]
    differing = {f for f in fields if getattr(seed, f) != getattr(dcgan, f)}
    assert differing == {"fit", "pixel_range", "shuffle"}
    assert (seed.fit, seed.pixel_range, seed.shuffle) == ("squash", 0.5, False)
    assert (dcgan.fit, dcgan.pixel_range, dcgan.shuffle) == ("crop", 1.0, True)


def test_the_seed_preset_trains_as_its_ancestor_did():
    config = preset("seed")
    assert (config.size, config.latent_size, config.latent) == (128, 100, "uniform")
    assert (config.loss, config.augment, config.flip) == ("cross_entropy", "", False)
    assert config.average == 0
    assert (config.generator_rate, config.discriminator_rate) == (2e-4, 5e-5)
    assert config.beta_1 == 0.5


def test_changes_win_and_the_config_is_frozen():
    config = preset("dcgan", size=64, seed=9)
    assert (config.size, config.seed, config.latent) == (64, 9, "uniform")
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.size = 32
    assert preset("dcgan", size=64, seed=9) == config


def test_an_unknown_preset_is_told_the_known_ones():
    with pytest.raises(ArtganError, match="no preset 'best'") as caught:
        preset("best")
    assert all(name in str(caught.value) for name in PRESETS)


def test_an_unknown_field_is_told_the_known_ones():
    with pytest.raises(ArtganError, match="no config field 'widht'.*latent_size.*wid"):
        preset("default", widht=3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 100),
        ("size", 8),
        ("size", 0),
        ("size", -64),
        ("size", 2048),
        ("batch_size", 513),
        ("width", 5000),
        ("kernel", 33),
        ("fit", "stretch"),
        ("latent", "cauchy"),
        ("upsample", "bicubic"),
        ("precision", "float8"),
        ("pixel_range", 0.0),
        ("batch_size", 0),
        ("latent_size", -1),
        ("width", 0),
        ("discriminator_width", 0),
        ("kernel", 0),
        ("discriminator_kernel", 0),
        ("generator_rate", -1e-4),
        ("generator_rate", float("nan")),
        ("discriminator_rate", 0.0),
        ("generator_rate", float("inf")),
        ("pixel_range", float("inf")),
        ("beta_1", 1.0),
        ("beta_1", -0.1),
        ("beta_1", float("nan")),
        ("average", 1.0),
        ("average", -0.5),
        ("average", float("nan")),
        ("seed", -1),
        ("seed", 2**31),
        ("penalty_every", 0),
        ("first_side", 3),
        ("first_side", 256),
        ("loss", "wishes"),
        ("augment", "color,rotation"),
        ("augment", "color, cutout"),
        ("augment", "color:,cutout"),
        ("augment", "color:0"),
        ("augment", "color:1.5"),
        ("augment", "color:nan"),
        ("augment", "color:often"),
    ],
)
def test_a_value_that_cannot_work_is_named(field, value):
    with pytest.raises(ArtganError, match=f"'{field}' is .*: .*\\.") as caught:
        preset("default", **{field: value})
    assert repr(value) in str(caught.value)


def test_precision_follows_the_processor(monkeypatch, tmp_path):
    class Cpu(type(tmp_path)):
        flags = "flags : fma avx512_bf16"

        def exists(self):
            return True

        def read_text(self, *arguments):
            return self.flags

    gpus = "artgan.gan.config.tf.config.list_physical_devices"
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
    tensorflow_config = artgan.gan.config.tf.config
    monkeypatch.setattr(tensorflow_config, "list_physical_devices", lambda kind: ["0"])
    details = {"compute_capability": capability}
    monkeypatch.setattr(
        tensorflow_config.experimental, "get_device_details", lambda gpu: details
    )
    assert fastest_precision() == precision


def test_the_switches_lead_from_the_classic_to_the_default():
    switched = CLASSIC.copy()
    for fields in SWITCHES.values():
        assert any(switched.get(name) != value for name, value in fields.items())
        switched |= fields
    assert Config(**switched) == Config()
