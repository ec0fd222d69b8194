"""The same training in eager PyTorch, with automatic mixed precision for bfloat16."""

import copy

import torch
from torch.nn.functional import avg_pool2d, l1_loss, pad, relu, softplus

from benchmarks.throughput_torch import Discriminator, Generator


def change_color(images):
    """Brightness, saturation and contrast of each picture by its own draw."""
    draws = torch.rand(3, len(images), 1, 1, 1, device=images.device)
    images = images + (draws[0] - 0.5)
    grey = images.mean(1, keepdim=True)
    images = grey + (images - grey) * 2 * draws[1]
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (images - mean) * (0.5 + draws[2])


def translate(images, share=1 / 8):
    """Move each picture by up to `share` of its side; what comes in is 0."""
    count, side = len(images), images.shape[-1]
    reach, places = int(side * share), torch.arange(side, device=images.device)
    offsets = torch.randint(0, 2 * reach + 1, (2, count, 1), device=images.device)
    rows, columns = offsets + places
    padded = pad(images, [reach] * 4).permute(0, 2, 3, 1)
    numbers = torch.arange(count, device=images.device)[:, None, None]
    moved = padded[numbers, rows[:, :, None], columns[:, None]]
    return moved.permute(0, 3, 1, 2)


def cut_out(images, share=1 / 2):
    """Blank a square of `share` of the side, centred anywhere in each picture."""
    count, side = len(images), images.shape[-1]
    centres = torch.randint(0, side, (2, count, 1), device=images.device)
    distances = (torch.arange(side, device=images.device) - centres).abs()
    rows, columns = distances * 2 < int(side * share)
    return images * ~(rows[:, :, None] & columns[:, None])[:, None]


AUGMENTATIONS = {"color": change_color, "translation": translate, "cutout": cut_out}
LOSSES = {
    "cross_entropy": (
        lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
        lambda fake, real: softplus(-fake).mean(),
    ),
    "hinge": (
        lambda real, fake: relu(1 - real).mean() + relu(1 + fake).mean(),
        lambda fake, real: -fake.mean(),
    ),
    "relativistic": (
        lambda real, fake: softplus(fake - real).mean(),
        lambda fake, real: softplus(real - fake).mean(),
    ),
}


class GAN:
    """Both networks, the averaged generator, two optimisers, and a training step."""

    def __init__(self, config):
        torch.manual_seed(config.seed)
        self.config, self.step = config, 0
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        place = {"device": self.device, "memory_format": torch.channels_last}
        self.generator = Generator(config).to(**place)
        self.discriminator = Discriminator(config).to(**place)
        self.generator_ema = copy.deepcopy(self.generator) if config.average else None
        self.generator_optimizer = self.adam(self.generator, config.generator_rate)
        self.discriminator_optimizer = self.adam(
            self.discriminator, config.discriminator_rate
        )

    def adam(self, network, rate):
        """PyTorch's Adam in the form that is fastest."""
        betas = self.config.beta_1, self.config.beta_2
        return torch.optim.Adam(network.parameters(), rate, betas, eps=1e-7, fused=True)

    def autocast(self):
        """Where the config asks for bfloat16, compute in it."""
        wanted = self.config.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=wanted)

    def scale_pictures(self, images):
        """uint8 [batch, h, w, 3] -> [batch, 3, h, w] in +-pixel_range."""
        images = torch.from_numpy(images).to(self.device).permute(0, 3, 1, 2)
        images = (images.float() / 127.5 - 1) * self.config.pixel_range
        if not self.config.flip:
            return images
        coins = torch.rand(len(images), 1, 1, 1, device=self.device)
        return torch.where(coins < 0.5, images.flip(3), images)

    def draw_latents(self):
        """Noise [batch_size, latent_size]."""
        shape = self.config.batch_size, self.config.latent_size
        if self.config.latent == "uniform":
            return torch.rand(shape, device=self.device) * 2 - 1
        return torch.randn(shape, device=self.device)

    def judge(self, images):
        """Logits of augmented images, and what redrawing them badly costs."""
        for name in filter(None, self.config.augment.split(",")):
            images = AUGMENTATIONS[name](images)
        logits, redrawn = self.discriminator(images)
        if redrawn is None:
            return logits, 0.0
        return logits, l1_loss(redrawn, avg_pool2d(images, 2))

    def train_step(self, images):
        """One step on uint8 images [batch, h, w, 3]; the two losses."""
        score_discriminator, score_generator = LOSSES[self.config.loss]
        with self.autocast():
            fake = self.generator(self.draw_latents())
            real_logits, redraw_loss = self.judge(self.scale_pictures(images))
            fake_logits, _ = self.judge(fake.detach())
            loss_d = score_discriminator(real_logits, fake_logits)
        self.learn(self.discriminator_optimizer, loss_d + redraw_loss)
        # Or the generator's step would compute gradients that nobody uses.
        self.discriminator.requires_grad_(False)
        with self.autocast():
            fake_logits, _ = self.judge(fake)
            loss_g = score_generator(fake_logits, real_logits.detach())
        self.learn(self.generator_optimizer, loss_g)
        self.discriminator.requires_grad_(True)
        if self.generator_ema:
            self.update_average()
        self.step += 1
        return float(loss_d.detach()), float(loss_g.detach())

    def learn(self, optimizer, loss):
        """Move the optimiser's weights down the loss."""
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    @torch.no_grad()
    def update_average(self):
        """Move the averaged generator towards the generator, its buffers too."""
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        pairs = zip(
            self.generator_ema.state_dict().values(),
            self.generator.state_dict().values(),
            strict=True,
        )
        for slow, fast in pairs:
            if slow.is_floating_point():
                slow.lerp_(fast, 1 - decay)
