"""Pictures and their table: each fetched once, whole, and told of when it is not."""

import csv
import hashlib
import os
import signal
import subprocess
import sys
import threading

import pytest
from fake_museum import (
    first_then,
    html_page,
    picture_bytes,
    reset_after,
    sending,
    status,
)
from werkzeug import Response

from artgan.__main__ import main
from artgan.gather import download as download_module
from artgan.gather import session as session_module
from artgan.gather.table import COLUMNS

COMMAND = (
    "import sys; from artgan.gather import session; session.SHORTEST_DELAY = 0;"
    "from artgan.__main__ import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Sessions without a shortest delay, and a server that is soon given up."""
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    monkeypatch.setattr(download_module, "REFUSALS_BEFORE_STOP", 3)


@pytest.fixture
def scrape(museum, tmp_path, capsys):
    """Scrape the genre `veduta`, or others; return the exit code and what was said."""

    def run(*words, out=tmp_path):
        words = words or ("--genre", "veduta")
        museum.requests.clear()
        code = main([*map(str, arguments(museum, out, *words))])
        printed = capsys.readouterr()
        return code, printed.out + printed.err.rpartition("\r")[2]

    return run


def arguments(museum, folder, *words):
    """The command that scrapes from the museum on this machine."""
    return ["scrape", *words, "--out", folder, "--site", museum.url, "--delay", "0.001"]


def path_of(item):
    """The path of a painting's picture on its server."""
    return "/" + item["image"].split("/", 3)[3]


def check(folder, count):
    """The table names exactly the pictures that are there, as they are; its rows."""
    with open(folder / "metadata.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    files = {path.name for path in folder.iterdir()}
    files -= {"metadata.csv", "failed.csv", ".lock"}
    assert sorted(row["file_name"] for row in rows) == sorted(files)
    assert len(rows) == count
    for row in rows:
        code = hashlib.sha256((folder / row["file_name"]).read_bytes()).hexdigest()
        assert row["sha256"] in (code, "")
    return rows


def test_pictures_and_what_is_known_of_them_arrive(museum, scrape, tmp_path):
    museum.add("veduta", "The Molo, looking West", "Canaletto", year="1730")
    museum.add("veduta", "../../etc/passwd", "CON", path="/images/c.jpg")
    museum.add("veduta", "🎨" * 300, 'Édouard "Le" Manet', path="/images/d.jpg")
    code, said = scrape(out=tmp_path / "new" / "set")
    assert code == 0 and "3 new, 0 had, 0 left out" in said
    first, second, third = check(tmp_path / "new" / "set", 3)
    assert tuple(first) == COLUMNS  # as load_dataset("imagefolder") reads it
    assert first["file_name"].startswith("canaletto-the-molo-looking-west_")
    assert (first["title"], first["artist"]) == ("The Molo, looking West", "Canaletto")
    assert (first["year"], first["genre"]) == ("1730", "veduta")
    assert first["image_url"] == museum.genres["veduta"][0]["image"]
    assert first["page_url"].startswith(museum.url + "/en/")
    assert "70 years ago" in first["rights"]
    assert second["file_name"].startswith("con-etc-passwd_")
    assert third["artist"] == 'Édouard "Le" Manet'


def test_what_is_there_and_whole_is_never_fetched_again(museum, scrape, tmp_path):
    museum.add_many("veduta", 4)
    scrape("--genre", "veduta", "--limit", 3)
    gone, damaged, _ = (tmp_path / row["file_name"] for row in check(tmp_path, 3))
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:500])
    assert "3 new, 1 had" in scrape()[1]
    wanted = [path_of(museum.genres["veduta"][n]) for n in (0, 1, 3)]
    assert sorted(museum.picture_paths()) == sorted(wanted)
    check(tmp_path, 4)
    damaged.write_bytes(picture_bytes("retouched"))
    assert "0 new, 4 had" in scrape()[1] and not museum.picture_paths()
    check(tmp_path, 4)
    assert damaged.read_bytes() == picture_bytes("retouched")


