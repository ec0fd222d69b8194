"""One module for each command: its EXAMPLES, its add_options, its run.

A module's docstring is the command's help. What needs TensorFlow is imported in `run`,
so that --help does not wait for it.
"""
