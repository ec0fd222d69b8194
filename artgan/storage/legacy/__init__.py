"""The two programs this one descends from: their networks and their checkpoints."""
