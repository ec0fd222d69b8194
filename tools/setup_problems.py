"""What went wrong while run.py set the project up, in the tool's words and in ours.

run.py imports this with whatever Python it was started by: standard library only.
"""

import platform
import re
import signal
import sys

# Lines with which a tool says nothing about why it failed, and one that does.
EMPTY_WORDS = re.compile(r"\s*($|\[notice\]|note:|hint:|[╰│]|\[end of output\])")
AN_ERROR = re.compile(r"\s*(error\b|[\w.]*(Error|Exception): )", re.IGNORECASE)


def no_wheel():
    """Return why this machine finds no library that is made for it, and what to do."""
    system, machine = platform.system(), platform.machine().lower()
    python = platform.python_version()
    if sys.maxsize < 2**32:
        return "This Python is a 32-bit one: install a 64-bit Python 3.12."
    if (system, machine) == ("Darwin", "x86_64"):
        return (
            "For Intel Macs TensorFlow ends with Python 3.12: run this with 3.11 or "
            "3.12. If your Mac is newer, install Python for Apple silicon."
        )
    if system == "Windows" and machine == "arm64":
        return "Windows on Arm has no TensorFlow: run this in WSL, which is a Linux."
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        return "TensorFlow needs glibc: use Debian, Ubuntu or Fedora, not Alpine."
    return (
        f"pip found none for Python {python} on {machine}: see whether this computer "
        "reaches pypi.org, and what your mirror offers; else use Python 3.12."
    )


def no_avx():
    """Return why TensorFlow ends at once on an old processor, and what to do."""
    if platform.system() == "Darwin":
        return (
            "This Python is made for Intel processors and finds no AVX here, which "
            "TensorFlow needs: if your Mac is newer, install Python for Apple silicon."
        )
    return (
        "This processor has no AVX, as it seems, and TensorFlow needs it: use a newer "
        "computer, or let the virtual machine pass AVX on."
    )


CERTIFICATES = (
    "Certificates are missing: let PIP_CERT or REQUESTS_CA_BUNDLE name the file of "
    "certificates that your network or your system uses."
)

# What the lines say, and the sentence that fits it. The first that matches counts:
# pip ends with "No matching distribution" also when it could reach nothing.
REASONS = [
    (r"from versions: \d", no_wheel),  # pip could reach the list of them
    (
        r"No space left|Errno 28\b|Errno 122\b|not enough space|WinError 112\b",
        "The disk is full: TensorFlow and the rest need about 3 GB.",
    ),
    (r"MemoryError|SIGKILL", "The memory was full: close other programs first."),
    (
        r"Long Path|path too long|name too long|WinError 206\b",
        "The path is too long: move the project's folder nearer to the disk's top.",
    ),
    (
        r"PATH separator",
        "Python cannot make an environment there: rename or move the project's folder "
        "so that its path has no colon (on Windows, no semicolon).",
    ),
    (
        r"ProxyError|Proxy URL|proxy scheme|Tunnel connection|SOCKS",
        "The proxy fails: mend or unset HTTPS_PROXY, or the proxy in pip's settings.",
    ),
    (
        r"Failed to parse|Invalid ?URL",
        "An address is malformed: look at HTTPS_PROXY and at index-url of pip.",
    ),
    (r"CERTIFICATE_VERIFY_FAILED|TLS CA certificate|X509|SSLError", CERTIFICATES),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|Read timed out|"
        r"getaddrinfo|Connection(Reset|Aborted|Refused)|ProtocolError|IncompleteRead|"
        r"Network is unreachable|\b5\d\d Server Error",
        "The network fails: see whether this computer reaches pypi.org, and which "
        "proxy and mirror it is told to use.",
    ),
    (r"\b(401|403) Client Error", "The package index refuses you: see your mirror."),
    (
        r"externally.managed",
        "The system guards this Python: rename .venv, and a new one will be made.",
    ),
    (
        r"ensurepip|[Nn]o module named '?venv",
        "This Python is incomplete: on Debian or Ubuntu, apt install python3-venv.",
    ),
    (
        r"Permission denied|Access is denied|Read-only|Errno (13|30)\b|WinError 5\b",
        "That needs a folder you may write to: move the project, or mend its rights.",
    ),
    (r"DO NOT MATCH THE HASHES", "A download was broken: run this again."),
    (
        r"No matching distribution|Failed (to build|building)|subprocess-exited",
        no_wheel,
    ),
    (
        r"DLL load failed",
        "TensorFlow needs the Microsoft Visual C++ Redistributable: install it from "
        "https://aka.ms/vs/17/release/vc_redist.x64.exe.",
    ),
    (r"compiled to use .* instructions|SIGILL|SIGABRT|0xC000001D", no_avx),
    (r"GLIBC|libstdc\+\+", "This Linux is too old for TensorFlow: use a newer one."),
    (
        r"No module named '?tensorflow",
        "pip put the libraries elsewhere: remove target, prefix and root from what "
        "`pip config list` shows.",
    ),
]


def ending(status):
    """Return the words for an exit status: for a signal its name."""
    if status < 0:
        names = {each.value: each.name for each in signal.Signals}
        return f"It was ended by {names.get(-status, 'a signal')}."
    return f"Its exit status was {status if status < 256 else f'0x{status:X}'}."


def last_words(lines):
    """Return the last line that names an error, else the last that says anything."""
    lines = [line.strip() for line in lines if not EMPTY_WORDS.match(line)]
    return ([line for line in lines if AN_ERROR.match(line)] or lines or [""])[-1]


def explain(lines, status, otherwise):
    """Return the line that tells why a tool failed, and the sentence that fits it.

    `lines` is what the tool said, `status` how it ended. Where nothing is known to
    fit, the sentence is `otherwise`.
    """
    if not lines or not 0 <= status < 256:
        lines = [*lines, ending(status)]
    words, sentence = last_words(lines), otherwise
    for pattern, known in REASONS:
        telling = [line for line in lines if re.search(pattern, line)]
        if telling:
            words, sentence = telling[-1].strip(), known
            break
    words = words if len(words) < 400 else f"{words[:200]} ... {words[-190:]}"
    return f"{words}\n{sentence() if callable(sentence) else sentence}"
