# SPDX-License-Identifier: MPL-2.0
"""What botocore picks in a home. It runs in this process, its network replaced by world.answer."""

import hashlib
import os

import botocore.awsrequest
import botocore.credentials
import botocore.httpsession
import botocore.loaders
import botocore.regions
import botocore.session
import botocore.tokens

import world

LOADER = botocore.loaders.create_loader()
RESOLVER = botocore.regions.EndpointResolver(LOADER.load_data("endpoints"))


class Raw:
    def __init__(self, content):
        self.content = content

    def stream(self, *_, **__):
        yield self.content

    def read(self, *_):
        return self.content


def send(_, request):
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    body = request.body or b""
    status, text = world.answer(request.method, request.url, headers, body.decode() if isinstance(body, bytes) else body)
    return botocore.awsrequest.AWSResponse(request.url, status, {}, Raw(text.encode()))


botocore.httpsession.URLLib3Session.send = send


def flag(session, name):
    value = session.get_config_variable(name)
    return bool(value)


def endpoint(session, service, region):
    found = RESOLVER.construct_endpoint(
        service,
        region,
        use_dualstack_endpoint=flag(session, "use_dualstack_endpoint"),
        use_fips_endpoint=flag(session, "use_fips_endpoint"),
    )
    return f"https://{found['hostname']}/" if found else ""


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def pick(environment):
    """A dictionary like that of vns-credentials."""
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    # botocore looks up the home directory once, when it is loaded.
    for provider in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
        provider._SSO_TOKEN_CACHE_DIR = os.path.join(environment["HOME"], ".aws", "sso", "cache")
    picked = {"key": "", "secret": "", "token": "", "region": "", "ec2": "", "sts": "", "error": ""}
    try:
        session = botocore.session.Session()
        session.register_component("data_loader", LOADER)
        picked["region"] = session.get_config_variable("region") or ""
        credentials = session.get_credentials()
        if credentials:
            frozen = credentials.get_frozen_credentials()
            picked["key"] = frozen.access_key or ""
            picked["secret"], picked["token"] = digest(frozen.secret_key), digest(frozen.token)
        else:
            picked["error"] = "No AWS credentials"
        if picked["region"]:
            for service in ("ec2", "sts"):
                picked[service] = endpoint(session, service, picked["region"])
    except Exception as problem:  # of any kind: some homes break it in ways that it does not expect
        picked["key"] = picked["secret"] = picked["token"] = ""
        picked["error"] = f"{type(problem).__name__}: {problem}"
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return picked
