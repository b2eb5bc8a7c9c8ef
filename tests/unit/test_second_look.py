"""The second look with TLS, which tells why a first one was refused, gives nobody the password in clear.

Its certificate is not checked, so whoever answers may be anybody, also where the plan lets the password go in clear.
"""

import pymysql
import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import probe_mysql, probe_postgres
from wizard.checks.database.link_postgres import Link
from wizard.checks.database.target import Target
from wizard.checks.database.trust import find_files
from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import Dialect, Tls


def target(dialect: Dialect) -> Target:
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.tls", Tls.OFF)
    return Target.of(plan.with_value("database.allow_clear_password", True), SECRETS)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the drivers are given; none of them reaches a server."""
    options: list[dict[str, object]] = []

    def connect(*_given: object, **more: object) -> None:
        options.append(more)
        raise ConnectionRefusedError

    monkeypatch.setattr(Link, "connect", connect)
    monkeypatch.setattr(pymysql, "connect", connect)
    return options


def test_postgresql_is_given_no_password_in_clear(given):
    asked = target(Dialect.POSTGRES)
    probe_postgres._is_tls_wanted(asked, find_files(asked))
    [options] = given
    assert (options["sslmode"], options["require_auth"]) == ("require", "!password,!gss")


def test_mysql_is_given_no_password_in_clear(given):
    asked = target(Dialect.MYSQL)
    with pytest.raises(ConnectionRefusedError):
        probe_mysql._reconsidered(asked, find_files(asked), Trouble(ErrorKind.CREDENTIALS))
    [options] = given
    assert set(options["auth_plugin_map"]) == {"mysql_clear_password", "dialog"}
    assert "ssl_disabled" not in options
