"""Damage to files, drawn from a seed, at every kind of place in them."""

import pickle
from pathlib import Path

KINDS = ("flip", "ones", "zeros", "noise", "lost", "doubled", "cut")


class Trap:
    """What makes a file, should anybody unpickle it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def trap(path, protocol):
    """A pickle that makes a file where it is read."""
    return pickle.dumps(Trap(path), protocol)


def damaged(draw, data, kind, start, end):
    """Damage bytes at a drawn place from start to end, which is not itself in it."""
    place, length = draw.randrange(start, end), draw.choice([1, 2, 8, 9, 40])
    piece = data[place : place + length]
    changed = {
        "flip": bytes([piece[0] ^ 1 << draw.randrange(8)]) + piece[1:],
        "ones": b"\xff" * len(piece),
        "zeros": bytes(len(piece)),
        "noise": draw.randbytes(len(piece)),
        "lost": b"",
        "doubled": piece + piece,
    }
    after = data[place + len(piece) :]
    return data[:place] + (b"" if kind == "cut" else changed[kind] + after)


def damages(draw, data, places):
    """Yield (what was done, the damaged bytes) for a file.

    places: {name: (start, end)}; each is damaged in each way, and the file as a whole.
    """
    for place, (start, end) in places.items():
        for kind in KINDS:
            yield f"{kind} in {place}", damaged(draw, data, kind, start, end)
    yield "emptied", b""
    yield "longer", data + draw.randbytes(draw.randint(1, 99))
    yield "another file", draw.randbytes(len(data))
