"""The database checks on real PostgreSQL and MariaDB servers: each id passes, and tells what is broken."""

import contextlib
from pathlib import Path

import pytest

from tests.live.helpers_database import check, check_plan, database_of_its_own, installation, plan_for, run_sql, verdict
from tests.live.running import unhurried
from tests.patience import patience
from tests.remedies import statements
from tests.servers.fixtures import WEAK_PASSWORD, WEAK_USER, running
from tests.servers.mariadb import MariaDb
from tests.servers.pgbouncer import PgBouncer
from tests.servers.relay import SlowRelay
from wizard.checks.database.specs import SPECS, specs_for
from wizard.demo.postgres import Postgres
from wizard.demo.process import LOOPBACK, Missing
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Dialect

pytestmark = pytest.mark.live
PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
SKIP, UNKNOWN = Severity.SKIP, Severity.UNKNOWN
LEFT = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'ncw\\_check\\_%'"


@pytest.fixture(scope="module")
def mysql_look_alike():
    """A MariaDB that calls itself MySQL 8.0.36: there is no MySQL for this kind of machine."""
    with running(lambda: MariaDb(lines=("version=8.0.36",))) as server:
        yield server


def small_postgres():
    """A PostgreSQL of 63 connections, 60 of which are for ordinary accounts."""
    return Postgres(config={"max_connections": "63"})


def small_mariadb():
    """A MariaDB of 60 connections."""
    return MariaDb(lines=("max_connections=60",))


def database_key(server):
    """Return the server's database under the name that its driver has for it."""
    return {"dbname" if hasattr(server, "binaries") else "database": server.database}


def test_an_empty_postgres_is_fit_for_a_cluster(postgres):
    with unhurried():
        found = check(postgres)
    assert list(found) == [spec.id for spec in specs_for(Dialect.POSTGRES)]
    assert {finding.id for finding in found.values() if finding.severity is not PASS} == {
        "database.tls",
        "database.plugins",
        "database.file_storage",
        "database.backlog",
        "database.duplicates",
    }
    assert verdict(found["database.tls"]) == (INFO, None)
    assert found["database.connect"].summary.startswith(f"Connected to PostgreSQL 15.18 at {LOOPBACK}:")
    assert found["database.installation"].facts == {"tables": 0}
    assert run_sql(postgres, LEFT) == []


def test_an_empty_mariadb_is_fit_for_a_cluster(mariadb):
    with unhurried():
        found = check(mariadb, "mariadb")
    assert list(found) == [spec.id for spec in specs_for(Dialect.MARIADB)]
    assert {finding.id for finding in found.values() if finding.severity is not PASS} == {
        "database.tls",
        "database.plugins",
        "database.file_storage",
        "database.backlog",
        "database.duplicates",
    }
    assert found["database.connect"].summary.startswith("Connected to MariaDB 10.11.")
    assert found["database.table_names"].facts == {"lower_case_table_names": 0, "underscored": False}
    assert run_sql(mariadb, LEFT) == []


def test_every_id_is_given_by_one_of_the_two():
    assert {*specs_for(Dialect.POSTGRES), *specs_for(Dialect.MYSQL)} == set(SPECS)


# Which server it is


def test_version_fails_below_what_nocobase_demands(launch):
    server = launch(lambda: MariaDb(lines=("version=10.6.22-MariaDB",)))
    found = check(server, "mariadb")
    assert verdict(found["database.version"]) == (FAIL, ErrorKind.VERSION)
    assert found["database.version"].facts == {"version": "10.6.22", "minimum": "10.9"}


def test_mysql_passes_as_mysql(mysql_look_alike):
    found = check(mysql_look_alike, "mysql")
    assert verdict(found["database.version"]) == (PASS, None)
    assert verdict(found["database.dialect"]) == (PASS, None)


