"""What the command line can do; `parser.py` lists the verbs."""
