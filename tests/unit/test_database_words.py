"""What the judges of a database say of its server in each case, word for word in tests/unit/findings.

Each case has a host, an account and a database of its own name: so no finding can stand in for another case's.
"""

import pytest

from tests.unit.database_facts import MYSQL, good_facts
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import errors
from wizard.checks.database.facts import (
    Encryption,
    Limits,
    Ownership,
    Pooler,
    Role,
    ServerVersion,
    Tables,
    Trust,
    VersionTable,
)
from wizard.checks.database.judge_account import judge_connections, judge_rights
from wizard.checks.database.judge_connect import judge_connect
from wizard.checks.database.judge_encoding import judge_encoding
from wizard.checks.database.judge_server import judge_server, judge_tls
from wizard.checks.database.target import Target
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.net.clock import Clock
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Dialect, LicenceMethod, Node, Tls

POSTGRES, MY, MARIA = Dialect
PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ["pass", "info", "warn", "fail", "unknown", "skip"])
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "", 5000)
REFUSED = Trouble(ErrorKind.PERMISSION, "permission denied", "", 4)


def case(dialect, severity, settings=(), **values):
    """Return a case: what is known takes 7 ms, what is no fact yet is known."""
    facts = {
        name: value if isinstance(value, Trouble) or value is PENDING else Known(value, 7)
        for name, value in values.items()
    }
    return dialect, severity, dict(settings), facts


def run(host, dialect, settings, facts):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.tls", Tls.VERIFY)
    plan = plan.with_value("database.host", f"{host}.internal")
    plan = plan.with_value("database.user", f"{host}-user").with_value("database.name", f"{host}-db")
    for key, value in settings.items():
        plan = plan.with_value(key, value)
    return Target.of(plan, SECRETS), plan, good_facts(dialect, **facts)


def version(text, comment=""):
    return ServerVersion(text, comment)


