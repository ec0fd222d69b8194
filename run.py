"""Set up this project in its own folder and open the notebook.

python3 run.py                        open the notebook in the browser
python3 run.py --headless             run it without one, write a page to results/
python3 run.py --headless --set minutes=2 --set source=villas
python3 run.py test                   run the tests; pytest's options may follow
python3 run.py --help                 show this
"""

import hashlib
import os
import shutil
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.append(str(ROOT / "tools"))

from setup_problems import explain, last_words  # noqa: E402
from setup_programs import VENV, call, listen  # noqa: E402

MARK = VENV / "made-by-run.txt"  # says for which Python; run.py rebuilds no other .venv
PROOF = VENV / "tensorflow.sha256"  # TensorFlow could be imported with these libraries
NOTEBOOK = "GAN_generation.ipynb"
OUTER = getattr(sys, "_base_executable", sys.executable)  # not one within .venv
MAKE_VENV = [OUTER, "-P", "-m", "venv"]
THIS_PYTHON = f"{sysconfig.get_python_version()} {sysconfig.get_platform()}"
CHECK_VENV = """import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("it is of Python %d.%d, not of 3.11 to 3.13" % sys.version_info[:2])
import pip"""


def check_python(version):
    """Exit unless `version`, such as (3, 12), is one TensorFlow supports."""
    if not (3, 11) <= tuple(version[:2]) <= (3, 13):
        found = f"This is Python {version[0]}.{version[1]}, which is not supported"
        sys.exit(f"{found}: install Python 3.12 (or 3.11, 3.13) from python.org.")


def fault(python):
    """Return what is wrong with the interpreter in .venv, or "" where it will do."""
    if not python.exists():
        return f"it has no {python.relative_to(VENV)}"
    try:
        status, lines = listen([python, "-c", CHECK_VENV])
    except OSError as error:
        return str(error)
    return (last_words(lines) or f"its Python ends with {status}") if status else ""


def ready_python():
    """Return the interpreter in .venv, making .venv where there is none.

    What run.py made, it makes anew where that is broken, or unproven and of another
    Python. What it did not make, it uses or leaves alone: exits with a sentence.
    """
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mine = MARK.exists()
    wrong = fault(python)
    if wrong.endswith("No module named 'pip'"):
        listen([python, "-m", "ensurepip"])  # uv makes environments without pip
        wrong = fault(python)
    stale = mine and not PROOF.exists() and MARK.read_text() != THIS_PYTHON
    if not wrong and not stale:
        return python
    empty = VENV.is_dir() and not any(VENV.iterdir())
    if os.path.lexists(VENV) and not mine and not empty:
        mend = "run.py did not make it and leaves it alone. Rename it, and start again."
        sys.exit(f"{VENV} cannot be used: {wrong}.\n{mend}")
    make_venv()
    return python


def make_venv():
    """Make .venv, in place of what run.py made before; exit with a sentence if not."""
    print("Rebuilding .venv." if MARK.exists() else "Making .venv.", flush=True)
    VENV.mkdir(exist_ok=True)
    MARK.write_text("")  # from here on it is ours, also where this is interrupted
    for old in VENV.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old != MARK:
            old.unlink()
    status, lines = listen([*MAKE_VENV, VENV])
    if status:
        needs = "That needs a folder you may write to, and a whole Python."
        sys.exit(f"Python could not make {VENV}.\n{explain(lines, status, needs)}")
    MARK.write_text(THIS_PYTHON)


def digest(name):
    """Return the SHA-256 of a file of the project."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def install(python, name):
    """Install a requirements file, unless it is as it was when last installed."""
    stamp, now = VENV / f"{name}.sha256", digest(name)
    if stamp.exists() and stamp.read_text() == now:
        return
    print(f"Installing {name}; the first time takes some minutes.", flush=True)
    command = [python, "-m", "pip", "--no-input", "install", "--no-user", "--target="]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    status, lines = listen([*command, *quiet, "-r", name], aloud=True)
    if status:
        why = explain(lines, status, "Mend what it names, and run this again.")
        sys.exit(f"\npip could not install the libraries.\n{why}")
    stamp.write_text(now)


def prove(python):
    """Import TensorFlow once for an installation; exit with a sentence if it fails."""
    now = digest("requirements.txt")
    if PROOF.exists() and PROOF.read_text() == now:
        return
    status, lines = listen([python, "-c", "import tensorflow"])
    if status:
        why = explain(lines, status, "Rename .venv, and run this again.")
        sys.exit(f"TensorFlow is installed, but does not start.\n{why}")
    PROOF.write_text(now)


def plan(arguments):
    """Return the requirement files and Python's arguments for a command line.

    Shows what there is and exits: with 0 where that was asked for, else with 2.
    """
    files, first = ["requirements.txt"], (arguments or [""])[0]
    if first == "test":
        return [*files, "requirements-dev.txt"], ["-m", "pytest", *arguments[1:]]
    if first == "--headless":
        return files, ["tools/execute_notebook.py", NOTEBOOK, *arguments[1:]]
    if first in ("-h", "--help"):
        print(__doc__, end="")
        sys.exit(0)
    if first:
        print(f"run.py does not know {first!r}.\n\n{__doc__}", end="", file=sys.stderr)
        sys.exit(2)
    # Jupyter refuses the administrator's account, the usual one in a container.
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    place = f"--ServerApp.root_dir={ROOT}"
    return files, ["-m", "notebook", NOTEBOOK, "-y", place, *root]


def main(arguments):
    """Do what the command line asks and return the exit status."""
    try:
        files, command = plan(arguments)
        check_python(sys.version_info)
        python = ready_python()
        for name in files:
            install(python, name)
        prove(python)
        return call([python, *command])
    except OSError as error:
        why = explain([str(error)], 0, "Mend that, and run this again.")
        sys.exit(f"The project's folder could not be used.\n{why}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
