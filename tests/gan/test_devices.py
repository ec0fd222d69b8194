"""Which devices share a step, and what is said where that cannot be."""

import json
from types import SimpleNamespace

import pytest
import tensorflow as tf

from artgan.gan import devices
from artgan.gan.devices import (
    check_batch,
    computers,
    find_strategy,
    worker_number,
)
from artgan.system.errors import ArtganError


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No strategy yet, and no TF_CONFIG."""
    monkeypatch.setattr(devices, "strategies", {})
    monkeypatch.delenv("TF_CONFIG", raising=False)


def config_of(monkeypatch, **cluster):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster}))


def with_gpus(monkeypatch, count):
    """Let there be GPUs; a strategy is the list of its devices."""
    gpus = ["GPU"] * count
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda found: found)


def test_one_device_trains_as_ever():
    assert find_strategy() is find_strategy(1) is tf.distribute.get_strategy()
    assert worker_number(find_strategy()) == 0


@pytest.mark.parametrize("asked, used", [(None, 3), (3, 3), (2, 2)])
def test_all_gpus_or_so_many_train(monkeypatch, asked, used):
    with_gpus(monkeypatch, 3)
    assert find_strategy(asked) == [f"GPU:{n}" for n in range(used)]


def test_more_gpus_than_there_are_or_another_number_later_is_told(monkeypatch):
    with_gpus(monkeypatch, 3)
    with pytest.raises(ArtganError, match="There are 3 GPUs here, not 4"):
        find_strategy(4)
    assert find_strategy(3) is find_strategy()
    with pytest.raises(ArtganError, match="another number of devices.*Python anew"):
        find_strategy(2)


def test_a_processor_in_use_cannot_be_split(tiny_gan):
    with pytest.raises(ArtganError, match="has begun to compute on one device, not 2"):
        find_strategy(2)


def test_a_batch_that_cannot_be_shared_names_one_that_can():
    check_batch(8, SimpleNamespace(num_replicas_in_sync=4))
    with pytest.raises(ArtganError, match="batch of 8 .*by 3 devices.*batch_size=9"):
        check_batch(8, SimpleNamespace(num_replicas_in_sync=3))


def test_tf_config_names_the_computers_and_what_is_wrong_with_it_is_told(monkeypatch):
    config_of(monkeypatch, chief=["a:1"], worker=["b:1", "c:1"], ps=["d:1"])
    assert computers() == 3
    with pytest.raises(ArtganError, match="all GPUs of its computers.*unset TF_CONFIG"):
        find_strategy(2)
    config_of(monkeypatch, chief=["a:1"])
    assert computers() == 1
    for text in "{", "[]", '{"cluster": 3}':
        monkeypatch.setenv("TF_CONFIG", text)
        with pytest.raises(ArtganError, match="TF_CONFIG is not as TensorFlow"):
            find_strategy()


@pytest.mark.parametrize(
    "jobs, kind, index, number",
    [
        (["worker"], "worker", 0, 0),
        (["worker"], "worker", 2, 2),
        (["chief", "worker"], "chief", 0, 0),
        (["chief", "worker"], "worker", 0, 1),
    ],
)
def test_the_chief_is_number_0(jobs, kind, index, number):
    cluster = SimpleNamespace(jobs=jobs)
    resolver = SimpleNamespace(
        task_type=kind, task_id=index, cluster_spec=lambda: cluster
    )
    strategy = SimpleNamespace(cluster_resolver=resolver)
    assert worker_number(strategy) == number
