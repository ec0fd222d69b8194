"""A folder of pictures becomes one array that training can read."""
