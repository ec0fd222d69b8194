from artgan.api import evaluate, load, save_animation, save_grid
from artgan.api import train_model as train
from artgan.data.dataset import Dataset
from artgan.gan.config import Config, preset
from artgan.system.errors import ArtganError

__all__ = [
    "ArtganError",
    "Config",
    "Dataset",
    "__version__",
    "evaluate",
    "load",
    "preset",
    "save_animation",
    "save_grid",
    "train",
]
__version__: str
