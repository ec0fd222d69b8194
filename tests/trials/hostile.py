"""A museum that misbehaves by a script, which follows from a seed alone.

Every answer of it is good, or in trouble for a while, or in trouble for ever.
"""

import gzip
import io
import json
import random
import socket
import struct
import time
from dataclasses import dataclass, field

from fake_museum import (
    api_limit,
    dripping,
    html_page,
    json_response,
    picture_bytes,
    reset_after,
    sending,
    status,
    wikiart_page,
)
from PIL import Image
from werkzeug import Response

TITLES = (
    "Piazza San Marco",
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "C:\\Windows\\con",
    "CON",
    "nul.jpg",
    "The \"House\" of 'Cards'",
    "🎨🖼️" * 40,
    "x" * 300,
    "two\nlines\r\tand\x00none",
    "\ud800 half",
    "",
    None,
    "=1+1",
    "%2e%2e%2f",
    "Вечер",
)

SLOW = "the server took too long"
BROKEN = ("the connection broke off", "no connection to the server")
NO_PICTURE = "it does not decode as a picture"


def redirect(place):
    """Send somewhere else, with a page for people as the body."""
    return lambda request: Response(
        "<html>moved</html>", status=302, headers={"Location": place or request.path}
    )


def stall(request):
    """Answer when nobody waits any more."""
    time.sleep(0.6)
    return Response("too late")


def hang_up(request):
    """Reset the connection before the first byte of an answer."""
    wire = request.environ["werkzeug.socket"]
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()
    raise ConnectionResetError


def packed(body, kind="application/json"):
    """Send a body through gzip."""
    headers = {"Content-Encoding": "gzip", "Content-Type": kind}
    return lambda request: Response(gzip.compress(body), headers=headers)


def bomb():
    """A PNG of a few kilobytes that unpacks to 90 million pixels."""
    file = io.BytesIO()
    Image.new("1", (9_000, 10_000)).save(file, "PNG")
    return file.getvalue()


NOT_GZIP = Response(b"no gzip", headers={"Content-Encoding": "gzip"})
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOMB = bomb()

