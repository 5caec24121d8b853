# SPDX-License-Identifier: MPL-2.0
"""A server that answers what nobody expects."""

import contextlib
import socket
import threading

from wire import PATIENCE_S, name_of, read_message


class Strange:
    """`answer(name, send)` answers one request: `name` is its action or path, send(bytes) sends. The connection ends when it
    returns True. `sent` counts bytes, `heads` are the requests' heads."""

    def __init__(self, answer):
        self._answer = answer
        self.heads = []
        self.sent = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.endpoint = f"http://{self.host}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        def send(part):
            connection.sendall(part)
            with self._lock:
                self.sent += len(part)

        with connection, contextlib.suppress(OSError), connection.makefile("rb") as stream:
            connection.settimeout(PATIENCE_S)
            while message := read_message(stream):
                self.heads.append(message[0].decode("latin-1"))
                if self._answer(name_of(*message), send):
                    return


def whole(body, status="200 OK", headers=""):
    """An answer as it should be."""
    body = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body
