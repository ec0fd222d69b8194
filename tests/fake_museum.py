"""A museum on this machine that speaks WikiArt's and Cleveland's listings.

The fixture `museum` in conftest.py opens one for a test.

museum.add("veduta", "Piazza", artist="Canaletto")      # listed, served, decodes
museum.answers["/images/x.jpg"] = misbehaving_handler   # werkzeug: request -> Response
requests.get(museum.url + ...)                          # museum.requests logs all
"""

import io
import json
import random
import re
import socket
import struct
import time
from contextlib import contextmanager
from types import SimpleNamespace

from PIL import Image
from pytest_httpserver import HTTPServer
from werkzeug import Response


class QuickServer(HTTPServer):
    """A server with a thread for each request, so that one may stall; stops at once."""

    def thread_target(self):
        """Serve until stopped."""
        self.server.serve_forever(poll_interval=0.01)


@contextmanager
def open_museum(page_size=60):
    """Open a museum on a free port of this machine."""
    with QuickServer("127.0.0.1", 0, threaded=True) as server:
        yield FakeMuseum(server, page_size)


class FakeMuseum:
    """Serves listings {genre or painter: [item]} and `pictures` {path: bytes}.

    `answers` {path: handler} come first; a handler takes a werkzeug request.
    `page_size` is WikiArt's 60 unless a test wants short pages.
    """

    def __init__(self, server, page_size=60):
        self.url = server.url_for("").rstrip("/")
        self.page_size = page_size
        self.genres, self.pictures, self.answers = {}, {}, {}
        self.requests = []
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def add(self, genre, title, artist="Anna Ancher", picture=None, path=None, year=""):
        """List a painting under a genre and serve it; return its item."""
        name = re.sub("[^a-z0-9]+", "-", f"{artist} {title}".lower())[:80]
        path = path or f"/images/{name}.jpg"
        self.pictures[path] = picture or picture_bytes(title)
        item = {"title": title, "year": year or None, "artistName": artist}
        item |= {"image": self.url + path, "paintingUrl": f"/en/{name}", "albums": None}
        self.genres.setdefault(genre, []).append(item)
        return item

    def add_many(self, genre, count):
        """List and serve `count` different facades."""
        return [
            self.add(genre, f"Facade {n}", year=str(1700 + n)) for n in range(count)
        ]

    def paths(self):
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    def picture_paths(self):
        """The picture paths asked for, in order."""
        return [path for path in self.paths() if path.startswith("/images/")]

    def answer(self, request):
        """Log a request and answer it."""
        seen = {"arguments": dict(request.args), "headers": dict(request.headers)}
        now = time.monotonic()
        self.requests.append(SimpleNamespace(path=request.path, time=now, **seen))
        if request.path in self.answers:
            return self.answers[request.path](request)
        if request.path.startswith("/en/") and "page" in request.args:
            return json_response(self.listing(request))
        if request.path == "/api/artworks/":
            return json_response(self.cleveland(request))
        if request.path in self.pictures:
            return Response(self.pictures[request.path], content_type="image/jpeg")
        return Response("not here", status=404)

    def listing(self, request):
        """Build the WikiArt page that a request asks for; null past the end."""
        first, second = request.path.removeprefix("/en/").split("/", 1)
        items = self.genres.get(second if first == "paintings-by-genre" else first, [])
        start = (int(request.args["page"]) - 1) * self.page_size
        return wikiart_page(items[start : start + self.page_size], len(items))

    def cleveland(self, request):
        """Build the Cleveland page that a request asks for."""
        items = self.genres.get(request.args["q"], [])
        skip, limit = int(request.args["skip"]), int(request.args["limit"])
        return {"data": [cleveland_item(item) for item in items[skip : skip + limit]]}


def wikiart_page(items, total=0):
    """Put items into the envelope that WikiArt sends."""
    counts = {"AllPaintingsCount": total, "PageSize": 60}
    return {"ArtistsHtml": None, "Paintings": items or None, "Artists": None, **counts}


def cleveland_item(item):
    """Put an item into the form that the Cleveland Museum sends."""
    creator = f"{item['artistName']} (Danish, 1859–1935)"
    return {
        "title": item["title"],
        "creators": [{"description": creator, "death_year": "1935"}],
        "creation_date": item["year"],
        "share_license_status": item.get("license", "CC0"),
        "type": "Painting",
        "url": "https://clevelandart.org/art/1",
        "images": {"web": {"url": item["image"], "width": "160", "height": "120"}},
    }


def json_response(page):
    """Answer with JSON."""
    return Response(json.dumps(page), content_type="application/json")


def picture_bytes(seed="facade", size=(160, 120), kind="JPEG"):
    """Paint a small facade, different for each seed, as the bytes of a file."""
    draw = random.Random(repr(seed))
    colours = [tuple(draw.randbytes(3)) for _ in range(3)]
    image, (width, height) = Image.new("RGB", size, colours[0]), size
    image.paste(colours[1], (width // 5, height // 3, 4 * width // 5, height))
    image.paste(colours[2], (2 * width // 5, height // 2, 3 * width // 5, height))
    file = io.BytesIO()
    image.save(file, kind, quality=92)
    return file.getvalue()


def html_page(request):
    """Answer with a page for people where data was asked for."""
    return Response("<!doctype html><title>Sorry</title>", content_type="text/html")


def status(code, **headers):
    """Make a handler that always answers with a status; headers as `Retry_After=1`."""
    return lambda request: Response("no", status=code, headers=spelt(headers))


def sending(body, content_type="image/jpeg", **headers):
    """Make a handler that sends a body, and may lie about it in a header."""

    def answer(request):
        response = Response(body, content_type=content_type)
        response.headers.update(spelt(headers))
        return response

    return answer


def spelt(headers):
    """Headers as they are sent: `Retry_After=1` is {"Retry-After": "1"}."""
    return {name.replace("_", "-"): str(value) for name, value in headers.items()}


def first_then(handler, times, then):
    """Make a handler that does as one `times` times, and then as another."""
    handlers = iter([handler] * times)
    return lambda request: next(handlers, then)(request)


def reset_after(body):
    """Make a handler that breaks the connection in the middle of `body`."""

    def pieces(wire):
        yield body[: len(body) // 2]
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.close()
        raise ConnectionResetError

    def answer(request):
        headers = {"Content-Length": str(len(body))}
        return Response(pieces(request.environ["werkzeug.socket"]), headers=headers)

    return answer
