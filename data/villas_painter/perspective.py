"""Wings that come forward: a frontal drawing turned into a receding wall."""

import numpy as np

from .building import wing
from .relief import SCALE, SIZE, Site


def receding(site, drawing, far, near, length, horizon, growth):
    """Stand a drawing as a wall from far to near (x), `growth` times taller there.

    The drawing begins at x = 0 at its far end and is `length` long; straight lines
    of a wall seen in perspective shrink in proportion to the distance from its
    vanishing point, so the scale is linear in x and the depth goes with its inverse.
    """
    left, right = max(min(far, near), 0), min(max(far, near), SIZE)
    area, x, y = site.window(left, 0, right, SIZE)
    scale = 1 + (growth - 1) * (x - far) / (near - far)
    along = length * (1 - 1 / scale) / (1 - 1 / growth)
    up = horizon + (y - horizon) / scale
    column = np.clip(along * SCALE, 0, drawing.side - 1).astype(int)
    row = np.clip(up * SCALE, 0, drawing.side - 1).astype(int)
    inside = drawing.covered[row, column] & (up > 0) & (up < SIZE)
    tilt = 0.75 * abs(far - x) + drawing.height[row, column]
    site.put(area, inside, drawing.albedo[row, column], tilt, drawing.glow[row, column])


def court(site, plan, horizon):
    """Frame a court with two equal wings that come towards the viewer."""
    drawing = Site(site.random, site.style)
    length, growth = 60.0, site.random.uniform(1.7, 2.3)
    wing(drawing, plan, length / 2, length / 2, 0.0)
    for side in (-1, 1):
        far = plan.axis + side * (plan.half + site.random.uniform(0, 2))
        receding(site, drawing, far, far + side * 46, length, horizon, growth)
