"""PyTorch files of the flowers program, written by PyTorch itself."""

import builtins
import pickle

import numpy as np
import pytest
from PIL import Image

from artgan.__main__ import main
from artgan.storage.builders import build_stored_generator, stored_config
from artgan.storage.json_file import read_object
from artgan.storage.legacy.flowers_file import read_flowers
from artgan.storage.weights import load_arrays, read_network
from artgan.system.errors import ArtganError

WIDTH, LATENT, SIDE = 3, 7, 2


@pytest.fixture
def torch():
    return pytest.importorskip(
        "torch", reason="PyTorch is needed for one command only: pip install torch"
    )


def make_generator(torch):
    """The ancestor's generator at a reduced width, with statistics as if trained."""
    torch.manual_seed(0)
    nn, ladder = torch.nn, [6 * WIDTH, 4 * WIDTH, 2 * WIDTH, WIDTH]
    generator = nn.Module()
    generator.fc = nn.Linear(LATENT, ladder[0] * SIDE * SIDE, bias=False)
    for number, (inputs, outputs) in enumerate(
        zip(ladder, [*ladder[1:], 3], strict=True)
    ):
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


def paint(torch, generator, latents):
    """What PyTorch paints: [batch, size, size, 3]."""
    with torch.no_grad():
        x = generator.fc(torch.from_numpy(latents)).view(-1, 6 * WIDTH, SIDE, SIDE)
        for number in range(1, 5):
            x = getattr(generator, f"conv{number}")(x)
        return x.permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("prefix", ["", "module."])
def test_the_generator_paints_what_it_painted_in_pytorch(
    torch, prefix, tmp_path, monkeypatch, capsys
):
    generator = make_generator(torch)
    state = {prefix + name: value for name, value in generator.state_dict().items()}
    stored = {"epoch": 3, "G_model_state_dict": state, "D_model_state_dict": {}}
    torch.save(stored, tmp_path / "art-flower.pth")
    monkeypatch.chdir(tmp_path)
    assert main(["import-weights", "flowers", "art-flower.pth"]) == 0
    assert "Only the generator is read" in capsys.readouterr().out
    settings, arrays, _ = read_network("checkpoints/imported-flowers")
    card = read_object(tmp_path / "checkpoints" / "imported-flowers" / "card.json")
    assert settings["builder"] == "flowers" and settings["size"] == 16 * SIDE
    assert card["imported_from"] == "art-flower.pth"
    keras_generator = build_stored_generator(stored_config(settings))
    load_arrays(keras_generator, arrays, "the file")
    latents = np.random.default_rng(0).uniform(-1, 1, [3, LATENT]).astype(np.float32)
    wanted = paint(torch, generator, latents)
    assert wanted.std() > 0.1
    np.testing.assert_allclose(keras_generator(latents), wanted, atol=1e-4)
    weights = "checkpoints/imported-flowers"
    assert main(["generate", "-w", weights, "-i", "2", "-s", "40", "--out", "o"]) == 0
    sizes = [Image.open(path).size for path in (tmp_path / "o").rglob("*.png")]
    assert sizes == [(40, 40), (40, 40)]


def test_a_file_that_would_run_something_is_not_opened(torch, tmp_path):
    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    for name, write in ("a", torch.save), ("b", dump):
        write({"G_model_state_dict": Trap()}, tmp_path / name)
        with pytest.raises(ArtganError, match="not a PyTorch file of plain weights"):
            read_flowers(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def dump(value, path):
    """Write a plain pickle."""
    path.write_bytes(pickle.dumps(value, 2))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"nothing", bytes(400), b"root:x:0:0:root\n"]
)
def test_what_is_no_pytorch_file_is_a_sentence(torch, tmp_path, data):
    (tmp_path / "x.pth").write_bytes(data)
    with pytest.raises(ArtganError, match="not a PyTorch file of plain weights"):
        read_flowers(tmp_path / "x.pth")
    with pytest.raises(ArtganError, match="There is no file"):
        read_flowers(tmp_path / "none.pth")


@pytest.mark.parametrize("name", ["fc.weight", "conv1.1.running_var", "conv4.0.weight"])
def test_another_generator_is_refused(torch, tmp_path, name):
    state = make_generator(torch).state_dict()
    kept = {key: value for key, value in state.items() if key != name}
    torch.save({"G_model_state_dict": kept}, tmp_path / "a.pth")
    with pytest.raises(ArtganError, match="does not hold the generator"):
        read_flowers(tmp_path / "a.pth")
    torch.save(state | {name: state[name][:2]}, tmp_path / "b.pth")
    with pytest.raises(ArtganError, match="does not hold the generator|do not fit"):
        read_flowers(tmp_path / "b.pth")


def test_without_pytorch_it_says_what_to_install(tmp_path, monkeypatch):
    original = builtins.__import__

    def without_torch(name, *arguments, **settings):
        if name == "torch":
            raise ImportError(name)
        return original(name, *arguments, **settings)

    monkeypatch.setattr(builtins, "__import__", without_torch)
    with pytest.raises(ArtganError, match="pip install torch"):
        read_flowers(tmp_path / "art-flower.pth")
