"""Read damaged pictures in a process that may crash or hang of it."""

import multiprocessing
import time
import warnings

from artgan.data.pictures import prepare_pictures, read_picture
from artgan.gather.sources.picture import check_picture

CONTEXT = multiprocessing.get_context("spawn")
SIZE = 24
MOST_SECONDS = 5  # Of processor time for one picture, however busy the machine is.
PATIENCE = 120  # Seconds by the clock, after which a reader hangs.


def judge(path, fit):
    """Read one file in each way; return what is wrong with what came, or ""."""
    [(_, picture, problem)] = prepare_pictures([path], SIZE, fit)
    if (picture is None) == (problem is None) or problem == "":
        return f"neither a picture nor a reason: {problem!r}"
    if picture is not None and (picture.shape, picture.dtype) != (
        (SIZE, SIZE, 3),
        "u1",
    ):
        return f"a picture of {picture.shape}, {picture.dtype}"
    try:
        if read_picture(path).mode != "RGB":
            return "not RGB"
    except (OSError, ValueError):
        pass
    try:
        check_picture(path)
    except ValueError:
        pass
    return ""


def read_them(connection, path):
    """Judge the damaged files that come through a pipe, each with its time."""
    warnings.simplefilter("ignore")
    while (data := connection.recv()) is not None:
        path.write_bytes(data)
        began, fit = time.process_time(), ("crop", "squash")[len(data) % 2]
        try:
            fault = judge(path, fit)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        seconds = time.process_time() - began
        if seconds > MOST_SECONDS:
            fault = fault or f"it took {seconds:.1f} s"
        connection.send((fault, path.read_bytes() == data))


class Reader:
    """A process that reads pictures; a new one takes its place when it dies."""

    def __init__(self, folder):
        self.folder, self.process = folder, None

    def __call__(self, data):
        """Return what is wrong with how a file is read, or ""."""
        if self.process is None:
            self.connection, theirs = CONTEXT.Pipe()
            arguments = (theirs, self.folder / "picture.jpg")
            self.process = CONTEXT.Process(
                target=read_them, args=arguments, daemon=True
            )
            self.process.start()
            theirs.close()
        self.connection.send(data)
        try:
            if not self.connection.poll(PATIENCE):
                return self.end(f"it hangs: no answer in {PATIENCE} s")
            fault, unchanged = self.connection.recv()
        except (EOFError, ConnectionError):
            return self.end("it crashed")
        return fault or ("" if unchanged else "the file was changed")

    def end(self, fault=""):
        """End the process; return the fault with its exit code."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            fault = fault and f"{fault}, exit code {self.process.exitcode}"
            self.process = None
        return fault
