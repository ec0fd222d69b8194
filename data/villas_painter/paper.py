"""What brush and paper do to a picture: wobble, dabs, grain and a soft vignette."""

import numpy as np
from PIL import Image

from .noise import clouded, enlarge
from .relief import SCALE, SIZE


def displaced(picture, right, down):
    """Take every point from a place some (fractional) points away."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width]
    source_y = np.clip(np.round(y + down), 0, height - 1).astype(int)
    source_x = np.clip(np.round(x + right), 0, width - 1).astype(int)
    return picture[source_y, source_x]


def dabs(random, picture, wide, tall, reach):
    """Break a picture into brush dabs of about wide x tall finished pixels."""
    shape = picture.shape[:2]
    cells = (int(SIZE / tall), int(SIZE / wide))
    near = Image.Resampling.NEAREST
    wander = clouded(random, shape, 10, 10, 3) * wide * SCALE * 0.7
    right, down = (
        displaced(
            enlarge(random.normal(0, reach * SCALE, cells), shape, near),
            wander,
            wander.T,
        )
        for _ in range(2)
    )
    return displaced(picture, right, down)


def wobble(random, picture, reach):
    """Let straight lines tremble as a hand does."""
    shape = picture.shape[:2]
    right, down = (clouded(random, shape, 9, 9, 3) * reach * SCALE for _ in range(2))
    return displaced(picture, right, down)


def pigment(random, picture, strength):
    """Vary the washes: pale and strong places, a little warmer or cooler."""
    shape = picture.shape[:2]
    wash = clouded(random, shape, 5, 5, 4, 0.55)[..., None]
    warm = clouded(random, shape, 4, 4, 4, 0.6)[..., None] * np.array([1.0, 0.1, -1.0])
    return picture * (1 + strength * (wash + 0.5 * warm))


def vignette(picture, strength):
    """Darken the corners softly."""
    y, x = np.mgrid[-1 : 1 : picture.shape[0] * 1j, -1 : 1 : picture.shape[1] * 1j]
    far = np.clip((x**2 + y**2) / 2, 0, 1) ** 1.6
    return picture * (1 - strength * far[..., None])


def toned(picture):
    """Bend lights softly into white and give the middle tones contrast."""
    bright = np.clip(picture, 0, None)
    soft = np.where(bright > 0.8, 0.8 + 0.2 * np.tanh((bright - 0.8) / 0.2), bright)
    return np.clip(soft + 0.10 * np.sin(2 * np.pi * (soft - 0.5)) * 0.35, 0, 1)


def finished(random, picture):
    """Shrink to the finished size and lay the paper's grain: uint8 [SIZE, SIZE, 3]."""
    picture = toned(vignette(pigment(random, picture, 0.07), 0.20))
    image = Image.fromarray((picture * 255).astype(np.uint8))
    small = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.LANCZOS), np.float32)
    grain = random.normal(0, 1, (SIZE, SIZE))
    grain = grain + np.roll(grain, 1, 0) + np.roll(grain, 1, 1)
    small = small * (1 + 0.009 * grain[..., None])
    return np.clip(np.round(small), 0, 255).astype(np.uint8)
