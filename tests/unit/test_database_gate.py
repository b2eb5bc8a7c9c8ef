"""Drivers' errors as trouble, and the words and remedies of the gate for each."""

from dataclasses import replace

import psycopg
import pymysql
import pytest

from tests.remedies import statements
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import errors
from wizard.checks.database import facts as found
from wizard.checks.database.errors import explain_mysql, explain_postgres
from wizard.checks.database.facts import Facts
from wizard.checks.database.judge import judge
from wizard.checks.database.target import Target, grant_all, sql_account
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.remedy import RemedyKind
from wizard.plan.sections import Deployment, Dialect, Tls

FAIL, SKIP = Severity.FAIL, Severity.SKIP


def verdict(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize(
    ("message", "kind", "about"),
    [
        ('FATAL:  password authentication failed for user "a"', ErrorKind.CREDENTIALS, ""),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »a« fehlgeschlagen", ErrorKind.CREDENTIALS, ""),
        ("FATAL:  authentification par mot de passe échouée pour l'utilisateur « a »", ErrorKind.CREDENTIALS, ""),
        ('FATAL:  用户 "a" Password 认证失败', ErrorKind.CREDENTIALS, ""),
        ('FATAL:  role "a" is not permitted to log in', ErrorKind.CREDENTIALS, ""),
        ('FATAL:  database "a" does not exist', ErrorKind.MISSING, errors.DATABASE),
        ("FATAL:  la base de données « a » n'existe pas", ErrorKind.MISSING, errors.DATABASE),
        ('FATAL:  データベース"a"は存在しません', ErrorKind.MISSING, errors.DATABASE),
        ("FATAL:  keine Berechtigung für Datenbank a", ErrorKind.PERMISSION, errors.DATABASE),
        (
            'FATAL:  no pg_hba.conf entry for host "::1", user "a", no encryption',
            ErrorKind.PERMISSION,
            errors.NEEDS_TLS,
        ),
        (
            'FATAL:  no pg_hba.conf entry for host "::1", user "a", SSL encryption',
            ErrorKind.PERMISSION,
            errors.HOST_RULE,
        ),
        (
            "FATAL:  aucune entrée dans pg_hba.conf pour l'hôte, aucun chiffrement",
            ErrorKind.PERMISSION,
            errors.NEEDS_TLS,
        ),
        ("FATAL:  sorry, too many clients already", ErrorKind.REFUSED, errors.FULL),
        ("FATAL:  désolé, trop de clients sont déjà connectés", ErrorKind.REFUSED, errors.FULL),
        ("FATAL:  the database system is starting up", ErrorKind.REFUSED, errors.STARTING),
        ("FATAL:  connection requires a valid client certificate", ErrorKind.TLS, errors.CLIENT_CERTIFICATE),
        ("server does not support SSL, but SSL was required", ErrorKind.TLS, errors.NO_TLS),
        ("SSL error: tlsv1 alert unknown ca", ErrorKind.TLS, errors.CLIENT_REFUSED),
        ("SSL error: sslv3 alert certificate expired", ErrorKind.TLS, errors.CLIENT_REFUSED),
        ("server closed the connection unexpectedly", ErrorKind.PROTOCOL, ""),
        ("FATAL:  something never seen", ErrorKind.OTHER, ""),
    ],
)
def test_postgres_s_words_are_understood(message, kind, about):
    trouble = explain_postgres(psycopg.OperationalError(f"connection failed: {message}"))
    assert (trouble.kind, trouble.about) == (kind, about)
    assert not trouble.message.startswith("connection failed")


def test_a_sqlstate_goes_before_the_words():
    trouble = explain_postgres(psycopg.errors.InsufficientPrivilege("keine Berechtigung für Schema public"))
    assert trouble.kind is ErrorKind.PERMISSION


@pytest.mark.parametrize(
    ("number", "kind", "about"),
    [
        (1040, ErrorKind.REFUSED, errors.FULL),
        (1044, ErrorKind.PERMISSION, errors.DATABASE),
        (1045, ErrorKind.CREDENTIALS, ""),
        (1820, ErrorKind.CREDENTIALS, errors.EXPIRED),
        (1862, ErrorKind.CREDENTIALS, errors.EXPIRED),
        (3118, ErrorKind.CREDENTIALS, errors.LOCKED),
        (4151, ErrorKind.CREDENTIALS, errors.LOCKED),
        (3955, ErrorKind.CREDENTIALS, errors.TOO_MANY_ERRORS),
        (1049, ErrorKind.MISSING, errors.DATABASE),
        (1129, ErrorKind.PERMISSION, errors.BLOCKED),
        (1130, ErrorKind.PERMISSION, errors.HOST_RULE),
        (1205, ErrorKind.TIMEOUT, ""),
        (2026, ErrorKind.TLS, errors.NO_TLS),
        (2059, ErrorKind.PROTOCOL, errors.PLUGIN),
        (3159, ErrorKind.TLS, errors.NEEDS_TLS),
        (1836, ErrorKind.PERMISSION, errors.READ_ONLY),
        (9999, ErrorKind.OTHER, ""),
    ],
)
def test_mysql_s_numbers_are_understood(number, kind, about):
    trouble = explain_mysql(pymysql.err.OperationalError(number, "words"))
    assert (trouble.kind, trouble.about, trouble.message) == (kind, about, f"{number}: words")


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        (kind, about)
        for kind in ErrorKind
        for about in (
            "",
            errors.FULL,
            errors.STARTING,
            errors.BLOCKED,
            errors.HOST_RULE,
            errors.PLUGIN,
            errors.NEEDS_TLS,
            errors.CLIENT_REFUSED,
            errors.EXPIRED,
            errors.LOCKED,
            errors.TOO_MANY_ERRORS,
        )
    ],
)
@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_trouble_of_the_gate_has_words(kind, about, dialect):
    plan = good_plan().with_value("database.dialect", dialect)
    facts = Facts(Known(found.Trust()), Known(("10.0.0.9",)), Trouble(kind, "what the server said", about))
    gate, *rest = judge(Target.of(plan, SECRETS), plan, facts)
    assert verdict(gate) == (FAIL, kind)
    assert gate.summary.endswith(".")
    assert "what the server said" in gate.detail
    assert {finding.severity for finding in rest} == {SKIP}


