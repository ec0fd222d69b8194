"""One module for each command: its EXAMPLES, its add_options, its run.

A command's name and its line of help stand in `parser.py`. What needs TensorFlow is
imported in `run`, so that neither --help nor a mistyped word waits for it.
"""