def test_its_table_is_a_list_too_and_columns_of_others_stay(museum, scrape, tmp_path):
    museum.add_many("veduta", 3)
    (tmp_path / "own.jpg").write_bytes(picture_bytes("own"))
    known = museum.genres["veduta"][0]["image"]
    table = f"file_name,image_url,squeezed\nown.jpg,{known},yes\n"
    (tmp_path / "metadata.csv").write_text(table, "utf-8")
    assert "2 new, 1 had" in scrape()[1]
    assert [row["squeezed"] for row in check(tmp_path, 3)] == ["yes", "", ""]
    rows = (tmp_path / "metadata.csv").read_text("utf-8").splitlines()
    pinned = tmp_path / "list.csv"
    pinned.write_text("\n".join([rows[0], *rows[2:]]), "utf-8")
    assert "2 new" in scrape("--listing", pinned, out=tmp_path / "again")[1]


def test_a_missing_reduced_picture_is_had_in_full(museum, scrape, tmp_path):
    item = museum.add("veduta", "Molo")
    item["image"] += "!Large.jpg"
    scrape()
    full = "/images/anna-ancher-molo.jpg"
    assert museum.picture_paths() == [full + "!Large.jpg", full]
    assert check(tmp_path, 1)[0]["image_url"] == item["image"]


BAD = {
    "a page": (html_page, "it does not decode as a picture"),
    "cut": (sending(picture_bytes()[:-500]), "it does not decode as a picture"),
    "script": (sending(b"%!PS-Adobe-3.0 EPSF-3.0"), "it does not decode as a picture"),
    "reset": (reset_after(bytes(100_000)), "the connection broke off"),
    "large": (sending(bytes(21_000_000)), "larger than 20,000,000 bytes"),
    "missing": (status(404), "HTTP 404 NOT FOUND"),
    "refused": (status(403), "HTTP 403 FORBIDDEN"),
}


def test_each_bad_picture_is_named_with_its_reason_and_the_rest_goes_on(
    museum, scrape, tmp_path
):
    for title, (handler, _) in BAD.items():
        museum.answers[path_of(museum.add("veduta", f"bad {title}"))] = handler
        museum.add("veduta", f"good {title}")
    museum.genres["veduta"].append({"title": "bad host", "image": "http://["})
    code, said = scrape()
    assert code == 0 and f"{len(BAD)} new, 0 had, {len(BAD) + 1} left out" in said
    assert all(row["title"].startswith("good") for row in check(tmp_path, len(BAD)))
    for title, (_, reason) in BAD.items():
        assert f"\n  bad {title}: {reason}\n" in said
    assert "bad host" in said
    museum.answers.clear()
    museum.genres["veduta"].pop()
    assert f"{len(BAD)} new, {len(BAD)} had, 0 left out" in scrape()[1]


def test_many_that_fail_are_all_in_a_file(museum, scrape, tmp_path):
    items = museum.add_many("veduta", 25)
    for item in items:
        museum.answers[path_of(item)] = status(404)
    code, said = scrape()
    assert code == 1 and "and 5 more: see failed.csv" in said
    with open(tmp_path / "failed.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image_url"] for row in rows] == [item["image"] for item in items]
    assert {row["reason"] for row in rows} == {"HTTP 404 NOT FOUND"}
    museum.answers.clear()
    scrape()
    assert not (tmp_path / "failed.csv").exists()


def test_one_placeholder_under_many_addresses_is_one_picture(museum, scrape, tmp_path):
    for number in range(8):
        museum.add("veduta", f"View {number}", picture=picture_bytes("placeholder"))
    code, said = scrape()
    assert code == 0 and "1 new, 0 had, 7 left out" in said
    [row] = check(tmp_path, 1)
    assert said.count(f": the same picture as {row['file_name']}\n") == 7
    assert "0 new, 1 had, 7 left out" in scrape()[1] and not museum.picture_paths()