# What can go wrong with any address, for a while or for ever: the handler, and the
# reasons that may be given for it (a slow machine may give up before it comes to that).
TROUBLES = {
    "429": (status(429), ("HTTP 429, the server asks to go slower",)),
    "429 and how long": (
        status(429, Retry_After=1),
        ("HTTP 429, the server asks to go slower",),
    ),
    "429 till a date": (
        status(429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
        ("HTTP 429, the server asks to go slower",),
    ),
    "403": (status(403), ("HTTP 403, the server refuses",)),
    "500": (api_limit, ("HTTP 500, the server failed or its hourly limit is spent",)),
    "503": (status(503, Retry_After="soon"), ("HTTP 503, the server is busy",)),
    "page": (html_page, (NO_PICTURE,)),
    "error page": (redirect("/error"), (NO_PICTURE,)),
    "loop": (
        redirect(None),
        ("the server sends from one address to the next without end",),
    ),
    "reset": (reset_after(bytes(90_000)), BROKEN),
    "reset at once": (hang_up, BROKEN),
    "stall": (stall, (SLOW, *BROKEN)),
    "drip": (dripping(), (SLOW,)),
    "too long a length": (sending(picture_bytes(), length=90_000), BROKEN),
    "too short a length": (sending(picture_bytes(), length=900), (NO_PICTURE,)),
    "not gzip": (
        lambda request: NOT_GZIP,
        ("the address or the answer is malformed (ContentDecodingError)",),
    ),
    "empty": (sending(b""), (NO_PICTURE,)),
}
BAD_BYTES = {
    "bomb": (sending(BOMB), ("it has more than 80,000,000 pixels",)),
    "svg": (sending(SVG, "image/svg+xml"), (NO_PICTURE,)),
    "cut": (sending(picture_bytes()[:-400]), (NO_PICTURE,)),
    "too large": (
        sending(bytes(20_000_001)),
        ("larger than 20,000,000 bytes",),
    ),
}
LISTING_TROUBLES = {
    "cut": sending(json.dumps(wikiart_page([{"image": "/a.jpg"}]))[:60]),
    "null": lambda request: json_response({"Paintings": None}),
    "text": lambda request: json_response({"Paintings": "none"}),
    "a list": lambda request: json_response([1, 2]),
    "deep": sending(b"[" * 100_000),
}


@dataclass
class Picture:
    """A picture of the script, and why it can never be had: () for a good one."""

    address: str
    reasons: tuple = ()


@dataclass
class Script:
    """What one seed makes of a museum."""

    museum: object
    random: random.Random
    genres: list = field(default_factory=list)
    pictures: dict = field(default_factory=dict)  # address: Picture
    pages: dict = field(default_factory=dict)  # (genre, number): [item]
    lost_pages: set = field(default_factory=set)
    waits: set = field(default_factory=set)  # the stamps of requests told to wait
    troubles: int = 0


def write_script(museum, seed):
    """Fill a museum by a seed; return its Script."""
    script = Script(museum, random.Random(seed))
    for number in range(script.random.randint(1, 3)):
        add_genre(script, f"genre-{number}")
    museum.answers["/error"] = html_page
    return script


def add_genre(script, genre):
    """List good, bad and doubled pictures under a genre, on pages that may fail."""
    draw, museum = script.random, script.museum
    script.genres.append(genre)
    items = [add_picture(script, genre, n) for n in range(draw.randint(2, 7))]
    everywhere = [item for page in script.pages.values() for item in page]
    items += draw.choices(items + everywhere, k=draw.randint(0, 4))
    draw.shuffle(items)
    size = draw.randint(1, 4)
    pages = [items[start : start + size] for start in range(0, len(items), size)]
    handlers = [page_handler(script, page) for page in pages]
    for number, page in enumerate(pages, start=1):
        script.pages[genre, number] = page
    if draw.random() < 0.2:
        kind = draw.choice(sorted(TROUBLES | LISTING_TROUBLES))
        lost = draw.randrange(len(pages))
        handlers[lost] = listing_trouble(script, kind)
        script.lost_pages.add((genre, lost + 1))
    endless = draw.random() < 0.25

    def answer(request):
        number = int(request.args["page"])
        if number > len(handlers):
            return handlers[-1](request) if endless else json_response(wikiart_page([]))
        return handlers[number - 1](request)

    museum.answers[f"/en/paintings-by-genre/{genre}"] = answer


def add_picture(script, genre, number):
    """Add a good or a bad picture with a difficult title; return its item."""
    draw, museum = script.random, script.museum
    path = f"/images/{genre}-{number}.jpg"
    address = museum.url + path + draw.choice(["", "", "!Large.jpg"])
    body = picture_bytes(f"{genre} {number}")
    good = draw.choice([sending(body), packed(body, "image/jpeg")])
    if draw.random() < 0.3:
        pool = TROUBLES | BAD_BYTES
        kind = draw.choice(sorted(pool))
        handler, reasons = pool[kind]
        script.pictures[address] = Picture(address, reasons)
        museum.answers[path] = noting(script, kind, handler)
    else:
        script.pictures[address] = Picture(address)
        museum.answers[path] = after_troubles(script, good)
    return {
        "title": draw.choice(TITLES),
        "artistName": draw.choice(["Canaletto", "../..", "aux", None, 'A "B" C']),
        "year": draw.choice(["1730", 1730, None]),
        "image": address,
        "paintingUrl": "/en/a/b",
    }


def page_handler(script, items):
    """Answer with a listing page, plain or packed, perhaps after troubles."""
    body = json.dumps(wikiart_page(items, 99)).encode()
    good = script.random.choice([sending(body, "application/json"), packed(body)])
    return after_troubles(script, good, LISTING_TROUBLES)


def listing_trouble(script, kind):
    """The handler of one kind of trouble with a listing page."""
    if kind in LISTING_TROUBLES:
        return LISTING_TROUBLES[kind]
    return noting(script, kind, TROUBLES[kind][0])


def after_troubles(script, good, more=()):
    """Misbehave none to three times, in ways of the script, and then be good."""
    count = script.random.choice([0, 0, 0, 1, 1, 2, 3])
    kinds = script.random.choices(sorted({*TROUBLES, *more}), k=count)
    script.troubles += count
    handlers = [listing_trouble(script, kind) for kind in kinds]

    def answer(request):
        return (handlers.pop(0) if handlers else good)(request)

    return answer


def noting(script, kind, handler):
    """Note which requests are asked to wait, so that it can be checked."""
    if "429 " not in kind:
        return handler

    def answer(request):
        script.waits.add(request.headers["X-Sent"])
        return handler(request)

    return answer
