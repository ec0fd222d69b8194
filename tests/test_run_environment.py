"""What users' machines do to run.py: their settings, and what their tools say."""

import json
import os
import platform
import signal
import sys

import pytest
import setup_problems
import setup_programs

SHOW = "import json, os, sys; print(json.dumps([dict(os.environ), sys.path]))"
HOSTILE = {
    "PIP_USER": "1",
    "PIP_TARGET": "/nowhere",
    "PIP_PREFIX": "/nowhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_NO_DEPS": "1",
    "PYTHONHOME": "/nowhere",
    "PYTHONSTARTUP": "/nowhere/start.py",
    "PYTHONUSERBASE": "/nowhere",
    "PYTHONSAFEPATH": "1",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "KERAS_BACKEND": "torch",
    "KERAS_HOME": "/nowhere",
    "TF_USE_LEGACY_KERAS": "1",
    "MPLBACKEND": "TkAgg",
    "MATPLOTLIBRC": "/nowhere/matplotlibrc",
    "MPLCONFIGDIR": "/nowhere",
    "JUPYTER_PATH": "/nowhere",
    "JUPYTER_CONFIG_DIR": "/nowhere",
    "IPYTHONDIR": "/nowhere",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
}
NEEDED = {
    "HTTPS_PROXY": "http://proxy:3128",
    "NO_PROXY": "localhost",
    "PIP_INDEX_URL": "https://mirror/simple",
    "PIP_CONFIG_FILE": "/etc/our-pip.conf",
    "PIP_CERT": "/etc/our.pem",
    "REQUESTS_CA_BUNDLE": "/etc/our.pem",
    "SSL_CERT_FILE": "/etc/our.pem",
    "CUDA_VISIBLE_DEVICES": "0",
    "PYTHONUNBUFFERED": "1",
}


