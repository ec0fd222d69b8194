"""From the plain DCGAN to the default preset, one switch at a time.

python benchmarks/ablation.py --data data/villas --minutes 8

Trains the `dcgan` preset, and then again with one more of `artgan.gan.config.SWITCHES`
each time, all for the same minutes, seed and pictures. Writes ablation.csv and a strip
of pictures painted from the same random numbers. Minutes, and all other options, are
those of time_to_quality.py.
"""

import dataclasses
import textwrap

from PIL import Image, ImageDraw, ImageFont
from time_to_quality import Judge, describe, follow, shared_options, write_rows


def switched(count, **changes):
    """The config of the `dcgan` preset with the first `count` switches turned on."""
    from artgan.gan.config import SWITCHES, preset

    config = preset("dcgan", **changes)
    for fields in list(SWITCHES.values())[:count]:
        config = dataclasses.replace(config, **fields)
    return config


def strip(rows, sheets, columns=8):
    """The first row of each sheet of pictures beside its name and its KID."""
    height = (sheets[0].width - 2 * (columns - 1)) // columns
    left, font = 190, ImageFont.load_default(17)
    size = left + sheets[0].width, len(rows) * (height + 2) - 2
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for number, (row, sheet) in enumerate(zip(rows, sheets, strict=True)):
        top = number * (height + 2)
        name = textwrap.fill(row["name"], 20)
        words = f"{name}\nKID {row['kid']:.2f}\n{row['pictures']:,} pictures"
        draw.multiline_text((4, top + height // 3), words, "black", font)
        picture.paste(sheet.crop((0, 0, sheet.width, height)), (left, top))
    return picture


def main():
    """Measure each sum of switches."""
    options = shared_options(__doc__).parse_args()
    from artgan.data.dataset import Dataset
    from artgan.gan.config import SWITCHES
    from artgan.gan.training import GAN

    options.every = options.minutes
    options.out.mkdir(parents=True, exist_ok=True)
    images = Dataset(options.data, options.size).images
    judge = Judge(images, options.features)
    names = ["plain DCGAN", *(f"+ {name}" for name in SWITCHES)]
    rows, sheets = [], []
    for count, name in enumerate(names):
        gan = GAN(switched(count, size=options.size, seed=options.seed))
        row, sheet = list(follow(name, gan, images, judge, options))[-1]
        rows.append(row)
        sheets.append(sheet)
        write_rows(options.out / "ablation.csv", rows)
        strip(rows, sheets).save(options.out / "ablation.jpg", quality=88)
    print(f"{describe(options, gan.config)}. The figures: {options.out}/ablation.csv.")


if __name__ == "__main__":
    main()
