# SPDX-License-Identifier: MPL-2.0
"""What all actions share: signatures, parameters, tokens, dry runs, tags, filters, pages, regions, restarts."""

import os
import tempfile
import unittest

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from simulator import ACCESS_KEY, ACCOUNT, BALANCER, DATA_PORT, SECRET_KEY, WEB, Simulator, SimulatorTest


class Signatures(SimulatorTest):
    seed = {
        "credentials": [
            {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY},
            {"access_key": "AKIDOTHER", "secret_key": "other", "token": "session", "account": "210987654321"},
        ],
        "regions": ["eu-central-1", "eu-west-1"],
    }

    def test_right_ones(self):
        other = self.simulator.client("sts", access_key="AKIDOTHER", secret_key="other", token="session")
        self.assertEqual(other.get_caller_identity()["Account"], "210987654321")
        identity = self.simulator.client("sts").get_caller_identity()
        self.assertEqual(identity["Account"], ACCOUNT)
        self.assertEqual(identity["Arn"], f"arn:aws:iam::{ACCOUNT}:user/simulator")

    def test_wrong_ones(self):
        for wrong, query_code in (
            ({"access_key": "AKIDUNKNOWN"}, "InvalidClientTokenId"),
            ({"secret_key": "wrong"}, "SignatureDoesNotMatch"),
            ({"token": "surplus"}, "InvalidClientTokenId"),
            ({"access_key": "AKIDOTHER", "secret_key": "other"}, "InvalidClientTokenId"),
            ({"access_key": "AKIDOTHER", "secret_key": "other", "token": "old"}, "InvalidClientTokenId"),
            ({"region": "us-east-1"}, "SignatureDoesNotMatch"),
        ):
            with self.subTest(wrong):
                with self.refused("AuthFailure", status=401):
                    self.simulator.client(**wrong).describe_traffic_mirror_filters()
                with self.refused(query_code, status=403):
                    self.simulator.client("sts", **wrong).get_caller_identity()

    def signed(self, body, service="ec2", date=None):
        request = botocore.awsrequest.AWSRequest("POST", self.simulator.endpoint + "/", data=body)
        credentials = botocore.credentials.Credentials(ACCESS_KEY, SECRET_KEY)
        signer = botocore.auth.SigV4Auth(credentials, service, "eu-central-1")
        if date is None:
            signer.add_auth(request)
        else:
            request.context["timestamp"] = date  # the steps of add_auth, at another time
            signer._modify_request_before_signing(request)
            canonical = signer.canonical_request(request)
            signature = signer.signature(signer.string_to_sign(request, canonical), request)
            signer._inject_signature_to_request(request, signature)
        return request.prepare()

    def code(self, prepared):
        status, root = self.simulator.send(prepared)
        return status, root.findtext(".//Code")

    def test_scope_and_time(self):
        body = "Action=DescribeTrafficMirrorFilters&Version=2016-11-15"
        self.assertEqual(self.code(self.signed(body)), (200, None))
        self.assertEqual(self.code(self.signed(body, service="sts")), (401, "AuthFailure"))
        self.assertEqual(self.code(self.signed(body, date="20200101T000000Z")), (400, "RequestExpired"))

    def test_tampered(self):
        body = "Action=DescribeTrafficMirrorFilters&Version=2016-11-15"
        prepared = self.signed(body)
        prepared.body = body + "&MaxResults=5"
        self.assertEqual(self.code(prepared), (401, "AuthFailure"))
        prepared = self.signed(body)
        prepared.headers["X-Amz-Surplus"] = "not signed"
        self.assertEqual(self.code(prepared), (401, "AuthFailure"))
        prepared = self.signed(body)
        del prepared.headers["Authorization"]
        self.assertEqual(self.code(prepared), (401, "AuthFailure"))
        prepared = self.signed("Action=GetCallerIdentity&Version=2011-06-15", service="sts")
        del prepared.headers["Authorization"]
        self.assertEqual(self.code(prepared), (403, "MissingAuthenticationToken"))