def test_dialect_fails_for_mysql_under_mariadb(mysql_look_alike):
    found = check(mysql_look_alike, "mariadb")
    assert verdict(found["database.dialect"]) == (FAIL, ErrorKind.VERSION)
    assert found["database.dialect"].remedy == "DB_DIALECT=mysql"
    assert verdict(found["database.version"]) == (SKIP, None)


def test_dialect_warns_of_mariadb_under_mysql(mariadb):
    found = check(mariadb, "mysql")
    assert verdict(found["database.dialect"]) == (WARN, None)
    assert verdict(found["database.version"]) == (PASS, None)


def test_dialect_lets_mysql_be_where_mariadbs_own_driver_takes_no_such_time_zone(mariadb):
    assert verdict(check(mariadb, "mysql", time_zone="+05:30")["database.dialect"]) == (PASS, None)


def test_a_standby_is_not_writable_and_rights_are_not_tried(postgres, postgres_standby):
    found = check(postgres_standby)
    assert verdict(found["database.writable"]) == (FAIL, ErrorKind.PERMISSION)
    assert "standby" in found["database.writable"].summary
    assert "Let DB_HOST lead to the primary" in found["database.writable"].remedy
    [named] = run_sql(postgres_standby, *statements(found["database.writable"].remedy))
    assert named == (postgres.host, postgres.port)
    assert verdict(found["database.rights"]) == (SKIP, None)


def test_a_read_only_role_is_not_writable(postgres):
    run_sql(postgres, "ALTER ROLE weak SET default_transaction_read_only = on")
    try:
        found = check(postgres, user=WEAK_USER, secret=WEAK_PASSWORD)
        run_sql(postgres, *statements(found["database.writable"].remedy))
        mended = check(postgres, user=WEAK_USER, secret=WEAK_PASSWORD)["database.writable"]
    finally:
        for of in ("ROLE weak", "DATABASE nocobase"):
            run_sql(postgres, f"ALTER {of} RESET default_transaction_read_only")
    assert verdict(mended) == (PASS, None)
    assert verdict(found["database.writable"]) == (FAIL, ErrorKind.PERMISSION)
    assert found["database.writable"].facts == {"hindrances": ["default_transaction_read_only"]}


def test_a_read_only_mariadb_is_not_writable(launch):
    server = launch(lambda: MariaDb(lines=("read_only=1",)))
    found = check(server, "mariadb")
    assert verdict(found["database.writable"]) == (FAIL, ErrorKind.PERMISSION)
    looked, *changed = statements(found["database.writable"].remedy)
    assert (looked, changed) == ("SHOW REPLICA STATUS;", ["SET GLOBAL read_only = OFF;"])
    assert run_sql(server, looked) == [], "it is no replica"
    run_sql(server, *changed)
    assert verdict(check(server, "mariadb")["database.writable"]) == (PASS, None)
    assert verdict(found["database.rights"]) == (SKIP, None)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("tx_read_only = ON", (SKIP, None)), ("init_connect = 'SET tx_read_only = ON'", (FAIL, ErrorKind.PERMISSION))],
)
def test_read_only_transactions_of_mariadb_are_told_and_no_grant_is_advised(launch, setting, expected):
    server = launch(MariaDb)
    run_sql(server, f"SET GLOBAL {setting}")
    found = check(server, "mariadb")
    writable, rights = found["database.writable"], found["database.rights"]
    assert verdict(rights) == expected
    if rights.severity is SKIP:
        assert verdict(writable) == (FAIL, ErrorKind.PERMISSION)
        assert statements(writable.remedy)[1:] == ["SET GLOBAL tx_read_only = OFF;"]
    else:
        assert "read-only" in rights.summary
        assert "GRANT" not in rights.remedy


