"""Sheets, and the GIF of a training's sheets."""

import numpy as np
import pytest
from PIL import Image, ImageSequence

from artgan.paint.grid import grid_of_files, picture_grid, save_gif


def test_a_grid_is_read_like_a_page():
    images = np.stack([np.full([4, 6, 3], 10 * n, np.uint8) for n in range(5)])
    sheet = np.asarray(picture_grid(images, columns=3, gap=2))
    assert sheet.shape == (2 * 4 + 2, 3 * 6 + 2 * 2, 3)
    for number in range(5):
        row, column = divmod(number, 3)
        top, left = row * 6, column * 8
        assert (sheet[top : top + 4, left : left + 6] == 10 * number).all()
    assert (sheet[4:6] == 255).all() and (sheet[:, 6:8] == 255).all()
    assert (sheet[6:, 16:] == 255).all()


def save_frames(folder, count, size=(60, 40)):
    """Save frames of different greys and return their paths in order."""
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:07d}.png")
        grey = number * 255 // max(1, count - 1)
        Image.new("RGB", size, (grey, grey, grey)).save(paths[-1])
    return paths


def read_gif(path):
    """The loop, and of each frame its size, its grey and how long it is shown."""
    with Image.open(path) as gif:
        frames = [
            (frame.size, frame.convert("L").getpixel((0, 0)), frame.info["duration"])
            for frame in ImageSequence.Iterator(gif)
        ]
        return gif.info["loop"], *zip(*frames, strict=True)


def test_a_gif_loops_forever_and_holds_its_last_frame(tmp_path):
    target = tmp_path / "training.gif"
    assert save_gif(save_frames(tmp_path, 5), target) == target
    loop, sizes, greys, durations = read_gif(target)
    assert loop == 0
    assert set(sizes) == {(60, 40)}
    assert greys == (0, 63, 127, 191, 255)
    assert durations == (120, 120, 120, 120, 2000)
    assert not list(tmp_path.glob("*.part"))


def test_a_gif_of_many_grids_has_forty_frames_from_the_first_to_the_last(tmp_path):
    save_gif(save_frames(tmp_path, 200), tmp_path / "training.gif")
    _, _, greys, durations = read_gif(tmp_path / "training.gif")
    assert len(greys) == 40
    assert (greys[0], greys[-1]) == (0, 255)
    assert list(greys) == sorted(set(greys))
    assert max(np.diff(greys)) <= 8  # spread evenly
    assert durations[-1] == 2000


def test_a_damaged_grid_is_named_and_left_out(tmp_path, monkeypatch, capsys):
    paths = save_frames(tmp_path, 4)
    paths[0].write_bytes(b"")
    Image.new("1", (9000, 9000)).save(tmp_path / "\x1b[2J.png")
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 10_000_000)
    paths.append(tmp_path / "\x1b[2J.png")
    paths[3].write_bytes(paths[3].read_bytes()[:-30])
    save_gif(paths, tmp_path / "training.gif")
    assert read_gif(tmp_path / "training.gif")[2] == (85, 170)
    said = capsys.readouterr().out
    assert f"{paths[0]} is damaged" in said and f"{paths[3]} is damaged" in said
    assert r"\x1b[2J.png is damaged" in said and "\x1b" not in said


def test_no_gif_is_made_of_nothing_but_damage(tmp_path):
    paths = save_frames(tmp_path, 2)
    for path in paths:
        path.write_bytes(b"no picture")
    with pytest.raises(ValueError, match="no picture beside"):
        save_gif(paths, tmp_path / "training.gif")
    assert not (tmp_path / "training.gif").exists()


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    [(1, 1, 1), (2, 2, 1), (4, 2, 2), (5, 3, 2), (9, 3, 3)],
)
def test_a_sheet_is_about_square_unless_told(count, columns, rows):
    sheet = picture_grid(np.zeros([count, 4, 4, 3], np.uint8))
    assert sheet.size == (6 * columns - 2, 6 * rows - 2)


def test_grids_full_of_detail_stay_small(tmp_path):
    draw, paths = np.random.default_rng(0), []
    for number in range(4):
        blocks = draw.integers(30, 226, [18, 8, 8, 3])
        images = blocks.repeat(16, axis=1).repeat(16, axis=2)
        images = np.uint8(images + draw.integers(-9, 10, images.shape))
        paths.append(tmp_path / f"{number}.png")
        picture_grid(images, columns=6).save(paths[-1], compress_level=0)
    save_gif(paths, tmp_path / "training.gif")
    _, sizes, _, _ = read_gif(tmp_path / "training.gif")
    assert set(sizes) == {(512, 255)}
    assert (tmp_path / "training.gif").stat().st_size < 5_000_000 * 4 / 40


def test_a_gif_that_fails_leaves_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    [path], gif = save_frames(tmp_path, 1), tmp_path / "a.gif"
    save_gif([path], gif)
    old = gif.read_bytes()

    def full(self, place, *options, **more):
        place.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space"):
        save_gif([path, path], gif)
    assert gif.read_bytes() == old
    assert sorted(tmp_path.iterdir()) == [path, gif]


def test_a_gif_that_would_be_too_large_is_made_smaller(tmp_path):
    draw, paths = np.random.default_rng(0), []
    for number in range(8):  # white noise, which no GIF can pack
        paths.append(tmp_path / f"{number}.png")
        noise = draw.integers(0, 256, [60, 128, 3], np.uint8)
        Image.fromarray(noise).save(paths[-1])
    whole = save_gif(paths, tmp_path / "noise.gif").stat().st_size
    gif = save_gif(paths, tmp_path / "noise.gif", most_bytes=whole // 2)
    assert whole // 10 < gif.stat().st_size <= whole // 2


def test_a_sheet_of_files_shows_each_in_small(tmp_path):
    sheet = grid_of_files(save_frames(tmp_path, 4), side=30)
    assert sheet.size == (2 * 32 - 2, 2 * 22 - 2)
