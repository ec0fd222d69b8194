"""Pictures and their table: each fetched once, whole, and told of when it is not."""

import hashlib
import os
import signal
import subprocess
import sys
import threading

import pytest
from fake_museum import first_then, picture_bytes, sending
from werkzeug import Response

from artgan.__main__ import main
from artgan.gather import download as download_module
from artgan.gather.table import COLUMNS, read_table

pytestmark = pytest.mark.usefixtures("waits")


@pytest.fixture
def scrape(museum, tmp_path, capsys):
    """Scrape the genre `veduta`, or others; return the exit code and what was said."""

    def run(*words, out=tmp_path):
        museum.requests.clear()
        code = main(arguments(museum, out, *map(str, words)))
        printed = capsys.readouterr()
        return code, printed.out + printed.err.rpartition("\r")[2]

    return run


def arguments(museum, folder, *words):
    """The command that scrapes from the museum on this machine."""
    words = words or ("--genre", "veduta")
    return ["scrape", *words, "--out", str(folder), "--site", museum.url, "--delay=0.2"]


def path_of(item):
    """The path of a painting's picture on its server."""
    return "/" + item["image"].split("/", 3)[3]


def check(folder, count):
    """The table names exactly the pictures that are there, as they are; its rows."""
    rows = read_table(folder / "metadata.csv")
    files = {path.name for path in folder.iterdir()}
    files -= {"metadata.csv", "failed.csv", ".lock"}
    assert sorted(row["file_name"] for row in rows) == sorted(files)
    assert len(rows) == count
    for row in rows:
        code = hashlib.sha256((folder / row["file_name"]).read_bytes()).hexdigest()
        assert row["sha256"] in (code, "")
    return rows


def test_pictures_and_what_is_known_of_them_arrive(museum, scrape, tmp_path):
    item = museum.add("veduta", "The Molo, looking West", "Canaletto", year="1730")
    item["image"] += "!Large.jpg"  # it has that only in full
    museum.add("veduta", "../../etc/passwd", "CON", path="/images/c.jpg")
    museum.add("veduta", "🎨" * 300, 'Édouard "Le" Manet', path="/images/d.jpg")
    code, said = scrape(out=tmp_path / "new" / "set")
    assert code == 0 and "3 new, 0 had, 0 left out" in said
    first, second, third = check(tmp_path / "new" / "set", 3)
    assert tuple(first) == COLUMNS  # as load_dataset("imagefolder") reads it
    assert first["file_name"].startswith("canaletto-the-molo-looking-west_")
    assert (first["year"], first["genre"]) == ("1730", "veduta")
    assert first["image_url"] == item["image"] and "70 years ago" in first["rights"]
    assert second["file_name"].startswith("con-etc-passwd_")
    assert third["artist"] == 'Édouard "Le" Manet'


def test_what_is_there_and_whole_is_never_fetched_again(museum, scrape, tmp_path):
    museum.add_many("veduta", 4)
    scrape("--genre", "veduta", "--limit", 3)
    gone, damaged, whole = (tmp_path / row["file_name"] for row in check(tmp_path, 3))
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:500])
    assert "3 new, 1 had" in scrape()[1]
    wanted = [path_of(museum.genres["veduta"][n]) for n in (0, 1, 3)]
    assert sorted(museum.picture_paths()) == sorted(wanted)
    whole.write_bytes(picture_bytes("retouched"))  # or killed between it and its row
    assert "1 new, 3 had" in scrape()[1] and not museum.picture_paths()
    check(tmp_path, 4)
    assert whole.read_bytes() == picture_bytes("retouched")


def test_its_table_is_a_list_too_and_columns_of_others_stay(museum, scrape, tmp_path):
    known = museum.add_many("veduta", 3)[0]["image"]
    (tmp_path / "own.jpg").write_bytes(picture_bytes("own"))
    table = f"file_name,image_url,squeezed\nown.jpg,{known},yes\n"
    (tmp_path / "metadata.csv").write_text(table, "utf-8")
    assert "2 new, 1 had" in scrape()[1]
    assert [row["squeezed"] for row in check(tmp_path, 3)] == ["yes", "", ""]
    listing = ("--listing", tmp_path / "metadata.csv")
    assert "3 new" in scrape(*listing, out=tmp_path / "again")[1]


def test_a_table_without_addresses_loses_no_picture(museum, scrape, tmp_path):
    museum.add_many("veduta", 3)
    scrape()
    names = [f"{row['file_name']},{row['sha256']}\n" for row in check(tmp_path, 3)]
    table = "file_name,sha256\n" + "".join(names)
    (tmp_path / "metadata.csv").write_text(table, "utf-8")
    assert "0 new, 3 had, 0 left out" in scrape()[1]
    check(tmp_path, 3)


