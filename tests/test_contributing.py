"""The examples of CONTRIBUTING.md, followed to the letter on a copy of the project."""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest
import sync_notebook

BLOCK = re.compile(
    r"Into\s+(?P<new>a new file\s+)?`(?P<path>[^`]+)`"
    r"(?:,\s+(?P<how>above|at\s+the\s+end\s+of|at\s+the\s+end)"
    r"(?:\s+`(?P<anchor>[^`]+)`)?)?:\n\n```python\n(?P<code>.*?)```",
    re.DOTALL,
)
COPIED = ("artgan", "tests", "tools", "pyproject.toml", "GAN_generation.ipynb")
ENTRIES = {"wasserstein": 4, "grain": 5, "edges": 6, "copying": 6, "smk": 1}  # or more
# Where they are tested; to collect the rest of both rooms takes longer.
GAN_FILES = "losses", "gradients", "augment", "discriminator", "edges", "generator"
FILES = [
    *(f"tests/gan/test_{name}.py" for name in GAN_FILES),
    "tests/gather/test_smk.py",
]


def apply(root, block):
    """Do with a code block what the words before it say."""
    path, code, anchor = root / block["path"], block["code"], block["anchor"]
    if block["new"]:
        assert not path.exists()
        return path.write_text(code, "utf-8")
    lines, how = path.read_text("utf-8").split("\n"), " ".join(block["how"].split())
    if how == "at the end":
        return path.write_text("\n".join([*lines, "", code]), "utf-8")
    [first] = [n for n, line in enumerate(lines) if line.startswith(anchor)]
    if how == "at the end of":
        first = lines.index("}", first)
    gap = ["", ""] if code.startswith(("def", "class")) else []
    lines[first:first] = [*code.rstrip("\n").split("\n"), *gap]
    return path.write_text("\n".join(lines), "utf-8")


@pytest.fixture(scope="module")
def changed(repository, tmp_path_factory):
    """A copy of the project in which all examples were followed."""
    root = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        place = repository / name
        if place.is_dir():
            shutil.copytree(place, root / name, ignore=unwanted)
        else:
            shutil.copy(place, root)
    (root / "checkpoints").symlink_to(repository / "checkpoints")
    text = (repository / "CONTRIBUTING.md").read_text("utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == text.count("```python")
    for block in blocks:
        apply(root, block)
    return root


@pytest.fixture(scope="module")
def results(changed):
    """What the tests of the new entries say: lines such as "... PASSED"."""
    words = " or ".join(ENTRIES)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider"]
    command += ["-k", words, *FILES]
    done = subprocess.run(command, cwd=changed, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]
    return [line for line in done.stdout.splitlines() if "PASSED" in line]


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_example_passes_the_tests_of_its_registry(results, entry):
    assert sum(entry in line for line in results) >= ENTRIES[entry]


def test_the_examples_are_in_good_style(changed):
    for command in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *command, "artgan", "tests/gan"]
        done = subprocess.run(command, cwd=changed, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_the_notebook_takes_the_examples_over(changed, capsys):
    path = changed / "GAN_generation.ipynb"
    places = ["--notebook", str(path), "--package", str(changed / "artgan")]
    sync_notebook.main([*places, "--write"])
    assert sync_notebook.main(places) == 0, capsys.readouterr().out
    code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    for table, function in {
        "LOSSES": "wasserstein_discriminator_loss",
        "AUGMENTATIONS": "add_grain",
        "DISCRIMINATORS": "edges",
        "GENERATORS": "build_copying_generator",
    }.items():
        assert (f"{table} = " in code) == (f"def {function}(" in code)
    assert "def wasserstein_discriminator_loss(" in code
