"""What stands on roofs, posts and plinths: statues, urns and obelisks."""


def statue(site, middle, base, tall, height=0.0):
    """Stand a draped figure on a plinth."""
    stone, wide = site.style.stone, tall * 0.18
    site.slab(middle, wide * 1.2, base - tall * 0.2, base, stone, height)
    site.ball(middle, base - tall * 0.45, wide, tall * 0.36, stone, height)
    arm, front = middle - wide * 0.3, height + 0.3
    site.ball(arm, base - tall * 0.62, wide * 0.95, tall * 0.13, stone, front)
    site.ball(middle, base - tall * 0.88, wide * 0.55, tall * 0.11, stone, front)


def urn(site, middle, base, tall, height=0.0):
    """Stand an urn on a plinth."""
    stone, wide = site.style.stone * 0.96, tall * 0.28
    site.slab(middle, wide, base - tall * 0.3, base, stone, height)
    site.slab(middle, wide * 0.35, base - tall * 0.5, base, stone, height)
    site.ball(middle, base - tall * 0.68, wide, tall * 0.26, stone, height)
    site.ball(middle, base - tall * 0.95, wide * 0.35, tall * 0.12, stone, height)


def obelisk(site, middle, base, tall, height=0.0):
    """Stand a slender pyramid with a ball at its tip."""
    stone, wide = site.style.stone * 0.96, tall * 0.15
    site.slab(middle, wide * 1.5, base - tall * 0.2, base, stone, height)
    site.gable(middle, wide, base - tall * 0.2, tall * 0.8, stone, height)
    site.ball(middle, base - tall, wide * 0.5, wide * 0.5, stone, height)


ORNAMENTS = (statue, urn, obelisk)
