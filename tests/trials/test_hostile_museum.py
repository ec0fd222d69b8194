"""Two hundred museums that misbehave, each in its own way, and what is got of them."""

import logging
import re
import threading
import time
from functools import partial
from http.client import HTTPConnection

import pytest
from fake_museum import open_museum
from trials.checks import assert_in_order, assert_sound, failures_in
from trials.hostile import BROKEN, SLOW, write_script

from artgan.__main__ import main
from artgan.gather.network import session as session_module

pytestmark = pytest.mark.trial

DELAY = 0.02  # Seconds, where people have 0.2 at least; the server checks it.
LONGEST_WAIT = 0.15  # For what a server asks for with Retry-After.
ANY = re.compile(".*")
MOST_RUNS = 12  # Troubles pass, at most three of an address.


@pytest.fixture
def hurried(monkeypatch):
    """Sessions as they are, but for shorter waits and a time stamp."""
    quick = partial(session_module.polite_session, timeout=(3, 0.3), longest=0.8)
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", DELAY)
    monkeypatch.setattr(session_module, "LONGEST_WAIT", LONGEST_WAIT)
    monkeypatch.setattr(session_module, "polite_session", quick)
    request = HTTPConnection.request

    def stamped(connection, *arguments, headers=None, **settings):
        headers = {**(headers or {}), "X-Sent": repr(time.monotonic())}
        return request(connection, *arguments, headers=headers, **settings)

    monkeypatch.setattr(HTTPConnection, "request", stamped)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """A museum that checks the manifest whenever it is asked for anything."""
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    with open_museum() as museum:
        museum.faults, answer = [], museum.answer

        def check_and_answer(request):
            try:
                assert_sound(tmp_path / "set")
            except BaseException as fault:
                museum.faults.append(fault)
            return answer(request)

        museum.server.clear()
        museum.server.expect_request(ANY).respond_with_handler(check_and_answer)
        yield museum


def scrape(script, folder):
    """Run the command in a thread; return its exit code. It must end in time."""
    genres = [word for genre in script.genres for word in ("--genre", genre)]
    place = ["--out", str(folder), "--wikiart-url", script.museum.url]
    command, codes = ["scrape", *genres, *place, "--delay", str(DELAY)], []
    thread = threading.Thread(target=lambda: codes.append(main(command)), daemon=True)
    thread.start()
    thread.join(300)
    assert not thread.is_alive(), "it does not end"
    assert codes, "it ended with a traceback"
    return codes[0]


def listed(script):
    """The addresses on pages that can be had, by the rule that two idle ones end it."""
    found = {}
    for genre in script.genres:
        idle, seen, number = 0, set(), 1
        while idle < 2:
            items = script.pages.get((genre, number), [])
            if (genre, number) in script.lost_pages:
                items = []
            new = {item["image"] for item in items} - seen
            seen |= new
            idle, number = 0 if new else idle + 1, number + 1
        found |= dict.fromkeys(seen)
    return set(found)


def is_named(name, reason, output):
    """Tell whether the output names a failed picture beside its reason."""
    lines = [line for line in output.splitlines() if f" x {reason}: " in line]
    return any(name in line for line in lines)


def check_pace(script, first):
    """No request of a run came sooner after another than promised.

    first: how many requests there were before the run. They are compared in the order
    in which they were sent, for a busy machine may bring one to the museum late.
    """
    log = sorted(script.museum.requests[first:], key=sent)
    for one, other in zip(log, log[1:], strict=False):
        promised = LONGEST_WAIT if one.headers["X-Sent"] in script.waits else DELAY
        assert sent(other) - sent(one) >= promised, (one, other)
        late = one.time - sent(one) > 0.05
        assert late or other.time - one.time >= promised, (one, other)


def sent(request):
    """When a request left, by the clock of the museum."""
    return float(request.headers["X-Sent"])


def check_run(script, folder, output):
    """What must be true after each run, however many troubles there were in it."""
    assert script.museum.faults == []
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    rows, failures = assert_in_order(folder), failures_in(folder)
    have = {row["image_url"] for row in rows.values()}
    assert len(have) == len(rows)
    assert have <= {a for a, p in script.pictures.items() if not p.reasons}
    assert not have & set(failures)
    assert "Traceback" not in output
    return have, failures


def test_a_hostile_museum(trial_seed, watched, tmp_path, hurried, capsys):
    script = write_script(watched, trial_seed)
    folder, reachable = tmp_path / "set", listed(script)
    good = {a for a in reachable if not script.pictures[a].reasons}
    for _ in range(MOST_RUNS):
        first = len(watched.requests)
        code = scrape(script, folder)
        captured = capsys.readouterr()
        have, failures = check_run(script, folder, captured.out + captured.err)
        check_pace(script, first)
        if code == 2:  # Nothing was listed: the reason is told instead.
            assert "Nothing was lost" in captured.err
            continue
        assert code == (0 if have else 1)
        for name, reason in failures.values():
            assert is_named(name, reason, captured.out), (name, reason)
        if have >= good and set(failures) == reachable - good:
            break
    assert have >= good  # And more where a failing page kept two idle ones apart.
    assert set(failures) == reachable - good
    for address, (_, reason) in failures.items():
        assert reason in (*script.pictures[address].reasons, SLOW, *BROKEN)
