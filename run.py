"""Set up this project in its own folder and open the notebook.

python3 run.py                        open the notebook in the browser
python3 run.py --headless             run it without one, write a page to results/
python3 run.py --headless --set minutes=2 --set source=folder
python3 run.py test                   run the tests; pytest's options may follow
python3 run.py --help                 show this
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
NOTEBOOK = "GAN_generation.ipynb"
PARALLEL = "-n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder".split()
USABLE = "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
PIP = "-m pip --no-input --disable-pip-version-check install".split()


def check_python(version):
    """Exit unless `version`, such as (3, 12), is one TensorFlow supports."""
    if not (3, 11) <= tuple(version[:2]) <= (3, 13):
        found = f"This is Python {version[0]}.{version[1]}, which is not supported"
        sys.exit(
            f"{found}: install Python 3.12 (or 3.11, 3.13) from python.org, then start "
            "with it: `py -3.12 run.py` on Windows, `python3.12 run.py` elsewhere."
        )


def call(*command):
    """Run a program in this folder, and return its exit status.

    What the user has set for other Pythons stays outside. At Ctrl-C, which the program
    has too, it may end by itself: a cell that trains saves first.
    """
    outside = "PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"
    variables = {n: v for n, v in os.environ.items() if n not in outside}
    process = subprocess.Popen(command, cwd=ROOT, env=variables | {"PYTHONUTF8": "1"})
    stopped = False
    while True:
        try:
            status = process.wait()
            break
        except KeyboardInterrupt:
            stopped = True
    if stopped:
        raise KeyboardInterrupt
    return status


def ready_python():
    """Return the Python of .venv, making .venv where there is none."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not os.path.lexists(VENV):
        check_python(sys.version_info)
        print("Making .venv.", flush=True)
        try:
            if call(sys.executable, "-m", "venv", str(VENV)):
                raise OSError("see above")  # on Debian: apt install python3-venv
        except BaseException:
            shutil.rmtree(VENV, ignore_errors=True)
            raise
    try:
        usable = call(str(python), "-c", USABLE) == 0
    except OSError:
        usable = False
    if not usable:
        why = "has no working Python 3.11 to 3.13 with pip"
        sys.exit(f"{VENV} {why}: rename or remove it, and run this again.")
    return str(python)


def install(python, name):
    """Install a requirements file, unless it is as it was when last installed."""
    stamp = VENV / f"{name}.sha256"
    now = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == now:
        return
    print(f"Installing {name}; the first time takes some minutes.", flush=True)
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    advice = 'Mend what it names; CONTRIBUTING, "When something fails", may help.'
    if call(python, *PIP, *quiet, "-r", name):
        sys.exit(f"\npip could not install the libraries. {advice}")
    if name == "requirements.txt" and call(python, "-c", "import tensorflow"):
        sys.exit(f"\nTensorFlow is installed, but does not start. {advice}")
    stamp.write_text(now)


def plan(arguments):
    """Return the requirement files and Python's arguments for a command line.

    Shows what there is and exits: with 0 where that was asked for, else with 2.
    """
    files, first = ["requirements.txt"], (arguments or [""])[0]
    if first == "test":
        more = [*files, "requirements-dev.txt"]
        return more, ["-m", "pytest", *PARALLEL, *arguments[1:]]
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
        python = ready_python()
        for name in files:
            install(python, name)
        return call(python, *command)
    except OSError as error:
        sys.exit(f"The project's folder could not be used: {error}.")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
