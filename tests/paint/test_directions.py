"""Directions change pictures most, lead back, and do what their names say; styles."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model

import artgan
from artgan.paint.directions import (
    SHOWN,
    STEPS,
    direction_latents,
    leading_directions,
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
    there = here + 2 * leading_directions(model)[0]
    moved = model.generate(latents=[there])
    assert (moved == model.generate([3], directions={1: 2})).all()
    assert (moved != model.generate([3])).any()
    back = model.generate(latents=[there], directions={1: -2})
    assert np.abs(back - model.generate([3]).astype(int)).max() <= 1
    walks = model.walk([3, 4], 6), model.walk([3, 4], 6, directions={"1": 2})
    assert (walks[1][0] == moved[0]).all() and (walks[0] != walks[1]).any()


def test_the_leading_direction_changes_more_than_a_random_one(model):
    vectors = leading_directions(model)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(6), atol=1e-5)
    random = np.random.default_rng(0).normal(size=[8, 6])
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    assert change(model, vectors[0]) > np.mean([change(model, v) for v in random])
    assert change(model, vectors[0]) > change(model, vectors[-1])


def test_a_name_leads_along_its_direction_and_outlives_another_model_beside(named):
    by_name, by_number = (named.generate([3], directions={n: 2}) for n in ("light", 2))
    assert np.abs(by_name - by_number.astype(int)).max() <= 1
    assert names_of_leading(named) == {2: "light"}
    names = named.place / "directions.json"
    names.write_text(names.read_text().replace("{", '{"odd": null, ', 1))
    assert names_of_leading(named) == {2: "light"}
    (file := named.place / "other.safetensors").touch()
    assert names_of_leading(replace(named, place=file)) == {}
    wider = wild_model(replace(named.config, latent_size=7))
    assert names_of_leading(replace(wider, place=named.place)) == {}


def test_what_is_called_dark_makes_pictures_of_venice_darker(tmp_path):
    vedute = replace(artgan.load("vedute-128"), place=tmp_path)
    lost = np.zeros(SHOWN)
    for middle in seed_latents(vedute.config, range(3)):
        rows = direction_latents(vedute, middle[None]).reshape(SHOWN, len(STEPS), -1)
        ends = vedute.generate(latents=np.concatenate(rows[:, [0, -1]]))
        first, last = ends.mean((1, 2, 3)).reshape(SHOWN, 2).T
        lost += first - last
    number = int(lost.argmax()) + 1
    name_directions(vedute, {"dark": number})
    light, dark = (
        vedute.generate(range(100, 104), directions={"dark": far}).mean((1, 2, 3))
        for far in (-3, 3)
    )
    assert (light > dark + 10).all()
    assert names_of_leading(vedute) == {number: "dark"}


def test_a_row_of_the_sheet_passes_the_seed_in_its_middle(model):
    here = seed_latents(model.config, [3])
    rows = direction_latents(model, here).reshape(6, len(STEPS), -1)
    np.testing.assert_array_equal(rows[:, 3], here.repeat(6, 0))
    np.testing.assert_allclose(rows[1, 6], here[0] + 3 * leading_directions(model)[1])


@pytest.mark.parametrize("ways", [{"dark": 1}, {0: 1}, {7: 1}, {"light": 99}])
def test_what_is_no_direction_is_told(named, ways):
    with pytest.raises(ArtganError, match="direction"):
        named.generate([3], directions=ways)


def plan(picture):
    """A thumbnail of 8x8 squares, as one row."""
    return picture.reshape(8, 4, 8, 4, 3).mean(axis=(1, 3)).ravel()


def test_a_style_changes_the_picture_and_its_own_does_not(model):
    before, seeds = model.generator_ema.to_json(), [*range(12)]
    own = model.generate(seeds)
    for seed in seeds[:2]:
        assert (model.generate([seed], style=seed)[0] == own[seed]).all()
    mixed, other = model.generate(seeds, style=40), model.generate([40])[0]
    assert (mixed != own).any(axis=(1, 2, 3)).all()
    assert model.generator_ema.to_json() == before
    assert (model.generate(seeds) == own).all()
    pairs = zip(own, mixed, strict=True)
    kept = [np.corrcoef(plan(a), plan(b))[0, 1] for a, b in pairs]
    apart = [np.corrcoef(plan(a), plan(other))[0, 1] for a in own]
    assert np.mean(kept) > np.mean(apart) + 0.1


def test_a_model_without_styles_is_told(tiny_config):
    slim = wild_model(replace(tiny_config, generator="slim"))
    with pytest.raises(ArtganError, match="no styles to mix"):
        slim.generate([3], style=7)
