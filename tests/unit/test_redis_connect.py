"""What the gate of Redis says where no connection was made, and as whom one was; word for word in the findings."""

import pytest

from tests.unit.redis_facts import facts
from wizard.checks.redis import errors
from wizard.checks.redis.facts import Session
from wizard.checks.redis.judge import judge
from wizard.checks.redis.target import RedisTarget
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net import errors as network
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import RedisRole


def trouble(kind, message="as the server says", about=""):
    return Trouble(kind, message, about, 4)


CONNECTIONS = {
    "refused": trouble(ErrorKind.REFUSED),
    "clients": trouble(ErrorKind.REFUSED, about=errors.FULL),
    "loads": trouble(ErrorKind.REFUSED, about=errors.LOADING),
    "silent": trouble(ErrorKind.TIMEOUT),
    "plain": trouble(ErrorKind.TLS, about=errors.PLAIN_SERVER),
    "encrypted": trouble(ErrorKind.TLS, about=errors.TLS_SERVER),
    "client-certificate": trouble(ErrorKind.TLS, about=network.CLIENT_CERTIFICATE),
    "no-tls": trouble(ErrorKind.TLS),
    "no-password-given": trouble(ErrorKind.CREDENTIALS, about=errors.NO_PASSWORD_GIVEN),
    "no-password-there": trouble(ErrorKind.CREDENTIALS, about=errors.NO_PASSWORD_THERE),
    "wrong-password": trouble(ErrorKind.CREDENTIALS),
    "protected": trouble(ErrorKind.PERMISSION, about=errors.PROTECTED_MODE),
    "forbidden": trouble(ErrorKind.PERMISSION),
    "http": trouble(ErrorKind.PROTOCOL),
    "odd": trouble(ErrorKind.OTHER),
}


@pytest.mark.parametrize("host", CONNECTIONS)
@pytest.mark.parametrize("tls", [False, True])
def test_each_way_of_failing_has_its_words_and_its_remedy(host, tls):
    values = {"tls": tls, "username": "nocobase", "password": Secret("Hidden-Pw_1")}
    place = RedisTarget(role=RedisRole.LOCK, host=f"{host}.internal", port=6380, **values)
    gate, *others = judge(place, facts(RedisRole.LOCK, connection=CONNECTIONS[host]))
    assert (gate.severity, gate.error, gate.elapsed_ms) == (Severity.FAIL, CONNECTIONS[host].kind, 4)
    assert {finding.severity for finding in others} == {Severity.SKIP}


def test_what_an_address_takes_for_a_user_may_be_the_password_and_is_not_shown():
    place = RedisTarget(role=RedisRole.LOCK, host="redis.internal", port=6380, username="mypassword", tls=True)
    gate = judge(place, facts(RedisRole.LOCK, connection=CONNECTIONS["wrong-password"]))[0]
    assert gate.summary.endswith("refuses what it is given: a user alone, without a password.")
    assert "rediss://:PASSWORD@redis.internal:6380." in gate.remedy
    assert "mypassword" not in str(gate.as_json())


@pytest.mark.parametrize("user", ["", "nocobase"])
@pytest.mark.parametrize("tls", ["", "TLSv1.3"])
def test_a_connection_says_as_whom_and_how_it_is_protected(user, tls):
    place = RedisTarget(role=RedisRole.LOCK, host="redis.internal", port=6380, username=user)
    gate = judge(place, facts(RedisRole.LOCK, connection=Known(Session(tls), 3)))[0]
    assert gate.summary == (
        f"Connected to redis.internal:6380 as {user or 'the default user'} {'over TLSv1.3' if tls else 'without TLS'}."
    )


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("unknown.internal", trouble(ErrorKind.DNS, "Name or service not known")),
        ("unasked.internal", PENDING),
        ("10.0.0.7", trouble(ErrorKind.OTHER, "no such address")),
        ("10.0.0.8", PENDING),
    ],
)
def test_a_name_that_leads_nowhere_is_not_a_server_that_does_not_serve(host, addresses):
    place = RedisTarget(role=RedisRole.LOCK, host=host, port=6380)
    gate = judge(place, facts(RedisRole.LOCK, addresses=addresses, connection=PENDING))[0]
    assert (gate.severity, "cannot be resolved" in gate.summary) == (Severity.FAIL, host.endswith("internal"))
