"""What the answers of one node mean, and what those of several show together."""

import json

import pytest

from wizard.checks.cluster.judge_versions import judge_versions
from wizard.checks.node.judge import judge, version_in
from wizard.checks.node.probe import NodeFacts
from wizard.checks.node.target import target_of
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.clock import Clock
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

PASS, INFO, WARN, FAIL, SKIP, UNKNOWN = (
    Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN,
)  # fmt: skip
TARGET = target_of(Plan(nodes=(Node(name="node1", host="10.0.0.1"),)), 0)
READY = Known(Reply(200, {}, b"ok"), 3)


def info(version, status=200):
    return Known(Reply(status, body=json.dumps({"data": {"version": version}}).encode()), 2)


def told(planned="2.2.15", **facts):
    well = {"health": READY, "websocket": Known(101, 5), "info": info("2.2.15"), "clock": Known(Clock(0, 0.1))}
    found = judge(TARGET, planned, NodeFacts(**well | facts))
    return {finding.id.removeprefix("node."): (finding.severity, finding.error) for finding in found}


@pytest.mark.parametrize("kind", ErrorKind)
@pytest.mark.parametrize("message", ["", "said so"])
def test_a_node_that_does_not_answer_fails_at_the_gate_alone(kind, message):
    found = told(health=Trouble(kind, message, elapsed_ms=7))
    assert found.pop("connect") == (FAIL, kind)
    assert set(found.values()) == {(SKIP, None)}


def test_a_node_that_was_not_asked_is_skipped():
    assert set(told(health=PENDING).values()) == {(SKIP, None)}


def test_a_node_that_does_not_serve_is_asked_nothing_more():
    found = told(health=Known(Reply(404, {}, b""), 3), websocket=PENDING, info=PENDING)
    assert found["connect"] == (PASS, None)
    assert found["health"] == (FAIL, ErrorKind.PROTOCOL)
    assert (found["websocket"], found["version"]) == ((SKIP, None), (SKIP, None))


@pytest.mark.parametrize(
    ("websocket", "expected"),
    [
        (Trouble(ErrorKind.PROTOCOL, "HTTP 400", elapsed_ms=4), (FAIL, ErrorKind.PROTOCOL)),
        (Trouble(ErrorKind.OTHER, "no proxy", about="HTTPS_PROXY", ours=True), (UNKNOWN, ErrorKind.OTHER)),
        (PENDING, (SKIP, None)),
    ],
)
def test_a_websocket_that_is_not_opened_is_told(websocket, expected):
    assert told(websocket=websocket)["websocket"] == expected


@pytest.mark.parametrize(
    ("planned", "found", "expected"),
    [
        ("2.2.15", "2.2.15", (INFO, None)),
        ("2.2.15", "2.2.14", (WARN, ErrorKind.VERSION)),
        ("2.2.14", "2.2.15", (WARN, ErrorKind.VERSION)),
        ("", "2.2.15", (INFO, None)),
    ],
)
def test_a_version_is_compared_only_with_one_that_is_planned(planned, found, expected):
    assert told(planned, info=info(found))["version"] == expected


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Trouble(ErrorKind.TIMEOUT, "no answer within 5 s"), ErrorKind.TIMEOUT),
        (PENDING, ErrorKind.PROTOCOL),
        (info("2.2.15", status=401), ErrorKind.PROTOCOL),
        (info(""), ErrorKind.PROTOCOL),
        (info(2), ErrorKind.PROTOCOL),
        (Known(Reply(200, body=b'{"data": []}')), ErrorKind.PROTOCOL),
        (Known(Reply(200, body=b"[]")), ErrorKind.PROTOCOL),
    ],
)
def test_a_node_that_does_not_tell_its_version_is_unknown(answer, error):
    assert told(info=answer)["version"] == (UNKNOWN, error)


def test_no_answer_names_no_version():
    assert version_in(None) == ""


def nodes(**versions):
    return {("node", name): NodeFacts(health=READY, info=info(version)) for name, version in versions.items()}


def together(facts):
    (finding,) = judge_versions(facts)
    return finding


def test_nodes_of_one_version_pass():
    finding = together(nodes(b="2.2.15", a="2.2.15"))
    assert finding.severity is PASS
    assert finding.facts == {"a": "2.2.15", "b": "2.2.15"}


def test_nodes_of_two_versions_fail_and_are_listed_by_name():
    finding = together(nodes(b="2.2.15", a="2.2.14"))
    assert (finding.severity, finding.error) == (FAIL, ErrorKind.VERSION)
    assert finding.detail.startswith("a: 2.2.14, b: 2.2.15. ")


@pytest.mark.parametrize(
    ("mute", "gate"),
    [
        (NodeFacts(health=Trouble(ErrorKind.REFUSED)), "node.connect"),
        (NodeFacts(), "node.connect"),
        (NodeFacts(health=READY), "node.health"),
        (NodeFacts(health=READY, info=Trouble(ErrorKind.TIMEOUT)), "node.version"),
        (NodeFacts(health=READY, info=info("")), "node.version"),
    ],
)
def test_fewer_than_two_that_tell_are_not_compared_and_the_reason_is_named(mute, gate):
    finding = together({**nodes(a="2.2.15"), ("node", "b"): mute, ("redis", "cache"): object()})
    assert finding.severity is SKIP
    assert finding.summary.endswith(f"The reason stands under {gate}.")


def test_one_node_alone_is_not_compared():
    assert together(nodes(a="2.2.15")).summary == "Not compared: fewer than two nodes tell their version."
