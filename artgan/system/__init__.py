"""What every room may need: errors, whole files, and one process at a time."""
