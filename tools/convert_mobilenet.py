"""Convert an int8 MobileNetV2 from .tflite to the small file that KID looks through.

    python tools/convert_mobilenet.py mobilenet_v2.tflite

Writes checkpoints/features/mobilenet-v2.safetensors, without the classifier, and its
size and SHA-256 into features.json. Nothing is rounded anew: the kernels stay the same
8-bit integers with one float scale for each output channel.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from tensorflow.lite.python import schema_py_generated as schema

FEATURES = Path(__file__).resolve().parent.parent / "checkpoints" / "features"
NAME = "mobilenet-v2"
RELU6 = schema.ActivationFunctionType.RELU6


def read_convolutions(data):
    """Every convolution of a .tflite model in order, up to the pooling: dictionaries.

    Each holds kernel (int8, [h, w, in, out], or [h, w, channels, 1] if depthwise),
    scale and bias (float32, one for each output channel), stride, relu6, depthwise.
    """
    model = schema.Model.GetRootAsModel(data, 0)
    graph, layers = model.Subgraphs(0), []
    kinds = schema.BuiltinOperator
    for number in range(graph.OperatorsLength()):
        operator = graph.Operators(number)
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        if kind == kinds.MEAN:
            break
        if kind in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D):
            depthwise = kind == kinds.DEPTHWISE_CONV_2D
            layers.append(read_convolution(model, graph, operator, depthwise))
        elif kind not in (kinds.ADD, kinds.QUANTIZE):
            sys.exit(f"Operator {number} is of kind {kind}, which no MobileNetV2 has.")
    return layers


def read_convolution(model, graph, operator, depthwise):
    """One convolution as in `read_convolutions`."""
    kind = schema.DepthwiseConv2DOptions if depthwise else schema.Conv2DOptions
    table, options = operator.BuiltinOptions(), kind()
    options.Init(table.Bytes, table.Pos)
    if options.Padding() != schema.Padding.SAME:
        sys.exit("A convolution pads otherwise than SAME.")
    kernel, scale = read_tensor(model, graph, operator.Inputs(1), np.int8)
    bias, bias_scale = read_tensor(model, graph, operator.Inputs(2), np.int32)
    return {
        "kernel": np.ascontiguousarray(kernel.transpose(1, 2, 3, 0)),
        "scale": scale,
        "bias": (bias.astype(np.float64) * bias_scale).astype(np.float32),
        "stride": options.StrideH(),
        "relu6": options.FusedActivationFunction() == RELU6,
        "depthwise": depthwise,
    }


def read_tensor(model, graph, index, kind):
    """The integers of a constant, and the float32 scale of each of its channels."""
    tensor = graph.Tensors(index)
    data = model.Buffers(tensor.Buffer()).DataAsNumpy().tobytes()
    quantization = tensor.Quantization()
    if np.any(quantization.ZeroPointAsNumpy()):
        sys.exit("A constant has a zero point; only scales are kept here.")
    values = np.frombuffer(data, kind).reshape(tensor.ShapeAsNumpy())
    return values, quantization.ScaleAsNumpy().astype(np.float32)


def name_layers(layers):
    """Name the convolutions and describe the blocks: ({name: layer}, [block, ...])."""
    stem, *middle, head = layers
    named, blocks = {"stem": stem}, []
    while middle:
        parts = ["depthwise", "project"]
        if not middle[0]["depthwise"]:
            parts.insert(0, "expand")
        block = dict(zip(parts, middle, strict=False))
        middle = middle[len(parts) :]
        if [layer["relu6"] for layer in block.values()][-2:] != [True, False]:
            sys.exit(f"Block {len(blocks)} is no inverted residual block.")
        named |= {f"block{len(blocks):02}.{part}": block[part] for part in parts}
        first, last = block[parts[0]]["kernel"], block["project"]["kernel"]
        entering = first.shape[2]
        blocks.append(
            {
                "in": entering,
                "out": last.shape[3],
                "kernel": block["depthwise"]["kernel"].shape[0],
                "stride": block["depthwise"]["stride"],
                "expand": last.shape[2] // entering,
            }
        )
    return named | {"head": head}, blocks


def convert(data):
    """The bytes of a .safetensors file from those of a .tflite file."""
    layers, blocks = name_layers(read_convolutions(data))
    arrays = {
        f"{name}.{part}": layer[part]
        for name, layer in layers.items()
        for part in ("kernel", "scale", "bias")
    }
    metadata = {
        "architecture": "MobileNetV2 1.0 without its classifier, batch normalisation "
        "folded into kernels and biases",
        "layout": "kernels int8 [height, width, in, out], depthwise [height, width, "
        "channels, 1], each to be multiplied by the float32 scale of its output "
        "channel; biases float32",
        "blocks": json.dumps(blocks),
        "input": "RGB in [-1, 1], NHWC, 224 x 224; padding SAME; ReLU6, but none after "
        "a projection; the head's output is averaged to 1,280 features",
        "source": source(data),
    }
    return sort_metadata(save(arrays, metadata))


def sort_metadata(data):
    """The same .safetensors bytes with the metadata in order, not in a random one.

    So converting again gives the same SHA-256.
    """
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode().ljust(end - 8)
    return data[:8] + text + data[end:]


def source(data):
    """Where the numbers come from."""
    return (
        f"MobileNetV2 by Google (Apache-2.0), trained on ImageNet, 1,001 classes, as "
        f"an int8 .tflite file of {len(data):,} bytes with SHA-256 "
        f"{hashlib.sha256(data).hexdigest()}"
    )


def main():
    """Convert the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tflite", type=Path, help="an int8 MobileNetV2 for 224 px")
    tflite = parser.parse_args().tflite.read_bytes()
    data = convert(tflite)
    (FEATURES / f"{NAME}.safetensors").write_bytes(data)
    catalogue = FEATURES / "features.json"
    entries = json.loads(catalogue.read_text("utf-8"))
    entries[NAME] = {
        "file": f"{NAME}.safetensors",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "Apache-2.0",
        "source": source(tflite),
    }
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    catalogue.write_text(text, "utf-8", newline="\n")
    print(f"{NAME}.safetensors: {len(data):,} bytes.")


if __name__ == "__main__":
    main()
