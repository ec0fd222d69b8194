"""Room that ends at any moment: one sentence, and nothing that was there is lost."""

import random
import sys

import pytest
from trials.killing import end_well, run_to_end
from trials.work import (
    assert_all_gathered,
    contents,
    fill_folder,
    gathered,
    prepare,
    scrape,
)

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits"),
]


def with_file_limit(most_bytes, function, *arguments):
    """Call a function in a process that can write no file longer than this."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    return function(*arguments)


@pytest.fixture
def run_out(trial_seed, tmp_path):
    """Run until there is no room; it must end well, or with one sentence."""

    def run(*work):
        most = random.Random(trial_seed).randint(1_000, 60_000)
        code, output = run_to_end(tmp_path / "log", with_file_limit, most, *work)
        assert code in (0, 2) and "Traceback" not in output, output
        assert code == 0 or output.splitlines()[-1].startswith("artgan: "), output

    return run


def test_scraping_runs_out_of_room(run_out, museum, tmp_path):
    folder = tmp_path / "set"
    run_out(scrape, museum.url, folder)
    if folder.exists():
        gathered(folder, museum)
    end_well(tmp_path / "log", scrape, museum.url, folder)
    assert_all_gathered(folder, museum)


def test_caching_runs_out_of_room(run_out, tmp_path):
    folder = fill_folder(tmp_path / "pictures")
    before = contents(folder)
    run_out(prepare, folder, tmp_path / "cache")
    end_well(tmp_path / "log", prepare, folder, tmp_path / "cache")
    assert contents(folder) == before


def test_training_runs_out_of_room(run_out, undisturbed, tmp_path):
    from trials.tiny_runs import newest_state, state_after, train

    run = tmp_path / "run"
    run_out(train, undisturbed.data, run)
    step, state = newest_state(run / "checkpoints")
    assert state == undisturbed.states[step]
    assert not list(run.glob("checkpoints/*.part"))
    end_well(tmp_path / "log", train, undisturbed.data, run)
    assert state_after(run)[0] == undisturbed.end[0]  # the log may lack rows
