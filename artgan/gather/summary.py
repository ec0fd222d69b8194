"""What gathering came to, told to a person."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from artgan.gather.session import is_refusal, reason

MOST_NAMES = 20  # as many pictures as are named under one reason


@dataclass
class Summary:
    """Counts, and the rows of failed.csv: what was left out, by address, and why."""

    folder: Path
    new: int = 0
    had: int = 0
    left_out: dict[str, dict[str, str]] = field(default_factory=dict)
    refusals: int = 0  # in a row
    stopped: str = ""

    def leave_out(self, painting: dict[str, str], error: Exception) -> None:
        """Note why a picture could not be had."""
        row = {name: painting[name] for name in ("image_url", "title")}
        self.left_out[row["image_url"]] = row | {"reason": reason(error)}
        self.refusals = self.refusals + 1 if is_refusal(error) else 0

    def counts(self) -> dict[str, int]:
        """The counts, for a progress bar too."""
        return {"new": self.new, "had": self.had, "left out": len(self.left_out)}

    def text(self) -> str:
        """Tell the counts, each reason with its pictures, and what to do next."""
        counts = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        lines, names = (
            [f"Pictures: {counts}; they are in {self.folder}."],
            defaultdict(list),
        )
        for row in self.left_out.values():
            names[row["reason"]].append(row["title"] or row["image_url"])
        for why, titles in sorted(names.items()):
            more = f" and {len(titles) - MOST_NAMES} more in failed.csv"
            shown = ", ".join(titles[:MOST_NAMES]) + more * (len(titles) > MOST_NAMES)
            lines.append(f"  {len(titles)} x {why}: {shown}")
        return "\n".join(lines + [self.stopped] * bool(self.stopped))
