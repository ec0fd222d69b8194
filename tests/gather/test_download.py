import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fake_museum import (
    dripping,
    first_then,
    html_page,
    picture_bytes,
    reset_after,
    sending,
    session_for,
    status,
)
from werkzeug import Response

from artgan.gather import download as download_module
from artgan.gather.download import download
from artgan.gather.manifest import COLUMNS, read_failures
from artgan.gather.sources.picture import safe_name
from artgan.gather.sources.wikiart import parse_listing
from artgan.system.errors import ArtganError

RUN = """
import json, sys
from artgan.gather.download import download
from artgan.gather.network import session
from artgan.gather.sources.museum import search
from artgan.gather.sources.wikiart import MUSEUM
session.SHORTEST_DELAY = 0.0
polite = session.polite_session(delay=0, trusted=[sys.argv[1]])
artworks, _ = search(MUSEUM, polite, ["veduta"], sys.argv[1])
summary = download(artworks, sys.argv[2], session=polite, progress=False)
print(json.dumps(summary.counts()))
"""


@pytest.fixture
def session(museum, monkeypatch):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    with session_for(museum, timeout=(5, 5), longest=20) as session:
        yield session


def artworks_of(museum, genre="veduta"):
    page = {"Paintings": museum.genres[genre]}
    return parse_listing(page, genre, museum.url)


