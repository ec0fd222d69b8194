"""Light on a relief: slopes, cast shadows, dim corners and light from the ground."""

import numpy as np

from .noise import mix, smoothstep
from .palette import colour
from .relief import SCALE, blurred

REACH = 12.0  # the longest cast shadow in finished pixels


def shifted(field, down, right, fill):
    """Move a field by whole points; what enters at the border is `fill`."""
    moved = np.full_like(field, fill)
    target = field.shape[0] + min(down, 0), field.shape[1] + min(right, 0)
    source = field.shape[0] + min(-down, 0), field.shape[1] + min(-right, 0)
    moved[max(down, 0) : target[0], max(right, 0) : target[1]] = field[
        max(-down, 0) : source[0], max(-right, 0) : source[1]
    ]
    return moved


def cast_shadows(relief, direction):
    """Find the points in shadow; light falls along direction (x, y, 1 deep)."""
    far = np.float32(-1e3)
    standing = np.where(relief.covered, relief.height, far)
    shadow = np.zeros(standing.shape, bool)
    for step in range(1, int(REACH * SCALE)):
        right, down = (round(step * part) for part in direction)
        screen = shifted(standing, down, right, far)
        shadow |= screen > standing + (step + 1) / SCALE
    return shadow & relief.covered


def slopes(relief):
    """Return the unit normals' x, y, z of a relief, steep edges softened."""
    down, right = np.gradient(relief.height * SCALE)
    right, down = np.clip(right, -1.6, 1.6), np.clip(down, -1.6, 1.6)
    length = np.sqrt(right**2 + down**2 + 1)
    return -right / length, -down / length, 1 / length


def corners(relief, radius):
    """Dimming in [0, 1] where the neighbourhood stands higher."""
    covered = relief.covered.astype(np.float32)
    mean = blurred(relief.height * covered, radius) / (blurred(covered, radius) + 1e-3)
    return np.clip((mean - relief.height) / (radius * 2.5), 0, 1) * covered


def lit(relief, palette, direction, sunshine=1.0):
    """Return the relief's colours [h, w, 3] in the light of a palette."""
    across, up, forward = slopes(relief)
    toward = np.array([-direction[0], -direction[1], 1.0])
    facing = across * toward[0] + up * toward[1] + forward
    facing = np.clip(facing, 0, 1.45)
    shadow = blurred(cast_shadows(relief, direction).astype(np.float32), 0.25)
    sun, shade = np.array(palette.sun), np.array(palette.shade)
    bounce = shade * np.array([1.35, 1.12, 0.86])
    low = np.linspace(0, 1, relief.side)[:, None] ** 2
    ambient = mix(shade, bounce, np.clip(0.55 * low + 0.5 * up, 0, 1))
    ambient = ambient * (1 - 0.55 * corners(relief, 2.0)[..., None])
    slant = (
        np.linspace(1.07, 0.93, relief.side)
        if direction[0] > 0
        else np.linspace(0.93, 1.07, relief.side)
    )
    direct = (sun - shade) * (facing * slant * (1 - shadow) * sunshine)[..., None]
    lamp = relief.glow[..., None] * np.array([1.05, 0.78, 0.34])
    colours = relief.albedo * (ambient + direct) + lamp
    far = 0.62 * smoothstep(-12, -44, relief.height)
    return mix(colours, colour(palette.haze), far)
