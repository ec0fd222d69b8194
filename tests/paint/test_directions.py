"""Directions change pictures most, lead back, and are found again by their names."""

from dataclasses import replace

import numpy as np
import pytest

from artgan.paint.directions import (
    STEPS,
    direction_latents,
    name_directions,
    names_of_leading,
)
from artgan.paint.paint import seed_latents
from artgan.system.errors import ArtganError


@pytest.fixture
def named(model, tmp_path):
    """The model, as if its weights lay in a folder, with a name for direction 2."""
    named = replace(model, place=tmp_path)
    assert name_directions(named, {"light": 2}) == tmp_path / "directions.json"
    return named


def change(model, vector):
    """How much pictures change along a direction of latent space."""
    latents = seed_latents(model.config, range(8))
    here, *ends = (model.generate(latents=latents + far * vector) for far in (0, 2, -2))
    return np.mean([np.abs(end - here.astype(float)).mean() for end in ends])


def test_directions_lead_away_and_back(model):
    [here] = seed_latents(model.config, [3])
    there = here + 2 * model.directions()[0]
    moved = model.generate(latents=[there])
    assert (moved == model.generate([3], directions={1: 2})).all()
    assert (moved != model.generate([3])).any()
    back = model.generate(latents=[there], directions={1: -2})
    assert np.abs(back - model.generate([3]).astype(int)).max() <= 1
    walks = model.walk([3, 4], 6), model.walk([3, 4], 6, directions={"1": 2})
    assert (walks[1][0] == moved[0]).all() and (walks[0] != walks[1]).any()


def test_the_leading_direction_changes_more_than_a_random_one(model):
    vectors = model.directions()
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(6), atol=1e-5)
    random = np.random.default_rng(0).normal(size=[8, 6])
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    assert change(model, vectors[0]) > np.mean([change(model, v) for v in random])
    assert change(model, vectors[0]) > change(model, vectors[-1])


def test_a_name_leads_along_its_direction(named):
    by_name, by_number = (named.generate([3], directions={n: 2}) for n in ("light", 2))
    assert np.abs(by_name - by_number.astype(int)).max() <= 1
    assert names_of_leading(named) == {2: "light"}


def test_a_row_of_the_sheet_passes_the_seed_in_its_middle(model):
    here = seed_latents(model.config, [3])
    rows = direction_latents(model, here).reshape(6, len(STEPS), -1)
    np.testing.assert_array_equal(rows[:, 3], here.repeat(6, 0))
    np.testing.assert_allclose(rows[1, 6], here[0] + 3 * model.directions()[1])


@pytest.mark.parametrize("ways", [{"dark": 1}, {0: 1}, {7: 1}, {"light": 99}])
def test_what_is_no_direction_is_told(named, ways):
    with pytest.raises(ArtganError, match="direction"):
        named.generate([3], directions=ways)


@pytest.mark.parametrize("latents", ["x", [[1]], np.zeros([0, 6]), [[np.nan] * 6]])
def test_what_are_no_latents_is_told(model, latents):
    with pytest.raises(ArtganError, match=r"latents are .*takes finite"):
        model.generate(latents=latents)
