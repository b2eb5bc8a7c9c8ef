"""What the rules on the database say to the letter: time zones, the password, TLS, how many connections there are."""

from dataclasses import replace

import pytest

from wizard.checks.plan.rules import database
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.remedy import PlanValue
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, Dialect, Node, Tls

PASS, INFO, WARN, FAIL, SKIP = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL, Severity.SKIP
AT = Place("compose.yaml", 9)
POSTGRES, MYSQL, MARIADB = Dialect.POSTGRES, Dialect.MYSQL, Dialect.MARIADB


ONE = (Node(name="a"),)


def judged(identifier, *, nodes=ONE, secrets=None, observed=(), places=None, **settings):
    plan = replace(Plan(id="x"), nodes=nodes)
    for key, value in settings.items():
        section, _, name = key.partition("__")
        plan = plan.with_value(f"{section}.{name}", value)
    plan = replace(plan, observed=observed, places=places or {})
    found = [finding for rule in database.RULES for finding in rule.findings(plan, secrets or {})]
    return [one for one in found if one.id == identifier]


@pytest.mark.parametrize(
    ("own", "other", "dialect", "severity", "value"),
    [
        ("", "", POSTGRES, WARN, PlanValue("application.time_zone", "UTC")),
        ("UTC", "", POSTGRES, PASS, None),
        ("", "UTC", POSTGRES, PASS, None),
        ("Asia/Tokyo", "Asia/Tokyo", POSTGRES, PASS, None),
        ("Asia/Tokyo", "+09:00", POSTGRES, WARN, None),  # alike today
        ("Asia/Tokyo", "+08:00", POSTGRES, FAIL, PlanValue("database.time_zone", "Asia/Tokyo")),
        ("+05:30", "", POSTGRES, PASS, None),
        ("+05:30", "", MYSQL, PASS, None),
        ("+05:30", "", MARIADB, FAIL, PlanValue("database.dialect", "mysql")),
        ("", "+05:30", MARIADB, FAIL, PlanValue("database.dialect", "mysql")),
        ("-09:30", "", MARIADB, FAIL, PlanValue("database.dialect", "mysql")),
        ("+05:00", "", MARIADB, PASS, None),
        ("Asia/Kolkata", "+05:30", MARIADB, FAIL, PlanValue("database.dialect", "mysql")),  # before that they are two
        ("+05:30", "+06:30", MARIADB, FAIL, PlanValue("database.time_zone", "+05:30")),  # first it must start at all
    ],
)
def test_a_time_zone_is_the_same_for_all_and_one_that_the_driver_takes(own, other, dialect, severity, value):
    [finding] = judged(
        "plan.time_zone",
        application__time_zone=own,
        database__time_zone=other,
        database__dialect=dialect,
    )
    assert (finding.severity, finding.remedy_value) == (severity, value)
    if severity is PASS:
        assert finding.summary == f"All nodes use the time zone {own or other}."


ODD = "The database password has white space or a backslash, which breaks NocoBase's licence kit."
TAKEN = "Over TLS NocoBase's licence kit takes every character of the database password."
FINE = "The database password has no character that breaks the licence kit."
ENDS = "The database password ends with a line break, which the server's own hardly does."


@pytest.mark.parametrize(
    ("password", "tls", "mode", "severity", "summary"),
    [
        ("plain", Tls.OFF, "", PASS, FINE),
        ("a b", Tls.OFF, "", WARN, ODD),
        ("a\\b", Tls.OFF, "", WARN, ODD),
        ("a\tb", Tls.OFF, "", WARN, ODD),
        ("a b", Tls.VERIFY, "", PASS, TAKEN),
        ("a b", Tls.ENCRYPT, "", PASS, TAKEN),
        ("a b", Tls.ENCRYPT, "disable", WARN, ODD),  # a mode that the kit does not know
        ("plain", Tls.VERIFY, "", PASS, FINE),
        ("plain\n", Tls.OFF, "", WARN, ENDS),
        ("plain\n", Tls.VERIFY, "", WARN, ENDS),
        ("your password here", Tls.OFF, "", PASS, FINE),  # told as a placeholder
    ],
)
def test_a_password_must_pass_through_the_licence_kit(password, tls, mode, severity, summary):
    [finding] = judged(
        "plan.database_password",
        secrets={"database.password": Secret(password)},
        database__password=SecretRef("database.password"),
        database__user='o"brien',
        database__tls=tls,
        database__tls_mode=mode,
    )
    assert (finding.severity, finding.summary) == (severity, summary)
    assert finding.facts == {"setting": "database.password"}
    if summary == ODD:
        assert finding.remedy.splitlines()[-1] == 'psql -c \'\\password "o""brien"\''


