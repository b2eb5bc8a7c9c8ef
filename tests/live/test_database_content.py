"""What is installed in a database on a real PostgreSQL or MariaDB server: version, names, plug-ins, file storage."""

import pytest

from tests.live.helpers_database import PLUGINS, check, database_of_its_own, installation, run_sql, verdict
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
def test_an_installation_that_names_no_version_is_unknown(own_database, row):
    server, dialect = own_database
    table = '"applicationVersion"' if dialect == "postgres" else "applicationVersion"
    server.as_owner(*installation(server), row.format(table=table))
    found = check(server, dialect)
    assert verdict(found["database.installation"]) == (UNKNOWN, ErrorKind.MISSING)
    assert "names none" in found["database.installation"].summary
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
