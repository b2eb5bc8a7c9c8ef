"""What is said of the answers through a balancer in each case, word for word in tests/unit/findings.

Each case has a public address of its own, which most findings name: there none can stand in for another case's.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wizard.checks.balancer.judge import judge
from wizard.checks.balancer.judge_body import body
from wizard.checks.balancer.judge_certificate import certificate
from wizard.checks.balancer.judge_files import files
from wizard.checks.balancer.judge_uploads import uploads
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.balancer.target import Target
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.certificate import Certificate
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import BalancerKind

PASS, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "warn", "fail", "unknown", "skip"))
NGINX, HAPROXY = BalancerKind.NGINX, BalancerKind.HAPROXY
JSON, HTML = {"content-type": "application/json"}, {"content-type": "text/HTML", "server": "nginx/1.26"}
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "", 5000)
BROKEN = Trouble(ErrorKind.PROTOCOL, "EOF", "", 4)
MIB = 1024 * 1024
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def target(name, kind=NGINX, limit=0, version="2.2.15", node=""):
    found = Target("https", f"{name}.example.com", 443, "/sub/", "", limit, kind)
    return replace(found, version=version, node=node)


def answer(status, headers=JSON, text=b"{}"):
    return Known(Reply(status, headers, text), 7)


TOO_LARGE, PAGE_413 = answer(413), answer(413, HTML, b"<html>")
BODIES = {
    "body": (PASS, NGINX, 0, answer(401), answer(403)),
    "body-refused": (FAIL, NGINX, 0, PAGE_413, PENDING),
    "body-refused-mute": (FAIL, NGINX, 0, answer(413, {}, b""), PENDING),
    "body-refused-haproxy": (FAIL, HAPROXY, 0, PAGE_413, PENDING),
    "body-refused-large": (FAIL, NGINX, 0, answer(200), PAGE_413),
    "body-refused-large-haproxy": (FAIL, HAPROXY, 0, answer(200), PAGE_413),
    "body-refused-behind": (WARN, NGINX, 0, TOO_LARGE, PENDING),
    "body-refused-behind-large": (WARN, NGINX, 0, answer(200), TOO_LARGE),
    "body-wanted": (PASS, NGINX, MIB, PAGE_413, PENDING),
    "body-wanted-large": (PASS, NGINX, 10 * MIB, answer(200), PAGE_413),
    "body-at-limit": (PASS, NGINX, 20 * MIB, answer(200), answer(200)),
    "body-at-limit-refused": (FAIL, NGINX, 2 * MIB, PAGE_413, PENDING),
    "body-below-limit": (WARN, NGINX, 20 * MIB - 1, answer(200), answer(200)),
    "body-unlimited": (WARN, NGINX, MIB, answer(200), PENDING),
    "body-late": (UNKNOWN, NGINX, 0, LATE, PENDING),
    "body-broken": (UNKNOWN, HAPROXY, 0, BROKEN, PENDING),
    "body-pending": (SKIP, NGINX, 0, PENDING, PENDING),
    "body-odd": (UNKNOWN, NGINX, 0, answer(502, HTML, b"<html>bad"), PENDING),
    "large-late": (UNKNOWN, NGINX, 0, answer(200), LATE),
    "large-broken": (UNKNOWN, NGINX, 0, answer(200), BROKEN),
    "large-pending": (UNKNOWN, NGINX, 0, answer(200), PENDING),
    "large-odd": (UNKNOWN, HAPROXY, 0, answer(200), answer(302, {"location": "x"}, b"")),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_judged_as_written_down(name):
    severity, kind, limit, small, large = BODIES[name]
    assert body(target(name, kind, limit), BalancerFacts(body=small, large=large)).severity is severity


def shown(name, **values):
    usual = {
        "names": (f"{name}.example.com",),
        "not_before": NOW - timedelta(days=1),
        "not_after": NOW + timedelta(days=21),
        "issuer": "CN=Authority",
        "distrust": "",
        "seen": NOW,
    }
    return Certificate(**usual | values)


CERTIFICATES = {
    "certified": (PASS, {}),
    "certified-20": (WARN, {"not_after": NOW + timedelta(days=20)}),
    "certified-now": (WARN, {"not_after": NOW}),
    "certified-ended": (FAIL, {"not_after": NOW - timedelta(seconds=1)}),
    "certified-begun": (PASS, {"not_before": NOW}),
    "certified-early": (FAIL, {"not_before": NOW + timedelta(seconds=1)}),
    "certified-other": (FAIL, {"names": ("other.example.com", "*.example.org")}),
    "certified-distrusted": (FAIL, {"distrust": "self-signed certificate"}),
}


@pytest.mark.parametrize("kind", [NGINX, HAPROXY])
@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_is_judged_as_written_down(name, kind):
    severity, values = CERTIFICATES[name]
    assert certificate(target(name, kind), shown(name, **values)).severity is severity


def test_without_tls_no_certificate_is_looked_at():
    assert certificate(replace(target("plain"), scheme="http", port=80), None).severity is SKIP


FILES = {
    "files": (PASS, NGINX, answer(404)),
    "files-299": (PASS, NGINX, answer(299)),
    "files-300": (UNKNOWN, NGINX, answer(300)),
    "files-399": (UNKNOWN, NGINX, answer(399)),
    "files-400": (PASS, NGINX, answer(400, {}, b"")),
    "files-499": (PASS, NGINX, answer(499)),
    "files-500": (UNKNOWN, NGINX, answer(500)),
    "files-page": (WARN, NGINX, answer(200, HTML, b"<html>")),
    "files-page-haproxy": (WARN, HAPROXY, answer(404, HTML, b"<html>")),
    "files-late": (UNKNOWN, NGINX, LATE),
    "files-pending": (SKIP, NGINX, PENDING),
    "files-none": (SKIP, NGINX, Known(None, 7)),
}


@pytest.mark.parametrize("name", FILES)
def test_addresses_of_files_are_judged_as_written_down(name):
    severity, kind, fact = FILES[name]
    node = "node1:13000" if kind is HAPROXY else ""
    assert files(target(name, kind, node=node), BalancerFacts(files=fact)).severity is severity


UPLOADS = {
    "uploads-401": (PASS, "2.2.15", answer(401)),
    "uploads-403": (PASS, "2.2.15", answer(403)),
    "uploads-404": (UNKNOWN, "2.2.15", answer(404)),
    "uploads-page": (FAIL, "2.2.15", answer(404, HTML, b"<html>")),
    "uploads-page-unplanned": (WARN, "", answer(404, HTML, b"<html>")),
    "uploads-200": (FAIL, "2.2.15", answer(200)),
    "uploads-201": (UNKNOWN, "2.2.15", answer(201)),
    "uploads-500-page": (UNKNOWN, "2.2.15", answer(500, HTML, b"<html>")),
    "uploads-late": (UNKNOWN, "2.2.15", LATE),
    "uploads-pending": (SKIP, "2.2.15", PENDING),
    "uploads-unguarded": (SKIP, "2.2.15", Known(None, 7)),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_uploads_are_judged_as_written_down(name):
    severity, version, fact = UPLOADS[name]
    assert uploads(target(name, version=version), BalancerFacts(uploads=fact)).severity is severity


INVALID = b'{"errors":[{"message":"Invalid sign-in ORIGIN"}]}'
ANSWERS = {
    "origin-400": ("origin", PASS, NGINX, {"origin": answer(400)}),
    "origin-401": ("origin", PASS, NGINX, {"origin": answer(401)}),
    "origin-422": ("origin", PASS, NGINX, {"origin": answer(422)}),
    "origin-404": ("origin", UNKNOWN, NGINX, {"origin": answer(404)}),
    "origin-page": ("origin", UNKNOWN, NGINX, {"origin": answer(401, HTML, b"<html>")}),
    "origin-refused": ("origin", FAIL, NGINX, {"origin": answer(403, JSON, INVALID)}),
    "origin-refused-haproxy": ("origin", FAIL, HAPROXY, {"origin": answer(403, JSON, INVALID)}),
    "origin-other": ("origin", UNKNOWN, NGINX, {"origin": answer(403)}),
    "origin-else": ("origin", UNKNOWN, NGINX, {"origin": answer(500, JSON, INVALID)}),
    "origin-late": ("origin", UNKNOWN, NGINX, {"origin": LATE}),
    "origin-pending": ("origin", SKIP, NGINX, {"origin": PENDING}),
    "socket": ("websocket", PASS, NGINX, {}),
    "socket-none": ("websocket", FAIL, NGINX, {"websocket": BROKEN}),
    "socket-none-haproxy": ("websocket", FAIL, HAPROXY, {"websocket": BROKEN}),
    "socket-pending": ("websocket", SKIP, NGINX, {"websocket": PENDING}),
    "serves": ("health", PASS, NGINX, {}),
    "nobody": ("health", FAIL, NGINX, {"health": answer(502, HTML, b"<html>502")}),
    "nobody-haproxy": ("health", FAIL, HAPROXY, {"health": answer(503, HTML, b"<html>503")}),
    "nobody-haproxy-504": ("health", FAIL, HAPROXY, {"health": answer(504, HTML, b"<html>504")}),
    "nobody-haproxy-502": ("health", FAIL, HAPROXY, {"health": answer(502, HTML, b"<html>502")}),
    "haproxy-500": ("health", FAIL, HAPROXY, {"health": answer(500, HTML, b"<html>500")}),
    "node-haproxy": ("health", WARN, HAPROXY, {"health": answer(503, JSON, b'{"error":{"code":"APP_STARTING"}}')}),
    "answers": ("connect", PASS, NGINX, {}),
    "unhealthy-late": ("connect", FAIL, NGINX, {"health": LATE}),
    "unhealthy-pending": ("connect", SKIP, NGINX, {"health": PENDING}),
    "pending": ("connect", SKIP, NGINX, {"certificate": PENDING}),
} | {
    f"{kind.value}-{len(said)}": ("connect", FAIL, NGINX, {"certificate": Trouble(kind, said, "", 4)})
    for kind in ErrorKind
    for said in ("", "said so")
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_through_a_balancer_are_judged_as_written_down(name):
    check, severity, kind, values = ANSWERS[name]
    well = {"certificate": Known(shown(name), 7), "health": answer(200, {}, b"ok"), "websocket": Known(101, 7)}
    found = {one.id: one for one in judge(target(name, kind), BalancerFacts(**well | values))}
    assert found[f"balancer.{check}"].severity is severity


def test_what_lies_behind_a_gate_names_it():
    def because(**values):
        found = judge(target("gates"), BalancerFacts(**values))
        return {one.because for one in found if one.severity is SKIP}

    assert because(certificate=LATE) == {("balancer.connect",)}
    assert because(certificate=Known(shown("gates")), health=LATE) == {("balancer.connect",)}
    assert because(certificate=Known(shown("gates")), health=answer(502)) == {("balancer.health",)}


def test_of_a_certificate_with_thousands_of_names_the_first_twenty_are_told():
    names = tuple(f"a{number}.example.com" for number in range(3000))
    assert "a18.example.com, a19.example.com, from" in shown("x", names=names[:20]).described
    assert "a18.example.com, a19.example.com …, from" in shown("x", names=names).described