@pytest.mark.parametrize("key", ["database.tls", "database.tls_mode"])
def test_over_tls_that_could_not_be_read_the_kit_takes_not_every_sign(key):
    settings = {"database.tls": Tls.VERIFY, "database.password": SecretRef("database.password")}
    plan = Plan(id="x")
    for setting, value in settings.items():
        plan = plan.with_value(setting, value)
    plan = plan.with_unreadable(Unreadable(key, "maybe", "no such mode"))
    found = [one for rule in database.RULES for one in rule.findings(plan, {"database.password": Secret("a b")})]
    assert [one.summary for one in found if one.id == "plan.database_password"] == [ODD]


def test_over_tls_of_variables_without_that_of_the_mode_the_kit_takes_not_every_sign():
    [finding] = judged(
        "plan.database_password",
        secrets={"database.password": Secret("a b")},
        places={"database.tls": Place("a.env", 1, "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED")},
        database__password=SecretRef("database.password"),
        database__tls=Tls.VERIFY,
    )
    assert finding.summary == ODD


@pytest.mark.parametrize(
    ("host", "deployment", "severity", "summary"),
    [
        ("db", Deployment.DOCKER, PASS, "Every node reaches the database as db."),
        ("localhost", Deployment.BARE, PASS, "Every node reaches the database as localhost."),
        (
            "127.0.0.1",
            Deployment.DOCKER,
            FAIL,
            "The database is on 127.0.0.1, but inside a container 127.0.0.1 is the container itself.",
        ),
    ],
)
def test_a_database_on_localhost_is_reached_from_the_same_machine_alone(host, deployment, severity, summary):
    settings = {"database__host": host, "application__deployment": deployment}
    [finding] = judged("plan.database_localhost", **settings)
    assert (finding.severity, finding.summary, finding.facts) == (severity, summary, {"setting": "database.host"})
    assert judged("plan.database_localhost", **settings | {"database__host": ""}) == []


def test_of_a_password_that_is_not_at_hand_or_of_another_server_nothing_is_said():
    ref = SecretRef("database.password")
    assert judged("plan.database_password", database__password=ref) == []
    secrets = {"database.password": Secret("a b")}
    for dialect in (MYSQL, MARIADB):
        found = judged("plan.database_password", secrets=secrets, database__password=ref, database__dialect=dialect)
        assert found == []


KNOWN = "verify-full, verify-ca, require, prefer"


@pytest.mark.parametrize(
    ("tls", "mode", "dialect", "severity", "summary"),
    [
        (Tls.OFF, "", POSTGRES, PASS, "The plan reaches the database without TLS."),
        (Tls.OFF, "disable", MYSQL, PASS, "The plan reaches the database without TLS."),
        (Tls.VERIFY, "", MYSQL, INFO, "NocoBase's licence kit reaches MySQL and MariaDB without TLS."),
        (Tls.ENCRYPT, "", MARIADB, INFO, "NocoBase's licence kit reaches MySQL and MariaDB without TLS."),
        (Tls.VERIFY, "", POSTGRES, PASS, "DB_DIALECT_OPTIONS_SSL_MODE is verify-full, which the licence kit knows."),
        (Tls.ENCRYPT, "", POSTGRES, PASS, "DB_DIALECT_OPTIONS_SSL_MODE is require, which the licence kit knows."),
        (
            Tls.VERIFY,
            "verify-ca",
            POSTGRES,
            PASS,
            "DB_DIALECT_OPTIONS_SSL_MODE is verify-ca, which the licence kit knows.",
        ),
        (Tls.ENCRYPT, "prefer", POSTGRES, PASS, "DB_DIALECT_OPTIONS_SSL_MODE is prefer, which the licence kit knows."),
        (
            Tls.VERIFY,
            "allow",
            POSTGRES,
            FAIL,
            f"DB_DIALECT_OPTIONS_SSL_MODE is “allow”: NocoBase's licence kit knows {KNOWN} alone.",
        ),
    ],
)
def test_the_licence_kit_goes_by_the_mode_of_tls_alone(tls, mode, dialect, severity, summary):
    [finding] = judged("plan.database_tls", database__tls=tls, database__tls_mode=mode, database__dialect=dialect)
    assert (finding.severity, finding.summary) == (severity, summary)
    assert finding.facts == {"setting": "database.tls_mode"}
    assert finding.error is (ErrorKind.PROTOCOL if severity is FAIL else None)
    if severity is FAIL:
        assert finding.remedy_value == PlanValue("database.tls_mode", "verify-full")
        assert finding.remedy == "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"


