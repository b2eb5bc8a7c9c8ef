"""No password goes out in clear because a server asks for it: only where the plan allows it."""

import pytest

from tests.live.helpers_database import check, only_the_gate, verdict
from tests.servers.fixtures import running
from tests.servers.greedy_mysql import GreedyMySql
from wizard.demo.postgres import Postgres
from wizard.demo.process import LOOPBACK
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live
SECRET = "kT7-quite.secret_value"


@pytest.fixture(scope="module")
def postgres_in_clear():
    """A PostgreSQL that asks for the password as it is."""
    rules = [f"host all nocobase {LOOPBACK}/32 password", f"host all postgres {LOOPBACK}/32 scram-sha-256"]
    with running(lambda: Postgres(hba=rules)) as server:
        yield server


def test_postgresql_does_not_get_the_password_in_clear(postgres_in_clear):
    gate = only_the_gate(check(postgres_in_clear, "postgres"))
    assert verdict(gate) == (Severity.UNKNOWN, ErrorKind.CREDENTIALS)
    assert "in clear" in gate.summary
    assert "database.allow_clear_password" in gate.remedy


def test_postgresql_gets_it_where_the_plan_allows_it(postgres_in_clear):
    found = check(postgres_in_clear, "postgres", allow_clear_password=True)
    assert found["database.connect"].severity is Severity.PASS


@pytest.mark.parametrize("method", [b"mysql_clear_password", b"dialog"])
def test_mysql_does_not_get_the_password_in_clear(method):
    with GreedyMySql(method) as server:
        gate = only_the_gate(check(server, "mysql", secret=SECRET))
        assert verdict(gate) == (Severity.UNKNOWN, ErrorKind.CREDENTIALS)
        assert "in clear" in gate.summary
        assert SECRET.encode() not in server.heard


def test_mysql_gets_it_where_the_plan_allows_it():
    with GreedyMySql() as server:
        gate = only_the_gate(check(server, "mysql", secret=SECRET, allow_clear_password=True))
        assert gate.severity is Severity.FAIL
        assert SECRET.encode() in server.heard
