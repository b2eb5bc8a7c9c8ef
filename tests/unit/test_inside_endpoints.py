"""What the nodes reach by themselves, judged with plain data: ways that end, and names that lead elsewhere."""

import pytest

from tests.unit.inside import ENDPOINTS, NAMES, document, judged, planned, unsound
from wizard.plan.finding import ErrorKind, Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN


@pytest.mark.parametrize(
    ("step", "code", "kind", "command"),
    [
        ("dns", "ENOTFOUND", ErrorKind.DNS, "getent hosts db.internal"),
        ("tcp", "ECONNREFUSED", ErrorKind.REFUSED, "nc -vz -w 5 db.internal 5432"),
        ("tcp", "ETIMEDOUT", ErrorKind.TIMEOUT, "nc -vz"),
        ("tls", "NO_TLS", ErrorKind.TLS, "nc -vz"),
        ("tls", "ECONNRESET", ErrorKind.OTHER, "nc -vz"),
    ],
)
def test_an_endpoint_that_one_node_does_not_reach_is_named(step, code, kind, command):
    ways = [{"name": name, "step": step if name == "database" else "", "code": code} for name in ENDPOINTS]
    found = judged({"node2": document("node2", endpoints=ways)})
    assert unsound(found) == {"endpoints": FAIL}
    assert found["endpoints"].error is kind
    assert command in found["endpoints"].remedy
    assert "Everything is reached from node1, node3" in found["endpoints"].detail


def test_endpoints_that_were_not_tried_are_unknown_and_a_strange_certificate_is_told():
    assert judged({"node2": document("node2", endpoints=[])})["endpoints"].severity is UNKNOWN
    ways = [{"name": name, "step": "", "distrust": "SELF_SIGNED"} for name in ENDPOINTS]
    assert "does not know: database" in judged(endpoints=ways)["endpoints"].detail


@pytest.mark.parametrize(
    ("here", "there", "severity"),
    [
        (["10.9.9.1"], ["10.9.9.2"], WARN),
        (["10.9.9.1", "fd00::1"], ["fd00::1"], PASS),
        (["10.9.9.1"], [], PASS),  # a script of an older version
        (["10.0.0.2"], ["127.0.1.1"], PASS),  # the server is on the machine of node2
        (["10.9.9.1"], ["127.0.0.1"], WARN),
        (["10.9.9.1"], ["no address", 7, ""], PASS),
        (["10.9.9.1"], ["::ffff:10.9.9.1"], PASS),
        (["10.9.9.1"], ["fd00::1"], PASS),  # nobody knows whether these are one machine
        (["10.0.0.2"], ["10.0.0.2", "127.0.0.1"], PASS),
    ],
)
def test_a_name_that_leads_one_node_elsewhere_is_a_warning(here, there, severity):
    def ways(addresses):
        return [{"name": name, "step": "", "addresses": addresses} for name in ENDPOINTS]

    found = judged({"node2": document("node2", endpoints=ways(there))}, endpoints=ways(here))
    finding = found["endpoints"]
    assert finding.severity is severity
    if severity is WARN:
        assert finding.facts == {"elsewhere": {"database": ["node2"], "redis cache": ["node2"]}}
        assert finding.detail.startswith("On node2 redis.internal (redis cache) is")
        assert finding.remedy.splitlines()[-2:] == ["getent hosts db.internal", "getent hosts redis.internal"]
        assert finding.summary.startswith(
            f"On node2 db.internal (database) is {there[0]}, on the other nodes 10.9.9.1:"
        )


def test_names_of_each_node_itself_and_those_of_the_whole_world_may_lead_anywhere():
    def ways(name, addresses):
        return [{"name": each, "step": "", "addresses": addresses if each == name else []} for each in ENDPOINTS]

    back = {name: document(name, endpoints=ways("database", ["::1"])) for name in NAMES}
    assert judged(back)["endpoints"].severity is PASS
    own = {name: document(name, endpoints=ways("database", [f"10.0.0.{name[-1]}"])) for name in NAMES}
    assert judged(own)["endpoints"].severity is PASS
    asked = {**ENDPOINTS, "licence": "pkg.example.com:443"}
    told = {
        name: document(name, endpoints=[*ways("", []), {"name": "licence", "step": "", "addresses": [f"1.1.1.{n}"]}])
        for n, name in enumerate(NAMES)
    }
    assert judged(told, plan=planned(endpoints=asked))["endpoints"].severity is PASS