def rows_of(folder):
    with open(folder / "metadata.csv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames) == COLUMNS
    return rows


def assert_in_order(folder):
    """The manifest names exactly the pictures that are there, as they are."""
    rows = rows_of(folder)
    files = {path.name for path in (folder / "images").iterdir()}
    assert {row["file_name"] for row in rows} == {f"images/{name}" for name in files}
    assert len(files) == len(rows)
    for row in rows:
        data = (folder / row["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert str(len(data)) == row["bytes"]
    names = {path.name for path in folder.iterdir()} - {"failed.csv"}
    assert names == {"images", "metadata.csv", ".lock"}
    return rows


def test_pictures_and_manifest_arrive(museum, session, tmp_path, capsys):
    museum.add("veduta", "The Molo, looking West", "Canaletto", year="1730")
    museum.add("veduta", "../../etc/passwd", "CON")
    museum.add("veduta", "🎨" * 300, 'Édouard "Le" Manet,\nthe elder')
    summary = download(artworks_of(museum), tmp_path / "new" / "set", session=session)
    assert summary.counts() == {"new": 3, "had": 0, "failed": 0}
    rows = assert_in_order(tmp_path / "new" / "set")
    first = rows[0]
    assert first["file_name"].startswith("images/canaletto_the-molo-looking-west_")
    assert (first["title"], first["year"]) == ("The Molo, looking West", "1730")
    assert (first["width"], first["height"], first["genre"]) == ("160", "120", "veduta")
    assert first["image_url"] == museum.genres["veduta"][0]["image"]
    assert first["page_url"].startswith(museum.url + "/en/")
    assert "70 or more years" in first["rights"]
    assert rows[2]["artist"] == 'Édouard "Le" Manet, the elder'
    assert "new=3" in capsys.readouterr().err


def test_again_asks_only_for_what_is_missing(museum, session, tmp_path):
    museum.add_many("veduta", 4)
    artworks = artworks_of(museum)
    download(artworks[:2], tmp_path, session=session, progress=False)
    gone, changed, _, _ = (tmp_path / "images" / safe_name(a) for a in artworks)
    gone.unlink()
    museum.requests.clear()
    summary = download(artworks, tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 3, "had": 1, "failed": 0}
    changed.write_bytes(picture_bytes("something else"))
    museum.requests.clear()
    summary = download(artworks, tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 1, "had": 3, "failed": 0}
    assert museum.paths() == ["/images/anna-ancher-facade-1.jpg"]
    assert_in_order(tmp_path)


def test_one_title_many_pictures(museum, session, tmp_path):
    for number in range(3):
        path = f"/images/{number}.jpg"
        museum.add(
            "veduta", "Grand Canal", picture=picture_bytes("x" * number), path=path
        )
    artworks = artworks_of(museum)
    summary = download(artworks + artworks, tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 3, "had": 0, "failed": 0}
    assert len(assert_in_order(tmp_path)) == 3


def test_other_sets_in_the_folder_stay(museum, session, tmp_path):
    museum.add_many("veduta", 2)
    museum.add("cityscape", "Harbour")
    download(artworks_of(museum), tmp_path, session=session, progress=False)
    artworks = artworks_of(museum, "cityscape")
    download(artworks, tmp_path, session=session, progress=False)
    assert len(assert_in_order(tmp_path)) == 3


def test_falls_back_from_the_reduced_picture(museum, session, tmp_path):
    item = museum.add("veduta", "Molo")
    item["image"] += "!Large.jpg"
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert summary.new == 1
    path = "/images/anna-ancher-molo.jpg"
    assert museum.paths() == [path + "!Large.jpg", path]
    (row,) = assert_in_order(tmp_path)
    assert row["image_url"] == item["image"]


BAD = {
    "a page": (html_page, "it does not decode as a picture"),
    "cut": (sending(picture_bytes()[:-500]), "it does not decode as a picture"),
    "short": (sending(picture_bytes(), length=60_000), "the connection broke off"),
    "reset": (reset_after(bytes(100_000)), "the connection broke off"),
    "large": (sending(bytes(300_000), length=9), "it does not decode as a picture"),
    "larger": (sending(bytes(300_000)), "larger than 200,000 bytes"),
    "drip": (dripping(), "the server took too long"),
    "missing": (status(404), "HTTP 404, it is not there"),
    "refused": (status(403), "HTTP 403, the server refuses"),
    "limit": (status(500), "HTTP 500, the server failed or its hourly limit is spent"),
    "loop": (
        lambda request: Response(status=302, headers={"Location": request.path}),
        "the server sends from one address to the next without end",
    ),
    "coding": (
        lambda request: Response(
            b"no gzip at all", headers={"Content-Encoding": "gzip"}
        ),
        "the address or the answer is malformed (ContentDecodingError)",
    ),
}


def test_each_bad_picture_is_named_with_its_reason(museum, session, tmp_path):
    session.longest = 2.0  # for the one that drips
    for title, (handler, _) in BAD.items():
        museum.add("veduta", f"bad {title}", path=f"/images/{title}.jpg")
        museum.answers[f"/images/{title}.jpg"] = handler
        museum.add("veduta", f"good {title}")
    museum.genres["veduta"] += [
        {"title": "bad scheme", "image": "file:///etc/passwd"},
        {"title": "bad host", "image": "http://["},
    ]
    artworks = artworks_of(museum)
    summary = download(artworks, tmp_path, 1, 200_000, session, progress=False)
    assert summary.counts() == {"new": len(BAD), "had": 0, "failed": len(BAD) + 2}
    assert all("_good-" in row["file_name"] for row in assert_in_order(tmp_path))
    text = summary.text()
    for title, (_, reason) in BAD.items():
        (line,) = [
            line for line in text.splitlines() if f"_bad-{slugged(title)}_" in line
        ]
        assert f" x {reason}: " in line
    assert "_bad-scheme_" in text and "_bad-host_" in text
    assert f"{len(BAD)} new" in text


def test_every_bad_picture_is_named_in_a_file(museum, session, tmp_path):
    for item in museum.add_many("veduta", 25):
        museum.answers[item["image"].removeprefix(museum.url)] = status(404)
    artworks = artworks_of(museum)
    summary = download(artworks, tmp_path, session=session, progress=False)
    assert f"and 5 more in {tmp_path / 'failed.csv'}" in summary.text()
    with open(tmp_path / "failed.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image_url"] for row in rows] == [a.image_url for a in artworks]
    assert {row["reason"] for row in rows} == {"HTTP 404, it is not there"}
    museum.answers.clear()
    download(artworks, tmp_path, session=session, progress=False)
    assert not (tmp_path / "failed.csv").exists()


def test_those_that_only_refuse_do_not_hide_the_others_for_ever(
    museum, session, tmp_path, monkeypatch
):
    monkeypatch.setattr(download_module, "REFUSALS_BEFORE_STOP", 3)
    for item in museum.add_many("veduta", 9)[:7]:
        museum.answers[item["image"].removeprefix(museum.url)] = status(403)
    artworks = artworks_of(museum)
    for had, named in (0, 3), (0, 6), (2, 7), (2, 7):
        download(artworks, tmp_path, session=session, progress=False)
        assert len(assert_in_order(tmp_path)) == had
        assert len(read_failures(tmp_path / "failed.csv")) == named


@pytest.mark.parametrize("text", ["", "file\n", "\x00", "a,b\n1,2\n", "file,reason\nx"])
def test_a_damaged_list_of_failures_does_no_harm(museum, session, tmp_path, text):
    museum.add_many("veduta", 2)
    (tmp_path / "failed.csv").write_text(text, encoding="utf-8")
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert summary.new == 2
    assert not (tmp_path / "failed.csv").exists()


def slugged(title):
    return title.replace(" ", "-")


def test_what_passes_is_tried_again(museum, session, tmp_path):
    museum.add_many("veduta", 2)
    good = sending(picture_bytes())
    museum.answers["/images/anna-ancher-facade-0.jpg"] = first_then(
        status(503, Retry_After=1), 1, good
    )
    museum.answers["/images/anna-ancher-facade-1.jpg"] = first_then(
        reset_after(bytes(100_000)), 1, good
    )
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 2, "had": 0, "failed": 0}
    times = [request.time for request in museum.requests]
    assert times[1] - times[0] >= 1.0


def test_the_troubles_of_a_picture_have_one_limit_together(museum, session, tmp_path):
    item = museum.add("veduta", "Molo")
    path = item["image"].removeprefix(museum.url)
    item["image"] += "!Large.jpg"

    def slowly_missing(request):
        time.sleep(0.8)
        return Response("no", status=404)

    museum.answers[path + "!Large.jpg"] = slowly_missing
    museum.answers[path] = dripping()
    session.longest, began = 1.0, time.monotonic()
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert list(summary.failures) == ["the server took too long"]
    assert len(museum.requests) == 2 and time.monotonic() - began < 1.6


def test_requests_keep_their_distance(museum, tmp_path):
    museum.add_many("veduta", 4)
    with session_for(museum, delay=0.01) as session:
        download(artworks_of(museum), tmp_path, session=session, progress=False)
    times = [request.time for request in museum.requests]
    assert len(times) == 4
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 0.2


def test_a_server_that_only_refuses_is_left_in_peace(
    museum, session, tmp_path, monkeypatch
):
    monkeypatch.setattr(download_module, "REFUSALS_BEFORE_STOP", 3)
    for item in museum.add_many("veduta", 9)[2:]:
        museum.answers[item["image"].removeprefix(museum.url)] = status(403)
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 2, "had": 0, "failed": 3}
    assert "other 4 pictures were not tried" in summary.text()
    assert len(assert_in_order(tmp_path)) == 2