BAD = {
    "a page": (sending(b"<!doctype html>"), "it does not decode as a picture"),
    "cut": (sending(picture_bytes()[:-500]), "it does not decode as a picture"),
    "bitmap": (sending(picture_bytes(kind="BMP")), "it does not decode as a picture"),
    "missing": (sending(b"", 404), "404 Client Error: NOT FOUND"),
}


def test_each_bad_picture_is_named_with_its_reason_and_the_rest_goes_on(
    museum, scrape, tmp_path, monkeypatch
):
    monkeypatch.setattr(download_module, "MOST_FAILURES", 2)
    for title, (handler, _) in BAD.items():
        museum.answers[path_of(museum.add("veduta", f"bad {title}"))] = handler
        museum.add("veduta", f"good {title}")
    museum.genres["veduta"].append({"title": "bad host", "image": "http://["})
    code, said = scrape()
    assert code == 0 and "4 new, 0 had, 5 left out" in said and "bad host: " in said
    assert all(row["title"].startswith("good") for row in check(tmp_path, 4))
    for title, (_, reason) in BAD.items():
        assert f"\n  bad {title}: {reason}" in said
    assert len(read_table(tmp_path / "failed.csv")) == 5
    museum.answers.clear()
    museum.genres["veduta"].pop()
    assert "4 new, 4 had, 0 left out" in scrape()[1]
    assert [r["title"] for r in read_table(tmp_path / "failed.csv")] == ["bad host"]


def test_one_placeholder_under_many_addresses_is_one_picture(museum, scrape, tmp_path):
    for number in range(25):
        museum.add("veduta", f"View {number}", picture=picture_bytes("placeholder"))
    code, said = scrape()
    assert code == 0 and "1 new, 0 had, 24 left out" in said
    [row] = check(tmp_path, 1)
    assert said.count(f": the same picture as {row['file_name']}\n") == 20
    assert "and more: see failed.csv" in said
    assert "0 new, 1 had, 24 left out" in scrape()[1] and not museum.picture_paths()


def test_a_server_that_refuses_is_left_alone_and_the_rest_has_its_turn(
    museum, scrape, tmp_path, monkeypatch
):
    monkeypatch.setattr(download_module, "MOST_FAILURES", 3)
    items = museum.add_many("veduta", 9)
    for item in items[:7]:
        museum.answers[path_of(item)] = sending(b"no", 403)
    counts = []
    for _ in range(3):
        code, said = scrape()
        counts.append((code, said.split("Pictures: ")[1].split(";")[0]))
        assert "Too many failed in a row" in said
    assert counts[0] == counts[1] == (1, "0 new, 0 had, 3 left out")
    assert counts[2][1].startswith("2 new, 0 had")
    check(tmp_path, 2)


@pytest.mark.parametrize("ending", ["SIGKILL", "SIGINT"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_it_goes_on_where_it_was_stopped(museum, scrape, tmp_path, ending):
    path, stop = path_of(museum.add_many("veduta", 6)[3]), threading.Barrier(2)
    body = museum.pictures[path]

    def pieces():
        yield body[:500]
        stop.wait(60)
        stop.wait(60)

    half = first_then(lambda request: Response(pieces()), 1, sending(body))
    museum.answers[path] = half
    command = [sys.executable, "-m", "artgan", *arguments(museum, tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    stop.wait(60)
    code, said = scrape()
    assert code == 2 and "Another process is downloading into" in said
    process.send_signal(getattr(signal, ending))
    output, _ = process.communicate()
    stop.wait(60)
    if ending == "SIGINT":
        assert process.returncode == 0 and "Stopped by Ctrl-C" in output
    check(tmp_path, 3)
    assert "3 new, 3 had" in scrape()[1]
    assert len(museum.picture_paths()) == 3
    check(tmp_path, 6)


@pytest.mark.parametrize("name", ["metadata.csv", "failed.csv"])
@pytest.mark.parametrize("text", ["mine\n", "\x00", "9" * 200_000])
def test_a_table_of_another_kind_is_left_alone(museum, scrape, tmp_path, name, text):
    museum.add_many("veduta", 1)
    (tmp_path / name).write_text(text, "utf-8")
    code, said = scrape()
    assert code == 2 and "move it away" in said and not museum.picture_paths()
    assert (tmp_path / name).read_text("utf-8") == text
