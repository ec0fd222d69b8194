import json

import pytest

from artgan.runs.log import figures_in, minutes_trained, read_log

ROW = b'{"step": 20, "generator": 0.5}'


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"3", b"null", b"[1]", b"{}", b'{"step": 9, "gener', b"\xff\xfe\x00"),
        *(b'{"step": null}', b'{"step": true}', b'{"step": 1.5}', b'{"step": -1}'),
        b'{"step": 3, "generator": NaN}',
        b'{"step": ' + b"7" * 5000 + b"}",
        b'{"step": 3, "generator": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_row_is_left_out_and_those_after_it_are_read(tmp_path, line):
    (tmp_path / "log.jsonl").write_bytes(b"\n".join([ROW, line, ROW]))
    assert read_log(tmp_path / "log.jsonl") == [json.loads(ROW)] * 2
    assert read_log(tmp_path / "none") == []


def test_only_finite_numbers_are_figures():
    values = [1, 0.5, None, True, "1", [1], 10**400, float("inf"), float("nan")]
    rows = [{"step": n, "loss": value} for n, value in enumerate(values)]
    assert figures_in([*rows, {"step": 99}], "loss") == ([0, 1], [1, 0.5])


def test_pauses_are_not_minutes_of_training():
    times = [0, 60, 120, 4000, 4060, None, 4050]
    rows = [{"step": n, "time": time} for n, time in enumerate(times)]
    assert minutes_trained(rows) == 3
    assert minutes_trained([]) == 0
