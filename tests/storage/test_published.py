"""The weights in the repository, used as what they are published for."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from artgan.gan.training import GAN
from artgan.paint.painter import open_model
from artgan.storage.checkpoints import warm_start
from artgan.storage.publishing import model_card
from artgan.storage.resolve import published_names
from artgan.storage.weights import networks_in
from artgan.system.files import shipped

NAMES = {*"flowers-256 cityscapes-128 vedute-128 vedute-192x128 vedute-384x256".split()}


def test_each_has_a_short_name_and_a_readme_of_its_card():
    names = published_names()
    assert {*names.values()} >= NAMES and {"flowers", "vedute"} <= {*names}
    for name in {*names.values()}:
        card = json.loads(shipped(name, "card.json").read_text("utf-8"))
        readme = shipped(name, "README.md").read_text("utf-8")
        assert readme == model_card(name, card)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_benchmarks_tell_the_figures_of_its_card(name, repository):
    card = json.loads(shipped(name, "card.json").read_text("utf-8"))
    text = (repository / "benchmarks" / "README.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"| {name} |"))
    told = re.findall(
        r"\d*\.?\d+", row.partition("| ")[2].partition("|")[2].replace(",", "")
    )
    figures = "pictures_seen", "kid", "swd", "swd_floor", "diversity", "structure"
    known = [card[name] for name in (*figures, "told_apart")]
    known += [card["unseen"][name] for name in ("kid", "swd", "swd_floor")]
    assert [float(x) for x in told] == pytest.approx(known, rel=0.03, abs=0.006)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_it_paints_different_pictures_and_is_a_beginning_that_fits(name):
    model = open_model(name, runs="nowhere")
    pictures = model.generate(range(4)).astype(float)
    assert pictures.std() > 30
    assert np.abs(pictures[0] - pictures[1]).mean() > 15
    # Painting is in float32, whatever a model was trained in.
    gan = GAN(replace(model.config, precision="float32"))
    text = warm_start(gan, {n: model.arrays(n) for n in networks_in(model.place)})
    taken, layers = text.split()[0], text.split()[2]
    assert taken == layers
