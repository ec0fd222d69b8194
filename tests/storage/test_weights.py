"""Published weights: what comes back, and what is refused."""

import json
import pickle
from dataclasses import asdict

import numpy as np
import pytest
from safetensors.numpy import save

from artgan.gan.training import GAN
from artgan.paint.grid import generate
from artgan.storage.publishing import half, pack, publish, write_weights
from artgan.storage.weights import (
    fill,
    load_published,
    named_arrays,
    read_generator,
    read_network,
)
from artgan.system.errors import ArtganError

ONE = {"dense/kernel": np.ones(3)}


@pytest.fixture(scope="module")
def published(tiny_gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    publish(tiny_gan, folder, {"pictures": "made up"})
    return folder


@pytest.fixture
def copied(published, tmp_path):
    """A copy of the published folder that a test may spoil."""
    folder = tmp_path / "copied"
    folder.mkdir()
    for path in published.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def refusal(place):
    """The sentence that refuses to read the generator there."""
    with pytest.raises(ArtganError) as caught:
        read_generator(place)
    return str(caught.value)


def change_card(folder, **changes):
    """Change fields of a folder's card."""
    path = folder / "card.json"
    card = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(card), "utf-8")


def test_the_same_seed_paints_the_same_picture_after_loading(
    published, tiny_gan, tiny_config
):
    gan = GAN(tiny_config)
    card = load_published(gan, published)
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)
    wanted, painted = generate(tiny_gan, 4), generate(gan, 4)
    assert np.abs(wanted.astype(int) - painted).max() <= 3  # what half precision costs
    np.testing.assert_array_equal(
        gan.generator.get_weights()[0], gan.generator_ema.get_weights()[0]
    )


def test_a_changed_file_is_refused_and_changes_nothing(copied, tiny_config):
    weights = copied / "discriminator.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    gan = GAN(tiny_config)
    before = generate(gan, 2)
    with pytest.raises(ValueError, match="is not what its card says"):
        load_published(gan, copied)
    np.testing.assert_array_equal(generate(gan, 2), before)


def test_weights_are_half_precision_and_small(published, tiny_gan):
    size = (published / "generator.safetensors").stat().st_size
    numbers = sum(w.size for w in tiny_gan.generator_ema.get_weights())
    assert 2 * numbers < size < 2 * numbers + 10_000
    card = json.loads((published / "card.json").read_text("utf-8"))
    assert card["format"] == 2 and card["config"]["size"] == 32
    assert card["bytes"]["generator"] == size


def test_nothing_published_is_a_missing_file(tiny_gan, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_published(tiny_gan, tmp_path)


def test_what_is_too_large_for_half_precision_stays_finite():
    assert np.isfinite(half(np.float32([1e9, -1e9, 0.1]))).all()


def test_facts_cannot_contradict_what_the_card_proves(tiny_gan, tmp_path):
    card = publish(tiny_gan, tmp_path, {"sha256": {}, "config": {}, "licence": "CC0"})
    assert card["licence"] == "CC0" and card["sha256"]["generator"]
    assert read_generator(tmp_path)[0] == asdict(tiny_gan.config)


def test_files_too_large_for_a_repository_are_not_published(
    tiny_gan, copied, monkeypatch
):
    before = {path: path.read_bytes() for path in copied.iterdir()}
    monkeypatch.setattr("artgan.storage.publishing.LARGEST_PUBLISHED", 1000)
    with pytest.raises(ArtganError, match="may have 1,000 a file. Nothing was written"):
        publish(tiny_gan, copied, {})
    assert {path: path.read_bytes() for path in copied.iterdir()} == before


def test_a_folder_or_one_file_alone_gives_config_arrays_and_card(
    published, tiny_gan, tmp_path
):
    alone = tmp_path / "flowers.safetensors"
    alone.write_bytes((published / "generator.safetensors").read_bytes())
    for place in (
        published,
        str(published),
        published / "generator.safetensors",
        alone,
    ):
        config, arrays, card = read_generator(place)
        assert config == asdict(tiny_gan.config)
        assert len(card["sha256"]["generator"]) == 64
        assert int(card["step"]) == int(tiny_gan.step)
        wanted = named_arrays(tiny_gan.generator_ema)
        assert arrays.keys() == wanted.keys()
        for name, array in arrays.items():
            assert array.dtype == np.float32
            np.testing.assert_array_equal(array, half(wanted[name]))


def test_what_is_missing_is_named(published, tmp_path):
    assert f"There is no file {tmp_path / 'none'}." in refusal(tmp_path / "none")
    assert "generator.safetensors" in refusal(tmp_path)


def test_a_renamed_pickle_is_never_opened(copied, tmp_path):
    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    for data in (pickle.dumps(Trap()), b"PK\x03\x04" + 60 * b"\0"):
        (copied / "generator.safetensors").write_bytes(data)
        text = refusal(copied)
        assert "a pickle" in text and "not opened" in text
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("length", [0, 5, 100, 5000, -1])
def test_a_file_cut_short_says_so(copied, length):
    path = copied / "generator.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    words = "not a safetensors" if length in (0, 5) else "is cut short"
    assert words in refusal(copied)
    (copied / "card.json").unlink()
    assert words in refusal(copied)


def test_one_changed_byte_is_found(copied):
    path = copied / "generator.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\x31")
    assert "its SHA-256 begins with" in refusal(copied)


