"""The ancestors' files, written by TensorFlow 1's own graphs and by PyTorch itself."""

import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
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
SIZE = SIDE * 2 ** (len(CHANNELS) - 1)
WIDTH = 4  # of the flowers


def variable(name, shape):
    """A variable with the random numbers that its part of a network needs."""
    numbers = np.random.default_rng(len(name) + 97 * shape[-1]).normal(size=shape)
    if "variance" in name or "gamma" in name:
        numbers = 0.5 + np.abs(numbers)
    elif len(shape) > 1:
        numbers /= np.sqrt(np.prod(shape[:-1]) / 4)
    return v1.get_variable(name, initializer=numbers.astype(np.float32))


def normalize(x):
    """TensorFlow 1's fused batch normalisation and LeakyReLU."""
    parts = "gamma", "beta", "moving_mean", "moving_variance"
    gamma, beta, mean, variance = (variable(part, [x.shape[-1]]) for part in parts)
    options = {"epsilon": 1e-5, "is_training": False, "mean": mean}
    x, *_ = v1.nn.fused_batch_norm(x, gamma, beta, variance=variance, **options)
    return tf.nn.leaky_relu(x, 0.2)


def deconvolve(x, filters, stride):
    """A transposed 5x5 convolution with a bias."""
    kernel = variable("kernel", [5, 5, filters, x.shape[-1]])
    shape = [tf.shape(x)[0], stride * x.shape[1], stride * x.shape[2], filters]
    x = tf.nn.conv2d_transpose(x, kernel, shape, stride)
    return x + variable("bias", [filters])


def paint_architecture(latents):
    """The notebook's generator at a reduced width."""
    with v1.variable_scope("dense"):
        kernel = variable("kernel", [LATENT, SIDE * SIDE * CHANNELS[0]])
        x = tf.matmul(latents, kernel) + variable("bias", kernel.shape[1:])
    x = tf.nn.leaky_relu(tf.reshape(x, [-1, SIDE, SIDE, CHANNELS[0]]), 0.2)
    for number, filters in enumerate(CHANNELS[1:], start=1):
        with v1.variable_scope(f"layer{number}_deconv"):
            x = deconvolve(x, filters, 2)
        with v1.variable_scope(f"layer{number}_batch_norm"):
            x = normalize(x)
    with v1.variable_scope("logits"):
        return tf.tanh(deconvolve(x, 3, 1))


def write_checkpoint(path, extra=()):
    """Write the architecture notebook's checkpoint; return latents and pictures."""
    latents = np.random.default_rng(0).uniform(-1, 1, [3, LATENT]).astype(np.float32)
    path.parent.mkdir(exist_ok=True)
    with tf.Graph().as_default(), v1.Session() as session:
        with v1.variable_scope("generator"):
            pictures = paint_architecture(tf.constant(latents))
            for name in extra:
                variable(name, [2])
        with v1.variable_scope("discriminator"):
            weight = variable("kernel", [3])
        step = v1.train.AdamOptimizer(0.0).minimize(tf.reduce_sum(weight))
        session.run(v1.global_variables_initializer())
        session.run(step)
        v1.train.Saver().save(session, str(path))
        return latents, session.run(pictures)


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
    torch.save(
        {"epoch": 3, "G_model_state_dict": state, "D_model_state_dict": {}}, path
    )
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
    told = capsys.readouterr().out
    assert "Only the generator is read" in told and "generate -w new` paints" in told
    found = read_weights("new")
    generator = load_generator(resolved_config(found.settings), found.arrays)
    assert pictures.std() > 0.1
    np.testing.assert_allclose(generator(latents), pictures, atol=1e-4)
    assert found.settings["latent_distribution"] == "uniform"
    assert read_object(tmp_path / "new" / "card.json")["imported_from"] == path.name
    assert main(["generate", "-w", "new", "-i", "1", "-s", "40", "--out", "o"]) == 0
    assert [Image.open(p).size for p in (tmp_path / "o").iterdir()] == [(40, 40)]
    assert main(command) == 2
    assert "new is not empty" in capsys.readouterr().err


def test_any_of_a_checkpoints_files_names_it_and_nothing_is_passed_over(tmp_path):
    write_checkpoint(tmp_path / "model.ckpt", extra=["attention"])
    for ending in "", ".index", ".data-00000-of-00001":
        with pytest.raises(ArtganError, match="it also has attention"):
            read_ancestor("architecture", tmp_path / f"model.ckpt{ending}")


@pytest.mark.parametrize("data", [None, b"", b"\x80\x04K\x01.", bytes(5000), b"PK\3\4"])
def test_what_is_no_file_of_an_ancestor_is_a_sentence(torch, tmp_path, data):
    path = tmp_path / "model.ckpt"
    if data is not None:
        path.write_bytes(data)
    for ancestor in "architecture", "flowers":
        with pytest.raises(ArtganError, match=f"not the generator that .* {ancestor}:"):
            read_ancestor(ancestor, path)


def test_a_file_that_would_run_something_is_not_opened(torch, tmp_path):
    stored = {"G_model_state_dict": Trap(tmp_path / "sprung")}
    torch.save(stored, tmp_path / "a")
    (tmp_path / "b").write_bytes(trap(tmp_path / "sprung", 2))
    for name in "ab":
        with pytest.raises(ArtganError, match="not the generator .* UnpicklingError"):
            read_ancestor("flowers", tmp_path / name)
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
