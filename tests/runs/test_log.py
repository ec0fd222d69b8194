import json

import pytest

from artgan.runs.log import figures_in, minutes_trained, read_log


def write(path, *lines):
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


ROW = b'{"step": 20, "generator": 0.5}'


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"3",
        b"null",
        b"[1, 2]",
        b'"step"',
        b"{}",
        b'{"generator": 1}',
        b'{"step": null}',
        b'{"step": true}',
        b'{"step": "3"}',
        b'{"step": 1.5}',
        b'{"step": -1}',
        b'{"step": 3, "generator": NaN}',
        b'{"step": 3, "generator": -Infinity}',
        b'{"step": ' + b"7" * 5000 + b"}",
        b'{"step": ' + b"7" * 300 + b"}",
        b'{"step": 3, "generator": ' + b"9" * 5000 + b"}",
        b'{"step": 3, "generator": ' + b"[" * 100_000,
        b'{"step": 9, "gener',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_row_is_left_out_and_those_after_it_are_read(tmp_path, line):
    log = write(tmp_path / "log.jsonl", ROW, line, ROW)
    assert read_log(log) == [json.loads(ROW)] * 2


def test_only_finite_numbers_are_figures():
    values = [1, 0.5, None, True, "1", [1], 10**400, float("inf"), float("nan")]
    rows = [{"step": n, "loss": value} for n, value in enumerate(values)]
    assert figures_in([*rows, {"step": 99}], "loss") == ([0, 1], [1, 0.5])


def test_pauses_are_not_minutes_of_training():
    times = [0, 60, 120, 4000, 4060, None, 4050]
    rows = [{"step": n, "time": time} for n, time in enumerate(times)]
    assert minutes_trained(rows) == 3
    assert minutes_trained([]) == 0
