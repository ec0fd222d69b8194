"""Learn and make art with a GAN on a few hundred pictures.

    import artgan
    pictures = artgan.load("flowers").generate(seeds=range(8), size=256)

Importing this loads nothing else; each name loads what it needs when it is used.
"""

__version__ = "0.1.0"
PLACES = {  # where each name is defined; __init__.pyi says the same to type checkers
    "ArtganError": "artgan.system.errors.ArtganError",
    "Config": "artgan.gan.config.Config",
    "Dataset": "artgan.data.dataset.Dataset",
    "evaluate": "artgan.api.evaluate",
    "load": "artgan.api.load",
    "preset": "artgan.gan.config.preset",
    "save_animation": "artgan.api.save_animation",
    "save_grid": "artgan.api.save_grid",
    "train": "artgan.api.train_model",
}
__all__ = ["__version__", *PLACES]


def __getattr__(name: str) -> object:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = PLACES[name].rpartition(".")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *PLACES})