class Requests(SimulatorTest):
    def test_actions(self):
        self.assertEqual(self.raw_error("RunInstances"), (400, "InvalidAction"))
        self.assertEqual(self.raw_error("GetSessionToken", service="sts"), (400, "InvalidAction"))
        self.assertEqual(self.raw_error("DescribeTags", version="2010-01-01"), (400, "NoSuchVersion"))

    def test_parameters(self):
        describe, create = "DescribeTrafficMirrorFilters", "CreateTrafficMirrorFilter"
        for action, parameters, code in (
            (describe, {"Colour": "red"}, "UnknownParameter"),
            (describe, {"TrafficMirrorFilterId": "tmf-00000000000000000"}, "UnknownParameter"),
            (describe, {"TrafficMirrorFilterId.0": "tmf-00000000000000000"}, "UnknownParameter"),
            (describe, {"TrafficMirrorFilterId.member.1": "tmf-00000000000000000"}, "UnknownParameter"),
            (describe, {"Filter.1": "x"}, "UnknownParameter"),
            (describe, {"Filter.1.Name": "description"}, "MissingParameter"),
            (describe, {"MaxResults": "many"}, "InvalidParameterValue"),
            (describe, {"MaxResults": "4"}, "InvalidParameterValue"),
            (describe, {"MaxResults": "1001"}, "InvalidParameterValue"),
            (describe, {"DryRun": "maybe"}, "InvalidParameterValue"),
            (describe, {"NextToken": "x"}, "InvalidPaginationToken"),
            (create, {"TagSpecification.1.Tag.1.Value": "v"}, "MissingParameter"),
            (create, {"Description.1": "v"}, "UnknownParameter"),
            ("DeleteTrafficMirrorFilter", {}, "MissingParameter"),
            ("CreateTrafficMirrorSession", {}, "MissingParameter"),
            ("CreateTags", {"ResourceId.1": "tmf-00000000000000000"}, "MissingParameter"),
        ):
            with self.subTest(action=action, parameters=parameters):
                self.assertEqual(self.raw_error(action, parameters), (400, code))
        self.assertEqual(self.simulator.objects(), 0)

    def test_parameters_of_other_services(self):
        balancing = "elasticloadbalancing"
        for service, action, parameters in (
            (balancing, "DescribeLoadBalancers", {"PageSize": "many"}),
            (balancing, "DescribeLoadBalancers", {"PageSize": "401"}),
            (balancing, "DescribeListeners", {}),
            ("sts", "AssumeRole", {"RoleSessionName": "me"}),
        ):
            with self.subTest(action=action, parameters=parameters):
                self.assertEqual(self.raw_error(action, parameters, service=service), (400, "ValidationError"))

    def test_forms(self):
        for body in ("Action=%zz", "Action=a%00b", "Action=a%ffb", "Action=%1", "Action=a%ef%bf%be"):
            request = botocore.awsrequest.AWSRequest("POST", self.simulator.endpoint + "/", data=body)
            status, root = self.simulator.send(request.prepare())
            self.assertEqual((status, root.findtext(".//Code")), (400, "MalformedQueryString"), body)

    def test_error_forms(self):
        _, root = self.simulator.raw("Nothing")
        self.assertEqual(root.tag, "Response")
        self.assertTrue(root.findtext("RequestID"))
        _, root = self.simulator.raw("Nothing", service="sts")
        self.assertEqual((root.tag, root.findtext("Error/Type")), ("ErrorResponse", "Sender"))
        self.assertTrue(root.findtext("RequestId"))

    def test_dry_run(self):
        with self.refused("DryRunOperation", status=412):
            self.make_filter(DryRun=True)
        self.assertEqual(self.simulator.objects(), 0)

    def test_tokens(self):
        first = self.ec2.create_traffic_mirror_filter(Description="a", ClientToken="t")
        again = self.ec2.create_traffic_mirror_filter(Description="a", ClientToken="t")
        for answer in (first, again):
            del answer["ResponseMetadata"]
        self.assertEqual(again, first)
        self.assertEqual(first["ClientToken"], "t")
        with self.refused("IdempotentParameterMismatch"):
            self.make_filter(Description="b", ClientToken="t")
        with self.refused("InvalidParameterValue"):
            self.make_filter(ClientToken="t" * 65)
        self.make_target(ClientToken="t")  # another action's tokens are others
        self.assertEqual(self.simulator.objects(), 2)
        with self.refused("InvalidTrafficMirrorTarget"):
            self.make_target(NetworkLoadBalancerArn="arn:x", ClientToken="u")
        self.make_target(ClientToken="u")  # a refused request keeps no token

    def test_calls(self):
        self.simulator.control("DELETE", "calls")
        filter_id = self.make_filter(ClientToken="t", Description="é")
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId="tmf-00000000000000000")
        create, delete = self.simulator.calls()
        self.assertEqual((create["action"], create["service"]), ("CreateTrafficMirrorFilter", "ec2"))
        self.assertEqual((create["region"], create["account"]), ("eu-central-1", ACCOUNT))
        self.assertEqual(create["parameters"], {"ClientToken": "t", "Description": "é"})
        self.assertEqual((create["status"], create["error"], create["client_token"]), (200, None, "t"))
        self.assertEqual((delete["status"], delete["error"]), (400, "InvalidTrafficMirrorFilterId.NotFound"))
        state = self.simulator.control("GET", "state")["places"][0]
        self.assertEqual([f["trafficMirrorFilterId"] for f in state["traffic_mirror_filters"]], [filter_id])
        self.assertEqual(state["account"], ACCOUNT)

    def test_regions_are_apart(self):
        self.make_filter()
        elsewhere = self.simulator.client(region="us-west-2")
        self.assertEqual(elsewhere.describe_traffic_mirror_filters()["TrafficMirrorFilters"], [])
        interfaces = elsewhere.describe_network_interfaces(NetworkInterfaceIds=[WEB])["NetworkInterfaces"]
        self.assertEqual(interfaces[0]["AvailabilityZone"], "us-west-2a")