def test_a_file_of_another_preset_says_what_it_is(copied, tiny_gan, tmp_path):
    config = asdict(tiny_gan.config)
    arrays = named_arrays(tiny_gan.generator_ema)
    write_weights(tmp_path / "o", {"generator": arrays}, config | {"size": 64}, 7, {})
    other = (tmp_path / "o" / "generator.safetensors").read_bytes()
    (copied / "generator.safetensors").write_bytes(other)
    assert "calls itself the generator of step 7 for 64 pixels" in refusal(copied)
    card = json.loads((tmp_path / "o" / "card.json").read_text("utf-8"))
    change_card(copied, sha256=card["sha256"], bytes=card["bytes"])
    assert "size is 64, not 32" in refusal(copied)


def test_a_discriminator_does_not_paint(copied):
    assert "a generator is needed" in refusal(copied / "discriminator.safetensors")
    config, arrays, _ = read_network(copied, "discriminator")
    assert arrays and config["size"] == 32


def test_another_format_is_refused(copied, monkeypatch, tmp_path):
    change_card(copied, format=3)
    assert "of format 3" in refusal(copied) and "newer version" in refusal(copied)
    change_card(copied, format=1)
    assert "of format 1" in refusal(copied) and "again" in refusal(copied)
    monkeypatch.setattr("artgan.storage.publishing.FORMAT", 4)
    (tmp_path / "new.safetensors").write_bytes(pack("generator", ONE, {}, 0))
    assert "of format 4" in refusal(tmp_path / "new.safetensors")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"sha256": 1, "config": 2}'])
def test_a_damaged_card_is_refused(copied, text):
    (copied / "card.json").write_text(text, "utf-8")
    assert "card.json is damaged" in refusal(copied)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (save(ONE, {"format": "pt"}), "not a file of this project's"),
        (save(ONE), "not a file of this project's"),
        (save({}), "not a file of this project's"),
        (pack("generator", {"a": np.float32([1, np.nan])}, {}, 0), "not finite"),
        (pack("generator", {"a": np.float16([1, np.inf])}, {}, 0), "not finite"),
        (pack("generator", ONE, {}, 0), "does not say what networks"),
        (save(ONE, {"format": "2", "config": "{"}), "is damaged"),
        (b"\x10" + 7 * b"\0" + b"{" + 40 * b"x", "is damaged"),
        (b"\x20" + 7 * b"\0" + b'{"000": {"data_offsets": [0, "4"]}}', "is damaged"),
        (
            b"\x28" + 7 * b"\0" + b'{"000":{"data_offsets":[0,4],"shape":1}}....',
            "damaged",
        ),
        (b"\x89HDF\r\n\x1a\n" + 40 * b"x", "not a safetensors file"),
    ],
)
def test_what_is_no_file_of_ours_gets_a_sentence(tmp_path, data, words):
    (tmp_path / "weights.safetensors").write_bytes(data)
    assert words in refusal(tmp_path / "weights.safetensors")


def test_weights_that_do_not_fit_are_refused_and_change_nothing(tiny_gan):
    before = named_arrays(tiny_gan.generator_ema)
    dense = "dense/kernel"
    for changes, words in (
        ({dense: np.ones([1, 2])}, r"dense/kernel is \[1, 2\] where \[6, "),
        ({"wing/kernel": np.ones(3)}, r"wing/kernel is \[3\] where nothing is needed"),
    ):
        with pytest.raises(ArtganError, match=words):
            fill(tiny_gan.generator_ema, before | changes, "there")
    with pytest.raises(ArtganError, match=r"dense/kernel is missing where \[6, "):
        fill(tiny_gan.generator_ema, {k: before[k] for k in before if k != dense}, "there")
    for name, array in named_arrays(tiny_gan.generator_ema).items():
        np.testing.assert_array_equal(array, before[name])


def test_the_order_of_arrays_means_nothing(tiny_gan):
    before = named_arrays(tiny_gan.generator_ema)
    fill(tiny_gan.generator_ema, dict(reversed(before.items())), "there")
    for name, array in named_arrays(tiny_gan.generator_ema).items():
        np.testing.assert_array_equal(array, before[name])


def test_published_weights_of_other_networks_change_nothing(
    copied, tiny_gan, tiny_config
):
    networks = {
        "generator": named_arrays(tiny_gan.generator_ema),
        "discriminator": {"judge/kernel": np.ones([4, 1])},
    }
    write_weights(copied, networks, asdict(tiny_config), 1, {})
    gan = GAN(tiny_config)
    before = generate(gan, 2)
    with pytest.raises(ValueError, match="discriminator.safetensors is for other"):
        load_published(gan, copied)
    np.testing.assert_array_equal(generate(gan, 2), before)
