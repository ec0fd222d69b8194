"""A museum on this machine that lists its pictures as WikiArt does.

museum.add("veduta", "Piazza", artist="Canaletto")      # listed, served, decodes
museum.answers["/images/x.jpg"] = misbehaving_handler   # werkzeug: request -> Response
requests.get(museum.url + ...)                          # museum.requests logs all
"""

import io
import json
import random
import re
from contextlib import contextmanager
from types import SimpleNamespace

from PIL import Image
from pytest_httpserver import HTTPServer
from werkzeug import Response


class QuickServer(HTTPServer):
    """A server with a thread for each request, so that one may stall; stops at once."""

    def thread_target(self):
        self.server.serve_forever(poll_interval=0.01)


@contextmanager
def open_museum(page_size=60):
    """Open a museum on a free port of this machine."""
    with QuickServer("127.0.0.1", 0, threaded=True) as server:
        yield FakeMuseum(server, page_size)


class FakeMuseum:
    """Serves listings {genre or painter: [item]} and `pictures` {path: bytes}."""

    def __init__(self, server, page_size):
        self.url, self.page_size = server.url_for("").rstrip("/"), page_size
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
        years = range(1700, 1700 + count)
        return [self.add(genre, f"Facade {y - 1700}", year=str(y)) for y in years]

    def picture_paths(self):
        """The picture paths asked for, in order."""
        paths = [request.path for request in self.requests]
        return [path for path in paths if path.startswith("/images/")]

    def answer(self, request):
        """Log a request and answer it."""
        seen = {"arguments": dict(request.args), "headers": dict(request.headers)}
        self.requests.append(SimpleNamespace(path=request.path, **seen))
        if request.path in self.answers:
            return self.answers[request.path](request)
        if request.path.startswith("/en/") and "page" in request.args:
            return json_response(self.listing(request))
        if request.path in self.pictures:
            return Response(self.pictures[request.path], content_type="image/jpeg")
        return Response("not here", status=404)

    def listing(self, request):
        """Build the WikiArt page that a request asks for; null past the end."""
        first, second = request.path.removeprefix("/en/").split("/", 1)
        items = self.genres.get(second if first == "paintings-by-genre" else first, [])
        start = (int(request.args["page"]) - 1) * self.page_size
        page = items[start : start + self.page_size]
        return {"Paintings": page or None, "AllPaintingsCount": len(items)}


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


def sending(body, code=200, **headers):
    """Make a handler that sends a body, and may lie about it in `Content_Length=1`."""

    def answer(request):
        response = Response(body, status=code)
        for name, value in headers.items():
            response.headers[name.replace("_", "-")] = str(value)
        return response

    return answer


def first_then(handler, times, then):
    """Make a handler that does as one `times` times, and then as another."""
    handlers = iter([handler] * times)
    return lambda request: next(handlers, then)(request)
