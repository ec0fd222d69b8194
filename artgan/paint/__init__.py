"""A generator's pictures: single ones, sheets, walks and animations."""