def test_names_in_remedies_are_quoted():
    plan = good_plan().with_value("database.user", 'o"ne')
    assert sql_account(Target.of(plan, SECRETS)) == '"o""ne"'
    plan = good_plan().with_value("database.user", "o'ne").with_value("database.dialect", Dialect.MYSQL)
    assert sql_account(Target.of(plan, SECRETS)) == "'o''ne'@'%'"
    assert sql_account(Target.of(plan, SECRETS), "o'ne@10.0.0.%") == "'o''ne'@'10.0.0.%'"


def test_names_in_grants_are_no_patterns_and_backslashes_are_doubled():
    plan = good_plan().with_value("database.user", "o\\ne").with_value("database.dialect", Dialect.MYSQL)
    target = Target.of(plan.with_value("database.name", "my_db%"), SECRETS)
    assert grant_all(target) == r"GRANT ALL ON `my\_db\%`.* TO 'o\\ne'@'%';"
    refused = Trouble(ErrorKind.MISSING, "1049: Unknown database", errors.DATABASE)
    gate = next(judge(target, plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    assert "\nCREATE DATABASE IF NOT EXISTS `my_db%` CHARACTER SET utf8mb4;\n" in gate.remedy


def test_a_new_password_is_for_the_account_as_it_is_written():
    refused = Trouble(ErrorKind.CREDENTIALS, "password authentication failed")
    plan = good_plan().with_value("database.user", "NocoBase App")
    gate = next(judge(Target.of(plan, SECRETS), plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    assert gate.remedy.splitlines()[-1] == r'\password "NocoBase App"'


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_password_that_is_refused_is_compared_before_anybody_changes_it_for_all_nodes(dialect):
    refused = Trouble(ErrorKind.CREDENTIALS, "password authentication failed")
    plan = good_plan().with_value("database.dialect", dialect)
    gate = next(judge(Target.of(plan, SECRETS), plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    lines = gate.remedy.splitlines()
    change = next(at for at, line in enumerate(lines) if line.startswith(("\\password", "ALTER USER")))
    assert lines[0].startswith("-- First compare DB_PASSWORD")
    assert lines[change - 1].startswith("-- Only where nobody knows the right one")
    assert "every node that has the old one is shut out" in lines[change - 1]


def test_a_password_that_the_plan_lacks_is_entered_and_not_changed():
    wanted = Trouble(ErrorKind.CREDENTIALS, "no password supplied", errors.NO_PASSWORD)
    plan = good_plan()
    gate = next(judge(Target.of(plan, SECRETS), plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), wanted)))
    assert gate.remedy_kind is RemedyKind.ADVICE
    assert "DB_PASSWORD" in gate.remedy


@pytest.mark.parametrize(
    ("deployment", "line"),
    [
        (Deployment.BARE, "DB_DIALECT_OPTIONS_SSL_CA=/srv/shared/database-ca.pem"),
        (Deployment.DOCKER, "DB_DIALECT_OPTIONS_SSL_CA=/app/nocobase/storage/database-ca.pem"),
        (Deployment.KUBERNETES, "DB_DIALECT_OPTIONS_SSL_CA=/app/nocobase/storage/database-ca.pem"),
    ],
)
def test_a_file_for_the_nodes_lies_in_the_folder_that_they_share(deployment, line):
    plan = good_plan().with_value("application.deployment", deployment).with_value("storage.path", "/srv/shared/")
    refused = Trouble(ErrorKind.TLS, "no encryption", errors.NEEDS_TLS)
    gate = next(judge(Target.of(plan, SECRETS), plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    assert line in gate.remedy.splitlines()


def test_a_host_is_freed_as_its_server_does_it():
    blocked = Trouble(ErrorKind.PERMISSION, "1129: Host is blocked", errors.BLOCKED)
    facts = Facts(Known(found.Trust()), Known(("10.0.0.9",)), blocked)
    plans = {dialect: good_plan().with_value("database.dialect", dialect) for dialect in Dialect}
    remedies = {dialect: next(judge(Target.of(plan, SECRETS), plan, facts)).remedy for dialect, plan in plans.items()}
    assert statements(remedies[Dialect.MARIADB]) == ["FLUSH HOSTS;"]
    assert statements(remedies[Dialect.MYSQL]) == ["TRUNCATE TABLE performance_schema.host_cache;"]


def test_pg_hba_has_a_rule_for_each_node_whose_address_is_known():
    refused = Trouble(ErrorKind.PERMISSION, "no pg_hba.conf entry", errors.HOST_RULE)
    plan = good_plan().with_value("database.tls", Tls.ENCRYPT).with_value("database.user", 'o"ne')
    named = replace(plan, nodes=(*plan.nodes[:1], replace(plan.nodes[1], host="node2.internal")))
    gate = next(judge(Target.of(named, SECRETS), named, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    assert gate.remedy.splitlines()[1:3] == [
        'hostssl  "nocobase"  "o""ne"  10.0.0.1/32  scram-sha-256',
        'hostssl  "nocobase"  "o""ne"  <address of the node>/32  scram-sha-256',
    ]


def test_an_address_of_ipv6_stands_in_brackets():
    plan = good_plan()
    assert replace(Target.of(plan, SECRETS), host="fd00::5").where == "[fd00::5]:5432"
    assert Target.of(plan, SECRETS).where == "db.internal:5432"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("'pynacl' package is required for ed25519_password auth method"), "ed25519"),
        (pymysql.err.OperationalError(2059, "Authentication plugin 'b'client_ed25519'' not configured"), "ed25519"),
        (pymysql.err.OperationalError(2059, "Authentication plugin 'parsec' not configured"), "parsec"),
        (pymysql.err.OperationalError(2059, "Authentication plugin 'auth_gssapi_client' not configured"), None),
        (pymysql.err.OperationalError(1045, "Access denied for user 'parsec'@'10.0.0.9' (using password: YES)"), None),
        (pymysql.err.OperationalError(1049, "Unknown database 'ed25519'"), None),
    ],
)
def test_a_method_that_the_driver_lacks_is_known_by_its_own_words_alone(error, told):
    trouble = explain_mysql(error)
    assert (trouble.about == errors.UNKNOWN_METHOD, trouble.message == told) == (told is not None, told is not None)


@pytest.mark.parametrize("dialect", [Dialect.POSTGRES, Dialect.MYSQL])
@pytest.mark.parametrize(
    ("host", "opened"), [("127.0.0.1", False), ("localhost", False), ("127.0.0.2", True), ("db.internal", True)]
)
def test_a_server_is_asked_to_listen_everywhere_only_where_that_may_be_what_it_lacks(dialect, host, opened):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.host", host)
    refused = Trouble(ErrorKind.REFUSED, "connection refused")
    gate = next(judge(Target.of(plan, SECRETS), plan, Facts(Known(found.Trust()), Known(("10.0.0.9",)), refused)))
    assert verdict(gate) == (FAIL, ErrorKind.REFUSED)
    assert "ss -ltn" in gate.remedy
    assert ("listen_addresses = '*'" in gate.remedy or "bind-address = 0.0.0.0" in gate.remedy) == opened
    assert ("on its own machine alone" in gate.detail) == opened
