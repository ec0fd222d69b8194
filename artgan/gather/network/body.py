"""The body of an answer: read as it comes, unpacked once at most."""

import http.client
import zlib

import requests

PLAIN, PACKED = ("", "identity"), ("gzip", "x-gzip", "deflate")


class Body:
    """Reads the body of an `http.client.HTTPResponse`, for `requests.Response.raw`."""

    def __init__(self, answer, connection) -> None:
        self.answer, self.connection = answer, connection
        codings = answer.headers.get_all("Content-Encoding", [])
        self.coding = ",".join(codings).strip().lower()
        self.unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, by its head.

    def read(self, amount: int):
        """Return the next bytes, `amount` at most, as soon as some came; b"" ends it.

        Raises a `requests.RequestException` when it breaks off, is late or too large,
        or is packed in another way than once by gzip or deflate.
        """
        if self.coding not in PLAIN + PACKED:
            raise requests.exceptions.ContentDecodingError("packed in an unknown way")
        packed = self.coding in PACKED
        data = self.read_packed(amount) if packed else self.read_plain(amount)
        if not data:
            self.close()
        return data

    def read_plain(self, amount: int):
        """Return the next bytes as they were sent."""
        try:
            data = self.answer.read1(amount)
        except requests.RequestException:
            raise  # It is an OSError too.
        except TimeoutError as error:
            raise requests.ReadTimeout("timed out") from error
        except (OSError, http.client.HTTPException) as error:
            raise broken_off() from error
        if not data and self.answer.length:
            raise broken_off()
        return data

    def read_packed(self, amount: int):
        """Return the next bytes of what was packed, `amount` at most."""
        unpacker = self.unpacker
        while not unpacker.eof:
            packed = unpacker.unconsumed_tail or self.read_plain(amount)
            if not packed:
                raise broken_off()
            try:
                data = unpacker.decompress(packed, amount)
            except zlib.error as error:
                raise requests.exceptions.ContentDecodingError(str(error)) from error
            if data:
                return data
        return b""

    def close(self) -> None:
        """Close the connection, whatever is still to come."""
        self.answer.close()
        self.connection.close()


def broken_off():
    """The error of an answer that ends too early."""
    return requests.exceptions.ChunkedEncodingError("the connection broke off")
