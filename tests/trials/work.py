"""What is done to pictures and runs, as functions that a trial's process can do."""

import os
import random
import time
from hashlib import sha256

from fake_museum import picture_bytes
from trials.killing import command
from werkzeug import Response

from artgan.data.dataset import Dataset
from artgan.gather import session as session_module
from artgan.gather.table import read_table
from artgan.system.errors import ArtganError

PICTURES = 12
SIZE = 32


def scrape(url, folder):
    """Scrape two genres without the shortest delay, so that kills hit the work."""
    session_module.SHORTEST_DELAY = 0.0
    genres = ("--genre", "veduta", "--genre", "capriccio")
    place = ("--out", folder, "--site", url)
    return command("scrape", *genres, *place, "--delay", "0.001")


def prepare(folder, cache):
    """Prepare a folder of pictures, as every command does that needs one."""
    os.environ["ARTGAN_CACHE"] = str(cache)
    try:
        assert len(Dataset(folder, SIZE)) == PICTURES
    except ArtganError as error:
        print(f"artgan: {error}")
        return 2
    return 0


def fill_museum(museum):
    """Let a museum have pictures in two genres, which it sends in pieces."""
    sizes = random.Random(0)
    for number in range(PICTURES):
        genre = "capriccio" if number % 4 == 0 else "veduta"
        size = sizes.randint(100, 900), sizes.randint(100, 900)
        body, path = picture_bytes(f"facade {number}", size), f"/images/{number}.jpg"
        museum.add(genre, f"Facade {number}", picture=body, path=path)
        museum.answers[path] = in_pieces(body)


def in_pieces(body):
    """Make a handler that sends a body in four pieces, a little apart."""

    def pieces():
        for start in range(0, len(body), len(body) // 4):
            yield body[start : start + len(body) // 4]
            time.sleep(0.002)

    return lambda request: Response(pieces(), content_type="image/jpeg")


def gathered(folder, museum):
    """The rows of a folder of gathered pictures, each of a whole picture as it is."""
    bodies = set(museum.pictures.values())
    for path in folder.glob("*.jpg"):
        assert path.read_bytes() in bodies, f"{path.name} is half a picture"
    rows = read_table(folder / "metadata.csv", "title")
    for row in rows:
        data = (folder / row["file_name"]).read_bytes()
        assert sha256(data).hexdigest() == row["sha256"], row["file_name"]
    return {row["file_name"] for row in rows}


def assert_all_gathered(folder, museum):
    """All pictures are there, the table names them, and nothing else was left."""
    names = gathered(folder, museum)
    assert len(names) == PICTURES
    assert {path.name for path in folder.iterdir()} == {*names, "metadata.csv", ".lock"}


def fill_folder(folder):
    """Write the pictures, and one file that is none, into a new folder."""
    folder.mkdir(parents=True)
    for number in range(PICTURES):
        body = picture_bytes(f"facade {number}", (300, 220), "PNG")
        (folder / f"{number:02d}.png").write_bytes(body)
    (folder / "notes.jpg").write_bytes(b"no picture")
    return folder


def contents(folder):
    """Every file under a folder with its bytes."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in paths}
