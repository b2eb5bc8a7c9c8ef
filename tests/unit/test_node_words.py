"""What is said of a node, of its health and of a server's certificate, word for word in tests/unit/findings.

Each case has a name of its own: so no finding can stand in for another case's.
"""

import json
from datetime import UTC, datetime

import pytest

from tests.unit.certificates import shown
from wizard.checks.node.judge import judge, mute_nodes
from wizard.checks.node.probe import NodeFacts
from wizard.checks.node.specs import CONNECT, HEALTH
from wizard.checks.node.target import Target
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.shared import health
from wizard.checks.shared.judge_trust import judge_trust
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.errors import CERTIFICATE
from wizard.net.http import Reply
from wizard.net.peer import Peer
from wizard.net.trust import Authority, Doubt
from wizard.plan.finding import ErrorKind, Severity

PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "info", "warn", "fail", "unknown", "skip"))
READY = Known(Reply(200, {}, b"ok"), 3)
HTML = {"content-type": "text/html"}


def info(version, status=200):
    return Known(Reply(status, body=json.dumps({"data": {"version": version}}).encode()), 2)


def trouble(kind, message="as it says"):
    return Trouble(kind, message, "", 4)


NODES = {
    "fine": ("version", INFO, "2.2.15", {}),
    "unplanned": ("version", INFO, "", {}),
    "older": ("version", WARN, "2.2.16", {}),
    "flavoured": ("version", INFO, "2.2.15-full", {}),
    "mute": ("version", UNKNOWN, "2.2.15", {"info": trouble(ErrorKind.TIMEOUT)}),
    "odd": ("version", UNKNOWN, "2.2.15", {"info": Known(Reply(200, body=b"[]"))}),
    "refused": ("version", UNKNOWN, "2.2.15", {"info": info("2.2.15", 403)}),
    "socket": ("websocket", PASS, "2.2.15", {}),
    "no-socket": ("websocket", FAIL, "2.2.15", {"websocket": trouble(ErrorKind.PROTOCOL)}),
    "unasked-socket": ("websocket", SKIP, "2.2.15", {"websocket": PENDING}),
    "unready-socket": ("websocket", SKIP, "2.2.15", {"health": Known(Reply(404), 3)}),
    "here": ("connect", PASS, "2.2.15", {}),
    "unasked": ("connect", SKIP, "2.2.15", {"health": PENDING}),
} | {
    f"{kind.value}-{len(message)}": ("connect", FAIL, "2.2.15", {"health": trouble(kind, message)})
    for kind in ErrorKind
    for message in ("", "said so")
}


@pytest.mark.parametrize("name", NODES)
def test_a_node_is_judged_as_written_down(name):
    check, severity, planned, values = NODES[name]
    target = Target(name, f"{name}.internal", 13001, "/sub/")
    well = {"health": READY, "websocket": Known(101, 5), "info": info("2.2.15")}
    found = {finding.id: finding for finding in judge(target, planned, NodeFacts(**well | values))}
    assert found[f"node.{check}"].severity is severity
    assert {finding.subject for finding in found.values()} == {name}


def test_the_ids_that_say_why_nodes_are_mute_are_those_of_their_last_step():
    def mute(**values):
        return mute_nodes({("node", "a"): NodeFacts(**values), ("redis", "cache"): RedisFacts()})

    assert mute() == {"node.connect"}
    assert mute(health=trouble(ErrorKind.DNS), info=PENDING) == {"node.connect"}
    assert mute(health=READY) == {"node.health"}
    assert mute(health=READY, info=trouble(ErrorKind.TIMEOUT)) == {"node.version"}
    assert mute(health=READY, info=info("2.2.15")) == set()


ANSWERS = {
    "WRONGPASS invalid": ErrorKind.CREDENTIALS,
    "NOAUTH Authentication required": ErrorKind.CREDENTIALS,
    "NOPERM no permissions": ErrorKind.PERMISSION,
    "password authentication failed for user": ErrorKind.CREDENTIALS,
    "Access denied for user 'x'": ErrorKind.CREDENTIALS,
    "getaddrinfo ENOTFOUND redis": ErrorKind.DNS,
    "getaddrinfo EAI_AGAIN redis": ErrorKind.DNS,
    "connect ECONNREFUSED 10.0.0.5:6379": ErrorKind.REFUSED,
    "connect EHOSTUNREACH 10.0.0.5": ErrorKind.REFUSED,
    "connect ENETUNREACH 10.0.0.5": ErrorKind.REFUSED,
    "connect ETIMEDOUT 10.0.0.5": ErrorKind.TIMEOUT,
    "Connection timeout": ErrorKind.TIMEOUT,
    "a self-signed certificate in the chain": ErrorKind.TLS,
    "a self signed certificate in the chain": ErrorKind.TLS,
    "unable to verify the first certificate": ErrorKind.TLS,
    "unable to get local issuer certificate": ErrorKind.TLS,
    "unable to get issuer certificate": ErrorKind.TLS,
    "the certificate has expired": ErrorKind.TLS,
    "Hostname does not match certificate's altnames": ErrorKind.TLS,
    "The license has expired": ErrorKind.VERSION,
    "The license is invalid": ErrorKind.VERSION,
    "Key must be 32 bytes for AES": ErrorKind.OTHER,
    "Validation error of a row": ErrorKind.OTHER,
    "boom": ErrorKind.OTHER,
}


@pytest.mark.parametrize("message", ANSWERS)
def test_a_message_of_nocobase_is_told_as_written_down(message):
    reply = Reply(503, {}, json.dumps({"error": {"code": "APP_ERROR", "message": message}}).encode())
    assert health.judge(HEALTH, reply, "Node a").error is ANSWERS[message]


