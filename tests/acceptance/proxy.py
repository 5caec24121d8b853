# SPDX-License-Identifier: MPL-2.0
"""A small proxy that passes on everything to one place, whatever host was asked for, and remembers what it was asked."""

import base64
import contextlib
import re
import socket
import threading
import urllib.parse

from wire import PATIENCE_S, read_message


class Proxy:
    """`plain` and `secure` are where requests for http:// and tunnels go. `login` ("user:password") is demanded when it is
    given. `refuses` is a status line's status and reason that everything gets."""

    def __init__(self, plain=None, secure=None, login=None, refuses=None):
        self._plain, self._secure, self._login, self._refuses = plain, secure, login, refuses
        self.asked = []  # "CONNECT host:port", "POST http://host/"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def hosts(self):
        """Those that somebody wanted to reach."""
        return {re.sub(r"^\S+ (http://)?([^:/]+).*", r"\2", line) for line in self.asked}

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
        with connection, contextlib.suppress(OSError):
            connection.settimeout(PATIENCE_S)
            with connection.makefile("rb") as stream:
                while message := read_message(stream):
                    if not self._meet(connection, *message):
                        return

    def _meet(self, connection, head, body):
        """False when the connection is over."""
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        refuses = self._refuses
        wanted = self._login and b"Basic " + base64.b64encode(self._login.encode())
        given = re.search(rb"\r\nProxy-Authorization: *(.*)\r\n", head, re.IGNORECASE)
        if wanted and (not given or given.group(1) != wanted):
            refuses = "407 Proxy Authentication Required"
        if refuses:
            page = b"<html>the proxy speaks</html>"
            connection.sendall(f"HTTP/1.1 {refuses}\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page)
            return True
        there = urllib.parse.urlsplit(self._secure if method == "CONNECT" else self._plain)
        with socket.create_connection((there.hostname, there.port), PATIENCE_S) as server:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._tunnel(connection, server)
                return False
            server.sendall(re.sub(rb"^(\S+) http://[^/]+", rb"\1 ", head) + body)
            with server.makefile("rb") as answer:
                connection.sendall(b"".join(read_message(answer)))
        return True

    def _tunnel(self, here, there):
        back = threading.Thread(target=self._copy, args=(there, here), daemon=True)
        back.start()
        self._copy(here, there)
        back.join()

    @staticmethod
    def _copy(source, sink):
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
