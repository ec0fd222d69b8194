"""The classic DCGAN's training step in eager PyTorch, channels last."""

import torch
from torch import nn
from torch.nn.functional import softplus

from artgan.gan.generator import channels


def generator(config):
    """Latents [batch, latent_size] -> pictures [batch, 3, size, size]."""
    side = config.initial_resolution
    wide = channels(config, side)
    parts = [nn.Linear(config.latent_size, wide * side**2)]
    parts += [nn.Unflatten(1, [wide, side, side]), nn.LeakyReLU(0.2)]
    double = {"stride": 2, "padding": 2, "output_padding": 1, "bias": False}
    while side < config.size:
        side *= 2
        before, wide = wide, channels(config, side)
        parts += [nn.ConvTranspose2d(before, wide, 5, **double)]
        parts += [nn.BatchNorm2d(wide), nn.LeakyReLU(0.2)]
    return nn.Sequential(*parts, nn.ConvTranspose2d(wide, 3, 5, padding=2), nn.Tanh())


def discriminator(config):
    """Pictures [batch, 3, size, size] -> logits [batch, 1]."""
    parts, side, wide = [], config.size, 3
    while side > 4:
        before, wide = wide, channels(config, side)
        parts += [nn.Conv2d(before, wide, 5, stride=2, padding=2)]
        parts += [nn.BatchNorm2d(wide), nn.LeakyReLU(0.2)]
        side //= 2
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(16 * wide, 1))


def initialize(layer):
    """Normal weights of standard deviation 0.02, as in DCGAN."""
    if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, std=0.02)


class TorchGAN:
    """The state of a classic DCGAN, and its step."""

    def __init__(self, config):
        torch.manual_seed(config.seed)
        self.config = config
        self.networks = [generator(config), discriminator(config)]
        rates = config.generator_learning_rate, config.discriminator_learning_rate
        betas, self.optimizers = (config.beta_1, config.beta_2), []
        for network, rate in zip(self.networks, rates, strict=True):
            network.to(memory_format=torch.channels_last).apply(initialize)
            adam = torch.optim.Adam(network.parameters(), rate, betas, fused=True)
            self.optimizers.append(adam)

    def step(self, images):
        """Train on uint8 images [batch, size, size, 3]; return both losses."""
        generate, discriminate = self.networks
        real = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1
        latents = torch.rand(len(images), self.config.latent_size) * 2 - 1
        bfloat16 = self.config.precision == "bfloat16"
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            fake = generate(latents)
            logits = discriminate(real), discriminate(fake.detach())
            loss_d = softplus(-logits[0]).mean() + softplus(logits[1]).mean()
        self.apply(1, loss_d)
        discriminate.requires_grad_(False)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            loss_g = softplus(-discriminate(fake)).mean()
        self.apply(0, loss_g)
        discriminate.requires_grad_(True)
        return loss_d, loss_g

    def apply(self, number, loss):
        """Move the network of that number down the slope of its loss."""
        self.optimizers[number].zero_grad(set_to_none=True)
        loss.backward()
        self.optimizers[number].step()
