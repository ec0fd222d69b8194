"""Sky, clouds, sun glow and distant hills."""

import numpy as np

from .noise import clouded, mix, smoothstep
from .palette import colour
from .relief import SCALE, SIZE


def grid(size=SIZE):
    """Return x and y of every point in finished pixels."""
    y, x = np.mgrid[: size * SCALE, : size * SCALE].astype(np.float32)
    return (x + 0.5) / SCALE, (y + 0.5) / SCALE


def graded(palette, horizon, side):
    """Grade from zenith to horizon, warmer where the sun stands."""
    x, y = grid()
    part = np.clip(y / horizon, 0, 1)
    sky = mix(colour(palette.zenith), colour(palette.horizon), part**1.25)
    sun = SIZE * (0.5 + side * 0.55)
    glow = np.exp(-(((x - sun) / 70) ** 2) - ((y - horizon) / 45) ** 2)
    return mix(sky, colour(palette.horizon) * np.array([1.05, 1.0, 0.9]), 0.7 * glow)


def cumulus(random, palette, sky, horizon, side, cover):
    """Pile up clouds, lit from the sun's side and shaded beneath."""
    shape = sky.shape[:2]
    _, y = grid()
    shapes = clouded(random, shape, 2.2, 4.0, 6, 0.55)
    higher = np.clip(y / horizon, 0, 1)
    density = shapes + 0.35 * np.sin(higher * np.pi * random.uniform(0.7, 1.3))
    edge = 0.62 - 0.9 * cover
    body = smoothstep(edge, edge + 0.28, density)
    reach = 26
    rows = np.clip(np.arange(shape[0]) - reach, 0, None)
    columns = np.clip(np.arange(shape[1]) + side * reach, 0, shape[1] - 1)
    toward = density[rows][:, columns]
    light = smoothstep(-0.35, 0.30, density - toward)
    tint = mix(colour(palette.cloud_dark), colour(palette.cloud_light), light)
    veil = 1 - 0.45 * smoothstep(0.75, 1.0, higher)
    return mix(sky, tint, body * veil * 0.94)


def streaks(random, palette, sky, horizon, cover):
    """Draw long thin clouds low over the land."""
    _, y = grid()
    density = clouded(random, sky.shape[:2], 1.2, 14, 4) + 0.25 * np.sin(y * 0.09)
    body = smoothstep(0.35 - cover * 0.5, 0.75, density)
    return mix(sky, colour(palette.cloud_light), 0.75 * body)


def hills(random, palette, picture, horizon):
    """Lay ranges of hills, the farther the nearer to the colour of the air."""
    x, y = grid()
    green = np.array([0.36, 0.45, 0.30]) * (np.array(palette.sun) + palette.shade) / 1.7
    ranges = random.integers(2, 4)
    for index in range(ranges):
        near = (index + 1) / ranges
        line = clouded(random, (1, SIZE * SCALE), 2.5 + 2 * index, 1, 4)[0]
        tall = random.uniform(5, 13) * (1.15 - 0.7 * near)
        top = horizon - tall * (0.75 + 0.6 * line)
        tone = mix(colour(palette.haze), green, 0.12 + 0.5 * near**2)
        tone = mix(tone, colour(palette.horizon), 0.35 * (1 - near))
        rough = clouded(random, y.shape, 20, 20, 3)
        shade = tone * (1 + 0.10 * rough[..., None])
        fade = mix(
            shade, colour(palette.horizon), 0.3 * smoothstep(0, 12, y - top[None])
        )
        picture = mix(picture, fade, smoothstep(-0.3, 0.3, y - top[None]))
    return picture


def moon(random, palette, sky, side):
    """Hang a full moon with its halo high on the side of the light."""
    x, y = grid()
    far = np.hypot(
        x - SIZE * (0.5 + side * random.uniform(0.2, 0.36)), y - random.uniform(14, 30)
    )
    sky = mix(sky, colour(palette.cloud_light), 0.45 * np.exp(-far / 14))
    return mix(sky, colour("#fdf3d4"), smoothstep(4.6, 4.2, far))


def paint_sky(random, palette, horizon, side):
    """Paint everything behind the garden, [h, w, 3] in about [0, 1]."""
    sky = graded(palette, horizon, side)
    cover = palette.cloudiness * random.uniform(0.6, 1.3)
    if random.random() < 0.6:
        sky = streaks(random, palette, sky, horizon, cover * 0.7)
    if random.random() < 0.85:
        sky = cumulus(random, palette, sky, horizon, side, cover)
    return hills(random, palette, sky, horizon)
