"""Learn and make art with a GAN on a few hundred pictures."""

__version__ = "0.1.0"
