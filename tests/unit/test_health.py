"""What answers to the health check mean; the answers are those of a real NocoBase 2.2.15."""

import json

import pytest

from wizard.checks.shared import health
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.spec import Spec

_SPEC = Spec("node.health", "The node is ready.")
_HTML = {"content-type": "text/html; charset=utf-8"}


def _error(message: str, code: str = "APP_COMMANDING", status: int = 503) -> Reply:
    error = {"status": status, "maintaining": True, "message": message, "code": code}
    return Reply(status, {"content-type": "application/json"}, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("reply", "severity", "error"),
    [
        (Reply(200, {}, b"ok"), Severity.PASS, None),
        (Reply(200, {}, b"ok\n"), Severity.FAIL, ErrorKind.PROTOCOL),
        (Reply(200, _HTML, b"<!doctype html>"), Severity.FAIL, ErrorKind.PROTOCOL),
        (_error("load plugin [acl], 8/77"), Severity.WARN, None),
        (_error("", code="APP_STARTING"), Severity.WARN, None),
        (_error(""), Severity.FAIL, ErrorKind.CREDENTIALS),
        (_error("not installed", code="APP_NOT_INSTALLED_ERROR"), Severity.FAIL, ErrorKind.MISSING),
        (_error("no app", code="APP_NOT_FOUND", status=404), Severity.FAIL, ErrorKind.MISSING),
        (_error("connect ECONNREFUSED 127.0.0.1:6379"), Severity.FAIL, ErrorKind.REFUSED),
        (_error("WRONGPASS invalid username-password pair"), Severity.FAIL, ErrorKind.CREDENTIALS),
        (_error("getaddrinfo ENOTFOUND redis"), Severity.FAIL, ErrorKind.DNS),
        (_error("getaddrinfo EAI_AGAIN redis"), Severity.FAIL, ErrorKind.DNS),
        (_error("connect EHOSTUNREACH 10.0.0.5:6379"), Severity.FAIL, ErrorKind.REFUSED),
        (_error("connect ETIMEDOUT 10.0.0.5:6379"), Severity.FAIL, ErrorKind.TIMEOUT),
        (_error("Connection timeout"), Severity.FAIL, ErrorKind.TIMEOUT),
        (
            _error("NOPERM User nocobase has no permissions to run the 'get' command"),
            Severity.FAIL,
            ErrorKind.PERMISSION,
        ),
        (_error('password authentication failed for user "nocobase"'), Severity.FAIL, ErrorKind.CREDENTIALS),
        (_error("Access denied for user 'nocobase'@'10.0.0.9'"), Severity.FAIL, ErrorKind.CREDENTIALS),
        (_error("self-signed certificate in certificate chain"), Severity.FAIL, ErrorKind.TLS),
        (_error("unable to verify the first certificate"), Severity.FAIL, ErrorKind.TLS),
        (_error("certificate has expired"), Severity.FAIL, ErrorKind.TLS),
        (_error("Hostname/IP does not match certificate's altnames: Host: redis."), Severity.FAIL, ErrorKind.TLS),
        (_error("The license has expired and cannot be upgraded."), Severity.FAIL, ErrorKind.VERSION),
        (_error("The license is invalid and cannot be upgraded."), Severity.FAIL, ErrorKind.VERSION),
        (_error("Key must be 32 bytes for AES-256 encryption."), Severity.FAIL, ErrorKind.OTHER),
        (_error('Lock adapter "redis" not registered'), Severity.FAIL, ErrorKind.MISSING),
        (_error('Lock adapter "redis" not registered', code="APP_ERROR"), Severity.FAIL, ErrorKind.MISSING),
        (_error("Validation error"), Severity.FAIL, ErrorKind.OTHER),
        (_error("boom", code="APP_ERROR"), Severity.FAIL, ErrorKind.OTHER),
        (Reply(502, _HTML, b"<html>502 Bad Gateway</html>"), Severity.FAIL, ErrorKind.REFUSED),
        (Reply(504, _HTML, b"<html>504</html>"), Severity.FAIL, ErrorKind.REFUSED),
        (Reply(503, _HTML, b"<html>maintenance</html>"), Severity.FAIL, ErrorKind.OTHER),
        (Reply(301, {"location": "https://app.example.com/"}), Severity.FAIL, ErrorKind.PROTOCOL),
        (Reply(404, _HTML, b"<html>404</html>"), Severity.FAIL, ErrorKind.PROTOCOL),
        (Reply(503, {}, b'{"error": "text"}'), Severity.FAIL, ErrorKind.OTHER),
    ],
)
def test_each_answer_has_one_meaning(reply, severity, error):
    finding = health.judge(_SPEC, reply, "Node node1")
    assert (finding.severity, finding.error) == (severity, error)
    assert finding.summary.startswith("Node node1 ")


def test_the_message_of_nocobase_is_quoted_even_with_braces():
    finding = health.judge(_SPEC, _error("load {plugin}"), "Node node1")
    assert "load {plugin}" in finding.summary


def test_a_refused_address_that_may_be_the_database_s_is_not_called_the_cache():
    finding = health.judge(_SPEC, _error("connect ECONNREFUSED 10.0.0.5:5432"), "Node node1")
    assert "10.0.0.5:5432" in finding.summary
    assert "Redis" not in finding.summary


def test_a_wrong_encryption_key_of_one_node_is_replaced_by_the_others_not_by_a_new_one():
    finding = health.judge(_SPEC, _error("Key must be 32 bytes for AES-256 encryption."), "Node node1")
    assert "that the other nodes have" in finding.remedy
    assert "openssl rand" not in finding.remedy


def test_a_lock_that_is_not_registered_says_which_way_out():
    finding = health.judge(_SPEC, _error('Lock adapter "redis" not registered'), "Node node1")
    assert finding.summary == 'Node node1 does not know the cluster\'s lock: “Lock adapter "redis" not registered”.'
    assert "alone with LOCK_ADAPTER_DEFAULT=local" in finding.remedy
    assert "make the database anew and empty" in finding.remedy


def test_an_empty_database_is_not_installed_with_a_lock_that_is_not_there_yet():
    finding = health.judge(_SPEC, _error("not installed", code="APP_NOT_INSTALLED_ERROR"), "Node node1")
    assert finding.remedy.splitlines()[1] == "LOCK_ADAPTER_DEFAULT=local yarn nocobase install"


def test_a_redirect_names_where_it_leads():
    finding = health.judge(_SPEC, Reply(308, {"location": "https://app.example.com/"}), "The balancer")
    assert "https://app.example.com/" in finding.summary


def test_a_long_answer_is_cut():
    assert len(Reply(200, {}, b"x" * 5000).quote()) == 201


def test_only_exactly_ok_is_serving():
    assert health.is_serving(Reply(200, {}, b"ok"))
    assert not health.is_serving(Reply(503, {}, b"ok"))
    assert not health.is_serving(None)


@pytest.mark.parametrize("status", [404, 502, 503])
def test_an_empty_answer_is_not_quoted(status):
    found = health.judge(_SPEC, Reply(status, {}, b""), "node1")
    assert "“”" not in found.detail
    assert "nothing in it" in found.detail or "empty" in found.detail
