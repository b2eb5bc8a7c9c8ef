"""What the judges of RabbitMQ say in each case, word for word in tests/unit/findings.

Each case has a host, an account and a virtual host of its own name: so no finding can stand in for another case's.
"""

import pytest

from wizard.checks.rabbitmq import errors
from wizard.checks.rabbitmq.facts import LARGE, Broker, BrokerFacts
from wizard.checks.rabbitmq.judge import judge
from wizard.checks.rabbitmq.judge_connect import judge_connect
from wizard.checks.rabbitmq.judge_size import judge_message_size
from wizard.checks.rabbitmq.judge_use import (
    judge_alarm,
    judge_latency,
    judge_permissions,
    judge_queue_kinds,
    judge_use,
)
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.errors import CLIENT_CERTIFICATE
from wizard.plan.finding import ErrorKind, Severity

PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "info", "warn", "fail", "unknown", "skip"))
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "", 5000)


def trouble(kind, message="as the broker says", about=""):
    return Trouble(kind, message, about, 4)


REFUSED = trouble(ErrorKind.PERMISSION, "ACCESS_REFUSED")


def facts(**values):
    """Return facts in which all is well but for `values`."""
    well = {
        "addresses": Known(("10.0.0.9",)),
        "connection": Known(Broker("RabbitMQ", "4.0.5"), 3),
        "declared": Known("ncw-check-1", 1),
        "published": Known(None, 20),
        "consumed": Known(1, 300),
        "acknowledged": Known(None, 4000),
        "deleted": Known(None, 50000),
        "latency": Known((0.1, 0.2, 0.3), 7),
        "classic": Known(None, 7),
        "quorum": Known(None, 7),
        "large": Known(LARGE, 7),
    }
    return BrokerFacts(**well | values)


def target(name, **values):
    usual = {"host": f"{name}.internal", "port": 5673, "username": name, "virtual_host": f"/{name}"}
    return BrokerTarget(**usual | values)


