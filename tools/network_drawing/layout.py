"""Where the blocks of a row stand, so that neither they nor their labels touch."""

from dataclasses import dataclass

import numpy as np

from network_drawing.blocks import make_block
from network_drawing.text import LABEL, SMALL, text_width

WIDTH = 900  # units; wider only where many labels need it
MARGIN = 26
TALLEST, LOWEST = 176, 110  # height of the largest grid: as wished, and at least
ARROW = 34  # room between two blocks for an arrow
SPACE = 20  # room between two labels
CAPTION = 120  # words about a single arrow wrap where they are wider


@dataclass
class Row:
    """Blocks side by side with the lines of text under each."""

    blocks: list
    labels: list  # of lists of lines
    centres: np.ndarray  # x of each block's middle
    axis: float = 0.0  # y of all their middles

    @property
    def height(self):
        """Height of the tallest block."""
        return max(block.size[1] for block in self.blocks)

    def edges(self, index):
        """Return the left and right end of a block."""
        half = self.blocks[index].size[0] / 2
        return self.centres[index] - half, self.centres[index] + half

    def gap(self, index):
        """Return the x where the arrow from a block to the next starts and ends."""
        if self.centres[index] < self.centres[index + 1]:
            return self.edges(index)[1] + 6, self.edges(index + 1)[0] - 6
        return self.edges(index)[0] - 6, self.edges(index + 1)[1] + 6

    def skips(self):
        """Return (from, to) of each skip between blocks, as indices."""
        stages = [block.stage for block in self.blocks]
        return [
            (stages.index(source), end)
            for end, stage in enumerate(stages)
            for source in stage.skips
        ]


def label_lines(stage, kind, role):
    """Return the lines under a block: the shape, and below what it is to people."""
    if kind == "bar":
        return [f"z: {stage.shape[0]} numbers"]
    if kind == "dot":
        return ["one number:", "real or painted?"]
    shape = " × ".join(map(str, stage.shape))
    return [shape, role] if kind == "picture" else [shape]


def half_widths(blocks, labels):
    """Return half the widths of the blocks and half those of their labels."""
    texts = [max(text_width(line, LABEL) for line in lines) for lines in labels]
    return np.array([block.size[0] for block in blocks]) / 2, np.array(texts) / 2


def caption_widths(stages):
    """Return how wide the words about each arrow are, 0 where they span several."""
    kinds = [stage.operations for stage in stages]
    for index, kind in enumerate(kinds[1:], 1):
        alone = kind not in (kinds[index - 1], *kinds[index + 1 : index + 2])
        widest = max(text_width(words, SMALL) for words in kind)
        yield min(widest, CAPTION) + SPACE if alone else 0


def spread(blocks, labels):
    """Return the x of the middle of each block, and the width that the row needs.

    Spare room goes to the arrows in equal parts.
    """
    halves, texts = half_widths(blocks, labels)
    pitches = np.max(
        [
            halves[:-1] + halves[1:] + ARROW,
            texts[:-1] + texts[1:] + SPACE,
            list(caption_widths([block.stage for block in blocks])),
        ],
        axis=0,
    )
    first, last = max(halves[0], texts[0]), max(halves[-1], texts[-1])
    needed = first + pitches.sum() + last + 2 * MARGIN
    pitches += max(0, WIDTH - needed) / len(pitches)
    return MARGIN + first + np.concatenate([[0], pitches.cumsum()]), needed


def trunk_row(stages, roles):
    """Return the Row of a network's stages and the width of the figure in units.

    The blocks are as tall as the width allows. roles: what the picture at the input
    and the picture at the output are to people.
    """
    largest = max(stage.side or 0 for stage in stages)
    for tallest in range(TALLEST, LOWEST - 1, -6):
        blocks = [make_block(stage, largest, tallest) for stage in stages]
        labels = [
            label_lines(block.stage, block.kind, roles[block.stage is not stages[0]])
            for block in blocks
        ]
        centres, needed = spread(blocks, labels)
        if needed <= WIDTH:
            break
    return Row(blocks, labels, centres), max(WIDTH, needed)


def branch_row(stages, trunk, fork):
    """Return the Row of a branch that runs back under the trunk from block `fork`."""
    largest = trunk.blocks[0].stage.side
    tallest = trunk.blocks[0].height
    blocks = [make_block(stage, largest, tallest) for stage in stages]
    labels = [label_lines(b.stage, b.kind, "redrawn") for b in blocks]
    columns = np.linspace(fork, 0, len(stages) + 1)[1:]
    centres = np.interp(columns, range(len(trunk.centres)), trunk.centres)
    return Row(blocks, labels, centres)
