"""What answers through a balancer mean, and what a certificate is worth."""

from datetime import UTC, datetime, timedelta

import pytest

from wizard.checks.balancer.judge import judge
from wizard.checks.balancer.judge_certificate import FEW_DAYS, certificate
from wizard.checks.balancer.judge_syntax import judge as judge_syntax
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.balancer.target import target_of
from wizard.checks.balancer.trial import Said, SyntaxFacts
from wizard.engine.facts import Known, Trouble
from wizard.net.certificate import Certificate
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.quoted import hiding
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

_NOW = datetime(2026, 9, 1, tzinfo=UTC)
_JSON = {"content-type": "application/json"}


def _target(url="https://app.example.com", limit="0"):
    return target_of(
        Plan().with_value("application.public_url", url).with_value("balancer.upload_limit", limit),
    )


@pytest.mark.parametrize(
    ("url", "origin", "websocket"),
    [
        ("https://app.example.com:443", "https://app.example.com", "wss://app.example.com/ws"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]", "wss://[2001:db8::1]/ws"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080", "ws://[2001:db8::1]:8080/ws"),
    ],
)
def test_the_address_is_written_as_browsers_write_it(url, origin, websocket):
    target = _target(url)
    assert (target.origin, target.websocket_url) == (origin, websocket)
    assert "[" not in target.host


def _certificate(*names, days=90, since=-1, distrust=""):
    return Certificate(
        names or ("app.example.com",),
        _NOW + timedelta(days=since),
        _NOW + timedelta(days=days),
        "CN=Authority",
        distrust,
        _NOW,
    )


def _told(finding):
    return finding.severity, finding.error


def _judged(**facts):
    served = {"certificate": Known(_certificate()), "health": Known(Reply(200, {}, b"ok")), "websocket": Known(101)}
    return {finding.id: finding for finding in judge(_target(), BalancerFacts(**(served | facts)))}


@pytest.mark.parametrize(
    ("url", "origin", "websocket"),
    [
        ("https://app.example.com", "https://app.example.com", "wss://app.example.com/ws"),
        ("https://app.example.com:443", "https://app.example.com", "wss://app.example.com/ws"),
        ("http://http.example.com:8080", "http://http.example.com:8080", "ws://http.example.com:8080/ws"),
    ],
)
def test_the_origin_is_written_as_browsers_do(url, origin, websocket):
    target = _target(url)
    assert (target.origin, target.websocket_url) == (origin, websocket)


@pytest.mark.parametrize(("limit", "size"), [("0", 0), ("500k", 512000), ("2M", 2097152), ("1g", 2**30), ("7", 7)])
def test_nginx_sizes_are_bytes(limit, size):
    assert _target(limit=limit).upload_limit == size


@pytest.mark.parametrize(
    ("names", "host", "matches"),
    [
        (("app.example.com",), "APP.example.com.", True),
        (("*.example.com",), "app.example.com", True),
        (("*.example.com",), "a.app.example.com", False),
        (("example.com",), "app.example.com", False),
        (("10.0.0.1",), "10.0.0.1", True),
        (("*.0.0.1",), "10.0.0.1", False),
    ],
)
def test_a_certificate_is_for_its_names(names, host, matches):
    assert _certificate(*names).is_for(host) is matches


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (_certificate(), (Severity.PASS, None)),
        (_certificate(days=FEW_DAYS), (Severity.PASS, None)),
        (_certificate(days=FEW_DAYS - 1), (Severity.WARN, None)),
        (_certificate(days=-1), (Severity.FAIL, ErrorKind.TLS)),
        (_certificate(since=1), (Severity.FAIL, ErrorKind.TLS)),
        (_certificate("other.example.com"), (Severity.FAIL, ErrorKind.TLS)),
        (_certificate(distrust="self-signed certificate"), (Severity.FAIL, ErrorKind.TLS)),
        (None, (Severity.SKIP, None)),
    ],
)
def test_a_certificate_has_its_worth(found, told):
    assert _told(certificate(_target(), found)) == told


