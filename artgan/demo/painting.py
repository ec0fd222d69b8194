"""Thumbnails of seeds, and the picture between two of them."""

from typing import TYPE_CHECKING

from PIL import Image

from artgan.demo.markup import picture, told
from artgan.demo.models import Models
from artgan.demo.seeds import Photograph, latent_of, page_from
from artgan.paint.paint import paint_seeds, resample
from artgan.paint.walk import paint_between

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

THUMBNAIL = 128  # pixels a side


def thumbnails(
    model: "Model", first: str, truncation: float
) -> list[tuple[Image.Image, str]]:
    """A page of small pictures, each with its seed in words."""
    seeds = page_from(first)
    side = min(THUMBNAIL, model.config.size)
    pictures = paint_seeds(model, seeds, truncation)
    return [
        (resample(painted, side), f"seed {seed}")
        for seed, painted in zip(seeds, pictures, strict=True)
    ]


@told
def mixed_picture(
    models: Models,
    name: str,
    first: str,
    second: str,
    fraction: float,
    truncation: float,
    size: int,
    photographs: dict[str, Photograph],
) -> str:
    """The picture between two seeds, as HTML; size: 0 for the model's own."""
    model = models.open(name)
    start, end = (latent_of(model, text, photographs) for text in (first, second))
    painted = paint_between(model, start, end, fraction, truncation)
    image = resample(painted, size or model.config.size)
    words = describe_mix(told_seed(first), told_seed(second), fraction)
    file = f"{model.name}-{first}-{second}-{round(100 * fraction)}.png".replace(" ", "")
    return picture(image, f"Painted by {model.name}: {words}.", f"{words}.", file)


def told_seed(text: str) -> str:
    """A seed in words; a photograph has its own name."""
    text = str(text).strip()
    return text if text.lower().startswith("photo") else f"seed {text}"


def describe_mix(first: str, second: str, fraction: float) -> str:
    """What a mix is made of, in words."""
    if fraction in (0, 1):
        return second if fraction else first
    return (
        f"{round(100 * (1 - fraction))} % {first}, {round(100 * fraction)} % {second}"
    )
