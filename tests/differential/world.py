# SPDX-License-Identifier: MPL-2.0
"""A stand-in for everything that gives credentials over HTTP. What it gives tells how it was asked: the access key of a
role names the role and the key that signed for it, and every key has a secret and a token of its own."""

import http.server
import json
import re
import threading
import urllib.parse

END = "2035-01-01T00:00:00Z"


def keys_xml(action, key):
    return (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>'
        f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret-{key}</SecretAccessKey>"
        f"<SessionToken>token-{key}</SessionToken>"
        f"<Expiration>{END}</Expiration></Credentials></{action}Result>"
        f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
    )


def keys_json(key):
    given = {"AccessKeyId": key, "SecretAccessKey": f"secret-{key}", "Token": f"token-{key}", "Expiration": END}
    return json.dumps({"Code": "Success", **given})


def sts(headers, body):
    form = dict(urllib.parse.parse_qsl(body))
    role = form.get("RoleArn", "").rpartition("/")[2]
    if form["Action"] == "AssumeRoleWithWebIdentity":
        return 200, keys_xml(form["Action"], f"WEB{role}{form['WebIdentityToken']}")
    signer = re.search(r"Credential=([^/]+)/", headers.get("authorization", ""))
    return 200, keys_xml(form["Action"], f"ROLE{role}{signer.group(1) if signer else 'NOBODY'}")


def answer(method, url, headers, body):
    """(status, body). `headers` has names in lower case."""
    parts = urllib.parse.urlsplit(url)
    host, path = parts.hostname, parts.path
    if host.startswith("sts"):
        return sts(headers, body)
    if host == "169.254.170.2":
        return 200, keys_json("CONTAINER")
    if host.startswith("portal.sso"):
        key = f"SSO{dict(urllib.parse.parse_qsl(parts.query))['role_name']}{headers['x-amz-sso_bearer_token']}"
        return 200, json.dumps(
            {
                "roleCredentials": {
                    "accessKeyId": key,
                    "secretAccessKey": f"secret-{key}",
                    "sessionToken": f"token-{key}",
                    "expiration": 2051222400000,
                }
            }
        )
    if host == "169.254.169.254":
        if method == "PUT":
            return 200, "imds-token"
        return (200, "instance-role") if path.endswith("/") else (200, keys_json("INSTANCE"))
    return 404, ""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, text = answer(self.command, headers.get("x-url", ""), headers, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_PUT = do_POST = serve

    def log_message(self, *arguments):
        pass


def serve():
    """The port of a server that runs until the process ends."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
