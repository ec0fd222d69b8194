import hashlib
import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image

import artgan.evaluation.evaluation
import artgan.evaluation.features
from artgan.__main__ import main
from artgan.data.cache import Prepared
from artgan.evaluation.evaluation import describe, evaluate, paint_all
from artgan.evaluation.features import (
    downloaded_weights,
    feature_network,
    picture_features,
)
from artgan.evaluation.nearest import nearest_sheet
from artgan.paint.grid import generate
from artgan.paint.paint import seed_latents
from artgan.runs.run import open_run
from artgan.system.errors import ArtganError


def run(*arguments):
    """Run the command in this process; return its exit code."""
    try:
        return main(["evaluate", *map(str, arguments)])
    except SystemExit as error:
        return error.code


@pytest.fixture(scope="module")
def network():
    """The feature network with random weights."""
    keras.utils.set_random_seed(0)
    return keras.applications.MobileNetV2(
        input_shape=(224, 224, 3), include_top=False, pooling="avg", weights=None
    )


@pytest.fixture(scope="module")
def weights(network, tmp_path_factory):
    """A file of these weights."""
    path = tmp_path_factory.mktemp("weights") / "random.weights.h5"
    network.save_weights(path)
    return path


@pytest.fixture
def built(network, monkeypatch):
    """Have the network that was built once, which takes a second, built again."""
    monkeypatch.setattr(keras.applications, "MobileNetV2", lambda **options: network)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory, tiny_config):
    """The folder that holds a run, `tiny`, which never trained."""
    folder = tmp_path_factory.mktemp("runs")
    with open_run(folder / "tiny", tiny_config) as (gan, recorder):
        recorder.save(gan)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory, tiny_images):
    """A folder of the five pictures of `tiny_images`."""
    folder = tmp_path_factory.mktemp("data") / "pictures"
    folder.mkdir()
    for number, image in enumerate(tiny_images):
        Image.fromarray(image).save(folder / f"villa {number}.png")
    return folder


@pytest.fixture
def means(monkeypatch):
    """A feature network's stand-in: the mean colours of nine parts of a picture."""

    def look(images):
        parts = images[:, ::75, ::75] + images[:, 1::75, 1::75]
        return parts.reshape([len(images), -1])

    return SimpleNamespace(predict_on_batch=look)


@pytest.fixture
def collection(tiny_images):
    return Prepared(tiny_images, [f"{number}.png" for number in range(5)])


