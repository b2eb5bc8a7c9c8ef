"""What is installed in a database on a real PostgreSQL or MariaDB server: version, names, plug-ins, file storage."""

import pytest

from tests.live.helpers_database import (
    PLUGINS,
    check,
    database_of_its_own,
    execution,
    installation,
    run_sql,
    verdict,
    workflows,
)
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live
PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
SKIP, UNKNOWN = Severity.SKIP, Severity.UNKNOWN


@pytest.fixture(params=["postgres", "mariadb"])
def own_database(request):
    """A database of its own on either server, with the dialect."""
    with database_of_its_own(request.getfixturevalue(request.param), "installed") as server:
        yield server, request.param


def test_an_installation_as_planned_passes(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server))
    found = check(server, dialect)
    assert verdict(found["database.installation"]) == (PASS, None)
    assert found["database.installation"].facts == {"installed": "2.2.15", "planned": "2.2.15"}
    assert verdict(found["database.plugins"]) == (PASS, None)
    assert verdict(found["database.file_storage"]) == (PASS, None)
    assert found["database.file_storage"].facts == {"name": "files", "kind": "s3"}


def test_prefix_and_underscored_names_are_found_again(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server, prefix="nb_", underscored=True))
    found = check(server, dialect, table_prefix="nb_", underscored=True)
    assert verdict(found["database.installation"]) == (PASS, None)
    assert verdict(found["database.plugins"]) == (PASS, None)


def test_other_names_than_planned_fail(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server, prefix="nb_", underscored=True))
    found = check(server, dialect)
    assert verdict(found["database.installation"]) == (FAIL, ErrorKind.MISSING)
    assert found["database.installation"].remedy == "DB_UNDERSCORED=true\nDB_TABLE_PREFIX=nb_"
    assert verdict(found["database.plugins"]) == (SKIP, None)


def test_another_schema_than_planned_fails(postgres):
    with database_of_its_own(postgres, "elsewhere") as server:
        server.as_owner("CREATE SCHEMA app", *installation(server, schema="app"))
        assert check(server)["database.installation"].remedy == "DB_SCHEMA=app"
        assert verdict(check(server, schema="app")["database.installation"]) == (PASS, None)


def test_a_newer_installation_than_planned_fails(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server, version="2.3.0"))
    assert verdict(check(server, dialect)["database.installation"]) == (FAIL, ErrorKind.VERSION)


def test_an_older_installation_than_planned_is_upgraded(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server, version="2.1.25"))
    assert verdict(check(server, dialect)["database.installation"]) == (INFO, None)


def test_a_rest_of_an_installation_fails(own_database):
    server, dialect = own_database
    server.as_owner("CREATE TABLE nb_collections (a INT)")
    assert verdict(check(server, dialect)["database.installation"]) == (INFO, None)
    found = check(server, dialect, table_prefix="nb_")["database.installation"]
    assert verdict(found) == (FAIL, ErrorKind.MISSING)
    assert found.facts == {"found": ["nb_collections"]}
    assert "installs nothing" in found.summary


@pytest.mark.parametrize(
    "row", ["DELETE FROM {table}", "UPDATE {table} SET value = NULL", "UPDATE {table} SET value = ''"]
)
def test_an_installation_that_names_no_version_broke_off(own_database, row):
    server, dialect = own_database
    table = '"applicationVersion"' if dialect == "postgres" else "applicationVersion"
    server.as_owner(*installation(server), row.format(table=table))
    found = check(server, dialect)
    assert verdict(found["database.installation"]) == (FAIL, ErrorKind.MISSING)
    assert "name no version" in found["database.installation"].summary
    assert verdict(found["database.plugins"]) == (PASS, None)


def test_tables_of_something_else_are_told(own_database):
    server, dialect = own_database
    server.as_owner("CREATE TABLE foreign_matter (a INT)")
    assert verdict(check(server, dialect)["database.installation"]) == (INFO, None)


def test_plugins_that_are_off_or_absent_fail(own_database):
    server, dialect = own_database
    table = '"applicationPlugins"' if dialect == "postgres" else "applicationPlugins"
    off = f"UPDATE {table} SET enabled = false WHERE name LIKE '%%lock%%'"
    server.as_owner(*installation(server, plugins=PLUGINS[1:], storage="local"), off.replace("%%", "%"))
    found = check(server, dialect)
    assert verdict(found["database.plugins"]) == (FAIL, ErrorKind.MISSING)
    assert found["database.plugins"].facts["lacking"] == [PLUGINS[0], PLUGINS[2]]
    assert verdict(found["database.file_storage"]) == (WARN, None)


