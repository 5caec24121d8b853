# SPDX-License-Identifier: MPL-2.0
"""Certificates that vouch for themselves, made by the openssl command, and servers' TLS with them."""

import ssl
import subprocess

SETTINGS = """[ca]
default_ca = own
[own]
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""


class Certificate:
    """For `names` ("DNS:localhost,IP:127.0.0.1"), valid from and to ("20200101000000Z")."""

    def __init__(self, folder, names, begins="20200101000000Z", ends="20900101000000Z"):
        folder.mkdir()
        self.path = folder / "certificate.pem"
        self._key = folder / "key.pem"
        settings, request = folder / "settings", folder / "request.pem"
        settings.write_text(SETTINGS.format(folder=folder))
        (folder / "index").touch()
        common = ["-config", settings, "-batch"]
        self._openssl(
            "req", "-new", *common, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self._key,
            "-out", request, "-subj", "/CN=test", "-addext", f"subjectAltName={names}",
        )  # fmt: skip
        self._openssl(
            "ca", *common, "-selfsign", "-keyfile", self._key, "-in", request, "-out", self.path, "-notext",
            "-startdate", begins, "-enddate", ends,
        )  # fmt: skip

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def server(self, newest=None):
        """TLS of a server, up to that version."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if newest:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = newest
        context.load_cert_chain(self.path, self._key)
        return context
