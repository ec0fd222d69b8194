"""The ancestors' files, written by TensorFlow 1's own graphs and by PyTorch itself."""

import sys
from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf
from trials.damage import Trap, trap

from artgan.__main__ import main
from artgan.gan.config import resolved_config
from artgan.storage.generators import load_generator
from artgan.storage.legacy import read_ancestor
from artgan.storage.weights import read_weights
from artgan.system.errors import ArtganError
from artgan.system.files import read_object

v1 = tf.compat.v1
SIDE, CHANNELS, LATENT = 2, [32, 16, 8, 4, 2], 5
LAYERS = [*(f"layer{number}_deconv" for number in (1, 2, 3, 4)), "logits"]
PARTS = "moving_mean", "moving_variance", "beta", "gamma"
WIDTH = 4  # of the flowers


def architecture():
    """The notebook's generator at a reduced width: {name: array}."""
    shapes = {"dense/kernel": [LATENT, SIDE**2 * CHANNELS[0]]}
    shapes["dense/bias"] = shapes["dense/kernel"][1:]
    for name, (inputs, filters) in zip(LAYERS, pairwise([*CHANNELS, 3]), strict=True):
        shapes |= {f"{name}/kernel": [5, 5, filters, inputs], f"{name}/bias": [filters]}
        if name != "logits":
            norm = name.replace("deconv", "batch_norm")
            shapes |= {f"{norm}/{part}": [filters] for part in PARTS}
    draw = np.random.default_rng(0)
    for name, shape in shapes.items():
        numbers = draw.normal(size=shape) / np.sqrt(max(1, np.prod(shape[:-1]) / 4))
        positive = "variance" in name or "gamma" in name
        shapes[name] = np.float32(0.5 + np.abs(numbers) if positive else numbers)
    return shapes


def paint_architecture(arrays, latents):
    """What it painted, in the functions that TensorFlow had then."""
    x = latents @ arrays["dense/kernel"] + arrays["dense/bias"]
    x = tf.nn.leaky_relu(tf.reshape(x, [-1, SIDE, SIDE, CHANNELS[0]]), 0.2)
    for name in LAYERS:
        kernel, stride = arrays[f"{name}/kernel"], 1 if name == "logits" else 2
        shape = [len(x), stride * x.shape[1], stride * x.shape[2], kernel.shape[2]]
        x = tf.nn.conv2d_transpose(x, kernel, shape, stride) + arrays[f"{name}/bias"]
        if name != "logits":
            norm = name.replace("deconv", "batch_norm")
            mean, variance, beta, gamma = (arrays[f"{norm}/{part}"] for part in PARTS)
            x = tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-5)
            x = tf.nn.leaky_relu(x, 0.2)
    return tf.tanh(x).numpy()


def write_checkpoint(path, **more):
    """Write the architecture notebook's checkpoint; return latents and pictures."""
    arrays = architecture()
    stored = {f"generator/{name}": array for name, array in (arrays | more).items()}
    stored["generator/dense/kernel/Adam"] = stored["discriminator/a"] = np.zeros(3)
    path.parent.mkdir(exist_ok=True)
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in stored.items():
            v1.get_variable(name, initializer=array)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(path))
    latents = np.random.default_rng(0).uniform(-1, 1, [3, LATENT]).astype(np.float32)
    return latents, paint_architecture(arrays, latents)


