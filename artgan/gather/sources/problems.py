"""What a source of pictures raises."""

from artgan.system.errors import ArtganError


class SourceError(ArtganError):
    """A source of pictures gave nothing that can be used."""
