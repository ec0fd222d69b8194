"""Learn and make art with a GAN on a few hundred pictures.

    import artgan
    pictures = artgan.load("flowers").generate(seeds=range(8), size=256)

Importing this loads nothing else; each name loads what it needs when it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from artgan.api import evaluate, load, save_animation, save_grid, train
    from artgan.data.dataset import Dataset
    from artgan.gan.config import Config, preset
    from artgan.system.errors import ArtganError

__version__ = "0.1.0"
__all__ = ["ArtganError", "Config", "Dataset", "__version__", "evaluate", "load"]
__all__ += ["preset", "save_animation", "save_grid", "train"]
PLACES = {"ArtganError": "system.errors", "Dataset": "data.dataset"}
PLACES |= {"Config": "gan.config", "preset": "gan.config"}  # the others: api


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"artgan.{PLACES.get(name, 'api')}")
    return globals().setdefault(name, getattr(module, name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