class Tags(SimulatorTest):
    def tags(self, filter_id):
        (found,) = self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[filter_id])["TrafficMirrorFilters"]
        return {tag["Key"]: tag["Value"] for tag in found["Tags"]}

    def create(self, *ids, **tags):
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.ec2.create_tags(Resources=list(ids), Tags=pairs)

    def test_life(self):
        filter_id, target_id = self.make_filter(), self.make_target()
        self.create(filter_id, target_id, WEB, a="1", b="")
        self.create(filter_id, a="2", c="3")
        self.assertEqual(self.tags(filter_id), {"a": "2", "b": "", "c": "3"})
        self.ec2.delete_tags(Resources=[filter_id], Tags=[{"Key": "a", "Value": "1"}, {"Key": "c"}, {"Key": "z"}])
        self.assertEqual(self.tags(filter_id), {"a": "2", "b": ""})
        self.ec2.delete_tags(Resources=[filter_id], Tags=[{"Key": "a", "Value": ""}])
        self.assertEqual(self.tags(filter_id), {"a": "2", "b": ""})
        found = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [target_id]}])["Tags"]
        wanted = {"ResourceId": target_id, "ResourceType": "traffic-mirror-target"}
        self.assertEqual(found, [{"Key": "a", "Value": "1", **wanted}, {"Key": "b", "Value": "", **wanted}])
        self.ec2.delete_tags(Resources=[filter_id])  # without tags: all of them
        self.assertEqual(self.tags(filter_id), {})

    def test_limits(self):
        filter_id = self.make_filter()
        self.create(filter_id, **{f"k{i}": "v" for i in range(50)})
        with self.refused("TagLimitExceeded"):
            self.create(filter_id, more="v")
        self.create(filter_id, k1="changed")
        for key, value in (("aws:x", "v"), ("", "v"), ("k" * 128, "v"), ("k", "v" * 257)):
            with self.subTest(key), self.refused("InvalidParameterValue"):
                self.ec2.create_tags(Resources=[filter_id], Tags=[{"Key": key, "Value": value}])
        other = self.make_filter()
        self.ec2.create_tags(Resources=[other], Tags=[{"Key": "é" * 127, "Value": "é" * 256}])
        with self.refused("InvalidParameterValue", "Duplicate"):
            self.ec2.create_tags(Resources=[other], Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])

    def test_resources(self):
        filter_id = self.make_filter()
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.create(filter_id, "tmf-00000000000000000", a="1")
        self.assertEqual(self.tags(filter_id), {})  # all or none
        with self.refused("InvalidID"):
            self.create("nonsense", a="1")

    def test_specifications(self):
        for kind in ("traffic-mirror-session", "instance"):
            with self.refused("InvalidParameterValue", kind):
                self.make_filter(TagSpecifications=[{"ResourceType": kind, "Tags": [{"Key": "a", "Value": "b"}]}])
        many = [{"Key": f"k{i}", "Value": "v"} for i in range(51)]
        with self.refused("TagLimitExceeded"):
            self.make_filter(TagSpecifications=[{"ResourceType": "traffic-mirror-filter", "Tags": many}])


