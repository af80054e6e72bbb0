"""Decodes codes of a model that `mvq export` made, with NumPy alone or with PyTorch.

    python3 mvq_reader.py EXPORT codes.npz pictures.npy [torch]

EXPORT holds config.json and model.safetensors; codes.npz is what `mvq encode` wrote; pictures.npy gets
float32 (n, channels, side, side), -1 black to 1 white. Systems vq and mvq of one level, without a grid.
Both parts are tested against mvq, the PyTorch one where PyTorch is installed.
"""
import json
import struct
import sys

import numpy as np


def safetensors(path):
    """Arrays by name; bfloat16 is the upper half of a float32."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            some = data[slice(*entry["data_offsets"])]
            if entry["dtype"] == "BF16":
                array = (np.frombuffer(some, "<u2").astype(np.uint32) << 16).view(np.float32)
            else:
                array = np.frombuffer(some, {"F32": "<f4", "I64": "<i8"}[entry["dtype"]])
            arrays[name] = array.reshape(entry["shape"])
    return arrays


class NumPy:
    """The layers, on arrays."""

    tensor = staticmethod(np.asarray)
    array = staticmethod(np.asarray)
    relu = staticmethod(lambda x: np.maximum(x, 0))
    silu = staticmethod(lambda x: x / (1 + np.exp(-x)))
    linear = staticmethod(lambda x, weight, bias: x @ weight.T + bias)
    twice = staticmethod(lambda x: x.repeat(2, axis=2).repeat(2, axis=3))

    @staticmethod
    def conv(x, weight, bias):
        """3x3 with one pixel of zeros around: the sum of nine shifted products."""
        side = x.shape[2]
        wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        return bias[:, None, None] + sum(
            np.einsum("oc,nchw->nohw", weight[:, :, i, j], wide[:, :, i : i + side, j : j + side], optimize=True)
            for i in range(3)
            for j in range(3))

    @staticmethod
    def norm(x, groups, weight, bias):
        each = x.reshape(len(x), groups, -1)
        each = (each - each.mean(2, keepdims=True)) / np.sqrt(each.var(2, keepdims=True) + 1e-5)
        shape = (1, -1) + (1,) * (x.ndim - 2)
        return each.reshape(x.shape) * weight.reshape(shape) + bias.reshape(shape)


def pytorch():
    """The same on tensors."""
    import torch
    from torch.nn import functional as f

    class Torch:
        tensor = staticmethod(lambda x: torch.from_numpy(np.array(x)))
        array = staticmethod(lambda x: x.numpy())
        relu, silu, linear, norm = f.relu, f.silu, f.linear, f.group_norm
        twice = staticmethod(lambda x: f.interpolate(x, scale_factor=2, mode="nearest"))
        conv = staticmethod(lambda x, weight, bias: f.conv2d(x, weight, bias, padding=1))

    return Torch


class Reader:
    """A model; `decode` is all it does."""

    def __init__(self, export, layers=NumPy):
        config = json.load(open(export + "/config.json", encoding="utf-8"))
        recipe = config["mvq"]["recipe"]
        self.architecture, self.side = recipe["architecture"], config["image_size"]
        self.tokens, self.identity = self.architecture.get("tokens", {}), config["mvq"]["identity"]
        self.system = self.tokens.get("system")
        plain = self.architecture["architecture"] == "single" and not self.architecture["grid"]
        if not plain or self.system not in ("vq", "mvq") or self.tokens.get("noise", "none") != "none":
            raise ValueError("this page reads systems vq and mvq of one level without a grid; use the ONNX graphs")
        self.ops = layers
        self.weights = {
            name[len("autoencoder."):]: layers.tensor(array)
            for name, array in safetensors(export + "/model.safetensors").items()
            if name.startswith("autoencoder.")}

    def layer(self, name):
        return self.weights[name + ".weight"], self.weights[name + ".bias"]

    def codes(self, quantizer, index):
        """The rows of a codebook, projected up where it is searched in fewer dimensions."""
        rows = self.weights[quantizer + ".codebook.codes"][index]
        up = quantizer + ".up.weight" in self.weights
        return self.ops.linear(rows, *self.layer(quantizer + ".up")) if up else rows

    def vectors(self, tokens, masks):
        """(n, t) and (n, winners, C) to one row an image."""
        n = len(tokens)
        if self.system == "vq":
            parts = [self.codes(f"bottleneck.part{t}.quantizer", tokens[:, t]) for t in range(tokens.shape[1])]
            return self.ops.tensor(np.concatenate([self.ops.array(part) for part in parts], 1))
        count = self.tokens["baseTokens"]
        base = self.codes("bottleneck.base", tokens[:, :count])
        latent = self.codes("bottleneck.secondary", tokens[:, count:]).swapaxes(1, 2)
        normal = self.ops.norm(latent, 1, *self.layer("bottleneck.dropout.norm")).swapaxes(1, 2)
        kept = self.ops.tensor(masks.astype(np.float32))[:, :, None]
        x = (normal[:, None] * kept).reshape(n * masks.shape[1], -1)
        head, l = "bottleneck.dropout.head.layer", 0
        while f"{head}{l}.weight" in self.weights:
            x = self.ops.linear(self.ops.relu(x) if l else x, *self.layer(f"{head}{l}"))
            l += 1
        residual = x.reshape(n, masks.shape[1], count, -1)
        own = np.arange(count) if masks.shape[1] > 1 else np.zeros(count, int)  # the winner of each token
        return (base + residual[:, own, np.arange(count)]).reshape(n, -1)

    def decode(self, tokens, masks=None):
        """Tokens (n, t) and, of an MVQ, masks (n, winners, C) of 0 and 1 to images."""
        side = self.side  # halved to 4, or as long as it is even and leaves at least 4
        while side % 2 == 0 and side >= 8:
            side //= 2
        x = self.ops.linear(self.vectors(tokens, masks), *self.layer("decoder.map.in")).reshape(len(tokens), -1, side, side)
        while side < self.side:
            block = f"decoder.up.block{side}."
            if block + "norm1.weight" in self.weights:
                x = x + self.half(block, "2", self.half(block, "1", x))
            x = self.ops.conv(self.ops.twice(self.ops.silu(x)), *self.layer(f"decoder.up.twice{side}.same"))
            side *= 2
        x = self.ops.conv(self.ops.silu(x), *self.layer("decoder.up.last"))
        return np.clip(self.ops.array(x), -1, 1)

    def half(self, block, which, x):
        groups = x.shape[1] // 16 if x.shape[1] % 16 == 0 else 1
        normal = self.ops.norm(x, groups, *self.layer(block + "norm" + which))
        return self.ops.conv(self.ops.silu(normal), *self.layer(block + "conv" + which))


if __name__ == "__main__":
    layers = pytorch() if sys.argv[4:] == ["torch"] else NumPy
    reader, codes = Reader(sys.argv[1], layers), np.load(sys.argv[2])
    about = json.loads(bytes(codes["about"]))
    if about["model"] != reader.identity:
        sys.exit(f"{sys.argv[2]} was encoded by the model {about['model']}, {sys.argv[1]} is of {reader.identity}")
    pictures = reader.decode(codes["tokens"], codes["masks"] if "masks" in codes else None)
    np.save(sys.argv[3], pictures.astype(np.float32))