SERVER = {
    "version-old": case(POSTGRES, FAIL, version=version("PostgreSQL 9.6.24 on x86_64")),
    "version-10": case(POSTGRES, PASS, version=version("PostgreSQL 10.0 (Debian 10.0-1)")),
    "version-my": case(MY, FAIL, version=version("8.0.16")),
    "version-maria": case(MARIA, FAIL, version=version("10.8.8-MariaDB")),
    "version-maria-comment": case(MARIA, PASS, version=version("10.9.1", "mariadb.org binary distribution")),
    "version-not-maria": case(MARIA, SKIP, version=version("8.0.36", "MySQL Community Server - GPL")),
    "version-late": case(POSTGRES, UNKNOWN, version=LATE),
    "version-pending": case(POSTGRES, SKIP, version=PENDING),
}
DIALECT = {
    "dialect": case(POSTGRES, PASS),
    "dialect-my": case(MY, PASS),
    "dialect-mysql-for-maria": case(MARIA, FAIL, version=MYSQL),
    "dialect-maria-for-mysql": case(MY, WARN, version=version("10.11.6-MariaDB-log")),
    "dialect-cockroach": case(POSTGRES, WARN, version=version("CockroachDB CCL v23.1.11 (x86_64) on linux")),
    "dialect-yugabyte": case(POSTGRES, WARN, version=version("PostgreSQL 11.2-YB-2.18.0.1-b0 on x86_64")),
    "dialect-late": case(POSTGRES, UNKNOWN, version=LATE),
}
WRITABLE = {
    "writable": case(POSTGRES, PASS, role=Role(())),
    "standby": case(POSTGRES, FAIL, role=Role(("pg_is_in_recovery()", "default_transaction_read_only"))),
    "read-only": case(POSTGRES, FAIL, role=Role(("default_transaction_read_only",))),
    "read-only-my": case(MY, FAIL, role=Role(("super_read_only", "innodb_read_only", "read_only"))),
    "read-only-innodb": case(MY, FAIL, role=Role(("innodb_read_only",))),
    "role-late": case(POSTGRES, UNKNOWN, role=LATE),
}
TABLE_NAMES = {
    "names-0": case(MY, PASS, table_names=0),
    "names-2": case(MY, PASS, table_names=2),
    "names-1-underscored": case(MY, PASS, {"database.underscored": True}, table_names=1),
    "names-1": case(MY, FAIL, table_names=1),
    "names-1-maria": case(MARIA, FAIL, table_names=1),
    "names-late": case(MY, UNKNOWN, table_names=LATE),
}
CLOCK = {
    "clock": case(POSTGRES, PASS, clock=Clock(0.0, 0.0, "UTC")),
    "clock-1": case(POSTGRES, PASS, clock=Clock(-1.0, 0.0, "Europe/Berlin")),
    "clock-ahead": case(POSTGRES, WARN, clock=Clock(1.2344, 0.1, "UTC")),
    "clock-behind": case(POSTGRES, WARN, clock=Clock(-3.5, 0.1, "UTC")),
    "clock-unsure": case(POSTGRES, PASS, clock=Clock(1.4, 0.4, "UTC")),
    "clock-late": case(POSTGRES, UNKNOWN, clock=LATE),
}
POOLER = {
    "pooler-none": case(POSTGRES, PASS, pooler=Pooler(present=False)),
    "pooler-unasked": case(POSTGRES, PASS, pooler=None),
    "pooler-sessions": case(POSTGRES, INFO, pooler=Pooler(present=True)),
    "pooler-mixed": case(POSTGRES, WARN, pooler=Pooler(present=True, mixed=True)),
    "pooler-statements": case(POSTGRES, FAIL, pooler=Pooler(present=True, mixed=True, statements=True)),
    "pooler-late": case(POSTGRES, UNKNOWN, pooler=LATE),
}
LATENCY = {
    "latency": case(POSTGRES, PASS, latency=19.996),
    "latency-20": case(POSTGRES, PASS, latency=20.0),
    "latency-21": case(POSTGRES, INFO, latency=20.456),
    "latency-100": case(POSTGRES, INFO, latency=100.0),
    "latency-101": case(POSTGRES, WARN, latency=100.6),
    "latency-late": case(POSTGRES, UNKNOWN, latency=LATE),
}
OF_SERVER = [
    *(("version", host) for host in SERVER),
    *(("dialect", host) for host in DIALECT),
    *(("writable", host) for host in WRITABLE),
    *(("table_names", host) for host in TABLE_NAMES),
    *(("clock", host) for host in CLOCK),
    *(("pooler", host) for host in POOLER),
    *(("latency", host) for host in LATENCY),
]
ALL = SERVER | DIALECT | WRITABLE | TABLE_NAMES | CLOCK | POOLER | LATENCY


@pytest.mark.parametrize(("check", "host"), OF_SERVER)
def test_a_server_is_judged_as_written_down(check, host):
    dialect, severity, settings, values = ALL[host]
    target, _, facts = run(host, dialect, settings, values)
    given = {finding.id: finding for finding in judge_server(target, facts)}
    assert given[f"database.{check}"].severity is severity


@pytest.mark.parametrize(("dialect", "last"), [(POSTGRES, "pooler"), (MY, "table_names"), (MARIA, "table_names")])
def test_poolers_are_postgresqls_and_the_case_of_names_is_mysqls(dialect, last):
    target, _, facts = run("any", dialect, {}, {})
    ids = {finding.id.removeprefix("database.") for finding in judge_server(target, facts)}
    assert ids == {"version", "dialect", "writable", "clock", "latency", last}