class Lists(SimulatorTest):
    def found(self, *filters, **more):
        wanted = [{"Name": name, "Values": list(values)} for name, *values in filters]
        answer = self.ec2.describe_network_interfaces(Filters=wanted, **more)
        return [interface["NetworkInterfaceId"][-1] for interface in answer["NetworkInterfaces"]]

    def test_filters(self):
        self.assertEqual(self.found(("tag:Mirror", "true")), ["0", "a", "b"])
        self.assertEqual(self.found(("tag-key", "Mir*")), ["0", "a", "b"])
        self.assertEqual(self.found(("tag:Name", "app-?")), ["a", "b"])
        self.assertEqual(self.found(("tag:Name", "app-?", "web")), ["0", "a", "b"])
        self.assertEqual(self.found(("tag:Name", "app-?"), ("subnet-id", "*c")), ["b"])
        self.assertEqual(self.found(("description", "*server*")), ["0", "a", "b"])
        self.assertEqual(self.found(("description", "Web\\*")), [])
        self.assertEqual(self.found(("attachment.device-index", "1")), ["8"])
        self.assertEqual(self.found(("group-id", "sg-0000000000000000a"), ("tag:Name", "db")), ["c"])
        self.assertEqual(self.found(("requester-managed", "true")), [])
        with self.refused("InvalidParameterValue", "colour"):
            self.found(("colour", "red"))
        with self.refused("FilterLimitExceeded"):
            self.found(("status", *map(str, range(201))))

    def test_pages(self):
        made = [self.make_filter(Description=str(i)) for i in range(12)]
        describe = self.ec2.describe_traffic_mirror_filters
        first = describe(MaxResults=5)
        ids = [f["TrafficMirrorFilterId"] for f in first["TrafficMirrorFilters"]]
        self.assertEqual(ids, made[:5])
        self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=made[4])  # nothing is skipped for it
        while "NextToken" in first:
            first = describe(MaxResults=5, NextToken=first["NextToken"])
            ids += [f["TrafficMirrorFilterId"] for f in first["TrafficMirrorFilters"]]
        self.assertEqual(ids, made)
        self.assertNotIn("NextToken", describe(MaxResults=11))
        token = describe(MaxResults=5)["NextToken"]
        with self.refused("InvalidPaginationToken"):
            describe(MaxResults=5, NextToken=token, Filters=[{"Name": "description", "Values": ["1"]}])
        with self.refused("InvalidPaginationToken"):
            self.ec2.describe_traffic_mirror_targets(MaxResults=5, NextToken=token)
        pages = self.ec2.get_paginator("describe_traffic_mirror_filters").paginate(PaginationConfig={"PageSize": 5})
        self.assertEqual(len(pages.build_full_result()["TrafficMirrorFilters"]), 11)

    def test_ids_exclude_paging_of_interfaces(self):
        with self.refused("InvalidParameterCombination"):
            self.ec2.describe_network_interfaces(NetworkInterfaceIds=[WEB], MaxResults=5)

    def test_other_lists(self):
        wanted = [{"Name": "instance-type", "Values": ["m6i.*"]}]
        (reservation,) = self.ec2.describe_instances(Filters=wanted)["Reservations"]
        (instance,) = reservation["Instances"]
        self.assertEqual(instance["NetworkInterfaces"][0]["NetworkInterfaceId"], "eni-0000000000000000e")
        (kind,) = self.ec2.describe_instance_types(InstanceTypes=["m5.metal"])["InstanceTypes"]
        self.assertTrue(kind["BareMetal"])
        with self.refused("InvalidInstanceType"):
            self.ec2.describe_instance_types(InstanceTypes=["m5.tiny"])
        (group,) = self.ec2.describe_security_groups()["SecurityGroups"]
        self.assertEqual(group["IpPermissions"][0]["FromPort"], 4789)
        balancing = self.simulator.client("elbv2")
        (balancer,) = balancing.describe_load_balancers(Names=["sensors"])["LoadBalancers"]
        self.assertEqual((balancer["LoadBalancerArn"], balancer["Type"]), (BALANCER, "network"))
        (listener,) = balancing.describe_listeners(LoadBalancerArn=BALANCER)["Listeners"]
        self.assertEqual((listener["Protocol"], listener["Port"]), ("UDP", 4789))
        with self.refused("LoadBalancerNotFound"):
            balancing.describe_load_balancers(LoadBalancerArns=[BALANCER + "0"])
        with self.refused("LoadBalancerNotFound"):
            balancing.describe_listeners(LoadBalancerArn=BALANCER + "0")