def test_an_interrupt_keeps_what_came(museum, session, tmp_path, monkeypatch):
    museum.add_many("veduta", 4)
    fetch = download_module.fetch

    def interrupted(session, url, path, max_bytes):
        if "facade-2" in url:
            raise KeyboardInterrupt
        fetch(session, url, path, max_bytes)

    monkeypatch.setattr(download_module, "fetch", interrupted)
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert summary.new == 2
    assert "Stopped by Ctrl-C" in summary.text()
    assert len(assert_in_order(tmp_path)) == 2


def test_after_a_kill_between_picture_and_row(museum, session, tmp_path):
    museum.add_many("veduta", 3)
    artworks = artworks_of(museum)
    download(artworks, tmp_path, session=session, progress=False)
    manifest = tmp_path / "metadata.csv"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole[:-20], encoding="utf-8")
    (tmp_path / "images" / "x.jpg.part").write_bytes(b"half")
    (tmp_path / "metadata.csv.part").write_bytes(b"half")
    museum.requests.clear()
    summary = download(artworks, tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 0, "had": 3, "failed": 0}
    assert museum.requests == []
    assert_in_order(tmp_path)
    assert manifest.read_text(encoding="utf-8") == whole
    manifest.unlink()
    assert download(artworks, tmp_path, session=session, progress=False).had == 3
    assert manifest.read_text(encoding="utf-8") == whole


