"""The two networks of a config in plain PyTorch; pictures are [batch, 3, h, w].

Layer for layer those of `artgan.gan.networks`, on channels-last memory.
"""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


def channels(config, width, side, full_side):
    """Channels of a grid: `width` at `full_side`, twice as many each time it halves."""
    return min(config.most_channels, width * full_side // side)


def start(module):
    """The DCGAN start of every kernel."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, std=0.02)


def activation(config):
    """Gated linear units, or LeakyReLU."""
    return nn.GLU(dim=1) if config.gated else nn.LeakyReLU(0.2)


class Noise(nn.Module):
    """Random numbers added to a grid, each channel with a strength that it learns."""

    def __init__(self, filters):
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(filters, 1, 1))

    def forward(self, grid):
        numbers = torch.randn_like(grid[:, :1])
        return grid + self.strength.to(grid.dtype) * numbers


def upsample_block(config, inputs, filters, noise=False):
    """[batch, inputs, h, w] -> [batch, filters, 2h, 2w]."""
    filters = 2 * filters if config.gated else filters
    kernel, edge = config.kernel, (config.kernel - 1) // 2
    if config.upsample == "transpose":
        rest = 2 + 2 * edge - kernel
        doubling = [
            nn.ConvTranspose2d(inputs, filters, kernel, 2, edge, rest, bias=False)
        ]
    else:
        same = nn.Conv2d(inputs, filters, kernel, padding="same", bias=False)
        doubling = [nn.Upsample(scale_factor=2), same]
    grain = [Noise(filters)] if noise else []
    return nn.Sequential(*doubling, nn.BatchNorm2d(filters), *grain, activation(config))


def excitation_block(fine, coarse):
    """[batch, coarse, h, w] -> the weight of each channel: [batch, fine, 1, 1]."""
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1),
        nn.Conv2d(coarse, fine // 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(fine // 2, fine, 1),
        nn.Sigmoid(),
    )


class Generator(nn.Module):
    """Latents [batch, latent_size] -> pictures [batch, 3, size, size] in [-1, 1]."""

    def __init__(self, config):
        super().__init__()
        side, full = config.first_side, config.size
        filters = channels(config, config.width, side, full)
        self.grid = side, side, filters * (2 if config.gated else 1)
        self.dense = nn.Linear(config.latent_size, side * side * self.grid[-1])
        normalize = nn.BatchNorm2d if config.normalize_dense else nn.Identity
        self.first = nn.Sequential(normalize(self.grid[-1]), activation(config))
        self.blocks, self.excitations = nn.ModuleList(), nn.ModuleDict()
        widths = {side: filters}
        while side < full // config.output_stride:
            side *= 2
            widths[side] = channels(config, config.width, side, full)
            inputs, filters = widths[side // 2], widths[side]
            block = upsample_block(config, inputs, filters, config.noise)
            self.blocks.append(block)
            if config.excitation and side // 16 in widths:
                excite = excitation_block(widths[side], widths[side // 16])
                self.excitations[str(side)] = excite
        smooth = nn.Upsample(scale_factor=2, mode="bilinear")
        self.paint = nn.Sequential(
            smooth if config.output_stride == 2 else nn.Identity(),
            nn.Conv2d(widths[side], 3, config.kernel, padding="same"),
        )
        self.apply(start)

    def forward(self, latents):
        x = self.dense(latents).view(-1, *self.grid).permute(0, 3, 1, 2)
        x = self.first(x)
        grids = {x.shape[-1]: x}
        for block in self.blocks:
            x = block(x)
            side = x.shape[-1]
            if str(side) in self.excitations:
                x = x * self.excitations[str(side)](grids[side // 16])
            grids[side] = x
        return torch.tanh(self.paint(x).float())


class DownsampleBlock(nn.Module):
    """[batch, inputs, h, w] -> [batch, filters, h/2, w/2]."""

    def __init__(self, config, inputs, filters):
        super().__init__()
        self.strided = judged(config, inputs, filters, config.discriminator_kernel, 2)
        self.shortcut = None
        if config.shortcut:
            means = judged(config, inputs, filters, 1, 1)
            self.shortcut = nn.Sequential(nn.AvgPool2d(2), means)

    def forward(self, grid):
        x = self.strided(grid)
        return x + self.shortcut(grid) if self.shortcut else x


class Gain(nn.Module):
    """Numbers multiplied by a constant."""

    def __init__(self, gain):
        super().__init__()
        self.gain = gain

    def forward(self, grid):
        return self.gain * grid


def judged(config, inputs, filters, kernel, strides):
    """A convolution, normalised as config says, and LeakyReLU."""
    parts = [nn.Conv2d(inputs, filters, kernel, strides, (kernel - 1) // 2)]
    if config.normalization in ("spectral", "both"):
        parts = [spectral_norm(parts[0]), Gain(config.spectral_gain)]
    if config.normalization in ("batch", "both"):
        parts.append(nn.BatchNorm2d(filters))
    return nn.Sequential(*parts, nn.LeakyReLU(0.2))


class Discriminator(nn.Module):
    """Pictures -> logits [batch, 1], and pictures redrawn at half size or None."""

    def __init__(self, config):
        super().__init__()
        side, width, self.blocks = config.size, 3, nn.ModuleList()
        widths = {side: width}
        while side > 4:
            side //= 2
            full = config.size // 2
            widths[side] = channels(config, config.discriminator_width, side, full)
            block = DownsampleBlock(config, widths[2 * side], widths[side])
            self.blocks.append(block)
        self.joint, filters = None, widths[side]
        if config.minibatch:
            self.joint = judged(config, filters + 1, filters, 3, 1)
        self.dense = nn.Linear(side * side * filters, 1)
        self.redraw = redraw_block(config, widths[8]) if config.reconstruct else None
        self.apply(start)

    def forward(self, images):
        x, redrawn = images, None
        for block in self.blocks:
            x = block(x)
            if self.redraw and x.shape[-1] == 8:
                redrawn = torch.tanh(self.redraw(x).float())
        if self.joint:
            deviation = x.float().var(0, unbiased=False).add(1e-8).sqrt().mean()
            channel = torch.zeros_like(x[:, :1]) + deviation.to(x.dtype)
            x = self.joint(torch.cat([x, channel], 1))
        return self.dense(x.flatten(1)).float(), redrawn


def redraw_block(config, inputs):
    """[batch, inputs, 8, 8] -> colours at half size, before the tanh."""
    side, half, parts = 8, config.size // 2, []
    while side < half:
        side *= 2
        width = max(8, config.discriminator_width // 4)
        filters = channels(config, width, side, half)
        parts.append(upsample_block(config, inputs, filters))
        inputs = filters
    return nn.Sequential(*parts, nn.Conv2d(inputs, 3, 3, padding="same"))
