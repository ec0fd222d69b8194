"""How run.py starts other programs: with which variables, and what they said.

run.py imports this with whatever Python it was started by: standard library only.
"""

import os
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen, TimeoutExpired
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

# Variables that begin so stay outside: they may change what is installed or computed.
OUTSIDE = tuple(
    "PYTHON PIP_ KERAS_ MPL MATPLOTLIBRC IPYTHON __PYVENV TF_USE_LEGACY_KERAS "
    "JUPYTER_PATH JUPYTER_CONFIG".split()
)
# But not these, which say how packages are reached, or change nothing of that kind.
LET_IN = set(
    "PYTHONDONTWRITEBYTECODE PYTHONFAULTHANDLER PYTHONHASHSEED PYTHONPYCACHEPREFIX "
    "PYTHONUNBUFFERED PIP_CACHE_DIR PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE "
    "PIP_CONSTRAINT PIP_DEFAULT_TIMEOUT PIP_DISABLE_PIP_VERSION_CHECK "
    "PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_INDEX_URL PIP_KEYRING_PROVIDER "
    "PIP_NO_CACHE_DIR PIP_NO_INDEX PIP_PROXY PIP_RETRIES PIP_TIMEOUT PIP_TRUSTED_HOST "
    "PIP_USE_DEPRECATED PIP_USE_FEATURE".split()
)
# Files of settings in the user's home stay outside too: these look for theirs in .venv.
OURS = {
    "PYTHONUTF8": "1",
    "PYTHONIOENCODING": "utf-8:backslashreplace",  # any name can be printed
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": str(VENV / "keras"),
    "MPLCONFIGDIR": str(VENV / "matplotlib"),
    "IPYTHONDIR": str(VENV / "ipython"),
    "JUPYTER_CONFIG_DIR": str(VENV / "jupyter"),
    "JUPYTER_PREFER_ENV_PATH": "1",
}


def environment():
    """Return the variables for a program, the user's settings left outside."""
    names = [n for n in os.environ if n in LET_IN or not n.startswith(OUTSIDE)]
    return {**{name: os.environ[name] for name in names}, **OURS}


def start(command, **options):
    """Return the process of a command in the project's folder; OSError if none."""
    return Popen(command, cwd=ROOT, env=environment(), **options)


def wait(process):
    """Return the exit status of a process; after Ctrl-C let it end by itself."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            process.wait(timeout=60)
        except (KeyboardInterrupt, TimeoutExpired):
            process.kill()
        raise


def call(command):
    """Run a command in the terminal and return its exit status."""
    return wait(start(command))


def listen(command, aloud=False):
    """Run a command; return its exit status and the lines that it wrote.

    `aloud` leaves standard output alone, and shows standard error as it comes.
    """
    pipes = {"stderr": PIPE} if aloud else {"stdout": PIPE, "stderr": STDOUT}
    process = start(command, encoding="utf-8", errors="replace", **pipes)
    lines = []

    def read():
        for line in process.stderr or process.stdout:
            lines.append(line)
            if aloud:
                print(line, end="", file=sys.stderr, flush=True)

    reader = Thread(target=read, daemon=True)
    reader.start()
    status = wait(process)
    reader.join(5)  # whatever the command left running may hold the pipe for longer
    return status, lines
