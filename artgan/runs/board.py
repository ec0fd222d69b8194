"""A run as TensorBoard shows it, written without that being installed."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from PIL import Image

SCALARS, IMAGES = ("scalars", 1), ("images", 3)  # plugin and class of data


class Board:
    """Writes scalars and pictures into a folder of TensorBoard's event files."""

    def __init__(self, folder: str | Path) -> None:
        self.writer = tf.summary.create_file_writer(str(folder))

    def add_row(self, row: dict) -> None:
        """Add the numbers of a row of the log."""
        kind = "health" if "structure" in row else "loss"
        for name, value in row.items():
            if name not in ("step", "time"):
                self.write(f"{kind}/{name}", row["step"], SCALARS, float(value))

    def add_picture(self, step: int, image: "Image.Image") -> None:
        """Add a sheet of pictures, a Pillow image."""
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        value = [*map(str, image.size), buffer.getvalue()]
        self.write("samples", step, IMAGES, value)

    def write(
        self, tag: str, step: int, kind: tuple[str, int], value: float | list
    ) -> None:
        """Write one value in the form that a plugin of TensorBoard reads."""
        plugin = tf.compat.v1.SummaryMetadata.PluginData(plugin_name=kind[0])
        metadata = tf.compat.v1.SummaryMetadata(plugin_data=plugin, data_class=kind[1])
        with self.writer.as_default():
            tf.summary.write(tag, value, step, metadata)
        self.writer.flush()