def flowers_generator(torch):
    """The flowers' generator at a reduced width, with statistics as if trained."""
    torch.manual_seed(0)
    nn, ladder = torch.nn, [6 * WIDTH, 4 * WIDTH, 2 * WIDTH, WIDTH, 3]
    generator = nn.Module()
    generator.fc = nn.Linear(LATENT, ladder[0] * SIDE * SIDE, bias=False)
    for number in range(4):
        inputs, outputs = ladder[number : number + 2]
        block = [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)]
        last = [nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
        block += [nn.Tanh()] if number == 3 else last
        setattr(generator, f"conv{number + 1}", nn.Sequential(*block))
    for name, values in generator.state_dict().items():
        if "running_var" in name or name.endswith("1.weight"):
            values.uniform_(0.5, 2)
        elif "num_batches" not in name:
            values.normal_(0, 0.3)
    return generator.eval()


def write_flowers(torch, path, prefix=""):
    """Write the flowers program's file; return latents and pictures."""
    generator = flowers_generator(torch)
    state = {prefix + name: value for name, value in generator.state_dict().items()}
    path.parent.mkdir(exist_ok=True)
    torch.save({"epoch": 3, "G_model_state_dict": state}, path)
    latents = np.random.default_rng(0).uniform(-1, 1, [3, LATENT]).astype(np.float32)
    with torch.no_grad():
        x = generator.fc(torch.from_numpy(latents)).view(-1, 6 * WIDTH, SIDE, SIDE)
        for number in range(1, 5):
            x = getattr(generator, f"conv{number}")(x)
        return latents, x.permute(0, 2, 3, 1).numpy()


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="an extra: pip install .[legacy]")


@pytest.mark.parametrize("kind", ["architecture", "flowers", "module."])
def test_an_import_paints_what_its_ancestor_painted(
    kind, tmp_path, monkeypatch, capsys, request
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "models" / "model.ckpt"
    if kind == "architecture":
        (latents, pictures), ancestor = write_checkpoint(path), kind
    else:
        torch, prefix = request.getfixturevalue("torch"), kind.strip("flowers")
        (latents, pictures), ancestor = write_flowers(torch, path, prefix), "flowers"
    command = ["import-weights", ancestor, "models/model.ckpt", "--out", "new"]
    assert main(command) == 0
    assert "generate -w new` paints" in capsys.readouterr().out
    found = read_weights("new")
    generator = load_generator(resolved_config(found.settings), found.arrays)
    assert pictures.std() > 0.1
    np.testing.assert_allclose(generator(latents), pictures, atol=1e-4)
    assert found.settings["latent_distribution"] == "uniform"
    assert read_object(tmp_path / "new" / "card.json")["imported_from"] == path.name
    assert main(["generate", "-w", "new", "-i", "1", "-s", "40", "--out", "o"]) == 0
    assert main(command) == 2
    assert "new is not empty" in capsys.readouterr().err


def test_any_of_a_checkpoints_files_names_it_and_nothing_is_passed_over(tmp_path):
    write_checkpoint(tmp_path / "model.ckpt", attention=np.zeros(2))
    for ending in "", ".index", ".data-00000-of-00001":
        with pytest.raises(ArtganError, match="it also has attention"):
            read_ancestor("architecture", tmp_path / f"model.ckpt{ending}")


def test_what_is_no_file_of_an_ancestor_is_a_sentence_and_runs_nothing(torch, tmp_path):
    torch.save({"G_model_state_dict": Trap(tmp_path / "sprung")}, tmp_path / "a")
    for name, data in {"b": b"", "c": bytes(5000), "d": b"PK\3\4"}.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "e").write_bytes(trap(tmp_path / "sprung", 2))
    for name in "abcdef":
        for ancestor in "architecture", "flowers":
            with pytest.raises(ArtganError, match=f"not the generator .* {ancestor}:"):
                read_ancestor(ancestor, tmp_path / name)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("name", ["fc.weight", "conv1.1.running_var", "conv4.0.weight"])
def test_another_generator_is_refused(torch, tmp_path, name):
    state = flowers_generator(torch).state_dict()
    kept = {key: value for key, value in state.items() if key != name}
    torch.save({"G_model_state_dict": kept}, tmp_path / "a.pth")
    torch.save(state | {name: state[name][:2]}, tmp_path / "b.pth")
    for file in "a.pth", "b.pth":
        with pytest.raises(ArtganError, match="is not the generator"):
            read_ancestor("flowers", tmp_path / file)


def test_without_pytorch_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ArtganError, match="pip install torch"):
        read_ancestor("flowers", tmp_path / "art-flower.pth")
