"""Read from a built Keras network the grids that it computes, one after another."""

import re
from dataclasses import dataclass, field

import keras

WORDS = {
    "BatchNormalization": "batch normalisation",
    "Dense": "dense layer",
    "LeakyReLU": "LeakyReLU {layer.negative_slope:g}",
    "Activation": "{layer.activation.__name__}",
}


@dataclass(eq=False)
class Stage:
    """Numbers that keep one shape while several layers work on them."""

    shape: tuple  # (height, width, channels), or (numbers,)
    source: "Stage | None" = None  # what it is computed from; None for the input
    operations: list = field(default_factory=list)  # in words, in order
    skips: list = field(default_factory=list)  # far stages that weigh its channels

    @property
    def side(self):
        """Side of the grid, None for a row of numbers."""
        return self.shape[0] if len(self.shape) == 3 else None


@dataclass
class Network:
    """The stages from the input to the first output, and those to the second."""

    trunk: list
    branch: list  # without those of the trunk; empty if there is one output


def describe(layer):
    """Say in words what a layer does, its kernel and stride included."""
    name = type(layer).__name__
    if name == "SmoothConv2D":
        side = layer.kernel_size
        return f"bilinear upsampling, {side}×{side} convolution"
    if hasattr(layer, "kernel_size"):
        height, width = layer.kernel_size
        kind = "transposed convolution" if "Transpose" in name else "convolution"
        doubled = "nearest-neighbour upsampling, " if "Upsample" in name else ""
        spectral = " with spectral normalisation" if "Spectral" in name else ""
        stride = f", stride {layer.strides[0]}" if layer.strides[0] > 1 else ""
        return f"{doubled}{height}×{width} {kind}{spectral}{stride}"
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return WORDS.get(name, plain).format(layer=layer)


def parents_of(model):
    """Return layer -> the layers whose outputs it takes; none for an input."""
    makers = {id(layer.output): layer for layer in model.layers}
    parents = {}
    for layer in model.layers:
        inputs = [makers[id(tensor)] for tensor in keras.tree.flatten(layer.input)]
        parents[layer] = [parent for parent in inputs if parent is not layer]
    return parents


def painters_of(model, parents):
    """Return layer -> whether it is the convolution that starts to paint an output.

    The layers are those from the last convolution of an output grid to its end: they
    make a picture of the last grid, also where its side stays the same.
    """
    painters = {}
    for layer in model.layers:
        if any(layer.output is output for output in model.outputs):
            while len(layer.output.shape) == 4 and not painters.get(layer):
                painters[layer] = hasattr(layer, "kernel_size")
                layer = layer if painters[layer] else parents[layer][0]
    return painters


def starts_stage(layer, stage, painters):
    """Whether the output of `layer` is a stage of its own, and not part of `stage`."""
    if layer in painters and stage.side:
        return painters[layer]
    if stage.source is None:
        return True
    # A row of numbers inside a network is on its way to a grid or to the output.
    shape = layer.output.shape[1:]
    return stage.side is not None and (len(shape) != 3 or shape[0] != stage.side)


def stage_after(layer, sources, painters):
    """Return the stage that the output of `layer` belongs to, made new if need be.

    sources: the stages of the layer's inputs, the one that it carries on first.
    """
    shape = tuple(layer.output.shape[1:])
    if not sources:
        return Stage(shape)
    stage = sources[0]
    if shape[:2] == (1, 1):  # on the way from a coarse grid to a fine one
        return stage
    if len(sources) > 1:
        stage.skips += sources[1:]
        return stage
    if starts_stage(layer, stage, painters):
        stage = Stage(shape, stage)
    stage.shape = shape
    stage.operations.append(describe(layer))
    return stage


def read_network(model):
    """Return the Network of stages that a Keras functional model computes.

    Layers that keep the side of the grid share a stage, whose shape is that of the
    last of them; the picture at an output is a stage of its own.
    """
    parents, stages = parents_of(model), {}
    painters = painters_of(model, parents)
    for layer in model.layers:
        sources = [stages[parent] for parent in parents[layer]]
        stages[layer] = stage_after(layer, sources, painters)
    makers = {id(layer.output): layer for layer in model.layers}
    ends = [stages[makers[id(output)]] for output in model.outputs]
    trunk, *others = [chain_to(end) for end in ends]
    return Network(trunk, [s for other in others for s in other if s not in trunk])


def chain_to(stage):
    """Return the stages from the input to `stage`."""
    return [*chain_to(stage.source), stage] if stage else []