def test_a_server_that_only_refuses_is_left_alone(museum, scrape, tmp_path):
    for item in museum.add_many("veduta", 9)[2:]:
        museum.answers[path_of(item)] = status(403)
    said = scrape()[1]
    assert "2 new, 0 had, 3 left out" in said
    assert "again and again, so the other 4 pictures were not tried" in said
    check(tmp_path, 2)


def test_what_failed_last_time_never_keeps_the_rest_from_its_turn(
    museum, scrape, tmp_path
):
    for item in museum.add_many("veduta", 9)[:7]:
        museum.answers[path_of(item)] = status(403)
    counts = [scrape()[1].split("Pictures: ")[1].split(";")[0] for _ in range(3)]
    assert counts[0] == counts[1] == "0 new, 0 had, 3 left out"
    assert counts[2].startswith("2 new, 0 had")
    check(tmp_path, 2)


def start(museum, folder):
    """The same command in a process of its own."""
    command = [sys.executable, "-c", COMMAND]
    command += arguments(museum, folder, "--genre", "veduta")
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def stop_at(museum, item):
    """Let the museum send half a picture and then wait: (it does so, go on)."""
    waits, go_on, path = threading.Event(), threading.Event(), path_of(item)
    body = museum.pictures[path]

    def pieces():
        yield body[: len(body) // 2]
        waits.set()
        go_on.wait(30)
        yield body[len(body) // 2 :]

    museum.answers[path] = first_then(
        lambda request: Response(pieces()), 1, sending(body)
    )
    return waits, go_on


@pytest.mark.parametrize("ending", ["SIGKILL", "SIGINT"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_it_goes_on_where_it_was_stopped(museum, scrape, tmp_path, ending):
    waits, go_on = stop_at(museum, museum.add_many("veduta", 6)[3])
    process = start(museum, tmp_path)
    assert waits.wait(60)
    code, said = scrape()
    assert code == 2 and "Another process is downloading into" in said
    process.send_signal(getattr(signal, ending))
    output, _ = process.communicate()
    go_on.set()
    if ending == "SIGINT":
        assert process.returncode == 0 and "Stopped by Ctrl-C" in output
    check(tmp_path, 3)
    (tmp_path / "anna-ancher-facade-3_01234567.part").write_bytes(b"half")
    (tmp_path / "metadata.csv.part").write_bytes(b"half")
    assert "3 new, 3 had" in scrape()[1]
    assert len(museum.picture_paths()) == 3
    check(tmp_path, 6)


def test_after_a_kill_between_a_picture_and_its_row(museum, scrape, tmp_path):
    museum.add_many("veduta", 3)
    scrape()
    table = tmp_path / "metadata.csv"
    whole = table.read_text("utf-8")
    table.write_text("".join(whole.splitlines(keepends=True)[:2]), "utf-8")
    assert "0 new, 3 had" in scrape()[1] and not museum.picture_paths()
    assert table.read_text("utf-8") == whole


def test_a_full_disk_is_a_sentence_and_keeps_what_came(
    museum, scrape, tmp_path, monkeypatch
):
    museum.add_many("veduta", 3)
    scrape("--genre", "veduta", "--limit", 1)

    def full(*arguments):
        (tmp_path / "x_01234567.part").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download_module, "fetch_painting", full)
        code, said = scrape()
    assert code == 2 and "No space left on device" in said and "is kept" in said
    check(tmp_path, 1)
    (tmp_path / "file").touch()
    code, said = scrape(out=tmp_path / "file")
    assert code == 2 and "File exists" in said and not museum.picture_paths()


@pytest.mark.parametrize("name", ["metadata.csv", "failed.csv"])
@pytest.mark.parametrize(
    "text", ["mine\n", "[1, 2]", "a,b\n1,2\n", "\x00", "9" * 200_000]
)
def test_a_table_of_another_kind_is_left_alone(museum, scrape, tmp_path, name, text):
    museum.add_many("veduta", 1)
    (tmp_path / name).write_text(text, "utf-8")
    code, said = scrape()
    assert code == 2 and "Move it away" in said and not museum.picture_paths()
    assert (tmp_path / name).read_text("utf-8") == text
