# SPDX-License-Identifier: MPL-2.0
"""Stands before the simulator and refuses some actions, as AWS does for reasons that the simulator has not."""

import http.client
import http.server
import threading
import urllib.parse

REFUSAL = """<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>1-2-3</RequestID></Response>
"""


class Gatekeeper:
    """`refusals`: action -> (HTTP status, code, message); the rest is passed on. `page`: an answer to everything."""

    def __init__(self, endpoint, refusals=None, page=None):
        self.refused = []
        keeper, target = self, urllib.parse.urlsplit(endpoint).netloc

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                action = urllib.parse.parse_qs(body.decode())["Action"][0]
                if page is not None:
                    self.answer(200, "text/html", page.encode())
                elif action in (refusals or {}):
                    status, code, message = refusals[action]
                    keeper.refused.append(action)
                    self.answer(status, "text/xml", REFUSAL.format(code=code, message=message).encode())
                else:
                    self.pass_on(body)

            def pass_on(self, body):
                there = http.client.HTTPConnection(target)
                there.request("POST", self.path, body, dict(self.headers))
                answer = there.getresponse()
                self.answer(answer.status, answer.getheader("Content-Type"), answer.read())
                there.close()

            def answer(self, status, content_type, body):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
