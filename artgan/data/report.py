"""What became of the files of a folder, in a few sentences."""

from collections import Counter, defaultdict

from artgan.data.labels import FEWEST, OTHER, folder_classes
from artgan.system.printing import printable

EXAMPLES = 3  # names that a sentence gives
WORDS = {
    "frames": "with more frames or pages, of which the first is used",
    "transparent": "transparent, laid on grey",
    "small": "much smaller than what is painted, so blurred",
    "grey": "grey, and teach grey: move them out to leave them out",
    "flat": "of one colour or nearly black",
    "repeats": "much like another",
}


def describe(dataset) -> str:
    """Say how many files of a Dataset are used, why others are not, what to look at."""
    groups, used = defaultdict(list), len(set(dataset.names))
    for name, reason in dataset.problems.items():
        groups[reason].append(name)
    total = used + len(dataset.problems)
    head = f"{total} file{'s' * (total != 1)}: "
    head += "all used" if used == total > 0 else f"{used} used"
    parts = [head + f" (as {len(dataset)} pieces)" * (len(dataset) > used)]
    parts += [counted(names, reason) for reason, names in groups.items()]
    if dataset.passed_over:
        parts.append(counted(dataset.passed_over, "hidden, notes or folders of runs"))
    odd = [
        counted(dataset.odd[word], WORDS[word]) for word in WORDS if dataset.odd[word]
    ]
    looks = f" Among those used: {'; '.join(odd)}." if odd else ""
    return ", ".join(parts) + "." + looks + describe_classes(dataset)


def counted(names: list[str], words: str) -> str:
    """How many there are of a kind, with the first names."""
    shown = [printable(name, 60) for name in names[:EXAMPLES]]
    shown += ["..."] * (len(names) > EXAMPLES)
    return f"{len(names)} {words} ({', '.join(shown)})"


def describe_classes(dataset) -> str:
    """Say which classes a Dataset has, or could have by its folders; "" for none."""
    classes = dataset.classes or folder_classes(dataset.names)
    counts = Counter(dict(zip(dataset.names, classes, strict=True)).values())
    large = sorted(name for name, n in counts.items() if n >= FEWEST and name)
    if not dataset.classes:
        return f" {counted(large, 'folders could be classes')}." if large[1:] else ""
    few = f"; {counts[OTHER]} pictures of classes under {FEWEST} are {OTHER}"
    named = counted(sorted(counts), "classes")
    return f" {named}{few if counts[OTHER] else ''}."
