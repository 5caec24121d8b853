# SPDX-License-Identifier: MPL-2.0
"""A small EC2 client of the tests' own: somebody who changes things behind Terraform's back.

Standard library only. Signature version 4 for one POST form, and the answer as an XML tree without name spaces."""

import datetime
import hashlib
import hmac
import urllib.error
import urllib.parse
import urllib.request
from xml.etree import ElementTree

ACCESS_KEY = "AKIDSIMULATOR"
SECRET_KEY = "simulator-secret"
ACCOUNT = "123456789012"


class Refused(Exception):
    """An error answer; `code` is EC2's."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _authorization(headers, body, stamp, region):
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        ["POST", "/", "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names, hashlib.sha256(body).hexdigest()]
    )
    scope = f"{stamp[:8]}/{region}/ec2/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET_KEY).encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    signature = _hmac(key, to_sign).hex()
    return f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={names}, Signature={signature}"


def _without_name_space(tree):
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    return tree


def call(endpoint, action, region="eu-central-1", **parameters):
    """Makes one call. Dots in parameter names are written as two underscores, and so is the one in Tag__1__Key."""
    form = {"Action": action, "Version": "2016-11-15"}
    form.update({name.replace("__", "."): str(value) for name, value in parameters.items()})
    body = urllib.parse.urlencode(form).encode()
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": urllib.parse.urlsplit(endpoint).netloc,
        "x-amz-date": stamp,
    }
    headers["authorization"] = _authorization(headers, body, stamp, region)
    request = urllib.request.Request(endpoint + "/", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return _without_name_space(ElementTree.fromstring(answer.read()))
    except urllib.error.HTTPError as refusal:
        tree = _without_name_space(ElementTree.fromstring(refusal.read()))
        raise Refused(tree.findtext(".//Code"), tree.findtext(".//Message")) from None