def test_tables_that_are_there_in_another_encoding_are_warned_of(mariadb):
    with database_of_its_own(mariadb, "mixed", "CHARACTER SET utf8mb4") as mixed:
        run_sql(mixed, "CREATE TABLE nb_posts (title VARCHAR(20)) CHARACTER SET utf8mb3")
        run_sql(mixed, "CREATE TABLE foreign_matter (title VARCHAR(20)) CHARACTER SET latin1")
        assert verdict(check(mixed, "mariadb")["database.encoding"]) == (PASS, None), "no NocoBase is there"
        run_sql(mixed, *installation(mixed, prefix="nb_"))
        found = check(mixed, "mariadb", table_prefix="nb_")["database.encoding"]
        assert verdict(found) == (WARN, None)
        assert found.facts == {"tables": ["nb_posts"]}
        run_sql(mixed, found.remedy)
        assert verdict(check(mixed, "mariadb", table_prefix="nb_")["database.encoding"]) == (PASS, None)


def test_encoding_fails_for_latin1(postgres, mariadb):
    with database_of_its_own(postgres, "narrow", "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0") as narrow:
        found = check(narrow)["database.encoding"]
        assert verdict(found) == (FAIL, ErrorKind.OTHER)
        assert found.facts == {"encoding": "LATIN1", "wanted": "UTF8"}
    with database_of_its_own(mariadb, "narrow", "CHARACTER SET utf8mb3") as narrow:
        found = check(narrow, "mariadb")["database.encoding"]
        assert verdict(found) == (FAIL, ErrorKind.OTHER)
        assert statements(found.remedy) == ["ALTER DATABASE `narrow` CHARACTER SET utf8mb4;"]


def test_folded_table_names_need_underscored_ones(launch):
    server = launch(lambda: MariaDb(lines=("lower_case_table_names=1",)))
    found = check(server, "mariadb")["database.table_names"]
    assert verdict(found) == (FAIL, ErrorKind.VERSION)
    assert found.remedy == "DB_UNDERSCORED=true"
    assert verdict(check(server, "mariadb", underscored=True)["database.table_names"]) == (PASS, None)


class PostgresInAnotherTime(Postgres):
    """A PostgreSQL whose clock is two minutes ahead."""

    library = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")

    def environment(self):
        if not self.library.exists():
            raise Missing("there is no libfaketime", "apt-get install libfaketime")
        fake = {"LD_PRELOAD": str(self.library), "FAKETIME": "+120s", "DONT_FAKE_MONOTONIC": "1"}
        return {**super().environment(), **fake}


def test_clock_warns_of_a_server_in_another_time(launch):
    found = check(launch(PostgresInAnotherTime))["database.clock"]
    assert verdict(found) == (WARN, None)
    assert "ahead" in found.summary
    assert 100 < found.facts["ahead_s"] < 140


def test_pooler_is_seen_and_its_mode_told(postgres, launch):
    shared = check(launch(lambda: PgBouncer(postgres, "transaction")))
    assert verdict(shared["database.pooler"]) == (WARN, None)
    assert shared["database.pooler"].facts == {"present": True, "mixed": True}
    assert verdict(shared["database.connections"]) == (UNKNOWN, None)
    assert verdict(shared["database.rights"]) == (PASS, None)
    kept = check(launch(lambda: PgBouncer(postgres, "session")))
    assert verdict(kept["database.pooler"]) == (INFO, None)


@pytest.mark.parametrize("writable", [True, False])
def test_a_pooler_without_transactions_fails_and_ends_the_look(postgres, launch, writable):
    server = launch(lambda: PgBouncer(postgres, "statement"))
    run_sql(postgres, f"ALTER ROLE nocobase SET default_transaction_read_only = {'off' if writable else 'on'}")
    try:
        found = check(server)
    finally:
        run_sql(postgres, "ALTER ROLE nocobase RESET default_transaction_read_only")
    assert verdict(found["database.connect"]) == verdict(found["database.version"]) == (PASS, None)
    assert verdict(found["database.pooler"]) == (FAIL, ErrorKind.PROTOCOL)
    assert verdict(found["database.rights"]) == (SKIP, None)
    assert "database.pooler" in found["database.rights"].summary
    assert UNKNOWN not in {finding.severity for finding in found.values()}


