"""How long an exchange may take and how many bytes it may bring.

The timeouts of a socket begin anew with every byte, so a server that sends one now and
then could hold a program for ever. Here every wait ends when the whole exchange must.
"""

import io
import math
import time
from dataclasses import dataclass

from artgan.gather.network.failures import TooLarge, TooSlow


@dataclass
class Limits:
    """What one exchange may still take.

    ends: when, by `time.monotonic()`; each received byte puts it off by 1/`slowest`
    seconds. connect, stall: seconds to connect, and to wait for the next byte.
    most_bytes: on the wire, headers and framing included.
    """

    ends: float
    connect: float = 10.0
    stall: float = 30.0
    most_bytes: int = 20_000_000
    slowest: float = math.inf
    received: int = 0

    def seconds(self, most: int):
        """How long the next wait may be, at most `most`; TooSlow when time is up."""
        left = self.ends + self.received / self.slowest - time.monotonic()
        if left <= 0:
            raise TooSlow("timed out: the exchange took too long in all")
        return min(most, left)

    def add(self, count: int) -> None:
        """Count bytes that came; raise TooLarge when they are too many."""
        self.received += count
        if self.received > self.most_bytes:
            raise TooLarge(f"larger than {self.most_bytes:,} bytes")


class LimitedReader(io.RawIOBase):
    """What a socket receives, as a file that keeps to limits."""

    def __init__(self, connection, limits) -> None:
        self.connection, self.limits = connection, limits

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer):
        """Wait for bytes, no longer than allowed; 0 when the other side has closed."""
        limits = self.limits
        waiting = limits.seconds(limits.stall)
        self.connection.settimeout(waiting)
        try:
            count = self.connection.recv_into(buffer)
        except TimeoutError:
            limits.seconds(limits.stall)  # TooSlow, if it was that limit.
            raise
        limits.add(count)
        return count


class LimitedSocket:
    """The part of a socket that `http.client` uses; whoever opened it closes it."""

    def __init__(self, connection, limits) -> None:
        self.connection, self.limits = connection, limits

    def makefile(self, mode):
        """What the socket receives, as a file."""
        return io.BufferedReader(LimitedReader(self.connection, self.limits))

    def sendall(self, data) -> None:
        """Send bytes, no longer than allowed."""
        self.connection.settimeout(self.limits.seconds(self.limits.stall))
        self.connection.sendall(data)

    def close(self) -> None:
        """Leave it open for the body of the answer."""