TLS = {
    "tls": case(POSTGRES, PASS, encryption=Encryption("TLSv1.3", "AES256")),
    "tls-my": case(MY, PASS, encryption=Encryption("TLSv1.2")),
    "tls-maria": case(MARIA, PASS, encryption=Encryption("TLSv1.2")),
    "tls-my-demanded": case(
        MY,
        WARN,
        {"licence.method": LicenceMethod.KEY},
        encryption=Encryption("TLSv1.3", "x", "require_secure_transport=ON"),
    ),
    "tls-maria-demanded": case(
        MARIA, WARN, {"licence.username": ""}, encryption=Encryption("TLSv1.3", "x", "REQUIRE SSL")
    ),
    "tls-my-by-account": case(
        MY,
        PASS,
        {"licence.method": LicenceMethod.ACCOUNT, "licence.username": "someone"},
        encryption=Encryption("TLSv1.3", "x", "require_secure_transport=ON"),
    ),
    "tls-my-without": case(
        MY,
        PASS,
        {"licence.method": LicenceMethod.KEY, "licence.without_plugins": True},
        encryption=Encryption("TLSv1.3", "x", "require_secure_transport=ON"),
    ),
    "tls-1": case(POSTGRES, WARN, encryption=Encryption("TLSv1")),
    "tls-1.0": case(POSTGRES, WARN, encryption=Encryption("TLSv1.0")),
    "tls-1.1": case(POSTGRES, WARN, encryption=Encryption("TLSv1.1")),
    "tls-files": case(POSTGRES, UNKNOWN, encryption=Encryption("TLSv1.3"), trust=Trust(absent=("/ca.pem", "/key.pem"))),
    "tls-any": case(POSTGRES, INFO, {"database.tls": Tls.ENCRYPT}, encryption=Encryption("TLSv1.3")),
    "tls-any-bare": case(
        MY, INFO, {"database.tls": Tls.ENCRYPT, "application.deployment": "bare"}, encryption=Encryption("TLSv1.3")
    ),
    "plain": case(POSTGRES, INFO, encryption=Encryption(""), addresses=("10.0.0.9", "fe80::1%eth0")),
    "plain-nowhere": case(POSTGRES, INFO, encryption=Encryption(""), addresses=PENDING),
    "plain-public": case(POSTGRES, WARN, encryption=Encryption(""), addresses=("10.0.0.9", "203.0.114.9")),
    "tls-late": case(POSTGRES, UNKNOWN, encryption=LATE),
}
ENCODING = {
    "encoding": case(POSTGRES, PASS, encoding="utf8"),
    "encoding-latin": case(POSTGRES, FAIL, encoding="LATIN1"),
    "encoding-my": case(MY, PASS, encoding="UTF8MB4"),
    "encoding-utf8mb3": case(MY, FAIL, encoding="utf8mb3"),
    "encoding-tables": case(
        MY, WARN, tables=Tables((VersionTable("x", "applicationVersion"),), 9, narrow=("users", "odd`name"))
    ),
    "encoding-of-others": case(MY, PASS, tables=Tables((), 9, narrow=("users",))),
    "encoding-wide": case(MY, PASS, tables=Tables((VersionTable("x", "applicationVersion"),), 9)),
    "encoding-late": case(MY, UNKNOWN, encoding=LATE),
    "encoding-pending": case(MY, SKIP, encoding=PENDING),
}
RIGHTS = {
    "rights": case(POSTGRES, PASS, rights=("create a table", "drop a table")),
    "rights-my": case(MY, PASS, rights=("create a table",)),
    "rights-untried": case(POSTGRES, SKIP, rights=None),
    "rights-late": case(POSTGRES, UNKNOWN, rights=LATE),
    "rights-pending": case(POSTGRES, SKIP, rights=PENDING),
    "rights-read-only": case(POSTGRES, FAIL, rights=Trouble(ErrorKind.PERMISSION, "read-only", errors.READ_ONLY, 4)),
    "rights-read-only-my": case(MY, FAIL, rights=Trouble(ErrorKind.PERMISSION, "read-only", errors.READ_ONLY, 4)),
    "rights-nameless": case(POSTGRES, FAIL, rights=REFUSED),
    "rights-missing": case(POSTGRES, FAIL, rights=Trouble(ErrorKind.MISSING, "no schema", "create a table", 4)),
    "rights-account": case(
        MY,
        FAIL,
        version=ServerVersion("8.0.36", "", "odd'user@10.%"),
        rights=Trouble(ErrorKind.PERMISSION, "no", "", 4),
    ),
    "rights-nobody": case(MY, FAIL, version=LATE, rights=Trouble(ErrorKind.PERMISSION, "no", "alter a table", 4)),
    "owner": case(POSTGRES, FAIL, ownership=Ownership(("users", "roles"), "root's")),
    "owner-prefix": case(
        POSTGRES,
        FAIL,
        {"database.table_prefix": "nb_", "database.schema": "app"},
        ownership=Ownership(("nb_users",), "root"),
    ),
    "owner-unasked": case(POSTGRES, PASS, ownership=None),
} | {
    f"may-not-{number}": case(POSTGRES, FAIL, rights=Trouble(ErrorKind.PERMISSION, "permission denied", step, 4))
    for number, step in enumerate(
        (
            "drop a table",
            "create a table",
            "alter a table",
            "index a table",
            "write into a table",
            "create the schema",
            "a new step",
        )
    )
}
# The good plan needs (3 processes + 9 tasks) × 5 + 10 = 70 connections, of which 15 are the processes' own pools.
CONNECTIONS = {
    "limits": case(POSTGRES, PASS, limits=Limits(83, 3, None, None, 10)),
    "limits-70": case(POSTGRES, PASS, limits=Limits(73, 3, None, None, 0)),
    "limits-in-use": case(POSTGRES, WARN, limits=Limits(82, 3, None, None, 10)),
    "limits-69": case(POSTGRES, WARN, limits=Limits(72, 3, None, None, None)),
    "limits-15": case(POSTGRES, WARN, limits=Limits(18, 3, None, None, 0)),
    "limits-14": case(POSTGRES, FAIL, limits=Limits(17, 3, None, None, 0)),
    "limits-account": case(POSTGRES, WARN, limits=Limits(500, 3, 69, 400, 0)),
    "limits-account-70": case(POSTGRES, PASS, limits=Limits(500, 3, 70, 70, 0)),
    "limits-database": case(POSTGRES, FAIL, limits=Limits(500, 3, 70, 14, 0)),
    "limits-all-my": case(MY, FAIL, limits=Limits(20, 1, 10, None, 0)),
    "limits-maria": case(MARIA, WARN, limits=Limits(60, 0, None, None, 0)),
    "limits-no-nodes": case(POSTGRES, WARN, {"nodes": ()}, limits=Limits(29, 0, None, None, 0)),
    "limits-one-node": case(
        POSTGRES, FAIL, {"nodes": (Node(name="a", processes=2),)}, limits=Limits(9, 0, None, None, 0)
    ),
    "limits-late": case(POSTGRES, UNKNOWN, limits=LATE),
    "limits-pooler": case(POSTGRES, UNKNOWN, pooler=Pooler(present=True)),
    "limits-pooler-late": case(POSTGRES, PASS, pooler=LATE),
}


