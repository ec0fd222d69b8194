"""What is typed becomes seeds, or a sentence."""

import numpy as np
import pytest

from artgan.demo.seeds import (
    latent_of,
    page_from,
    remember,
    seed_of,
    seeds_of,
    turn_page,
)
from artgan.paint.paint import seed_latents
from artgan.system.arguments import LAST_SEED
from artgan.system.errors import ArtganError


@pytest.mark.parametrize(
    "text", ["", "-1", "1.5", "three", "٣", "²", "9" * 30, "2147483648"]
)
def test_what_is_no_seed_is_told(text):
    with pytest.raises(ArtganError, match="whole number from 0 to 2,147,483,647"):
        seed_of(text)


def test_seeds_are_numbers_with_blanks_around():
    assert seed_of(" 7 ") == 7 and seed_of(LAST_SEED) == LAST_SEED


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("3, 7,11", [3, 7, 11]), ("0-3", [0, 1, 2, 3]), ("5", [5]), ("1,1,0-1,", [1, 0])],
)
def test_several_seeds_are_each_taken_once(text, seeds):
    assert seeds_of(text) == seeds


@pytest.mark.parametrize("text", ["", " , ", "3-1", "0-12", "0-999999999", "1-", "a"])
def test_what_names_no_seeds_is_told(text):
    with pytest.raises(ArtganError):
        seeds_of(text)
    with pytest.raises(ArtganError, match="from 1 to 12 seeds"):
        seeds_of("0-6, 10-16")


def test_pages_turn_and_end_at_both_ends():
    assert page_from("5") == list(range(5, 29))
    assert (
        page_from(str(LAST_SEED))[-1] == LAST_SEED
        and len(page_from(str(LAST_SEED))) == 24
    )
    assert turn_page("24", -1) == "0" == turn_page("7", -1) == turn_page("rubbish", 1)
    assert turn_page("3", 1) == "27"
    assert page_from(turn_page(str(LAST_SEED), 1))[-1] == LAST_SEED


def test_a_photograph_is_a_seed_for_the_model_that_it_was_found_for(wild, models):
    photographs = {}
    latent = np.arange(6, dtype=np.float32)
    assert remember(photographs, wild, latent) == "photo 1"
    assert remember(photographs, wild, -latent) == "photo 2"
    assert (latent_of(wild, " Photo  1", photographs) == latent).all()
    seven = latent_of(wild, "7", photographs)
    assert (seven == seed_latents(wild.config, [7])[0]).all()
    with pytest.raises(ArtganError, match="There is: photo 1, photo 2"):
        latent_of(wild, "photo 3", photographs)
    with pytest.raises(ArtganError, match="none yet"):
        latent_of(wild, "photo", {})
    with pytest.raises(ArtganError, match="for another model"):
        latent_of(models.open("villas"), "photo 1", photographs)
