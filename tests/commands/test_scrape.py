"""The command that gathers pictures."""

import csv

import pytest
from fake_museum import status

from artgan.__main__ import main


def run(*arguments):
    """Run a command in this process; return its exit code."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as error:
        return error.code


def scrape(museum, folder, *source):
    """Scrape from the museum on this machine as fast as it may be."""
    places = ["--wikiart-url", museum.url, "--cleveland-url", museum.url]
    return run("scrape", *source, "--out", folder, "--delay", "0.2", *places)


def test_scraped_pictures_and_their_metadata(museum, tmp_path, capsys):
    museum.add_many("veduta", 2)
    assert scrape(museum, tmp_path / "new", "--genre", "veduta") == 0
    assert len(list((tmp_path / "new" / "images").iterdir())) == 2
    with open(tmp_path / "new" / "metadata.csv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames[0] == "file_name" and len(rows) == 2
    assert all((tmp_path / "new" / row["file_name"]).is_file() for row in rows)
    assert [row["title"] for row in rows] == ["Facade 0", "Facade 1"]
    assert "2 new" in capsys.readouterr().out
    asked = len(museum.picture_paths())
    assert scrape(museum, tmp_path / "new", "--genre", "veduta") == 0
    assert len(museum.picture_paths()) == asked


def test_scraping_some_of_them_is_a_success_that_names_the_rest(
    museum, tmp_path, capsys
):
    museum.add_many("church", 2)
    museum.answers[museum.genres["church"][0]["image"][len(museum.url) :]] = status(404)
    assert scrape(museum, tmp_path / "new", "--cleveland", "church") == 0
    assert len(list((tmp_path / "new" / "images").iterdir())) == 1
    assert "1 failed" in capsys.readouterr().out


def test_scraping_nothing_is_exit_code_1(museum, tmp_path, capsys):
    item = museum.add("veduta", "Piazza")
    museum.answers[item["image"][len(museum.url) :]] = status(404)
    assert scrape(museum, tmp_path / "new", "--genre", "veduta") == 1
    assert "404" in capsys.readouterr().out


def test_an_unreachable_museum_is_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    url = "http://127.0.0.1:9"  # where nothing answers
    arguments = ["--genre", "veduta", "--out", tmp_path / "new", "--wikiart-url", url]
    assert run("scrape", *arguments, "--delay", "0.2") == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "null", "1\n2\n", "[" * 1000, "9" * 5000, "\x00", '"', "a,b\n" * 9],
)
def test_a_list_that_is_none_is_a_sentence(tmp_path, capsys, text):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "new"
    assert run("scrape", "--listing", tmp_path / "list.csv", "--out", out) == 2
    error = capsys.readouterr().err
    assert error.startswith("artgan: The list ") and len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["[1, 2]", "null", "file_name\n1\n", "9" * 5000, "x" * 200_000, "\x00"]
)
def test_a_table_that_is_not_ours_is_a_sentence(museum, tmp_path, capsys, text):
    museum.add_many("veduta", 1)
    (tmp_path / "metadata.csv").write_text(text, encoding="utf-8")
    assert scrape(museum, tmp_path, "--genre", "veduta") == 2
    assert "is not a list that this program wrote" in capsys.readouterr().err
    assert (tmp_path / "metadata.csv").read_text(encoding="utf-8") == text