@pytest.mark.parametrize("host", TLS)
def test_the_protection_of_a_connection_is_judged_as_written_down(host):
    dialect, severity, settings, values = TLS[host]
    target, plan, facts = run(host, dialect, settings, values)
    assert judge_tls(target, plan, facts).severity is severity


@pytest.mark.parametrize("host", ENCODING)
def test_an_encoding_is_judged_as_written_down(host):
    dialect, severity, settings, values = ENCODING[host]
    target, _, facts = run(host, dialect, settings, values)
    assert judge_encoding(target, facts).severity is severity


@pytest.mark.parametrize("host", RIGHTS)
def test_rights_are_judged_as_written_down(host):
    dialect, severity, settings, values = RIGHTS[host]
    target, _, facts = run(host, dialect, settings, values)
    assert judge_rights(target, facts).severity is severity


@pytest.mark.parametrize("host", CONNECTIONS)
def test_connections_are_judged_as_written_down(host):
    dialect, severity, settings, values = CONNECTIONS[host]
    assert judge_connections(*run(host, dialect, settings, values)).severity is severity


@pytest.mark.parametrize(
    ("host", "values"),
    [
        ("connected", {}),
        ("connected-plainly", {"encryption": Known(Encryption(""))}),
        ("connected-somehow", {"encryption": PENDING, "version": LATE, "addresses": PENDING}),
    ],
)
def test_a_connection_is_told_with_its_server(host, values):
    target, _, facts = run(host, POSTGRES, {}, {"connected": Known(True, 7), **values})
    assert judge_connect(target, facts).severity is PASS
