"""Which devices share a step, and what is said where that cannot be."""

import json

import pytest
import tensorflow as tf

from artgan.gan.devices import computers_to_train, find_strategy, join, mirror
from artgan.system.errors import ArtganError


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No strategy yet, and no TF_CONFIG."""
    monkeypatch.delenv("TF_CONFIG", raising=False)
    yield
    join.cache_clear()
    mirror.cache_clear()


def with_gpus(monkeypatch, count):
    """Let there be GPUs; a strategy only knows how many devices it has."""

    class Strategy:
        def __init__(self, found):
            self.found, self.num_replicas_in_sync = found, len(found)

    gpus = ["GPU"] * count
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", Strategy)


def with_computers(monkeypatch, **cluster):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster}))


def test_one_device_trains_as_ever():
    assert find_strategy() is find_strategy(1) is tf.distribute.get_strategy()


@pytest.mark.parametrize("asked, used", [(None, 3), (3, 3), (2, 2)])
def test_all_gpus_or_so_many_train(monkeypatch, asked, used):
    with_gpus(monkeypatch, 3)
    assert find_strategy(asked).found == [f"GPU:{n}" for n in range(used)]
    assert find_strategy(asked) is find_strategy(used)


def test_what_cannot_be_is_told(monkeypatch, tiny_gan):
    with pytest.raises(ArtganError, match="cannot train together.*Python anew"):
        find_strategy(2)  # for the processor is in use
    with_gpus(monkeypatch, 3)
    with pytest.raises(ArtganError, match="There are 3 GPUs here, not 4"):
        find_strategy(4)
    assert find_strategy(3, 9)
    with pytest.raises(ArtganError, match="batch of 8 .*by 3 devices.*batch_size=9"):
        find_strategy(3, 8)
    with_computers(monkeypatch, worker=["a:1", "b:1"])
    with pytest.raises(ArtganError, match="all GPUs of its computers.*unset TF_CONFIG"):
        find_strategy(2)


def test_tf_config_names_the_computers(monkeypatch):
    with_computers(monkeypatch, chief=["a:1"], worker=["b:1", "c:1"], ps=["d:1"])
    assert computers_to_train() == ("a:1", "b:1", "c:1")
    with_computers(monkeypatch, chief=["a:1"])
    assert computers_to_train() == () and find_strategy()
    for text in "{", '{"cluster": 3}':
        monkeypatch.setenv("TF_CONFIG", text)
        with pytest.raises(ArtganError, match="See to TF_CONFIG"):
            find_strategy()


def test_the_wait_for_other_computers_says_for_whom(monkeypatch, capsys):
    def wait():
        raise RuntimeError("nobody came")

    monkeypatch.setattr(tf.distribute, "MultiWorkerMirroredStrategy", wait)
    with_computers(monkeypatch, worker=["a:1", "b:1"])
    with pytest.raises(ArtganError, match="nobody came.*Nothing was changed"):
        find_strategy()
    told = capsys.readouterr().out
    assert "Waiting until a:1, b:1 are there. Ctrl-C" in told
    assert "and reach a:1." in told
