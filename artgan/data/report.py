"""What became of the files of a folder, in a few sentences."""

from artgan.system.printing import printable

EXAMPLES = 3  # names that a sentence gives


def describe(files: int, used: int, pieces: int, remarks: dict[str, list[str]]) -> str:
    """Say how many files are used, and as how many pieces, and what is remarkable.

    remarks: words -> names of the files, or folders, that they are about.
    """
    head = f"{files} file{'s' * (files != 1)}: "
    head += "all used" if used == files > 0 else f"{used} used"
    head += f" (as {pieces} pieces)." if pieces > used else "."
    told = "; ".join(counted(names, words) for words, names in remarks.items() if names)
    return f"{head} {told}." if told else head


def counted(names: list[str], words: str) -> str:
    """How many there are of a kind, with the first names."""
    shown = [printable(name, 60) for name in names[:EXAMPLES]]
    shown += ["..."] * (len(names) > EXAMPLES)
    return f"{len(names)} {words} ({', '.join(shown)})"
