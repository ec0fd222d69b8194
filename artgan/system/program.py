"""What this program is called by whoever started it."""

import sys
from pathlib import Path


def program() -> str:
    """How to start it again: as the installed command, or as a module."""
    return "artgan" if Path(sys.argv[0]).stem == "artgan" else "python -m artgan"