@pytest.mark.usefixtures("quiet_machine")
def test_latency_warns_of_a_far_server(postgres):
    with SlowRelay(postgres.port, delay=0.055) as relay:
        plan = plan_for(postgres, port=relay.port)
        found = check_plan(plan, postgres.password, timeout=patience(20))["database.latency"]
    assert verdict(found) == (WARN, None)
    assert found.facts["median_ms"] > 100


# What the account may do


def test_rights_fail_for_an_account_that_may_not_create(postgres, mariadb):
    weak = {"user": WEAK_USER, "secret": WEAK_PASSWORD}
    found = check(postgres, **weak)["database.rights"]
    assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
    assert found.remedy == 'GRANT USAGE, CREATE ON SCHEMA "public" TO "weak";'
    found = check(mariadb, "mariadb", **weak)["database.rights"]
    assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
    assert found.remedy == "GRANT ALL ON `nocobase`.* TO 'weak'@'%';"


def test_what_the_remedy_grants_is_enough(postgres):
    with database_of_its_own(postgres, "granted") as granted:
        weak = {"user": WEAK_USER, "secret": WEAK_PASSWORD}
        remedy = check(granted, **weak)["database.rights"].remedy
        run_sql(granted, remedy)
        assert verdict(check(granted, **weak)["database.rights"]) == (PASS, None)


def test_a_schema_of_its_own_needs_the_right_to_create_schemas(postgres):
    with database_of_its_own(postgres, "schemas") as schemas:
        run_sql(schemas, "CREATE SCHEMA app AUTHORIZATION weak")
        weak = {"user": WEAK_USER, "secret": WEAK_PASSWORD, "schema": "app"}
        found = check(schemas, **weak)["database.rights"]
        assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
        assert found.facts == {"step": "create the schema"}
        run_sql(schemas, found.remedy)
        assert verdict(check(schemas, **weak)["database.rights"]) == (PASS, None)
        assert verdict(check(schemas, schema="fresh")["database.rights"]) == (PASS, None)
        assert run_sql(schemas, "SELECT 1 FROM pg_namespace WHERE nspname = 'fresh'") == [], "rolled back"


def test_a_schema_that_is_gone_is_missing(postgres):
    with database_of_its_own(postgres, "bare") as bare:
        run_sql(bare, "DROP SCHEMA public")
        found = check(bare)["database.rights"]
    assert verdict(found) == (FAIL, ErrorKind.MISSING)
    assert statements(found.remedy) == ['CREATE SCHEMA "public" AUTHORIZATION "nocobase";']


@pytest.mark.parametrize("lacking", ["DROP", "ALTER", "INDEX", "INSERT"])
def test_nothing_is_left_where_a_right_is_missing(mariadb, lacking):
    rights = [right for right in ("CREATE", "DROP", "ALTER", "INDEX", "INSERT", "SELECT") if right != lacking]
    user = f"without_{lacking.lower()}"
    mariadb.add_user(user, "some-password", ", ".join(rights))
    found = check(mariadb, "mariadb", user=user, secret="some-password")["database.rights"]
    assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
    assert run_sql(mariadb, LEFT) == []


def test_tables_of_another_owner_are_told(postgres):
    with database_of_its_own(postgres, "restored") as restored:
        run_sql(restored, *installation(restored))
        found = check(restored)["database.rights"]
        assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
        assert found.facts["owner"] == "postgres"
        assert found.remedy.endswith("\\gexec")
        assert found.remedy.startswith("-- First compare DB_USER with the account that the other nodes use")
        for (statement,) in run_sql(restored, found.remedy.removesuffix(" \\gexec")):
            run_sql(restored, statement)
        assert verdict(check(restored)["database.rights"]) == (PASS, None)