def set_all(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_what_the_user_has_set_for_other_programs_stays_outside(monkeypatch, tmp_path):
    set_all(monkeypatch, {**HOSTILE, "PYTHONPATH": str(tmp_path)})
    status, lines = setup_programs.listen([sys.executable, "-c", SHOW])
    assert status == 0
    variables, path = json.loads(lines[-1])
    changed = {name for name in HOSTILE if variables.get(name) == HOSTILE[name]}
    assert not changed and "/nowhere" not in variables.values()
    assert "PYTHONPATH" not in variables and str(tmp_path) not in path
    assert setup_programs.OURS.items() <= variables.items()


def test_how_packages_are_reached_is_kept(monkeypatch):
    set_all(monkeypatch, NEEDED)
    assert NEEDED.items() <= setup_programs.environment().items()


def test_any_name_can_be_printed(monkeypatch):
    set_all(monkeypatch, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii:strict"})
    name = "print('\\ud800 \\udcff \\u5bb6')"
    status, lines = setup_programs.listen([sys.executable, "-c", name])
    assert (status, lines) == (0, ["\\ud800 \\udcff 家\n"])


def test_settings_in_the_users_home_stay_outside(monkeypatch, tmp_path):
    """Keras would compute otherwise, matplotlib would want LaTeX, IPython a module."""
    files = {
        ".keras/keras.json": '{"floatx": "float64", "backend": "torch", '
        '"image_data_format": "channels_first"}',
        ".config/matplotlib/matplotlibrc": "text.usetex: True",
        ".matplotlib/matplotlibrc": "text.usetex: True",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    set_all(monkeypatch, {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)})
    for name in ("KERAS_HOME", "MPLCONFIGDIR"):
        monkeypatch.setitem(setup_programs.OURS, name, str(tmp_path / "ours" / name))
    code = "import keras, matplotlib; c = keras.config; print(c.backend(), c.floatx(), "
    code += "c.image_data_format(), matplotlib.rcParams['text.usetex'])"
    status, lines = setup_programs.listen([sys.executable, "-c", code])
    assert (status, lines[-1]) == (0, "tensorflow float32 channels_last False\n")


def test_what_is_said_aloud_is_heard_too(capsys):
    code = "import sys; print('gone'); print('one\\ntwo', file=sys.stderr); sys.exit(3)"
    command = [sys.executable, "-c", code]
    assert setup_programs.listen(command, aloud=True) == (3, ["one\n", "two\n"])
    assert capsys.readouterr().err == "one\ntwo\n"


NONE = "ERROR: No matching distribution found for tensorflow<3,>=2.16"
FOUND = (
    "ERROR: Could not find a version that satisfies the requirement x (from versions:"
)
RETRY = "WARNING: Retrying (Retry(total=0)) after connection broken by '{}': /simple/x/"
FAILED = "Failed to establish a new connection: [Errno 111]"


@pytest.mark.parametrize(
    ("lines", "told", "sentence"),
    [
        (
            [RETRY.format(f'NewConnectionError("{FAILED}")'), NONE],
            0,
            "The network fails",
        ),
        ([RETRY.format("NameResolutionError()"), NONE], 0, "The network fails"),
        ([RETRY.format("ReadTimeoutError(Read timed out.)"), NONE], 0, "The network"),
        (
            [RETRY.format("ProxyError(NewConnectionError())"), NONE],
            0,
            "The proxy fails",
        ),
        (
            ["ERROR: OSError: Proxy URL had unsupported scheme foo"],
            0,
            "The proxy fails",
        ),
        (["ERROR: OSError: Missing dependencies for SOCKS support."], 0, "The proxy"),
        (["ERROR: OSError: Failed to parse: Host 'a b'"], 0, "An address is malformed"),
        (
            [RETRY.format("SSLError([SSL: CERTIFICATE_VERIFY_FAILED])")],
            0,
            "Certificates",
        ),
        (
            ["ERROR: suitable TLS CA certificate bundle, invalid path"],
            0,
            "Certificates",
        ),
        (["ERROR: [Errno 28] No space left on device", NONE], 0, "The disk is full"),
        (["OSError: [WinError 112] There is not enough space"], 0, "The disk is full"),
        (["ERROR: no file", "HINT: Windows Long Path support"], 1, "The path is too"),
        (["Error: it contains the PATH separator :."], 0, "Python cannot make an"),
        (["error: externally-managed-environment", "hint: x"], 0, "The system guards"),
        (["Failing command: ensurepip"], 0, "This Python is incomplete"),
        (["PermissionError: [WinError 5] Access is denied: 'C:'"], 0, "That needs a"),
        (["ERROR: HTTP error 403", "403 Client Error: Forbidden"], 1, "The package"),
        (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"], 0, "A download was broken"),
        (
            ["ImportError: DLL load failed while importing x", "See y"],
            0,
            "TensorFlow n",
        ),
        (
            ["x was compiled to use AVX instructions, but"],
            0,
            "This processor has no AVX",
        ),
        (
            ["ImportError: version `GLIBCXX_3.4.29' not found"],
            0,
            "This Linux is too old",
        ),
        (
            ["ModuleNotFoundError: No module named 'tensorflow'"],
            0,
            "pip put the librar",
        ),
        (["first", "ValueError: strange", "", "hint: see above"], 1, "Do something"),
        (["first", "second", "[notice] A new release of pip"], 1, "Do something"),
    ],
)
def test_what_a_tool_said_gets_the_sentence_that_fits(
    lines, told, sentence, monkeypatch
):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    words, advice = setup_problems.explain(lines, 1, "Do something.").splitlines()
    assert words == lines[told]
    assert advice.startswith(sentence) and advice.endswith(".")


@pytest.mark.parametrize(
    ("system", "machine", "libc", "sentence"),
    [
        ("Darwin", "x86_64", "", "For Intel Macs TensorFlow ends with Python 3.12"),
        ("Windows", "ARM64", "", "Windows on Arm has no TensorFlow"),
        ("Linux", "x86_64", "musl", "TensorFlow needs glibc"),
        ("Linux", "riscv64", "glibc", "pip found none for Python"),
    ],
)
@pytest.mark.parametrize("lines", [[NONE], [RETRY.format("SSLError()"), f"{FOUND} 1)"]])
def test_no_wheel_says_what_this_machine_lacks(
    system, machine, libc, sentence, lines, monkeypatch
):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: (libc, "1"))
    assert setup_problems.explain(lines, 1, "").splitlines()[1].startswith(sentence)


def test_a_python_of_32_bits_is_told_of(monkeypatch):
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "32-bit" in setup_problems.explain([NONE], 1, "")


@pytest.mark.parametrize(
    ("status", "words", "sentence"),
    [
        (-signal.SIGABRT, "It was ended by SIGABRT.", "no AVX"),
        (-4, "It was ended by SIGILL.", "no AVX"),
        (0xC000001D, "Its exit status was 0xC000001D.", "no AVX"),
        (-9, "It was ended by SIGKILL.", "The memory was full"),
        (-62, "It was ended by a signal.", "Do something"),
        (3, "Its exit status was 3.", "Do something"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_tool_that_said_nothing_is_judged_by_how_it_ended(status, words, sentence):
    told, advice = setup_problems.explain([], status, "Do something.").splitlines()
    assert told == words and sentence in advice


def test_a_long_line_is_shortened():
    words = setup_problems.explain(["a" * 5000], 1, "").splitlines()[0]
    assert len(words) < 400
