"""Walks become films, from seeds and from what was found for a photograph."""

import gradio as gr
import numpy as np
import pytest
from imageio import v3
from PIL import Image

from artgan.demo.films import MOST, seeds_in, walk, walk_from
from artgan.paint.paint import seed_latents
from artgan.system.errors import ArtganError


def test_a_walk_is_a_gif_with_words(painters, tmp_path):
    picture, video = walk(painters, tmp_path, "tiny", 1.0, 64, "3 7", "GIF", 30, 10)
    with Image.open(picture["value"]) as film:
        assert (film.n_frames, film.size) == (30, (64, 64))
    assert picture["alt_text"] == "A walk through the seeds 3, 7 by tiny"
    assert (picture["visible"], video["visible"]) == (True, False)
    assert picture["value"].name == "tiny-walk.gif"


def test_a_walk_is_an_mp4(painters, tmp_path):
    _, video = walk(painters, tmp_path, "tiny", 1.0, 0, "3, 7", "MP4", 30, 10)
    assert len(v3.imread(video["value"], plugin="FFMPEG")) == 30


def test_a_walk_begins_with_what_was_found(painters, tmp_path):
    latents = seed_latents(painters.open("tiny").config, [7])
    options = "tiny", 1.0, 0, "3", "MP4", 30, 10
    found, _ = [], walk_from(painters, tmp_path, *options, ("tiny", latents))
    for film in sorted(tmp_path.glob("*/*.mp4")):
        found.append(v3.imread(film, plugin="FFMPEG"))
    _, both = walk(painters, tmp_path, *options[:3], "7, 3", *options[4:])
    assert (found[0] == v3.imread(both["value"], plugin="FFMPEG")).all()


@pytest.mark.parametrize("found", [None, ("other", np.zeros([1, 6]))])
def test_what_was_found_with_another_model_begins_no_walk(painters, tmp_path, found):
    with pytest.raises(gr.Error, match="Find the picture of this model"):
        walk_from(painters, tmp_path, "tiny", 1.0, 0, "3", "GIF", 30, 10, found)


def test_seeds_are_typed_with_commas_or_spaces():
    assert seeds_in(" 3,7 , 11") == seeds_in("3 7 11") == [3, 7, 11]


@pytest.mark.parametrize("text", ["", "-3", "a", "3; 7", "1 " * (MOST + 1), "9" * 11])
def test_what_are_no_seeds_is_told(text):
    with pytest.raises(ArtganError, match="seed"):
        seeds_in(text)