# By the host: the judge, the severity, and what is found otherwise than where all is well.
CASES = {
    "used": (judge_use, PASS, {}),
    "used-untimed": (judge_use, PASS, {"published": Known(None), "deleted": Known(None)}),
    "use-undeclared": (judge_use, FAIL, {"declared": REFUSED, "published": PENDING, "deleted": PENDING}),
    "use-unpublished": (judge_use, FAIL, {"published": REFUSED, "consumed": PENDING}),
    "use-alarm": (judge_use, FAIL, {"published": trouble(ErrorKind.OTHER, "connection.blocked", errors.ALARM)}),
    "use-unconsumed": (judge_use, FAIL, {"consumed": LATE}),
    "use-unacknowledged": (judge_use, FAIL, {"acknowledged": LATE}),
    "use-undeleted": (judge_use, FAIL, {"deleted": REFUSED}),
    "use-broken": (judge_use, UNKNOWN, {"deleted": PENDING}),
    "may": (judge_permissions, PASS, {}),
    "may-not-declare": (judge_permissions, FAIL, {"declared": REFUSED}),
    "may-not-publish": (judge_permissions, FAIL, {"published": REFUSED}),
    "may-not-consume": (judge_permissions, FAIL, {"consumed": REFUSED}),
    "may-not-delete": (judge_permissions, SKIP, {"deleted": REFUSED}),
    "may-late": (judge_permissions, UNKNOWN, {"published": LATE}),
    "may-late-at-all": (judge_permissions, SKIP, {"published": LATE, "deleted": PENDING}),
    "may-pending": (judge_permissions, SKIP, {"consumed": PENDING, "deleted": PENDING}),
    "alarm-none": (judge_alarm, PASS, {}),
    "alarm-memory": (judge_alarm, FAIL, {"published": trouble(ErrorKind.OTHER, "Low on Memory", errors.ALARM)}),
    "alarm-disk": (judge_alarm, FAIL, {"published": trouble(ErrorKind.OTHER, "low on DISK", errors.ALARM)}),
    "alarm-both": (judge_alarm, FAIL, {"published": trouble(ErrorKind.OTHER, "low on memory & disk", errors.ALARM)}),
    "alarm-any": (judge_alarm, FAIL, {"published": trouble(ErrorKind.OTHER, "connection.blocked", errors.ALARM)}),
    "alarm-else": (judge_alarm, SKIP, {"published": REFUSED, "deleted": PENDING}),
    "alarm-silent": (judge_alarm, UNKNOWN, {"published": PENDING}),
    "kinds": (judge_queue_kinds, PASS, {}),
    "kinds-no-quorum": (judge_queue_kinds, WARN, {"quorum": trouble(ErrorKind.OTHER, "540 NOT_IMPLEMENTED")}),
    "kinds-no-classic": (judge_queue_kinds, WARN, {"classic": REFUSED}),
    "kinds-none": (judge_queue_kinds, WARN, {"classic": REFUSED, "quorum": LATE}),
    "kinds-half": (judge_queue_kinds, UNKNOWN, {"quorum": PENDING}),
    "kinds-unasked": (judge_queue_kinds, SKIP, {"classic": PENDING, "deleted": PENDING}),
    "latency": (judge_latency, PASS, {"latency": Known((0.123, 50.0, 60.126))}),
    "latency-slow": (judge_latency, WARN, {"latency": Known((1.0, 2.0, 50.014, 60.126))}),
    "latency-none": (judge_latency, UNKNOWN, {"latency": Known(())}),
    "latency-late": (judge_latency, UNKNOWN, {"latency": LATE}),
    "large": (judge_message_size, PASS, {}),
    "large-late": (judge_message_size, UNKNOWN, {"large": LATE}),
    "large-pending": (judge_message_size, UNKNOWN, {"large": PENDING}),
    "large-limited": (
        judge_message_size,
        WARN,
        {
            "large": trouble(
                ErrorKind.OTHER, "size 1048576 is larger than configured max size 65536", errors.MESSAGE_SIZE
            )
        },
    ),
    "large-limited-somehow": (
        judge_message_size,
        WARN,
        {"large": trouble(ErrorKind.OTHER, "message size is too large", errors.MESSAGE_SIZE)},
    ),
    "large-not-taken": (judge_message_size, WARN, {"large": trouble(ErrorKind.OTHER, "basic.nack", errors.NOT_TAKEN)}),
    "large-broken": (judge_message_size, WARN, {"large": trouble(ErrorKind.PROTOCOL, "EOF")}),
    "refused": (judge_connect, FAIL, {"connection": trouble(ErrorKind.REFUSED)}),
    "refused-limit": (judge_connect, FAIL, {"connection": trouble(ErrorKind.REFUSED, about=errors.USER_LIMIT)}),
    "silent": (judge_connect, FAIL, {"connection": LATE}),
    "tls": (judge_connect, FAIL, {"connection": trouble(ErrorKind.TLS)}),
    "tls-broker": (judge_connect, FAIL, {"connection": trouble(ErrorKind.TLS, about=errors.TLS_BROKER)}),
    "tls-plain": (judge_connect, FAIL, {"connection": trouble(ErrorKind.TLS, about=errors.PLAIN_BROKER)}),
    "tls-client": (judge_connect, FAIL, {"connection": trouble(ErrorKind.TLS, about=CLIENT_CERTIFICATE)}),
    "password": (judge_connect, FAIL, {"connection": trouble(ErrorKind.CREDENTIALS)}),
    "http": (judge_connect, FAIL, {"connection": trouble(ErrorKind.PROTOCOL)}),
    "odd": (judge_connect, FAIL, {"connection": trouble(ErrorKind.OTHER)}),
    "pending": (judge_connect, FAIL, {"connection": PENDING}),
    "nameless": (judge_connect, FAIL, {"addresses": trouble(ErrorKind.DNS), "connection": PENDING}),
    "host-closed": (judge_connect, PASS, {"connection": trouble(ErrorKind.MISSING, about=errors.VIRTUAL_HOST)}),
    "connected": (judge_connect, PASS, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_judged_as_written_down(name):
    judge_one, severity, values = CASES[name]
    assert judge_one(target(name), facts(**values)).severity is severity


@pytest.mark.parametrize(
    ("name", "check", "severity", "values"),
    [
        ("no-host", "virtual_host", FAIL, {"connection": trouble(ErrorKind.MISSING, about=errors.VIRTUAL_HOST)}),
        (
            "host-refused",
            "virtual_host",
            FAIL,
            {"connection": trouble(ErrorKind.PERMISSION, about=errors.VIRTUAL_HOST)},
        ),
        ("host-limit", "virtual_host", FAIL, {"connection": trouble(ErrorKind.OTHER, about=errors.VIRTUAL_HOST)}),
        ("host-open", "virtual_host", PASS, {}),
        ("version-4", "version", PASS, {"connection": Known(Broker("RabbitMQ", "4.0.0", "Erlang/OTP 26"))}),
        ("version-3", "version", WARN, {"connection": Known(Broker("RabbitMQ", "3.13.7"))}),
        ("version-none", "version", UNKNOWN, {"connection": Known(Broker("RabbitMQ", ""))}),
        ("version-odd", "version", WARN, {"connection": Known(Broker("RabbitMQ", "main-4"))}),
        ("version-other", "version", WARN, {"connection": Known(Broker("LavinMQ", "4.1.0"))}),
        ("version-nameless", "version", WARN, {"connection": Known(Broker("", "4.1.0"))}),
        ("plain", "tls", INFO, {}),
    ],
)
def test_what_a_connection_shows_is_judged_as_written_down(name, check, severity, values):
    given = {finding.id: finding for finding in judge(target(name), facts(**values))}
    assert given[f"rabbitmq.{check}"].severity is severity


def test_behind_a_closed_virtual_host_nothing_else_is_said():
    closed = facts(connection=trouble(ErrorKind.MISSING, about=errors.VIRTUAL_HOST))
    gate, entry, *others = judge(target("closed"), closed)
    assert (gate.severity, entry.severity) == (PASS, FAIL)
    assert {(one.severity, one.because) for one in others} == {(SKIP, ("rabbitmq.virtual_host",))}
    assert len(others) == 8
    gate, *others = judge(target("shut"), facts(connection=trouble(ErrorKind.REFUSED)))
    assert {(one.severity, one.because) for one in others} == {(SKIP, ("rabbitmq.connect",))}
    assert len(others) == 9


@pytest.mark.parametrize("host", ["10.0.0.7", "mq.internal"])
def test_an_address_is_not_called_a_name(host):
    found = facts(addresses=trouble(ErrorKind.TIMEOUT), connection=PENDING)
    gate = judge_connect(target("x", host=host), found)
    assert ("cannot be resolved" in gate.summary) is (host == "mq.internal")


@pytest.mark.parametrize("tls", [True, False])
def test_a_connection_says_how_it_is_protected(tls):
    place = target("protected", tls=tls, username="")
    gate = judge_connect(place, facts())
    how = "over TLS" if tls else "without TLS"
    assert gate.summary == f"Connected to protected.internal:5673 as guest {how}."
    given = {finding.id: finding for finding in judge(place, facts())}
    assert given["rabbitmq.tls"].facts == {"tls": tls}
    assert given["rabbitmq.tls"].severity is (PASS if tls else INFO)


def test_guest_may_come_from_the_brokers_own_host_alone():
    words = "guest may log in from the broker's own host alone."
    refused = facts(connection=trouble(ErrorKind.CREDENTIALS))
    assert words in judge_connect(target("guests", username="guest"), refused).remedy
    assert words not in judge_connect(target("guests", username="other"), refused).remedy
