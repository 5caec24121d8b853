# SPDX-License-Identifier: MPL-2.0
"""Where botocore sends the requests of each service, and for which region it signs them. It runs in this process; a
request is caught on its way out."""

import os
import re

import botocore.endpoint_provider
import botocore.loaders
import botocore.session

# One operation of each service is enough; the whole models are large. The last is its path, where it has one.
CALLS = {
    "ec2": ("DescribeRegions", {}, ""),
    "sts": ("GetCallerIdentity", {}, ""),
    "elbv2": ("DescribeLoadBalancers", {}, ""),
    "iam": ("GetUser", {}, ""),
    "sso": ("GetRoleCredentials", {"roleName": "r", "accountId": "a", "accessToken": "t"}, "/federation/credentials"),
    "sso-oidc": ("CreateToken", {"clientId": "i", "clientSecret": "s", "grantType": "g"}, "/token"),
}
SIGNED = ("ec2", "sts", "elbv2", "iam")
REGION_NAMES = {"ec2": "ec2_region", "sts": "sts_region", "elbv2": "elbv2_region", "iam": "iam_region"}


class Caught(Exception):
    pass


class Loader(botocore.loaders.Loader):
    """Loads once what all homes share."""

    def __init__(self):
        super().__init__()
        self.models = {}

    def load_service_model(self, service_name, type_name, api_version=None):
        key = (service_name, type_name)
        if key not in self.models:
            model = super().load_service_model(service_name, type_name, api_version)
            if type_name == "service-2":
                operation = CALLS[service_name][0]
                model = {**model, "operations": {operation: model["operations"][operation]}}
            self.models[key] = model
        return self.models[key]


LOADER = Loader()
RULES = {}


def catch(request, **_):
    signed = re.search(rb"Credential=[^/]*/[0-9]*/([^/]*)/", request.headers.get("Authorization", b""))
    raise Caught(request.url, signed.group(1).decode() if signed else "")


def new_session():
    session = botocore.session.Session()
    session.register_component("data_loader", LOADER)
    session.set_credentials("AKID", "secret")
    session.register("before-send", catch)
    return session


def ask_rules(service, region, fips, dual_stack):
    """(URL, signing region) by the service's own rules: clients of botocore also ask an older table, which lacks some."""
    if service not in RULES:
        rules = LOADER.load_service_model(service, "endpoint-rule-set-1")
        RULES[service] = botocore.endpoint_provider.EndpointProvider(rules, LOADER.load_data("partitions"))
    found = RULES[service].resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual_stack)
    schemes = found.properties.get("authSchemes", [{}])
    return found.url + (CALLS[service][2] or "/"), schemes[0].get("signingRegion", region)


def ask(session, service, region):
    """(URL, signing region); a text when botocore refuses."""
    operation, parameters, _ = CALLS[service]
    try:
        client = session.create_client(service, region_name=region)
        client._make_api_call(operation, parameters)
    except Caught as caught:
        url, signed_for = caught.args
        return url.partition("?")[0], signed_for
    except Exception as problem:  # of any kind: some homes break it in ways that it does not expect
        return f"{type(problem).__name__}: {problem}"
    return "was not caught"


def pick(environment, region):
    """A dictionary like that of vns-endpoints; refused services are missing, and `refusals` says why."""
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    picked = {"refusals": {}}
    try:
        session = new_session()
        for service in CALLS:
            found = ask(session, service, region)
            if isinstance(found, str):
                picked["refusals"][service] = found
                continue
            picked[service] = found[0]
            if service in SIGNED:
                picked[REGION_NAMES[service]] = found[1]
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return picked