@pytest.mark.parametrize(
    ("code", "message", "severity", "error"),
    [
        ("APP_COMMANDING", "loading", WARN, None),
        ("APP_COMMANDING", "", FAIL, ErrorKind.CREDENTIALS),
        ("APP_NOT_INSTALLED_ERROR", "x", FAIL, ErrorKind.MISSING),
        ("APP_NOT_FOUND", "x", FAIL, ErrorKind.MISSING),
        ("APP_PREPARING", "", WARN, None),
        ("APP_INITIALIZING", "", WARN, None),
        ("APP_INITIALIZED", "", WARN, None),
        ("APP_STARTING", "", WARN, None),
        ("APP_STOPPED", "", FAIL, ErrorKind.OTHER),
        ("", "", FAIL, ErrorKind.OTHER),
    ],
)
def test_a_code_of_nocobase_is_told_as_written_down(code, message, severity, error):
    reply = Reply(503, {}, json.dumps({"error": {"code": code, "message": message}}).encode())
    finding = health.judge(HEALTH, reply, "Node b", subject="b", elapsed_ms=7)
    assert (finding.severity, finding.error, finding.subject, finding.elapsed_ms) == (severity, error, "b", 7)


@pytest.mark.parametrize(
    ("reply", "severity", "error"),
    [
        (Reply(200, {}, b"ok"), PASS, None),
        (Reply(200, {}, b"fine"), FAIL, ErrorKind.PROTOCOL),
        (Reply(200, HTML, b"page"), FAIL, ErrorKind.PROTOCOL),
        (Reply(299, {}, b"299"), FAIL, ErrorKind.PROTOCOL),
        (Reply(300, {"location": "https://a/"}), FAIL, ErrorKind.PROTOCOL),
        (Reply(399, {}), FAIL, ErrorKind.PROTOCOL),
        (Reply(400, {}, b"400"), FAIL, ErrorKind.PROTOCOL),
        (Reply(502, HTML, b"502"), FAIL, ErrorKind.REFUSED),
        (Reply(503, HTML, b"503"), FAIL, ErrorKind.OTHER),
        (Reply(504, HTML, b"504"), FAIL, ErrorKind.REFUSED),
        (Reply(503, {}, b'{"error": {}}'), FAIL, ErrorKind.OTHER),
        (Reply(503, {}, b'{"error": "x"}'), FAIL, ErrorKind.OTHER),
        (Reply(503, {}, b'["error"]'), FAIL, ErrorKind.OTHER),
    ],
)
def test_an_answer_is_told_as_written_down(reply, severity, error):
    finding = health.judge(HEALTH, reply, "Node c")
    assert (finding.severity, finding.error) == (severity, error)


ISSUER = "unable to get local issuer certificate"
FOREIGN = [ISSUER, "self-signed certificate", "self signed certificate", "Unable to verify the first certificate"]
DOUBTS = {
    "ended": (FAIL, ISSUER, Doubt(Authority.TRUSTED, shown(not_after=datetime(2026, 2, 1, tzinfo=UTC)))),
    "ends": (UNKNOWN, ISSUER, Doubt(Authority.ELSEWHERE, shown(not_after=datetime(2026, 9, 1, tzinfo=UTC)))),
    "begins": (UNKNOWN, ISSUER, Doubt(Authority.ELSEWHERE, shown(not_before=datetime(2026, 9, 1, tzinfo=UTC)))),
    "early": (FAIL, ISSUER, Doubt(Authority.TRUSTED, shown(not_before=datetime(2026, 12, 1, tzinfo=UTC)))),
    "named": (FAIL, ISSUER, Doubt(Authority.TRUSTED, shown(names=("mq.internal", "10.0.0.9")))),
    "nameless": (FAIL, "Hostname mismatch", Doubt(Authority.TRUSTED, shown(names=()))),
    "unnamed": (FAIL, "IP address mismatch", None),
    "behind": (FAIL, "certificate has expired", Doubt(Authority.TRUSTED, shown())),
    "behind-early": (FAIL, "certificate is not yet valid", None),
    "weak": (FAIL, "EE certificate key too weak", Doubt(Authority.TRUSTED, shown())),
    "another": (FAIL, ISSUER, Doubt(Authority.TRUSTED, shown())),
    "empty": (FAIL, ISSUER, Doubt(Authority.EMPTY, shown())),
    "none": (FAIL, ISSUER, Doubt(Authority.NONE, shown())),
    "unseen": (UNKNOWN, ISSUER, None),
} | {f"foreign-{place}": (UNKNOWN, words, None) for place, words in enumerate(FOREIGN)}


@pytest.mark.parametrize("name", DOUBTS)
def test_a_certificate_that_is_not_believed_is_told_as_written_down(name):
    severity, message, doubt = DOUBTS[name]
    peer = Peer(host="redis.internal", port=6379, tls=True, authority_file=f"/nodes/{name} ca.pem")
    found = judge_trust(CONNECT, peer, Trouble(ErrorKind.TLS, message, CERTIFICATE, 4), doubt, name)
    assert (found.severity, found.error, found.subject) == (severity, ErrorKind.TLS, name)


@pytest.mark.parametrize("doubt", [None, Doubt(Authority.ELSEWHERE, shown())])
def test_without_a_file_of_the_plan_no_node_can_tell_more(doubt):
    peer = Peer(host="redis.internal", port=6380, tls=True)
    found = judge_trust(CONNECT, peer, Trouble(ErrorKind.TLS, ISSUER, CERTIFICATE, 4), doubt)
    assert (found.severity, found.subject) == (FAIL, "")
