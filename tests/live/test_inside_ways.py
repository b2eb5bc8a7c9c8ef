"""What a way into the nodes may say beside the script's answer, or in its place."""

import json

import pytest

from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Transport

pytestmark = pytest.mark.live
PASS, UNKNOWN = Severity.PASS, Severity.UNKNOWN
NODE = "node --input-type=module -"


def _way(cluster, folder, script):
    way = folder / "way"
    way.write_text(f"#!/bin/sh\n{script}\n")
    way.chmod(0o755)
    cluster.change(reach__transport=Transport.COMMAND, reach__command=f"{way} {{target}}")


@pytest.mark.parametrize(
    "script",
    [
        f"echo 'Welcome to Debian'; echo; exec {NODE}",
        f"{NODE}; echo 'logged out'; echo '{{\"audit\": \"closed\"}}'",
        f"printf '\\357\\273\\277'; {NODE} | sed 's/$/\\r/'",
    ],
    ids=["a greeting", "a goodbye", "another system's line ends"],
)
def test_what_a_login_says_beside_the_answer_is_passed_over(cluster, tmp_path, script):
    _way(cluster, tmp_path, script)
    assert {one.severity for one in cluster.found().values()} <= {PASS, Severity.SKIP}


@pytest.mark.parametrize(
    ("script", "reason", "said"),
    [
        ("echo 'This account is currently not available.'; exit 1", "it ended with 1", "not available"),
        ("echo 'Menu: 1) reboot'", "its answer is not what the script writes", "Menu: 1) reboot"),
        ("echo '{\"a\": 1}'; echo 'no tty' >&2", "it is not what the script writes", "no tty"),
        (":", "its answer is not what the script writes", ""),
        ("printf '\\000\\377\\033[2J'", "its answer is not what the script writes", "[2J"),
        ("printf '[%.0s' $(seq 5000)", "its answer is not what the script writes", "[[["),
    ],
)
def test_another_answer_is_unknown_with_what_was_said(cluster, tmp_path, script, reason, said):
    _way(cluster, tmp_path, script)
    finding = cluster.look()["inside.answers", "node1"]
    assert (finding.severity, finding.error in {ErrorKind.PROTOCOL, ErrorKind.OTHER}) == (UNKNOWN, True)
    assert finding.summary == f"node1 could not be looked at from inside: {reason}."
    assert said in finding.detail


def test_secrets_of_a_node_that_are_none_of_the_plans_are_not_told(cluster, tmp_path):
    canary = "Stale-Canary_98765"
    script = (
        f"echo '+ export DB_PASSWORD={canary}' >&2\n"
        f"echo 'trying redis://:{canary}@redis.internal:6379' >&2\n"
        f"echo 'Authorization: Bearer {canary}' >&2\n"
        "echo 'Connection reset by peer' >&2\nexit 255"
    )
    _way(cluster, tmp_path, script)
    found = cluster.look()
    assert canary not in json.dumps([one.as_json() for one in found.values()])
    assert "Connection reset by peer" in found["inside.answers", "node2"].detail
