"""Figures over many prepared pictures, a few of them in memory at a time."""

from collections.abc import Iterator

import numpy as np

CHUNK = 256  # pictures
FLAT = 2.0  # standard deviation below which a picture is all of one colour, of 255
DARK, BRIGHTER = 24, 0.002  # a level of 255, and the fraction of values above it
# Root mean square differences, of 255, below which two pictures look the same.
ALIKE = 3.0  # of thumbnails
ALIKE_WHOLE = 12.0  # of the whole, for JPEG changes fine detail


def chunks(images: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (index of the first, images [n, size, size, 3] uint8) for all images."""
    for start in range(0, len(images), CHUNK):
        yield start, np.asarray(images[start : start + CHUNK])


def mean_and_deviation(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and standard deviation of each colour, of images [n, h, w, 3] uint8.

    Two arrays [3] float64 in 0..255; the memory does not grow with n.
    """
    counts = np.zeros([3, 256])
    for _, some in chunks(images):
        for channel in range(3):
            counts[channel] += np.bincount(some[..., channel].ravel(), minlength=256)
    shares = counts / counts.sum(axis=1, keepdims=True)
    mean = shares @ np.arange(256)
    return mean, np.sqrt(shares @ np.arange(256) ** 2 - mean**2)


def flat_images(images: np.ndarray) -> list[int]:
    """Which images [n, size, size, 3] uint8 show next to nothing: a list of indices.

    They are of one colour, or nearly black, as 12 bits of colour in 16 come out.
    """
    flat = []
    for start, some in chunks(images):
        deviation = np.stack([image.std(axis=(0, 1)).max() for image in some])
        brighter = (some > DARK).mean(axis=(1, 2, 3))
        poor = (deviation < FLAT) | (brighter < BRIGHTER)
        flat += (start + np.flatnonzero(poor)).tolist()
    return flat


def thumbnails(images: np.ndarray, side: int = 8) -> np.ndarray:
    """Images [n, size, size, 3] averaged over squares: [n, 3 * side**2] float32."""
    side = min(side, images.shape[1])
    step = images.shape[1] // side
    rows = [np.zeros([0, 3 * side**2], np.float32)]
    for _, some in chunks(images):
        inner = some[:, : side * step, : side * step]
        parts = inner.reshape(len(some), side, step, side, step, 3)
        rows.append(parts.mean(axis=(2, 4), dtype=np.float32).reshape(len(some), -1))
    return np.concatenate(rows)


def repeated_images(images: np.ndarray) -> dict[int, int]:
    """Find images that look like an earlier one: later index -> first such index."""
    small = thumbnails(images)
    small = small / np.sqrt(small.shape[1])  # now squared distances are mean squares
    squares, repeats = np.square(small).sum(axis=1), {}
    for start in range(0, len(small), CHUNK):
        end = min(start + CHUNK, len(small))
        products = small[start:end] @ small[:end].T
        distances = squares[start:end, None] + squares[:end] - 2 * products
        alike = np.tril(distances < ALIKE**2, start - 1)
        for row in np.flatnonzero(alike.any(axis=1)):
            first, later = int(alike[row].argmax()), int(start + row)
            if difference(images[first], images[later]) < ALIKE_WHOLE:
                repeats[later] = first
    return repeats


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The root mean square difference of two images [size, size, 3] uint8."""
    return np.sqrt(np.square(np.float32(one) - np.float32(other)).mean())
