"""A page in the browser: paint, mix, walk, look for a photograph, follow a training."""