@pytest.mark.parametrize(
    ("names", "severity"),
    [
        (("DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED",), WARN),
        (("DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED", "DB_DIALECT_OPTIONS_SSL_MODE"), PASS),
        (("DB_HOST",), PASS),  # TLS comes of no variable: an export writes the mode
    ],
)
def test_tls_of_variables_without_that_of_the_mode_is_none_for_the_kit(names, severity):
    places = {f"key{at}": Place("a.env", at, name) for at, name in enumerate(names)}
    [finding] = judged("plan.database_tls", database__tls=Tls.ENCRYPT, places=places)
    assert finding.severity is severity
    if severity is WARN:
        assert finding.remedy_value == PlanValue("database.tls_mode", "require")


def workers(processes):
    return (Node(name="a", processes=processes),)


@pytest.mark.parametrize(
    ("processes", "tasks", "pool", "dialect", "needed", "severity"),
    [
        (1, 2, 30, POSTGRES, 100, PASS),
        (4, 3, 13, POSTGRES, 101, INFO),
        (1, 2, 47, MYSQL, 151, PASS),
        (1, 1, 71, MYSQL, 152, INFO),
        (1, 2, 47, MARIADB, 151, PASS),
        (1, 1, 71, MARIADB, 152, INFO),
    ],
)
def test_a_server_as_it_comes_takes_so_many_connections(processes, tasks, pool, dialect, needed, severity):
    [finding] = judged(
        "plan.pool",
        nodes=workers(processes),
        application__async_tasks=tasks,
        database__pool_max=pool,
        database__dialect=dialect,
    )
    usual = 100 if dialect is POSTGRES else 151
    assert finding.severity is severity
    assert finding.facts == {"setting": "database.pool_max", "needed": needed, "usual": usual}
    if severity is INFO:
        begin = "ALTER SYSTEM SET" if dialect is POSTGRES else "SET GLOBAL"
        assert finding.remedy.splitlines()[-1] == f"{begin} max_connections = {needed};"
        assert (
            f"Processes {processes} × DB_POOL_MAX {pool}, a pool of its own for each of {tasks} async" in finding.detail
        )
        assert "10 in reserve" in finding.detail


@pytest.mark.parametrize(("given", "severity"), [("100", PASS), ("99", FAIL), ("1", FAIL), ("1000", PASS)])
def test_a_server_that_is_started_with_fewer_connections_than_needed_fails(given, severity):
    [finding] = judged(
        "plan.pool",
        nodes=workers(1),
        application__async_tasks=2,
        database__pool_max=30,
        observed=(Observed(Topic.CONNECTIONS, "db", AT, given),),
    )
    assert finding.severity is severity
    if severity is FAIL:
        assert finding.summary == (
            f"The cluster may open 100 connections, and the database server is started with {given}."
        )
        assert finding.facts == {"setting": "database.pool_max", "needed": 100, "limit": int(given)}
        assert finding.detail == "compose.yaml line 9"


@pytest.mark.parametrize(("least", "most", "severity"), [(5, 5, PASS), (6, 5, FAIL), (0, 5, PASS)])
def test_a_pool_has_no_more_at_least_than_at_most(least, most, severity):
    [finding] = judged("plan.pool", database__pool_min=least, database__pool_max=most)
    assert finding.severity is severity
    if severity is FAIL:
        assert finding.remedy_value == PlanValue("database.pool_min", 0)
        assert finding.remedy == "DB_POOL_MIN=0"


def test_without_nodes_nobody_knows_how_many_connections_are_opened():
    [finding] = judged("plan.pool", nodes=())
    assert (finding.severity, finding.facts) == (SKIP, {"setting": "database.pool_max"})
