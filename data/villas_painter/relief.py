"""A relief: colour and height of every point, lit from one side like a model.

Coordinates are in pixels of the finished picture, x to the right and y downwards,
height towards the viewer; the arrays are SCALE times finer.
"""

import numpy as np
from PIL import Image, ImageDraw

SIZE = 128
SCALE = 4


def blurred(field, radius):
    """Average a field [h, w] over squares of a radius in finished pixels."""
    reach = max(1, round(radius * SCALE))
    for _ in range(2):
        field = np.swapaxes(field, 0, 1)
        padded = np.pad(field, ((reach + 1, reach), (0, 0)), "edge")
        total = np.cumsum(padded, 0, dtype=np.float64)
        field = (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)
    return field.astype(np.float32)


class Relief:
    """Arrays `albedo` [h, w, 3], `height`, `glow` and `covered` [h, w]."""

    def __init__(self, size=SIZE):
        self.side = size * SCALE
        self.albedo = np.zeros((self.side, self.side, 3), np.float32)
        self.height = np.zeros((self.side, self.side), np.float32)
        self.glow = np.zeros((self.side, self.side), np.float32)
        self.covered = np.zeros((self.side, self.side), bool)

    def window(self, left, top, right, bottom):
        """Return the slices of a rectangle and the x, y of its points."""
        edges = np.round(np.array([left, right, top, bottom]) * SCALE).astype(int)
        x0, x1, y0, y1 = np.clip(edges, 0, self.side)
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        return (slice(y0, y1), slice(x0, x1)), (x + 0.5) / SCALE, (y + 0.5) / SCALE

    def put(self, area, inside, colour, height, glow=0.0):
        """Lay colour and height on the points of an area that are inside."""
        if not inside.size:
            return
        shape = inside.shape
        colour = np.broadcast_to(colour, (*shape, 3))
        self.albedo[area][inside] = colour[inside]
        self.height[area][inside] = np.broadcast_to(height, shape)[inside]
        self.glow[area][inside] = np.broadcast_to(glow, shape)[inside]
        self.covered[area][inside] = True

    def box(self, left, top, right, bottom, colour, height, glow=0.0):
        """Lay a flat rectangle at one height."""
        area, x, _ = self.window(left, top, right, bottom)
        self.put(area, np.ones(x.shape, bool), colour, height, glow)

    def slab(self, middle, half, top, bottom, colour, height, glow=0.0):
        """Lay a flat rectangle that reaches `half` to both sides of its middle."""
        self.box(middle - half, top, middle + half, bottom, colour, height, glow)

    def gable(self, middle, half, base, rise, colour, height):
        """Lay an upright triangle."""
        points = [(middle - half, base), (middle, base - rise), (middle + half, base)]
        self.polygon(points, colour, height)

    def arch(self, left, top, right, bottom, colour, height, glow=0.0):
        """Lay a rectangle whose top is a half circle."""
        area, x, y = self.window(left, top, right, bottom)
        radius, centre = (right - left) / 2, (left + right) / 2
        rise = np.maximum(top + radius - y, 0)
        inside = (x - centre) ** 2 + rise**2 <= radius**2
        self.put(area, inside, colour, height, glow)

    def ball(self, centre, middle, radius, tall, colour, height, depth=None):
        """Lay an ellipse that swells by `depth` (its radius when not given)."""
        area, x, y = self.window(
            centre - radius, middle - tall, centre + radius, middle + tall
        )
        squared = ((x - centre) / radius) ** 2 + ((y - middle) / tall) ** 2
        swell = np.sqrt(np.clip(1 - squared, 0, 1)) * (
            radius if depth is None else depth
        )
        self.put(area, squared < 1, colour, height + swell)

    def cylinder(self, centre, top, bottom, profile, colour, height):
        """Lay an upright round body; profile(0 at foot .. 1 at top) is its radius."""
        reach = max(profile(np.linspace(0, 1, 20)))
        area, x, y = self.window(centre - reach, top, centre + reach, bottom)
        radius = profile(np.clip((bottom - y) / (bottom - top), 0, 1))
        squared = radius**2 - (x - centre) ** 2
        self.put(area, squared > 0, colour, height + np.sqrt(np.maximum(squared, 0)))

    def polygon(self, points, colour, height, slope=(0.0, 0.0)):
        """Lay a plane polygon: `height` at its first point, rising by `slope`."""
        points = np.asarray(points, np.float32)
        (left, top), (right, bottom) = points.min(0), points.max(0)
        area, x, y = self.window(left, top, right, bottom)
        if not x.size:
            return
        image = Image.new("1", x.shape[::-1])
        corner = np.array([area[1].start, area[0].start])
        ImageDraw.Draw(image).polygon(
            [tuple(point) for point in points * SCALE - corner - 0.5], fill=1
        )
        rise = slope[0] * (x - points[0, 0]) + slope[1] * (y - points[0, 1])
        self.put(area, np.asarray(image), colour, height + rise)

    def texture(self, amount):
        """Multiply the covered colours by 1 + amount, a field [h, w]."""
        self.albedo *= np.where(self.covered, 1 + amount, 1)[..., None]


class Site(Relief):
    """A relief under construction, with its source of chance and its colours."""

    def __init__(self, random, style):
        super().__init__()
        self.random = random
        self.style = style
