import json

import pytest
from matplotlib.figure import Figure
from PIL import Image

from artgan.runs.log import figures_in, minutes_trained, plot_curves, read_log

ROW = b'{"step": 20, "generator_loss": 0.5}'


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"3", b"null", b"{}", b'{"step": 9, "gener', b"\xff\xfe\x00"),
        *(b'{"step": true}', b'{"step": 1.5}', b'{"step": -1}', b'{"step": NaN}'),
        *(b'{"step": ' + b"7" * 5000 + b"}", b'{"step": 3, "x": ' + b"[" * 100_000),
    ],
)
def test_what_is_no_row_is_left_out_and_those_after_it_are_read(tmp_path, line):
    (tmp_path / "log.jsonl").write_bytes(b"\n".join([ROW, line, ROW]))
    assert read_log(tmp_path / "log.jsonl") == [json.loads(ROW)] * 2
    assert read_log(tmp_path / "none") == []
    odd = b'{"step": 20, "generator_loss": 0.5, "structure": "x", "nearest": null}'
    (tmp_path / "log.jsonl").write_bytes(odd)  # which would end a look at the health
    assert read_log(tmp_path / "log.jsonl") == [json.loads(ROW)]


def test_only_finite_numbers_are_figures(tmp_path):
    values = [1, 0.5, None, True, "1", [1], 10**400, float("inf"), float("nan")]
    lines = [json.dumps({"step": n, "loss": value}) for n, value in enumerate(values)]
    (tmp_path / "log.jsonl").write_text("\n".join(lines), "utf-8")
    assert figures_in(read_log(tmp_path / "log.jsonl"), "loss") == ([0, 1], [1, 0.5])


def test_pauses_are_not_minutes_of_training():
    times = [0, 60, 120, 4000, 4060, 4050]
    rows = [{"step": n, "time": time} for n, time in enumerate(times)]
    assert minutes_trained(rows) == 3
    assert minutes_trained([]) == 0


def test_losses_and_health_are_drawn_against_the_step(tmp_path, monkeypatch):
    log, shown, save = tmp_path / "log.jsonl", [], Figure.savefig

    def see(figure, *rest, **options):
        shown.append(figure)
        save(figure, *rest, **options)

    monkeypatch.setattr(Figure, "savefig", see)
    log.write_bytes(ROW + b'\n3\n{"step": 24, "distance": 2, "generator_loss": "x"}')
    plot_curves(log, tmp_path / "curves.png")
    plot_curves(tmp_path / "none", tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as image:
        assert image.format == "PNG" and image.width > 500
    (losses, health), [_] = (
        [
            {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
            for axes in figure.axes
        ]
        for figure in shown
    )
    assert losses == {"discriminator_loss": [], "generator_loss": [[20, 0.5]]}
    assert health["distance"] == [[24, 2]]
