"""Style mixing: the plan of one picture in the colours and brushwork of another.

A modulated generator uses w in each of its layers; nothing forces it to be the same w.
Source: Karras et al., StyleGAN, https://arxiv.org/abs/1812.04948
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

import keras

from artgan.storage.generators import build_in_float32
from artgan.system.errors import ArtganError

STYLE = re.compile(r"up_(\d+)_style")  # the layer that makes scales and shifts of w
FINE = 32  # pixels of the first map that is fine; in small pictures a quarter of theirs


@lru_cache(2)
def mixing_painter(painter: Any) -> Any:
    """A painter with latents twice as long: of the coarse maps, then of the fine ones.

    Its generator is a copy that is cut and joined anew. Raises ArtganError if that of
    the painter is not modulated.
    """
    first = min(FINE, painter.config.size // 4)
    names = [STYLE.fullmatch(layer.name) for layer in painter.generator_ema.layers]
    styles = [name[0] for name in names if name and int(name[1]) >= first]
    if not styles:
        raise ArtganError(
            f"{painter.name} is painted from its latent at the first layer only, so "
            "there are no styles to mix; a model trained now has them. Nothing was "
            "painted."
        )
    generator = build_in_float32(painter.config)
    generator.set_weights(painter.generator_ema.get_weights())
    fine = [generator.get_layer(name).output for name in styles]
    paint = keras.Model([generator.input, *fine], generator.output)
    both = keras.Input([2 * generator.input_shape[1]])
    coarse, other = keras.ops.split(both, 2, axis=1)
    found = keras.tree.flatten(keras.Model(generator.input, fine)(other))
    mixing = keras.Model(both, paint([coarse, *found]))
    return replace(painter, generator_ema=mixing)
