"""Walks become files that the page serves."""

import re
from urllib.parse import unquote

import pytest
from PIL import Image

from artgan.demo.walking import KINDS, MADE, walk


def walked(models, folder, seeds="3, 7", kind="GIF", fps=15):
    return walk(models, folder, "villas", seeds, kind, 24, fps, 1.0, 0)


@pytest.mark.parametrize("kind", ["GIF", "WebP"])
def test_a_walk_is_shown_and_can_be_saved(models, tmp_path, kind):
    shown = walked(models, tmp_path, kind=kind)
    [address] = re.findall(r'<img src="([^"]+)"', shown)
    path = tmp_path / unquote(address).removeprefix(f"{MADE}/")
    assert path.suffix == KINDS[kind]
    shown_frames = Image.open(path).n_frames  # WebP shows equal ones once, but longer
    assert shown_frames == 24 or kind == "WebP"
    assert f'href="{address}" download="{path.name}"' in shown
    assert 'alt="A walk through the seeds 3, 7 by villas"' in shown


def test_two_walks_have_two_addresses(models, tmp_path):
    assert walked(models, tmp_path) != walked(models, tmp_path)


def test_an_mp4_is_a_video(models, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    shown = walked(models, tmp_path, kind="MP4")
    assert "<video " in shown and 'aria-label="A walk' in shown
    assert "muted controls" in shown


def test_mistakes_are_sentences(models, tmp_path):
    assert 'role="alert"' in walked(models, tmp_path, seeds="a")
    assert "at most 50 frames" in walked(models, tmp_path, fps=99)
