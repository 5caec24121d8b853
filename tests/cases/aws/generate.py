#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Writes sigv4.json and query.json: what botocore makes of generated requests. With --signed COUNT FILE it writes only
that many other signed requests, into FILE.

Needs Debian's python3-botocore (run it with /usr/bin/python3). The seed is fixed, so that the files change only when
this script or botocore does. botocore judges; the cases are ours.
"""
import argparse
import datetime
import json
import pathlib
import random
import urllib.parse

import botocore.auth
import botocore.credentials
import botocore.serialize
import botocore.session
from botocore.awsrequest import AWSRequest

HERE = pathlib.Path(__file__).parent
RANDOM = random.Random(20260807)
REGIONS = ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-4", "eusc-de-east-1"]
SERVICES = ["ec2", "sts", "elasticloadbalancing", "service"]
TEXTS = ["", "plain", "two words", " outer ", "a+b&c=d~", "100%", "*/_-.", "é", "日本語", "🛰 sensor", "%2F",
         "line\nbreak", "\"quoted\"", "a;b,c", "x" * 100]
UNRESERVED = "-_.~"


def pick(choices):
    return RANDOM.choice(choices)


def word(alphabet, low, high):
    return "".join(pick(alphabet) for _ in range(RANDOM.randint(low, high)))


def encode(value):
    return urllib.parse.quote(value, safe=UNRESERVED)


class FrozenDatetime(datetime.datetime):
    """The clock that botocore reads."""

    moment = None

    @classmethod
    def utcnow(cls):
        return cls.moment


def make_host():
    host = pick(["ec2.{}.amazonaws.com".format(pick(REGIONS)), "127.0.0.1", "localhost", "[::1]", "[fd00:ec2::254]"])
    return host + pick(["", "", ":4566", ":8080", ":1", ":65535"])


def make_path():
    wild = ["/a b", "/base/", "//double//slash", "/a/./b/../c/", "/~user/-_.", "/%20/x", "/é/", "/a/..", "/a/.",
            "/%2F%2f", "/../up", "/a/b/../..", "/a/b/..", "/...", "/base/path/"]
    path = pick(["/", "/", "/", ""] + wild)
    return urllib.parse.quote(path, safe="/%~")


def make_query():
    if RANDOM.random() < 0.6:
        return ""
    pairs = [encode(pick(TEXTS) + "k") + "=" + encode(pick(TEXTS)) for _ in range(RANDOM.randint(1, 5))]
    return "&".join(pairs)


def make_headers(host):
    headers = [("Host", host)]
    if RANDOM.random() < 0.9:
        headers.append(("Content-Type", pick(["application/x-www-form-urlencoded",
                                              "application/x-www-form-urlencoded; charset=utf-8"])))
    extra = [("X-Amz-Meta", "one"), ("X-Amz-Meta-Ab", "two   spaces  inside"), ("My-Header", "  trimmed\t "),
             ("X-Amz-Target", "Case.Kept"), ("my-header", "again"), ("A", "1"), ("zebra", ""), ("Range", "bytes=0-9")]
    headers += RANDOM.sample(extra, RANDOM.randint(0, 4))
    RANDOM.shuffle(headers)
    return headers


def make_body(method):
    if method == "GET":
        return ""
    return "&".join(["Action=" + word("ABCdef", 3, 12), "Version=2016-11-15"] +
                    [word("abcDE.", 1, 9) + ".1=" + encode(pick(TEXTS)) for _ in range(RANDOM.randint(0, 4))])


def sign_case():
    method = pick(["POST", "POST", "POST", "GET", "PUT"])
    host, path, query = make_host(), make_path(), make_query()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    key_id = pick(["AKIA", "ASIA"]) + word(letters, 16, 16)
    secret = word(letters + "abcdefghij/+=", 1, 60)
    token = word(letters + "/+=", 1, 300) if RANDOM.random() < 0.4 else None
    region, service = pick(REGIONS), pick(SERVICES)
    FrozenDatetime.moment = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=RANDOM.randrange(2 ** 31))
    body = make_body(method)
    request = AWSRequest(method=method, url="https://" + host + path + ("?" + query if query else ""),
                         data=body.encode())
    for name, value in make_headers(host):
        request.headers.add_header(name, value)
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key_id, secret, token), service, region)
    signer.add_auth(request)
    authorization = request.headers["Authorization"]
    del request.headers["Authorization"]
    return {
        "method": method, "path": path, "query": query, "body": body,
        "headers": [[name, value] for name, value in request.headers.items()],
        "timestamp": request.context["timestamp"],
        "seconds": int((FrozenDatetime.moment - datetime.datetime(1970, 1, 1)).total_seconds()),
        "region": region, "service": service, "key_id": key_id, "secret": secret,
        "canonical": signer.canonical_request(request), "authorization": authorization,
    }


def tags():
    return [{"Key": pick(TEXTS) + "k", "Value": pick(TEXTS)} for _ in range(RANDOM.randint(1, 4))]


def operation_case(models):
    token = word("0123456789abcdef-", 36, 36)
    service, name, parameters = pick([
        ("ec2", "CreateTrafficMirrorFilter", {"Description": pick(TEXTS), "ClientToken": token, "TagSpecifications": [
            {"ResourceType": "traffic-mirror-filter", "Tags": tags()}]}),
        ("ec2", "CreateTrafficMirrorSession", {
            "NetworkInterfaceId": "eni-" + word("0123456789abcdef", 17, 17), "TrafficMirrorTargetId": "tmt-1",
            "TrafficMirrorFilterId": "tmf-1", "SessionNumber": RANDOM.randint(1, 32766),
            "PacketLength": RANDOM.randint(1, 8500), "ClientToken": token, "DryRun": pick([True, False])}),
        ("ec2", "CreateTrafficMirrorFilterRule", {
            "TrafficMirrorFilterId": "tmf-1", "TrafficDirection": pick(["ingress", "egress"]),
            "RuleNumber": RANDOM.randint(1, 32766), "RuleAction": "accept", "Protocol": 17,
            "SourcePortRange": {"FromPort": 0, "ToPort": 65535}, "SourceCidrBlock": "10.0.0.0/8",
            "DestinationCidrBlock": "::/0", "Description": pick(TEXTS), "ClientToken": token}),
        ("ec2", "ModifyTrafficMirrorSession", {"TrafficMirrorSessionId": "tms-1",
                                               "RemoveFields": ["packet-length", "virtual-network-id"]}),
        ("ec2", "DescribeTrafficMirrorSessions", {
            "TrafficMirrorSessionIds": ["tms-{}".format(n) for n in range(RANDOM.randint(1, 30))],
            "Filters": [{"Name": "tag:" + pick(TEXTS), "Values": [pick(TEXTS), pick(TEXTS)]}]}),
        ("ec2", "CreateTags", {"Resources": ["tms-1", "tmf-1"], "Tags": tags()}),
        ("ec2", "DeleteTags", {"Resources": ["tms-1"], "Tags": [{"Key": pick(TEXTS) + "k"}]}),
        ("elbv2", "DescribeLoadBalancers", {"LoadBalancerArns": ["arn:aws:x/" + pick(TEXTS)]}),
        ("sts", "GetCallerIdentity", {}),
    ])
    model = models[service]
    operation = model.operation_model(name)
    serializer = botocore.serialize.create_serializer(model.metadata["protocol"], include_validation=False)
    pairs = [(str(key), str(value)) for key, value in
             serializer.serialize_to_request(parameters, operation)["body"].items()]
    rest = [pair for pair in pairs if pair[0] not in ("Action", "Version")]
    return {"action": name, "version": model.metadata["apiVersion"], "parameters": rest,
            "encoded": urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote, safe=UNRESERVED)}


def write(path, cases):
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    path.write_text("[\n" + lines + "\n]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signed", nargs=2, metavar=("COUNT", "FILE"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    botocore.auth.datetime.datetime = FrozenDatetime
    if options.signed:
        RANDOM.seed(options.seed)
        write(pathlib.Path(options.signed[1]), [sign_case() for _ in range(int(options.signed[0]))])
        return
    session = botocore.session.get_session()
    models = {service: session.get_service_model(service) for service in ("ec2", "sts", "elbv2")}
    write(HERE / "sigv4.json", [sign_case() for _ in range(400)])
    write(HERE / "query.json", [operation_case(models) for _ in range(200)])


if __name__ == "__main__":
    main()
