"""What several test files use."""

import os

# TensorFlow reads these when it is imported, and programs that tests start have them
# too: all compute with the same kernels, so that their numbers are equal to the bit.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import signal
import socket
import sys
from pathlib import Path

import pytest
from fake_museum import open_museum

# A shell that starts tests in the background has them, and all that they start, ignore
# Ctrl-C, and `nohup` a closed terminal; several tests are about just that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
LONGEST = "devices", "notebook", "command_line", "contributing", "api"


def pytest_addoption(parser):
    """Options of the trials; see trials/README.md."""
    parser.addoption(
        "--trials", type=int, default=10, metavar="N", help="how many of each trial"
    )
    parser.addoption(
        "--first-seed",
        type=int,
        default=0,
        metavar="SEED",
        help="the seed of the first trial; those after it count up",
    )


def pytest_generate_tests(metafunc):
    """Run a test that takes `trial_seed` once for each seed, and name it by it."""
    if "trial_seed" in metafunc.fixturenames:
        first = metafunc.config.getoption("first_seed")
        seeds = range(first, first + metafunc.config.getoption("trials"))
        names = [f"seed-{seed}" for seed in seeds]
        metafunc.parametrize("trial_seed", seeds, ids=names)


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that no processor waits for them."""
    items.sort(key=lambda item: item.path.stem[5:] not in LONGEST)


@pytest.fixture(scope="session")
def repository():
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Keep what tests prepare out of the user's cache folder."""
    os.environ["ARTGAN_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def museum():
    """A fake WikiArt on loopback; see fake_museum.py."""
    with open_museum() as museum:
        yield museum


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Let tests reach this machine only, so that none depends on a distant server."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise OSError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def tiny_config():
    """A config that trains in milliseconds, every part of the default preset in it."""
    from artgan.gan.config import preset

    small = {"size": 32, "base_channels": 4, "max_channels": 16, "latent_size": 6}
    small |= {"mixing_channels": 4, "head_channels": 8, "batch_size": 2}
    return preset("default", **small, precision="float32", seed=3)


@pytest.fixture(scope="session")
def tiny_images():
    """Five made-up pictures of the size of `tiny_config`: [5, 32, 32, 3] uint8."""
    import numpy as np

    draw = np.random.default_rng(0)
    blocks = draw.integers(0, 256, [5, 4, 4, 3], np.uint8)
    return blocks.repeat(8, axis=1).repeat(8, axis=2)


@pytest.fixture(scope="session")
def draw_pictures():
    """A function: a new folder with so many made-up pictures, of a colour or any."""
    import numpy as np
    from PIL import Image

    def draw(folder, count, size=(40, 40), colour=(128, 128, 128), spread=128):
        folder.mkdir(parents=True)
        generator = np.random.default_rng([count, *folder.name.encode()])
        for number in range(count):
            noise = generator.uniform(-spread, spread, [size[1] // 8, size[0] // 8, 3])
            blocks = np.uint8(np.clip(colour + noise, 0, 255)).repeat(8, 0).repeat(8, 1)
            Image.fromarray(blocks).save(folder / f"{number}.png")
        return folder

    return draw


@pytest.fixture(scope="session")
def tiny_gan(tiny_config):
    """A GAN that many tests train on; what it has learnt depends on their order.

    Its pictures differ from the first step on, whichever test comes first.
    """
    from painters import wild_model

    from artgan.gan.training import GAN

    gan, wild = GAN(tiny_config), wild_model(tiny_config).generator_ema.get_weights()
    for generator in (gan.generator, gan.generator_ema):
        generator.set_weights(wild)
    return gan


@pytest.fixture(autouse=True)
def float32_again():
    """Let no test hand its precision on to the next: Keras keeps it for the process."""
    yield
    if keras := sys.modules.get("keras"):
        keras.config.set_dtype_policy("float32")
