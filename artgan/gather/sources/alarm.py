"""A limit on how long one exchange may take in all.

The timeouts of `requests` begin anew with every byte, so a server that drips could
hold a program for ever. Shutting the socket from a timer wakes whatever waits on it.
"""

import socket
import threading

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Alarm:
    """Shuts a connection `seconds` after its latest request began; `rang` tells so."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.rang = False
        self.timer = None

    def start(self, connection):
        """Watch one request, and stop watching the one before it."""
        self.stop()
        self.rang = False
        self.timer = threading.Timer(self.seconds, self.ring, [connection])
        self.timer.daemon = True
        self.timer.start()

    def ring(self, connection):
        """Wake whoever waits on the connection: it reads an early end."""
        self.rang = True
        try:
            (connection.answering_socket or connection.sock).shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass  # Not connected yet, or over already: nothing waits for a byte.

    def stop(self):
        """Stop watching."""
        if self.timer:
            self.timer.cancel()


class WatchedConnection:
    """A connection that sets the alarm at each request, retries included."""

    alarm = None
    answering_socket = None

    def request(self, *arguments, **settings):
        """Send a request under the alarm."""
        self.answering_socket = None
        self.alarm.start(self)
        return super().request(*arguments, **settings)

    def getresponse(self):
        """Read an answer; `sock` is let go before its body is read, so keep hold."""
        self.answering_socket = self.sock
        return super().getresponse()


def watched_pools(alarm):
    """Make connection pools for a urllib3 pool manager that set `alarm`."""

    def watched(pool, connection):
        name = f"Watched{connection.__name__}"
        kind = type(name, (WatchedConnection, connection), {"alarm": alarm})
        return type(f"Watched{pool.__name__}", (pool,), {"ConnectionCls": kind})

    return {
        "http": watched(HTTPConnectionPool, HTTPConnection),
        "https": watched(HTTPSConnectionPool, HTTPSConnection),
    }
