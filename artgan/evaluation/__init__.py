"""How good a generator's pictures are, by measure."""