def test_tables_of_other_programs_keep_their_owner(postgres):
    with database_of_its_own(postgres, "company") as company:
        run_sql(company, *installation(company, prefix="nb_"), "CREATE TABLE foreign_matter (a INT)")
        found = check(company, table_prefix="nb_")["database.rights"]
        assert verdict(found) == (FAIL, ErrorKind.PERMISSION)
        changes = [statement for (statement,) in run_sql(company, found.remedy.removesuffix(" \\gexec"))]
    assert sorted(changes) == [
        f"ALTER TABLE public.{name} OWNER TO nocobase"
        for name in ('"nb_applicationPlugins"', '"nb_applicationVersion"', "nb_roles", "nb_storages")
    ]


@pytest.mark.parametrize(("make", "dialect"), [(small_postgres, "postgres"), (small_mariadb, "mariadb")])
def test_connections_warn_where_others_leave_too_few(launch, make, dialect):
    server = launch(make)
    with contextlib.ExitStack() as stack:
        found = check(server, dialect)["database.connections"]
        assert verdict(found) == (PASS, None)
        own = {"user": server.user, "password": server.password}
        for _session in range(15):
            stack.enter_context(contextlib.closing(server.connect(**own, **database_key(server))))
        assert verdict(check(server, dialect)["database.connections"]) == (PASS, None), "the cluster's own"
        for _session in range(15):
            stack.enter_context(contextlib.closing(server.connect()))
        found = check(server, dialect)["database.connections"]
    assert verdict(found) == (WARN, None)
    assert "others use 15 at this moment" in found.summary
    most = found.facts["max_connections"] - found.facts["available"] + found.facts["needed"] + 15
    assert f"max_connections = {most}" in found.remedy


def test_connections_are_counted_against_every_limit(postgres):
    found = check(postgres, pool_max=10)["database.connections"]
    assert verdict(found) == (PASS, None)
    assert found.facts == {"needed": 90, "pools": 20, "available": 97, "max_connections": 100}
    assert verdict(check(postgres, pool_max=11)["database.connections"]) == (WARN, None)
    found = check(postgres, pool_max=50)["database.connections"]
    assert verdict(found) == (FAIL, ErrorKind.REFUSED)
    words = "-- Takes effect after a restart of the server, which ends every connection:"
    assert found.remedy.splitlines() == [words, "ALTER SYSTEM SET max_connections = 413;"]


def test_connections_know_the_account_s_own_limit(postgres, mariadb):
    run_sql(postgres, "ALTER ROLE nocobase CONNECTION LIMIT 6")
    try:
        found = check(postgres)["database.connections"]
    finally:
        run_sql(postgres, "ALTER ROLE nocobase CONNECTION LIMIT -1")
    assert verdict(found) == (FAIL, ErrorKind.REFUSED)
    assert found.remedy == 'ALTER ROLE "nocobase" CONNECTION LIMIT 50;'
    run_sql(mariadb, "ALTER USER nocobase@'%' WITH MAX_USER_CONNECTIONS 6")
    try:
        found = check(mariadb, "mariadb")["database.connections"]
    finally:
        run_sql(mariadb, "ALTER USER nocobase@'%' WITH MAX_USER_CONNECTIONS 0")
    assert verdict(found) == (FAIL, ErrorKind.REFUSED)
    assert "MAX_USER_CONNECTIONS 50" in found.remedy


@pytest.mark.usefixtures("quiet_machine")
@pytest.mark.parametrize(
    ("dialect", "word", "seconds"),
    [
        ("postgres", b"SHOW server_encoding", 3),
        ("mariadb", b"@@character_set_database", 3),
        ("mariadb", b"@@character_set_database", 30),  # the driver gives up before, and hangs up
    ],
)
def test_a_server_that_falls_silent_is_unknown_from_there_on(request, dialect, word, seconds):
    server = request.getfixturevalue(dialect)
    with SlowRelay(server.port, mute_at=word) as relay:
        found = check_plan(plan_for(server, dialect, port=relay.port), server.password, timeout=patience(seconds))
    assert verdict(found["database.rights"]) == (PASS, None)
    assert verdict(found["database.encoding"]) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert verdict(found["database.clock"]) == (SKIP, None)
