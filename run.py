"""Set up this project in its own folder and open the notebook.

python3 run.py                        open the notebook in the browser
python3 run.py --headless             run it without one, write a page to results/
python3 run.py --headless --set minutes=2 --set source=villas
python3 run.py test                   run the tests; pytest's options may follow
"""

import hashlib
import os
import sys
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
NOTEBOOK = "GAN_generation.ipynb"


def check_python(version):
    """Exit unless `version`, such as (3, 12), is one TensorFlow supports."""
    if not (3, 11) <= tuple(version[:2]) <= (3, 13):
        found = f"This is Python {version[0]}.{version[1]}, which is not supported"
        sys.exit(f"{found}: install Python 3.12 (or 3.11, 3.13) from python.org.")


def call(command, **options):
    """Run a command and return its exit status; after Ctrl-C let it end by itself."""
    process = Popen(command, cwd=ROOT, **options)
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            process.wait(timeout=60)
        except (KeyboardInterrupt, TimeoutExpired):
            process.kill()
        raise


def ready_python():
    """Return the interpreter in .venv, making or rebuilding .venv where needed."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.exists() and not call([python, "-c", "import pip"], stderr=DEVNULL):
        return python
    print("Rebuilding .venv." if VENV.exists() else "Making .venv.", flush=True)
    quiet = {"stdout": DEVNULL, "stderr": DEVNULL}
    if call([sys.executable, "-m", "venv", "--clear", VENV], **quiet):
        needs = "a writable folder and, on Debian or Ubuntu, apt install python3-venv"
        sys.exit(f"Python could not make {VENV}; that needs {needs}.")
    return python


def install(python, name):
    """Install a requirements file, unless it is as it was when last installed."""
    digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    stamp = VENV / f"{name}.sha256"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    print(f"Installing {name}; the first time takes some minutes.", flush=True)
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if call([python, "-m", "pip", "--no-input", "install", *quiet, "-r", name]):
        mend = "Mend what it names above (often the network) and run this again."
        sys.exit(f"pip could not install the libraries. {mend}")
    stamp.write_text(digest, encoding="utf-8")


def plan(arguments):
    """Return the requirement files and Python's arguments for a command line."""
    files = ["requirements.txt"]
    if arguments[:1] == ["test"]:
        return [*files, "requirements-dev.txt"], ["-m", "pytest", *arguments[1:]]
    if arguments[:1] == ["--headless"]:
        return files, ["tools/execute_notebook.py", NOTEBOOK, *arguments[1:]]
    if arguments:
        sys.exit(__doc__)
    # Jupyter refuses the administrator's account, the usual one in a container.
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    return files, ["-m", "notebook", NOTEBOOK, "-y", *root]


def main(arguments):
    """Do what the command line asks and return the exit status."""
    try:
        check_python(sys.version_info)
        files, command = plan(arguments)
        python = ready_python()
        for name in files:
            install(python, name)
        return call([python, *command])
    except OSError as error:
        sys.exit(f"The project's folder could not be used: {error}.")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
