from artgan.api import evaluate as evaluate
from artgan.api import load as load
from artgan.api import preset as preset
from artgan.api import save_animation as save_animation
from artgan.api import save_grid as save_grid
from artgan.api import train as train
from artgan.data.dataset import Dataset as Dataset
from artgan.gan.config import Config as Config
from artgan.system.errors import ArtganError as ArtganError

__version__: str
