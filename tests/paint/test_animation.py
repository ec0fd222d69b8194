"""Files that move: every frame equally long, for ever."""

import sys
from pathlib import Path

import numpy as np
import pytest
from imageio import v3
from PIL import Image, ImageSequence

from artgan.paint.animation import check_animation, save_animation
from artgan.system.errors import ArtganError


def frames(count=5, side=33):
    """Pictures of a bright field that grows."""
    for number in range(count):
        picture = np.full([side, side, 3], 30, np.uint8)
        picture[: 6 * number + 6] = [250, 120, 10]
        yield Image.fromarray(picture)


def close_to_the_frames(pictures):
    pairs = zip(pictures, frames(), strict=True)
    return all(
        np.abs(np.asarray(one)[:33, :33].astype(int) - np.asarray(other)).mean() < 6
        for one, other in pairs
    )


@pytest.mark.parametrize(("kind", "duration"), [("gif", 80), ("webp", 83)])
def test_frames_are_equally_long_and_repeat(tmp_path, kind, duration):
    target = save_animation(frames(), tmp_path / f"walk.{kind}", 12, "seeds 1, 2")
    with Image.open(target) as image:
        assert image.info["loop"] == 0 and image.n_frames == 5
        comment = image.info.get("comment", b"").decode() or image.getexif()[0x010E]
        shown, times = [], []
        for frame in ImageSequence.Iterator(image):
            shown.append(frame.convert("RGB"))
            times.append(frame.info["duration"])
    assert comment == "seeds 1, 2"
    assert times == [duration] * 5
    assert close_to_the_frames(shown)
    assert list(tmp_path.iterdir()) == [target]


def test_an_mp4_plays_at_its_speed_with_even_sides(tmp_path):
    target = save_animation(frames(), tmp_path / "walk.mp4", 12, "seeds 1, 2")
    pictures = v3.imread(target, plugin="FFMPEG")
    assert pictures.shape == (5, 34, 34, 3) and close_to_the_frames(pictures)
    facts = v3.immeta(target, plugin="FFMPEG")
    assert facts["fps"] == 12 and facts["codec"] == "h264"
    assert b"seeds 1, 2" in target.read_bytes()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("missing", ["imageio", "imageio_ffmpeg"])
def test_without_ffmpeg_an_mp4_is_refused_in_a_sentence(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    check_animation(Path("walk.gif"), 15)
    with pytest.raises(ArtganError, match="pip install imageio imageio-ffmpeg"):
        check_animation(Path("walk.mp4"), 15)


@pytest.mark.parametrize(
    ("name", "fps", "words"),
    [
        ("walk.avi", 15, "none of .gif, .webp, .mp4"),
        ("walk", 15, "none of .gif"),
        ("walk.gif", 60, "at most 50 frames a second, not 60"),
    ],
)
def test_what_cannot_be_written_is_refused(name, fps, words):
    with pytest.raises(ArtganError, match=words):
        check_animation(Path(name), fps)


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch, kind):
    def full(*options, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    monkeypatch.setattr(v3, "imwrite", full)
    with pytest.raises(ArtganError, match="could not be written .No space left"):
        save_animation(frames(), tmp_path / f"walk.{kind}")
    assert not list(tmp_path.iterdir())