def test_what_may_not_be_read_is_unknown(postgres):
    with database_of_its_own(postgres, "locked") as server:
        run_sql(server, *installation(server))
        found = check(server)
    assert verdict(found["database.installation"]) == (UNKNOWN, ErrorKind.PERMISSION)
    assert verdict(found["database.plugins"]) == (UNKNOWN, ErrorKind.PERMISSION)


def test_a_locked_table_holds_one_finding_up_and_no_other(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server))
    table, mode = (
        ('"applicationVersion"', "IN ACCESS EXCLUSIVE MODE")
        if dialect == "postgres"
        else ("applicationVersion", "WRITE")
    )
    key = "dbname" if dialect == "postgres" else "database"
    with server.connect(**{key: server.database}) as locker, locker.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {table} {mode}")
        found = check(server, dialect)
    assert verdict(found["database.installation"]) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert verdict(found["database.plugins"]) == (PASS, None)


def _with_executions(server, *rows: str, **names) -> None:
    server.as_owner(*installation(server, **names), *workflows(server, **names))
    quote = '"' if hasattr(server, "binaries") else "`"
    table = f"{quote}{names.get('prefix', '')}executions{quote}"
    if rows:
        server.as_owner(f"INSERT INTO {table} VALUES {', '.join(rows)}")


@pytest.mark.parametrize(
    ("seconds", "severity"), [((), PASS), ((60,), PASS), ((590, 3), PASS), ((660,), WARN), ((90_000, 1), WARN)]
)
def test_workflows_that_wait_long_are_a_warning(own_database, seconds, severity):
    server, dialect = own_database
    _with_executions(server, execution(3, 100_000), *(execution(3, ago, waits=True) for ago in seconds))
    finding = check(server, dialect)["database.backlog"]
    assert verdict(finding) == (severity, None)
    assert finding.facts["waiting"] == len(seconds)
    assert abs(finding.facts["oldest_s"] - max(seconds, default=0)) < 60
    assert "WORKER_MODE" in finding.remedy or severity is PASS


def test_a_schedule_that_ran_twice_at_one_moment_fails(own_database):
    server, dialect = own_database
    rows = [execution(1, ago, worker=worker) for ago in (3600, 7200) for worker in (0, 1)]
    _with_executions(server, *rows)
    finding = check(server, dialect)["database.duplicates"]
    assert verdict(finding) == (FAIL, ErrorKind.OTHER)
    assert finding.facts["schedules"] == [{"title": "Nightly", "seconds": 2, "workers": 2}]


def test_a_schedule_that_ran_twice_in_underscored_tables_fails(own_database):
    server, dialect = own_database
    names = {"prefix": "nb_", "underscored": True}
    _with_executions(server, execution(1, 3600), execution(1, 3600, number=1), **names)
    found = check(server, dialect, table_prefix="nb_", underscored=True)
    assert verdict(found["database.duplicates"]) == (FAIL, ErrorKind.OTHER)


@pytest.mark.parametrize(
    "rows",
    [
        [execution(1, 3600), execution(1, 3599)],  # two moments
        [execution(2, 3600), execution(2, 3600, number=1)],  # a schedule of records: one for each
        [execution(3, 3600), execution(3, 3600, worker=1)],  # no schedule
        [execution(1, 90_000), execution(1, 90_000, worker=1)],  # longer ago than a day
    ],
    ids=["two moments", "of records", "no schedule", "long ago"],
)
def test_what_may_run_at_one_moment_passes(own_database, rows):
    server, dialect = own_database
    _with_executions(server, *rows)
    assert verdict(check(server, dialect)["database.duplicates"]) == (PASS, None)


def test_an_installation_without_workflows_is_skipped(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server))
    found = check(server, dialect)
    assert {found[f"database.{name}"].severity for name in ("backlog", "duplicates")} == {SKIP}


def test_an_installation_without_a_role_broke_off(own_database):
    server, dialect = own_database
    server.as_owner(*installation(server), "DELETE FROM roles")
    finding = check(server, dialect)["database.installation"]
    assert verdict(finding) == (FAIL, ErrorKind.MISSING)
    assert "no role" in finding.summary
    assert "LOCK_ADAPTER_DEFAULT=local" in finding.remedy
