"""Films: every frame equally long, for ever; and the GIF of a training's sheets."""

import sys
from pathlib import Path

import numpy as np
import pytest
from imageio import v3
from PIL import Image, ImageSequence

from artgan.paint.animation import check_animation, save_animation, save_gif
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


def save_frames(folder, count, size=(60, 40)):
    """Save frames of different greys and return their paths in order."""
    paths = [folder / f"{number:07d}.png" for number in range(count)]
    for grey, path in zip(np.linspace(0, 255, count, dtype=int), paths, strict=True):
        Image.new("RGB", size, (grey, grey, grey)).save(path)
    return paths


def read_loop(path):
    """The loop, its comment, its frames, and how long each is shown."""
    with Image.open(path) as image:
        comment = image.info.get("comment", b"").decode() or image.getexif().get(0x010E)
        pairs = [
            (x.convert("RGB"), x.info["duration"])
            for x in ImageSequence.Iterator(image)
        ]
        return image.info["loop"], comment, *zip(*pairs, strict=True)


def greys_of(path):
    return [frame.getpixel((0, 0))[0] for frame in read_loop(path)[2]]


@pytest.mark.parametrize(("kind", "duration"), [("gif", 80), ("webp", 83)])
def test_frames_are_equally_long_and_repeat(tmp_path, kind, duration):
    target = save_animation(frames(), tmp_path / f"walk.{kind}", 12, "seeds 1, 2")
    loop, comment, shown, times = read_loop(target)
    assert (loop, comment, times) == (0, "seeds 1, 2", (duration,) * 5)
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


def test_what_cannot_be_written_is_refused():
    with pytest.raises(ArtganError, match="none of .gif, .webp, .mp4"):
        check_animation(Path("walk"), 15)
    with pytest.raises(ArtganError, match="must be a number from 0.1 to 50, not 60"):
        check_animation(Path("walk.gif"), 60)


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_a_full_disk_is_a_sentence_and_leaves_the_old_film(tmp_path, monkeypatch, kind):
    def full(*options, **more):
        raise OSError(28, "No space left on device")

    old = save_animation(frames(), tmp_path / f"walk.{kind}").read_bytes()
    monkeypatch.setattr(Image.Image, "save", full)
    monkeypatch.setattr(v3, "imwrite", full)
    with pytest.raises(ArtganError, match="could not be written .No space left"):
        save_animation(frames(), tmp_path / f"walk.{kind}")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [old]


def test_the_gif_of_a_training_has_forty_sheets_and_holds_the_last(tmp_path):
    target = tmp_path / "training.gif"
    save_gif(save_frames(tmp_path, 200), target)
    loop, _, shown, durations = read_loop(target)
    greys = greys_of(target)
    assert loop == 0 and durations == (120,) * 39 + (2000,)
    assert {frame.size for frame in shown} == {(60, 40)}
    assert (greys[0], greys[-1]) == (0, 255) and greys == sorted(set(greys))
    assert max(np.diff(greys)) <= 8  # spread evenly
    assert not list(tmp_path.glob("*.part"))


def test_a_damaged_sheet_is_named_and_left_out(tmp_path, monkeypatch, capsys):
    paths = save_frames(tmp_path, 4)
    paths[0].write_bytes(b"")
    Image.new("1", (9000, 9000)).save(tmp_path / "\x1b[2J.png")
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 10_000_000)
    paths.append(tmp_path / "\x1b[2J.png")
    paths[3].write_bytes(paths[3].read_bytes()[:-30])
    save_gif(paths, tmp_path / "training.gif")
    assert greys_of(tmp_path / "training.gif") == [85, 170]
    said = capsys.readouterr().out
    assert f"{paths[0]} is damaged" in said and f"{paths[3]} is damaged" in said
    assert r"\x1b[2J.png is damaged" in said and "\x1b" not in said
    with pytest.raises(ValueError, match="no picture beside"):
        save_gif(paths[:1], tmp_path / "nothing.gif")
    assert not (tmp_path / "nothing.gif").exists()
