"""What learns and how: the settings, the two networks, their losses and their steps."""
