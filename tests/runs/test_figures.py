import base64
import html
import io
import json
import re

import matplotlib
import matplotlib.pyplot as plt
import pytest
from PIL import Image

from artgan.runs.figures import plot_curves, show

matplotlib.use("Agg")


def shown(element):
    """The type, the bytes and the alt text of the one picture in some HTML."""
    pattern = r'<img src="data:image/(\w+);base64,([^"]*)" alt="([^"]*)">'
    kind, data, alt = re.fullmatch(pattern, element.data).groups()
    return kind, base64.b64decode(data), html.unescape(alt)


def test_an_image_is_shown_with_its_bytes_and_words():
    kind, data, alt = shown(show(Image.new("RGB", (9, 7), "teal"), "A teal card"))
    assert (kind, alt) == ("jpeg", "A teal card")
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (9, 7)


def test_a_gif_file_is_shown_as_it_is(tmp_path):
    path, frame = tmp_path / "training.gif", Image.new("RGB", (6, 4), "red")
    frame.save(path, save_all=True, append_images=[Image.new("RGB", (6, 4), "blue")])
    assert shown(show(path, "moving")) == ("gif", path.read_bytes(), "moving")
    assert shown(show(str(path), "moving"))[1] == path.read_bytes()


def test_a_figure_is_shown_and_closed():
    figure, _ = plt.subplots()
    kind, data, _ = shown(show(figure, "an empty figure"))
    assert kind == "png" and data.startswith(b"\x89PNG")
    assert not plt.fignum_exists(figure.number)


def test_words_with_quotes_and_brackets_do_not_break_the_page():
    words = 'A "villa" <b>& its</b> owner\'s tree'
    assert shown(show(Image.new("RGB", (2, 2)), words))[2] == words


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.jsonl"
    rows = [
        {"step": n, "discriminator_loss": 1.4 / n, "generator_loss": n}
        for n in (1, 10, 20)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_losses_are_drawn_against_the_step(log, tmp_path):
    figure = plot_curves(log, tmp_path / "curves.png")
    lines = {line.get_label(): line.get_xydata() for line in figure.axes[0].lines}
    assert lines["generator_loss"].tolist() == [[1, 1], [10, 10], [20, 20]]
    assert lines["discriminator_loss"].tolist() == [[n, 1.4 / n] for n in (1, 10, 20)]
    with Image.open(tmp_path / "curves.png") as image:
        assert image.format == "PNG" and image.width > 500
    assert not plt.fignum_exists(figure.number)


def test_health_is_a_second_panel_where_there_is_any(log, tmp_path):
    rows = [{"step": n, "distance": 1 / n, "diversity": 0.9} for n in (5, 15)]
    with log.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
    figure = plot_curves(log, tmp_path / "curves.png")
    losses, health = figure.axes
    assert len(losses.lines) == 2
    lines = {line.get_label(): line.get_xydata() for line in health.lines}
    assert lines["distance"].tolist() == [[5, 0.2], [15, 1 / 15]]
    assert lines["diversity"].tolist() == [[5, 0.9], [15, 0.9]]


def test_a_log_full_of_nonsense_is_drawn(log, tmp_path):
    with log.open("a", encoding="utf-8") as file:
        file.write('3\nnull\n{"step": 30, "generator_loss": "x"}\n{"step": 40}\n')
        file.write(f'{{"step": 50, "generator_loss": 1{"0" * 4000}}}\n')
    assert len(plot_curves(log, tmp_path / "curves.png").axes) == 1


def test_losses_without_a_target_are_left_open_to_be_shown(log):
    figure = plot_curves(log)
    assert plt.fignum_exists(figure.number)
    plt.close(figure)


def test_an_empty_log_draws_an_empty_figure(tmp_path):
    (tmp_path / "log.jsonl").touch()
    plot_curves(tmp_path / "log.jsonl", tmp_path / "curves.png")
    assert (tmp_path / "curves.png").exists()