def start(museum, folder):
    command = [sys.executable, "-c", RUN, museum.url, str(folder)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )


@pytest.mark.parametrize("pause", [0.0, 0.002, 0.004, 0.03])
def test_killed_midway_and_run_again(museum, session, tmp_path, pause):
    museum.add_many("veduta", 8)
    process = None
    fifth = "/images/anna-ancher-facade-4.jpg"
    body, killed = museum.pictures[fifth], threading.Event()

    def kill():
        time.sleep(pause)
        process.kill()
        killed.set()

    def half_a_picture():
        threading.Thread(target=kill).start()
        if pause < 0.002:  # The kill comes in the middle of the body.
            yield body[: len(body) // 2]
            killed.wait(10)
            return
        yield body

    museum.answers[fifth] = lambda request: Response(half_a_picture())
    process = start(museum, tmp_path)
    process.communicate()
    del museum.answers[fifth]
    assert {row["file_name"] for row in rows_of(tmp_path)} <= {
        f"images/{path.name}" for path in (tmp_path / "images").iterdir()
    }
    kept = len(rows_of(tmp_path))
    museum.requests.clear()
    summary = download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert kept >= 4
    assert summary.failed == 0 and summary.new + summary.had == 8
    assert len(museum.requests) == summary.new <= 8 - kept
    assert len(assert_in_order(tmp_path)) == 8


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_two_at_once_and_ctrl_c(museum, session, tmp_path):
    museum.add_many("veduta", 3)
    asked, go_on = threading.Event(), threading.Event()
    second = "/images/anna-ancher-facade-1.jpg"

    def wait(request):
        asked.set()
        go_on.wait(10)
        return Response(museum.pictures[second])

    museum.answers[second] = wait
    process = start(museum, tmp_path)
    assert asked.wait(30)
    with pytest.raises(ArtganError, match="Another process is downloading into"):
        download(artworks_of(museum), tmp_path, session=session, progress=False)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    go_on.set()
    assert json.loads(output) == {"new": 1, "had": 0, "failed": 0}
    assert process.returncode == 0
    assert len(assert_in_order(tmp_path)) == 1


def test_what_cannot_be_written_becomes_a_sentence(
    museum, session, tmp_path, monkeypatch
):
    museum.add_many("veduta", 3)
    artworks = artworks_of(museum)
    (tmp_path / "file").touch()
    with pytest.raises(ArtganError, match="Cannot write in"):
        download(artworks, tmp_path / "file", session=session, progress=False)
    download(artworks[:1], tmp_path / "set", session=session, progress=False)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download_module, "download_picture", full)
    with pytest.raises(ArtganError, match="No space left on device"):
        download(artworks, tmp_path / "set", session=session, progress=False)
    assert len(assert_in_order(tmp_path / "set")) == 1


def test_a_foreign_manifest_is_left_alone(museum, session, tmp_path):
    (tmp_path / "metadata.csv").write_text("mine\n1\n", encoding="utf-8")
    museum.add_many("veduta", 1)
    with pytest.raises(ArtganError, match="Move it away"):
        download(artworks_of(museum), tmp_path, session=session, progress=False)
    assert (tmp_path / "metadata.csv").read_text(encoding="utf-8") == "mine\n1\n"


def test_nothing_wanted_is_an_empty_summary(session, tmp_path):
    summary = download([], tmp_path, session=session, progress=False)
    assert summary.counts() == {"new": 0, "had": 0, "failed": 0}
