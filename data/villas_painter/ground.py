"""What lies before the villa: lawn, gravel, piazza or water."""

import numpy as np

from .noise import clouded, mix, smoothstep
from .palette import LAWNS, SANDS, colour, pick
from .relief import SCALE, SIZE
from .sky import grid


def sunlit(palette, tone, part=1.0):
    """Colour a level ground in the sun (part 1) or in the shade (part 0)."""
    return tone * mix(np.array(palette.shade), np.array(palette.sun), part)


def depths(horizon):
    """Return x, y and the distance of level ground (1 at the bottom edge)."""
    x, y = grid()
    below = np.clip(y - horizon, 0.2, None)
    return x, y, (SIZE - horizon) / below


def rough(random, far, strength):
    """Brush strokes on the ground that grow towards the viewer."""
    shape = far.shape
    fine = clouded(random, shape, 26, 60, 3)
    wide = clouded(random, shape, 3, 14, 3)
    return 1 + strength * (fine / np.clip(far, 1, 4) ** 0.5 + 1.3 * wide)


def sunbands(random, strength=0.5):
    """Bands of sun and shadow across the ground, darkest at the near edge."""
    x, y = grid()
    waver = clouded(random, y.shape, 4, 6, 4) * 4
    near = smoothstep(SIZE - random.uniform(7, 16), SIZE - 1, y + waver)
    soft = smoothstep(0.2, 0.8, clouded(random, y.shape, 2, 10, 3))
    return 1 - strength * np.clip(near + 0.45 * soft, 0, 1)


def path(axis, horizon, base, half, x, y):
    """Return the mask of a straight path that widens towards the viewer."""
    widen = np.clip((y - horizon) / (base - horizon), 0, None)
    return smoothstep(0.4, -0.4, np.abs(x - axis) - half * widen)


def lawn(random, palette, axis, horizon, base):
    """Paint grass with a gravel path and forecourt: [h, w, 3]."""
    x, y, far = depths(horizon)
    green, sand = pick(random, LAWNS), pick(random, SANDS)
    near = smoothstep(horizon, SIZE, y)
    tone = mix(green * np.array([1.12, 1.06, 0.9]), green * 0.86, near)
    tone = tone * rough(random, far, 0.10)[..., None]
    if random.random() < 0.4:
        stripes = np.sin((x - axis) / (y - horizon + 1.5) * 9)
        tone = tone * (1 + 0.07 * smoothstep(-0.3, 0.3, stripes))[..., None]
    gravel = sand * rough(random, far, 0.05)[..., None]
    shape = path(axis, horizon, base, random.uniform(3, 6), x, y)
    verge = path(axis, horizon, base, 8.5, x, y)
    tone = mix(tone, tone * 0.9, verge * 0.5)
    tone = mix(tone, gravel, shape if random.random() < 0.75 else shape * 0)
    forecourt = smoothstep(base + 4.0, base + 3.0, y)
    tone = mix(tone, gravel, forecourt)
    return sunlit(palette, tone, sunbands(random)[..., None])


def piazza(random, palette, axis, horizon, base):
    """Paint a paved square with bands that meet at the vanishing point."""
    x, y, far = depths(horizon)
    tone = pick(random, SANDS) * rough(random, far, 0.07)[..., None]
    across = (x - axis) / (y - horizon + 0.6) * random.uniform(1.0, 2.0)
    rays = np.abs((across + 0.5) % 1 - 0.5)
    rows = np.abs((far * random.uniform(1.5, 2.6)) % 1 - 0.5)
    clear = 1 / np.clip(far * 0.6, 1, 9)
    if random.random() < 0.5:
        checks = (rays < 0.25) ^ (rows < 0.25)
        tone = mix(tone, tone * 0.8, checks * clear)
    else:
        line = smoothstep(0.08, 0.05, np.minimum(rays, rows * 1.4))
        tone = mix(tone, colour("#fbf4e2"), 0.75 * line * clear)
    return sunlit(palette, tone, sunbands(random)[..., None])


def reflected(random, palette, picture, shore):
    """Turn everything below the shore (in finished pixels) into rippling water."""
    row = int(shore * SCALE)
    shape = (picture.shape[0] - row, picture.shape[1])
    drop = np.arange(shape[0])[:, None]
    near = drop / shape[0]
    ripple = clouded(random, shape, 7, 34, 3)
    source = np.clip(
        row - 1 - drop * 1.05 + ripple * (2 + near * 26), 0, row - 1
    ).astype(int)
    across = np.arange(shape[1]) + ripple * (1 + near * 12)
    mirror = picture[source, np.clip(across, 0, shape[1] - 1).astype(int)]
    water = mix(colour(palette.zenith), colour(palette.haze), 0.35) * np.array(
        [0.62, 0.84, 0.80]
    )
    body = mix(mirror * 0.92, water, 0.22 + 0.34 * near + 0 * ripple)
    glint = smoothstep(0.30, 0.75, clouded(random, shape, 5, 40, 3)) * (
        0.2 + 0.4 * near
    )
    result = picture.copy()
    result[row:] = mix(body, mix(colour(palette.horizon), mirror, 0.3), 0.7 * glint)
    result[row - 3 : row] = mix(result[row - 3 : row], np.array(palette.sun), 0.5)
    result[row : row + 10] *= 0.62
    return result