def test_a_run_is_evaluated_from_end_to_end(
    run_folder, data, weights, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(artgan.evaluation.evaluation, "WALK_STEPS", 8)
    arguments = ["tiny", "--data", data, "--runs", run_folder, "--features", weights]
    assert run(*arguments, "--pictures", 9, "--seed", 4, "--out", tmp_path / "o") == 0
    output = capsys.readouterr().out
    report = json.loads((tmp_path / "o" / "evaluation.json").read_text("utf-8"))
    assert report["run"] == "tiny" and report["step"] == 0 and report["seed"] == 4
    assert report["real_pictures"] == 5 and report["painted_pictures"] == 9
    assert report["features"] == "MobileNetV2 random.weights.h5"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert report["features_sha256"] == digest
    names = "kid kid_deviation nearest diversity walk_variation walk_largest_step"
    assert all(isinstance(report[name], float) for name in names.split())
    assert f"{report['kid']:.4f} ± {report['kid_deviation']:.4f}" in output
    assert str(tmp_path / "o" / "evaluation.json") in output
    with Image.open(tmp_path / "o" / "nearest.png") as sheet:
        assert sheet.width > 1000 and sheet.height > 1000
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == [
        "evaluation.json",
        "nearest.png",
    ]


def test_features_do_not_depend_on_the_precision_of_the_run(weights):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = feature_network(weights)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")
    assert network.compute_dtype == "float32"
    images = np.random.default_rng(0).integers(0, 256, [3, 20, 20, 3], np.uint8)
    rows = picture_features(network, images, batch=2)
    assert rows.shape == (3, 1280) and rows.dtype == np.float32
    large = Image.fromarray(images[2]).resize((224, 224), Image.Resampling.BICUBIC)
    expected = network(np.float32(large)[None] / 127.5 - 1)
    assert rows[2] == pytest.approx(expected.numpy()[0], rel=1e-3, abs=1e-5)


def test_figures_of_copies(tiny_gan, collection, means, monkeypatch):
    monkeypatch.setattr(
        artgan.evaluation.evaluation,
        "paint_all",
        lambda model, latents, words: collection.images[: len(latents)],
    )
    figures, _ = evaluate(tiny_gan, collection, means, count=5)
    assert figures["nearest"] == pytest.approx(0, abs=1e-5)
    assert figures["diversity"] == pytest.approx(1)
    assert figures["kid"] < 0.01


def test_figures_without_a_value_are_none(tiny_gan, collection, means, monkeypatch):
    black = np.zeros([1, 8, 8, 3], np.uint8)
    monkeypatch.setattr(
        artgan.evaluation.evaluation,
        "paint_all",
        lambda model, latents, words: black.repeat(len(latents), 0),
    )
    figures, _ = evaluate(tiny_gan, collection, means, count=5)
    assert figures["walk_variation"] is None and figures["walk_largest_step"] is None
    assert figures["diversity"] == pytest.approx(0, abs=1e-5)
    assert "no value" in describe(figures)


def test_the_same_seed_gives_the_same_figures(tiny_gan, collection, means):
    first, _ = evaluate(tiny_gan, collection, means, count=4, seed=1)
    again, _ = evaluate(tiny_gan, collection, means, count=4, seed=1)
    other, _ = evaluate(tiny_gan, collection, means, count=4, seed=2)
    assert first == again != other


def test_the_pictures_are_those_that_generate_paints(tiny_gan):
    latents = seed_latents(tiny_gan.config, range(7, 12))
    painted = paint_all(tiny_gan, latents, "Painting")
    assert painted.shape == (5, 32, 32, 3) and painted.dtype == np.uint8
    for number, picture in enumerate(painted):
        alone = generate(tiny_gan, 1, 7 + number)[0]
        assert np.abs(picture.astype(int) - alone).max() <= 1


def test_at_most_a_thousand_are_compared_always_the_same():
    rows = np.arange(3000)
    some = artgan.evaluation.evaluation.some_of(rows)
    assert len(set(some)) == 1000
    assert (some == artgan.evaluation.evaluation.some_of(rows)).all()
    assert set(artgan.evaluation.evaluation.some_of(rows[:7])) == set(range(7))


def plain(*greys):
    """Plain pictures of these shades: [n, 4, 4, 3] uint8."""
    return np.uint8(greys)[:, None, None, None].repeat(4, 1).repeat(4, 2).repeat(3, 3)


def test_the_sheet_shows_samples_beside_their_nearest():
    real = Prepared(plain(10, 60, 200, 250), ["a.png", "b/c.png", "d.png", "é.png"])
    painted = plain(190, 70)
    features = [x[:, 0, 0, :1].astype(float) for x in (painted, real.images)]
    sheet = np.asarray(nearest_sheet(painted, features[0], real, features[1], seed=3))
    middles = sheet[:, :, 0]
    first_row, second_row = 24 + 64, 24 + 152 + 64
    columns = [12 + 64, 12 + 6 + 134 + 64, 12 + 6 + 268 + 64, 12 + 6 + 402 + 64]
    assert list(middles[first_row, columns]) == [190, 200, 250, 60]
    assert list(middles[second_row, columns]) == [70, 60, 10, 200]


def test_the_right_half_begins_with_the_sample_nearest_to_any():
    real = Prepared(plain(0, 100, 240), ["a", "b", "c"])
    painted = plain(50, 160, 98)
    features = [x[:, 0, 0, :1].astype(float) for x in (painted, real.images)]
    sheet = np.asarray(nearest_sheet(painted, features[0], real, features[1]))
    right = sheet.shape[1] // 2 + 3 + 12 + 40
    assert [sheet[24 + 152 * row + 64, right, 0] for row in range(3)] == [98, 50, 160]


@pytest.mark.parametrize("count", [2, 3, 20])
def test_a_sheet_of_few_pictures_and_strange_names(count):
    names = ["x" * 300, "two\nlines.png", "\udcff.png", "絵.jpg"] * 5
    real = Prepared(plain(*range(0, 200, 10))[:count], names[:count])
    features = real.images[:, 0, 0].astype(float)
    sheet = nearest_sheet(real.images, features, real, features)
    assert sheet.width == 2 * (min(count, 3) * 134 + 134 + 18) + 6
    assert sheet.height == 24 + min(count, 8) * 152


def test_without_a_network_a_sentence_offers_the_option(
    run_folder, data, tmp_path, monkeypatch, capsys
):
    def get_file(*arguments, **options):
        raise Exception("URL fetch failure: no route to host")

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    out = tmp_path / "out"
    assert run("tiny", "--data", data, "--runs", run_folder, "--out", out) == 2
    error = capsys.readouterr().err
    assert "no route to host" in error and "--features FILE" in error
    assert "Traceback" not in error and not out.exists()


def test_weights_are_downloaded_once_with_their_hash(monkeypatch, tmp_path):
    asked = []

    def get_file(name, origin, **options):
        asked.append((name, origin, options))
        return str(tmp_path / name)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    assert downloaded_weights() == str(tmp_path / artgan.evaluation.features.WEIGHTS)
    [(name, origin, options)] = asked
    assert origin.startswith("https://") and origin.endswith(name)
    assert options == {
        "cache_subdir": "models",
        "file_hash": artgan.evaluation.features.SHA256,
    }
    assert len(bytes.fromhex(options["file_hash"])) == 32


def save_other_network(path):
    inputs = keras.Input([8])
    keras.Model(inputs, keras.layers.Dense(3)(inputs)).save_weights(path)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", ["x.weights.h5", "x.h5", "x.txt", "x.keras"])
def test_a_bad_feature_file_is_a_sentence(tmp_path, name):
    path = tmp_path / name
    for write in (lambda path: None, lambda path: path.write_bytes(b"nonsense")):
        write(path)
        with pytest.raises(ArtganError) as caught:
            feature_network(path)
        words = str(caught.value)
        assert name in words and "--features" in words and "\n" not in words


@pytest.mark.usefixtures("built")
def test_weights_of_another_network_are_refused(tmp_path):
    save_other_network(tmp_path / "other.weights.h5")
    with pytest.raises(ArtganError, match="other.weights.h5 holds no weights"):
        feature_network(tmp_path / "other.weights.h5")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"RUN": "nobody"}, "no model"),
        ({"--data": "nowhere"}, "no folder"),
        ({"--data": "ONE"}, "1 usable"),
        ({"--features": "nowhere.h5"}, "holds no weights"),
        ({"--pictures": "1"}, "takes 2 pictures or more"),
        ({"--pictures": "0"}, "above 0"),
        ({"--pictures": "many"}, "above 0"),
        ({"--seed": "-1"}, "--seed"),
        ({"--out": "FILE"}, "FILE"),
        ({"--out": "FILE/deeper"}, "FILE"),
    ],
)
def test_a_mistake_is_a_sentence(
    changes, words, run_folder, data, means, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").write_text("in the way", "utf-8")
    (tmp_path / "weights.h5").write_bytes(b"")
    (tmp_path / "ONE").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "ONE" / "only.png")
    if "--features" not in changes:
        monkeypatch.setattr(
            artgan.evaluation.features, "feature_network", lambda path: means
        )
    options = {"--data": data, "--features": "weights.h5", "--runs": run_folder}
    options = options | changes
    name = options.pop("RUN", "tiny")
    given = [part for pair in options.items() for part in pair]
    before = {p: p.is_file() and p.read_bytes() for p in tmp_path.rglob("*")}
    assert run(name, *given) == 2
    error = capsys.readouterr().err
    last = error.strip().splitlines()[-1]
    assert words in last and "artgan" in last and "Traceback" not in error
    assert {p: p.is_file() and p.read_bytes() for p in tmp_path.rglob("*")} == before


def test_a_missing_data_option_is_named(capsys):
    assert run("tiny") == 2
    assert "--data" in capsys.readouterr().err