def test_a_plain_word_that_is_a_secret_is_hidden_in_what_a_certificate_says():
    redactor = Redactor([Secret("sunflower")])
    with hiding(redactor.text):
        found = redactor.finding(certificate(_target(), _certificate("sunflower", distrust="no sunflower")))
    assert "sunflower" not in str(found)
    assert dict(found.facts)["names"] == [HIDDEN]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(401, _JSON, b"{}"), (Severity.PASS, None)),
        (
            Reply(403, _JSON, b'{"errors":[{"message":"Invalid sign-in origin"}]}'),
            (Severity.FAIL, ErrorKind.PERMISSION),
        ),
        (Reply(403, _JSON, b'{"errors":[{"message":"Forbidden"}]}'), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Reply(401, {"content-type": "text/html"}, b"<html>"), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Reply(200, _JSON, b"{}"), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
    ],
)
def test_a_sign_in_shows_what_the_balancer_passes_on(reply, told):
    assert _told(_judged(origin=Known(reply))["balancer.origin"]) == told


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (Known(Reply(200, _JSON, b"{}")), (Severity.PASS, None)),
        (Known(Reply(403, _JSON, b"{}")), (Severity.PASS, None)),
        (Known(Reply(403, {"content-type": "text/html"}, b"<html>")), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Known(Reply(302, {"location": "https://login.example.com"})), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Known(Reply(413)), (Severity.FAIL, ErrorKind.OTHER)),
        (Known(Reply(502)), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Trouble(ErrorKind.TIMEOUT, "no answer within 10 s"), (Severity.UNKNOWN, ErrorKind.TIMEOUT)),
    ],
)
def test_a_large_body_gets_through_or_not(fact, told):
    before = {"origin": Known(Reply(401)), "files": Known(Reply(404, _JSON, b"{}"))}
    assert _told(_judged(**before, body=fact, large=fact)["balancer.body"]) == told
    assert _told(_judged(**before, body=Known(Reply(200, _JSON, b"{}")), large=fact)["balancer.body"]) == told


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(404, _JSON, b"{}"), (Severity.PASS, None)),
        (Reply(404, {"content-type": "text/plain"}, b"Invalid file URL"), (Severity.PASS, None)),
        (Reply(200, {"content-type": "text/html; charset=utf-8"}, b"<html>"), (Severity.WARN, None)),
        (Reply(404, {"content-type": "Text/HTML"}, b"<html>"), (Severity.WARN, None)),
        (Reply(302, {"location": "/signin"}), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (Reply(502, {"content-type": "text/html"}, b"<html>"), (Severity.UNKNOWN, ErrorKind.PROTOCOL)),
        (None, (Severity.SKIP, None)),
    ],
)
def test_a_file_that_is_not_there_is_answered_by_nocobase_and_not_with_a_page(reply, told):
    assert _told(_judged(files=Known(reply))["balancer.files"]) == told


@pytest.mark.parametrize(("version", "asked"), [("", True), ("2.2.0", True), ("2.3.0-beta.2", True), ("2.1.30", False)])
def test_files_are_asked_of_versions_that_have_them(version, asked):
    plan = Plan().with_value("application.public_url", "https://app.example.com")
    assert target_of(plan.with_value("application.version", version)).has_files is asked


def test_a_sign_in_without_an_answer_stops_the_large_body():
    found = _judged(origin=Trouble(ErrorKind.TIMEOUT, "no answer within 10 s"))
    assert _told(found["balancer.origin"]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
    assert found["balancer.files"].severity is found["balancer.body"].severity is Severity.SKIP
    assert "balancer.origin" in found["balancer.files"].summary


def test_a_certificate_is_judged_though_nobody_answers_http():
    found = _judged(health=Trouble(ErrorKind.TIMEOUT, "no answer within 4 s"))
    assert _told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert found["balancer.certificate"].severity is Severity.PASS


def _syntax(output, code=1):
    facts = SyntaxFacts(Known(None), Known(Said("1.22.1", code, output, stand_in=False)))
    return next(iter(judge_syntax("events {}\nhttp {}\n", facts)))


def test_a_port_that_only_root_may_open_says_nothing_about_the_syntax():
    output = (
        "nginx: the configuration file nginx.conf syntax is ok\n"
        "2026/09/01 00:00:00 [emerg] 7#7: bind() to 0.0.0.0:80 failed (13: Permission denied)\n"
        "nginx: configuration file nginx.conf test failed\n"
    )
    finding = _syntax(output)
    assert finding.severity is Severity.PASS
    assert "bind()" in finding.detail


def test_a_message_of_nginx_without_a_line_is_quoted_whole():
    finding = _syntax('nginx: [emerg] no "events" section in configuration\n')
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert finding.detail == 'no "events" section in configuration'


def test_an_nginx_that_crashes_is_quoted():
    assert _syntax("Segmentation fault", code=139).detail == "Segmentation fault"
