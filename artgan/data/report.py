"""What became of the files of a folder, in one sentence."""

from collections.abc import Collection

from artgan.data.kinds import PASSED_OVER
from artgan.data.walk import OURS
from artgan.system.printing import printable

MOST_GROUPS = 6  # reasons that a sentence names
MOST_EXAMPLES = 3
PHRASES = {  # of one file, and of several
    "no picture": ("is no picture", "are no pictures"),
    "a web page": ("is a web page", "are web pages"),
    "only zeros": ("holds only zeros", "hold only zeros"),
    "a pipe, socket or device": ("is a pipe or device", "are pipes or devices"),
}


def describe_files(used: int, squares: int, problems: dict[str, str]) -> str:
    """Say how many files were used and why the others were not, with examples.

    used: how many files; squares: how many came of them; problems: name -> reason.
    """
    groups = group(problems)
    hidden, ours = groups.pop(PASSED_OVER, {}), groups.pop(OURS, {})
    total = used + sum(len(names) for names in groups.values())
    head = f"{total} {plural(total, 'file')}: "
    head += f"{used} used" if total > used or not used else "all used"
    parts = [head + (f" (as {squares} squares)" if squares > used else "")]
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    parts += [describe_group(*item) for item in ordered[:MOST_GROUPS]]
    if more := sum(len(names) for _, names in ordered[MOST_GROUPS:]):
        parts.append(f"{more} not used for other reasons")
    if hidden:
        files, notes = (plural(len(hidden), word) for word in ("hidden file", "note"))
        parts.append(f"{len(hidden)} {files} or {notes} passed over")
    if ours:
        parts.append(f"folders of artgan's own left out ({examples(ours)})")
    return ", ".join(parts) + "."


def group(problems: dict[str, str]) -> dict[str, dict[str, str]]:
    """Sort files by reason, without its bracket: reason -> {name: bracket}."""
    groups: dict[str, dict[str, str]] = {}
    for name, problem in problems.items():
        reason, _, detail = problem.partition(" (")
        groups.setdefault(reason, {})[name] = detail.removesuffix(")")
    return groups


def describe_group(reason: str, names: dict[str, str]) -> str:
    """Say how many files share a reason, and name some; names: {name: detail}."""
    count, details = len(names), set(names.values())
    words = PHRASES.get(reason, (reason, reason))[count > 1]
    if reason.endswith(" not read"):  # the advice is worth more than the names
        ending = reason.split()[0]
        odd = {n: "" for n in names if not n.lower().endswith(ending)}
        shown = "; ".join([*details, *([examples(odd)] if odd else [])])
    elif count == 1 and details != {""}:
        shown = f"{examples(names)}: {details.pop()}"
    else:
        shown = examples(names)
    return f"{count} {words} ({shown})"


def examples(names: Collection[str]) -> str:
    """The first names, and dots if there are more."""
    shown = [printable(name, 60) for name in list(names)[:MOST_EXAMPLES]]
    return ", ".join(shown + ["..."] * (len(names) > MOST_EXAMPLES))


def plural(count: int, word: str) -> str:
    """A word with an s unless it is one thing."""
    return word if count == 1 else f"{word}s"


def describe_flat(flat: list[str]) -> str:
    """Warn of pictures that show nothing; flat: their names; "" if there are none."""
    count = len(flat)
    verb = "is" if count == 1 else "are"
    words = f"{count} {plural(count, 'picture')} {verb} of one colour or nearly black"
    return f"{words} ({examples(flat)})." if flat else ""


def describe_repeats(repeats: dict[str, str], count: int) -> str:
    """Warn of pictures that repeat others, of `count` pictures in all.

    repeats: name -> the earlier picture that it looks like; "" if there are none.
    """
    if not repeats:
        return ""
    pairs = [f"{printable(b, 60)} like {printable(a, 60)}" for b, a in repeats.items()]
    shown = ", ".join(pairs[:MOST_EXAMPLES] + ["..."] * (len(pairs) > MOST_EXAMPLES))
    if len(repeats) == count - 1:
        return f"All {count} pictures are alike ({shown}): there is nothing to learn."
    verb = "repeats another" if len(pairs) == 1 else "repeat others"
    return f"{len(pairs)} {plural(len(pairs), 'picture')} {verb} ({shown})."
