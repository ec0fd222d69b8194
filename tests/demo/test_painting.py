"""Thumbnails and mixes are the pictures that the commands paint too."""

import time

import numpy as np
from painters import wild_model

from artgan.demo.painting import mixed_picture, thumbnails
from artgan.demo.seeds import remember
from artgan.gan.config import preset
from artgan.paint.paint import paint_seeds, run_generator, seed_latents
from artgan.paint.walk import paint_between, slerp


def test_a_page_shows_the_pictures_of_its_seeds(wild):
    shown = thumbnails(wild, "5", 1.0)
    assert [words for _, words in shown] == [f"seed {n}" for n in range(5, 29)]
    assert (np.asarray(shown[2][0]) == next(paint_seeds(wild, [7]))).all()


def mix(model, seed, second_seed, fraction, truncation):
    """The picture between two seeds, computed at length."""
    start, end = truncation * seed_latents(model.config, [seed, second_seed])
    latents = np.float32([slerp(start, end, fraction)])
    return run_generator(model.generator_ema, 1.0, latents)[0].numpy()


def test_a_mix_of_latents_is_the_mix_of_their_seeds(wild):
    ends = seed_latents(wild.config, [3, 7])
    for fraction, truncation in ((0, 1), (0.5, 1), (0.3, 0.6)):
        painted = paint_between(wild, *ends, fraction, truncation)
        assert (painted == mix(wild, 3, 7, fraction, truncation)).all()


def test_a_mix_is_shown_with_words_and_can_be_saved(models):
    shown = mixed_picture(models, "villas", "3", "7", 0.25, 1.0, 0, {})
    assert 'alt="Painted by villas: 75 % seed 3, 25 % seed 7."' in shown
    assert 'download="villas-3-7-25.png"' in shown and "data:image/png;base64" in shown
    assert "seed 7.<" in mixed_picture(models, "villas", "3", "7", 1, 1.0, 0, {})


def test_a_photograph_mixes_like_a_seed(models):
    photographs, model = {}, models.open("villas")
    remember(photographs, model, seed_latents(model.config, [5])[0])
    options = ("7", 0.5, 1.0, 64, photographs)
    shown = mixed_picture(models, "villas", "photo 1", *options)
    seeds = mixed_picture(models, "villas", "5", *options)
    assert "50 % photo 1, 50 % seed 7" in shown and "villas-photo1-7-50.png" in shown
    assert shown.split('"')[3] == seeds.split('"')[3]


def test_mistakes_are_sentences_and_their_text_is_harmless(models):
    shown = mixed_picture(models, "villas", "<b>", "7", 0.5, 1.0, 0, {})
    assert 'role="alert"' in shown and "&lt;b&gt;" in shown and "<b>" not in shown
    gone = mixed_picture(models, "gone", "3", "7", 0.5, 1.0, 0, {})
    assert "There is no model &#x27;gone&#x27;" in gone


def test_a_picture_of_128_pixels_takes_a_fifth_of_a_second_at_most():
    model = wild_model(preset("default", precision="float32"))
    ends = seed_latents(model.config, [3, 7])
    paint_between(model, *ends, 0.5)
    times = []
    for fraction in np.linspace(0, 1, 9):
        began = time.perf_counter()
        paint_between(model, *ends, fraction)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.2
