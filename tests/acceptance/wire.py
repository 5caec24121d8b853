# SPDX-License-Identifier: MPL-2.0
"""The way from the provider to the simulator, byte for byte, until it dies in the middle of a call. It may speak TLS."""

import contextlib
import re
import socket
import struct
import threading
import urllib.parse

PATIENCE_S = 90


def read_message(stream):
    """Head and body of one request or answer; None at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return head, stream.read(int(length.group(1))) if length else b""


def name_of(head, body):
    """The action of a query service, else the path."""
    action = urllib.parse.parse_qs(body.decode("latin-1")).get("Action")
    return action[0] if action else head.split()[1].decode()


def reset(connection):
    """The peer sees "connection reset", not an end."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Wire:
    """`dies_at`: part of the name of the first call that meets the end; from then on nothing gets through. `death`:
    "reset" (each call is reset), "after" (the same, but that first call reaches the simulator), "refused" (its answer
    ends after one byte, then nobody listens) or "silence" (nobody answers any more)."""

    def __init__(self, endpoint, dies_at=None, death=None, tls=None):
        self._there = urllib.parse.urlsplit(endpoint)
        self._dies_at, self._death, self._tls = dies_at, death, tls
        self.calls = []  # names, in the order of their arrival
        self.met = threading.Event()
        self._released = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.endpoint = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._released.set()
        self._refuse()
        self._listener.close()

    def _refuse(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # the port stays ours, and nobody listens

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError, ValueError):
            connection.settimeout(PATIENCE_S)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection.makefile("rb") as stream:
                while message := read_message(stream):
                    self._meet(connection, *message)
        connection.close()

    def _meet(self, connection, head, body):
        name = name_of(head, body)
        self.calls.append(name)
        first = not self.met.is_set()
        if self._dies_at and (not first or self._dies_at in name):
            if first and self._death == "after":
                self._pass_on(head, body)
            self.met.set()
            self._die(connection)
        else:
            connection.sendall(self._pass_on(head, body))

    def _pass_on(self, head, body):
        with socket.create_connection((self._there.hostname, self._there.port), PATIENCE_S) as there:
            there.sendall(head + body)
            with there.makefile("rb") as answer:
                return b"".join(read_message(answer))

    def _die(self, connection):
        if self._death == "silence":
            self._released.wait(PATIENCE_S)
        elif self._death == "refused":
            self._refuse()
            connection.sendall(b"H")
        reset(connection)
        raise ConnectionResetError
