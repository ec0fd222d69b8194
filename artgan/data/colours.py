"""From the colours of any file to eight-bit RGB."""

import io

import numpy as np
from PIL import Image, ImageCms

DEPTHS = (1, 255, 1023, 4095, 16383, 65535)  # white in 1, 8, 10, 12, 14 and 16 bits


def as_rgb(picture: Image.Image) -> Image.Image:
    """Convert a PIL image of any mode to RGB; an sRGB one if it holds a profile."""
    profile = picture.info.get("icc_profile")
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        picture = scale_grey(picture)
    if picture.has_transparency_data:
        picture = lay_on_background(picture.convert("RGBA"))
    if profile and b"sRGB" not in profile:
        picture = to_srgb(picture, profile)
    return picture.convert("RGB")


def scale_grey(picture: Image.Image) -> Image.Image:
    """Bring a grey image of any range to 0..255.

    White is that of the smallest usual depth that holds the brightest value; where less
    than an eighth of that range is used, the values are stretched to all of it.
    """
    values = np.asarray(picture, np.float32)
    values = np.where(np.isfinite(values), values, 0)
    darkest, brightest = values.min(), values.max()
    white = next(most for most in (*DEPTHS, brightest) if brightest <= most)
    black = min(darkest, 0)
    if 0 < brightest - darkest < (white - black) / 8:
        black, white = darkest, brightest
    return Image.fromarray(np.uint8((values - black).clip(0) * (255 / (white - black))))


def lay_on_background(picture: Image.Image) -> Image.Image:
    """Lay an RGBA image on white; on black if what is visible is nearly white."""
    small = np.asarray(picture.resize((32, 32), Image.Resampling.BOX), np.float32)
    alpha = small[..., 3:] / 255
    brightness = (small[..., :3] * alpha).sum() / (3 * alpha.sum() + 1e-6)
    background = Image.new(
        "RGBA", picture.size, "black" if brightness > 208 else "white"
    )
    return Image.alpha_composite(background, picture).convert("RGB")


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert from the colours of an ICC profile (bytes) to sRGB, if it is sound."""
    if picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        made = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        return made or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
