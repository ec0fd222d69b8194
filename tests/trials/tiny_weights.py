"""What is done to small weights, as functions that a trial's process can do."""

import re
import time
from functools import partial

import numpy as np
from trials.killing import command
from werkzeug import Response

from artgan.gather.network import session as session_module
from artgan.storage import fetch as fetch_module
from artgan.storage.catalogue import add_to_catalogue, find_model
from artgan.storage.publishing import write_weights

NAME = "roses"
FACTS = {"licence": "CC0-1.0"}
PIECE = 8192


class Shop:
    """Weights that lie on a server and in the catalogue, to be fetched from there."""

    def __init__(self, museum, folder):
        self.museum = museum
        publish(folder, 5, museum.url)
        paths = [path for path in (folder / NAME).iterdir() if path.name[0] != "."]
        self.files = {path.name: path.read_bytes() for path in paths}
        self.catalogue = (folder / "catalogue.json").read_bytes()

    def serve(self, resumable=True):
        """Send each file in small pieces; resumable: from where a Range begins."""
        for name, body in self.files.items():
            self.museum.answers[f"/{name}"] = dripping(body, resumable)

    def open(self, checkpoints):
        """Begin a folder that has the catalogue and none of the files."""
        (checkpoints / NAME).mkdir(parents=True)
        (checkpoints / "catalogue.json").write_bytes(self.catalogue)
        return checkpoints

    def assert_no_half_file(self, folder):
        """What bears a file's name is the file, and what is partial its beginning."""
        for name, body in self.files.items():
            if (folder / name).exists():
                assert (folder / name).read_bytes() == body, f"{name} is half a file"
            partial = folder / f"{name}.part"
            assert not partial.exists() or body.startswith(partial.read_bytes())

    def assert_fetched(self, folder):
        """All files are there, and nothing else."""
        kept = {path.name for path in folder.iterdir()}
        assert kept == {*self.files, ".lock"}
        self.assert_no_half_file(folder)


def dripping(body, resumable):
    """Make a handler that sends a body in pieces, a little apart."""

    def answer(request):
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(match[1]) if match and resumable else 0

        def pieces():
            for first in range(start, len(body), PIECE):
                yield body[first : first + PIECE]
                time.sleep(0.004)

        response = Response(pieces(), status=206 if start else 200)
        response.headers["Content-Length"] = str(len(body) - start)
        if start:
            last = len(body) - 1
            response.headers["Content-Range"] = f"bytes {start}-{last}/{len(body)}"
        return response

    return answer


def fetch(checkpoints):
    """Fetch the weights, without the shortest delay, so that kills hit the work."""
    session_module.SHORTEST_DELAY = 0.0
    files = find_model(NAME, checkpoints)[1]["files"].values()
    here = [address for file in files for address in file["addresses"]]
    polite = partial(session_module.polite_session, trusted=here)
    fetch_module.polite_session = polite
    return command("weights", "fetch", NAME, "--checkpoints", checkpoints)


def networks(seed):
    """Named arrays for two networks, other ones for each seed."""
    draw = np.random.default_rng(seed)
    sides = {"generator": 240, "discriminator": 160}
    return {
        name: {
            "dense/kernel": draw.normal(size=[side, side]).astype(np.float16),
            "dense/bias": np.float16([seed]),
        }
        for name, side in sides.items()
    }


def publish(checkpoints, seed, url="http://127.0.0.1"):
    """Publish the networks of a seed, and enter them in the catalogue."""
    folder = checkpoints / NAME
    write_weights(folder, networks(seed), {"size": 16 + seed}, seed, FACTS)
    add_to_catalogue(folder, ["rose"], [f"{url}/"])
    return 0
