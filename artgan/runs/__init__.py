"""One training from its folder's first file to its last figure."""
