import json

import matplotlib
import matplotlib.pyplot as plt
import pytest
from PIL import Image

from artgan.runs.figures import draw_run, plot_curves
from artgan.system.errors import ArtganError

matplotlib.use("Agg")


@pytest.fixture
def draw(tmp_path, monkeypatch):
    """A function that writes a log, draws it, and returns each panel's lines."""
    close = plt.close

    def go(*rows):
        shown = []
        monkeypatch.setattr(plt, "close", shown.append)
        text = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows)
        (tmp_path / "log.jsonl").write_text(text, "utf-8")
        plot_curves(tmp_path / "log.jsonl", tmp_path / "curves.png")
        [figure] = shown
        close(figure)
        with Image.open(tmp_path / "curves.png") as image:
            assert image.format == "PNG" and image.width > 500
        return [
            {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
            for axes in figure.axes
        ]

    return go


LOSSES = [{"step": n, "discriminator_loss": 1 / n, "generator_loss": n} for n in (1, 2)]


def test_losses_and_health_are_drawn_against_the_step(draw):
    looks = [{"step": n, "distance": 1 / n, "diversity": 0.9} for n in (4, 8)]
    losses, health = draw(*LOSSES, *looks)
    assert losses["generator_loss"] == [[1, 1], [2, 2]]
    assert losses["discriminator_loss"] == [[1, 1], [2, 0.5]]
    assert health["distance"] == [[4, 0.25], [8, 0.125]]
    assert health["diversity"] == [[4, 0.9], [8, 0.9]]


def test_a_log_of_nonsense_or_nothing_is_drawn(draw):
    assert len(draw(*LOSSES, "3", "null", '{"step": 4, "generator_loss": "x"}')) == 1
    assert len(draw()) == 1


def test_what_cannot_be_drawn_is_a_sentence(tmp_path):
    with pytest.raises(ArtganError, match="no run .*nobody.* Train one first"):
        draw_run(tmp_path / "nobody")
    (tmp_path / "vedute" / "samples").mkdir(parents=True)
    (tmp_path / "vedute" / "run.json").write_text("{}")
    with pytest.raises(ArtganError, match="The runs there are: vedute"):
        draw_run(tmp_path / "nobody")
    with pytest.raises(ArtganError, match="no samples yet"):
        draw_run(tmp_path / "vedute")
    (tmp_path / "vedute" / "samples" / "0000001.png").touch()
    with pytest.raises(ArtganError, match="No GIF was made: no picture beside"):
        draw_run(tmp_path / "vedute")
