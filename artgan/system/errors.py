"""The one exception that the command line turns into a sentence."""


class ArtganError(Exception):
    """Something a user can mend: it says what happened, what was kept, what now."""