class Restart(SimulatorTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = os.path.join(folder.name, "state.json")
        self.start()
        self.addCleanup(self._stop)

    def start(self):
        self.simulator = Simulator(state=self.state)
        self.ec2 = self.simulator.client()

    def test_killed(self):
        filter_id = self.make_filter(ClientToken="t")
        rule = self.rule_of(filter_id)
        target = self.make_target()
        session = self.session_of(WEB, target, filter_id)
        self.ec2.create_tags(Resources=[DATA_PORT], Tags=[{"Key": "kept", "Value": "yes"}])
        self.simulator.control("POST", "network_interfaces/delete", {"id": "eni-0000000000000000a"})
        before = self.simulator.control("GET", "state")
        self.simulator.kill()
        self.start()
        self.assertEqual(self.simulator.control("GET", "state"), before)
        self.assertEqual(self.make_filter(ClientToken="t"), filter_id)
        self.assertNotEqual(self.make_filter(), filter_id)
        described = self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[filter_id])
        self.assertEqual(described["TrafficMirrorFilters"][0]["IngressFilterRules"], [rule])
        with self.refused("TrafficMirrorTargetInUse", session["TrafficMirrorSessionId"]):
            self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=target)
        with self.refused("InvalidNetworkInterfaceID.NotFound"):
            self.ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-0000000000000000a"])


class Scale(SimulatorTest):
    seed = {"generate": {"network_interfaces": 2500}, "load_balancers": [{"arn": BALANCER}]}

    def test_many(self):
        filter_id, target = self.make_filter(), self.make_target(NetworkLoadBalancerArn=BALANCER)
        for number in range(1100):
            self.session_of(f"eni-{0x1000 + number:017x}", target, filter_id)
        first = self.ec2.describe_traffic_mirror_sessions()
        self.assertEqual(len(first["TrafficMirrorSessions"]), 1000)
        rest = self.ec2.describe_traffic_mirror_sessions(NextToken=first["NextToken"])
        self.assertEqual(len(rest["TrafficMirrorSessions"]), 100)
        interfaces = self.ec2.get_paginator("describe_network_interfaces").paginate()
        self.assertEqual(len(interfaces.build_full_result()["NetworkInterfaces"]), 2500)


if __name__ == "__main__":
    unittest.main()
