"""What a download came to, told to a person."""

from dataclasses import dataclass, field
from pathlib import Path

from artgan.gather.network.failures import is_refusal, reason

NAMES_PER_REASON = 20  # As many failed files as a summary names under one reason.


@dataclass
class Summary:
    """What a download came to: counts, and the files that failed under each reason."""

    folder: Path
    new: int = 0
    had: int = 0
    failures: dict = field(default_factory=dict)
    stopped: str = ""
    refusals: int = 0

    def add(self, name: str, outcome, error: Exception | None = None) -> None:
        """Count one picture: "new", "had", or "failed" with its error."""
        if outcome == "had":
            self.had += 1
            return
        self.refusals = self.refusals + 1 if error and is_refusal(error) else 0
        if outcome == "new":
            self.new += 1
        else:
            self.failures.setdefault(reason(error or Exception()), []).append(name)

    @property
    def failed(self):
        """How many pictures could not be had."""
        return sum(len(names) for names in self.failures.values())

    def reasons(self):
        """Why each failed picture could not be had: {file name: reason}."""
        return {name: why for why, names in self.failures.items() for name in names}

    def counts(self):
        """The three counts, for a progress bar."""
        return {"new": self.new, "had": self.had, "failed": self.failed}

    def text(self):
        """Tell the counts, each reason with its files, and what to do next.

        `failed.csv` in the folder names all of them, however many they are.
        """
        counts = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        lines = [f"Pictures: {counts}; they are in {self.folder / 'images'}."]
        for why, names in sorted(self.failures.items()):
            more = len(names) - NAMES_PER_REASON
            shown = ", ".join(names[:NAMES_PER_REASON])
            lines.append(f"  {len(names)} x {why}: {shown}")
            if more > 0:
                lines[-1] += f" and {more} more in {self.folder / 'failed.csv'}"
        return "\n".join(lines + [self.stopped] * bool(self.stopped))
