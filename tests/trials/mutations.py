"""Pictures of every kind that Pillow writes, and seeded damage to their files."""

import io
from functools import cache

import numpy as np
from PIL import Image

SIZE = (61, 47)


def made(kind, image, **options):
    """Save an image as the bytes of a file."""
    file = io.BytesIO()
    image.copy().save(file, kind, **options)
    return file.getvalue()


def turned():
    """An EXIF block of a camera that was held upright."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8298] = 6, "camera", "somebody"
    return exif


@cache
def sources():
    """Return {name: bytes} of whole pictures: every format, mode and packing."""
    draw = np.random.default_rng(0)
    waves = np.cumsum(draw.normal(0, 9, [SIZE[1], SIZE[0], 4]), axis=1) + 128
    rgba = Image.fromarray(np.uint8(waves.clip(0, 255)), "RGBA")
    rgb, grey = rgba.convert("RGB"), rgba.convert("L")
    palette, bits = rgb.quantize(20), grey.convert("1")
    deep = Image.fromarray(np.uint16(waves[..., 0].clip(0, 255) * 257))
    real = Image.fromarray(np.float32(waves[..., 0] / 255))

    def film(kind):
        """Save three frames; new ones, for a frame remembers how it was saved."""
        more = [rgb.rotate(90), rgb.rotate(180)]
        return made(kind, rgb, save_all=True, append_images=more)

    return {
        "jpeg": made("JPEG", rgb),
        "jpeg progressive": made("JPEG", rgb, progressive=True),
        "jpeg grey": made("JPEG", grey),
        "jpeg cmyk": made("JPEG", rgb.convert("CMYK")),
        "jpeg turned": made("JPEG", rgb, exif=turned(), comment="words"),
        "jpeg of two frames": film("MPO"),
        "png": made("PNG", rgb),
        "png turned": made("PNG", rgb, exif=turned()),
        "png palette": made("PNG", palette, transparency=3),
        "png bits": made("PNG", bits),
        "png alpha": made("PNG", rgba),
        "png grey alpha": made("PNG", rgba.convert("LA")),
        "png 16": made("PNG", deep),
        "png animation": film("PNG"),
        "gif": made("GIF", palette, transparency=3),
        "gif animation": film("GIF"),
        "webp": made("WEBP", rgb, exif=turned()),
        "webp alpha": made("WEBP", rgba, lossless=True),
        "webp animation": film("WEBP"),
        "tiff": made("TIFF", rgb),
        "tiff lzw": made("TIFF", rgba, compression="tiff_lzw"),
        "tiff jpeg": made("TIFF", rgb, compression="jpeg"),
        "tiff fax": made("TIFF", bits, compression="group4"),
        "tiff cmyk": made("TIFF", rgb.convert("CMYK"), compression="tiff_deflate"),
        "tiff 16": made("TIFF", deep, compression="packbits"),
        "tiff float": made("TIFF", real),
        "tiff lab": made("TIFF", Image.merge("LAB", rgb.split())),
        "tiff pages": film("TIFF"),
        "bmp": made("BMP", rgb),
        "bmp palette": made("BMP", palette),
        "bmp bits": made("BMP", bits),
    }


def somewhere(draw, data):
    """A position in some bytes, in every second case within their header."""
    return draw.randrange(min(len(data), draw.choice([64, len(data)])))


def flip_bits(draw, data):
    """Turn a few bits over."""
    for _ in range(draw.choice([1, 1, 3, 30])):
        data[somewhere(draw, data)] ^= 1 << draw.randrange(8)
    return data


def set_bytes(draw, data):
    """Put extreme values where a number may stand."""
    extreme = draw.choice(
        [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff", b"\x80", b"\1"]
    )
    place = somewhere(draw, data)
    data[place : place + len(extreme)] = extreme
    return data


def cut_end(draw, data):
    """Lose the end."""
    return data[: draw.randrange(1, len(data))]


def cut_middle(draw, data):
    """Lose a piece."""
    place = somewhere(draw, data)
    del data[place : place + draw.choice([1, 4, 100])]
    return data


def repeat_piece(draw, data):
    """Have a piece twice."""
    place = somewhere(draw, data)
    return data[: place + draw.choice([1, 9, 500])] + data[place:]


def insert_noise(draw, data):
    """Have something foreign within."""
    place = somewhere(draw, data)
    return data[:place] + draw.randbytes(draw.choice([1, 20, 900])) + data[place:]


def swap_header(draw, data):
    """Begin like a file of another kind."""
    other = sources()[draw.choice(sorted(sources()))]
    length = draw.choice([2, 8, 16, 60])
    return bytearray(other[:length]) + data[length:]


def splice(draw, data):
    """Go on as another file."""
    other = sources()[draw.choice(sorted(sources()))]
    return data[: somewhere(draw, data)] + other[somewhere(draw, other) :]


MUTATIONS = (
    flip_bits,
    flip_bits,
    set_bytes,
    set_bytes,
    cut_end,
    cut_middle,
    repeat_piece,
    insert_noise,
    swap_header,
    splice,
)


def mutate(draw, name):
    """Damage a source picture in one to three ways; return what was done, and bytes.

    draw: a `random.Random`, from which all follows.
    """
    data, done = bytearray(sources()[name]), [name]
    for mutation in draw.choices(MUTATIONS, k=draw.choice([1, 1, 2, 3])):
        data = mutation(draw, data) or bytearray(b"\0")
        done.append(mutation.__name__)
    return ", ".join(done), bytes(data)
